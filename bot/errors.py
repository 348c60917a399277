"""The error tree. Every message names the thing that is wrong and what to do about it.

DatelineError
├── InputError                what a person gave can't be used
│   ├── UnreadableInput       a file, folder or text that can't be read as an article
│   │   └── PaywallStub       a page that shows the beginning of its report only
│   ├── UnsupportedLanguage   an article in a language that isn't handled
│   └── UnknownCommand        a command, option or value that doesn't exist
├── NotFound                  nothing known by that name; may carry suggestions
├── NotAllowed                the person may not do that here
├── ConfigError               the configuration is wrong: key, type or value
├── FetchError                a page or feed could not be had
│   ├── RefusedAddress        an address that the guarded fetcher will not visit
│   └── RefusedByRobots       a page that the site's robots.txt asks programs to leave alone
├── FeedError                 what came back is no feed
├── StoreError                the store can't be used
│   └── NewerStore            it was written by a newer version
├── GazetteerError            the place index can't be built or opened
├── ModelError                the reader's model can't be loaded
├── WriterError               the language model gave no answer that can be used
│   └── BudgetSpent           it isn't asked: the day's budget is spent
└── DeliveryError             a post did not reach its channel
"""

from datetime import timedelta


class DatelineError(Exception):
    """Anything that Dateline expects to go wrong. ``str(error)`` is one line for a person to read."""


class InputError(DatelineError):
    """What a person gave can't be used."""


class UnreadableInput(InputError):
    """A file, folder or text that can't be read as an article."""


class PaywallStub(UnreadableInput):
    """A page that shows the beginning of its report only, to whoever hasn't paid or signed up."""


class UnsupportedLanguage(InputError):
    """An article in a language that isn't handled."""


class UnknownCommand(InputError):
    """A command, option or value that doesn't exist."""


class NotFound(DatelineError):
    """Nothing is known by that name."""

    def __init__(self, message: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.suggestions = suggestions


class NotAllowed(DatelineError):
    """The person may not do that here; the message says who may."""


class ConfigError(DatelineError):
    """The configuration is wrong; the message names the key, the value (unless secret) and the fix."""


class FetchError(DatelineError):
    """A page or feed could not be had; the message names the URL without its secrets."""

    status: int | None = None  # the server's, if it answered
    retry_after: str | None = None  # its Retry-After header, as sent


class RefusedAddress(FetchError):
    """An address that the guarded fetcher will not visit."""


class RefusedByRobots(FetchError):
    """A page that the site's robots.txt asks programs to leave alone."""


class FeedError(DatelineError):
    """What came back is no feed."""


class StoreError(DatelineError):
    """The store can't be used."""


class NewerStore(StoreError):
    """The store was written by a newer version of Dateline."""


class GazetteerError(DatelineError):
    """The place index can't be built or opened."""


class ModelError(DatelineError):
    """The reader's model can't be loaded."""


class WriterError(DatelineError):
    """The language model gave no answer that can be used."""

    def __init__(self, message: str, *, billed: bool = False, rest: float = 0.0) -> None:
        super().__init__(message)
        self.billed = billed  # it may have been paid for all the same
        self.rest = rest  # seconds for which asking again can't help


class BudgetSpent(WriterError):
    """The language model isn't asked: the day's budget is spent."""


class DeliveryError(DatelineError):
    """A post did not reach its channel. ``unclear``: it may have, so ask before sending again."""

    def __init__(
        self,
        message: str,
        *,
        unclear: bool = False,
        permanent: bool = False,
        closed: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.unclear = unclear
        self.permanent = permanent or closed  # trying again can't help
        self.closed = closed  # nor for any other post: the channel is gone, or the bot may not write there
        self.retry_after = retry_after  # the platform's own word on when to try again
