"""Waiting, shortened: slack_sdk's between two looks at a websocket, and before it connects again."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any
from unittest.mock import patch

import slack_sdk.socket_mode.aiohttp
import slack_sdk.socket_mode.async_client

SHORT = 0.02  # seconds of the real clock


class _Asyncio:
    """The module asyncio, whose ``sleep`` never takes long."""

    @staticmethod
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(min(seconds, SHORT))

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)


@contextmanager
def impatient(*more: ModuleType) -> Iterator[None]:
    """Has slack_sdk, and the modules besides, notice at once that a connection is gone, and try again."""
    with ExitStack() as patches:
        for module in (slack_sdk.socket_mode.aiohttp, slack_sdk.socket_mode.async_client, *more):
            patches.enter_context(patch.object(module, "asyncio", _Asyncio()))
        yield
