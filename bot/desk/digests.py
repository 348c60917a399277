"""Scheduled digests: asked for in a channel, made when due, posted through the outbox."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from typing import Final

import structlog

from bot.delivery import Outbox
from bot.desk.answers import AnswerDesk
from bot.ports import Clock
from bot.schedule import delivery_key, zone
from bot.store import Store
from bot.types import Channel, Delivery, Digest, Subscription

log: Final = structlog.get_logger()


class DigestDesk:
    """Keeps subscriptions, and turns one that is due into a post."""

    def __init__(self, store: Store, answers: AnswerDesk, outbox: Outbox, clock: Clock) -> None:
        self._store = store
        self._answers = answers
        self._outbox = outbox
        self._clock = clock
        self.on_change: Callable[[Subscription | None, str], None] = lambda _subscription, _ident: None

    async def add(
        self,
        channel: Channel,
        at: time,
        zone_name: str,
        *,
        days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6),
        topic: str | None = None,
        person: str | None = None,
        ident: str | None = None,
    ) -> Subscription:
        """The digest that the channel gets from now on. Raises InputError for a zone that doesn't exist."""
        zone(zone_name)
        subscription = Subscription(
            ident or secrets.token_hex(3),
            channel.key,
            channel.tenant,
            at,
            zone_name,
            days,
            topic,
            person,
            created=self._clock(),
        )
        await self._store.add_subscription(subscription)
        self.on_change(subscription, subscription.id)
        return subscription

    async def of(self, channel: Channel) -> list[Subscription]:
        """The digests of the channel, in the order in which they were made."""
        return await self._store.subscriptions(channel.tenant, channel.key)

    async def all(self) -> list[Subscription]:
        """The digests of every channel."""
        return await self._store.subscriptions()

    async def remove(self, channel: Channel, ident: str) -> None:
        """Ends the digest. Raises NotFound."""
        await self._store.remove_subscription(channel.tenant, ident)
        self.on_change(None, ident)

    async def pause(self, channel: Channel, ident: str) -> None:
        """Keeps the digest from being posted until it is resumed. Raises NotFound."""
        await self._store.pause_subscription(channel.tenant, ident)
        self.on_change(None, ident)

    async def resume(self, channel: Channel, ident: str) -> None:
        """Posts the digest again when it is next due, with what is new from now on. Raises NotFound."""
        await self._store.resume_subscription(channel.tenant, ident)
        self.on_change(await self._store.subscription(ident), ident)

    async def post(self, subscription: Subscription, due: datetime) -> None:
        """Makes the digest that was due then, writes it down, and sends it; one without news is not posted."""
        current = await self._store.subscription(subscription.id)
        pairs, arrival = await self._store.arrivals(current.workspace, current.arrival)
        digest = await self._answers.on_topic(current.topic, pairs, current.last_until)
        covered = replace(current, last_until=due, arrival=arrival)
        parts = [Delivery(delivery_key(current, due, 0), current.channel, digest)] if digest.briefings else []
        await self._store.intend(*parts, covering=covered)
        await self._outbox.run_once()

    async def now(self, channel: Channel, key: str, digest: Digest) -> None:
        """Posts the digest to the channel at once, under that delivery key."""
        await self._outbox.intend(key, channel, digest)
        await self._outbox.run_once()
