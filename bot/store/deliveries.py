"""The outbox: posts written down before they are sent, and how far each has come."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.store.database import Database
from bot.store.schema import citations, deliveries, hits, subscriptions
from bot.store.values import DIGEST, digest_of
from bot.types import Delivery, DeliveryState, Digest, Subscription

OPEN: Final = (DeliveryState.INTENDED, DeliveryState.SENT)


class Deliveries(Database):
    """What is to be posted. A channel's deliveries are open until settled or failed, and go in the order of intent."""

    async def intend(
        self, *parts: Delivery, covering: Subscription | None = None, telling: Collection[tuple[str, str]] = ()
    ) -> bool:
        """Whether the parts of one post are written down now: all of them, or none if a key is known already.

        In the same transaction ``covering`` keeps how far the subscription's digests have come, also where its parts
        are none, and ``telling`` that these hits, (watch, article id), have been told of: so nothing is lost or made
        twice, whenever the process is killed.
        """
        known = select(deliveries.c.key).where(deliveries.c.key.in_([part.key for part in parts])).limit(1)
        async with self._writing() as connection:
            if (await connection.execute(known)).scalar() is not None:
                return False
            await add_parts(connection, parts, self._clock())
            if covering is not None:
                progress = {"last_until": covering.last_until, "arrival": covering.arrival}
                of = subscriptions.c.id == covering.id
                await connection.execute(update(subscriptions).where(of).values(progress))
            for watch, article in telling:
                of = (hits.c.watch == watch) & (hits.c.article == article)
                await connection.execute(update(hits).where(of).values(told=self._clock()))
            return True

    async def due_channels(self, now: datetime) -> list[str]:
        """Keys of the channels that have something to do now, longest waiting first.

        A channel's first open delivery may be tried, or one that it shows already is to be edited.
        """
        first = select(func.min(deliveries.c.number)).where(deliveries.c.state.in_(OPEN)).group_by(deliveries.c.channel)
        stale = deliveries.c.state == DeliveryState.STALE
        ready = deliveries.c.not_before.is_(None) | (deliveries.c.not_before <= now)
        query = select(deliveries.c.channel).where(deliveries.c.number.in_(first) | stale, ready)
        async with self._reading() as connection:
            found = (await connection.execute(query.order_by(deliveries.c.number))).scalars()
            return list(dict.fromkeys(found))

    async def next_delivery(self, channel: str, now: datetime) -> Delivery | None:
        """The channel's first open delivery, if its time to be tried has come."""
        of = (deliveries.c.channel == channel) & deliveries.c.state.in_(OPEN)
        query = select(deliveries).where(of).order_by(deliveries.c.number).limit(1)
        async with self._reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None or (row.not_before is not None and row.not_before > now):
            return None
        return delivery_of(row)

    async def next_stale(self, channel: str, now: datetime) -> Delivery | None:
        """The channel's first post that is to be edited, and whose time to be tried has come."""
        ready = deliveries.c.not_before.is_(None) | (deliveries.c.not_before <= now)
        of = (deliveries.c.channel == channel) & (deliveries.c.state == DeliveryState.STALE)
        async with self._reading() as connection:
            query = select(deliveries).where(of, ready).order_by(deliveries.c.number).limit(1)
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else delivery_of(row)

    async def delivery(self, key: str) -> Delivery:
        """The delivery of that key. Raises NotFound."""
        async with self._reading() as connection:
            row = (await connection.execute(select(deliveries).where(deliveries.c.key == key))).one_or_none()
        if row is None:
            raise NotFound(f"no delivery {key!r}: it was never intended, or has been cleared away")
        return delivery_of(row)

    async def message(self, key: str) -> str | None:
        """The platform's id of the post of that key; None for one that has none, or is unknown."""
        async with self._reading() as connection:
            return (await connection.execute(select(deliveries.c.message).where(deliveries.c.key == key))).scalar()

    async def mark_sent(self, key: str) -> None:
        """Notes that the post is about to be handed to the platform: from here on it may have arrived."""
        await self._change(key, state=DeliveryState.SENT, attempts=deliveries.c.attempts + 1)

    async def settle(self, key: str, message: str) -> None:
        """Notes that the platform has the post, as the message of that id."""
        await self._change(key, state=DeliveryState.SETTLED, message=message, error=None, not_before=None)

    async def fail(self, key: str, error: str, retry_at: datetime | None, *, unclear: bool = False) -> None:
        """Notes why the post did not arrive and when to try again; without a time it is given up.

        ``unclear``: it may have arrived, so it stays 'sent', to be asked for before it is sent again.
        """
        again = DeliveryState.SENT if unclear else DeliveryState.INTENDED
        state = DeliveryState.FAILED if retry_at is None else again
        await self._change(key, state=state, error=error, not_before=retry_at)

    async def retry_edit(self, key: str, error: str, retry_at: datetime) -> None:
        """Notes why a post could not be edited and when to try again."""
        await self._change(key, error=error, not_before=retry_at, attempts=deliveries.c.attempts + 1)

    async def abandon(self, channel: str, error: str) -> int:
        """How many open deliveries of the channel are given up now, for that reason."""
        of = (deliveries.c.channel == channel) & deliveries.c.state.in_(OPEN)
        values = {"state": DeliveryState.FAILED, "error": error, "not_before": None}
        async with self._writing() as connection:
            return (await connection.execute(update(deliveries).where(of).values(values))).rowcount

    async def posted(self, channel: str, prefix: str, since: datetime) -> int:
        """How many posts, not counting those in threads, were intended for the channel since then under such keys."""
        query = select(func.count()).where(
            deliveries.c.created > since,
            deliveries.c.channel == channel,
            deliveries.c.root.is_(None),
            deliveries.c.key.startswith(prefix, autoescape=True),
        )
        async with self._reading() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def given_up(self, channel: str, since: datetime, limit: int = 10) -> list[Delivery]:
        """Posts to the channel, intended since then, that did not arrive, newest first."""
        of = (deliveries.c.channel == channel) & (deliveries.c.state == DeliveryState.FAILED)
        query = select(deliveries).where(of, deliveries.c.created > since).order_by(deliveries.c.number.desc())
        async with self._reading() as connection:
            return [delivery_of(row) for row in (await connection.execute(query.limit(limit))).all()]

    async def _change(self, key: str, **values: object) -> None:
        async with self._writing() as connection:
            changed = await connection.execute(update(deliveries).where(deliveries.c.key == key).values(values))
        if not changed.rowcount:
            raise NotFound(f"no delivery {key!r}: intend it before sending")


async def add_parts(connection: AsyncConnection, parts: Sequence[Delivery], now: datetime) -> None:
    """Writes the deliveries down, with what they cite."""
    for part in parts:
        made = insert(deliveries).values(_row(part, now)).returning(deliveries.c.number)
        number = (await connection.execute(made)).scalar_one()
        await cite(connection, number, part.digest)


async def cite(connection: AsyncConnection, delivery: int, digest: Digest) -> None:
    """Notes which articles the delivery's digest rests on."""
    cited = {article.id for briefing in digest.briefings for article in briefing.articles}
    if cited:
        await connection.execute(insert(citations), [{"article": one, "delivery": delivery} for one in sorted(cited)])


def _row(delivery: Delivery, now: datetime) -> dict[str, object]:
    return {
        "key": delivery.key,
        "channel": delivery.channel,
        "digest": DIGEST.dump_json(delivery.digest).decode(),
        "state": delivery.state,
        "attempts": delivery.attempts,
        "created": delivery.created or now,
        "message": delivery.message,
        "error": delivery.error,
        "owner": delivery.owner,
        "root": delivery.root,
    }


def delivery_of(row: Row[Any]) -> Delivery:
    """The delivery of a row of the outbox."""
    return Delivery(
        key=row.key,
        channel=row.channel,
        digest=digest_of(row.digest, row.key),
        state=DeliveryState(row.state),
        attempts=row.attempts,
        created=row.created,
        message=row.message,
        error=row.error,
        owner=row.owner,
        root=row.root,
    )
