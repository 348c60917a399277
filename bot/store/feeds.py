"""Feeds, and what their last polls left behind."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Delete, Row, delete, select
from sqlalchemy.dialects.sqlite import insert

from bot.store.database import Database
from bot.store.schema import entries, feeds, follows, origins
from bot.store.tenancy import seen_by
from bot.types import Feed

MOST_PATIENCE: Final = timedelta(days=1)  # between polls of a feed that keeps failing

KEPT: Final = 10_000  # ids of entries to a feed; feeds list tens of entries, archives a few thousand


def next_poll(feed: Feed, every: timedelta) -> datetime | None:
    """When the feed is to be polled next, twice as late with each failure in a row; None: at once."""
    if feed.polled is None:
        return None
    patience: timedelta = min(every * 2 ** min(feed.failures, 16), max(every, MOST_PATIENCE))
    return feed.polled + patience


class Feeds(Database):
    """What is polled. A feed is followed as the origin that its URL names, and polled while anyone follows it."""

    async def add_feed(self, feed: Feed) -> bool:
        """Whether the feed wasn't known; one that is keeps what its polls have left."""
        async with self._writing() as connection:
            added = await connection.execute(insert(feeds).values(asdict(feed)).on_conflict_do_nothing())
            return added.rowcount > 0

    async def save_poll(self, feed: Feed, taken: Iterable[str] = ()) -> None:
        """Keeps what a poll has left in place of what was known, and the ids of the entries that it has taken in."""
        row = insert(feeds).values(asdict(feed))
        rows = [{"feed": feed.url, "id": entry} for entry in taken]
        async with self._writing() as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["url"], set_=asdict(feed)))
            if rows:
                await connection.execute(insert(entries).on_conflict_do_nothing(), rows)
                await connection.execute(_forget_old(feed.url))

    async def known_entries(self, feed: str) -> set[str]:
        """The ids of the entries of the feed that have been taken in, the latest 10,000 of them."""
        async with self._reading() as connection:
            return set((await connection.execute(select(entries.c.id).where(entries.c.feed == feed))).scalars())

    async def feeds(self, workspace: str | None = None) -> list[Feed]:
        """The feeds that the workspace follows, or that anyone follows, by URL."""
        followed = select(follows).where(follows.c.origin == origins.c.number, seen_by(origins.c.number, workspace))
        query = select(feeds).join(origins, origins.c.name == feeds.c.url).where(followed.exists())
        async with self._reading() as connection:
            return [_feed(row) for row in (await connection.execute(query.order_by(feeds.c.url))).all()]

    async def due_feeds(self, now: datetime, every: timedelta) -> list[Feed]:
        """The feeds whose time to be polled has come, longest waiting first."""
        waiting = [(next_poll(feed, every), feed) for feed in await self.feeds()]
        due = [
            (when or datetime.min.replace(tzinfo=now.tzinfo), feed) for when, feed in waiting if not when or when <= now
        ]
        return [feed for _, feed in sorted(due, key=lambda pair: pair[0])]


def _forget_old(feed: str) -> Delete:
    """Takes away the ids that no feed still lists, going by how many came after them."""
    of = entries.c.feed == feed
    kept = select(entries.c.number).where(of).order_by(entries.c.number.desc()).limit(KEPT)
    return delete(entries).where(of, entries.c.number.not_in(kept))


def _feed(row: Row[Any]) -> Feed:
    return Feed(row.url, row.title, row.etag, row.last_modified, row.polled, row.failures, row.error)
