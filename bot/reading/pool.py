"""Reading away from the event loop: in worker processes, or in a thread where one article is all there is to read."""

import asyncio
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from bot.errors import UnreadableInput
from bot.reading.gazetteer import Gazetteer
from bot.reading.read import ArticleReader
from bot.types import Article, Reading

log = structlog.get_logger()

_reader: ArticleReader | None = None  # of this worker process


def _start(cache: Path) -> None:
    global _reader
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the service ends its workers itself
    threading.Thread(target=_end_with_the_service, daemon=True).start()
    _reader = ArticleReader.open(cache)


def _end_with_the_service() -> None:
    """Ends this worker when the service is killed: nobody tells it then, and it would wait for articles for ever."""
    service = multiprocessing.parent_process()
    assert service is not None  # noqa: S101 (a worker has one)
    service.join()
    os._exit(1)


def _ready() -> None:
    """Nothing: that a worker is there to do it is all that is wanted."""


def _read(article: Article) -> Reading:
    assert _reader is not None  # noqa: S101 (the pool runs the initialiser first)
    return _reader.read(article)


class PoolReader:
    """Reads in ``workers`` processes. Opens with the place index already built in ``cache``."""

    def __init__(self, cache: Path, workers: int) -> None:
        self._cache = cache
        self._workers = workers
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        # Not forked: a fork would copy the event loop, its sockets and the store's connection.
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(self._workers, mp_context=context, initializer=_start, initargs=(self._cache,))
        for _ in range(self._workers):
            pool.submit(_ready)  # a worker starts when there is work: this has them ready for the first article
        return pool

    async def read(self, article: Article) -> Reading:
        """What is found in the article; the next free worker reads it.

        A worker that dies (out of memory, say) takes the pool with it: a new one tries the article once more.

        Raises:
            UnsupportedLanguage, UnreadableInput: it can't be read.
        """
        try:
            return await self._submit(article)
        except BrokenProcessPool:
            log.warning("a reading process died; trying again in a new one", article=article.id)
        try:
            return await self._submit(article)
        except BrokenProcessPool as error:
            raise UnreadableInput(
                f"article {article.id}: reading it ended the process twice; it is left out"
            ) from error

    async def _submit(self, article: Article) -> Reading:
        pool = self._pool
        try:
            return await asyncio.wrap_future(pool.submit(_read, article))
        except BrokenProcessPool:
            if pool is self._pool:
                self._pool = self._new_pool()
            raise

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)


class ThreadReader:
    """Reads in a thread of this process: no worker to start, for a command that reads an article or two."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._reader: ArticleReader | None = None
        self._one_at_a_time = asyncio.Lock()

    async def read(self, article: Article) -> Reading:
        """What is found in the article.

        Raises:
            UnsupportedLanguage, UnreadableInput: it can't be read.
        """
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._read, article)

    def _read(self, article: Article) -> Reading:
        self._reader = self._reader or ArticleReader(self._gazetteer)
        return self._reader.read(article)
