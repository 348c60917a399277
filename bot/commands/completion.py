"""What to offer while somebody types an option's value."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.answers import Suggestion
from bot.commands.model import Kind
from bot.commands.phrases import DAYS
from bot.commands.table import COMMANDS
from bot.desk import Desk
from bot.errors import UnknownCommand
from bot.types import Channel, Length, WatchKind

Completer = Callable[[Channel, str], Awaitable[list[Suggestion]]]

FIXED: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.SINCE: ("24h", "3d", "1w", "today", "yesterday", "this week", "last week", "Monday"),
    Kind.LENGTH: tuple(Length),
    Kind.CLOCKS: ("07:30", "08:00", "12:00", "18:00", "07:30,18:00"),
    Kind.DAYS: (",".join(DAYS[:5]), ",".join(DAYS[5:]), *DAYS),
    Kind.WATCHED: tuple(WatchKind),
    Kind.HOURS: ("22:00-07:00", "20:00-08:00", "00:00-06:00"),
}


async def complete(desk: Desk, command: str, option: str, typed: str, channel: Channel) -> list[Suggestion]:
    """What may follow from what is typed so far, likeliest first, at most 25; from what the channel's workspace has.

    Raises:
        UnknownCommand: there is no such command, or it has no such option.
    """
    options = {(one.name, part.name): part.kind for one in COMMANDS for part in one.options}
    kind = options.get((command, option))
    if kind is None:
        raise UnknownCommand(f"/{command} has no option {option!r}")
    if completer := _completer(desk, kind):
        return await completer(channel, typed)
    values = FIXED.get(kind, ())
    return [Suggestion(value, value) for value in values if value.casefold().startswith(typed.casefold())]


def _completer(desk: Desk, kind: Kind) -> Completer | None:
    known = desk.completion
    completers: dict[Kind, Completer] = {
        Kind.PLACE: known.places,
        Kind.SOURCE: known.sources,
        Kind.TOPIC: known.topics,
        Kind.FILTER: known.topics,
        Kind.FEED: known.feeds,
        Kind.DIGEST: known.digests,
        Kind.WATCH: known.watches,
        Kind.ZONE: known.zones,
    }
    return completers.get(kind)
