"""A poster between a loopback Slack and a test: time is the test's, and maps are drawn of nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.pace import UPDATES, Pace
from adapters.slack.pictures import Pictures
from adapters.slack.poster import SlackPoster
from bot.errors import NotFound
from bot.types import Briefing, Channel, Digest
from tests.adapters.build import NOW, briefing
from tests.fakes import HandClock
from tests.slack.loopback import Conversation, Loopback, Message

HERE = Channel("slack", "T1", "C1")
SHOWN = "00112233aabbccdd"
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class Stand:
    """A poster with Slack on the other side, and what happened there."""

    slack: Loopback
    poster: SlackPoster
    pictures: Pictures
    waits: list[float] = field(default_factory=list)
    faulty: list[Exception] = field(default_factory=list)  # what the next drawings raise

    @property
    def channel(self) -> Conversation:
        return self.slack.workspaces["T1"].conversations["C1"]

    @property
    def posts(self) -> list[Message]:
        return self.channel.messages

    def called(self, method: str) -> int:
        return sum(call.method == method for call in self.slack.calls)


@asynccontextmanager
async def standing(loopback: Loopback, clock: HandClock) -> AsyncIterator[Stand]:
    """The poster at work."""
    team = loopback.workspaces["T1"]
    waits: list[float] = []
    faulty: list[Exception] = []

    async def sleep(seconds: float) -> None:
        """Time passes, and Slack has worked up what it was given."""
        waits.append(seconds)
        clock.advance(seconds=seconds)
        for file in team.files.values():
            file.processed = True
        await asyncio.sleep(0)

    def seconds() -> float:
        return clock().timestamp()

    async def client(workspace: str) -> AsyncWebClient:
        if workspace != team.id:
            raise NotFound(f"Slack workspace {workspace} hasn't installed the app")
        return AsyncWebClient(team.token, base_url=f"{loopback.address}/api/", timeout=1)

    async def draw(shown: Briefing) -> bytes | None:
        if faulty:
            raise faulty.pop()
        return PNG if any(place.place for place in shown.places) else None

    async def keep(_channel: Channel, _digest: Digest) -> str:
        return SHOWN

    pictures = Pictures(draw, Pace(UPDATES, seconds, sleep), sleep)
    pace = Pace(clock=seconds, sleep=sleep)
    poster = SlackPoster(client, ZoneInfo("UTC"), keep=keep, draw=draw, pace=pace, pictures=pictures)
    try:
        yield Stand(loopback, poster, pictures, waits, faulty)
    finally:
        await poster.aclose()


def news(*headlines: str, places: bool = False) -> Digest:
    """A digest of one story for each headline; without located places there is no map."""
    made = (briefing(headline=headline) for headline in headlines)
    return Digest("Morning", None, NOW, tuple(one if places else replace(one, places=()) for one in made))
