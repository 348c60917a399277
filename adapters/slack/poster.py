"""Digests and notices -> Slack, each once: the outbox' way to Slack (``bot.ports.Poster`` and ``Teller``).

A message is known again by its metadata, which carries the delivery's key and which nobody sees:
https://docs.slack.dev/messaging/message-metadata/.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.blocks import Run, Text
from adapters.layout import layout
from adapters.slack import limits
from adapters.slack.faults import code, translated
from adapters.slack.ids import UNKNOWN
from adapters.slack.mrkdwn import of_blocks
from adapters.slack.pace import Pace
from adapters.slack.pictures import Draw, Pictures
from adapters.slack.render import Json, Message, messages
from bot.answers import Notice
from bot.errors import DeliveryError, NotFound
from bot.types import Briefing, Channel, Digest

log: Final = structlog.get_logger()

Clients = Callable[[str], Awaitable[AsyncWebClient]]
"""The client of a workspace, by its id. Raises NotFound where the app isn't installed."""

Keep = Callable[[Channel, Digest], Awaitable[str]]
"""Under which ident buttons know the digest from now on: ``desk.shown.keep``."""

Call = Callable[[str, list[Json] | None], Awaitable[AsyncSlackResponse]]  # with a message's text and blocks

EVENT: Final = "dateline_delivery"  # the type of the metadata
_UNLIKED: Final = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
_PLAINLY: Final[Json] = {"link_names": False, "parse": "none"}
_SILENTLY: Final[Json] = {"unfurl_links": False, "unfurl_media": False, **_PLAINLY}
_REMEMBERED: Final = 32  # rendered digests: one goes to many channels, and is rendered as a whole for each of its parts
_PAGE: Final = 200  # messages
_PAGES: Final = 15  # that are looked through for a post
_OUTSIDE: Final = "the answer to a post was lost, and only members may look whether it arrived: /invite the bot"
_MOVED: Final = messages([Text(((Run("Corrected: what stood here is in the post above now."),),), quiet=True)])[0]


class SlackPoster:
    """Posts over the client of each workspace. A channel's id is the conversation's, a message's its ``ts``."""

    platform = "slack"

    def __init__(
        self,
        clients: Clients,
        zone: ZoneInfo,
        *,
        keep: Keep,
        draw: Draw,
        pace: Pace | None = None,
        pictures: Pictures | None = None,
    ) -> None:
        """``pace``, ``pictures``: where they aren't the usual ones."""
        self._clients = clients
        self._zone = zone  # in which times are shown
        self._keep = keep
        self._pace = pace or Pace()
        self.pictures = pictures or Pictures(draw)

    def parts(self, digest: Digest) -> Sequence[Digest]:
        """The digest once for each message that it takes."""
        count = len(rendered(replace(digest, part=0, parts=1), self._zone))
        return [replace(digest, part=number, parts=count) for number in range(count)]

    async def post(self, channel: Channel, digest: Digest, key: str, *, thread: str | None = None) -> str:
        """The ``ts`` of the new message that shows the digest's part, whose maps follow; see ``Poster.post``."""
        client = await self._client(channel.workspace)
        message = await self._message(channel, digest)
        return await self.send(client, channel, message, digest.briefings, thread=thread, metadata=_marked(key))

    async def find(self, channel: Channel, key: str, *, thread: str | None = None) -> str | None:
        """The ``ts`` of the message that was posted under the key, if it is among the last ones there; or None.

        Only members may read a channel, though the bot may post in each public one: there it joins to look.
        """
        client = await self._client(channel.workspace)
        with translated():
            try:
                return await _find(client, channel.id, key, thread)
            except SlackApiError as error:
                if code(error) != "not_in_channel":
                    raise
            await _join(client, channel.id)
            return await _find(client, channel.id, key, thread)

    async def edit(
        self,
        channel: Channel,
        message: str,
        digest: Digest,
        key: str,
        *,
        thread: str | None = None,  # noqa: ARG002 # Slack finds a message by its ts wherever it stands
    ) -> None:
        """Has the message show the digest's part."""
        client = await self._client(channel.workspace)
        shown = await self._message(channel, digest)
        await self.pictures.stop(channel.id, message)

        async def update(text: str, blocks: list[Json] | None) -> AsyncSlackResponse:
            metadata = _marked(key)
            return await client.chat_update(
                channel=channel.id, ts=message, text=text, blocks=blocks, metadata=metadata, **_PLAINLY
            )

        await self._show(update, client, channel, shown, digest.briefings, _marked(key))

    async def tell(self, workspace: str, person: str, text: str) -> None:
        """Sends the words in the bot's own conversation with the person."""
        team = workspace.partition(":")[2]
        client = await self._client(team)
        with translated():
            opened = await client.conversations_open(users=[person])
        channel = Channel(self.platform, team, opened["channel"]["id"])
        for message in messages(layout(Notice(text), self._zone)):
            await self.send(client, channel, message)

    async def send(
        self,
        client: AsyncWebClient,
        channel: Channel,
        message: Message,
        briefings: Sequence[Briefing] = (),
        *,
        thread: str | None = None,
        metadata: Json | None = None,
    ) -> str:
        """The ``ts`` of the message, posted at Slack's pace and not repeated; its maps follow. Raises DeliveryError."""
        once = _unrepeated(client)

        async def post(text: str, blocks: list[Json] | None) -> AsyncSlackResponse:
            return await once.chat_postMessage(
                channel=channel.id, text=text, blocks=blocks, thread_ts=thread, metadata=metadata, **_SILENTLY
            )

        await self._pace.turn(channel.key)
        try:
            return await self._show(post, once, channel, message, briefings, metadata)
        finally:
            self._pace.ended(channel.key)

    async def aclose(self) -> None:
        """Gives up the maps that are on their way."""
        await self.pictures.aclose()

    async def _client(self, team: str) -> AsyncWebClient:
        try:
            return _unrepeated(await self._clients(team))
        except NotFound as error:
            raise DeliveryError(str(error), closed=True) from error

    async def _message(self, channel: Channel, digest: Digest) -> Message:
        """The digest's part as a message, whose buttons know it."""
        whole = replace(digest, part=0, parts=1)
        ident = await self._keep(channel, whole)
        shown = await asyncio.to_thread(rendered, whole, self._zone)  # commands are acknowledged meanwhile
        return shown[digest.part].known(ident) if digest.part < len(shown) else _MOVED

    async def _show(
        self,
        call: Call,
        client: AsyncWebClient,
        channel: Channel,
        message: Message,
        briefings: Sequence[Briefing],
        metadata: Json | None,
    ) -> str:
        """The ``ts`` of what the call has put into the channel: the message with those maps that Slack has; without
        any, if it has lost one; and its mere text where it takes no blocks after all, since not all of its limits are
        documented.
        """
        images = self.pictures.ready(channel.workspace, message, briefings)
        with translated():
            for shown in [images, {}] if images else [images]:
                ts = await _taken(call, message, shown)
                if ts is not None:
                    where = (channel.workspace, channel.id, ts)
                    self.pictures.add(client, where, message, briefings, metadata, but=shown)
                    return ts
                self.pictures.forget(channel.workspace, briefings)
            return str((await call(_as_text(message), None))["ts"])


async def _taken(call: Call, message: Message, images: Mapping[int, Json]) -> str | None:
    """The ``ts`` of the message with the images; None: Slack doesn't take its blocks."""
    try:
        return str((await call(message.text, message.illustrated(images)))["ts"])
    except SlackApiError as error:
        if code(error) not in _UNLIKED:
            raise
        log.warning("Slack doesn't take a message's blocks", error=code(error), images=len(images))
        return None


def _as_text(message: Message) -> str:
    """The message for where Slack takes no blocks: with its links, if that is short enough for one."""
    linked = of_blocks(message.blocks)
    return linked if len(linked.encode()) <= limits.TEXT else message.text


@lru_cache(maxsize=_REMEMBERED)
def rendered(digest: Digest, zone: ZoneInfo) -> tuple[Message, ...]:
    """The whole digest in messages, whose buttons don't know its ident yet; where it takes several, the first begins
    with the headlines of all its stories.
    """
    made = messages(layout(digest, zone, UNKNOWN))
    return made if len(made) == 1 else messages(layout(digest, zone, UNKNOWN, listed=True))


async def _join(client: AsyncWebClient, channel: str) -> None:
    try:
        await client.conversations_join(channel=channel)
    except SlackApiError as error:
        if code(error) != "missing_scope":
            raise
        raise DeliveryError(_OUTSIDE, closed=True) from error


async def _find(client: AsyncWebClient, channel: str, key: str, thread: str | None) -> str | None:
    bot = (await client.auth_test())["bot_id"]
    async for message in _latest(client, channel, thread):
        if message.get("bot_id") == bot and _carries(message.get("metadata") or {}, key):
            return str(message["ts"])
    return None


async def _latest(client: AsyncWebClient, channel: str, thread: str | None) -> AsyncIterator[dict[str, Any]]:
    """The channel's or the thread's messages, page by page."""
    cursor: str | None = None
    for _ in range(_PAGES):
        asked: Json = {"channel": channel, "include_all_metadata": True, "limit": _PAGE, "cursor": cursor}
        page = await (
            client.conversations_replies(ts=thread, **asked) if thread else client.conversations_history(**asked)
        )
        for message in page["messages"] or ():
            yield message
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return


def _marked(key: str) -> Json:
    """The metadata by which ``find`` knows the post: https://docs.slack.dev/messaging/message-metadata/."""
    return {"event_type": EVENT, "event_payload": {"key": key}}


def _carries(metadata: Mapping[str, Any], key: str) -> bool:
    return metadata.get("event_type") == EVENT and (metadata.get("event_payload") or {}).get("key") == key


def _unrepeated(client: AsyncWebClient) -> AsyncWebClient:
    """The same client without slack_sdk's repeating of calls whose connection broke: such a post would stand there
    twice. Pauses are left to the outbox, which keeps to them.
    """
    return AsyncWebClient(
        token=client.token,
        base_url=client.base_url,
        timeout=client.timeout,
        ssl=client.ssl,
        proxy=client.proxy,
        session=client.session,
        team_id=client.default_params.get("team_id"),
        retry_handlers=[],
    )
