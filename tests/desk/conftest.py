from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App, open_app
from bot.config import Config
from tests.fakes import HandClock


@pytest.fixture
async def app(tmp_path: Path, clock: HandClock, index_folder: Path) -> AsyncIterator[App]:
    """Everything wired as it is for a command, on a store of its own."""
    config = Config(store=tmp_path / "store.sqlite3", cache=index_folder)
    async with open_app(config, clock=clock) as opened:
        yield opened
