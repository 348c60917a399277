"""The loopback server, and a fetcher that may visit it."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.news.fetch import Fetcher, FetchSettings
from tests.news.server import Server, serving

LOOPBACK = FetchSettings(allow=("127.0.0.0/8",), max_bytes=200_000, read_timeout=0.2, total_timeout=1.0)


async def everything_is_here(host: str) -> Sequence[str]:
    """A resolver that knows every '.example' name, at the loopback address."""
    if host.endswith(".example"):
        return ["127.0.0.1"]
    raise OSError("no such host")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as server:
        yield server


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(LOOPBACK, resolver=everything_is_here) as fetcher:
        yield fetcher


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of feeds, pages and files written for these tests."""
    return Path(__file__).parents[1] / "data" / "news"
