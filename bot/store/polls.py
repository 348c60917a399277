"""What polls have found, kept many at a time: one write for each entry would be too slow for thousands of feeds."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Final

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.news.poll import PollResult
from bot.news.recognise import Trace
from bot.store.database import Database
from bot.store.putting import Given, put
from bot.store.schema import entries, feeds
from bot.store.values import Stored
from bot.types import Feed

KEPT: Final = 10_000  # entries to a feed; feeds list tens of entries, archives a few thousand
_FEED: Final = tuple(field.name for field in fields(Feed))
_TRACE: Final = tuple(field.name for field in fields(Trace))


class Polls(Database):
    """The results of polls, and what they are compared with."""

    async def traces(self, feed: str, like: Sequence[Trace]) -> list[Trace]:
        """What is remembered of the feed's entries that share an id, an address or their words with one of ``like``."""
        one_of = or_(
            entries.c.id.in_([trace.id for trace in like]),
            entries.c.link.in_({trace.link for trace in like if trace.link}),
            entries.c.digest.in_({trace.digest for trace in like if trace.digest}),
        )
        async with self._reading() as connection:
            rows = (await connection.execute(select(entries).where(entries.c.feed == feed, one_of))).all()
        return [Trace(row.id, row.link, row.digest, row.updated, row.article, row.background) for row in rows]

    async def save_polls(self, results: Sequence[PollResult]) -> list[list[tuple[str, Stored]]]:
        """For each poll the ids of its articles with how they stand to what was there; all is kept, or nothing."""
        given = [
            Given(article, result.feed.url, article.id in result.background, article.id in result.parts)
            for result in results
            for article in result.articles
        ]
        async with self._writing() as connection:
            await _save_feeds(connection, results)
            await _remember(connection, results)
            states = iter(await put(connection, given, self._clock(), self._reader) if given else [])
        return [[(article.id, next(states)) for article in result.articles] for result in results]


async def _save_feeds(connection: AsyncConnection, results: Sequence[PollResult]) -> None:
    rows = [{f"new_{name}": getattr(result.feed, name) for name in _FEED} for result in results]
    values: dict[str, object] = {name: bindparam(f"new_{name}") for name in _FEED if name != "url"}
    await connection.execute(update(feeds).where(feeds.c.url == bindparam("new_url")).values(values), rows)


async def _remember(connection: AsyncConnection, results: Sequence[PollResult]) -> None:
    rows = [
        {"feed": result.feed.url} | {name: getattr(trace, name) for name in _TRACE}
        for result in results
        for trace in result.traces
    ]
    if not rows:
        return
    row = insert(entries)
    said = {name: row.excluded[name] for name in _TRACE if name != "id"}
    await connection.execute(row.on_conflict_do_update(index_elements=["feed", "id"], set_=said), rows)
    named = {result.feed.url for result in results if result.traces}
    many = select(entries.c.feed).where(entries.c.feed.in_(named)).group_by(entries.c.feed)
    for feed in (await connection.execute(many.having(func.count() > KEPT))).scalars().all():
        await _forget_old(connection, feed)


async def _forget_old(connection: AsyncConnection, feed: str) -> None:
    """Takes away what no feed still lists, going by how many entries came after it."""
    of = entries.c.feed == feed
    kept = select(entries.c.number).where(of).order_by(entries.c.number.desc()).limit(KEPT)
    await connection.execute(delete(entries).where(of, entries.c.number.not_in(kept)))
