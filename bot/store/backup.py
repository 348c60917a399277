"""A store's file copied while it is in use, and put back."""

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from bot.errors import StoreError
from bot.ports import Progress
from bot.store.upgrade import upgrade, version_of

PAGES = 1_000  # copied at a time: 4 MB, so that who writes in between hardly waits


def backup(store: Path, target: Path, progress: Progress) -> None:
    """Writes a whole copy of the store as it is now; the file appears under its name once it is complete.

    Raises:
        StoreError: there is no store to copy, or the copy can't be written; nothing is left of it.
    """
    if not _is_store(store):
        raise StoreError(f"{store}: there is no store yet, so there is nothing to back up")
    _copy(store, target, progress)


def restore(saved: Path, store: Path, progress: Progress) -> None:
    """Puts the copy in the store's place, brought up to date; the caller keeps services off the store.

    Raises:
        NewerStore: a newer Dateline wrote the copy.
        StoreError: it is no copy of a store, or the store can't be written; the store stays as it was.
    """
    if not _is_store(saved):
        raise StoreError(f"{saved}: there is no such copy of a store; `dateline backup FILE` makes one")
    draft = store.with_name(f"{store.name}.restored")
    _copy(saved, draft, progress)
    upgrade(draft)
    _quiesce(draft)
    _quiesce(store)
    draft.replace(store)


def _is_store(path: Path) -> bool:
    try:
        return path.is_file() and version_of(path) is not None
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}: name a Dateline store, or a copy of one") from error


def _quiesce(store: Path) -> None:
    """Has nothing but the file itself hold the store: a write-ahead log left beside it would spoil its successor."""
    if not store.exists():
        return
    try:
        with closing(sqlite3.connect(store)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise StoreError(f"{store}: {error}: end whatever else is using it, then try again") from error
    except sqlite3.DatabaseError:  # what is there is no database any more: a good reason to restore one
        for suffix in ("-wal", "-shm"):
            store.with_name(f"{store.name}{suffix}").unlink(missing_ok=True)


def _copy(source: Path, target: Path, progress: Progress) -> None:
    """https://www.sqlite.org/backup.html: what is written while the copy is made goes into it too."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        os.close(handle)
        draft = Path(name)
        try:
            with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(draft)) as new:
                old.backup(new, pages=PAGES, progress=lambda _, left, total: progress(total - left, total))
                new.execute("PRAGMA journal_mode = DELETE")  # one file, without a write-ahead log beside it
            draft.replace(target)
        finally:
            with suppress(FileNotFoundError):
                draft.unlink()
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{target}: can't be written: {error}; name another file, or make room") from error
