"""What people do on the loopback Discord, and what becomes of it: commands, presses, menus, messages."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.discord.loopback.checks import every
from tests.discord.loopback.refusals import Json, Refusal, unknown
from tests.discord.loopback.world import EVERYTHING, LOADING, Channel, Kind, User, World

DEADLINE = 3.0  # seconds for the first answer: docs.discord.com/developers/interactions/receiving-and-responding
TOKEN_SECONDS = 900.0  # for all others

PING, COMMAND, COMPONENT, COMPLETION, MODAL = range(1, 6)
_SUBCOMMAND, _ATTACHMENT = 1, 11
_CHAT, _ON_MESSAGE = 1, 3


@dataclass(eq=False)
class Interaction:
    """Something that a person did and the bot has to answer within three seconds."""

    payload: Json
    channel: Channel
    sent: float  # when, by the server's clock
    message: Json | None = None  # whose button it was
    after: float | None = None  # how many seconds later it was acknowledged
    response: Json | None = None  # what with
    messages: dict[int, Json] = field(default_factory=dict)  # the answers, as they are now
    original: int | None = None  # id of the first
    late: int = 0  # acknowledgements that came too late
    done: asyncio.Event = field(default_factory=asyncio.Event)  # set when it is acknowledged, or late

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.payload["id"])

    @property
    def token(self) -> str:
        """What the answers are sent with."""
        return str(self.payload["token"])

    @property
    def thinking(self) -> bool:
        """Whether it is acknowledged and not yet answered."""
        return self.original in self.messages and bool(self.messages[self.original or 0]["flags"] & LOADING)

    @property
    def answers(self) -> list[Json]:
        """What the person sees: messages in order, but none that is still being thought about."""
        return [one for one in self.messages.values() if not one["flags"] & LOADING]

    def acknowledge(self, now: float, response: Json) -> None:
        """Takes the first answer. Raises Refusal when there was one, or it is too late for one."""
        if self.response is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        late = now - self.sent > DEADLINE
        self.late += late
        self.done.set()
        if late:
            raise unknown("interaction", 10062)
        self.after, self.response = now - self.sent, response


class People:
    """Makes interactions and messages as Discord's clients do; ``Loopback`` tells the bot of them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.interactions: dict[str, Interaction] = {}  # by token

    def interaction(self, kind: int, data: Json, channel: Channel, user: User, permissions: int) -> Interaction:
        """A new one."""
        ident, guild = self._world.new_id(), channel.guild
        payload: Json = {
            "id": str(ident),
            "application_id": str(self._world.bot.id),
            "type": kind,
            "data": data,
            "channel": channel.payload(),
            "channel_id": str(channel.id),
            "token": secrets.token_urlsafe(24),
            "version": 1,
            "app_permissions": str(EVERYTHING),
            "locale": "en-GB",
            "entitlements": [],
            "attachment_size_limit": 10 << 20,
            "context": 0 if guild else 1,
            "authorizing_integration_owners": {"0": str(guild.id if guild else 0)},
        }
        if guild:
            payload |= {"guild_id": str(guild.id), "member": guild.member(user, permissions), "guild_locale": "en-GB"}
        else:
            payload["user"] = user.payload()
        made = Interaction(payload, channel, self._world.clock())
        self.interactions[made.token] = made
        return made

    def command(
        self, name: str, values: Mapping[str, Any], channel: Channel, user: User, permissions: int, focused: str | None
    ) -> Interaction:
        """A slash command as it is registered; ``focused``: it is being typed, and this option asks for completion."""
        first, _, second = name.partition(" ")
        found = next((one for one in self._world.commands if one["name"] == first), None)
        assert found is not None, f"/{first} isn't registered"
        given = _options(_inner(found, second), values, focused)
        data: Json = {"id": found["id"], "name": first, "type": _CHAT, "options": given}
        if second:
            data["options"] = [{"name": second, "type": _SUBCOMMAND, "options": given}]
        return self.interaction(COMPLETION if focused else COMMAND, data, channel, user, permissions)

    def press(self, message: Json, custom_id: str, user: User, values: list[str] | None) -> Interaction:
        """A button of the message pressed, or something chosen in one of its menus."""
        channel = self._world.channels[int(message["channel_id"])]
        data: Json = {"component_type": 2 if values is None else 3, "custom_id": custom_id}
        if values is not None:
            data["values"] = values
        made = self.interaction(COMPONENT, data, channel, user, EVERYTHING)
        made.payload["message"] = made.message = message
        return made

    def menu(self, name: str, message: Json, user: User) -> Interaction:
        """A command of the message's own menu."""
        found = next(one for one in self._world.commands if one["name"] == name and one.get("type") == _ON_MESSAGE)
        resolved = {"messages": {message["id"]: message}}
        data = {"id": found["id"], "name": name, "type": _ON_MESSAGE, "target_id": message["id"], "resolved": resolved}
        channel = self._world.channels[int(message["channel_id"])]
        return self.interaction(COMMAND, data, channel, user, EVERYTHING)

    def says(self, text: str, channel: Channel, user: User) -> Json:
        """A message of a person, as the gateway gives it."""
        message = self._world.message(channel, user, {"content": text})
        channel.messages[int(message["id"])] = message
        return seen(message, channel, user)


def seen(message: Json, channel: Channel, user: User) -> Json:
    """The message as MESSAGE_CREATE gives it: with the server and who the author is there."""
    if channel.kind is Kind.DIRECT or channel.guild is None:
        return message
    member = {key: value for key, value in channel.guild.member(user).items() if key != "user"}
    return message | {"guild_id": str(channel.guild.id), "member": member}


def custom_ids(message: Json) -> dict[str, str]:
    """The buttons of the message: label -> custom_id, in order."""
    return {
        one["label"]: one["custom_id"] for one in every(message["components"]) if "custom_id" in one and "label" in one
    }


def _inner(command: Json, second: str) -> Json:
    if not second:
        return command
    found = next((one for one in command.get("options", []) if one["name"] == second), None)
    assert found is not None, f"/{command['name']} has no {second}"
    return dict(found)


def _options(command: Json, values: Mapping[str, Any], focused: str | None) -> list[Json]:
    known = {one["name"]: one for one in command.get("options", [])}
    assert set(values) <= set(known), f"{command['name']} takes {', '.join(known)}"
    required = [name for name, one in known.items() if one.get("required") and name not in values]
    assert focused or not required, f"{command['name']} needs {', '.join(required)}"
    given = [{"name": name, "type": known[name]["type"], "value": value} for name, value in values.items()]
    for one in given:
        if one["name"] == focused:
            one["focused"] = True
    return given
