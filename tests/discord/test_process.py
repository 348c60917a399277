"""`dateline run` as a process of its own, with the loopback Discord: what only the end of a process shows."""

import asyncio
import os
import shutil
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.reading.gazetteer import Gazetteer
from bot.store import Store
from bot.types import Channel, Delivery, DeliveryState
from tests.adapters.build import briefing, digest
from tests.discord.loopback import HandTime, Hang, Loopback, texts
from tests.fakes import HandClock

ROOT = Path(__file__).parents[2]


@pytest.fixture
def time() -> HandTime:
    return HandTime()


@pytest.fixture
def environment(
    tmp_path: Path, index_folder: Path, gazetteer: Gazetteer, blank: Path, loopback: Loopback
) -> dict[str, str]:
    """Variables that give the service a store of its own, and the token; the place index is there already."""
    assert gazetteer
    shutil.copy(blank, tmp_path / "store.sqlite3")
    (tmp_path / "config.toml").write_text("console.enabled = false\nreading.workers = 1\nlog.level = 'error'\n")
    clean = {key: value for key, value in os.environ.items() if not key.startswith("DATELINE_")}
    return clean | {
        "DATELINE_STORE": str(tmp_path / "store.sqlite3"),
        "DATELINE_CACHE": str(index_folder),
        "DATELINE_DISCORD_TOKEN": loopback.token,
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
    }


@asynccontextmanager
async def service(loopback: Loopback, environment: dict[str, str]) -> AsyncIterator[Process]:
    """`dateline run`, which is ended if it doesn't end by itself."""
    command = [sys.executable, "-m", "tests.discord.pointed", str(loopback.port), "run"]
    folder = Path(environment["DATELINE_STORE"]).parent
    process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stderr=PIPE, env=environment, cwd=folder)
    try:
        async with asyncio.timeout(120):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_a_wrong_token_is_one_clear_line(loopback: Loopback, environment: dict[str, str]) -> None:
    async with service(loopback, environment | {"DATELINE_DISCORD_TOKEN": "another"}) as process:
        _, said = await process.communicate()
        (line,) = said.decode().splitlines()
    assert process.returncode == 1
    assert line.startswith("dateline: discord.token: ")
    assert "another" not in line


async def test_a_service_killed_while_it_posts_posts_once_all_the_same(
    loopback: Loopback, environment: dict[str, str], time: HandTime, clock: HandClock
) -> None:
    news = loopback.world.channel(loopback.world.guild())
    channel = Channel("discord", str(news.guild.id if news.guild else 0), str(news.id))
    headlines = ("Both claim the town", "Nine boats sank")

    async def store() -> Store:
        return await Store.open(Path(environment["DATELINE_STORE"]), clock=clock, reader="test")

    async with await store() as opened:
        for key, headline in zip(("k1", "k2"), headlines, strict=True):
            await opened.intend(Delivery(key, channel.key, digest(briefing(headline=headline))))
    loopback.orders.give("post", Hang())
    async with service(loopback, environment) as process:
        await loopback.until(lambda: news.messages)
        process.kill()
        await process.communicate()  # returns when nobody holds its output any more: its reading processes end with it
    time.now += 3600  # by then Discord has forgotten the nonce
    async with service(loopback, environment) as process:
        await loopback.until(lambda: len(news.messages) > 1)
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    assert process.returncode == 0
    shown = [texts(message) for message in news.messages.values()]
    assert [headline in text for headline in headlines for text in shown] == [True, False, False, True]
    async with await store() as opened:
        kept = await opened.delivery("k1")
        assert (kept.state, kept.message) == (DeliveryState.SETTLED, str(next(iter(news.messages))))
