"""The outbox: posts written down before they are sent, and how far each has come."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, func, insert, select, update

from bot.errors import NotFound
from bot.store.database import Database
from bot.store.schema import deliveries, subscriptions
from bot.store.values import DIGEST, digest_of
from bot.types import Delivery, DeliveryState, Subscription

OPEN: Final = (DeliveryState.INTENDED, DeliveryState.SENT)


class Deliveries(Database):
    """What is to be posted. A channel's deliveries are open until settled or failed, and go in the order of intent."""

    async def intend(self, *parts: Delivery, covering: Subscription | None = None) -> bool:
        """Whether the parts of one post are written down now: all of them, or none if a key is known already.

        In the same transaction ``covering`` keeps how far the subscription's digests have come, also where its parts
        are none: so a digest is neither lost nor made twice, whenever the process is killed.
        """
        rows = [_row(part, self._clock()) for part in parts]
        known = select(deliveries.c.key).where(deliveries.c.key.in_([part.key for part in parts])).limit(1)
        async with self._writing() as connection:
            if (await connection.execute(known)).scalar() is not None:
                return False
            if rows:
                await connection.execute(insert(deliveries), rows)
            if covering is not None:
                progress = {"last_until": covering.last_until, "arrival": covering.arrival}
                of = subscriptions.c.id == covering.id
                await connection.execute(update(subscriptions).where(of).values(progress))
            return True

    async def due_channels(self, now: datetime) -> list[str]:
        """Keys of the channels whose first open delivery may be tried now, longest waiting first."""
        first = select(func.min(deliveries.c.number)).where(deliveries.c.state.in_(OPEN)).group_by(deliveries.c.channel)
        ready = deliveries.c.not_before.is_(None) | (deliveries.c.not_before <= now)
        query = select(deliveries.c.channel).where(deliveries.c.number.in_(first), ready)
        async with self._reading() as connection:
            return list((await connection.execute(query.order_by(deliveries.c.number))).scalars())

    async def next_delivery(self, channel: str, now: datetime) -> Delivery | None:
        """The channel's first open delivery, if its time to be tried has come."""
        of = (deliveries.c.channel == channel) & deliveries.c.state.in_(OPEN)
        query = select(deliveries).where(of).order_by(deliveries.c.number).limit(1)
        async with self._reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None or (row.not_before is not None and row.not_before > now):
            return None
        return _delivery(row)

    async def delivery(self, key: str) -> Delivery:
        """The delivery of that key. Raises NotFound."""
        async with self._reading() as connection:
            row = (await connection.execute(select(deliveries).where(deliveries.c.key == key))).one_or_none()
        if row is None:
            raise NotFound(f"no delivery {key!r}: it was never intended, or has been cleared away")
        return _delivery(row)

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

    async def _change(self, key: str, **values: object) -> None:
        async with self._writing() as connection:
            changed = await connection.execute(update(deliveries).where(deliveries.c.key == key).values(values))
        if not changed.rowcount:
            raise NotFound(f"no delivery {key!r}: intend it before sending")


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
    }


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        key=row.key,
        channel=row.channel,
        digest=digest_of(row.digest, row.key),
        state=DeliveryState(row.state),
        attempts=row.attempts,
        created=row.created,
        message=row.message,
        error=row.error,
    )
