"""Readings: kept whole as JSON, and in rows that queries can find."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.reading import identity
from bot.store.schema import (
    article_sources,
    articles,
    mentions,
    place_spellings,
    places,
    readings,
    source_spellings,
    statements,
    story_profiles,
    subscriptions,
    watches,
)
from bot.store.tenancy import Tenancy
from bot.store.values import NAMES, READING, article_of, digest, fold, quote, reading_of
from bot.types import Article, Place, Reading

DERIVED = (mentions, statements, article_sources, story_profiles)


class Readings(Tenancy):
    """What was found in the articles."""

    async def unread(self, limit: int = 100) -> list[Article]:
        """Articles that this version of the reader hasn't read, each text once.

        Those that no version has read come first; among them the newest.
        """
        done = and_(readings.c.article == articles.c.number, readings.c.reader == self._reader)
        newest = func.max(articles.c.happened)
        query = (
            select(articles)
            .outerjoin(readings, done)
            .where(readings.c.article.is_(None))
            .group_by(articles.c.id, articles.c.digest)
            .order_by(case((func.min(articles.c.arrival).is_(None), 0), else_=1), newest.desc())
            .limit(limit)
        )
        async with self._reading() as connection:
            return [article_of(row) for row in (await connection.execute(query)).all()]

    async def add_reading(self, article: Article, reading: Reading) -> bool:
        """Whether the reading was kept: not when the article's words have changed, or gone, since it was read."""
        body = READING.dump_json(reading).decode()
        async with self._writing() as connection:
            rows = await _rows(connection, article)
            await _drop(connection, rows)
            for row in rows:
                await _add(connection, row, body, reading, article.text, self._reader)
            return bool(rows)

    async def cannot_read(self, article: Article, why: str) -> bool:
        """Whether it was noted, in words, that the article can't be read; ``unread`` then leaves it out."""
        async with self._writing() as connection:
            rows = await _rows(connection, article)
            await _drop(connection, rows)
            notes = [{"article": row, "reader": self._reader, "error": why} for row in rows]
            if notes:
                await connection.execute(insert(readings), notes)
            return bool(rows)

    async def reading(self, article: Article) -> Reading | None:
        """What was found in exactly these words; None if they haven't been read, or couldn't be."""
        query = (
            select(readings.c.body)
            .join(articles, articles.c.number == readings.c.article)
            .where(articles.c.id == article.id, articles.c.digest == digest(article), readings.c.body.is_not(None))
            .limit(1)
        )
        async with self._reading() as connection:
            body = (await connection.execute(query)).scalar()
        return None if body is None else reading_of(body, article.id)


async def share(connection: AsyncConnection, row: int, article: Article, reader: str) -> None:
    """Gives the row the reading of the same words from another origin, if there is one."""
    query = select(readings.c.body).join(articles, articles.c.number == readings.c.article)
    same = and_(articles.c.id == article.id, articles.c.digest == digest(article), readings.c.reader == reader)
    body = (await connection.execute(query.where(same, readings.c.body.is_not(None)).limit(1))).scalar()
    if body is not None:
        await _add(connection, row, body, reading_of(body, article.id), article.text, reader)


async def forget(connection: AsyncConnection, rows: Sequence[int]) -> None:
    """Takes what was found in the articles out of the tables that queries use."""
    query = select(articles.c.origin, articles.c.id, readings.c.body)
    held = query.join(readings, readings.c.article == articles.c.number)
    found = await connection.execute(held.where(articles.c.number.in_(rows), readings.c.body.is_not(None)))
    for origin, ident, body in found.all():
        await _count(connection, origin, reading_of(body, ident), -1)
    for table in DERIVED:
        await connection.execute(delete(table).where(table.c.article.in_(rows)))


async def _rows(connection: AsyncConnection, article: Article) -> list[int]:
    query = select(articles.c.number).where(articles.c.id == article.id, articles.c.digest == digest(article))
    return list((await connection.execute(query)).scalars())


async def _drop(connection: AsyncConnection, rows: Sequence[int]) -> None:
    await forget(connection, rows)
    await connection.execute(delete(readings).where(readings.c.article.in_(rows)))


async def _add(connection: AsyncConnection, row: int, body: str, reading: Reading, text: str, reader: str) -> None:
    await connection.execute(insert(readings).values(article=row, reader=reader, body=body))
    located = {toponym.place.geonameid: toponym.place for toponym in reading.toponyms if toponym.place is not None}
    for table, found in (
        (places, [_record(place) for place in located.values()]),
        (mentions, _mentions(row, reading)),
        (article_sources, _sources(row, reading)),
        (statements, _statements(row, reading, text)),
    ):
        if found:
            await connection.execute(upsert(table).on_conflict_do_nothing(), found)
    origin = (await connection.execute(select(articles.c.origin).where(articles.c.number == row))).scalar_one()
    await _count(connection, origin, reading, 1)
    await _arrive(connection, row)


def _record(place: Place) -> dict[str, object]:
    return {name: getattr(place, name) for name in places.c.keys()}  # noqa: SIM118 (the keys of columns, not of a dict)


def _mentions(row: int, reading: Reading) -> list[dict[str, object]]:
    return [
        {
            "article": row,
            "position": position,
            "geonameid": toponym.place and toponym.place.geonameid,
            "name": fold(toponym.name),
            "kind": toponym.kind,
            "start": toponym.span.start,
            "end": toponym.span.end,
        }
        for position, toponym in enumerate(reading.toponyms)
    ]


def _sources(row: int, reading: Reading) -> list[dict[str, object]]:
    return [
        {
            "article": row,
            "folded": identity.key_of(source.name),
            "name": source.name,
            "kind": source.kind,
            "role": source.role,
            "aliases": NAMES.dump_json(source.aliases).decode(),
        }
        for source in reading.sources
    ]


def _statements(row: int, reading: Reading, text: str) -> list[dict[str, object]]:
    return [
        {
            "article": row,
            "position": position,
            "source": attribution.source,
            "folded": attribution.source and identity.key_of(attribution.source),
            "words": quote(text, attribution.content),
            "start": attribution.span.start,
            "end": attribution.span.end,
            "direct": attribution.direct,
            "stance": attribution.stance,
            "cue": attribution.cue and attribution.cue.of(text),
        }
        for position, attribution in enumerate(reading.attributions)
    ]


def last_arrival() -> ColumnElement[int]:
    """The number of the last arrival; one that a digest has passed isn't used again, even if its article is gone."""
    tables = (articles.alias("come"), subscriptions.alias("passed"), watches.alias("seen"))
    return func.max(*(func.coalesce(select(func.max(one.c.arrival)).scalar_subquery(), 0) for one in tables))


async def _arrive(connection: AsyncConnection, row: int) -> None:
    """Gives an article that is read for the first time the next number."""
    unread = and_(articles.c.number == row, articles.c.arrival.is_(None))
    await connection.execute(update(articles).where(unread).values(arrival=last_arrival() + 1))


def source_spellings_of(reading: Reading) -> set[tuple[str, str]]:
    """(spelling, canonical name) of every source: its name, its aliases and the words of its name, folded."""
    return {
        (spelling, source.name)
        for source in reading.sources
        for spelling in _spellings((source.name, *source.aliases), source.name)
    }


def place_spellings_of(reading: Reading) -> set[tuple[str, int]]:
    """(spelling, geonameid) of every located place: the gazetteer's name and its words, and the text's spelling."""
    return {
        (spelling, toponym.place.geonameid)
        for toponym in reading.toponyms
        if toponym.place is not None
        for spelling in _spellings((toponym.place.name, toponym.name), toponym.place.name)
    }


def _spellings(names: Iterable[str], canonical: str) -> set[str]:
    whole = {fold(name) for name in names}
    words = {word for word in fold(canonical).split() if len(word) > 2}
    return (whole | words) - {""}


async def _count(connection: AsyncConnection, origin: int, reading: Reading, step: int) -> None:
    """Counts the article's spellings up or down for its origin."""
    for table, target, pairs in (
        (source_spellings, "name", source_spellings_of(reading)),
        (place_spellings, "geonameid", place_spellings_of(reading)),
    ):
        rows = [{"origin": origin, "spelling": key, target: value, "uses": step} for key, value in sorted(pairs)]
        if rows:
            added = upsert(table)
            changed = {"uses": table.c.uses + added.excluded.uses}
            keys = ["origin", "spelling", target]
            await connection.execute(added.on_conflict_do_update(index_elements=keys, set_=changed), rows)
        if step < 0:
            await connection.execute(delete(table).where(table.c.origin == origin, table.c.uses <= 0))
