"""Discord, measured: ``python -m tests.bench.discord acknowledge`` and ``... digests``.

The loopback Discord of ``tests/discord/loopback`` runs in a process of its own; the bot is the one that `dateline run`
starts, with its store, its reading processes, its schedule and its outbox, and discord.py in it.

acknowledge: how long after a slash command was sent its acknowledgement arrives at the server, while nothing else goes
on, and while 50 articles at a time are taken in, read and grouped. The articles are the hand-labelled ones.

digests: as many servers as asked for have a digest due at the same minute, of the same articles. How long it takes
until the last one stands in its channel, within the limits that Discord documents: 50 requests a second in all, five
messages in five seconds to a channel.
"""

import argparse
import asyncio
import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import platformdirs
import structlog
from rich.console import Console
from rich.table import Table

from adapters.discord.client import DiscordChat
from bot.app import App, open_app, take_in
from bot.config import BriefingConfig, Config
from bot.schedule import Schedule
from bot.types import Channel
from tests import labelled
from tests.discord.loopback import Interaction, Kind, Loopback, pointing, serving

Commands = tuple[tuple[str, dict[str, str]], ...]  # names and options

LIGHT: Commands = (("help", {}), ("digest list", {}), ("feeds list", {}), ("watch list", {}))
ALL: Commands = (
    *LIGHT,
    ("brief", {}),
    ("where", {"place": "Kyiv"}),
    ("said", {"source": "police"}),
    ("brief", {"about": "fire"}),
)
BATCH = 50  # articles
PLATFORM = "discord"


# --- the server, in a process of its own


async def _ask(loopback: Loopback, commands: Commands, count: int, every: float) -> Any:
    """Seconds until each command was acknowledged, None for what was too late, and until each was answered."""
    rooms = [one for one in loopback.world.channels.values() if one.kind is Kind.TEXT]
    reader = loopback.world.user("reader")
    asked: list[Interaction] = []
    for number in range(count):
        name, values = commands[number % len(commands)]
        asked.append(await loopback.command(name, values, rooms[number % len(rooms)], reader))
        await asyncio.sleep(every)
    async with asyncio.timeout(120):
        for one in asked:
            await one.done.wait()
        await asyncio.gather(*(_answered(loopback, one) for one in asked if not one.late))
    return [one.after for one in asked]


async def _answered(loopback: Loopback, one: Interaction) -> None:
    while not one.answers:
        await loopback.until(lambda: one.answers)


async def _posted(loopback: Loopback) -> Any:
    """What is there: messages by channel, requests by endpoint, refusals by scope, CPU seconds of the server."""
    world = loopback.world
    by_room = {one.id: len(one.messages) for one in world.channels.values() if one.kind is Kind.TEXT}
    in_threads = sum(len(one.messages) for one in world.channels.values() if one.parent)
    return by_room, in_threads, dict(loopback.rest.asked), dict(loopback.rest.limits.refused), time.process_time()


async def _slow_down(loopback: Loopback, seconds: float) -> None:
    loopback.rest.latency = seconds


ORDERS: dict[str, Callable[..., Awaitable[Any]]] = {"ask": _ask, "posted": _posted, "slow down": _slow_down}


def _serve(pipe: Connection, servers: int) -> None:
    async def main() -> None:
        async with serving() as loopback:
            rooms = [loopback.world.channel(loopback.world.guild(f"Server {number}")) for number in range(servers)]
            pipe.send((loopback.port, loopback.token, [(str(one.guild.id), str(one.id)) for one in rooms if one.guild]))
            while order := await asyncio.to_thread(pipe.recv):
                name, *values = order
                pipe.send(await ORDERS[name](loopback, *values))

    asyncio.run(main())


@dataclass(frozen=True)
class Server:
    """The loopback Discord, seen from here."""

    pipe: Connection
    token: str
    channels: tuple[Channel, ...]

    async def order(self, name: str, *values: object) -> Any:
        """What the order comes to."""
        self.pipe.send((name, *values))
        return await asyncio.to_thread(self.pipe.recv)


@contextmanager
def served(servers: int) -> Iterator[Server]:
    """A server with so many guilds, one channel in each, and discord.py of this process pointed at it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, servers))
    process.start()
    try:
        port, token, rooms = ours.recv()
        with pointing(port):
            yield Server(ours, token, tuple(Channel(PLATFORM, guild, room) for guild, room in rooms))
    finally:
        ours.send(None)
        process.join()


# --- the bot


@asynccontextmanager
async def running(server: Server, folder: Path, workers: int, stories: int) -> AsyncIterator[App]:
    """The bot, connected, and every server following the folder of articles."""
    articles = folder / "articles"
    articles.mkdir()
    cache = Path(platformdirs.user_cache_dir("dateline", appauthor=False))
    config = Config(
        store=folder / "store.sqlite3", cache=cache, folders=(articles,), briefing=BriefingConfig(stories=stories)
    )
    async with open_app(config, workers=workers) as app, DiscordChat(app.desk, server.token, config.tzinfo) as chat:
        app.posters[PLATFORM] = app.tellers[PLATFORM] = chat
        for channel in server.channels:
            await app.desk.intake.welcome(channel.tenant)
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


async def acknowledge(server: Server, folder: Path, options: argparse.Namespace) -> None:
    """Prints how long acknowledgements take."""
    table = Table("slash commands", "meanwhile", "n", "median ms", "p99 ms", "most ms", "over 3 s")
    async with running(server, folder, options.workers, 5) as app:
        reading = Reading(app)
        async with reading:  # the first batch: the models are loaded, and there is something to answer from
            await asyncio.sleep(0)
        for commands, every in ((LIGHT, options.every), (ALL, 5 * options.every)):
            label = f"{'all kinds' if commands is ALL else 'lists and help'}, {1 / every:g} a second"
            taken = await server.order("ask", commands, options.count, every)
            table.add_row(label, "nothing", *figures(taken))
            async with reading:
                taken = await server.order("ask", commands, options.count, every)
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


async def digests(server: Server, folder: Path, options: argparse.Namespace) -> None:
    """Prints what it takes to post a digest to every channel."""
    async with running(server, folder, options.workers, options.stories) as app:
        write_articles(app.config.folders[0], 0)
        due = await _subscribed(app, server.channels)
        await take_in(app)
        await server.order("slow down", options.latency)
        schedule = Schedule(app.desk.digests.post, app.clock)
        schedule.every("outbox", timedelta(seconds=5), lambda: _sent(app))
        await asyncio.sleep(max(0.0, (due - app.clock()).total_seconds() - 1))
        cpu, before = time.process_time(), await server.order("posted")
        schedule.start(await app.desk.digests.all())
        taken, after = await _until_all(app, server, due, options.patience)
        schedule.stop()
        _print(taken, time.process_time() - cpu, before, after, len(server.channels))


async def _sent(app: App) -> None:
    await app.outbox.run_once()


async def _subscribed(app: App, channels: Sequence[Channel]) -> datetime:
    """When the digests of all channels are due, leaving time for reading the articles."""
    due = (app.clock() + timedelta(seconds=20 + 0.05 * len(channels))).replace(second=0, microsecond=0)
    due += timedelta(minutes=1)
    for channel in channels:
        await app.desk.digests.add(channel, [due.time()], "UTC")
    return due


async def _until_all(app: App, server: Server, due: datetime, patience: float) -> tuple[dict[str, float], Any]:
    """Seconds after the minute at which there was a first, a half and all, by name; and what there is then."""
    marks = {"first": 1, "half": len(server.channels) // 2, "all": len(server.channels)}
    taken: dict[str, float] = {}
    idle = 0
    while True:
        await asyncio.sleep(0.5)
        now, found = (app.clock() - due).total_seconds(), await server.order("posted")
        reached = sum(count > 0 for count in found[0].values())
        taken |= {name: now for name, count in marks.items() if reached >= count and name not in taken}
        open_posts = await app.store.due_channels(app.clock())
        idle = idle + 1 if "all" in taken and not open_posts else 0
        if idle >= 4 or now > patience:
            return taken | {"settled": now - 0.5 * idle}, found


def _print(taken: dict[str, float], cpu: float, before: Any, after: Any, channels: int) -> None:
    by_room, in_threads, asked, refused, server_cpu = after
    table = Table(f"{channels} digests due at one minute", "")
    for name, seconds in taken.items():
        table.add_row(f"{name}, seconds after the minute", f"{seconds:.1f}")
    table.add_row("messages in a channel: channels", str(dict(Counter(by_room.values()))))
    table.add_row("messages in threads", str(in_threads))
    table.add_row("requests", str({name: count - before[2].get(name, 0) for name, count in asked.items()}))
    table.add_row("answered with 429, by scope", str(refused))
    table.add_row("CPU seconds of the bot, of the server", f"{cpu:.1f}, {server_cpu - before[4]:.1f}")
    table.add_row("MB, the most", str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
    Console().print(table)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.discord", description=__doc__)
    parser.add_argument("what", choices=["acknowledge", "digests"])
    parser.add_argument("--workers", type=int, default=2, help="reading processes")
    parser.add_argument("--count", type=int, default=300, help="commands of each kind")
    parser.add_argument("--every", type=float, default=0.1, help="seconds between two commands")
    parser.add_argument("--channels", type=int, default=1000)
    parser.add_argument("--stories", type=int, default=5, help="in a digest, at most")
    parser.add_argument("--latency", type=float, default=0.1, help="seconds that each of Discord's answers takes")
    parser.add_argument("--patience", type=float, default=500, help="seconds after which it ends in any case")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))  # errors only
    measure, servers = (acknowledge, 20) if options.what == "acknowledge" else (digests, options.channels)
    Console().print(f"load before: {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    with served(servers) as server, tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(server, Path(folder), options))
    Console().print(f"load after: {os.getloadavg()[0]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
