"""Commands about another channel than the one they are given in: a forum, in which nobody can give any, or a thread."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

import discord
from discord import app_commands

from adapters.discord.asker import asked_in
from adapters.discord.rights import missing, posting
from adapters.discord.rooms import Room, allowed
from bot.answers import Answer, Listing, Notice, Question
from bot.commands import Command
from bot.errors import NotAllowed
from bot.types import Channel

OPTION: Final = "channel"
HELP: Final = "another channel, thread or forum than this one"

Elsewhere = app_commands.AppCommandChannel | app_commands.AppCommandThread
"""A channel as Discord sends it with a command: with what the person may do there, whether the bot sees it or not."""


class ChannelOption(app_commands.Transformer):
    """An option that takes a channel to which digests can come."""

    type = discord.AppCommandOptionType.channel
    channel_types: ClassVar = [
        discord.ChannelType.text,
        discord.ChannelType.news,
        discord.ChannelType.forum,
        discord.ChannelType.voice,
        discord.ChannelType.stage_voice,
        discord.ChannelType.public_thread,
        discord.ChannelType.private_thread,
        discord.ChannelType.news_thread,
    ]

    async def transform(self, _interaction: discord.Interaction, value: Any, /) -> Any:
        """The channel as Discord sends it."""
        return value


def takes_channel(command: Command) -> bool:
    """Whether the command is about what is posted in a channel."""
    return command.name.startswith(("digest ", "watch ")) and command.name != "digest now"


def named(given: Mapping[str, Any]) -> Elsewhere | None:
    """The other channel that the options name, if they do."""
    found: Elsewhere | None = given.get(OPTION)
    return found


def asked_for(interaction: discord.Interaction, elsewhere: Elsewhere | None) -> Channel:
    """The channel that a command is about: where it was given, or ``elsewhere`` in the same server.

    Raises:
        NotAllowed: the person can't see that one.
    """
    here = asked_in(interaction)
    if elsewhere is None:
        return here
    if elsewhere.guild_id != interaction.guild_id or not elsewhere.permissions.view_channel:
        raise NotAllowed("You can't see that channel: choose another one")
    return replace(here, id=str(elsewhere.id))


def being_asked_for(interaction: discord.Interaction) -> Channel:
    """The channel that a command will be about whose options are being typed; Discord gives its number alone then."""
    here, given = asked_in(interaction), getattr(interaction.namespace, OPTION)
    if given is None or interaction.guild is None or not isinstance(interaction.user, discord.Member):
        return here
    room = interaction.guild.get_channel_or_thread(given.id)
    visible = room is not None and room.permissions_for(interaction.user).view_channel
    return replace(here, id=str(given.id)) if visible else here


def check_posting(interaction: discord.Interaction, elsewhere: Elsewhere | None = None) -> None:
    """Raises NotAllowed, naming the permissions, where the bot may not post to the channel."""
    if lacking := closed(interaction, elsewhere):
        where = f"#{elsewhere.name}" if elsewhere else "this channel"
        raise NotAllowed(
            f"I may not post in {where}: my role lacks {' and '.join(lacking)} there. "
            "Give it that in the channel's settings, then ask again"
        )


def closed(interaction: discord.Interaction, elsewhere: Elsewhere | None = None) -> list[str]:
    """The permissions that the bot lacks for posting to the channel; none in a direct message."""
    if interaction.guild_id is None:
        return []
    if elsewhere is None:
        in_thread = isinstance(interaction.channel, discord.Thread)
        return missing(interaction.app_permissions, *posting(thread=in_thread))
    room = elsewhere.resolve()
    held = allowed(room) if isinstance(room, Room) else discord.Permissions.none()  # it doesn't see that one
    return missing(held, *posting(thread=isinstance(elsewhere, app_commands.AppCommandThread)))


def said_of(answer: Answer, elsewhere: Elsewhere | None) -> Answer:
    """The answer with the channel that it is about, if that is another one."""
    if elsewhere is None:
        return answer
    match answer:
        case Notice(text):
            return Notice(f"#{elsewhere.name}: {text}")
        case Listing(title=title):
            return replace(answer, title=title.replace("this channel", f"#{elsewhere.name}"))
        case Question(text, choices):
            # A button means the channel that it stands in: these are to be typed, with the option again.
            typed = tuple(replace(one, id=None, command=f"{one.command} {OPTION}:#{elsewhere.name}") for one in choices)
            return Question(f"{text} Give the command again like this:", typed)
        case _:
            return answer
