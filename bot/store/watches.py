"""Watches, and the articles that they have come upon."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.errors import NotFound
from bot.store.database import Database
from bot.store.readings import last_arrival
from bot.store.schema import hits, watches
from bot.types import Quiet, Watch, WatchKind

QUIET: Final = TypeAdapter(Quiet)


class Hit(NamedTuple):
    """An article that touches what is watched."""

    watch: str
    article: str  # its id


class Watches(Database):
    """What is looked out for. Only the workspace that made a watch can see or change it."""

    async def add_watch(self, watch: Watch) -> None:
        """Keeps it, created now unless it says when. It looks at what is read from now on."""
        async with self._writing() as connection:
            await connection.execute(insert(watches).values(self._columns(watch) | {"arrival": last_arrival()}))

    async def watches(self, workspace: str | None = None, channel: str | None = None) -> list[Watch]:
        """Those of the workspace (None: of all), in one channel or in any, in the order in which they were made."""
        query = select(watches).order_by(watches.c.created, watches.c.id)
        if workspace is not None:
            query = query.where(watches.c.workspace == workspace)
        if channel is not None:
            query = query.where(watches.c.channel == channel)
        async with self._reading() as connection:
            return [_watch(row) for row in (await connection.execute(query)).all()]

    async def remove_watch(self, workspace: str, ident: str) -> None:
        """Forgets it; posts that are already intended still go out. Raises NotFound."""
        async with self._writing() as connection:
            gone = await connection.execute(delete(watches).where(_mine(workspace, ident)))
        _must_exist(gone.rowcount, ident)

    async def pause_watch(self, workspace: str, ident: str) -> None:
        """Keeps it from posting until it is resumed. Raises NotFound."""
        await self._set_watch(workspace, ident, {"paused": True})

    async def resume_watch(self, workspace: str, ident: str) -> None:
        """Lets it post again, with what is new from now on. Raises NotFound."""
        await self._set_watch(workspace, ident, {"paused": False, "stopped": None, "arrival": last_arrival()})

    async def stop_watches(self, channel: str, why: str) -> list[Watch]:
        """Those of the channel that are paused now because it can't be posted to; ``why`` says so in words."""
        mine = (watches.c.channel == channel) & ~watches.c.paused
        stopped = update(watches).where(mine).values(paused=True, stopped=why).returning(watches)
        async with self._writing() as connection:
            return [_watch(row) for row in (await connection.execute(stopped)).all()]

    async def look(self, idents: Collection[str], arrival: int, found: Collection[Hit]) -> None:
        """Keeps that the watches have looked at everything up to the arrival, and what they have found there."""
        rows = [{"watch": hit.watch, "article": hit.article, "found": self._clock()} for hit in found]
        async with self._writing() as connection:
            if rows:
                await connection.execute(upsert(hits).on_conflict_do_nothing(), rows)
            of = watches.c.id.in_(idents)
            await connection.execute(update(watches).where(of).values(arrival=arrival))

    async def untold(self) -> dict[str, list[Hit]]:
        """What is still to be told of, by channel, in the order of being found; nothing of watches that are paused."""
        query = select(hits, watches.c.channel).join(watches, watches.c.id == hits.c.watch)
        query = query.where(hits.c.told.is_(None), ~watches.c.paused).order_by(hits.c.found, hits.c.article)
        found: dict[str, list[Hit]] = {}
        async with self._reading() as connection:
            for row in (await connection.execute(query)).all():
                found.setdefault(row.channel, []).append(Hit(row.watch, row.article))
        return found

    async def told(self, channel: str, since: datetime) -> list[str]:
        """The ids of the articles that the channel has been told of since then, whichever its watch."""
        query = select(hits.c.article).distinct().join(watches, watches.c.id == hits.c.watch)
        query = query.where(watches.c.channel == channel, hits.c.told > since)
        async with self._reading() as connection:
            return list((await connection.execute(query)).scalars())

    async def _set_watch(self, workspace: str, ident: str, values: Mapping[str, object]) -> None:
        async with self._writing() as connection:
            changed = await connection.execute(update(watches).where(_mine(workspace, ident)).values(values))
        _must_exist(changed.rowcount, ident)

    def _columns(self, watch: Watch) -> dict[str, object]:
        columns = {name: getattr(watch, name) for name in watches.c.keys()}  # noqa: SIM118 (columns, no dict)
        quiet = QUIET.dump_json(watch.quiet).decode() if watch.quiet else None
        return columns | {"quiet": quiet, "created": watch.created or self._clock()}


def _mine(workspace: str, ident: str) -> Any:
    return (watches.c.workspace == workspace) & (watches.c.id == ident)


def _must_exist(rows: int, ident: str) -> None:
    if not rows:
        raise NotFound(f"no watch {ident!r} here: /watch list shows those that there are")


def _watch(row: Row[Any]) -> Watch:
    quiet = QUIET.validate_json(row.quiet) if row.quiet else None
    return Watch(**(dict(row._mapping) | {"kind": WatchKind(row.kind), "quiet": quiet}))  # noqa: SLF001 (SQLAlchemy's public name)
