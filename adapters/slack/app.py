"""Slack as a chat platform: connects, listens, posts."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.commands import Commands
from adapters.slack.connection import Socket, add_events, first_answer, serve
from adapters.slack.home import Home
from adapters.slack.incoming import PLATFORM, Once, key, spot_of
from adapters.slack.install import Box, Installations, States, add_pages
from adapters.slack.leaving import Leaving
from adapters.slack.manifest import scopes
from adapters.slack.mentions import Mentions
from adapters.slack.pace import Pace
from adapters.slack.people import People
from adapters.slack.poster import SlackPoster
from adapters.slack.replies import Replies, words
from adapters.slack.running import Running
from adapters.slack.service import Service
from adapters.slack.workspaces import Workspaces
from bot.config import SlackConfig
from bot.desk import Desk
from bot.errors import DeliveryError, NotFound
from bot.store import Store
from bot.types import Channel, Digest

log: Final = structlog.get_logger()

_READY_WITHIN: Final = 30.0  # seconds after which the service goes on without waiting for Slack


class SlackChat:
    """Slack as a chat platform: connected while entered; a ``bot.ports.Poster`` and ``Teller``."""

    platform = PLATFORM

    def __init__(
        self,
        desk: Desk,
        config: SlackConfig,
        store: Store,
        zone: ZoneInfo,
        *,
        base_url: str | None = None,
        pace: Pace | None = None,
    ) -> None:
        """``base_url``: of Slack's Web API, where it isn't Slack's own; ``pace``: where it isn't the usual one."""
        self._desk = desk
        self._config = config
        self._store = store
        self._workspaces = Workspaces(base_url)
        self._known = asyncio.Event()  # which workspaces there are
        self._workspaces.met = self._welcome
        self._installed: Installations | None = None
        self._poster = SlackPoster(self._client, zone, keep=desk.shown.keep, draw=desk.answers.map, pace=pace)
        people = People(desk.roles, desk.clock)
        self._service = Service(
            desk, self._client, people, Replies(desk, self._client, self._poster, zone, config.prefix), config.prefix
        )
        self._once = Once()
        self._running = Running()
        self._stack = AsyncExitStack()
        self._connecting: asyncio.Task[None] | None = None

    # --- the ports

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

    # --- connecting

    async def __aenter__(self) -> Self:
        """Connected and ready to post; where Slack can't be reached, it is tried on and the service goes on.

        Raises:
            ConfigError: a token is wrong or missing.
        """
        self._connecting = asyncio.create_task(self._connect())
        try:
            await asyncio.wait([self._connecting], timeout=_READY_WITHIN)
            if self._connecting.done():
                self._connecting.result()
        except BaseException:
            await self._close()
            raise
        if not self._connecting.done():
            log.warning("Slack isn't there yet; it is tried on", seconds=_READY_WITHIN)
            self._connecting.add_done_callback(_ended)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def _close(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait([self._connecting])
        await self._stack.aclose()  # nothing comes in any more
        await self._running.finish()
        await self._poster.aclose()

    async def _connect(self) -> None:
        app = self._app()
        socket = self._socket(app) if self._config.mode == "socket" else None
        await self._enter_workspaces()
        self._known.set()
        await self._serve(app)
        if socket:
            # Asked for here: the socket itself would try a wrong token again and again, for ever.
            await first_answer("app_token", socket.ask_for_address)
            await socket.connect()
        for team in self._workspaces.all():
            await self._welcome(team)
        log.info("on Slack", workspaces=len(self._workspaces.all()), mode=self._config.mode)

    async def _enter_workspaces(self) -> None:
        if self._config.client_id:
            box = Box(self._config.required("key"))
            self._installed = Installations(self._store, box, self._workspaces, self._welcome)
            await self._installed.load()
        if not self._config.client_id or self._config.secret("bot_token"):
            await self._enter_one(self._config.required("bot_token"))

    async def _enter_one(self, token: str) -> None:
        """The workspace of the token in the configuration."""
        known = await first_answer("bot_token", self._workspaces.bare(token).auth_test)
        granted = set(filter(None, str(known.headers.get("x-oauth-scopes", "")).split(",")))
        if lacking := sorted({*scopes(roles=bool(self._desk.roles))} - granted) if granted else []:
            log.warning("the bot's token lacks scopes of the manifest: install the app again", scopes=lacking)
        self._workspaces.hold(
            known["team_id"], token, known.get("bot_id"), known.get("user_id"), known.get("enterprise_id")
        )

    async def _welcome(self, team: str) -> None:
        await self._desk.intake.welcome(Channel(PLATFORM, team, "").tenant)

    async def _client(self, team: str) -> AsyncWebClient:
        """The workspace's client. Raises DeliveryError: the app isn't there, or that isn't known yet."""
        if not self._known.is_set():
            raise DeliveryError("Slack can't be reached yet")
        try:
            return await self._workspaces.client(team)
        except NotFound as error:
            raise DeliveryError(str(error), closed=True) from error

    def _app(self) -> AsyncApp:
        """slack-bolt with everything that is listened to."""

        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
            return await self._workspaces.authorize(enterprise_id, team_id)

        async def once(body: Mapping[str, Any], next: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:  # noqa: A002 (slack-bolt passes it by that name)
            return await next() if self._once.first(key(body)) else BoltResponse(status=200)

        signing = self._config.required("signing_secret") if self._config.mode == "http" else ""
        app = AsyncApp(
            authorize=authorize,  # type: ignore[arg-type]  # None, which slack-bolt reads as: not installed there
            client=self._workspaces.bare(),
            signing_secret=signing,
        )
        app.middleware(once)
        app.error(self._failed)
        self._running.watch(app)
        self._listen(app)
        return app

    async def _failed(self, error: Exception, body: Mapping[str, Any]) -> None:
        """What goes wrong beside the making of an answer isn't met with silence either."""
        text = words(error)
        if spot := spot_of(body):
            await self._service.replies.tell(spot, text)
        else:
            log.warning("nobody can be told of a fault", kind=body.get("type"), error=text)

    def _listen(self, app: AsyncApp) -> None:
        home = Home(self._service)
        home.register(app)
        Commands(self._service, home.opens).register(app)
        Mentions(self._service).register(app)
        Leaving(self._desk, self._workspaces, self._forget).register(app)

    def _socket(self, app: AsyncApp) -> Socket:
        socket = Socket(app, self._config.required("app_token"), self._workspaces.bare())
        self._stack.push_async_callback(socket.close)
        return socket

    async def _serve(self, app: AsyncApp) -> None:
        """Listens on the configured address: for Slack in HTTP mode, and for browsers that install the app."""
        site = web.Application()
        if self._config.mode == "http":
            add_events(site, app)
        if self._installed is not None:
            asked = scopes(roles=bool(self._desk.roles))
            client = self._workspaces.bare()
            add_pages(site, self._config, client, self._installed, States(self._store), asked)
        if site.router.routes():
            runner = await serve(site, self._config.host, self._config.port)
            self._stack.push_async_callback(runner.cleanup)

    async def _forget(self, ident: str) -> None:
        """Forgets the tokens of a workspace or organisation that has removed the app."""
        if self._installed is not None:
            await self._installed.remove(ident)


def _ended(connecting: asyncio.Task[None]) -> None:
    """Says so where Slack was reached at last, and refused the app, while the service runs on."""
    if not connecting.cancelled() and (error := connecting.exception()):
        log.error("Slack isn't connected", error=str(error))
