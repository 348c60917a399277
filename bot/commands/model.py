"""What a command is: a name, options that say what they take, and a handler."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.answers import Answer
from bot.desk import Desk
from bot.types import Channel


class Kind(StrEnum):
    """What an option's value is, so that a platform can offer choices or completion for it."""

    TEXT = "text"
    PLACE = "place"
    SOURCE = "source"
    SINCE = "since"
    LENGTH = "length"
    CLOCKS = "clocks"  # times of day
    DAYS = "days"
    ZONE = "zone"
    TOPIC = "topic"  # words, a place or a source
    FILTER = "filter"  # the same, but words may have operators, and quotation marks of their own
    URL = "url"
    FEED = "feed"  # the address of one that is followed
    DIGEST = "digest"  # its id
    WATCH = "watch"  # its id
    WATCHED = "watched"  # place, source or words
    HOURS = "hours"  # from a time of day to another


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command."""

    name: str
    kind: Kind
    help: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A command as somebody gave it, with its options' values parsed."""

    channel: Channel
    person: str | None
    values: Mapping[str, Any] = field(default_factory=dict)
    manager: bool = False  # may do what manages the channel: ``Desk.may_manage`` says so

    def get(self, name: str) -> Any:
        """The option's value, or None where it wasn't given."""
        return self.values.get(name)


Handler = Callable[[Desk, Request], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: ``name`` may have two words, the second a subcommand."""

    name: str
    help: str
    handler: Handler
    options: tuple[Option, ...] = ()
    manages: bool = False  # needs the right to manage the channel

    @property
    def usage(self) -> str:
        """How the command is typed."""
        first = self.options[:1]
        rest = self.options[1:]
        words = [f"<{o.name}>" if o.required else f"[{o.name}]" for o in first]
        words += [f"{o.name}:…" if o.required else f"[{o.name}:…]" for o in rest]
        return " ".join([f"/{self.name}", *words])
