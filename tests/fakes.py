"""Stand-ins at the ports: a clock that is set by hand, and a chat platform that misbehaves to order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
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
    refuses for now; 'gone': refuses for good; 'closed': and all other posts too; 'bug': the adapter breaks after the
    platform accepted; 'mute': the search for a post fails once.

    With ``most`` it takes only so many stories in one post.
    """

    def __init__(self, platform: str = "fake", most: int | None = None) -> None:
        self.platform = platform
        self.most = most
        self.posts: dict[str, list[str]] = defaultdict(list)  # channel key -> delivery keys, as accepted
        self.threads: dict[str, str | None] = {}  # delivery key -> message whose thread it is in
        self.edits: dict[str, list[Digest]] = defaultdict(list)  # message -> what it has been made to show
        self.titles: list[str] = []
        self._digests: dict[str, list[Digest]] = defaultdict(list)
        self.asked: list[str] = []
        self._faults: dict[str, list[str]] = defaultdict(list)

    def misbehave(self, channel: Channel, faults: Iterable[str]) -> None:
        self._faults[channel.key] += faults

    def digests(self, channel: Channel) -> list[Digest]:
        """What the channel has been sent, in order."""
        return self._digests[channel.key]

    def parts(self, digest: Digest) -> Sequence[Digest]:
        most = self.most or max(1, len(digest.briefings))
        starts = range(0, max(1, len(digest.briefings)), most)
        return [replace(digest, briefings=digest.briefings[start : start + most]) for start in starts]

    async def post(self, channel: Channel, digest: Digest, key: str, *, thread: str | None = None) -> str:
        fault = self._next(channel, but="mute")
        if fault in {"lost", "busy", "error", "gone", "closed"}:
            raise _refusal(fault, channel)
        self.threads[key] = thread
        self.posts[channel.key].append(key)
        self.titles.append(digest.title)
        self._digests[channel.key].append(digest)
        if fault == "drop":
            raise DeliveryError("the connection was closed before the answer", unclear=True)
        if fault == "bug":
            raise KeyError("message_id")
        return f"message of {key}"

    async def edit(
        self, channel: Channel, message: str, digest: Digest, key: str, *, thread: str | None = None
    ) -> None:
        if fault := self._next(channel, but="mute"):
            raise _refusal(fault, channel)
        assert (message, thread) == (f"message of {key}", self.threads[key])
        self.edits[message].append(digest)

    async def find(self, channel: Channel, key: str, *, thread: str | None = None) -> str | None:
        self.asked.append(key)
        assert self.threads.get(key, thread) == thread
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
        "gone": DeliveryError("the platform refuses this post", permanent=True),
        "closed": DeliveryError(f"channel {channel.id} is gone", closed=True),
    }[fault]


class FakeTeller:
    """Keeps whom it was to tell what: (workspace, person, text); or fails with the error."""

    def __init__(self, error: DeliveryError | None = None) -> None:
        self._error = error
        self.told: list[tuple[str, str, str]] = []

    async def tell(self, workspace: str, person: str, text: str) -> None:
        if self._error:
            raise self._error
        self.told.append((workspace, person, text))
