"""The channels of Discord that a post can go into, and what the bot may do there."""

import discord

from adapters.discord.rights import missing, posting
from bot.errors import DeliveryError
from bot.types import Channel

Open = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread | discord.DMChannel
"""A text or announcement channel, the chat of a voice or stage channel, a thread, a direct message: it has messages."""
Room = Open | discord.ForumChannel
Chat = Open | discord.PartialMessageable


async def room_of(client: discord.Client, channel: Channel) -> Room:
    """The channel on Discord; an archived thread or a direct message is asked for, the others are known.

    Raises:
        DeliveryError: nothing can be posted in a channel of its kind.
        discord.HTTPException: there is no such channel, or the bot can't see it.
    """
    if not channel.id.isdecimal():
        raise DeliveryError(f"{channel.id!r} is no channel of Discord: give the number of one", closed=True)
    found = client.get_channel(int(channel.id)) or await client.fetch_channel(int(channel.id))
    if not isinstance(found, Room):
        raise DeliveryError(f"nothing can be posted in {found}: choose a text channel", closed=True)
    return found


def allowed(room: Room) -> discord.Permissions:
    """What the bot may do there, as far as is known: everything, where that is nothing."""
    if isinstance(room, discord.DMChannel) or (isinstance(room, discord.Thread) and room.parent is None):
        return discord.Permissions.all()
    return room.permissions_for(room.guild.me)


def require(room: Room, *permissions: str) -> None:
    """Raises DeliveryError, ``closed``, with the names of those that the bot lacks there."""
    if lacking := missing(allowed(room), *permissions):
        raise DeliveryError(f"the bot's role needs {' and '.join(lacking)} in {room}", closed=True)


def require_posting(room: Room) -> None:
    """Raises DeliveryError, ``closed``, if the bot may not post there."""
    require(room, *posting(thread=isinstance(room, discord.Thread)))


def takes_threads(room: Room) -> bool:
    """Whether the bot may make a thread of a message there and write in it."""
    may = allowed(room)
    return isinstance(room, discord.TextChannel) and may.create_public_threads and may.send_messages_in_threads
