"""So many at once, and so many of one host: no server is to notice that a hundred of its feeds are followed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Turns:
    """Lets ``at_once`` in at a time, and ``of_one`` of each host. Who waits for a busy host takes no place."""

    def __init__(self, at_once: int, of_one: int) -> None:
        self._room = asyncio.Semaphore(at_once)
        self._of_one = of_one
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, host: str) -> AsyncIterator[None]:
        """A turn for the host; it begins when there is room, first come first served."""
        own = self._hosts.setdefault(host, asyncio.Semaphore(self._of_one))
        async with own, self._room:
            yield
