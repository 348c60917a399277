"""discord.py's errors -> DeliveryError: what it means for the post, and in words what to do about it.

Codes: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import aiohttp
import discord

from bot.errors import DeliveryError

UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_SERVER: Final = 10004
UNKNOWN_MESSAGE: Final = 10008
MISSING_ACCESS: Final = 50001
NO_DIRECT_MESSAGES: Final = 50007
MISSING_PERMISSIONS: Final = 50013
WRONG_KIND: Final = 50024
ARCHIVED: Final = 50083
THREAD_EXISTS: Final = 160004
LOCKED: Final = 160005

_CLOSED: Final = {
    UNKNOWN_CHANNEL: "the channel is gone",
    UNKNOWN_SERVER: "the bot is no longer in the server",
    MISSING_ACCESS: "the bot can't see the channel: give its role View Channel there",
    MISSING_PERMISSIONS: "the bot lacks a permission: give its role View Channel and Send Messages there",
    WRONG_KIND: "nothing can be posted in a channel of that kind: choose a text channel",
    LOCKED: "the thread is locked: unlock it, or choose another channel",
    ARCHIVED: "the thread is archived and can't be opened: open it, or choose another channel",
}
_GONE: Final = {
    UNKNOWN_MESSAGE: "the message has been deleted",
    NO_DIRECT_MESSAGES: "the person takes no direct messages from the bot",
}
BROKEN: Final = (aiohttp.ClientError, OSError, TimeoutError)
"""The connection ended, or never was: discord.py hands these on as they are."""


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Has errors of Discord and of the way to it leave as DeliveryError; ``doing`` is what was being done, in words."""
    try:
        yield
    except (discord.DiscordException, *BROKEN) as error:
        raise delivery_error(doing, error) from error


def delivery_error(doing: str, error: Exception) -> DeliveryError:
    """What the error means for a post: see the module's text."""
    match error:
        case discord.RateLimited():
            return _busy(doing, error.retry_after)
        case discord.HTTPException(status=429):
            return _busy(doing, _retry_after(error))
        case discord.HTTPException(status=status) if status >= 500:
            return DeliveryError(f"{doing}: Discord has a fault ({status})", unclear=True)
        case discord.HTTPException():
            return _refused(doing, error)
        case aiohttp.ClientConnectorError():
            return DeliveryError(f"{doing}: Discord can't be reached: {error}")  # so it got nothing
        case discord.DiscordException():
            return DeliveryError(f"{doing}: {error}", permanent=True)
        case _:
            return DeliveryError(f"{doing}: the connection broke ({type(error).__name__}: {error})", unclear=True)


def _busy(doing: str, seconds: float | None) -> DeliveryError:
    wait = timedelta(seconds=seconds) if seconds is not None else None
    return DeliveryError(f"{doing}: Discord asks to come back later", retry_after=wait)


def _retry_after(error: discord.HTTPException) -> float | None:
    """Seconds of the Retry-After header, if there is one: https://docs.discord.com/developers/topics/rate-limits."""
    try:
        return float(error.response.headers["Retry-After"])
    except (KeyError, ValueError):
        return None


def _refused(doing: str, error: discord.HTTPException) -> DeliveryError:
    if error.code in _CLOSED:
        return DeliveryError(f"{doing}: {_CLOSED[error.code]}", closed=True)
    if error.code in _GONE:
        return DeliveryError(f"{doing}: {_GONE[error.code]}", permanent=True)
    # 401: the token was just changed. 403 without a code: Cloudflare, which stands before Discord, for a while.
    passing = error.status == 401 or (error.status == 403 and not error.code)
    words = f"{doing}: Discord refuses it ({error.status}, code {error.code}): {error.text}"
    return DeliveryError(words, permanent=not passing)
