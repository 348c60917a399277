"""Sources and places by name: what they are, who said what, and how to complete a name that is being typed."""

import asyncio
import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.reading import identity
from bot.store.articles import NEWEST, Articles
from bot.store.schema import article_sources, articles, place_spellings, places, source_spellings, statements
from bot.store.tenancy import followed, seen_by, visible
from bot.store.values import LAST, NAMES, fold, place_of, reference_of
from bot.types import Place, Said, Source, SourceKind, Span, Stance, Statement

LATEST: Final = 500  # articles that a first letter is completed from
RECENT: Final = 50  # the articles of a source that its role and aliases are taken from


class Names(Articles):
    """Who and where, by name."""

    async def sources(self, workspace: str | None, name: str, limit: int = 10) -> list[Source]:
        """The sources that the name may mean: so called exactly, in full or by an alias, first; then by use.

        Case, accents and punctuation don't count; the last word may be the beginning of one. Each has the role that
        the latest article gives it, and the aliases of the latest articles.
        """
        async with self._reading() as connection:
            names = _one_each(await self._names(connection, workspace, fold(name), limit))
            return [await _source(connection, workspace, found) for found in names]

    async def complete_sources(self, workspace: str | None, prefix: str, limit: int = 25) -> list[str]:
        """Canonical names of sources that have a word or an alias beginning so, most used first.

        For a single letter or none, of the latest articles only: there is too much to count while somebody types.
        """
        key = fold(prefix)
        async with self._reading() as connection:
            if len(key) > 1:
                return _one_each(await _spelt(connection, workspace, key, limit))
            latest = await connection.execute(_latest_sources(workspace))
            names = Counter(name for name in latest.scalars() if _has_word(name, key))
        return _one_each([name for name, _ in names.most_common(limit)])

    async def close_sources(self, workspace: str | None, name: str, limit: int = 3) -> list[str]:
        """Canonical names of sources that are spelt much like the name and begin with its letter, likest first."""
        key = fold(name)
        query = select(source_spellings.c.spelling, source_spellings.c.name).distinct()
        query = query.where(*_begins(source_spellings, workspace, key[:1]))
        async with self._reading() as connection:
            rows = (await connection.execute(query)).all()
        spelt: dict[str, str] = {row.spelling: row.name for row in rows}
        return _one_each(await asyncio.to_thread(_closest, key, spelt, limit))

    async def said(
        self, workspace: str | None, source: str, since: datetime | None = None, limit: int = 50
    ) -> list[Said]:
        """What the source of that canonical name has said, newest article first, in the order of its text."""
        query = (
            select(statements, articles)
            .join(articles, articles.c.number == statements.c.article)
            .where(statements.c.folded == identity.key_of(source), visible(workspace))
            .order_by(articles.c.happened.desc(), articles.c.number.desc(), statements.c.start)
            .limit(limit)
        )
        if since is not None:
            query = query.where(articles.c.happened >= since)
        async with self._reading() as connection:
            return [_said(row) for row in (await connection.execute(query)).all()]

    async def mentioned_places(self, workspace: str | None, prefix: str = "", limit: int = 25) -> list[Place]:
        """Places that articles mention under a name, or a word of it, beginning so: exact names first, then by use.

        Without a prefix all that they mention, largest population first.
        """
        key = fold(prefix)
        ranked = _ranked(place_spellings, place_spellings.c.geonameid, workspace, key).limit(limit).subquery()
        query = select(places).join(ranked, ranked.c.target == places.c.geonameid)
        query = query.order_by(ranked.c.exact.desc(), ranked.c.uses.desc(), places.c.population.desc())
        async with self._reading() as connection:
            rows = (await connection.execute(query if key else _all_places(workspace, limit))).all()
        return [place_of(row) for row in rows]

    async def _names(self, connection: AsyncConnection, workspace: str | None, key: str, limit: int) -> list[str]:
        """Canonical names spelt so; where none is, those that have each of its words."""
        whole = await _spelt(connection, workspace, key, limit) if key else []
        if whole or " " not in key:
            return whole
        named = [await _spelt(connection, workspace, word, 1000) for word in key.split() if len(word) > 2]
        return [name for name in (named[0] if named else []) if all(name in others for others in named)][:limit]


def _one_each(names: Sequence[str]) -> list[str]:
    """The names without those that mean a source which an earlier one means."""
    return list({identity.key_of(name): name for name in reversed(names)}.values())[::-1]


def _begins(table: Any, workspace: str | None, key: str) -> tuple[ColumnElement[bool], ...]:
    begins = and_(table.c.spelling >= key, table.c.spelling < key + LAST)
    return (begins,) if workspace is None else (table.c.origin.in_(followed(workspace)), begins)


def _all_places(workspace: str | None, limit: int) -> Select[Any]:
    used = exists().where(
        place_spellings.c.geonameid == places.c.geonameid, seen_by(place_spellings.c.origin, workspace)
    )
    return select(places).where(used).order_by(places.c.population.desc(), places.c.geonameid).limit(limit)


def _latest_sources(workspace: str | None) -> Select[str]:
    latest = select(articles.c.number).where(visible(workspace)).order_by(*NEWEST).limit(LATEST)
    return select(article_sources.c.name).where(article_sources.c.article.in_(latest))


def _has_word(name: str, beginning: str) -> bool:
    return any(word.startswith(beginning) for word in fold(name).split())


def _ranked(table: Any, target: ColumnElement[Any], workspace: str | None, key: str) -> Select[Any]:
    """(target, exact, uses) of what has a spelling beginning with the key: exact ones first, then by use."""
    exact = func.max(table.c.spelling == key).label("exact")
    uses = func.sum(table.c.uses).label("uses")
    query = select(target.label("target"), exact, uses).where(*_begins(table, workspace, key))
    return query.group_by(target).order_by(exact.desc(), uses.desc(), target)


async def _spelt(connection: AsyncConnection, workspace: str | None, key: str, limit: int) -> list[str]:
    query = _ranked(source_spellings, source_spellings.c.name, workspace, key).limit(limit)
    return [row.target for row in (await connection.execute(query)).all()]


async def _source(connection: AsyncConnection, workspace: str | None, name: str) -> Source:
    query = (
        select(article_sources, articles.c.published)
        .join(articles, articles.c.number == article_sources.c.article)
        .where(article_sources.c.folded == identity.key_of(name), visible(workspace))
        .order_by(articles.c.happened.desc(), articles.c.number.desc())
        .limit(RECENT)
    )
    return _merged(name, (await connection.execute(query)).all())


def _merged(name: str, rows: Sequence[Row[Any]]) -> Source:
    of_role = next((row for row in rows if row.role), None)
    role, as_of = (of_role.role, of_role.published) if of_role else (None, None)
    aliases = dict.fromkeys(
        alias for row in rows for alias in (row.name, *NAMES.validate_json(row.aliases)) if alias != name
    )
    return Source(name, SourceKind(rows[0].kind), role, tuple(aliases), as_of)


def _said(row: Row[Any]) -> Said:
    statement = Statement(row.id, Span(row.start, row.end), row.direct, Stance(row.stance))
    return Said(row.words, statement, reference_of(row), row.cue)


def _closest(key: str, spelt: Mapping[str, str], limit: int) -> list[str]:
    close = difflib.get_close_matches(key, spelt, n=limit * 2, cutoff=0.7)
    return list(dict.fromkeys(spelt[spelling] for spelling in close))[:limit]
