"""The loopback Discord as a whole: listening, and discord.py pointed at it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, TypeVar
from unittest.mock import patch

import discord.client
import discord.gateway
import discord.http
import discord.shard
import discord.webhook.async_
import yarl
from aiohttp import web

from tests.discord.loopback.gateway import Gateway
from tests.discord.loopback.limits import Orders
from tests.discord.loopback.people import Interaction, People
from tests.discord.loopback.refusals import Json
from tests.discord.loopback.rest import Rest
from tests.discord.loopback.world import EVERYTHING, Channel, Guild, User, World

T = TypeVar("T")
TOKEN = "loopback.token.of-no-use"
PATIENCE = 60.0  # seconds of the real clock, after which something that never comes fails the test


@dataclass
class HandTime:
    """A clock that shows what it was set to, in seconds; each wait of discord.py moves it on."""

    now: float = 1_000.0
    waits: list[float] = field(default_factory=list)  # that discord.py made, longer than none

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float, result: Any = None) -> Any:
        """In place of ``asyncio.sleep``: at once, but the clock moves on."""
        if seconds > 0:
            self.waits.append(seconds)
            self.now += seconds
        await asyncio.sleep(0)
        return result


class _Asyncio:
    """The module asyncio with another ``sleep``."""

    def __init__(self, time: HandTime) -> None:
        self.sleep = time.sleep

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)


@contextmanager
def waiting(time: HandTime, *more: ModuleType) -> Iterator[None]:
    """Has discord.py, and the modules besides, wait by that clock: for rate limits, after errors and the like."""
    with ExitStack() as patches:
        for module in (discord.http, discord.client, discord.shard, discord.webhook.async_, *more):
            patches.enter_context(patch.object(module, "asyncio", _Asyncio(time)))
        yield


@contextmanager
def pointing(port: int) -> Iterator[None]:
    """Has discord.py talk to the server on that port."""
    gateway = yarl.URL(f"ws://127.0.0.1:{port}/gateway")
    with (
        patch.object(discord.http.Route, "BASE", f"http://127.0.0.1:{port}/api/v10"),
        patch.object(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway),
    ):
        yield


class Loopback:
    """All of it in one hand."""

    def __init__(self, clock: Callable[[], float], sharding: int) -> None:
        self.token = TOKEN
        self.port = 0
        self.world = World(clock, sharding)
        self.people = People(self.world)
        self.gateway = Gateway(self.world, TOKEN, self.change)
        self.rest = Rest(self.world, self.people, self.gateway, TOKEN, self.change)
        self._changed = asyncio.Event()

    @property
    def orders(self) -> Orders:
        """The faults to come."""
        return self.rest.orders

    def change(self) -> None:
        """Has those who wait look again."""
        self._changed.set()

    async def until(self, wanted: Callable[[], T]) -> T:
        """What ``wanted`` gives, as soon as it gives something; looked at whenever the server was asked something."""
        async with asyncio.timeout(PATIENCE):
            while not (found := wanted()):
                self._changed.clear()
                await self._changed.wait()
        return found

    async def settled(self, interaction: Interaction) -> Interaction:
        """The interaction, acknowledged, or too late for it."""
        async with asyncio.timeout(PATIENCE):
            await interaction.done.wait()
        return interaction

    # --- what happens

    async def command(
        self,
        name: str,
        values: Mapping[str, Any],
        channel: Channel,
        user: User | None = None,
        *,
        permissions: int = EVERYTHING,
        focused: str | None = None,
    ) -> Interaction:
        """Somebody gives the command (or types it: ``focused``), and the bot hears of it."""
        user = user or self.world.user("reader")
        return await self._told(self.people.command(name, values, channel, user, permissions, focused))

    async def press(self, message: Json, custom_id: str, user: User, values: list[str] | None = None) -> Interaction:
        """Somebody presses a button of the message, or chooses from its menu."""
        return await self._told(self.people.press(message, custom_id, user, values))

    async def menu(self, name: str, message: Json, user: User) -> Interaction:
        """Somebody uses a command of the message's own menu."""
        return await self._told(self.people.menu(name, message, user))

    async def says(self, text: str, channel: Channel, user: User) -> Json:
        """Somebody writes a message."""
        message = self.people.says(text, channel, user)
        await self.gateway.tell("MESSAGE_CREATE", message, channel.guild.id if channel.guild else None)
        return message

    async def joins(self, guild: Guild) -> None:
        """The bot is added to the server, again if it was there before."""
        self.world.guilds[guild.id] = guild
        self.world.channels |= {channel.id: channel for channel in guild.channels}
        await self.gateway.tell("GUILD_CREATE", guild.payload(self.world.bot), guild.id)

    async def leaves(self, guild: Guild) -> None:
        """The bot is removed from the server, and sees its channels no more."""
        del self.world.guilds[guild.id]
        for channel in guild.channels:
            del self.world.channels[channel.id]
        await self.gateway.tell("GUILD_DELETE", {"id": str(guild.id)}, guild.id)

    async def break_off(self, how: str) -> None:
        """The gateway's connections end: 'cut' without a word, 'reconnect' as asked for, or with a close code."""
        if how == "cut":
            self.gateway.cut()
        elif how == "reconnect":
            await self.gateway.reconnect()
        else:
            await self.gateway.close(int(how))

    async def _told(self, interaction: Interaction) -> Interaction:
        guild = interaction.channel.guild
        await self.gateway.tell("INTERACTION_CREATE", interaction.payload, guild.id if guild else None)
        return interaction


@asynccontextmanager
async def serving(clock: Callable[[], float] = time.monotonic, sharding: int = 1) -> AsyncIterator[Loopback]:
    """A server on a free port of 127.0.0.1, with discord.py of this process pointed at it."""
    loopback = Loopback(clock, sharding)
    app = web.Application(client_max_size=32 << 20)
    loopback.rest.install(app)
    app.router.add_get("/gateway", loopback.gateway.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    loopback.port = runner.addresses[0][1]
    loopback.gateway.url = f"ws://127.0.0.1:{loopback.port}/gateway"
    try:
        with pointing(loopback.port):
            yield loopback
    finally:
        loopback.gateway.cut()
        await runner.cleanup()
