"""The connection to the store's file: how transactions begin and end, and how its errors are told."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StoreError
from bot.ports import Clock

PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",  # readers never wait for the writer, and a killed process leaves a sound file
    "PRAGMA synchronous = FULL",  # an intent to post is on the disk before the post is sent
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",  # ms; another process may be writing
)


class Database:
    """One open file. Reads run side by side; writes of this process queue, those of others are waited for."""

    def __init__(self, path: Path, clock: Clock, reader: str) -> None:
        self._path = path
        self._clock = clock
        self._reader = reader
        self._engine = _engine(path)
        self._turn = asyncio.Lock()

    async def close(self) -> None:
        """Lets go of the file; the write-ahead log is folded into it."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one state of the store throughout."""
        with _translated(self._path):
            async with self._engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: all of it is kept, or nothing when an error leaves the block."""
        with _translated(self._path):
            async with self._turn, self._engine.execution_options(writes=True).begin() as connection:
                yield connection


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise StoreError(f"{path}: {error.orig}: check the file, its permissions and the disk's free space") from error


def _engine(path: Path) -> AsyncEngine:
    engine = create_async_engine(URL.create("sqlite+aiosqlite", database=str(path)))
    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", begin)
    return engine


def prepare(connection: Any, _record: object) -> None:
    """Sets up a fresh DBAPI connection; transactions are begun by us, as SQLAlchemy advises for SQLite."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def begin(connection: Connection) -> None:
    """Begins a transaction. One that will write locks at once: a reader that turns writer can't wait its turn."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
