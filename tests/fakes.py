"""Stand-ins at the ports: a clock that is set by hand, and a chat platform that misbehaves to order."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.errors import DeliveryError
from bot.types import Channel, Digest


class HandClock:
    """Shows the time that it was set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **step: float) -> None:
        self.now += timedelta(**step)


class FakePoster:
    """A platform that keeps what it accepts, and before each post to a channel does the next of the channel's faults.

    'drop': accepts the post but its answer is lost; 'lost': neither; 'busy': asks to come back in 90 s; 'error':
    refuses for now; 'gone': refuses for good; 'bug': the adapter breaks after the platform accepted; 'mute': the
    search for a post fails once.
    """

    def __init__(self, platform: str = "fake") -> None:
        self.platform = platform
        self.posts: dict[str, list[str]] = defaultdict(list)  # channel key -> delivery keys, as accepted
        self.titles: list[str] = []
        self._digests: dict[str, list[Digest]] = defaultdict(list)
        self.asked: list[str] = []
        self._faults: dict[str, list[str]] = defaultdict(list)

    def misbehave(self, channel: Channel, faults: Iterable[str]) -> None:
        self._faults[channel.key] += faults

    def digests(self, channel: Channel) -> list[Digest]:
        """What the channel has been sent, in order."""
        return self._digests[channel.key]

    async def post(self, channel: Channel, digest: Digest, key: str) -> str:
        fault = self._next(channel, but="mute")
        if fault in {"lost", "busy", "error", "gone"}:
            raise _refusal(fault, channel)
        self.posts[channel.key].append(key)
        self.titles.append(digest.title)
        self._digests[channel.key].append(digest)
        if fault == "drop":
            raise DeliveryError("the connection was closed before the answer", unclear=True)
        if fault == "bug":
            raise KeyError("message_id")
        return f"message of {key}"

    async def find(self, channel: Channel, key: str) -> str | None:
        self.asked.append(key)
        if self._next(channel, only="mute"):
            raise DeliveryError("the platform is down")
        return f"message of {key}" if key in self.posts[channel.key] else None

    def _next(self, channel: Channel, *, only: str | None = None, but: str | None = None) -> str | None:
        faults = self._faults[channel.key]
        if not faults or (only and faults[0] != only) or faults[0] == but:
            return None
        return faults.pop(0)


def _refusal(fault: str, channel: Channel) -> DeliveryError:
    return {
        "lost": DeliveryError("the connection was closed", unclear=True),
        "busy": DeliveryError("too many requests", retry_after=timedelta(seconds=90)),
        "error": DeliveryError("the platform has a fault"),
        "gone": DeliveryError(f"channel {channel.id} is gone", permanent=True),
    }[fault]
