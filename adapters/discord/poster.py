"""Digests and notices -> Discord, each once: the outbox' way to Discord (``bot.ports.Poster`` and ``Teller``).

A message is known again by its mark, a number made of the delivery's key, which is the id of its container
(https://docs.discord.com/developers/components/reference#anatomy-of-a-component): whether it has buttons or not,
Discord gives the mark back with it.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final
from zoneinfo import ZoneInfo

import aiohttp
import discord

from adapters.blocks import Run, Text
from adapters.discord import faults, limits
from adapters.discord.faults import translated
from adapters.discord.pictures import Draw, Map, drawn
from adapters.discord.render import Message, Row, messages
from adapters.discord.rooms import Chat, Room, allowed, require, require_posting, room_of, takes_threads
from adapters.discord.views import NO_PINGS, files, view
from adapters.inert import inert
from adapters.layout import layout
from bot.answers import Notice
from bot.errors import DeliveryError
from bot.types import Channel, Digest

Keep = Callable[[Channel, Digest], Awaitable[str]]
"""Under which ident buttons know the digest from now on: ``desk.shown.keep``."""

_LOOKED_THROUGH: Final = 300  # messages, when a post is looked for
_POSTS_LOOKED_AT: Final = 25  # likewise, of a forum
_ARCHIVED_AFTER: Final = 1440  # minutes without a message, then a thread leaves the list of channels
_REMEMBERED: Final = 32  # rendered digests: one goes to many channels at the same minute, in several parts
_ANY_IDENT: Final = "0" * 16
_MOVED: Final = messages([Text(((Run("Corrected: what stood here is in the post above now."),),), quiet=True)])[0]


class DiscordPoster:
    """Posts over a connected client, whose ``max_ratelimit_timeout`` should be set: long waits are the outbox' part."""

    platform = "discord"

    def __init__(self, client: discord.Client, zone: ZoneInfo, *, keep: Keep, draw: Draw) -> None:
        self._client = client
        self._zone = zone  # in which times are shown
        self._keep = keep
        self._draw = draw

    def parts(self, digest: Digest) -> Sequence[Digest]:
        """The digest once for each message that it takes."""
        count = len(_rendered(digest, self._zone))
        return [replace(digest, part=number, parts=count) for number in range(count)]

    async def post(self, channel: Channel, digest: Digest, key: str, *, thread: str | None = None) -> str:
        """The id of the new message that shows the digest's part; see ``Poster.post``."""
        with translated(f"posting in channel {channel.id}"):
            room = await self._room(channel)
            require_posting(room)
            message, maps = await self._message(channel, room, digest)
            if isinstance(room, discord.ForumChannel) and thread is None:
                return await self._begin(room, digest.title, message, maps, key)
            chat = await self._chat(room, thread, digest.title)
            try:
                return await self._send(chat, message, maps, key, thread)
            except discord.NotFound as error:
                if not isinstance(chat, discord.PartialMessageable) or error.code != faults.UNKNOWN_CHANNEL:
                    raise
            # Somebody has deleted the thread just now: that is no reason to close the channel.
            if isinstance(room, discord.ForumChannel):
                raise DeliveryError(f"the post {thread} in {room} has been deleted", permanent=True)
            return await self._send(room, message, maps, key, thread)

    async def find(self, channel: Channel, key: str, *, thread: str | None = None) -> str | None:
        """The id of the message that was posted under the key, if it is among the last ones there; or None."""
        with translated(f"looking into channel {channel.id}"):
            room = await self._room(channel)
            require(room, "view_channel", "read_message_history")
            if isinstance(room, discord.ForumChannel) and thread is None:
                return await self._find_begun(room, mark(key))
            for chat in self._chats(room, thread):
                found = await self._find_in(chat, mark(key))
                if found:
                    return found
            return None

    async def edit(
        self, channel: Channel, message: str, digest: Digest, key: str, *, thread: str | None = None
    ) -> None:
        """Has the message show the digest's part."""
        with translated(f"editing message {message} in channel {channel.id}"):
            room = await self._room(channel)
            shown, maps = await self._message(channel, room, digest)
            begun = message if isinstance(room, discord.ForumChannel) else None  # a forum's post has its thread's id
            for chat in self._chats(room, thread or begun):
                if await self._edit_in(chat, int(message), shown, maps, mark(key)):
                    return
        raise DeliveryError(f"message {message} in channel {channel.id} has been deleted", permanent=True)

    async def tell(self, workspace: str, person: str, text: str) -> None:  # noqa: ARG002 # a person has one number
        """Sends the words as a direct message."""
        with translated(f"writing to {person}"):
            self._connected()
            chat = await self._client.create_dm(discord.Object(int(person)))
            for message in messages(layout(Notice(text), self._zone)):
                await chat.send(view=view(message, {}), allowed_mentions=NO_PINGS)

    async def _room(self, channel: Channel) -> Room:
        self._connected()
        return await room_of(self._client, channel)

    def _connected(self) -> None:
        if self._client.is_closed() or not self._client.is_ready():
            raise DeliveryError("Discord isn't connected at the moment")

    async def _message(self, channel: Channel, room: Room, digest: Digest) -> tuple[Message, dict[int, Map]]:
        """The digest's part as a message, with its maps if the bot may attach files there."""
        whole = replace(digest, part=0, parts=1)
        ident = await self._keep(channel, whole)
        shown = await asyncio.to_thread(rendered, whole, self._zone, ident)  # commands are acknowledged meanwhile
        message = shown[digest.part] if digest.part < len(shown) else _MOVED
        maps = await drawn([message], digest.briefings, self._draw) if allowed(room).attach_files else {}
        return message, maps

    async def _send(self, chat: Chat, message: Message, maps: dict[int, Map], key: str, root: str | None) -> str:
        """Sends the message; where it isn't in the thread of ``root``, as a reply to that.

        If the connection breaks it is sent once more, with the same nonce: discord.py doesn't.
        """

        async def send() -> str:
            once = partial(
                chat.send,
                view=view(message, maps, mark(key)),
                files=files(message, maps),
                allowed_mentions=NO_PINGS,
                nonce=nonce(chat.id, key),
            )
            if root is None or isinstance(chat, discord.PartialMessageable):
                return str((await once()).id)
            return str((await once(reference=_reference(chat, root), mention_author=False)).id)

        try:
            return await send()
        except aiohttp.ClientConnectorError:
            raise  # there was no connection
        except faults.BROKEN:
            return await send()

    async def _begin(
        self, forum: discord.ForumChannel, title: str, message: Message, maps: dict[int, Map], key: str
    ) -> str:
        """A new post of the forum. Discord takes no nonce with one, so that it isn't repeated but looked for."""
        begun = await forum.create_thread(
            name=_title(title),
            view=view(message, maps, mark(key)),
            files=files(message, maps),
            allowed_mentions=NO_PINGS,
            applied_tags=_tags(forum),
        )
        return str(begun.thread.id)  # which is the message's, too

    async def _chat(self, room: Room, thread: str | None, title: str) -> Chat:
        """Where a message goes: into the room, or into the thread of that message where there can be one."""
        likeliest, *_ = chats = self._chats(room, thread)
        if len(chats) == 1 or thread is None or not isinstance(room, discord.TextChannel):
            return chats[-1]
        known = room.get_thread(int(thread)) is not None
        in_thread = takes_threads(room) and (known or await _begun_thread(room, int(thread), title))
        return likeliest if in_thread else room

    def _chats(self, room: Room, thread: str | None) -> list[Chat]:
        """Where a message can be that was posted in the room, or in that message's thread; likeliest first."""
        in_thread = [self._client.get_partial_messageable(int(thread))] if thread else []
        if isinstance(room, discord.ForumChannel):
            return [*in_thread]
        return [*in_thread, room] if isinstance(room, discord.TextChannel) else [room]

    async def _find_in(self, chat: Chat, wanted: int) -> str | None:
        try:
            async for message in chat.history(limit=_LOOKED_THROUGH):
                if self._is_marked(message, wanted):
                    return str(message.id)
        except discord.NotFound as error:
            if error.code != faults.UNKNOWN_CHANNEL or not isinstance(chat, discord.PartialMessageable):
                raise  # only a thread may be missing: it wasn't made
        return None

    async def _find_begun(self, forum: discord.ForumChannel, wanted: int) -> str | None:
        threads = [thread for thread in await forum.guild.active_threads() if thread.parent_id == forum.id]
        threads += [thread async for thread in forum.archived_threads(limit=_POSTS_LOOKED_AT)]
        own = [thread for thread in threads if self._is_me(thread.owner_id)]
        for thread in sorted(own, key=lambda thread: thread.id, reverse=True)[:_POSTS_LOOKED_AT]:
            if await self._begins_marked(thread, wanted):
                return str(thread.id)
        return None

    async def _begins_marked(self, thread: discord.Thread, wanted: int) -> bool:
        try:
            return self._is_marked(await thread.fetch_message(thread.id), wanted)
        except discord.NotFound:
            return False  # somebody has deleted the first message

    def _is_me(self, person: int | None) -> bool:
        return self._client.user is not None and person == self._client.user.id

    def _is_marked(self, message: discord.Message, wanted: int) -> bool:
        return self._is_me(message.author.id) and any(
            isinstance(part, discord.Container) and part.id == wanted for part in message.components
        )

    async def _edit_in(self, chat: Chat, message: int, shown: Message, maps: dict[int, Map], wanted: int) -> bool:
        """Whether the message is there, and shows it now; an archived thread is opened for it."""
        there = chat.get_partial_message(message)

        async def edit() -> None:
            await there.edit(view=view(shown, maps, wanted), attachments=files(shown, maps), allowed_mentions=NO_PINGS)

        try:
            await edit()
        except discord.NotFound as error:
            if error.code not in {faults.UNKNOWN_CHANNEL, faults.UNKNOWN_MESSAGE}:
                raise
            return False
        except discord.HTTPException as error:
            if error.code != faults.ARCHIVED:
                raise
            await self._open(chat.id)
            await edit()
        return True

    async def _open(self, thread: int) -> None:
        found = self._client.get_channel(thread) or await self._client.fetch_channel(thread)
        if isinstance(found, discord.Thread):
            await found.edit(archived=False)


def rendered(digest: Digest, zone: ZoneInfo, ident: str) -> tuple[Message, ...]:
    """The whole digest in messages; where it takes several, the first begins with the headlines of all its stories."""
    return tuple(_named(message, ident) for message in _rendered(digest, zone))


@lru_cache(maxsize=_REMEMBERED)
def _rendered(digest: Digest, zone: ZoneInfo) -> tuple[Message, ...]:
    """The same for every channel: all idents are equally long, so that they change nothing else."""
    made = messages(layout(digest, zone, _ANY_IDENT))
    return made if len(made) == 1 else messages(layout(digest, zone, _ANY_IDENT, listed=True))


def _named(message: Message, ident: str) -> Message:
    """The message with buttons that know the digest by the ident; a story has few enough for a row of them."""
    return Message(tuple(_row(part, ident) if isinstance(part, Row) else part for part in message.parts))


def _row(row: Row, ident: str) -> Row:
    return Row(tuple(replace(button, ident=ident) for button in row.buttons))


def mark(key: str) -> int:
    """The number that a message posted under the key carries: 31 bits, and larger than the ids that Discord gives."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) & 0x7FFFFFFF | 0x40000000


def nonce(chat: int, key: str) -> str:
    """What tells Discord that it has a message already, for some minutes after that one came (``enforce_nonce``)."""
    return hashlib.sha256(f"{chat} {key}".encode()).hexdigest()[: limits.NONCE]


async def _begun_thread(room: discord.TextChannel, message: int, title: str) -> bool:
    """Whether the message has a thread now."""
    try:
        await room.get_partial_message(message).create_thread(name=_title(title), auto_archive_duration=_ARCHIVED_AFTER)
    except discord.HTTPException as error:
        if error.status not in {400, 403, 404}:
            raise
        # Refused for good (no permission, too many threads, message deleted), or somebody has made it already.
        return error.code == faults.THREAD_EXISTS
    return True


def _tags(forum: discord.ForumChannel) -> list[discord.ForumTag]:
    """A tag that a post may have where it must have one."""
    return [tag for tag in forum.available_tags if not tag.moderated][:1] if forum.flags.require_tag else []


def _title(title: str) -> str:
    return limits.shortened(inert(title), limits.THREAD_NAME) or "Dateline"


def _reference(chat: Chat, message: str) -> discord.MessageReference:
    return discord.MessageReference(message_id=int(message), channel_id=chat.id, fail_if_not_exists=False)
