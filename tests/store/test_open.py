import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from bot.errors import NewerStore, StoreError
from bot.store import Store
from bot.store.schema import metadata
from bot.store.upgrade import versions
from tests.store.build import article


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def test_a_new_store_makes_its_folder_and_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "data" / "100% mine" / "store.db"
    async with await Store.open(path) as store:
        await store.add_article(article("a"), "hand")
    async with await Store.open(path) as store:
        assert (await store.article(None, article("a").id)).title == "a"
    assert names(path.parent) == ["store.db"]


async def test_the_migrations_make_the_tables_that_the_code_expects(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    await (await Store.open(path)).close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


async def test_it_is_written_ahead_and_keeps_its_references(store: Store) -> None:
    async with store._reading() as connection:
        assert (await connection.execute(text("PRAGMA journal_mode"))).scalar() == "wal"
        assert (await connection.execute(text("PRAGMA foreign_keys"))).scalar() == 1


async def test_a_store_of_a_newer_version_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    await (await Store.open(path)).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(NewerStore, match=r"newer Dateline.*9999.*upgrade"):
        await Store.open(path)
    assert path.read_bytes() == before
    assert names(tmp_path) == ["store.db"]


async def test_what_is_no_store_is_refused_in_words_and_left_as_it_was(tmp_path: Path) -> None:
    text_file = tmp_path / "notes.txt"
    text_file.write_text("buy milk\n" * 200)
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    for path in (text_file, other, tmp_path, text_file / "store.db"):
        before = path.read_bytes() if path.is_file() else b""
        with pytest.raises(StoreError) as raised:
            await Store.open(path)
        assert str(path) in str(raised.value)
        assert "name" in str(raised.value)
        assert (path.read_bytes() if path.is_file() else b"") == before


async def test_two_processes_may_open_a_new_store_at_once(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    first, second = await asyncio.gather(Store.open(path), Store.open(path))
    await asyncio.gather(*(store.add_article(article(f"{i}"), "hand") for i, store in enumerate((first, second) * 5)))
    assert len(await first.unread()) == 10
    await asyncio.gather(first.close(), second.close())


async def test_an_error_of_the_database_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    async with await Store.open(path) as store:
        async with store._writing() as connection:
            await connection.execute(text("DROP TABLE follows"))
        with pytest.raises(StoreError, match=r"store\.db: no such table"):
            await store.follow("w", "hand")


def test_versions_are_numbered_without_gaps() -> None:
    assert versions() == tuple(f"{number:04}" for number in range(1, len(versions()) + 1))
