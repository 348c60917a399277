"""Scheduled digests, as people have asked for them."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bot.errors import NotFound
from bot.store.database import Database
from bot.store.readings import last_arrival
from bot.store.schema import subscriptions
from bot.types import Subscription


class Subscriptions(Database):
    """What is posted by the clock. Only the workspace that made a subscription can see or change it."""

    async def add_subscription(self, subscription: Subscription) -> None:
        """Keeps it, created now unless it says when. Its first digest covers what is read from now on."""
        async with self._writing() as connection:
            row = self._row(subscription)
            await connection.execute(insert(subscriptions).values(row | {"arrival": last_arrival()}))

    async def subscriptions(self, workspace: str | None = None, channel: str | None = None) -> list[Subscription]:
        """Those of the workspace (None: of all), in one channel or in any, in the order in which they were made."""
        query = select(subscriptions).order_by(subscriptions.c.created, subscriptions.c.id)
        if workspace is not None:
            query = query.where(subscriptions.c.workspace == workspace)
        if channel is not None:
            query = query.where(subscriptions.c.channel == channel)
        async with self._reading() as connection:
            return [_subscription(row) for row in (await connection.execute(query)).all()]

    async def subscription(self, ident: str) -> Subscription:
        """The subscription of that id, of any workspace. Raises NotFound."""
        async with self._reading() as connection:
            row = (await connection.execute(select(subscriptions).where(subscriptions.c.id == ident))).one_or_none()
        if row is None:
            raise NotFound(f"no digest {ident!r}: it has been removed")
        return _subscription(row)

    async def change_subscription(self, workspace: str, wanted: Subscription) -> None:
        """Has it posted at those times, on those days, in that zone and about that topic. Raises NotFound."""
        row = self._row(wanted)
        await self._set(workspace, wanted.id, {name: row[name] for name in ("at", "zone", "days", "topic")})

    async def remove_subscription(self, workspace: str, ident: str) -> None:
        """Forgets it; posts that are already intended still go out. Raises NotFound."""
        mine = (subscriptions.c.workspace == workspace) & (subscriptions.c.id == ident)
        async with self._writing() as connection:
            gone = await connection.execute(delete(subscriptions).where(mine))
        _must_exist(gone.rowcount, ident)

    async def pause_subscription(self, workspace: str, ident: str) -> None:
        """Keeps it from posting until it is resumed. Raises NotFound."""
        await self._set(workspace, ident, {"paused": True})

    async def resume_subscription(self, workspace: str, ident: str) -> None:
        """Lets it post again, with what is new from now on. Raises NotFound."""
        now = {"last_until": self._clock(), "arrival": last_arrival()}
        await self._set(workspace, ident, {"paused": False, "stopped": None} | now)

    async def stop_subscriptions(self, channel: str, why: str) -> list[Subscription]:
        """Those of the channel that are paused now because it can't be posted to; ``why`` says so in words."""
        mine = (subscriptions.c.channel == channel) & ~subscriptions.c.paused
        stopped = update(subscriptions).where(mine).values(paused=True, stopped=why).returning(subscriptions)
        async with self._writing() as connection:
            return [_subscription(row) for row in (await connection.execute(stopped)).all()]

    async def _set(self, workspace: str, ident: str, values: Mapping[str, object]) -> None:
        mine = (subscriptions.c.workspace == workspace) & (subscriptions.c.id == ident)
        async with self._writing() as connection:
            changed = await connection.execute(update(subscriptions).where(mine).values(values))
        _must_exist(changed.rowcount, ident)

    def _row(self, subscription: Subscription) -> dict[str, object]:
        columns = {name: getattr(subscription, name) for name in subscriptions.c.keys()}  # noqa: SIM118 (columns, no dict)
        at = ",".join(f"{clock:%H:%M}" for clock in subscription.at)
        written = {"at": at, "days": "".join(map(str, subscription.days))}
        return columns | written | {"created": subscription.created or self._clock()}


def _must_exist(rows: int, ident: str) -> None:
    if not rows:
        raise NotFound(f"no digest {ident!r} here: /digest list shows those that there are")


def _subscription(row: Row[Any]) -> Subscription:
    at, days = tuple(map(time.fromisoformat, row.at.split(","))), tuple(map(int, row.days))
    return Subscription(**(dict(row._mapping) | {"at": at, "days": days}))  # noqa: SLF001 (SQLAlchemy's public name)
