"""Brings a store's file to this version's tables before it is opened for use."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import URL, create_engine, event
from sqlalchemy.exc import DatabaseError

from bot.errors import NewerStore, StoreError
from bot.store.database import begin, prepare

MIGRATIONS: Final = Path(__file__).parent / "migrations"


def versions() -> tuple[str, ...]:
    """The versions of the tables that this Dateline knows, oldest first: '0001', '0002' ..."""
    return tuple(sorted(script.name.split("_")[0] for script in (MIGRATIONS / "versions").glob("[0-9]*_*.py")))


def upgrade(path: Path) -> None:
    """Makes the file, or brings it up to date, in one transaction; one that is up to date is not touched.

    Raises:
        NewerStore: a newer Dateline wrote the file; it stays as it was.
        StoreError: the file is no store, or can't be read or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        version = version_of(path)
        if version != versions()[-1]:
            _migrate(path)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}: name a file that can be written") from error
    except (sqlite3.Error, DatabaseError) as error:
        reason = error.orig if isinstance(error, DatabaseError) else error
        raise StoreError(f"{path}: {reason}: name a Dateline store, or a new file that can be written") from error


def version_of(path: Path) -> str | None:
    """The version of the file's tables; None for a file that is missing or empty.

    Raises:
        NewerStore: a newer Dateline wrote it.
        StoreError: it is another program's.
    """
    if not path.exists():
        return None
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=10)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            return None
        if not {"alembic_version", "articles"} <= tables:
            raise StoreError(f"{path}: this is another program's database: name a Dateline store or a new file")
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if version not in versions():
        raise NewerStore(
            f"{path}: written by a newer Dateline (tables {version}, this one knows {versions()[-1]}): "
            "upgrade Dateline, or name another file"
        )
    return str(version)


def _migrate(path: Path) -> None:
    # Alembic takes a third of a second to import, and most starts find the tables up to date.
    from alembic import command
    from alembic.config import Config

    engine = create_engine(URL.create("sqlite", database=str(path)))
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        with engine.execution_options(writes=True).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
