"""The outbox: every post is written down before it is sent, and arrives once.

A delivery is *intended*, then *sent* (from here on the platform may have it), then *settled* or *failed*. One that is
found *sent* when its turn comes was cut off in between, by a lost answer or by the end of the process: the platform is
asked before it is sent again. A channel's posts keep their order; no channel waits for another. A long digest is as
many deliveries as the platform takes for it, all but the first in the first one's thread. A post whose articles have
been corrected is *stale* until the platform shows it anew. ``docs/delivery.md`` explains it.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog

from bot.errors import DeliveryError
from bot.ports import Clock, Poster
from bot.store import Store
from bot.types import Channel, Delivery, DeliveryState, Digest

T = TypeVar("T")
log: Final = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again at that time. ``ask`` first: the platform may have the post."""

    at: datetime
    ask: bool


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Don't try again."""

    reason: str
    closed: bool = False  # nor anything else in that channel


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait after a failure: ``first``, then twice as long each time, up to ``longest``; how many tries."""

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=1)
    tries: int = 20  # ten and a half hours: a platform's bad night

    def decide(self, error: DeliveryError, attempts: int, now: datetime, jitter: float) -> Retry | GiveUp:
        """What to do after the ``attempts``-th attempt failed. ``jitter`` in 0..1 spreads the retries of many channels.

        What the platform says itself on when to come back is never undercut.
        """
        if error.permanent:
            return GiveUp(str(error), error.closed)
        if attempts >= self.tries:
            return GiveUp(f"{error} ({attempts} attempts)")
        wait = min(self.first * 2 ** min(attempts - 1, 30), self.longest) * (0.5 + jitter / 2)
        return Retry(now + max(wait, error.retry_after or wait), ask=error.unclear)


@dataclass(slots=True)
class Outcome:
    """What one round of the outbox came to, by delivery keys."""

    settled: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)  # failed for now
    failed: list[Delivery] = field(default_factory=list)  # given up; ``error`` says why


class Outbox:
    """Sends what is intended, over the poster of each platform."""

    def __init__(
        self,
        store: Store,
        posters: Mapping[str, Poster],
        clock: Clock,
        *,
        backoff: Backoff = Backoff(),
        jitter: Callable[[], float] = random.random,
        patience: timedelta = timedelta(minutes=1),  # with one call to a platform
        abreast: int = 50,  # channels that are posted to at the same time
    ) -> None:
        self._store = store
        self._posters = posters
        self._clock = clock
        self._backoff = backoff
        self._jitter = jitter
        self._patience = patience.total_seconds()
        self._room = asyncio.Semaphore(abreast)
        self._busy: set[str] = set()
        self.on_closed: Callable[[Channel, str], Awaitable[None]] = _nothing_more  # told why a channel takes no posts

    def reaches(self, channel: Channel) -> bool:
        """Whether the channel's platform is connected."""
        return channel.platform in self._posters

    def parts(self, key: str, channel: Channel, digest: Digest, owner: str | None = None) -> tuple[Delivery, ...]:
        """The digest as deliveries: keys are ``key``, ``key+1`` ..., and all but the first go in its thread.

        Raises:
            DeliveryError: the platform isn't connected, so that nobody knows what it takes in one post.
        """
        if not self.reaches(channel):
            raise DeliveryError(f"{channel.platform} isn't connected: switch it on in the configuration")
        digests = enumerate(self._posters[channel.platform].parts(digest))
        return tuple(
            Delivery(f"{key}+{number}" if number else key, channel.key, part, owner=owner, root=key if number else None)
            for number, part in digests
        )

    async def intend(self, key: str, channel: Channel, digest: Digest) -> bool:
        """Whether the post is written down now; False if its key is known: it was intended before."""
        return await self._store.intend(*self.parts(key, channel, digest))

    async def run_once(self) -> Outcome:
        """Sends all that is due on the platforms at hand, and returns when each channel has nothing left or must wait.

        May be called while another call is at work: channels that are being posted to are left to that one. An error
        that is no DeliveryError is raised, in a group, after the other channels have had their posts.
        """
        return await self._send([Channel.of(key) for key in await self._store.due_channels(self._clock())])

    async def send(self, channel: Channel) -> Outcome:
        """Does the same for one channel only: thousands may have a post at the same minute."""
        return await self._send([channel])

    async def _send(self, wanted: Iterable[Channel]) -> Outcome:
        channels = [channel for channel in wanted if channel.key not in self._busy and self.reaches(channel)]
        self._busy.update(channel.key for channel in channels)
        outcome = Outcome()
        ended = await asyncio.gather(*(self._drain(channel, outcome) for channel in channels), return_exceptions=True)
        errors = [error for error in ended if isinstance(error, BaseException)]
        if errors:
            raise BaseExceptionGroup("posting failed in a way that was not expected", errors)
        return outcome

    async def _drain(self, channel: Channel, outcome: Outcome) -> None:
        try:
            async with self._room:
                while delivery := await self._store.next_delivery(channel.key, self._clock()):
                    await self._deliver(channel, delivery, outcome)
                while delivery := await self._store.next_stale(channel.key, self._clock()):
                    await self._edit(channel, delivery, outcome)
        finally:
            self._busy.discard(channel.key)

    async def _deliver(self, channel: Channel, delivery: Delivery, outcome: Outcome) -> None:
        """Takes the delivery one step on: to settled, to failed or to a later try."""
        poster = self._posters[channel.platform]
        try:
            message = await self._attempt(poster, channel, delivery)
        except DeliveryError as error:
            await self._failed(delivery, error, outcome)
        except Exception as error:
            # A fault in the poster: it may have posted, and must not be tried again at once, for ever.
            await self._failed(delivery, DeliveryError(f"{type(error).__name__}: {error}", unclear=True), outcome)
            raise
        else:
            await self._store.settle(delivery.key, message)
            outcome.settled.append(delivery.key)

    async def _attempt(self, poster: Poster, channel: Channel, delivery: Delivery) -> str:
        """The platform's id of the message, found or made."""
        await self._store.mark_sent(delivery.key)
        thread = await self._thread(delivery)
        if delivery.state is DeliveryState.SENT:
            found = await self._ask(poster, channel, delivery.key, thread)
            if found is not None:
                return found
        return await self._answer(poster.post(channel, delivery.digest, delivery.key, thread=thread), poster.platform)

    async def _thread(self, delivery: Delivery) -> str | None:
        """The message in whose thread the delivery goes. Without a first part the others stand in the channel."""
        return await self._store.message(delivery.root) if delivery.root else None

    async def _ask(self, poster: Poster, channel: Channel, key: str, thread: str | None) -> str | None:
        try:
            return await self._answer(poster.find(channel, key, thread=thread), poster.platform)
        except DeliveryError as error:
            # Not knowing is not 'no': it stays unclear, whatever the reason why nobody answered.
            error.unclear = True
            raise

    async def _answer(self, call: Awaitable[T], platform: str) -> T:
        try:
            async with asyncio.timeout(self._patience):
                return await call
        except TimeoutError as error:
            raise DeliveryError(f"no answer from {platform} within {self._patience:g} s", unclear=True) from error

    async def _failed(self, delivery: Delivery, error: DeliveryError, outcome: Outcome) -> None:
        attempts = delivery.attempts + 1  # the one at hand came after the delivery was read
        decision = self._backoff.decide(error, attempts, self._clock(), self._jitter())
        match decision:
            case Retry(at, ask):
                log.warning(
                    "delivery waits", key=delivery.key, error=str(error), attempt=attempts, until=at.isoformat()
                )
                await self._store.fail(delivery.key, str(error), at, unclear=ask)
                outcome.waiting.append(delivery.key)
            case GiveUp(reason, closed):
                log.error("delivery given up", key=delivery.key, channel=delivery.channel, error=reason)
                await self._store.fail(delivery.key, reason, None)
                outcome.failed.append(replace(delivery, state=DeliveryState.FAILED, error=reason))
                if closed:
                    await self._store.abandon(delivery.channel, reason)
                    await self.on_closed(Channel.of(delivery.channel), reason)

    async def _edit(self, channel: Channel, delivery: Delivery, outcome: Outcome) -> None:
        """Has the platform show what the delivery holds now, or tries later; a message that is gone stays so."""
        poster, message = self._posters[channel.platform], delivery.message or ""
        thread = await self._thread(delivery)
        try:
            edited = poster.edit(channel, message, delivery.digest, delivery.key, thread=thread)
            await self._answer(edited, poster.platform)
        except DeliveryError as error:
            await self._edit_later(delivery, error)
        except Exception as error:  # a fault in the poster must not be met again at once, for ever
            await self._edit_later(delivery, DeliveryError(f"{type(error).__name__}: {error}"))
            raise
        else:
            await self._store.settle(delivery.key, message)
            outcome.edited.append(delivery.key)

    async def _edit_later(self, delivery: Delivery, error: DeliveryError) -> None:
        match self._backoff.decide(error, delivery.attempts + 1, self._clock(), self._jitter()):
            case Retry(at, _):
                log.warning("edit waits", key=delivery.key, error=str(error), until=at.isoformat())
                await self._store.retry_edit(delivery.key, str(error), at)
            case GiveUp(reason, _):
                log.error("edit given up", key=delivery.key, channel=delivery.channel, error=reason)
                await self._store.settle(delivery.key, delivery.message or "")


async def _nothing_more(_channel: Channel, _why: str) -> None:
    """What follows from a closed channel where nobody has said."""
