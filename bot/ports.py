"""The edges of the core, as Protocols: what the use cases need and who may provide it.

Each port has one contract suite in ``tests/`` that the real thing and its fake both pass.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.types import Article, Channel, Digest, Prompt, Reading, Reply


class Clock(Protocol):
    """Where the time comes from; only the edge reads a real one."""

    def __call__(self) -> datetime:
        """The present moment, aware, UTC."""
        ...


class Reader(Protocol):
    """Turns articles into readings away from the event loop."""

    async def read(self, article: Article) -> Reading:
        """What is found in the article.

        Raises:
            UnsupportedLanguage, UnreadableInput: it can't be read.
        """
        ...


class Writer(Protocol):
    """A language model."""

    @property
    def model(self) -> str:
        """Its name, as a briefing gives it."""
        ...

    async def write(self, prompt: Prompt, *, within: float) -> Reply:
        """Its answer, within so many seconds, retries counted in.

        Raises:
            WriterError: there is none.
        """
        ...


class Poster(Protocol):
    """A chat platform as delivery sees it."""

    platform: str

    def parts(self, digest: Digest) -> Sequence[Digest]:
        """The digest in as many posts as the platform takes for it, in order; at least one, and nothing is lost."""
        ...

    async def post(self, channel: Channel, digest: Digest, key: str, *, thread: str | None = None) -> str:
        """The platform's id of the message that now shows the digest; ``key`` marks it so that ``find`` can ask for it.

        ``thread`` is the id of the message in whose thread it goes; None: into the channel itself.

        Raises:
            DeliveryError: not posted; ``unclear`` when the platform may have it all the same.
        """
        ...

    async def find(self, channel: Channel, key: str, *, thread: str | None = None) -> str | None:
        """The platform's id of the message that was posted under ``key``, there, or None. Raises DeliveryError."""
        ...

    async def edit(
        self, channel: Channel, message: str, digest: Digest, key: str, *, thread: str | None = None
    ) -> None:
        """Has the message of that id show the digest from now on; doing so again changes nothing.

        Raises:
            DeliveryError: not edited; ``permanent`` when the message is gone or may not be edited any more.
        """
        ...


class Teller(Protocol):
    """A chat platform as the way to one person."""

    async def tell(self, workspace: str, person: str, text: str) -> None:
        """Sends the words to the person alone; ``workspace`` is ``Channel.tenant``, ``person`` the platform's id.

        Raises:
            DeliveryError: the person can't be written to.
        """
        ...


Progress = Callable[[int, int], None]
"""Called with (done, all) as a long job goes on."""
