"""Slack's pace: https://docs.slack.dev/apis/web-api/rate-limits/."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

MESSAGES: Final = 1.0  # seconds between two in a channel
UPDATES: Final = 1.2  # seconds between two chat.update in a workspace: fifty a minute (tier 3)
_REMEMBERED: Final = 10_000


class Pace:
    """Lets one call through to each channel, or workspace, every so many seconds; none waits for another."""

    def __init__(
        self,
        every: float = MESSAGES,
        clock: Callable[[], float] = time.monotonic,  # in seconds
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._every = every
        self._clock = clock
        self._sleep = sleep
        self._free: dict[str, float] = {}  # from when on each may be called again

    async def turn(self, where: str) -> None:
        """Returns when the channel, or workspace, of that name may be called again."""
        now = self._clock()
        if len(self._free) > _REMEMBERED:
            self._free = {one: free for one, free in self._free.items() if free > now}
        start = max(now, self._free.get(where, now))
        self._free[where] = start + self._every
        if start > now:
            await self._sleep(start - now)

    def ended(self, where: str) -> None:
        """Counts from now: Slack has seen the call some time after its turn, and lets none through any sooner."""
        self._free[where] = max(self._free.get(where, 0.0), self._clock() + self._every)
