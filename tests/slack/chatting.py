"""The whole adapter on a store of its own, between the loopback Slack and the real desk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from adapters.slack.app import SlackChat
from adapters.slack.pace import Pace
from bot.app import App
from bot.config import SlackConfig
from bot.types import Article
from tests.slack.loopback import TEAM, Loopback

TEXT = (
    "Two bridges near Lyman were closed on Tuesday after the river rose, the governor's office said. "
    "“Nobody has been hurt,” said Olena Hrytsenko, spokeswoman for the rescue service in Kharkiv. "
    "Buses are going round by Sloviansk until Friday, the operator said."
)
ADDRESS = "https://news.example/floods"


def settings(loopback: Loopback, **more: object) -> SlackConfig:
    """A configuration for the first workspace, in Socket Mode unless ``more`` says otherwise."""
    given: dict[str, object] = {
        "enabled": True,
        "bot_token": SecretStr(loopback.bot_token),
        "app_token": SecretStr(loopback.app_token),
        "signing_secret": SecretStr(loopback.signing_secret),
    }
    return SlackConfig.model_validate(given | more)


def chat_of(app: App, loopback: Loopback, **more: object) -> SlackChat:
    """The chat, not yet connected; it posts without pauses, which the loopback then doesn't ask for."""
    loopback.limits.pace = timedelta(0)
    config = settings(loopback, **more)
    return SlackChat(app.desk, config, app.store, ZoneInfo("UTC"), base_url=loopback.base_url, pace=Pace(every=0))


@asynccontextmanager
async def chatting(app: App, loopback: Loopback, **more: object) -> AsyncIterator[SlackChat]:
    """The chat, connected, and known to the desk as ``bot.app.serve`` has it."""
    async with chat_of(app, loopback, **more) as chat:
        app.posters[chat.platform] = app.tellers[chat.platform] = chat
        yield chat


async def follow(app: App, tenant: str = f"slack:{TEAM}") -> None:
    """Has the workspace follow one article, which is read."""
    article = Article("0123456789ab", TEXT, ADDRESS, "The Example", "Bridges", language="en")
    await app.store.follow(tenant, "feed")
    await app.store.add_article(article, "feed")
    await app.desk.intake.read()
