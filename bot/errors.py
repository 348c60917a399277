"""The error tree. Every message names the thing that is wrong and what to do about it.

DatelineError
├── InputError                what a person gave can't be used
│   ├── UnreadableInput       a file, folder or text that can't be read as an article
│   ├── UnsupportedLanguage   an article in a language that isn't handled
│   └── UnknownCommand        a command, option or value that doesn't exist
├── NotFound                  nothing known by that name; may carry suggestions
├── ConfigError               the configuration is wrong: key, type or value
├── FetchError                a page or feed could not be had
│   └── RefusedAddress        an address that the guarded fetcher will not visit
├── FeedError                 what came back is no feed
├── StoreError                the store can't be used
│   └── NewerStore            it was written by a newer version
├── GazetteerError            the place index can't be built or opened
├── ModelError                the reader's model can't be loaded
└── DeliveryError             a post did not reach its channel
"""

from datetime import timedelta


class DatelineError(Exception):
    """Anything that Dateline expects to go wrong. ``str(error)`` is one line for a person to read."""


class InputError(DatelineError):
    """What a person gave can't be used."""


class UnreadableInput(InputError):
    """A file, folder or text that can't be read as an article."""


class UnsupportedLanguage(InputError):
    """An article in a language that isn't handled."""


class UnknownCommand(InputError):
    """A command, option or value that doesn't exist."""


class NotFound(DatelineError):
    """Nothing is known by that name."""

    def __init__(self, message: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.suggestions = suggestions


class ConfigError(DatelineError):
    """The configuration is wrong; the message names the key, the value (unless secret) and the fix."""


class FetchError(DatelineError):
    """A page or feed could not be had; the message names the URL without its secrets."""

    status: int | None = None  # the server's, if it answered
    retry_after: str | None = None  # its Retry-After header, as sent


class RefusedAddress(FetchError):
    """An address that the guarded fetcher will not visit."""


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


class DeliveryError(DatelineError):
    """A post did not reach its channel. ``unclear``: it may have, so ask before sending again."""

    def __init__(
        self, message: str, *, unclear: bool = False, permanent: bool = False, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(message)
        self.unclear = unclear
        self.permanent = permanent  # trying again can't help: the channel is gone, the bot may not write there
        self.retry_after = retry_after  # the platform's own word on when to try again
