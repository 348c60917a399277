"""The edges of the core, as Protocols: what the use cases need and who may provide it.

Each port has one contract suite in ``tests/`` that the real thing and its fake both pass.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from bot.types import Article, Channel, Digest, Reading


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


class Poster(Protocol):
    """A chat platform as delivery sees it."""

    platform: str

    async def post(self, channel: Channel, digest: Digest, key: str) -> str:
        """The platform's id of the message that now shows the digest; ``key`` marks it so that ``find`` can ask for it.

        Raises:
            DeliveryError: not posted; ``unclear`` when the platform may have it all the same.
        """
        ...

    async def find(self, channel: Channel, key: str) -> str | None:
        """The platform's id of the message that was posted under ``key``, or None."""
        ...


Progress = Callable[[int, int], None]
"""Called with (done, all) as a long job goes on."""
