"""How Slack's requests come in: over a websocket (Socket Mode), or over HTTP with a signature.

https://docs.slack.dev/apis/events-api/comparing-http-socket-mode/
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import time
from typing import Any, Final, TypeVar

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.faults import EXPECTED, code, refusal
from adapters.slack.manifest import EVENTS_PATH
from bot.errors import ConfigError

log: Final = structlog.get_logger()

T = TypeVar("T")

PING: Final = 5.0  # seconds between two looks whether the websocket is still there
_AGAIN_AFTER: Final = 15.0  # seconds after which an unreachable Slack is tried again
_ONE_ADDRESS: Final = (
    30.0  # seconds for which one address of a websocket is tried: it is good for one use, and not long
)
_APPS: Final = "of your app at https://api.slack.com/apps"
_WHERE: Final = {
    "bot_token": f"copy it anew from 'OAuth & Permissions' {_APPS}; it begins with xoxb-",
    "app_token": f"make one with the scope connections:write under 'Basic Information', 'App-Level Tokens' {_APPS}; "
    "it begins with xapp-",
}


class Socket(SocketModeClient):
    """slack_sdk's client, but for one thing: it would try the address that it was once given for ever."""

    def __init__(self, app: AsyncApp, app_token: str, web_client: AsyncWebClient) -> None:
        super().__init__(app_token, web_client=web_client, ping_interval=PING)
        self._app = app
        self.socket_mode_request_listeners.append(self._handle)

    async def ask_for_address(self) -> None:
        """Has the address for the first connection. Raises SlackApiError: the token is wrong."""
        self.wss_uri = (await self.web_client.apps_connections_open(app_token=self.app_token))["url"]

    async def connect(self) -> None:
        """Returns when it is connected, however long that takes."""
        while not self.closed:
            try:
                async with asyncio.timeout(_ONE_ADDRESS):
                    await super().connect()  # type: ignore[no-untyped-call]  # slack_sdk's has no types
                break
            except TimeoutError:
                log.warning("Slack's websocket isn't reached; a new address is asked for")
                self.wss_uri = None

    async def _handle(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        started = time()  # only for slack-bolt's log
        await send_async_response(client, request, await run_async_bolt_app(self._app, request), started)


def add_events(site: web.Application, app: AsyncApp) -> None:
    """Has the site take what Slack sends in HTTP mode; what isn't signed by Slack is answered with 401."""

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    site.router.add_post(EVENTS_PATH, events)


async def serve(site: web.Application, host: str, port: int) -> web.AppRunner:
    """The site at work; ``cleanup`` ends it. Raises ConfigError: the port can't be had."""
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise ConfigError(f"slack.port: can't listen on {host}:{port}: {error.strerror}") from error
    return runner


async def first_answer(secret: str, ask: Callable[[], Awaitable[T]]) -> T:
    """What Slack answers to the first call with the secret of that name; while it can't be reached, it is tried on.

    Raises:
        ConfigError: Slack doesn't take the secret.
    """
    while True:
        try:
            return await ask()
        except EXPECTED as error:
            refused = refusal(error)
            if refused.permanent and isinstance(error, SlackApiError):
                raise ConfigError(_refused(secret, error)) from error
            log.warning("Slack can't be reached; it is tried again", error=str(refused), seconds=_AGAIN_AFTER)
        await asyncio.sleep(_AGAIN_AFTER)


def _refused(secret: str, error: SlackApiError) -> str:
    response: Any = error.response
    needed = f"it lacks the scope {response.get('needed')}" if code(error) == "missing_scope" else code(error)
    return f"slack.{secret}: Slack refuses it ({needed}): {_WHERE[secret]}"
