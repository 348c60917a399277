"""The store: all that Dateline remembers, in one SQLite file. ``docs/store.md`` explains it."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.ports import Clock
from bot.store.choices import Choices, choice_id
from bot.store.corrections import Correction, Corrections
from bot.store.coverage import Coverage
from bot.store.deliveries import Deliveries
from bot.store.feeds import Feeds, Following
from bot.store.files import Files
from bot.store.installations import Installations
from bot.store.llm import Cost, Reservation, Writings
from bot.store.names import Names
from bot.store.polls import Polls
from bot.store.retention import Retention
from bot.store.shown import Quotes, Shown, shown_id
from bot.store.stories import Likenesses, Profiled, Search, Stories, Unlinked
from bot.store.subscriptions import Subscriptions
from bot.store.tenancy import by_hand
from bot.store.upgrade import upgrade
from bot.store.values import Stored
from bot.store.watches import Hit, Watches

__all__ = [
    "Correction",
    "Cost",
    "Following",
    "Hit",
    "Likenesses",
    "Profiled",
    "Quotes",
    "Reservation",
    "Search",
    "Store",
    "Stored",
    "Unlinked",
    "by_hand",
    "choice_id",
    "shown_id",
]


def _now() -> datetime:
    return datetime.now(UTC)


class Store(
    Names,
    Corrections,
    Coverage,
    Feeds,
    Polls,
    Files,
    Deliveries,
    Subscriptions,
    Watches,
    Choices,
    Shown,
    Installations,
    Retention,
    Writings,
    Stories,
):
    """Everything that outlives a run. Each method is one transaction; a killed process leaves whole ones only."""

    @classmethod
    async def open(cls, path: Path, *, clock: Clock = _now, reader: str = "1") -> Self:
        """The store in the file, made or brought up to date as need be.

        ``reader`` is the version of the reader: what another one has read counts as unread, to be read again.

        Raises:
            NewerStore: a newer Dateline wrote the file; it stays as it was.
            StoreError: the file is no store, or can't be read or written.
        """
        await asyncio.to_thread(upgrade, path)
        return cls(path, clock, reader)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
