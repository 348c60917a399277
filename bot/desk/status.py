"""How things stand in a channel: what is followed, what comes next, what went wrong."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.ports import Clock
from bot.store import Store
from bot.types import Channel, Delivery, Feed, Subscription, Watch

RECENT: Final = timedelta(days=7)  # failures further back are history


@dataclass(frozen=True, slots=True)
class Status:
    """What a person in a channel can know of Dateline's work there."""

    feeds: tuple[Feed, ...]
    digests: tuple[Subscription, ...]
    watches: tuple[Watch, ...]
    failed: tuple[Delivery, ...]  # posts to the channel that were given up lately, newest first
    place: str | None  # a place that is much in the news here
    source: str | None  # somebody who is much quoted here


class StatusDesk:
    """Looks after all of it at once."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def of(self, channel: Channel) -> Status:
        """How things stand in the channel now."""
        place = await self._store.busiest_place(channel.tenant)
        sources = await self._store.complete_sources(channel.tenant, "", 1)
        return Status(
            tuple(await self._store.feeds(channel.tenant)),
            tuple(await self._store.subscriptions(channel.tenant, channel.key)),
            tuple(await self._store.watches(channel.tenant, channel.key)),
            tuple(await self._store.given_up(channel.key, self._clock() - RECENT)),
            place,
            sources[0] if sources else None,
        )
