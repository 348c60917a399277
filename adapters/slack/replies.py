"""Where an answer goes: into the channel for all, or to the person who asked alone.

A ``response_url`` reaches channels too in which the bot is not, five times within half an hour
(https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses); what it takes no more goes to the
person's own conversation with the bot.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.layout import layout
from adapters.slack.faults import EXPECTED, refusal, translated
from adapters.slack.incoming import Spot
from adapters.slack.naming import renamed
from adapters.slack.poster import SlackPoster
from adapters.slack.render import Message, messages
from bot.answers import Answer, Listing, Notice, Page, PlaceReport, Question, Why
from bot.desk import Desk
from bot.errors import DatelineError, DeliveryError
from bot.types import Briefing, Channel, Digest

log: Final = structlog.get_logger()

Ask = Callable[[], Awaitable[Answer]]
"""Gives the answer; raises DatelineError for what the person has to be told."""

_PAUSES: Final = 2  # that an answer waits for, where Slack asks for them
_FILE: Final = "Here is what you asked for."
_LONGEST_PAUSE: Final = timedelta(minutes=1)
_PRIVATE: Final = (Listing, Notice, Page, Question, Why)  # concern who asked, and nobody else in the channel
_TELLING: Final = (Listing, Notice, Page, Question)  # are the core's own words, with commands to type in them
_SILENT: Final = {"replace_original": False, "unfurl_links": False, "unfurl_media": False}
_FOR_ALL: Final = {"response_type": "in_channel", **_SILENT}
_ALONE: Final = {"response_type": "ephemeral", **_SILENT}
_INSTEAD: Final = {**_SILENT, "replace_original": True}


class Replies:
    """Sends answers to commands, questions and presses."""

    def __init__(
        self,
        desk: Desk,
        clients: Callable[[str], Awaitable[AsyncWebClient]],
        poster: SlackPoster,
        zone: ZoneInfo,
        prefix: str = "",
    ) -> None:
        """``prefix``: before the commands' names, where people are told what to type."""
        self._desk = desk
        self._clients = clients
        self._poster = poster
        self._zone = zone
        self._prefix = prefix

    async def give(self, spot: Spot, ask: Ask, *, private: bool = False, instead: bool = False) -> Answer | None:
        """The answer, once it is shown; None where there is none, and the person has been told in words why.

        It is shown to all in the channel if it is of use to them, and to the person alone if it is not, or where it
        is ``private``. With ``instead`` it takes the place of the message whose button was pressed.
        """
        try:
            made = await ask()
            if isinstance(made, Notice) and made.file:
                made = await self._handed_over(spot, made, made.file)
            await self._show(spot, made, private=private, instead=instead)
        except Exception as fault:  # noqa: BLE001 (told in words, and logged where it was not expected)
            await self.tell(spot, words(fault))
            return None
        return made

    async def tell(self, spot: Spot, text: str) -> None:
        """Tells the person alone. That Slack takes not even this is logged, as there is nobody left to tell."""
        written = self._rendered(Notice(text), None)
        try:
            if spot.direct:
                await self._post(spot, written)
            else:
                await self._quietly(spot, written)
        except DatelineError as error:
            log.warning("a person can't be answered", channel=spot.channel.key, error=str(error))

    async def _handed_over(self, spot: Spot, made: Notice, name: str) -> Notice:
        """Gives the person the file in their own conversation with the bot, and says so. Raises DeliveryError."""
        client = await self._clients(spot.team)
        with translated():
            where = spot.channel.id if spot.direct else await _own(client, spot.person)
            await client.files_upload_v2(channel=where, filename=name, content=made.text, initial_comment=_FILE)
        return Notice(f"It is in our own conversation, as the file {name}.")

    async def _show(self, spot: Spot, made: Answer, *, private: bool, instead: bool) -> None:
        digest = made.digest if isinstance(made, PlaceReport) else made
        shown = digest if isinstance(digest, Digest) and digest.briefings else None
        ident = await self._desk.shown.keep(spot.channel, shown) if shown else None
        written = await asyncio.to_thread(self._rendered, made, ident)  # others are acknowledged meanwhile
        if private:
            written = tuple(one.private() for one in written)
        alone = private or isinstance(made, _PRIVATE)
        if spot.direct and not instead:
            await self._post(spot, written, shown)
        elif alone:
            await self._quietly(spot, written, instead=instead)
        else:
            await self._openly(spot, written, shown)
            if instead:
                await _responded(spot.url, {"delete_original": True})

    def _rendered(self, answer: Answer, ident: str | None) -> tuple[Message, ...]:
        """A briefing that goes on in its thread begins with the headlines of its stories."""
        blocks = layout(answer, self._zone, ident)
        written = messages(renamed(blocks, self._prefix, ours=isinstance(answer, _TELLING)))
        if len(written) > 1 and isinstance(answer, Digest):
            return messages(layout(answer, self._zone, ident, listed=True))
        return written

    async def _openly(self, spot: Spot, written: Sequence[Message], digest: Digest | None) -> None:
        """Into the channel; over the ``response_url`` where the bot may not post there."""
        try:
            await self._post(spot, written, digest)
        except DeliveryError as error:
            if not error.closed:
                raise
            for one in written:
                if not await _responded(spot.url, _FOR_ALL | _body(one, spot.thread)):
                    raise

    async def _post(self, spot: Spot, written: Sequence[Message], digest: Digest | None = None) -> None:
        """Where it was asked; what doesn't fit into one message goes on in its thread. Raises DeliveryError."""
        client = await self._clients(spot.team)
        thread = spot.thread
        for one in written:
            sent = await self._sent(client, spot.channel, one, digest.briefings if digest else (), thread)
            thread = thread or sent

    async def _sent(
        self,
        client: AsyncWebClient,
        channel: Channel,
        message: Message,
        briefings: Sequence[Briefing],
        thread: str | None,
    ) -> str:
        """The ``ts`` of the message, posted after the pauses that Slack asks for. Raises DeliveryError."""
        for _ in range(_PAUSES):
            try:
                return await self._poster.send(client, channel, message, briefings, thread=thread)
            except DeliveryError as error:
                if error.retry_after is None or error.retry_after > _LONGEST_PAUSE:
                    raise
                await asyncio.sleep(error.retry_after.total_seconds())
        return await self._poster.send(client, channel, message, briefings, thread=thread)

    async def _quietly(self, spot: Spot, written: Sequence[Message], *, instead: bool = False) -> None:
        """To the person alone: beside what they did, and where that isn't possible in their own conversation."""
        for number, one in enumerate(written):
            how = _INSTEAD if instead and number == 0 else _ALONE
            if await _responded(spot.url, how | _body(one, spot.thread)):
                continue
            if not await self._whispered(spot, one):
                await self._directly(spot, written[number:])
                return

    async def _whispered(self, spot: Spot, message: Message) -> bool:
        """Whether the person now sees the message in the channel, alone: only where the bot is in it.

        In a thread that nobody has written in yet they would see nothing, and Slack wouldn't say so:
        https://docs.slack.dev/reference/methods/chat.postEphemeral/.
        """
        client = await self._clients(spot.team)
        body = _body(message, None if spot.opens else spot.thread)
        try:
            await client.chat_postEphemeral(channel=spot.channel.id, user=spot.person, **body)
        except EXPECTED as error:
            log.info("a person isn't answered where they asked", channel=spot.channel.key, error=str(refusal(error)))
            return False
        return True

    async def _directly(self, spot: Spot, written: Sequence[Message]) -> None:
        client = await self._clients(spot.team)
        with translated():
            own = await _own(client, spot.person)
        await self._post(Spot(Channel(spot.channel.platform, spot.team, own), spot.person, direct=True), written)


def words(fault: Exception) -> str:
    """What to tell a person of a fault: an expected one says it itself, another is logged under an id."""
    if isinstance(fault, DeliveryError) and fault.unclear:
        return f"{fault}: the answer may be there all the same, so look before you ask again"
    if isinstance(fault, DatelineError):
        return str(fault)
    ident = secrets.token_hex(4)
    log.error("an answer failed in a way that was not expected", id=ident, exc_info=fault)
    return f"Something went wrong (id {ident}). Whoever runs this app finds it in its log under that id."


async def _responded(url: str | None, body: dict[str, Any]) -> bool:
    """Whether the ``response_url`` has taken it."""
    if url is None:
        return False
    try:
        answer = await AsyncWebhookClient(url, retry_handlers=[]).send_dict(body)
    except EXPECTED as error:
        log.warning("a response_url isn't reached", error=type(error).__name__)  # its address is a secret
        return False
    taken = answer.status_code == 200 and '"ok":false' not in answer.body.replace(" ", "")
    if not taken:
        log.info("a response_url takes no more", status=answer.status_code, why=answer.body[:200])
    return taken


async def _own(client: AsyncWebClient, person: str) -> str:
    """The person's own conversation with the bot."""
    return str((await client.conversations_open(users=[person]))["channel"]["id"])


def _body(message: Message, thread: str | None) -> dict[str, Any]:
    body = {"text": message.text, "blocks": list(message.blocks), "link_names": False, "parse": "none"}
    return body | ({"thread_ts": thread} if thread else {})
