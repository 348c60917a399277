"""Stories of stored articles: likenesses are worked out once for each article, and looked up from then on."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from bot.briefing import stories
from bot.ports import Clock
from bot.store import Profiled, Search, Store, Unlinked
from bot.types import Story

BITE: Final = 10  # articles that are compared before others may write to the store
SEARCH: Final = Search(stories.METHOD, stories.WINDOW, stories.SHARED, stories.MOST)


class StoryDesk:
    """Keeps up which articles tell of one event, and says it to each workspace of those that it sees."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._at_work = asyncio.Lock()

    async def keep_up(self) -> int:
        """How many articles were compared with those around them: all of the last days that weren't yet."""
        since = self._clock() - stories.WINDOW
        done = 0
        while bite := await self._bite(since=since):
            done += bite
        return done

    async def told(self, workspace: str | None, ids: Collection[str]) -> tuple[Story, ...]:
        """The stories of exactly these articles, as the workspace sees them: oldest article first, stories by theirs.

        Two articles are also of one story when others join them that are not asked for.
        """
        while await self._bite(ids=ids):
            pass
        known = await self._store.likenesses(workspace, ids, stories.BRIDGE)
        found = await asyncio.to_thread(stories.told, dict.fromkeys(ids) | dict(known.happened), known.likeness)
        asked = set(ids)
        cut = (Story(one.id, tuple(ident for ident in one.articles if ident in asked)) for one in found)
        return tuple(one for one in cut if one.articles)

    async def _bite(self, *, since: datetime | None = None, ids: Collection[str] | None = None) -> int:
        """How many were compared now; between two bites others get their turn."""
        async with self._at_work:
            waiting = await self._store.unlinked(SEARCH.method, since=since, ids=ids, limit=BITE)
            if waiting:
                profiled = await asyncio.to_thread(lambda: [_profiled(one) for one in waiting])
                await self._store.link(profiled, SEARCH, _compare)
        return len(waiting)


def _profiled(one: Unlinked) -> Profiled:
    made = stories.profile(one.article, one.reading, one.happened)
    return Profiled(one, stories.dump(made), made.keys)


def _compare(body: str, others: Sequence[str]) -> list[float]:
    here = stories.restore(body)
    return [stories.likeness(here, stories.restore(other)) for other in others]
