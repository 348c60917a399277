"""Forgetting: what is older than it has to be kept goes, in small bites that let others write in between."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Delete, delete, select

from bot.store.database import Database
from bot.store.readings import forget
from bot.store.schema import articles, choices, citations, deliveries, hits, shown
from bot.types import DeliveryState

BITE: Final = 200  # articles that go in one transaction
DONE: Final = (DeliveryState.SETTLED, DeliveryState.FAILED)


class Retention(Database):
    """What goes with time. What has been taken from a feed stays known to have been, so it isn't taken again."""

    async def forget_before(self, moment: datetime) -> int:
        """How many articles went: those that were first seen, and happened, before the moment.

        With them go posts that are done, what was shown, choices and hits of that age.
        """
        gone = 0
        while bite := await self._bite((articles.c.happened < moment) & (articles.c.seen < moment)):
            gone += bite
        async with self._writing() as connection:
            for statement in _old(moment):
                await connection.execute(statement)
        return gone

    async def _bite(self, old: ColumnElement[bool]) -> int:
        async with self._writing() as connection:
            rows = list((await connection.execute(select(articles.c.number).where(old).limit(BITE))).scalars())
            await forget(connection, rows)
            await connection.execute(delete(articles).where(articles.c.number.in_(rows)))
        return len(rows)


def _old(moment: datetime) -> list[Delete]:
    """What takes away all that is older, besides articles."""
    done: Any = deliveries.c.state.in_(DONE)
    posts = (deliveries.c.created < moment) & done
    cited = select(deliveries.c.number).where(posts)
    return [
        delete(citations).where(citations.c.delivery.in_(cited)),
        delete(deliveries).where(posts),
        delete(choices).where(choices.c.asked < moment),
        delete(shown).where(shown.c.shown < moment),
        delete(hits).where(hits.c.told < moment),
    ]
