"""Our poller as the measurements drive it: the intake desk on a store of its own, without a reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

from sqlalchemy import func, select

from bot.desk.feeds import FeedDesk
from bot.news.fetch import Fetcher, FetchSettings
from bot.news.rhythm import Rhythm
from bot.store import Following, Store
from bot.store.schema import articles
from bot.types import Feed
from tests.bench.polling import START
from tests.fakes import HandClock


@dataclass
class Ours:
    """A desk whose clock is set by hand."""

    clock: HandClock
    store: Store
    fetcher: Fetcher
    desk: FeedDesk

    @classmethod
    async def open(cls, path: Path, rhythm: Rhythm | None = None) -> Self:
        """On a new store."""
        clock = HandClock(START + timedelta(hours=3))
        store = await Store.open(path, clock=clock, reader="bench")
        fetcher = Fetcher(FetchSettings(allow=("127.0.0.0/8",)))
        return cls(clock, store, fetcher, FeedDesk(store, fetcher, clock, rhythm=rhythm))

    async def follow(self, urls: Iterable[str]) -> None:
        """Follows the feeds at the addresses."""
        for url in urls:
            await self.store.follow_feed(Following("bench", Feed(url)))

    async def poll(self) -> int:
        """How many articles the feeds that are due have brought."""
        taken = await self.desk.poll()
        return len(taken.new)

    async def due(self) -> list[Feed]:
        """The feeds that are still due."""
        return await self.store.due_feeds(self.clock())

    async def entries(self) -> int:
        """How many articles there are."""
        async with self.store._reading() as connection:
            return (await connection.execute(select(func.count()).select_from(articles))).scalar_one()

    async def close(self) -> None:
        """Lets go of everything."""
        await self.desk.close()
        await self.store.close()
