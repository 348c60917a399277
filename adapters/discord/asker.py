"""Who asks on Discord, where, and what may be done there."""

from typing import Final

import discord

from bot.errors import NotAllowed
from bot.types import Channel

PLATFORM: Final = "discord"


def channel_of(guild_id: int | None, channel_id: int, user_id: int) -> Channel:
    """The channel as the core knows it; in a direct message the person is the workspace."""
    workspace = str(guild_id) if guild_id is not None else f"@{user_id}"
    return Channel(PLATFORM, workspace, str(channel_id))


def asked_in(interaction: discord.Interaction) -> Channel:
    """The channel, or thread, in which the interaction was begun."""
    if interaction.channel_id is None:
        raise NotAllowed("Discord doesn't say which channel this is: ask in a channel of the server")
    return channel_of(interaction.guild_id, interaction.channel_id, interaction.user.id)


def roles(person: discord.User | discord.Member) -> list[str]:
    """The names and the ids of the person's roles; none in a direct message."""
    held = person.roles if isinstance(person, discord.Member) else []
    return [name for role in held for name in (role.name, str(role.id))]


def manages(interaction: discord.Interaction) -> bool:
    """Whether Discord gives the person the right to manage: Manage Server, or a direct message of their own."""
    return interaction.guild_id is None or interaction.permissions.manage_guild
