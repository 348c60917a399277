"""Typed text -> a command and its options' values."""

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.commands.model import Command, Kind
from bot.commands.phrases import DAYS
from bot.commands.table import COMMANDS
from bot.desk.moments import since
from bot.errors import InputError, UnknownCommand
from bot.types import Length, WatchKind

QUOTES: Final = str.maketrans("“”„«»", '"""""')  # telephones and word processors put in such


def parse(text: str, now: datetime, where: ZoneInfo) -> tuple[Command, dict[str, Any]]:
    """The command that the text types out, and its options' values. ``where`` is the zone that dates are meant in.

    Raises:
        UnknownCommand: no such command, option or value; the message says what would do.
    """
    words = _split(text.strip().removeprefix("/"))
    command, rest = _command(words)
    given = _options(command, rest)
    return command, values(command, given, now, where)


def values(command: Command, given: Mapping[str, str], now: datetime, where: ZoneInfo) -> dict[str, Any]:
    """The options' values from the texts given for them. Raises UnknownCommand."""
    missing = next((o for o in command.options if o.required and o.name not in given), None)
    if missing:
        raise UnknownCommand(f"/{command.name} needs {missing.name}: {missing.help}. Type {command.usage}")
    kinds = {option.name: option.kind for option in command.options}
    return {name: _value(command, kinds[name], value, now, where) for name, value in given.items()}


def faults(command: Command, given: Mapping[str, str], now: datetime, where: ZoneInfo) -> dict[str, str]:
    """What is wrong, in words, with each option that was given or has to be; empty: nothing is.

    For platforms that have all options filled in at once, and say so beside each.
    """
    found = {}
    for option in command.options:
        if option.name in given:
            try:
                _read(option.kind, given[option.name], now, where)
            except InputError as error:
                found[option.name] = str(error)
        elif option.required:
            found[option.name] = f"is needed: {option.help}"
    return found


def named(name: str) -> Command:
    """The command of that name, 'digest add'. Raises UnknownCommand."""
    return _command(name.split())[0]


def _split(text: str) -> list[str]:
    """Words with their quotation marks; what stands between two is one word, and an apostrophe is only that."""
    return re.findall(r'(?:[^\s"]|"[^"]*")+|"', text.translate(QUOTES))


def _command(words: list[str]) -> tuple[Command, list[str]]:
    names = {command.name: command for command in COMMANDS}
    for size in (2, 1):
        name = " ".join(words[:size]).lower()
        if len(words) >= size and name in names:
            return names[name], words[size:]
    typed = words[0].lower() if words else ""
    subs = [name for name in names if name.startswith(f"{typed} ")] if typed else []
    near = subs or difflib.get_close_matches(typed, {n.split()[0] for n in names}, n=1)
    hint = (
        "there is " + ", ".join(f"/{n}" for n in subs)
        if subs
        else f"did you mean /{near[0]}?"
        if near
        else "/help lists them"
    )
    raise UnknownCommand(f"/{typed}: {'say which' if subs else 'no such command'}; {hint}")


def _options(command: Command, words: list[str]) -> dict[str, str]:
    """Each option's text. Words after a named option go on with its value, so that topics need no quotes."""
    names = [option.name for option in command.options]
    given: dict[str, list[str]] = {}
    current = names[0] if names else None
    for word in words:
        name, colon, value = word.partition(":")
        if colon and name.lower() in names:
            current = name.lower()
            given.setdefault(current, []).extend([value] if value else [])
        elif current is None:
            raise UnknownCommand(f"/{command.name} takes no {word!r}: {command.usage}")
        else:
            given.setdefault(current, []).append(word)
    kinds = {option.name: option.kind for option in command.options}
    return {name: _joined(parts, kinds[name]) for name, parts in given.items() if parts}


def _joined(words: list[str], kind: Kind) -> str:
    """The words as one text; quotation marks have done their work, but in a filter or a document they mean much."""
    text = " ".join(words)
    return text if kind in {Kind.FILTER, Kind.TEXT} else " ".join(text.replace('"', "").split())


def _value(command: Command, kind: Kind, text: str, now: datetime, where: ZoneInfo) -> Any:
    try:
        return _read(kind, text, now, where)
    except InputError as error:
        raise UnknownCommand(f"/{command.name}: {error}") from error


def _read(kind: Kind, text: str, now: datetime, where: ZoneInfo) -> Any:
    """The value that the text stands for. Raises InputError."""
    parsers: dict[Kind, Callable[[str], Any]] = {
        Kind.SINCE: lambda value: since(value, now, where),
        Kind.LENGTH: _length,
        Kind.CLOCKS: _clocks,
        Kind.DAYS: _days,
        Kind.HOURS: _hours,
        Kind.WATCHED: _watched,
    }
    return parsers.get(kind, str)(text)


def _length(text: str) -> Length:
    try:
        return Length(text.lower())
    except ValueError as error:
        raise InputError(f"{text!r} is no length: write short, normal or long") from error


def _clocks(text: str) -> tuple[time, ...]:
    """Times of day with commas or spaces between them, earliest first."""
    found = tuple(sorted({_clock(part) for part in re.split(r"[,\s]+", text) if part}))
    if not found:
        raise InputError(f"{text!r} is no time of day: write it like 07:30")
    return found


def _clock(text: str) -> time:
    if not (match := re.fullmatch(r"([01]?\d|2[0-3])[:.h]([0-5]\d)", text)):
        raise InputError(f"{text!r} is no time of day: write it like 07:30")
    if ":" not in text or len(match[1]) == 1:
        raise InputError(f"time:{text}: write {int(match[1]):02}:{match[2]}")
    return time(int(match[1]), int(match[2]))


def _days(text: str) -> tuple[int, ...]:
    names = [name.strip().lower()[:3] for name in re.split(r"[,\s]+", text) if name.strip()]
    wrong = [name for name in names if name not in DAYS]
    if wrong or not names:
        raise InputError(f"{text!r} names no days: write them like mon,wed,fri")
    return tuple(sorted({DAYS.index(name) for name in names}))


def _hours(text: str) -> tuple[time, time]:
    """From when to when."""
    try:
        start, end = map(_clock, re.split(r"\s*(?:-|–|to)\s*", text.strip()))
    except (InputError, ValueError) as error:
        raise InputError(f"{text!r} are no hours: write them like 22:00-07:00") from error
    return start, end


def _watched(text: str) -> WatchKind:
    try:
        return WatchKind(text.strip().lower())
    except ValueError as error:
        raise InputError(f"{text!r} is nothing to watch: write place, source or words") from error
