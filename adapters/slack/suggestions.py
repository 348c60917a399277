"""What a form's fields offer while somebody types.

https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element/#external_select
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from adapters.inert import inert
from adapters.slack.fields import ACTION, VALUE, option, whole
from adapters.slack.forms import Asked
from adapters.slack.incoming import PLATFORM, team
from adapters.slack.limits import units
from bot import commands
from bot.answers import Suggestion
from bot.commands import Kind, named
from bot.desk import Desk
from bot.types import Channel

log: Final = structlog.get_logger()

WITHIN: Final = 2.0  # seconds: Slack waits for three
_FREE: Final = frozenset({Kind.TOPIC, Kind.FILTER, Kind.PLACE, Kind.SOURCE, Kind.SINCE})  # may be what nothing offers


class Suggestions:
    """Completes the fields of forms, from what the workspace has."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, app: AsyncApp) -> None:
        """Enters the listener."""
        app.options(re.compile(f"^{ACTION}"))(self.suggest)

    async def suggest(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Offers values; none, with a line in the log, where they can't be had."""
        name, typed = str(body["action_id"]).removeprefix(ACTION), str(body.get("value") or "").strip()
        try:
            asked = Asked.of(body["view"])
            channel = Channel(PLATFORM, team(body), asked.channel or str(body["user"]["id"]))
            offered = await self._offered(asked.command, name, typed, channel)
        except Exception:
            log.exception("completion failed", option=name)
            offered = []
        await ack(options=[option(one) for one in offered])

    async def meant(self, command: str, given: Mapping[str, str], channel: Channel) -> dict[str, str]:
        """What is given, with the whole of those values that were too long for Slack."""

        async def one(name: str, value: str) -> str:
            return await whole(lambda typed: commands.complete(self._desk, command, name, typed, channel), value)

        return {name: await one(name, value) for name, value in given.items()}

    async def _offered(self, command: str, name: str, typed: str, channel: Channel) -> list[Suggestion]:
        """What is known, and last the words themselves where they may be anything."""
        found = await self._known(command, name, typed, channel)
        kind = next(one.kind for one in named(command).options if one.name == name)
        known = {one.value.casefold() for one in found}
        if typed and kind in _FREE and typed.casefold() not in known and units(typed) <= VALUE:
            found.append(Suggestion(typed, f"“{typed}”, as typed"))
        return [one for one in found if inert(one.label)]

    async def _known(self, command: str, name: str, typed: str, channel: Channel) -> list[Suggestion]:
        """What the workspace has; nothing where that takes longer than Slack waits."""
        try:
            async with asyncio.timeout(WITHIN):
                return await commands.complete(self._desk, command, name, typed, channel)
        except TimeoutError:
            log.warning("completion takes too long", option=name, seconds=WITHIN)
            return []
