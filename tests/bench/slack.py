"""Slack, measured: ``python -m tests.bench.slack acknowledge`` and ``... digests``.

The loopback Slack of ``tests/slack/loopback`` runs in a process of its own; the bot is the one that `dateline run`
starts, with its store, its reading processes, its schedule and its outbox, and slack-bolt in it, over Socket Mode.

acknowledge: how long after something was sent its acknowledgement arrives at the server, while nothing else goes on,
and while 50 articles at a time are taken in, read and grouped. The articles are the hand-labelled ones. Completion in
a form counts as well: there the acknowledgement carries the options.

digests: as many channels as asked for have a digest due at the same minute, of the same articles. How long it takes
until the last one stands in its channel, within Slack's limits: a message a second in each channel, and in a workspace
"several hundred messages per minute" (https://docs.slack.dev/apis/web-api/rate-limits), of which ``--per-minute`` says
what is meant.
"""

import argparse
import asyncio
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import platformdirs
import structlog
from cryptography.fernet import Fernet
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from adapters.slack.app import SlackChat
from adapters.slack.install import Box
from bot.app import App, open_app, take_in
from bot.config import BriefingConfig, Config, SlackConfig
from bot.schedule import Schedule
from bot.types import Channel
from tests.bench.discord import BATCH, Reading, figures, write_articles
from tests.slack.loopback import Loopback, Refused, Sent, View, serving

Deed = tuple[str, str]  # a command and what follows it; or 'mention', 'home' or 'suggest' and what is written

LIGHT: tuple[Deed, ...] = (("where", "help"), ("digest", "list"), ("feeds", "list"), ("watch", "list"))
ALL: tuple[Deed, ...] = (
    *LIGHT,
    ("brief", "fire"),
    ("where", "Kyiv"),
    ("said", "police"),
    ("mention", "what happened in Kyiv?"),
    ("home", ""),
)
COMPLETION: tuple[Deed, ...] = tuple(("suggest", word) for word in ("Kyi", "Lond", "Pari", "Odes", "Berl", "Wash"))
KINDS: dict[str, tuple[Deed, ...]] = {"lists and help": LIGHT, "all kinds": ALL, "completion in a form": COMPLETION}
PLATFORM = "slack"
KEY = Fernet.generate_key().decode()


# --- the server, in a process of its own


async def _ask(loopback: Loopback, deeds: Sequence[Deed], count: int, every: float) -> Any:
    """Seconds until each was acknowledged, None for what was too late; the answers are waited for."""
    rooms = [one.id for one in loopback.workspaces["T1"].conversations.values() if one.kind == "public"]
    view = await _form(loopback) if deeds[0][0] == "suggest" else None
    before = len(loopback.sending.log)
    doing = []
    for number in range(count):
        doing.append(asyncio.create_task(_do(loopback, deeds[number % len(deeds)], rooms[number % len(rooms)], view)))
        await asyncio.sleep(every)
    await asyncio.gather(*doing)
    calls = -1
    while calls < len(loopback.calls):  # until there was nothing for a second
        calls = len(loopback.calls)
        await asyncio.sleep(1.0)
    return [_seconds(one) for one in loopback.sending.log[before:]]


async def _form(loopback: Loopback) -> View:
    """A form with a place to be completed."""
    await loopback.command("watch", "add")
    return await loopback.until(loopback.modal)


async def _do(loopback: Loopback, deed: Deed, room: str, view: View | None) -> None:
    what, words = deed
    if view is not None:
        try:
            await loopback.suggest(view, "Place", words)
        except Refused:
            return  # too late: it is counted
    elif what == "mention":
        await loopback.mention(words, channel=room)
    elif what == "home":
        await loopback.open_home()
    else:
        await loopback.command(what, words, channel=room)


def _seconds(sent: Sent) -> float | None:
    return None if sent.after is None or sent.refused else sent.after.total_seconds()


async def _posted(loopback: Loopback) -> Any:
    """What is there: messages by channel, replies, calls by method, refusals by method, CPU seconds of the server."""
    rooms = [(home.id, room) for home in loopback.workspaces.values() for room in home.conversations.values()]
    by_room = {(team, room.id): sum(one.thread is None for one in room.messages) for team, room in rooms}
    replies = sum(one.thread is not None for _, room in rooms for one in room.messages)
    calls = Counter(call.method for call in loopback.calls)
    return by_room, replies, dict(calls), dict(loopback.limits.refusals), time.process_time()


async def _slow_down(loopback: Loopback, seconds: float) -> None:
    loopback.web.latency = seconds


ORDERS: dict[str, Callable[..., Awaitable[Any]]] = {"ask": _ask, "posted": _posted, "slow down": _slow_down}


def _serve(pipe: Connection, workspaces: int, channels: int, per_minute: int) -> None:
    async def main() -> None:
        async with serving(lambda: datetime.now(UTC)) as loopback:
            loopback.limits.per_minute = per_minute
            rooms = _furnish(loopback, workspaces, channels)
            tokens = {home.id: home.token for home in loopback.workspaces.values()}
            pipe.send((loopback.base_url, loopback.app_token, tokens, rooms))
            while order := await asyncio.to_thread(pipe.recv):
                name, *values = order
                pipe.send(await ORDERS[name](loopback, *values))

    asyncio.run(main())


def _furnish(loopback: Loopback, workspaces: int, channels: int) -> list[tuple[str, str]]:
    """The channels, evenly over the workspaces: (team, channel)."""
    for number in range(2, workspaces + 1):
        loopback.workspace(f"T{number}", f"Newsroom {number}")
    teams = list(loopback.workspaces.values())
    for home in teams:
        home.conversations.clear()
    rooms = [(teams[number % workspaces], f"C{number}") for number in range(channels)]
    return [(home.id, home.channel(ident).id) for home, ident in rooms]


@dataclass(frozen=True)
class Server:
    """The loopback Slack, seen from here."""

    pipe: Connection
    base_url: str
    app_token: str
    tokens: dict[str, str]  # by workspace
    channels: tuple[Channel, ...]

    async def order(self, name: str, *values: object) -> Any:
        """What the order comes to."""
        self.pipe.send((name, *values))
        return await asyncio.to_thread(self.pipe.recv)


@contextmanager
def served(workspaces: int, channels: int, per_minute: int) -> Iterator[Server]:
    """A server with so many workspaces and so many channels in all."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, workspaces, channels, per_minute))
    process.start()
    theirs.close()  # so that the end of the server is the end of this, too
    try:
        base_url, app_token, tokens, rooms = ours.recv()
        places = tuple(Channel(PLATFORM, team, room) for team, room in rooms)
        yield Server(ours, base_url, app_token, tokens, places)
        ours.send(None)
    finally:
        ours.close()
        process.join(10)
        process.kill()


# --- the bot


@asynccontextmanager
async def running(server: Server, folder: Path, workers: int, stories: int) -> AsyncIterator[App]:
    """The bot, connected, and every workspace following the folder of articles."""
    articles = folder / "articles"
    articles.mkdir()
    cache = Path(platformdirs.user_cache_dir("dateline", appauthor=False))
    config = Config(
        store=folder / "store.sqlite3", cache=cache, folders=(articles,), briefing=BriefingConfig(stories=stories)
    )
    async with open_app(config, workers=workers) as app:
        await _install(app, server)
        async with SlackChat(app.desk, _settings(server), app.store, config.tzinfo, base_url=server.base_url) as chat:
            app.posters[PLATFORM] = app.tellers[PLATFORM] = chat
            yield app


async def _install(app: App, server: Server) -> None:
    """Has the app installed in each workspace, as OAuth leaves it."""
    box = Box(KEY)
    for team, token in server.tokens.items():
        values = {"token": token, "bot": "B0BOT", "bot_user": "U0BOT", "enterprise": None, "org": False}
        await app.store.install(PLATFORM, team, box.seal(team, values))


def _settings(server: Server) -> SlackConfig:
    return SlackConfig(
        enabled=True,
        app_token=SecretStr(server.app_token),
        client_id="1111.2222",
        client_secret=SecretStr("of no use"),
        key=SecretStr(KEY),
        address="https://dateline.example",
        port=0,
    )


# --- acknowledging


async def acknowledge(server: Server, folder: Path, options: argparse.Namespace) -> None:
    """Prints how long acknowledgements take."""
    table = Table("what is sent", "meanwhile", "n", "median ms", "p99 ms", "most ms", "over 3 s")
    async with running(server, folder, options.workers, 5) as app:
        reading = Reading(app)
        async with reading:  # the first batch: the models are loaded, and there is something to answer from
            await asyncio.sleep(0)
        for name, deeds in KINDS.items():
            every = options.every * (5 if deeds is ALL else 1)
            label = f"{name}, {1 / every:g} a second"
            taken = await server.order("ask", deeds, options.count, every)
            table.add_row(label, "nothing", *figures(taken))
            async with reading:
                taken = await server.order("ask", deeds, options.count, every)
            table.add_row(label, f"batches of {BATCH} articles", *figures(taken))
    console = Console()
    console.print(table)
    console.print(", ".join(f"{words} words in {seconds:.1f} s" for words, seconds in reading.batches))


# --- a thousand digests


async def digests(server: Server, folder: Path, options: argparse.Namespace) -> None:
    """Prints what it takes to post a digest to every channel."""
    async with running(server, folder, options.workers, options.stories) as app:
        write_articles(app.config.folders[0], 0)
        due = await _subscribed(app, server.channels)  # first: a digest holds what came after it was asked for
        await take_in(app)
        await server.order("slow down", options.latency)
        schedule = Schedule(app.desk.digests.post, app.clock)
        schedule.every("outbox", timedelta(seconds=5), lambda: _sent(app))
        await asyncio.sleep(max(0.0, (due - app.clock()).total_seconds() - 1))
        cpu, before = time.process_time(), await server.order("posted")
        schedule.start(await app.desk.digests.all())
        taken, after = await _until_all(app, server, due, options.patience)
        schedule.stop()
        _print(taken, time.process_time() - cpu, before, after, server)


async def _sent(app: App) -> None:
    await app.outbox.run_once()


async def _subscribed(app: App, channels: Sequence[Channel]) -> datetime:
    """When the digests of all channels are due, leaving time for reading the articles."""
    due = (app.clock() + timedelta(seconds=40 + 0.05 * len(channels))).replace(second=0, microsecond=0)
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
        waiting = await app.store.due_channels(app.clock() + timedelta(hours=1))
        idle = idle + 1 if "all" in taken and not waiting else 0
        if idle >= 4 or now > patience:
            return taken | {"all with their last part": now - 0.5 * idle}, found


def _print(taken: dict[str, float], cpu: float, before: Any, after: Any, server: Server) -> None:
    by_room, replies, calls, refused, server_cpu = after
    table = Table(f"{len(server.channels)} digests at one minute, {len(server.tokens)} workspaces", "")
    for name, seconds in taken.items():
        table.add_row(f"{name}, seconds after the minute", f"{seconds:.1f}")
    table.add_row("digests in a channel: channels", str(dict(Counter(by_room.values()))))
    table.add_row("further parts, in threads", str(replies))
    table.add_row("calls", str({name: count - before[2].get(name, 0) for name, count in calls.items()}))
    table.add_row("answered with 429, by method", str(refused))
    table.add_row("CPU seconds of the bot, of the server", f"{cpu:.1f}, {server_cpu - before[4]:.1f}")
    table.add_row("MB, the most", str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
    Console().print(table)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.slack", description=__doc__)
    parser.add_argument("what", choices=["acknowledge", "digests"])
    parser.add_argument("--workers", type=int, default=2, help="reading processes")
    parser.add_argument("--count", type=int, default=300, help="of each kind that are sent")
    parser.add_argument("--every", type=float, default=0.1, help="seconds between two")
    parser.add_argument("--workspaces", type=int, default=1)
    parser.add_argument("--channels", type=int, default=1000, help="of all workspaces together")
    parser.add_argument("--per-minute", type=int, default=300, help="messages that Slack takes in a workspace")
    parser.add_argument("--stories", type=int, default=5, help="in a digest, at most")
    parser.add_argument("--latency", type=float, default=0.1, help="seconds that each of Slack's answers takes")
    parser.add_argument("--patience", type=float, default=1200, help="seconds after which it ends in any case")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))  # errors only
    measure, channels = (acknowledge, 20) if options.what == "acknowledge" else (digests, options.channels)
    Console().print(f"load before: {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    with (
        served(options.workspaces, channels, options.per_minute) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        asyncio.run(measure(server, Path(folder), options))
    Console().print(f"load after: {os.getloadavg()[0]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
