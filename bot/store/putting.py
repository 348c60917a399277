"""Articles into their table, as many at a time as have come: new ones, and other words for those that are there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Row, delete, exists, func, insert, literal, select, tuple_, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.readings import forget, share
from bot.store.schema import articles, citations, corrections, origins, readings
from bot.store.values import Stored, digest
from bot.types import Article

_Key = tuple[int, str]  # the origin's number, the article's id
_PART = 0.5  # of the text that is there: a part that is shorter is less of the same, a longer one is a part as well


@dataclass(frozen=True, slots=True)
class Given:
    """An article as one origin gives it."""

    article: Article
    origin: str
    background: bool = False  # it was there before anyone followed the origin: found when asked for, but no news
    part: bool = False  # but the teaser or the beginning of a report, of which no more is to be had


async def put(connection: AsyncConnection, given: Sequence[Given], now: datetime, reader: str) -> list[Stored]:
    """How each article stands to what its origin gave before under its id.

    'new'; 'changed' when the title or the text differ, and then what was read in the old text is dropped; else
    'known': a feed that rewrites dates or links changes nothing. A new one has the reading of the same words from
    another origin, if there is one. A part doesn't replace a whole report.
    """
    numbers = await _numbers(connection, {one.origin for one in given})
    keys = [(numbers[one.origin], one.article.id) for one in given]
    held = await _held(connection, keys)
    fresh: dict[_Key, Given] = {}
    states: list[Stored] = []
    for key, one in zip(keys, given, strict=True):
        if key in held:
            changed = _differs(one, *held[key])
            states.append("changed" if changed else "known")
            if changed:
                await _replace(connection, one.article, key, reader)
                held[key] = digest(one.article), len(one.article.text)
        else:
            states.append("known" if key in fresh else "new")
            fresh.setdefault(key, one)
    await _insert(connection, fresh, now, reader)
    return states


async def _numbers(connection: AsyncConnection, names: Collection[str]) -> dict[str, int]:
    """The numbers of the origins, made if they are new."""
    if names:
        await connection.execute(upsert(origins).on_conflict_do_nothing(), [{"name": name} for name in sorted(names)])
    rows = await connection.execute(select(origins.c.name, origins.c.number).where(origins.c.name.in_(names)))
    return {name: number for name, number in rows.all()}  # noqa: C416 (rows are no pairs to a type checker)


async def _held(connection: AsyncConnection, keys: Collection[_Key]) -> dict[_Key, tuple[str, int]]:
    """The digests of those of the articles that are there, with the lengths of their texts."""
    query = select(articles.c.origin, articles.c.id, articles.c.digest, func.length(articles.c.text))
    rows = await connection.execute(query.where(tuple_(articles.c.origin, articles.c.id).in_(list(keys))))
    return {(origin, ident): (words, length) for origin, ident, words, length in rows.all()}


def _differs(one: Given, words: str, length: int) -> bool:
    """Whether the article is to replace what is there: other words, and not less of the same."""
    less = one.part and len(one.article.text) < _PART * length
    return words != digest(one.article) and not less


async def _insert(connection: AsyncConnection, fresh: dict[_Key, Given], now: datetime, reader: str) -> None:
    if not fresh:
        return
    earliest = (await connection.execute(select(func.min(articles.c.arrival)))).scalar() or 0
    before = count(min(earliest, 0) - 1, -1)  # background has arrived before everything else
    rows = [_row(key, one, now) | {"arrival": next(before) if one.background else None} for key, one in fresh.items()]
    await connection.execute(insert(articles), rows)
    read = select(articles.c.id).join(readings, readings.c.article == articles.c.number)
    ids = [one.article.id for one in fresh.values()]
    known = set((await connection.execute(read.where(articles.c.id.in_(ids), readings.c.body.is_not(None)))).scalars())
    for key, one in fresh.items():
        if one.article.id in known:
            await share(connection, (await _row_of(connection, key)).number, one.article, reader)


async def _replace(connection: AsyncConnection, article: Article, key: _Key, reader: str) -> None:
    """Gives the row the new words; when it happened and when it arrived stay.

    The old ones are kept for as long as posts that cite them have to be looked at.
    """
    old = await _row_of(connection, key)
    await forget(connection, [old.number])
    cited = select(literal(old.number), literal(old.text)).where(exists().where(citations.c.article == old.id))
    kept = upsert(corrections).from_select(["article", "text"], cited)
    await connection.execute(kept.on_conflict_do_nothing())
    await connection.execute(delete(readings).where(readings.c.article == old.number))
    await connection.execute(update(articles).where(articles.c.number == old.number).values(_columns(article)))
    await share(connection, old.number, article, reader)


async def _row_of(connection: AsyncConnection, key: _Key) -> Row[Any]:
    query = select(articles).where(articles.c.origin == key[0], articles.c.id == key[1])
    return (await connection.execute(query)).one()


def _row(key: _Key, one: Given, now: datetime) -> dict[str, object]:
    published = one.article.published
    happened = now if published is None else min(published, now)
    times = {"published": published, "seen": now, "happened": happened}
    return {"origin": key[0], "id": key[1]} | times | _columns(one.article)


def _columns(article: Article) -> dict[str, object]:
    return {
        "digest": digest(article),
        "title": article.title,
        "text": article.text,
        "url": article.url,
        "outlet": article.outlet,
        "dateline": article.dateline,
        "author": article.author,
        "language": article.language,
    }
