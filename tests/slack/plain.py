"""Plain slack_sdk and slack-bolt, to hold the loopback Slack against."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.loopback import Json, Loopback


@asynccontextmanager
async def listening(loopback: Loopback, listen: Callable[[AsyncApp], None]) -> AsyncIterator[AsyncSocketModeHandler]:
    """A plain app, connected by Socket Mode."""
    web = AsyncWebClient(loopback.bot_token, base_url=loopback.base_url, retry_handlers=[])
    app = AsyncApp(client=web, token=loopback.bot_token, logger=logging.getLogger("plain"))
    listen(app)
    handler = AsyncSocketModeHandler(app, loopback.app_token, web_client=web)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # slack-bolt's
    await loopback.connected()
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # slack-bolt's


async def refused(call: Awaitable[Any]) -> str:
    """The error code of the call, which must fail."""
    with pytest.raises(SlackApiError) as raised:
        await call
    return str(raised.value.response["error"])


def section(text: str) -> Json:
    """A block with those words."""
    return {"type": "section", "text": {"type": "plain_text", "text": text}}
