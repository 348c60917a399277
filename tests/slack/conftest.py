"""What tests of Slack may ask for."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import App, open_app
from bot.config import Config
from tests.fakes import HandClock
from tests.slack.chatting import chatting, follow
from tests.slack.loopback import Loopback, serving


def pytest_configure(config: pytest.Config) -> None:
    """slack_sdk 3 sends the app's secret with aiohttp's BasicAuth, which aiohttp 3.14 says will go with its next."""
    config.addinivalue_line("filterwarnings", "ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture
async def loopback(clock: HandClock) -> AsyncIterator[Loopback]:
    """A Slack of its own, over real HTTP and websockets, whose time is ``clock``."""
    async with serving(clock) as slack:
        yield slack
    assert slack.broken == []


@pytest.fixture
async def app(tmp_path: Path, clock: HandClock, index_folder: Path, blank: Path) -> AsyncIterator[App]:
    """Everything wired but the chat, on an empty store."""
    shutil.copy(blank, tmp_path / "store.sqlite3")
    async with open_app(Config(store=tmp_path / "store.sqlite3", cache=index_folder), clock=clock) as opened:
        yield opened


@pytest.fixture
async def slack(app: App, loopback: Loopback) -> AsyncIterator[Loopback]:
    """The loopback, with the chat connected to it by Socket Mode; nothing is followed."""
    async with chatting(app, loopback):
        yield loopback


@pytest.fixture
async def newsroom(app: App, slack: Loopback) -> Loopback:
    """The same, where the workspace follows one article."""
    await follow(app)
    return slack


@pytest.fixture
def client(loopback: Loopback) -> AsyncWebClient:
    """A client of the workspace that repeats nothing."""
    return AsyncWebClient(loopback.bot_token, base_url=loopback.base_url, timeout=1, retry_handlers=[])
