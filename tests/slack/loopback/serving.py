"""The loopback Slack as a whole: listening, and in one hand."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from aiohttp import web

from bot.ports import Clock
from tests.slack.loopback.people import ADMIN, CHANNEL, GUEST, TEAM, People
from tests.slack.loopback.sending import PATIENCE, Sending
from tests.slack.loopback.sockets import Sockets
from tests.slack.loopback.web import Web
from tests.slack.loopback.world import Message, User, View, Workspace

T = TypeVar("T")


class Loopback(People):
    """Slack, with one workspace that has the app: T1, its channel C1, an admin and a guest."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.sockets = Sockets(self)
        self.sending = Sending(self, self.sockets)
        self.web = Web(self)
        self.workspace(TEAM, "Newsroom")

    @property
    def base_url(self) -> str:
        """Where the Web API is."""
        return f"{self.address}/api/"

    @property
    def bot_token(self) -> str:
        """The bot's token in the first workspace."""
        return self.workspaces[TEAM].token or ""

    def workspace(self, ident: str, name: str, *, installed: bool = True) -> Workspace:
        """A new workspace with two people and a channel, where the app is installed or can be."""
        made = Workspace(ident, name, f"xoxb-{ident}-loopback" if installed else None)
        made.users[ADMIN] = User(ADMIN, "ada", admin=True)
        made.users[GUEST] = User(GUEST, "gus", zone="America/New_York")
        made.channel(CHANNEL, "news")
        self.workspaces[ident] = made
        return made

    async def until(self, wanted: Callable[[], T | None]) -> T:
        """What ``wanted`` gives, as soon as it gives something; looked at whenever the app has done something."""
        async with asyncio.timeout(PATIENCE):
            while not (found := wanted()):
                await self.changed.wait()
        return found

    async def connected(self, made: int = 1) -> None:
        """Returns once the app has connected for the ``made``-th time, and still is."""
        await self.until(lambda: self.sockets.live and self.sockets.made >= made)

    def posts(self, channel: str = CHANNEL, *, team: str = TEAM) -> list[Message]:
        """What the bot has posted there, oldest first, replies in threads too."""
        return [one for one in self.workspaces[team].conversations[channel].messages if one.bot]

    def told(self, user: str = ADMIN, *, team: str = TEAM) -> list[Message]:
        """What the bot has shown or written to the person alone, oldest first."""
        home = self.workspaces[team]
        quiet = [one for one in home.ephemerals if one.seen_by == user]
        return sorted([*quiet, *(one for one in home.direct(user).messages if one.bot)], key=lambda one: float(one.ts))

    def called(self, method: str) -> int:
        """How often the app has called the method."""
        return sum(call.method == method for call in self.calls)

    def modal(self, *, team: str = TEAM) -> View | None:
        """The modal that is open, the one on top."""
        modals = self.workspaces[team].modals
        return modals[-1] if modals else None

    def home(self, user: str = ADMIN, *, team: str = TEAM) -> View | None:
        """The app's own page as the person sees it."""
        return self.workspaces[team].homes.get(user)


@asynccontextmanager
async def serving(clock: Clock) -> AsyncIterator[Loopback]:
    """A loopback Slack on a free port of 127.0.0.1."""
    loopback = Loopback(clock)
    site = web.Application(client_max_size=32 << 20)
    loopback.web.install(site)
    site.router.add_get("/link/{ticket}", loopback.sockets.handle)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    loopback.address = f"http://{host}:{port}"
    try:
        yield loopback
    finally:
        loopback.web.close()
        await loopback.sockets.close()
        await runner.cleanup()
