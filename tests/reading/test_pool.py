import multiprocessing
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import UnreadableInput, UnsupportedLanguage
from bot.reading.gazetteer import Gazetteer
from bot.reading.pool import PoolReader, ThreadReader
from bot.types import Article

FERRY = Article(
    "f1",
    "The ferry to Batumi turned back on Friday after a crack was found in its hull, the port authority said. "
    "“Nobody was in danger,” said its captain, Nino Kvaratskhelia.",
)
POLISH = Article("s1", "Burmistrz Sandomierza powiedział w piątek, że most pozostanie zamknięty do wiosny.")


@pytest.fixture
async def pool(index_folder: Path, gazetteer: Gazetteer) -> AsyncIterator[PoolReader]:
    """Two workers, on an index that is there already."""
    assert gazetteer
    async with PoolReader(index_folder, 2) as opened:
        yield opened


async def test_a_worker_reads_what_this_process_would(pool: PoolReader, gazetteer: Gazetteer) -> None:
    assert await pool.read(FERRY) == await ThreadReader(gazetteer).read(FERRY)


async def test_an_article_that_can_not_be_read_does_not_stop_the_next(pool: PoolReader) -> None:
    with pytest.raises(UnsupportedLanguage, match="in Polish"):
        await pool.read(POLISH)
    with pytest.raises(UnreadableInput):
        await pool.read(Article("e1", "12 34"))
    assert (await pool.read(FERRY)).attributions


async def test_a_killed_worker_costs_no_article(pool: PoolReader) -> None:
    await pool.read(FERRY)
    for worker in multiprocessing.active_children():
        worker.kill()
    assert (await pool.read(FERRY)).article == "f1"


async def test_an_interrupt_is_the_service_s_to_handle(pool: PoolReader) -> None:
    await pool.read(FERRY)
    workers = {worker.pid for worker in multiprocessing.active_children()}
    for pid in workers:
        os.kill(pid or 0, signal.SIGINT)
    assert (await pool.read(FERRY)).article == "f1"
    assert {worker.pid for worker in multiprocessing.active_children()} == workers
