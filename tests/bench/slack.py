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
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from pydantic import SecretStr

from adapters.slack.app import SlackChat
from adapters.slack.install import Box
from bot.app import App
from bot.config import SlackConfig
from bot.types import Channel
from tests.bench import chats
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
KINDS: chats.Kinds = {
    "lists and help": (LIGHT, 1),
    "all kinds": (ALL, 5),
    "completion in a form": (COMPLETION, 1),
}
TERMS = chats.Terms(
    reading=timedelta(seconds=40),
    ahead=timedelta(hours=1),
    settled="all with their last part",
    messages="digests in a channel: channels",
    in_threads="further parts, in threads",
    asked="calls",
    refused="answered with 429, by method",
)
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


async def _posted(loopback: Loopback) -> chats.Posted:
    """What is there: calls by method, refusals by method."""
    rooms = [(home.id, room) for home in loopback.workspaces.values() for room in home.conversations.values()]
    by_room = {(team, room.id): sum(one.thread is None for one in room.messages) for team, room in rooms}
    replies = sum(one.thread is not None for _, room in rooms for one in room.messages)
    calls = Counter(call.method for call in loopback.calls)
    return chats.Posted(by_room, replies, dict(calls), dict(loopback.limits.refusals))


async def _slow_down(loopback: Loopback, seconds: float) -> None:
    loopback.web.latency = seconds


ORDERS: chats.Orders = {"ask": _ask, "posted": _posted, "slow down": _slow_down}


def _serve(pipe: Connection, workspaces: int, channels: int, per_minute: int) -> None:
    async def main() -> None:
        async with serving(lambda: datetime.now(UTC)) as loopback:
            loopback.limits.per_minute = per_minute
            rooms = _furnish(loopback, workspaces, channels)
            tokens = {home.id: home.token for home in loopback.workspaces.values()}
            pipe.send((loopback.base_url, loopback.app_token, tokens, rooms))
            await chats.obey(pipe, loopback, ORDERS)

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
class Server(chats.Server):
    """The loopback Slack, seen from here."""

    base_url: str
    app_token: str
    tokens: dict[str, str]  # by workspace


@contextmanager
def served(workspaces: int, channels: int, per_minute: int) -> Iterator[Server]:
    """A server with so many workspaces and so many channels in all."""
    with chats.serving_apart(_serve, workspaces, channels, per_minute) as (pipe, (base_url, app_token, tokens, rooms)):
        places = tuple(Channel(PLATFORM, team, room) for team, room in rooms)
        yield Server(pipe, places, base_url, app_token, tokens)


# --- the bot


@asynccontextmanager
async def running(server: Server, folder: Path, workers: int, stories: int) -> AsyncIterator[App]:
    """The bot, connected, and every workspace following the folder of articles."""
    async with chats.service(folder, workers, stories) as app:
        await _install(app, server)
        zone, url = app.config.tzinfo, server.base_url
        async with SlackChat(app.desk, _settings(server), app.store, zone, base_url=url) as chat:
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


# --- the measures


async def acknowledge(server: Server, folder: Path, options: argparse.Namespace) -> None:
    """Prints how long acknowledgements take."""
    async with running(server, folder, options.workers, 5) as app:
        await chats.acknowledge(app, server, options, "what is sent", KINDS)


async def digests(server: Server, folder: Path, options: argparse.Namespace) -> None:
    """Prints what it takes to post a digest to every channel."""
    title = f"{len(server.channels)} digests at one minute, {len(server.tokens)} workspaces"
    async with running(server, folder, options.workers, options.stories) as app:
        await chats.digests(app, server, options, title, TERMS)


def main() -> int:
    """The command."""
    parser = chats.arguments("Slack", __doc__, patience=1200)
    parser.add_argument("--workspaces", type=int, default=1, help="that have the channels between them")
    parser.add_argument("--per-minute", type=int, default=300, help="messages that Slack takes in a workspace")
    options = parser.parse_args()
    server = served(options.workspaces, chats.channels(options), options.per_minute)
    chats.measure(options, server, {"acknowledge": acknowledge, "digests": digests})
    return 0


if __name__ == "__main__":
    sys.exit(main())
