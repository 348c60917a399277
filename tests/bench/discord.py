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
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from adapters.discord.client import DiscordChat
from bot.app import App
from bot.types import Channel
from tests.bench import chats
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
KINDS: chats.Kinds = {"lists and help": (LIGHT, 1), "all kinds": (ALL, 5)}
TERMS = chats.Terms(
    reading=timedelta(seconds=20),
    ahead=timedelta(0),
    settled="settled",
    messages="messages in a channel: channels",
    in_threads="messages in threads",
    asked="requests",
    refused="answered with 429, by scope",
)
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


async def _posted(loopback: Loopback) -> chats.Posted:
    """What is there: requests by endpoint, refusals by scope."""
    world = loopback.world
    by_room = {one.id: len(one.messages) for one in world.channels.values() if one.kind is Kind.TEXT}
    in_threads = sum(len(one.messages) for one in world.channels.values() if one.parent)
    return chats.Posted(by_room, in_threads, dict(loopback.rest.asked), dict(loopback.rest.limits.refused))


async def _slow_down(loopback: Loopback, seconds: float) -> None:
    loopback.rest.latency = seconds


ORDERS: chats.Orders = {"ask": _ask, "posted": _posted, "slow down": _slow_down}


def _serve(pipe: Connection, servers: int) -> None:
    async def main() -> None:
        async with serving() as loopback:
            rooms = [loopback.world.channel(loopback.world.guild(f"Server {number}")) for number in range(servers)]
            pipe.send((loopback.port, loopback.token, [(str(one.guild.id), str(one.id)) for one in rooms if one.guild]))
            await chats.obey(pipe, loopback, ORDERS)

    asyncio.run(main())


@dataclass(frozen=True)
class Server(chats.Server):
    """The loopback Discord, seen from here."""

    token: str


@contextmanager
def served(servers: int) -> Iterator[Server]:
    """A server with so many guilds, one channel in each, and discord.py of this process pointed at it."""
    with chats.serving_apart(_serve, servers) as (pipe, (port, token, rooms)), pointing(port):
        yield Server(pipe, tuple(Channel(PLATFORM, guild, room) for guild, room in rooms), token)


# --- the bot


@asynccontextmanager
async def running(server: Server, folder: Path, workers: int, stories: int) -> AsyncIterator[App]:
    """The bot, connected, and every server following the folder of articles."""
    async with (
        chats.service(folder, workers, stories) as app,
        DiscordChat(app.desk, server.token, app.config.tzinfo) as chat,
    ):
        app.posters[PLATFORM] = app.tellers[PLATFORM] = chat
        for channel in server.channels:
            await app.desk.intake.welcome(channel.tenant)
        yield app


# --- the measures


async def acknowledge(server: Server, folder: Path, options: argparse.Namespace) -> None:
    """Prints how long acknowledgements take."""
    async with running(server, folder, options.workers, 5) as app:
        await chats.acknowledge(app, server, options, "slash commands", KINDS)


async def digests(server: Server, folder: Path, options: argparse.Namespace) -> None:
    """Prints what it takes to post a digest to every channel."""
    async with running(server, folder, options.workers, options.stories) as app:
        await chats.digests(app, server, options, f"{len(server.channels)} digests due at one minute", TERMS)


def main() -> int:
    """The command."""
    options = chats.arguments("Discord", __doc__, patience=500).parse_args()
    chats.measure(options, served(chats.channels(options)), {"acknowledge": acknowledge, "digests": digests})
    return 0


if __name__ == "__main__":
    sys.exit(main())
