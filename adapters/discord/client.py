"""The bot on Discord: connecting, and what comes in from there."""

import asyncio
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.utils import MISSING

from adapters.discord import commands
from adapters.discord.asker import PLATFORM
from adapters.discord.front import DiscordFront, chosen
from adapters.discord.interactions import answer, words
from adapters.discord.invite import NO_SUCH_BOT
from adapters.discord.mentions import Mentions
from adapters.discord.poster import DiscordPoster
from adapters.discord.showing import Show
from bot.commands import COMMANDS
from bot.desk import Desk
from bot.errors import ConfigError, NotFound
from bot.types import Channel, Digest

log: Final = structlog.get_logger()

_READY_WITHIN: Final = 30.0  # seconds after which the service goes on without waiting for Discord
_AGAIN_AFTER: Final = 15.0  # seconds after which an unreachable Discord is tried again
_LONGEST_WAIT: Final = 30.0  # seconds, the least that discord.py takes: what waits longer is the outbox' to repeat
_NO_TOKEN: Final = 4004  # https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway
_NO_INTENT: Final = (
    "discord.message_content: the bot has no such right; switch on 'Message Content Intent' on the Bot page at "
    "https://discord.com/developers/applications, or set message_content = false"
)


class DatelineClient(discord.AutoShardedClient):
    """discord.py's client with the command set in it."""

    def __init__(self, desk: Desk, zone: ZoneInfo, *, message_content: bool = False, shards: int | None = None) -> None:
        # The least that commands, mentions and direct messages take: https://discord.com/developers/docs/events/gateway
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=message_content)
        # Nobody is spoken to here, so that it needs no word in the log that the libraries for voice are missing.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=intents,
            shard_count=shards,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            max_ratelimit_timeout=_LONGEST_WAIT,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.connected_once = asyncio.Event()
        show = Show(desk, zone)
        self._front = DiscordFront(desk, show)
        self._mentions = Mentions(desk, show, self._front)
        self.tree = app_commands.CommandTree(
            self,
            # Installed for a server, since there is something followed only there or in a direct message.
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self.tree.error(_failed)
        commands.register(self.tree, COMMANDS, self._front)

    async def setup_hook(self) -> None:
        """Tells Discord of the commands, if they have changed."""
        try:
            changed = await commands.sync(self.tree)
        except discord.HTTPException:
            log.exception("the commands can't be registered with Discord")
        else:
            log.info("commands registered" if changed else "commands are registered already")

    async def on_ready(self) -> None:
        """Has all servers follow what the configuration shares, and lets the service go on."""
        self.connected_once.set()
        for guild in self.guilds:
            await self._front.meet(_tenant(guild))
        log.info("on Discord", servers=len(self.guilds), shards=self.shard_count)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A server has added the bot."""
        log.info("a server has added the bot", server=guild.id)
        await self._front.meet(_tenant(guild))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """A server has removed the bot; its posts find that out, and are paused with the reason."""
        log.info("a server has removed the bot", server=guild.id)

    async def on_message(self, message: discord.Message) -> None:
        """Somebody wrote something."""
        if self.user is not None:
            await self._mentions.heard(message, self.user)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """A button or a menu, also of a post from before a restart: its id says all that there is to know.

        discord.py's dynamic items would do the same, but take a whole message apart first, on the way to Discord's
        three seconds, and drop in silence what they don't find in it.
        """
        if interaction.type is not discord.InteractionType.component:
            return
        if press := chosen(interaction):
            await self._front.pressed(interaction, press)
        else:
            await answer(interaction, _too_old, private=True)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """What else goes wrong is logged, and doesn't end the connection."""
        fault = sys.exc_info()  # discord.py calls this where it has caught one
        log.error("an event from Discord failed in a way that was not expected", event=event_method, exc_info=fault)


class DiscordChat:
    """Discord as a chat platform: connected while entered; a ``bot.ports.Poster`` and ``Teller``."""

    platform = PLATFORM

    def __init__(
        self, desk: Desk, token: str, zone: ZoneInfo, message_content: bool = False, *, shards: int | None = None
    ) -> None:
        self.client = DatelineClient(desk, zone, message_content=message_content, shards=shards)
        self._token = token
        self._poster = DiscordPoster(self.client, zone, keep=desk.shown.keep, draw=desk.answers.map)
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Connected and ready to post; where Discord can't be reached, it is tried on and the service goes on.

        Raises:
            ConfigError: the token is wrong, or the bot may not have an intent.
        """
        self._running = asyncio.create_task(self._run())
        ready = asyncio.create_task(self.client.connected_once.wait())
        await asyncio.wait([self._running, ready], timeout=_READY_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._running.done():
            await self.client.close()
            self._running.result()
        elif not self.client.connected_once.is_set():
            log.warning("Discord isn't there yet; it is tried on", seconds=_READY_WITHIN)
        self._running.add_done_callback(_ended)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.client.close()
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])

    def parts(self, digest: Digest) -> Sequence[Digest]:
        """As ``bot.ports.Poster`` says."""
        return self._poster.parts(digest)

    async def post(self, channel: Channel, digest: Digest, key: str, *, thread: str | None = None) -> str:
        """As ``bot.ports.Poster`` says."""
        return await self._poster.post(channel, digest, key, thread=thread)

    async def find(self, channel: Channel, key: str, *, thread: str | None = None) -> str | None:
        """As ``bot.ports.Poster`` says."""
        return await self._poster.find(channel, key, thread=thread)

    async def edit(
        self, channel: Channel, message: str, digest: Digest, key: str, *, thread: str | None = None
    ) -> None:
        """As ``bot.ports.Poster`` says."""
        await self._poster.edit(channel, message, digest, key, thread=thread)

    async def tell(self, workspace: str, person: str, text: str) -> None:
        """As ``bot.ports.Teller`` says."""
        await self._poster.tell(workspace, person, text)

    async def _run(self) -> None:
        """Logs in and stays connected; discord.py reconnects by itself, but doesn't log in again."""
        while True:
            try:
                await self.client.login(self._token)
                await self.client.connect()
            except discord.LoginFailure as error:
                raise ConfigError(NO_SUCH_BOT) from error
            except discord.PrivilegedIntentsRequired as error:
                raise ConfigError(_NO_INTENT) from error
            except discord.ConnectionClosed as error:
                wrong = error.code == _NO_TOKEN
                raise ConfigError(NO_SUCH_BOT if wrong else f"Discord has ended the connection: {error}") from error
            except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
                log.warning("Discord can't be reached; it is tried again", error=str(error), seconds=_AGAIN_AFTER)
                await self.client.http.close()
                self.client.http.connector = MISSING  # it ended with the session: logging in opens both anew
                await asyncio.sleep(_AGAIN_AFTER)
            else:
                return


def _tenant(guild: discord.Guild) -> str:
    return f"{PLATFORM}:{guild.id}"


def _ended(running: asyncio.Task[None]) -> None:
    """Says so where the connection has ended for good while the service runs on."""
    if not running.cancelled() and (error := running.exception()):
        log.error("the connection to Discord has ended", error=str(error))


async def _too_old() -> Any:
    raise NotFound("This button is too old: ask again for a new post")


async def _failed(interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
    """What goes wrong before a command's own handler is reached, such as one that is no longer there."""

    async def ask() -> Any:
        if isinstance(error, app_commands.CommandNotFound):
            raise NotFound("This command isn't there any more: restart Discord to see the new ones") from error
        raise error

    if interaction.response.is_done():
        await interaction.followup.send(words(error), ephemeral=True)
    elif interaction.type is not discord.InteractionType.autocomplete:
        await answer(interaction, ask, private=True)
