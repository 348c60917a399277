"""Articles whose words have changed after they were posted, and the posts that cite them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.articles import Articles
from bot.store.deliveries import add_parts, cite, delivery_of
from bot.store.schema import articles, citations, corrections, deliveries, readings
from bot.store.values import DIGEST, article_of
from bot.types import Article, Delivery, DeliveryState, Digest


@dataclass(frozen=True, slots=True)
class Correction:
    """An article with the words that it had when it was posted."""

    number: int  # of its row
    article: Article  # as it is now
    before: str  # the text that offsets in posts point into


class Corrections(Articles):
    """What has been corrected since it was posted."""

    async def corrections(self, limit: int = 50) -> list[Correction]:
        """Articles that posts cite in other words, and whose new words have been read or can't be."""
        query = select(articles, corrections.c.text.label("before"))
        query = query.join(corrections, corrections.c.article == articles.c.number)
        query = query.join(readings, readings.c.article == articles.c.number).order_by(articles.c.number).limit(limit)
        async with self._reading() as connection:
            rows = (await connection.execute(query)).all()
        return [Correction(row.number, article_of(row), row.before) for row in rows]

    async def citing(self, article: str, since: datetime) -> list[Delivery]:
        """The posts made since then that the platforms have, and that cite the article of that id, oldest first."""
        shown = deliveries.c.state.in_((DeliveryState.SETTLED, DeliveryState.STALE))
        query = select(deliveries).join(citations, citations.c.delivery == deliveries.c.number)
        query = query.where(citations.c.article == article, deliveries.c.created >= since, shown)
        async with self._reading() as connection:
            rows = (await connection.execute(query.order_by(deliveries.c.number))).all()
        return [delivery_of(row) for row in rows]

    async def corrected(
        self, correction: Correction, restated: Sequence[tuple[str, Digest]], more: Sequence[Delivery] = ()
    ) -> None:
        """Keeps the new digest of each post, to be edited; ``more`` are posts for what doesn't fit into them."""
        async with self._writing() as connection:
            for key, digest in restated:
                await _restate(connection, key, digest)
            await add_parts(connection, more, self._clock())
            await connection.execute(delete(corrections).where(corrections.c.article == correction.number))


async def _restate(connection: AsyncConnection, key: str, digest: Digest) -> None:
    """Has the post of that key edited to show the digest."""
    changed = {"state": DeliveryState.STALE, "attempts": 0, "not_before": None}
    body = DIGEST.dump_json(digest).decode()
    edited = update(deliveries).where(deliveries.c.key == key).values(changed | {"digest": body})
    number = (await connection.execute(edited.returning(deliveries.c.number))).scalar_one()
    await connection.execute(delete(citations).where(citations.c.delivery == number))
    await cite(connection, number, digest)
