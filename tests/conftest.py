"""What every test may ask for."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.reading.gazetteer import Gazetteer, open_gazetteer
from bot.store import Store
from bot.store.upgrade import upgrade
from tests.fakes import HandClock
from tests.store.build import NOON

settings.register_profile("steady", derandomize=True, deadline=None)  # the same run for everyone, however slow
settings.register_profile("search", max_examples=2000, deadline=None)  # other inputs each time: make search
settings.load_profile("steady")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public test data that may lie beside the checkout; tests that need it skip where it is absent."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        # Its texts are other people's and may not be copied into the project, so that a clone stands without them.
        pytest.skip("the folder with public test data is not beside this checkout")
    return folder


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with nothing in it, to copy: faster than making each anew."""
    path = tmp_path_factory.mktemp("blank") / "store.db"
    upgrade(path)
    return path


@pytest.fixture
async def store(tmp_path: Path, clock: HandClock, blank: Path) -> AsyncIterator[Store]:
    shutil.copy(blank, tmp_path / "store.db")
    async with await Store.open(tmp_path / "store.db", clock=clock, reader="test") as opened:
        yield opened


@pytest.fixture(scope="session")
def index_folder(pytestconfig: pytest.Config) -> Path:
    """The folder of the whole place index, built once and kept between runs in pytest's own cache."""
    cache = pytestconfig.cache
    assert cache is not None
    return Path(cache.mkdir("gazetteer"))


@pytest.fixture(scope="session")
def gazetteer(index_folder: Path) -> Gazetteer:
    """The whole place index."""
    return open_gazetteer(index_folder)
