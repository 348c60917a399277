"""The command set, once, for every chat platform: names, options, help, who may use it, handlers.

A typed command is ``/name subcommand text option:value "quoted value"``; what stands without an option's name is the
value of the command's first option. Handlers return domain objects; a platform renders them.
"""

from collections.abc import Mapping

from bot.answers import Answer, Question
from bot.commands.completion import complete
from bot.commands.model import Command, Kind, Option, Request
from bot.commands.parsing import faults, named, parse, values
from bot.commands.table import COMMANDS
from bot.desk import Desk
from bot.desk.moments import since
from bot.errors import NotAllowed, UnknownCommand
from bot.schedule import zone
from bot.types import Channel

__all__ = [
    "COMMANDS",
    "Command",
    "Kind",
    "Option",
    "Request",
    "answer",
    "choose",
    "complete",
    "faults",
    "named",
    "parse",
    "perform",
    "press",
    "require",
    "since",
]


async def answer(
    desk: Desk, text: str, channel: Channel, person: str | None = None, *, manager: bool = False
) -> Answer:
    """The answer to what somebody typed: a command if it begins with a slash, else a plain question.

    ``manager``: the person may do what manages the channel, as ``Desk.may_manage`` says.

    Raises:
        UnknownCommand: no such command, option or value; says what there is.
        NotAllowed: the person may not do that here.
        DatelineError: as the command does.
    """
    if not text.lstrip().startswith("/"):
        return await _offered(desk, channel, await desk.answers.ask(channel.tenant, text, zone(desk.zone)))
    command, given = parse(text, desk.clock(), zone(desk.zone))
    return await _run(desk, command, Request(channel, person, given, manager))


async def perform(
    desk: Desk, name: str, given: Mapping[str, str], channel: Channel, person: str | None, *, manager: bool
) -> Answer:
    """The answer to a command whose options a platform has already told apart; raises as ``answer`` does."""
    command = named(name)
    return await _run(
        desk, command, Request(channel, person, values(command, given, desk.clock(), zone(desk.zone)), manager)
    )


async def choose(desk: Desk, ident: str, channel: Channel, person: str | None, *, manager: bool) -> Answer:
    """The answer that a question's choice stands for, by its id, also after a restart.

    Raises:
        NotFound: it wasn't offered here, or long ago.
        DatelineError: as ``answer`` does.
    """
    return await answer(desk, await desk.choices.chosen(channel.tenant, ident), channel, person, manager=manager)


async def press(desk: Desk, action: str, ident: str, briefing: int, channel: Channel, *, manager: bool) -> Answer:
    """What a button below a briefing gives: 'why', 'more' or 'follow' of the briefing of that number, from 0.

    ``ident`` is what ``Desk.shown`` has kept the post's digest under.

    Raises:
        NotFound: it was shown long ago, or not here.
        NotAllowed: the person may not follow things in that channel.
        UnknownCommand: there is no such button.
    """
    match action:
        case "why":
            return await desk.shown.why(channel, ident, briefing)
        case "more":
            return await desk.shown.more(channel, ident, briefing)
        case "follow":
            require(desk, named("watch add"), manager)
            return await _offered(desk, channel, await desk.shown.follow(channel, ident, briefing))
    raise UnknownCommand(f"{action}: no such button; ask again for a new post")


def require(desk: Desk, command: Command, manager: bool) -> None:
    """Raises NotAllowed, saying who may, where the command takes a manager and the person is none."""
    if command.manages and not manager:
        roles = f", or in the role {' or '.join(desk.roles)}" if desk.roles else ""
        who = f"people who may manage this server or workspace{roles}"
        raise NotAllowed(f"/{command.name} is for {who}: ask one of them")


async def _run(desk: Desk, command: Command, request: Request) -> Answer:
    require(desk, command, request.manager)
    return await _offered(desk, request.channel, await command.handler(desk, request))


async def _offered(desk: Desk, channel: Channel, made: Answer) -> Answer:
    """The answer; the choices of a question are kept, so that they can be chosen later."""
    return await desk.choices.offer(channel.tenant, made) if isinstance(made, Question) else made
