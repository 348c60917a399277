"""Articles as they came in, and the queries that find them again."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    exists,
    func,
    literal_column,
    select,
)

from bot.errors import NotFound
from bot.store.putting import Given, put
from bot.store.readings import Readings
from bot.store.schema import article_words, articles, mentions, readings
from bot.store.tenancy import seen_by, visible
from bot.store.values import LAST, Stored, article_of, reading_of
from bot.types import Article, Reading

Read = tuple[Article, Reading]

FEW_PLACES: Final = 50  # more are in so many articles that it is quicker to go through the newest ones
SHORTEST: Final = 3  # letters that the beginning of a word must have: two are in half of all articles
NEWEST: Final = (articles.c.happened.desc(), articles.c.number.desc())


class Articles(Readings):
    """What was taken in. Each origin keeps its own version of an article, so that none sees another's words."""

    async def add_article(self, article: Article, origin: str) -> Stored:
        """How the article stands to what the origin gave before under its id.

        'new'; 'changed' when the title or the text differ, and then what was read in the old text is dropped; else
        'known': a feed that rewrites dates or links changes nothing.
        """
        async with self._writing() as connection:
            (state,) = await put(connection, [Given(article, origin)], self._clock(), self._reader)
        return state

    async def article(self, workspace: str | None, id_or_prefix: str) -> Article:
        """The article with that id, or the one whose id begins so. Workspace None sees all.

        Raises:
            NotFound: none, or several (then they are its suggestions).
        """
        wanted = id_or_prefix.strip().lower()
        begins = and_(articles.c.id >= wanted, articles.c.id < wanted + LAST)
        query = select(articles).where(visible(workspace), begins).limit(20)
        async with self._reading() as connection:
            rows = (await connection.execute(query)).all()
        found = {row.id: row for row in rows}
        if not wanted or not found:
            raise NotFound(
                f"no article {id_or_prefix!r}: give the first digits of an id that a briefing or a list shows"
            )
        if len(found) > 1:
            raise NotFound(f"several articles begin with {id_or_prefix!r}: give more digits", tuple(sorted(found)))
        return article_of(rows[0])

    async def articles(
        self,
        workspace: str | None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        places: Collection[int] | None = None,
        text: str | None = None,
        limit: int = 200,
    ) -> list[Read]:
        """Articles that have been read, newest first, at most ``limit``.

        ``since`` (included) and ``until`` (not included) bound when they were published, or first seen where the
        publisher gives no time or one yet to come. ``places`` are geonameids, one of which the article mentions;
        ``text`` words that it has.
        """
        query = _numbers(workspace).order_by(*NEWEST).limit(limit)
        if text is not None:
            matching = select(article_words.c.rowid).where(matches(text))
            query = query.where(articles.c.number.in_(matching))
        if places is not None:
            query = query.where(mentioning(places))
        return await self._pairs(_between(query, since, until), NEWEST)

    async def search(
        self, workspace: str | None, words: str, since: datetime | None = None, limit: int = 50
    ) -> list[Read]:
        """Articles that have all the words in title or text, best match first (BM25; the title counts more).

        The last word may be the beginning of one; words in double quotes stand together. No words find nothing.
        """
        rank = func.bm25(literal_column("article_words"), 4.0, 1.0).label("rank")
        query = _numbers(workspace).join(article_words, article_words.c.rowid == articles.c.number)
        query = query.add_columns(rank).where(matches(words)).order_by(rank, *NEWEST).limit(limit)
        return await self._pairs(_between(query, since, None), (literal_column("rank"), *NEWEST))

    async def arrivals(self, workspace: str, after: int, limit: int = 1000) -> tuple[list[Read], int]:
        """Articles first read after the arrival numbered ``after``, oldest first, and the last arrival that is covered.

        Arrivals are counted, not timed: a digest that goes on from the number which the last one ended at misses
        nothing and repeats nothing, however the clock jumps. A corrected article doesn't arrive again.
        """
        known = articles.alias("known")
        repeated = exists().where(
            known.c.id == articles.c.id, known.c.arrival <= after, seen_by(known.c.origin, workspace)
        )
        query = (
            _numbers(workspace)
            .where(articles.c.arrival > max(after, 0), ~repeated)
            .order_by(articles.c.arrival)
            .limit(limit)
        )
        async with self._reading() as connection:
            rows = (await connection.execute(_rows(query, (articles.c.arrival,)))).all()
            last = (await connection.execute(select(func.max(articles.c.arrival)))).scalar() or 0
        covered = rows[-1].arrival if len(rows) == limit else max(last, after)
        return await asyncio.to_thread(_decoded, rows), covered

    async def everything(self, page: int = 200) -> AsyncIterator[tuple[Article, Reading | None]]:
        """Every article of every origin in the order of coming, with what was found in it if it has been read.

        Fetched ``page`` at a time, so that neither memory nor other users of the store feel it.
        """
        after = 0
        query = select(articles, readings.c.body).outerjoin(readings, readings.c.article == articles.c.number)
        while True:
            next_page = query.where(articles.c.number > after).order_by(articles.c.number).limit(page)
            async with self._reading() as connection:
                rows = (await connection.execute(next_page)).all()
            for row in rows:
                yield article_of(row), reading_of(row.body, row.id) if row.body else None
            if len(rows) < page:
                return
            after = rows[-1].number

    async def last_arrival(self) -> int:
        """The number of the last article that was first read."""
        async with self._reading() as connection:
            return (await connection.execute(select(func.max(articles.c.arrival)))).scalar() or 0

    async def _pairs(self, numbers: Select[Any], order: Sequence[ColumnElement[Any]]) -> list[Read]:
        async with self._reading() as connection:
            rows = (await connection.execute(_rows(numbers, order))).all()
        return await asyncio.to_thread(_decoded, rows)


def match_expression(words: str) -> str:
    """The words as FTS5 takes them: each quoted, so that none is an operator; the last one open at its end.

    https://www.sqlite.org/fts5.html, 3.1 to 3.3.
    """
    phrases = [
        " ".join(re.findall(r"\w+", quoted or bare)) for quoted, bare in re.findall(r'"([^"]*)"|([^\s"]+)', words)
    ]
    terms = [f'"{phrase}"' for phrase in phrases if phrase]
    open_ended = bool(terms) and not words.rstrip().endswith('"') and len(phrases[-1]) >= SHORTEST
    return " ".join(terms) + ("*" if open_ended else "")


def matches(words: str) -> ColumnElement[bool]:
    """Whether a row of the full-text index has all the words."""
    table: ColumnElement[str] = literal_column("article_words")
    return table.op("MATCH", is_comparison=True)(match_expression(words) or '""')


def mentioning(places: Collection[int]) -> ColumnElement[bool]:
    """Whether a row of ``articles`` mentions one of the places."""
    # As JSON, since a country contains more places than a statement may have parameters.
    wanted = func.json_each(json.dumps(list(places))).table_valued("value")
    named = select(mentions.c.article).where(mentions.c.geonameid.in_(select(wanted.c.value)))
    if len(places) > FEW_PLACES:
        return named.where(mentions.c.article == articles.c.number).exists()
    return articles.c.number.in_(named)


def _numbers(workspace: str | None) -> Select[Any]:
    """The numbers of articles that have been read; texts and readings are fetched for those only that are wanted."""
    read = exists().where(readings.c.article == articles.c.number, readings.c.error.is_(None))
    return select(articles.c.number).where(visible(workspace), read)


def _rows(numbers: Select[Any], order: Sequence[ColumnElement[Any]]) -> Select[Any]:
    wanted = numbers.subquery()
    joined = select(articles, readings.c.body).join(wanted, wanted.c.number == articles.c.number)
    return joined.join(readings, readings.c.article == articles.c.number).order_by(*order)


def _between(query: Select[Any], since: datetime | None, until: datetime | None) -> Select[Any]:
    if since is not None:
        query = query.where(articles.c.happened >= since)
    if until is not None:
        query = query.where(articles.c.happened < until)
    return query


def _decoded(rows: Sequence[Row[Any]]) -> list[Read]:
    return [(article_of(row), reading_of(row.body, row.id)) for row in rows]
