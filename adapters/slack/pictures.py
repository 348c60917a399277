"""Maps in posts: each uploaded as a file of its own, then shown in the post that stands there already.

A post never waits for its map. Slack takes a file some seconds to work up, and refuses blocks that name it until then
(https://github.com/slackapi/python-slack-sdk/issues/1521); sharing it into the channel instead needs the bot to be a
member, and silently fails where it has alternative text (https://github.com/slackapi/python-slack-sdk/issues/1818). So
the post goes out without, and is edited once Slack has the map. The alternative text stands in the image block.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, Final, TypeVar

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack import limits
from adapters.slack.faults import EXPECTED, code, refusal
from adapters.slack.pace import UPDATES, Pace
from adapters.slack.render import Json, Message
from bot import maps
from bot.types import Briefing, BriefingPlace

log: Final = structlog.get_logger()

_WAITS: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)  # seconds until Slack may have the file worked up
_KEPT: Final = 500  # uploads that are remembered, since one digest goes to many channels
_AT_ONCE: Final = 4  # maps that are drawn and uploaded

_NAME: Final = "map.png"
_TITLE: Final = "Map"

T = TypeVar("T")
Draw = Callable[[Briefing], Awaitable[bytes | None]]
Place = tuple[str, tuple[BriefingPlace, ...]]  # workspace, what the map shows


class _NotTaken(Exception):
    """Slack doesn't take the map; the log says why."""


class Pictures:
    """Puts maps into posts, behind the caller's back."""

    def __init__(
        self, draw: Draw, pace: Pace | None = None, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._draw = draw
        self._pace = pace or Pace(UPDATES)
        self._sleep = sleep
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._uploads: OrderedDict[Place, asyncio.Task[Json | None]] = OrderedDict()
        self._shown: set[Place] = set()  # uploads that Slack has taken in a message
        self._blank: set[Place] = set()  # those with nothing to draw
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}  # (channel, message) -> its maps on their way

    def ready(self, team: str, message: Message, briefings: Sequence[Briefing]) -> dict[int, Json]:
        """Those of the message's pictures, by briefing, that Slack has and shows already."""
        places = {number: (team, briefing.places) for number, briefing in _drawn(message, briefings).items()}
        done = {number: self._uploads[place].result() for number, place in places.items() if place in self._shown}
        return {number: image for number, image in done.items() if image}

    def add(
        self,
        client: AsyncWebClient,
        where: tuple[str, str, str],
        message: Message,
        briefings: Sequence[Briefing],
        metadata: Json | None = None,
        *,
        but: Collection[int] = (),
    ) -> None:
        """Has the post at (workspace, channel, ts) show its pictures as soon as they can be shown, by an edit that says
        otherwise the same; unless it shows all of them already, which are those ``but`` names, by briefing.
        """
        team, channel, ts = where
        missing = [one.places for number, one in _drawn(message, briefings).items() if number not in but]
        if all((team, places) in self._blank for places in missing):
            return
        task = asyncio.create_task(self._show(client, where, message, briefings, metadata))
        self._tasks[channel, ts] = task
        task.add_done_callback(lambda done: self._ended(channel, ts, done))

    def forget(self, team: str, briefings: Sequence[Briefing]) -> None:
        """Uploads the maps anew when they are next wanted: Slack has lost them, or somebody has deleted them."""
        for briefing in briefings:
            self._forget((team, briefing.places))

    async def stop(self, channel: str, ts: str) -> None:
        """Leaves the post as it is from now on: its maps on their way don't come."""
        if task := self._tasks.get((channel, ts)):
            task.cancel()
            await asyncio.wait([task])

    async def finished(self) -> None:
        """Returns when no map is on its way."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def aclose(self) -> None:
        """Gives up the maps on their way."""
        tasks: list[asyncio.Task[Any]] = [*self._tasks.values(), *self._uploads.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _ended(self, channel: str, ts: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get((channel, ts)) is task:
            del self._tasks[channel, ts]
        if not task.cancelled() and (error := task.exception()):
            log.error("a map isn't shown", channel=channel, message=ts, exc_info=error)

    async def _show(
        self,
        client: AsyncWebClient,
        where: tuple[str, str, str],
        message: Message,
        briefings: Sequence[Briefing],
        metadata: Json | None,
    ) -> None:
        team, channel, ts = where
        drawn = _drawn(message, briefings)
        wanted = {number: await self._image(client, team, briefing) for number, briefing in drawn.items()}
        images = {number: image for number, image in wanted.items() if image}
        if not images:
            return

        async def update() -> AsyncSlackResponse:
            body: Json = {"text": message.text, "blocks": message.illustrated(images), "metadata": metadata}
            await self._pace.turn(team)
            return await client.chat_update(channel=channel, ts=ts, link_names=False, parse="none", **body)

        if await self._patiently(update):
            self._shown |= {(team, drawn[number].places) for number in images} & self._uploads.keys()

    async def _image(self, client: AsyncWebClient, team: str, briefing: Briefing) -> Json | None:
        """The map as an image block, uploaded once for all channels of the workspace; None: there is none to show."""
        place = (team, briefing.places)
        if place not in self._uploads:
            self._uploads[place] = asyncio.create_task(self._upload(client, place, briefing))
            self._uploads[place].add_done_callback(lambda done: self._uploaded(place, done))
            while len(self._uploads) > _KEPT:
                self._forget(next(iter(self._uploads)))
        try:
            return await asyncio.shield(self._uploads[place])
        except _NotTaken:
            return None

    def _uploaded(self, place: Place, task: asyncio.Task[Json | None]) -> None:
        if task.cancelled() or task.exception():
            self._forget(place)

    def _forget(self, place: Place) -> None:
        self._uploads.pop(place, None)
        self._shown.discard(place)
        self._blank.discard(place)

    async def _upload(self, client: AsyncWebClient, place: Place, briefing: Briefing) -> Json | None:
        """An image block with the map; None where there is none. Raises _NotTaken."""
        async with self._room:
            if (png := await self._draw(briefing)) is None:
                self._blank.add(place)
                return None
            alternative = await asyncio.to_thread(maps.alt_text, briefing.places)
            taken = await self._patiently(lambda: client.files_upload_v2(filename=_NAME, title=_TITLE, file=png))
        if taken is None:
            raise _NotTaken
        file = taken["files"][0]["id"]
        return {"type": "image", "slack_file": {"id": file}, "alt_text": shortened(alternative, limits.ALT)}

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """What the call comes to, tried until Slack has worked up the file; None: it doesn't come to anything."""
        for wait in (*_WAITS, None):
            try:
                return await call()
            except EXPECTED as error:
                refused = refusal(error)
                unready = isinstance(error, SlackApiError) and code(error) == "invalid_blocks"
                if wait is None or (refused.permanent and not unready):
                    log.warning("a map can't be shown", error=str(refused))
                    return None
            await self._sleep(max(wait, refused.retry_after.total_seconds() if refused.retry_after else 0.0))
        return None


def _drawn(message: Message, briefings: Sequence[Briefing]) -> dict[int, Briefing]:
    """The briefings, by number, whose maps the message has room for."""
    return {number: briefings[number] for _, number in message.pictures if number < len(briefings)}


def shortened(text: str, most: int) -> str:
    """The text up to the last comma within so many UTF-16 units: the map's places are in the post's words as well."""
    while limits.units(text) > most:
        text = text[:most].rpartition(",")[0] or text[: most // 2]
    return text
