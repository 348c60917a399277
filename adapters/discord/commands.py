"""The command set as Discord's slash commands, and the menu entry that briefs a message's links.

Limits: https://discord.com/developers/docs/interactions/application-commands
"""

import hashlib
import inspect
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Protocol

import discord
from discord import app_commands

from adapters.discord import elsewhere
from bot.answers import Suggestion
from bot.commands import Command, Kind, Option
from bot.commands.completion import FIXED

BRIEF_THIS: Final = "Brief this"
FILE: Final = "file"  # option beside one that takes a document
_CHOSEN: Final = frozenset({Kind.LENGTH, Kind.WATCHED})  # few values: offered all at once
_TYPED: Final = frozenset({Kind.TEXT, Kind.URL})  # nothing to offer
_MOST: Final = 100  # characters of a choice's name and of its value
_OFFERED: Final = 25
_CUT: Final = re.compile(r"(.+)…#([0-9a-f]{12})", re.DOTALL)
_ABOUT: Final = {
    "digest": "scheduled digests of this channel",
    "watch": "posts as soon as something is read",
    "feeds": "what is followed here",
}


class Front(Protocol):
    """Who answers what Discord brings."""

    async def command(self, interaction: discord.Interaction, command: Command, given: Mapping[str, Any]) -> None:
        """Answers the command; ``given`` has texts, a ``discord.Attachment`` under ``FILE``, and an ``Elsewhere``
        under ``elsewhere.OPTION``.
        """
        ...

    async def completion(
        self, interaction: discord.Interaction, command: Command, option: Option, typed: str
    ) -> list[Suggestion]:
        """What may follow; never raises."""
        ...

    async def message(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Answers the menu entry on a message."""
        ...


def register(tree: app_commands.CommandTree[Any], table: Sequence[Command], front: Front) -> None:
    """Puts all commands into the tree: of two words as subcommands, and the menu entry on messages."""
    groups: dict[str, app_commands.Group] = {}
    for command in table:
        first, _, rest = command.name.partition(" ")
        if not rest:
            tree.add_command(_slash(command, first, front))
            continue
        if first not in groups:
            # Discord shows or hides a group as a whole, and each has a list for everybody: whoever may not manage is
            # told so when trying, which also lets the roles of the configuration manage.
            groups[first] = app_commands.Group(name=first, description=_ABOUT.get(first, first))
        groups[first].add_command(_slash(command, rest, front))
    for group in groups.values():
        tree.add_command(group)
    tree.add_command(_menu_entry(front))


async def whole(suggest: Callable[[str], Awaitable[Sequence[Suggestion]]], value: str) -> str:
    """The value that a choice stands for: most stand for themselves, one too long for Discord for its beginning."""
    if not (cut := _CUT.fullmatch(value)):
        return value
    offered = await suggest(cut[1])
    return next((one.value for one in offered if _mark(one.value) == cut[2]), value)


def choices(suggestions: Sequence[Suggestion]) -> list[app_commands.Choice[str]]:
    """The suggestions as Discord takes them: at most 25, of at most 100 characters; ``whole`` undoes the cut."""
    shown = suggestions[:_OFFERED]
    return [app_commands.Choice(name=_fitting(one.label), value=_standing(one.value)) for one in shown if one.label]


def _fitting(label: str) -> str:
    return label if len(label) <= _MOST else f"{label[: _MOST - 1]}…"


def _standing(value: str) -> str:
    return value if len(value) <= _MOST else f"{value[:80]}…#{_mark(value)}"


def _mark(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:12]


def _slash(command: Command, name: str, front: Front) -> app_commands.Command[Any, ..., Any]:
    """The command as discord.py has it: it reads a callback's signature, so one is made from the options."""

    async def invoke(interaction: discord.Interaction, **given: Any) -> None:
        texts = {key.removesuffix("_"): value for key, value in given.items() if value is not None}
        await front.command(interaction, command, texts)

    parameters = [inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    parameters += sorted(_parameters(command), key=lambda one: one.default is None)  # required ones come first
    invoke.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # functions may have one
    helps = {f"{option.name}_": option.help for option in command.options}
    if _documents(command):
        helps[f"{FILE}_"] = "the same as a file"
    if elsewhere.takes_channel(command):
        helps[f"{elsewhere.OPTION}_"] = elsewhere.HELP
    app_commands.describe(**helps)(invoke)
    app_commands.rename(**{key: key.removesuffix("_") for key in helps})(invoke)
    _choose(command, invoke)
    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=name, description=command.help, callback=invoke
    )
    for option in command.options:
        if option.kind not in _CHOSEN | _TYPED:
            made.autocomplete(f"{option.name}_")(_completion(command, option, front))
    return made


def _parameters(command: Command) -> list[inspect.Parameter]:
    """One for each option, with an underscore behind its name, as an option may be called like a word of Python."""
    kinds: dict[str, tuple[Any, Any]] = {
        option.name: (str, inspect.Parameter.empty)
        if option.required and option.kind is not Kind.TEXT
        else (str | None, None)
        for option in command.options
    }
    if _documents(command):
        kinds[FILE] = (discord.Attachment | None, None)
    if elsewhere.takes_channel(command):
        kinds[elsewhere.OPTION] = (app_commands.Transform[Any, elsewhere.ChannelOption], None)
    return [
        inspect.Parameter(f"{name}_", inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
        for name, (kind, default) in kinds.items()
    ]


def _documents(command: Command) -> bool:
    """Whether the command takes a document, which people have as a file."""
    return any(option.kind is Kind.TEXT for option in command.options)


def _choose(command: Command, invoke: Any) -> None:
    fixed = {
        f"{option.name}_": [app_commands.Choice(name=value, value=value) for value in map(str, FIXED[option.kind])]
        for option in command.options
        if option.kind in _CHOSEN
    }
    app_commands.choices(**fixed)(invoke)


def _completion(command: Command, option: Option, front: Front) -> Any:
    async def offer(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(await front.completion(interaction, command, option, typed))

    return offer


def _menu_entry(front: Front) -> app_commands.ContextMenu:
    async def brief_this(interaction: discord.Interaction, message: discord.Message) -> None:
        await front.message(interaction, message)

    return app_commands.ContextMenu(name=BRIEF_THIS, callback=brief_this)


# --- registering with Discord


async def sync(tree: app_commands.CommandTree[Any]) -> bool:
    """Whether Discord had to be told of the commands, which it has to only when they have changed."""
    wanted = [_essence(command.to_dict(tree)) for command in tree.get_commands()]
    # As Discord gives them: what ``fetch_commands`` makes of them loses in which contexts a command can be used.
    client = tree.client
    if client.application_id is None:
        raise discord.app_commands.MissingApplicationID
    held = [_essence(command) for command in await client.http.get_global_commands(client.application_id)]
    if _sorted(wanted) == _sorted(held):
        return False
    await tree.sync()
    return True


def _essence(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What of a command or an option people see or that decides who sees it, in one form whoever wrote it down."""
    rights = payload.get("default_member_permissions")
    return {
        "name": payload["name"],
        "type": int(payload.get("type", 1)),
        "description": payload.get("description") or "",
        "required": bool(payload.get("required")),
        "autocomplete": bool(payload.get("autocomplete")),
        "choices": [(choice["name"], choice["value"]) for choice in payload.get("choices") or ()],
        "channels": sorted(map(int, payload.get("channel_types") or ())),
        "options": [_essence(option) for option in payload.get("options") or ()],
        "contexts": sorted(payload.get("contexts") or ()),
        "installs": sorted(payload.get("integration_types") or ()),
        "rights": None if rights is None else int(rights),
    }


def _sorted(commands: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(commands, key=lambda one: (one["type"], one["name"]))
