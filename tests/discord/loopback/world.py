"""What there is on the loopback Discord: people, servers, channels, threads, messages; in payloads like the gateway's.

https://docs.discord.com/developers/resources/message, .../channel, .../guild
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

import discord

from tests.discord.loopback.checks import every
from tests.discord.loopback.refusals import Json, Refusal, unknown

EPOCH = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # when the server's clock shows nought
EPHEMERAL, LOADING, HAS_THREAD = 1 << 6, 1 << 7, 1 << 5
EVERYTHING = (1 << 53) - 1  # all permissions
NONCE_SECONDS = 300.0  # 'the past few minutes', says Create Message of ``enforce_nonce``


class Kind(IntEnum):
    """Types of channels."""

    TEXT = 0
    DIRECT = 1
    ANNOUNCEMENT = 5
    THREAD = 11
    FORUM = 15


@dataclass(eq=False)
class User:
    """A person, or the bot."""

    id: int
    name: str
    bot: bool = False

    def payload(self) -> Json:
        """As it stands in messages."""
        return {
            "id": str(self.id),
            "username": self.name,
            "discriminator": "0",
            "global_name": self.name,
            "avatar": None,
            "bot": self.bot,
        }


@dataclass(eq=False)
class Guild:
    """A server."""

    id: int
    name: str
    owner: User
    channels: "list[Channel]" = field(default_factory=list)

    def member(self, user: User, permissions: int = EVERYTHING) -> Json:
        """The user as a member, without roles; permissions are those of an interaction."""
        return {
            "user": user.payload(),
            "nick": None,
            "roles": [],
            "joined_at": EPOCH.isoformat(),
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": str(permissions),
        }

    def payload(self, bot: User) -> Json:
        """As GUILD_CREATE gives it."""
        everyone = {"id": str(self.id), "name": "@everyone", "permissions": str(EVERYTHING), "position": 0}
        everyone |= {"color": 0, "hoist": False, "managed": False, "mentionable": False, "flags": 0}
        everyone["colors"] = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner.id),
            "roles": [everyone],
            "channels": [one.payload() for one in self.channels if one.parent is None],
            "threads": [one.payload() for one in self.channels if one.parent is not None],
            "members": [self.member(bot)],
            "member_count": 2,
            "unavailable": False,
            "features": [],
            "joined_at": EPOCH.isoformat(),
        }


@dataclass(eq=False)
class Channel:
    """A channel of a server, a thread in one, or a direct message."""

    id: int
    kind: Kind
    name: str
    guild: Guild | None = None
    parent: "Channel | None" = None
    recipient: User | None = None
    owner: User | None = None  # of a thread: who began it
    messages: dict[int, Json] = field(default_factory=dict)  # as they are now, oldest first
    nonces: dict[str, tuple[int, float]] = field(default_factory=dict)  # nonce -> message, time

    def payload(self) -> Json:
        """As the gateway gives it."""
        shared: Json = {"id": str(self.id), "type": int(self.kind), "name": self.name, "last_message_id": None}
        if self.recipient:
            return shared | {"recipients": [self.recipient.payload()]}
        shared |= {"guild_id": str(self.guild.id) if self.guild else None, "permissions": str(EVERYTHING)}
        if self.parent is None:
            return shared | {"position": 0, "permission_overwrites": [], "nsfw": False, "available_tags": []}
        metadata = {"archived": False, "auto_archive_duration": 1440, "locked": False}
        return shared | {
            "parent_id": str(self.parent.id),
            "owner_id": str(self.owner.id if self.owner else 0),
            "message_count": len(self.messages),
            "member_count": 1,
            "thread_metadata": metadata | {"archive_timestamp": EPOCH.isoformat()},
        }


class World:
    """All there is, and the ids for what is to come."""

    def __init__(self, clock: Callable[[], float], sharding: int = 1) -> None:
        self.clock = clock
        self.sharding = sharding
        # An id tells when it was given out, and discord.py tells by it whether an interaction can still be answered.
        self._ids = itertools.count(discord.utils.time_snowflake(datetime.now(UTC)), 1 << 22)  # each a millisecond on
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.bot = self.user("dateline", bot=True)
        self.commands: list[Json] = []  # as they are registered

    def new_id(self) -> int:
        """One that was never given out, greater than all before."""
        return next(self._ids)

    def user(self, name: str, *, bot: bool = False) -> User:
        """A new one."""
        user = User(self.new_id(), name, bot)
        self.users[user.id] = user
        return user

    def guild(self, name: str = "Newsroom", shard: int = 0) -> Guild:
        """A new server, which the shard of that number hears of."""
        ident = next(ident for ident in self._ids if (ident >> 22) % self.sharding == shard)
        guild = self.guilds[ident] = Guild(ident, name, self.user(f"owner of {name}"))
        return guild

    def channel(self, guild: Guild, name: str = "news", kind: Kind = Kind.TEXT) -> Channel:
        """A new one in the server."""
        return self._kept(Channel(self.new_id(), kind, name, guild))

    def thread(self, parent: Channel, name: str, ident: int | None = None) -> Channel:
        """A new one; ``ident``: of the message that it hangs on."""
        return self._kept(Channel(ident or self.new_id(), Kind.THREAD, name, parent.guild, parent, owner=self.bot))

    def direct(self, user: User) -> Channel:
        """The direct messages between the user and the bot."""
        known = (channel for channel in self.channels.values() if channel.recipient is user)
        return next(known, None) or self._kept(Channel(self.new_id(), Kind.DIRECT, "", recipient=user))

    def _kept(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        if channel.guild:
            channel.guild.channels.append(channel)
        return channel

    def find_channel(self, ident: str) -> Channel:
        """The channel of that id. Raises Refusal."""
        if int(ident) not in self.channels:
            raise unknown("Channel", 10003)
        return self.channels[int(ident)]

    def find_message(self, channel: Channel, ident: str) -> Json:
        """The message of that id. Raises Refusal."""
        if int(ident) not in channel.messages:
            raise unknown("Message", 10008)
        return channel.messages[int(ident)]

    def message(self, channel: Channel, author: User, body: Json, files: list[Json] | None = None) -> Json:
        """A new message, as it comes from the API; it isn't in the channel yet."""
        names = {one["filename"]: one for one in files or []}
        mentioned = [user for user in self.users.values() if f"<@{user.id}>" in (body.get("content") or "")]
        return {
            "id": str(self.new_id()),
            "type": 0,
            "channel_id": str(channel.id),
            "author": author.payload(),
            "content": body.get("content") or "",
            "timestamp": (EPOCH + timedelta(seconds=self.clock())).isoformat(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [user.payload() for user in mentioned],
            "mention_roles": [],
            "attachments": files or [],
            "embeds": body.get("embeds") or [],
            "components": numbered(body.get("components") or [], names, itertools.count(1)),
            "flags": body.get("flags", 0),
            "pinned": False,
            "nonce": body.get("nonce"),
        }

    def post(self, channel: Channel, body: Json, files: list[Json]) -> tuple[Json, bool]:
        """The bot's message, and whether it is a new one: a repeated nonce gives the old one, where it is enforced."""
        if channel.kind is Kind.FORUM:
            raise Refusal(400, 50008, "Cannot send messages in a non-text channel")
        nonce, enforced = str(body.get("nonce")), body.get("enforce_nonce")
        known, since = channel.nonces.get(nonce, (0, float("-inf")))
        if enforced and self.clock() - since < NONCE_SECONDS and known in channel.messages:
            return channel.messages[known], False
        message = self.message(channel, self.bot, body, files)
        channel.messages[int(message["id"])] = message
        if enforced:
            channel.nonces[nonce] = (int(message["id"]), self.clock())
        return message, True

    def upload(self, channel: Channel, number: int, name: str, size: int, kind: str, description: str | None) -> Json:
        """A file as a message shows it."""
        url = f"https://cdn.discordapp.com/attachments/{channel.id}/{number}/{name}"
        shown: Json = {"id": str(self.new_id()), "filename": name, "size": size, "url": url, "proxy_url": url}
        return shown | {"content_type": kind, "description": description, "flags": 0}


def numbered(components: list[Json], files: dict[str, Json], numbers: "itertools.count[int]") -> list[Json]:
    """The components as they come back: with ids, and with the addresses of the files that they name."""
    shown = []
    for one in components:
        made: Json = {"id": next(numbers)} | one
        if "components" in one:
            made["components"] = numbered(one["components"], files, numbers)
        if "items" in one:
            made["items"] = [item | {"media": _media(item["media"], files)} for item in one["items"]]
        if "accessory" in one:
            made["accessory"] = numbered([one["accessory"]], files, numbers)[0]
        shown.append(made)
    return shown


def _media(media: Json, files: dict[str, Json]) -> Json:
    scheme, _, name = str(media["url"]).partition("://")
    if scheme != "attachment":
        return media
    if name not in files:
        raise Refusal(400, 50035, f"Invalid Form Body: no file {name} comes with the message")
    return {"url": files[name]["url"], "proxy_url": files[name]["url"], "attachment_id": files[name]["id"]}


def texts(message: Json) -> str:
    """All words of the message, component by component, one below the other."""
    found: list[Any] = [message["content"], *(one.get("content") for one in every(message["components"]))]
    return "\n".join(text for text in found if text)
