"""A process that posts digests to a platform kept in a file, and kills itself at the step it is told to.

Run as ``python -m tests.killed FOLDER STEP CHANNELS ROUND``: step 0 lets it live until all is posted. Steps are counted
over every statement and commit of the store and every call of the platform, before and after it takes effect. The
channels get three parts in each round. ``tests/proof.py`` does it for long.
"""

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.delivery import Outbox
from bot.errors import DeliveryError
from bot.store import Store
from bot.types import Channel, Delivery, Digest
from tests.fakes import HandClock
from tests.store.build import NOON, digest

PARTS = 3


class Fuse:
    """Kills this process, as a power cut would, when it has been stepped so many times."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def step(self, *_: object, **__: object) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class FilePlatform:
    """Keeps every accepted post as a line of a file, and now and then loses its answer, is busy or fails."""

    platform = "fake"

    def __init__(self, path: Path, fuse: Fuse, chance: random.Random) -> None:
        self._path = path
        self._fuse = fuse
        self._chance = chance

    def parts(self, digest: Digest) -> Sequence[Digest]:
        return [digest]

    async def edit(
        self, channel: Channel, message: str, digest: Digest, key: str, *, thread: str | None = None
    ) -> None:
        # A Poster must have it; no article changes in this proof, so that a call would be a fault of the outbox.
        raise NotImplementedError("nothing is corrected here")

    async def post(self, channel: Channel, digest: Digest, key: str, *, thread: str | None = None) -> str:
        mood = self._chance.random()
        self._fuse.step()
        if mood < 0.1:
            raise DeliveryError("too many requests", retry_after=timedelta(seconds=30))
        if mood < 0.2:
            raise DeliveryError("internal error", unclear=True)
        with self._path.open("a") as posts:
            posts.write(json.dumps([channel.key, key, digest.title, thread]) + "\n")
        self._fuse.step()
        if mood < 0.35:
            raise DeliveryError("the answer was lost", unclear=True)
        return key

    async def find(self, channel: Channel, key: str, *, thread: str | None = None) -> str | None:
        self._fuse.step()
        return key if [channel.key, key, key, thread] in accepted(self._path) else None


def channels(count: int) -> list[Channel]:
    """So many channels of the platform."""
    return [Channel("fake", "w", f"c{number}") for number in range(count)]


def parts(channel: Channel, turn: int) -> list[Delivery]:
    """What the channel is to get in that round: all but the first in its thread."""
    keys = [f"{channel.id}/{turn}/{part}" for part in range(PARTS)]
    return [Delivery(key, channel.key, digest(key), root=keys[0] if key != keys[0] else None) for key in keys]


def accepted(path: Path) -> list[list[str | None]]:
    """[channel, key, title, thread] of every post that the platform has, in the order of coming."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


async def work(folder: Path, steps: int, count: int, turn: int) -> None:
    """Intends the parts for each channel and posts until nothing is left."""
    fuse, clock = Fuse(steps), HandClock(NOON)
    async with await Store.open(folder / "store.db", clock=clock) as store:
        _watch(store, fuse)
        chance = random.Random(steps)  # noqa: S311 (moods that come again with the step, nothing secret)
        platform = FilePlatform(folder / "posts", fuse, chance)
        outbox = Outbox(store, {"fake": platform}, clock, jitter=lambda: 0.5)
        for channel in channels(count):
            await store.intend(*parts(channel, turn))
        for _ in range(40):
            await outbox.run_once()
            clock.advance(hours=2)


def _watch(store: Store, fuse: Fuse) -> None:
    engine: Any = store._engine.sync_engine
    for moment in ("before_cursor_execute", "after_cursor_execute", "commit", "rollback"):
        event.listen(engine, moment, fuse.step)


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), *map(int, sys.argv[2:5])))
