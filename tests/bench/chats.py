"""What the measures of the chats have in common: a loopback platform served, articles taken in, times in tables.

The platform's loopback runs in a process of its own; the bot is the one that `dateline run` starts, with its store, its
reading processes, its schedule and its outbox. ``tests.bench.discord`` and ``tests.bench.slack`` add a platform each.
"""

import argparse
import asyncio
import multiprocessing
import os
import resource
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self, TypeVar

import platformdirs
import structlog
from rich.console import Console
from rich.table import Table

from bot.app import App, open_app, take_in
from bot.config import BriefingConfig, Config
from bot.schedule import Schedule
from bot.types import Channel
from tests import labelled

BATCH = 50  # articles

Orders = Mapping[str, Callable[..., Awaitable[Any]]]  # what a loopback can be told to do; each is called with it first
Kinds = Mapping[str, tuple[Sequence[Any], int]]  # by label: what is sent, and how many times ``--every`` between two


# --- the server, in a process of its own


@dataclass(frozen=True)
class Posted:
    """What is there on a platform, as its server answers the order ``posted``."""

    messages: Mapping[Any, int]  # by channel
    in_threads: int
    asked: Mapping[str, int]  # requests, by what they were for
    refused: Mapping[Any, int]  # of these with 429, by what the limit is for
    cpu: float = field(default_factory=time.process_time)  # seconds that the server has needed so far


@dataclass(frozen=True)
class Server:
    """A loopback platform, seen from here."""

    pipe: Connection
    channels: tuple[Channel, ...]

    async def order(self, name: str, *values: object) -> Any:
        """What the order comes to."""
        self.pipe.send((name, *values))
        return await asyncio.to_thread(self.pipe.recv)


@contextmanager
def serving_apart(serve: Callable[..., None], *values: object) -> Iterator[tuple[Connection, Any]]:
    """A pipe to a process in which ``serve`` runs with its end of the pipe and the values, and what it sent first."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, *values))
    process.start()
    theirs.close()  # so that the end of the server is the end of this, too
    try:
        yield ours, ours.recv()
        ours.send(None)
    finally:
        ours.close()
        process.join(10)
        process.kill()


async def obey(pipe: Connection, loopback: object, orders: Orders) -> None:
    """Does what comes through the pipe, and sends back what it comes to, until None comes."""
    while order := await asyncio.to_thread(pipe.recv):
        name, *values = order
        pipe.send(await orders[name](loopback, *values))


# --- the bot


@asynccontextmanager
async def service(folder: Path, workers: int, stories: int) -> AsyncIterator[App]:
    """The bot without a chat, with a store in the folder and a folder of articles that is empty as yet."""
    articles = folder / "articles"
    articles.mkdir()
    cache = Path(platformdirs.user_cache_dir("dateline", appauthor=False))
    config = Config(
        store=folder / "store.sqlite3", cache=cache, folders=(articles,), briefing=BriefingConfig(stories=stories)
    )
    async with open_app(config, workers=workers) as app:
        yield app


def write_articles(folder: Path, number: int) -> int:
    """How many words the files have that were written: 50 articles, none like one of another number."""
    words = 0
    texts = _texts()
    for index in range(BATCH):
        text = f"{texts[(number * BATCH + index) % len(texts)]}\n\nEdition {number}, page {index}.\n"
        (folder / f"{number}-{index}.txt").write_text(text, encoding="utf-8")
        words += len(text.split())
    return words


@cache
def _texts() -> list[str]:
    return [one.article.text for one in labelled.every()]


class Reading:
    """Takes in one batch after the other while it is entered, and ends the one at hand when it is left."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.batches: list[tuple[int, float]] = []  # words and seconds of each

    async def __aenter__(self) -> Self:
        self._stop.clear()
        self._task = asyncio.create_task(self._read_on())
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._stop.set()
        if self._task:
            await self._task

    async def _read_on(self) -> None:
        while not self._stop.is_set():
            words = await asyncio.to_thread(write_articles, self._app.config.folders[0], len(self.batches))
            began = time.perf_counter()
            await take_in(self._app)
            self.batches.append((words, time.perf_counter() - began))


# --- acknowledging


async def acknowledge(app: App, server: Server, options: argparse.Namespace, sent: str, kinds: Kinds) -> None:
    """Prints how long the server's order ``ask`` says that acknowledgements take; ``sent`` heads what is sent."""
    table = Table(sent, "meanwhile", "n", "median ms", "p99 ms", "most ms", "over 3 s")
    reading = Reading(app)
    async with reading:  # the first batch: the models are loaded, and there is something to answer from
        await asyncio.sleep(0)
    for name, (what, times) in kinds.items():
        every = times * options.every
        label = f"{name}, {1 / every:g} a second"
        taken = await server.order("ask", what, options.count, every)
        table.add_row(label, "nothing", *figures(taken))
        async with reading:
            taken = await server.order("ask", what, options.count, every)
        table.add_row(label, f"batches of {BATCH} articles", *figures(taken))
    console = Console()
    console.print(table)
    console.print(", ".join(f"{words} words in {seconds:.1f} s" for words, seconds in reading.batches))


def figures(taken: Sequence[float | None]) -> tuple[str, ...]:
    """Number, median, 99th percentile and most, in milliseconds, and how many were too late."""
    there = sorted(one * 1000 for one in taken if one is not None)
    late = len(taken) - len(there)
    p99 = there[min(len(there) - 1, round(0.99 * len(there)))]
    return str(len(taken)), f"{statistics.median(there):.1f}", f"{p99:.1f}", f"{there[-1]:.1f}", str(late)


# --- a thousand digests


@dataclass(frozen=True)
class Terms:
    """A platform's times for the measure of digests, and its words for the table."""

    reading: timedelta  # left for the articles before the digests are due
    ahead: timedelta  # a post that is to be tried again within it keeps the measure from ending
    settled: str
    messages: str
    in_threads: str
    asked: str
    refused: str


async def digests(app: App, server: Server, options: argparse.Namespace, title: str, terms: Terms) -> None:
    """Prints what it takes to post a digest to every channel."""
    write_articles(app.config.folders[0], 0)
    due = await _subscribed(
        app, server.channels, terms.reading
    )  # first: a digest holds what came after it was asked for
    await take_in(app)
    await server.order("slow down", options.latency)
    schedule = Schedule(app.desk.digests.post, app.clock)
    schedule.every("outbox", timedelta(seconds=5), lambda: _sent(app))
    await asyncio.sleep(max(0.0, (due - app.clock()).total_seconds() - 1))
    cpu, before = time.process_time(), await server.order("posted")
    schedule.start(await app.desk.digests.all())
    taken, after = await _until_all(app, server, due, options.patience, terms)
    schedule.stop()
    table = Table(title, "")
    for row in [*_rows(taken, before, after, terms), *_spent(time.process_time() - cpu, after.cpu - before.cpu)]:
        table.add_row(*row)
    Console().print(table)


async def _sent(app: App) -> None:
    await app.outbox.run_once()


async def _subscribed(app: App, channels: Sequence[Channel], reading: timedelta) -> datetime:
    """When the digests of all channels are due, leaving time for reading the articles."""
    due = (app.clock() + reading + timedelta(seconds=0.05 * len(channels))).replace(second=0, microsecond=0)
    due += timedelta(minutes=1)
    for channel in channels:
        await app.desk.digests.add(channel, [due.time()], "UTC")
    return due


async def _until_all(
    app: App, server: Server, due: datetime, patience: float, terms: Terms
) -> tuple[dict[str, float], Posted]:
    """Seconds after the minute at which there was a first, a half and all, by name; and what there is then."""
    marks = {"first": 1, "half": len(server.channels) // 2, "all": len(server.channels)}
    taken: dict[str, float] = {}
    idle = 0
    while True:
        await asyncio.sleep(0.5)
        now, found = (app.clock() - due).total_seconds(), await server.order("posted")
        reached = sum(count > 0 for count in found.messages.values())
        taken |= {name: now for name, count in marks.items() if reached >= count and name not in taken}
        waiting = await app.store.due_channels(app.clock() + terms.ahead)
        idle = idle + 1 if "all" in taken and not waiting else 0
        if idle >= 4 or now > patience:
            return taken | {terms.settled: now - 0.5 * idle}, found


def _rows(taken: dict[str, float], before: Posted, after: Posted, terms: Terms) -> Iterator[tuple[str, str]]:
    for name, seconds in taken.items():
        yield f"{name}, seconds after the minute", f"{seconds:.1f}"
    yield terms.messages, str(dict(Counter(after.messages.values())))
    yield terms.in_threads, str(after.in_threads)
    yield terms.asked, str({name: count - before.asked.get(name, 0) for name, count in after.asked.items()})
    yield terms.refused, str(after.refused)


def _spent(bot: float, server: float) -> Iterator[tuple[str, str]]:
    yield "CPU seconds of the bot, of the server", f"{bot:.1f}, {server:.1f}"
    yield "MB, the most", str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


# --- the command


ServerT = TypeVar("ServerT", bound=Server)
Measure = Callable[[ServerT, Path, argparse.Namespace], Coroutine[Any, Any, None]]  # given an empty folder


def arguments(name: str, what: str | None, patience: float) -> argparse.ArgumentParser:
    """The arguments of the platform's module here, to which it may add its own; ``what`` is the help's description.

    ``patience`` is for how many seconds digests are waited for if nothing else is said.
    """
    parser = argparse.ArgumentParser(prog=f"python -m tests.bench.{name.lower()}", description=what)
    parser.add_argument("what", choices=["acknowledge", "digests"])
    parser.add_argument("--workers", type=int, default=2, help="reading processes")
    parser.add_argument("--count", type=int, default=300, help="of each kind that are sent")
    parser.add_argument("--every", type=float, default=0.1, help="seconds between two")
    parser.add_argument("--channels", type=int, default=1000, help="for digests; to acknowledge there are 20")
    parser.add_argument("--stories", type=int, default=5, help="in a digest, at most")
    parser.add_argument("--latency", type=float, default=0.1, help=f"seconds that each of {name}'s answers takes")
    parser.add_argument("--patience", type=float, default=patience, help="seconds after which it ends in any case")
    return parser


def channels(options: argparse.Namespace) -> int:
    """How many channels the server is to have."""
    return 20 if options.what == "acknowledge" else int(options.channels)


def measure(
    options: argparse.Namespace, served: AbstractContextManager[ServerT], measures: Mapping[str, Measure[ServerT]]
) -> None:
    """Carries out the measure that was chosen, and prints the machine's load before and after it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))  # errors only
    Console().print(f"load before: {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    with served as server, tempfile.TemporaryDirectory() as folder:
        asyncio.run(measures[options.what](server, Path(folder), options))
    Console().print(f"load after: {os.getloadavg()[0]:.2f}")
