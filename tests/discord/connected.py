"""The service on the loopback Discord: connected, posting, and waited for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from adapters.discord.client import DiscordChat
from bot.app import App
from bot.desk import Desk
from bot.types import Channel as Place
from bot.types import DeliveryState
from tests.adapters.build import briefing, digest
from tests.discord.loopback import Channel, Loopback
from tests.discord.loopback.serving import PATIENCE
from tests.fakes import HandClock

NEWS = digest(briefing())
BEGUN = ("discord.py: on_", "CommandTree-invoker")  # names of discord.py's tasks


@asynccontextmanager
async def on_discord(
    app: App, loopback: Loopback, *, desk: Desk | None = None, token: str = "", content: bool = False
) -> AsyncIterator[DiscordChat]:
    """The service's way onto Discord, and off again."""
    chat = DiscordChat(desk or app.desk, token or loopback.token, app.config.tzinfo, content)
    chat.client._connection.guild_ready_timeout = 0.01  # seconds without a further server: there are few here
    async with chat:
        app.posters[chat.platform] = chat
        yield chat
        await done()


async def done() -> None:
    """Waits until all is done that discord.py has begun because of an event."""
    async with asyncio.timeout(PATIENCE):
        while begun := [task for task in asyncio.all_tasks() if task.get_name().startswith(BEGUN)]:
            await asyncio.wait(begun)


def place(channel: Channel) -> Place:
    assert channel.guild is not None
    return Place("discord", str(channel.guild.id), str(channel.id))


async def heard(chat: DiscordChat, so: Callable[[], bool]) -> None:
    """Waits until the client has taken in what the gateway said."""
    async with asyncio.timeout(10):
        while not so():
            await chat.client.wait_for("socket_event_type")


async def post(app: App, channel: Channel, key: str = "k") -> DeliveryState:
    """How far the post has come after one round of the outbox."""
    await app.outbox.intend(key, place(channel), NEWS)
    await app.outbox.run_once()
    return (await app.store.delivery(key)).state


async def again(app: App, clock: HandClock, key: str = "k", **later: float) -> DeliveryState:
    """How far it has come after another round, later."""
    clock.advance(**(later or {"hours": 1}))
    await app.outbox.run_once()
    return (await app.store.delivery(key)).state
