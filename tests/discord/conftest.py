"""A simulated Discord with a server in it: the real discord.py, no network (see https://simcord.readthedocs.io/)."""

import discord
import pytest
import simcord
from simcord import ChannelHandle, Env, GuildHandle


@pytest.fixture
def simcord_bot() -> discord.Client:
    """The client under test, with the intents of a bot that may not read what people write; modules override it."""
    intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    return discord.Client(intents=intents, allowed_mentions=discord.AllowedMentions.none())


@pytest.fixture
def server(simcord_env: Env) -> GuildHandle:
    """A server that the bot is in."""
    return simcord_env.create_guild("Newsroom")


@pytest.fixture
def room(server: GuildHandle) -> ChannelHandle:
    """A text channel of the server, in which the bot may do all that it asks for."""
    return server.create_text_channel("news")


@pytest.fixture
def reader(simcord_env: Env, server: GuildHandle) -> simcord.MemberActor:
    """Somebody in the server without rights of their own."""
    return server.add_member(simcord_env.create_user("reader"))
