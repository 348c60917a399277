"""Two Discords for the real discord.py: a simulated one without network, and the loopback one over real sockets.

The simulated one has a server in it (https://simcord.readthedocs.io/).
"""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import discord
import pytest
import simcord
from simcord import ChannelHandle, Env, GuildHandle

import adapters.discord.client
from bot.app import App, open_app
from bot.config import Config
from tests.discord.loopback import Channel, HandTime, Loopback, serving, waiting
from tests.fakes import HandClock


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


# --- the loopback


@pytest.fixture
def time() -> Iterator[HandTime]:
    """The loopback's time, and that by which discord.py and the client wait."""
    hand = HandTime()
    with waiting(hand, adapters.discord.client):
        yield hand


@pytest.fixture
async def loopback(time: HandTime) -> AsyncIterator[Loopback]:
    """A Discord over real sockets."""
    async with serving(time) as server:
        yield server


@pytest.fixture
async def app(tmp_path: Path, clock: HandClock, index_folder: Path, blank: Path) -> AsyncIterator[App]:
    """Everything wired but the chat, on an empty store."""
    shutil.copy(blank, tmp_path / "store.sqlite3")
    config = Config(store=tmp_path / "store.sqlite3", cache=index_folder)
    async with open_app(config, clock=clock) as opened:
        yield opened


@pytest.fixture
def news(loopback: Loopback) -> Channel:
    """A text channel of a server on the loopback, which the bot is in."""
    return loopback.world.channel(loopback.world.guild())
