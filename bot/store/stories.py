"""How alike articles are: worked out once for each, kept, and looked up by whoever asks for stories.

``docs/decisions/0006-stories-follow-from-likenesses.md`` says why stories themselves aren't kept.
"""

import asyncio
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, delete, exists, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.articles import NEWEST, Articles
from bot.store.schema import articles, readings, story_keys, story_links, story_profiles
from bot.store.tenancy import visible
from bot.store.values import article_of, reading_of
from bot.types import Article, Reading

Compare = Callable[[str, Sequence[str]], Sequence[float]]
"""Gives the likeness, 0..1, of what one profile says and of each of the others."""

WIDEST: Final = 2000  # articles that the stories of one answer are made of


@dataclass(frozen=True, slots=True)
class Unlinked:
    """An article that hasn't been compared with others yet."""

    number: int  # of its row
    digest: str  # of its words
    happened: datetime
    article: Article
    reading: Reading


@dataclass(frozen=True, slots=True)
class Profiled:
    """The same, with what it is compared by."""

    of: Unlinked
    body: str
    keys: Mapping[str, float]  # rare terms with their weights


@dataclass(frozen=True, slots=True)
class Search:
    """How far an article is compared with others."""

    method: str  # the version of profiles and likenesses
    window: timedelta  # between the two
    shared: float  # least sum of the products of shared keys' weights
    most: int  # articles, the likest first


@dataclass(frozen=True, slots=True)
class Likenesses:
    """Articles, by their ids, that may tell one story."""

    happened: Mapping[str, datetime]
    likeness: Mapping[tuple[str, str], float]  # of pairs; of those that aren't here 0


class Stories(Articles):
    """What follows from an article's words and those of others around it in time. All origins are compared with each
    other; who may see which of them is asked when stories are.
    """

    async def unlinked(
        self, method: str, *, since: datetime | None = None, ids: Collection[str] | None = None, limit: int = 20
    ) -> list[Unlinked]:
        """Articles that have been read, but not compared by that method: those since then, or of those ids."""
        done = exists().where(story_profiles.c.article == articles.c.number, story_profiles.c.method == method)
        query = select(articles, readings.c.body).join(readings, readings.c.article == articles.c.number)
        query = query.where(readings.c.body.is_not(None), ~done).order_by(*NEWEST).limit(limit)
        if since is not None:
            query = query.where(articles.c.happened >= since)
        if ids is not None:
            query = query.where(_among(articles.c.id, ids))
        async with self._reading() as connection:
            rows = (await connection.execute(query)).all()
        return await asyncio.to_thread(lambda: [_unlinked(row) for row in rows])

    async def link(self, profiled: Sequence[Profiled], search: Search, compare: Compare) -> None:
        """Keeps the profiles, and how alike each is to those that are there already and share its rare terms.

        One whose words have changed meanwhile is left out.
        """
        async with self._writing() as connection:
            for one in profiled:
                if await _fits(connection, one.of):
                    similar = await _similar(connection, one, search)
                    values = await asyncio.to_thread(compare, one.body, [row.body for row in similar])
                    await _keep(connection, one, search.method, similar, values)

    async def likenesses(self, workspace: str | None, ids: Collection[str], least: float) -> Likenesses:
        """How alike the articles are, and those that a chain of likenesses of ``least`` and more leads to from them.

        Only of articles that the workspace sees; None sees all.
        """
        async with self._reading() as connection:
            found = await _visible(connection, workspace, _among(articles.c.id, ids))
            edge = set(found)
            while edge and len(found) < WIDEST:
                near = select(story_links.c.one, story_links.c.other).where(story_links.c.likeness >= least)
                ends = (await connection.execute(near.where(_touches(edge)))).all()
                beyond = {number for pair in ends for number in pair} - set(found)
                fresh = await _visible(connection, workspace, _among(articles.c.number, beyond))
                found |= fresh
                edge = set(fresh)
            rows = (await connection.execute(select(story_links).where(_within(found)))).all()
        return Likenesses(
            {row.id: row.happened for row in found.values()},
            {(found[row.one].id, found[row.other].id): row.likeness for row in rows},
        )


def _unlinked(row: Row[Any]) -> Unlinked:
    return Unlinked(row.number, row.digest, row.happened, article_of(row), reading_of(row.body, row.id))


async def _fits(connection: AsyncConnection, one: Unlinked) -> bool:
    """Whether the row still has those words, and a reading of them."""
    query = select(articles.c.number).join(readings, readings.c.article == articles.c.number)
    here = query.where(articles.c.number == one.number, articles.c.digest == one.digest, readings.c.body.is_not(None))
    return (await connection.execute(here)).scalar() is not None


async def _similar(connection: AsyncConnection, one: Profiled, search: Search) -> Sequence[Row[Any]]:
    """Rows (article, body) of profiles of that method, within the window, that share enough of the keys."""
    wanted = func.json_each(json.dumps(dict(one.keys))).table_valued("key", "value")
    shared = func.sum(story_keys.c.weight * wanted.c.value)
    near = (one.of.happened - search.window, one.of.happened + search.window)
    sharing = (
        select(story_keys.c.article, shared.label("shared"))
        .join_from(wanted, story_keys, story_keys.c.term == wanted.c.key)
        .where(story_keys.c.happened.between(*near), story_keys.c.article != one.of.number)
        .group_by(story_keys.c.article)
        .having(shared >= search.shared)
        .order_by(shared.desc(), story_keys.c.article)
        .limit(search.most)
        .subquery()
    )
    query: Select[Any] = select(story_profiles.c.article, story_profiles.c.body)
    query = query.join_from(sharing, story_profiles, story_profiles.c.article == sharing.c.article)
    rows: Sequence[Row[Any]] = (await connection.execute(query.where(story_profiles.c.method == search.method))).all()
    return rows


async def _keep(
    connection: AsyncConnection, one: Profiled, method: str, similar: Sequence[Row[Any]], values: Sequence[float]
) -> None:
    """Writes down the article's profile, its keys and its likenesses above 0."""
    number = one.of.number
    await connection.execute(delete(story_profiles).where(story_profiles.c.article == number))
    await connection.execute(insert(story_profiles).values(article=number, method=method, body=one.body))
    keys = [
        {"term": term, "happened": one.of.happened, "article": number, "weight": weight}
        for term, weight in one.keys.items()
    ]
    links = [
        {"one": row.article, "other": number, "likeness": value}
        for row, value in zip(similar, values, strict=True)
        if value > 0
    ]
    for table, rows in ((story_keys, keys), (story_links, links)):
        if rows:
            await connection.execute(insert(table), rows)


async def _visible(
    connection: AsyncConnection, workspace: str | None, wanted: ColumnElement[bool]
) -> dict[int, Row[Any]]:
    """Rows (number, id, happened) that the workspace sees, by their numbers."""
    query: Select[Any] = select(articles.c.number, articles.c.id, articles.c.happened)
    query = query.where(visible(workspace), wanted)
    return {row.number: row for row in (await connection.execute(query)).all()}


def _listed(values: Collection[Any]) -> Select[Any]:
    # As JSON, since a statement may have only so many parameters.
    return select(func.json_each(json.dumps(sorted(values))).table_valued("value").c.value)


def _among(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    return column.in_(_listed(values))


def _touches(numbers: Collection[int]) -> ColumnElement[bool]:
    return or_(_among(story_links.c.one, numbers), _among(story_links.c.other, numbers))


def _within(numbers: Collection[int]) -> ColumnElement[bool]:
    return _among(story_links.c.one, numbers) & _among(story_links.c.other, numbers)
