"""Scheduled digests: asked for in a channel, made when due, posted through the outbox."""

import asyncio
import secrets
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

import structlog

from bot.delivery import Outbox
from bot.desk.answers import AnswerDesk, Read
from bot.desk.matching import watched
from bot.errors import InputError, NotFound
from bot.ports import Clock
from bot.schedule import delivery_key, zone
from bot.store import Store
from bot.types import Channel, Delivery, Digest, Subscription

log: Final = structlog.get_logger()

LATE: Final = timedelta(minutes=10)  # after which a digest says that it is late
SHARED: Final = 32  # digests that are remembered for others that are due with the same articles
ABREAST: Final = 8  # digests that are made at the same time: each holds all that has arrived for it
BITE: Final = 1000  # arrivals that are fetched at a time


class DigestDesk:
    """Keeps subscriptions, and turns one that is due into a post."""

    def __init__(self, store: Store, answers: AnswerDesk, outbox: Outbox, clock: Clock) -> None:
        self._store = store
        self._answers = answers
        self._outbox = outbox
        self._clock = clock
        self._shared: OrderedDict[tuple[object, ...], asyncio.Future[Digest]] = OrderedDict()
        self._room = asyncio.Semaphore(ABREAST)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)  # of subscriptions, by id
        self.clocked = False  # whether something watches the clock and posts digests when they are due
        self.on_change: Callable[[Subscription | None, str], None] = lambda _subscription, _ident: None

    async def add(
        self,
        channel: Channel,
        at: Collection[time],
        zone_name: str,
        *,
        days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6),
        topic: str | None = None,
        person: str | None = None,
        ident: str | None = None,
    ) -> Subscription:
        """The digest that the channel gets from now on, at those times of day.

        Raises:
            InputError: there is no such zone, or no time.
        """
        if not at:
            raise InputError("name a time of day, like 07:30")
        zone(zone_name)
        subscription = Subscription(
            ident or secrets.token_hex(3),
            channel.key,
            channel.tenant,
            tuple(sorted(set(at))),
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

    async def find(self, channel: Channel, ident: str) -> Subscription:
        """The digest of that id, of any channel of the workspace. Raises NotFound."""
        held = await self._store.subscriptions(channel.tenant)
        if not (found := [one for one in held if one.id == ident]):
            raise NotFound(f"no digest {ident!r} here: /digest list shows those that there are")
        return found[0]

    async def change(self, channel: Channel, wanted: Subscription) -> Subscription:
        """The digest of that id as it is posted from now on: at those times, on those days, about that topic.

        What its digests have covered stays covered, and the next one goes on from there.

        Raises:
            InputError: there is no such zone, or no time.
            NotFound: it has been removed.
        """
        if not wanted.at:
            raise InputError("name a time of day, like 07:30")
        zone(wanted.zone)
        await self._store.change_subscription(channel.tenant, wanted)
        changed = await self._store.subscription(wanted.id)
        self.on_change(None if changed.paused else changed, changed.id)
        return changed

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
        """Makes the digest that was due then, writes it down, and sends it; one without news is not posted.

        Where its platform isn't connected nothing is made: what it covers stays to be covered. One of a subscription is
        made after the other, so that a late one and the next don't tell the same.
        """
        async with self._turns[subscription.id]:
            await self._post(await self._store.subscription(subscription.id), due)

    async def _post(self, current: Subscription, due: datetime) -> None:
        channel = Channel.of(current.channel)
        if not self._outbox.reaches(channel):
            log.warning("digest waits: its platform isn't connected", subscription=current.id, channel=channel.key)
            return
        async with self._room:  # not while it is sent, which waits for the platform
            await self._write_down(current, due, channel)
        await self._outbox.send(channel)

    async def _write_down(self, current: Subscription, due: datetime, channel: Channel) -> None:
        pairs, arrival = await self._arrived(current)
        digest = await self._made(current, pairs, due) if pairs else None
        parts: tuple[Delivery, ...] = ()
        if digest is not None and digest.briefings:
            shown = replace(digest, since=current.last_until, notes=_late(current, due, self._clock()))
            parts = self._outbox.parts(delivery_key(current, due), channel, shown, current.id)
        await self._store.intend(*parts, covering=replace(current, last_until=due, arrival=arrival))

    async def _made(self, current: Subscription, pairs: Sequence[Read], due: datetime) -> Digest:
        """The digest of those articles; made once for all subscriptions that are due with the same ones."""
        followed = await self._followed(current, pairs)
        words = tuple((article.id, hash(article.text)) for article, _ in pairs)
        key = (due, current.topic, frozenset(followed), words)
        if key not in self._shared:
            making = self._answers.on_topic(
                current.topic, pairs, current.last_until, workspace=current.workspace, followed=followed
            )
            self._shared[key] = asyncio.ensure_future(making)
            while len(self._shared) > SHARED:
                self._shared.popitem(last=False)
        try:
            return await asyncio.shield(self._shared[key])
        except Exception:
            self._shared.pop(key, None)  # the next one tries for itself
            raise

    async def _arrived(self, current: Subscription) -> tuple[list[Read], int]:
        """All that has arrived since its last digest, and the last arrival among it."""
        pairs: list[Read] = []
        arrival = current.arrival
        while True:
            more, arrival = await self._store.arrivals(current.workspace, arrival, BITE)
            pairs += more
            if len(more) < BITE:
                return pairs, arrival

    async def _followed(self, current: Subscription, pairs: Collection[Read]) -> set[str]:
        """The ids of those articles that touch what the channel watches, paused or not."""
        watches = await self._store.watches(current.workspace, current.channel)
        if not watches:
            return set()
        return await asyncio.to_thread(watched, pairs, watches, self._answers.places.gazetteer)

    async def now(self, channel: Channel, key: str, digest: Digest) -> None:
        """Posts the digest to the channel at once, under that delivery key."""
        await self._outbox.intend(key, channel, digest)
        await self._outbox.send(channel)


def _late(subscription: Subscription, due: datetime, now: datetime) -> tuple[str, ...]:
    """What to say of a digest that comes long after its time: nothing ran when it was due."""
    if now - due < LATE:
        return ()
    return (f"late: it was due on {due.astimezone(zone(subscription.zone)):%a %d %b at %H:%M} {subscription.zone}",)
