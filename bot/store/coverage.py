"""How the news covers something: when, and who speaks about it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from bot.store.articles import NEWEST, Articles, matches, mentioning
from bot.store.schema import article_words, articles, mentions, places, statements
from bot.store.tenancy import visible
from bot.store.values import reference_of
from bot.types import MentionKind, Said, Span, Stance, Statement

LATEST = 200  # articles that what is much in the news is taken from

Spoken = tuple[str, Said]
"""The canonical name of a source, and one of its statements."""


class Coverage(Articles):
    """Articles and statements about something, without reading them whole."""

    async def happenings(self, workspace: str | None, places: Collection[int], since: datetime) -> list[datetime]:
        """When each article since then that mentions one of the places happened, in no order."""
        query = select(articles.c.happened).where(visible(workspace), articles.c.happened >= since)
        async with self._reading() as connection:
            found = await connection.execute(query.where(mentioning(places)))
            return list(found.scalars())

    async def busiest_place(self, workspace: str | None) -> str | None:
        """The name of the place that the most of the latest articles mention, and most often; None where none does."""
        latest = select(articles.c.number).where(visible(workspace)).order_by(*NEWEST).limit(LATEST)
        located = mentions.c.article.in_(latest) & (mentions.c.kind == MentionKind.LITERAL)
        query = select(places.c.name).join(mentions, mentions.c.geonameid == places.c.geonameid).where(located)
        uses = (func.count(mentions.c.article.distinct()).desc(), func.count().desc(), places.c.geonameid)
        async with self._reading() as connection:
            found = await connection.execute(query.group_by(places.c.geonameid).order_by(*uses).limit(1))
            return found.scalar()

    async def spoken_about(
        self, workspace: str | None, words: str, since: datetime | None = None, limit: int = 300
    ) -> list[Spoken]:
        """Statements of named sources in articles that have all the words, newest article first."""
        matching = select(article_words.c.rowid).where(matches(words))
        return await self._said_by(_spoken(workspace, since, limit).where(statements.c.article.in_(matching)))

    async def _said_by(self, query: Select[Any]) -> list[Spoken]:
        async with self._reading() as connection:
            return [(row.source, said_of(row)) for row in (await connection.execute(query)).all()]


def said_of(row: Row[Any]) -> Said:
    """The statement of a row with its article's columns."""
    statement = Statement(row.id, Span(row.start, row.end), row.direct, Stance(row.stance))
    return Said(row.words, statement, reference_of(row), row.cue)


def _spoken(workspace: str | None, since: datetime | None, limit: int) -> Select[Any]:
    query = (
        select(statements, articles)
        .join(articles, articles.c.number == statements.c.article)
        .where(visible(workspace), statements.c.source.is_not(None))
        .order_by(articles.c.happened.desc(), articles.c.number.desc(), statements.c.start)
        .limit(limit)
    )
    return query if since is None else query.where(articles.c.happened >= since)
