"""What everybody works with who listens to Slack.

A part that listens (``commands``, ``mentions``, ``home``, ``modals``, ``suggestions``) takes the ``Service`` and enters
its listeners in the app. Each listener acknowledges first, and then has its answer shown by ``Service.replies``, which
also says in words what went wrong.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.faults import EXPECTED, code
from adapters.slack.ids import Pressed
from adapters.slack.incoming import Spot
from adapters.slack.people import People, Person
from adapters.slack.replies import Replies
from bot import commands
from bot.answers import Answer
from bot.commands import Command, named
from bot.desk import Desk
from bot.errors import NotAllowed
from bot.schedule import zone

Body = Mapping[str, Any]
"""What Slack sends: https://docs.slack.dev/apis/events-api/ and https://docs.slack.dev/interactivity/."""
Clients = Callable[[str], Awaitable[AsyncWebClient]]
"""A workspace's client by its id. Raises DeliveryError: the app isn't installed there, or Slack isn't there yet."""

_POSTING: Final = frozenset({"digest add", "digest resume", "watch add", "watch resume"})  # have the bot post there
_OWN: Final = frozenset({"digest", "watch"})  # what everybody may have in a conversation of their own
_LOOK_WITHIN: Final = 3.0  # seconds: what Slack doesn't say soon, the first post will tell
_SHUT: Final = frozenset({"channel_not_found", "is_archived"})


@dataclass(frozen=True, slots=True)
class Service:
    """The desk behind, Slack before it, and the way in which answers go from one to the other."""

    desk: Desk
    clients: Clients
    people: People
    replies: Replies
    prefix: str = ""  # before the commands' names

    async def person(self, spot: Spot) -> Person:
        """Who asks: their time zone, and what they are in the workspace."""
        return await self.people.of(await self.clients(spot.team), spot.team, spot.person)

    async def may_manage(self, spot: Spot) -> bool:
        """Whether who asks may change what the workspace follows, and what is posted in its channels."""
        person = await self.person(spot)
        return self.desk.may_manage(person.manages, person.roles)

    async def answer(self, spot: Spot, text: str) -> Answer:
        """The answer to a question or a typed command, there, for who asks. Raises DatelineError."""
        if not text.startswith("/"):
            return await commands.answer(self.desk, text, spot.channel, spot.person)
        command, given = commands.parse(text, self.desk.clock(), zone(self.desk.zone))
        manager = await self._may(spot, command, given)
        return await commands.answer(self.desk, text, spot.channel, spot.person, manager=manager)

    async def perform(self, spot: Spot, name: str, given: Mapping[str, str]) -> Answer:
        """The answer to the command of that name with those options. Raises DatelineError."""
        manager = await self._may(spot, named(name), given)
        return await commands.perform(self.desk, name, given, spot.channel, spot.person, manager=manager)

    async def choose(self, spot: Spot, ident: str) -> Answer:
        """The answer that a question's choice stands for. Raises DatelineError."""
        return await self.answer(spot, await self.desk.choices.chosen(spot.channel.tenant, ident))

    async def press(self, spot: Spot, pressed: Pressed) -> Answer:
        """What a button below a briefing gives. Raises DatelineError."""
        manager = pressed.action == "follow" and await self._may(spot, named("watch add"), {})
        return await commands.press(
            self.desk, pressed.action, pressed.ident, pressed.briefing, spot.channel, manager=manager
        )

    async def _may(self, spot: Spot, command: Command, given: Mapping[str, Any]) -> bool:
        """Whether who asks may do what the command changes. Slack is asked who that is only where it matters.

        Raises:
            NotAllowed: they may, but the bot couldn't post what the command has it post.
        """
        if not command.manages:
            return False
        allowed = await self._is_own(spot, command, given.get("id")) or await self.may_manage(spot)
        if allowed and command.name in _POSTING:
            await self._require_posting(spot)
        return allowed

    async def _is_own(self, spot: Spot, command: Command, ident: str | None) -> bool:
        """Whether it is about what is posted in the person's own conversation with the bot, and nowhere else."""
        if not spot.channel.id.startswith("D") or command.name.split()[0] not in _OWN:
            return False
        held = {one.id for one in await self.desk.digests.of(spot.channel)}
        held |= {one.id for one in await self.desk.watches.of(spot.channel)}
        return ident is None or ident in held

    async def _require_posting(self, spot: Spot) -> None:
        """Raises NotAllowed where the bot can't post: it may in public channels, and where it is a member.

        Reading tells: of a private channel without the bot Slack says that there is none. A public one may only not be
        read, which does no harm: https://docs.slack.dev/reference/methods/conversations.history/.
        """
        client = await self.clients(spot.team)
        try:
            async with asyncio.timeout(_LOOK_WITHIN):
                await client.conversations_history(channel=spot.channel.id, limit=1)
                if await _is_archived(client, spot.channel.id):
                    raise NotAllowed("I can't post in this channel, since it is archived: unarchive it, then ask again")
        except EXPECTED as error:
            if isinstance(error, SlackApiError) and code(error) in _SHUT:
                raise NotAllowed(
                    "I can't post in this conversation, since I'm not in it: /invite me, then ask again. "
                    "Between two people I can't be: ask in a channel, or in our own conversation"
                ) from error


async def _is_archived(client: AsyncWebClient, channel: str) -> bool:
    """Whether a public channel is archived: such can be read. Of private ones the bot isn't told."""
    try:
        return bool((await client.conversations_info(channel=channel))["channel"].get("is_archived"))
    except SlackApiError:
        return False
