"""The bot itself in a simulated Discord: the real desk on a store of its own, with an article of our own writing."""

from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import discord
import pytest
from simcord import ChannelHandle, Env, GuildHandle, MemberActor

from adapters.discord.client import DatelineClient
from bot.app import App, open_app
from bot.config import Config
from bot.types import Article
from tests.fakes import HandClock

TEXT = (
    "Two bridges near Lyman were closed on Tuesday after the river rose, the governor's office said. "
    "“Nobody has been hurt,” said Olena Hrytsenko, spokeswoman for the rescue service in Kharkiv. "
    "Buses are going round by Sloviansk until Friday, the operator said."
)


@pytest.fixture
async def app(tmp_path: Path, clock: HandClock, index_folder: Path) -> AsyncIterator[App]:
    async with open_app(Config(store=tmp_path / "store.sqlite3", cache=index_folder), clock=clock) as opened:
        yield opened


@pytest.fixture
def simcord_bot(app: App) -> DatelineClient:
    """The bot, on one shard, without the message content intent."""
    return DatelineClient(app.desk, ZoneInfo("UTC"), shards=1)


async def follow(app: App, tenant: str) -> None:
    """Has the workspace follow one article, which is read."""
    article = Article("0123456789ab", TEXT, "https://news.example/floods", "The Example", "Bridges", language="en")
    await app.store.follow(tenant, "feed")
    await app.store.add_article(article, "feed")
    await app.desk.intake.read()


@pytest.fixture
async def newsroom(app: App, server: GuildHandle, room: ChannelHandle) -> ChannelHandle:
    """A channel of a server that follows the article."""
    await follow(app, f"discord:{server.id}")
    return room


@pytest.fixture
def editor(simcord_env: Env, server: GuildHandle) -> MemberActor:
    """Somebody who may manage the server."""
    role = server.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    return server.add_member(simcord_env.create_user("editor"), roles=[role])
