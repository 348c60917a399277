"""The command set, once, for every chat platform: names, options, help, who may use it, handlers.

A typed command is ``/name subcommand text option:value "quoted value"``; what stands without an option's name is the
value of the command's first option. Handlers return domain objects; a platform renders them.
"""

import difflib
import re
import shlex
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.answers import Answer, Listing, Notice
from bot.desk import Desk
from bot.errors import InputError, UnknownCommand
from bot.schedule import next_due, zone
from bot.types import Channel, Length, Subscription

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Kind(StrEnum):
    """What an option's value is, so that a platform can offer choices or completion for it."""

    TEXT = "text"
    PLACE = "place"
    SOURCE = "source"
    SINCE = "since"
    LENGTH = "length"
    CLOCK = "clock"
    DAYS = "days"
    ZONE = "zone"
    IDENT = "ident"
    URL = "url"


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


# --- handlers


async def _brief(desk: Desk, request: Request) -> Answer:
    since = request.get("since")
    if since is None and request.get("about") is None:
        since = desk.clock() - timedelta(hours=desk.hours)
    return await desk.answers.brief(request.channel.tenant, request.get("about"), since, request.get("length"))


async def _where(desk: Desk, request: Request) -> Answer:
    return await desk.answers.where(request.channel.tenant, request.get("place"), request.get("since"))


async def _said(desk: Desk, request: Request) -> Answer:
    return await desk.answers.said(request.channel.tenant, request.get("source"), request.get("since"))


async def _digest_add(desk: Desk, request: Request) -> Answer:
    made = await desk.digests.add(
        request.channel,
        request.get("time"),
        request.get("zone") or desk.zone,
        days=request.get("days") or tuple(range(7)),
        topic=request.get("topic"),
        person=request.person,
    )
    return Notice(f"Digest {made.id} added: {_when(made)}. The first is due {_next(made, desk)}.")


async def _digest_list(desk: Desk, request: Request) -> Answer:
    rows = [
        (s.id, _when(s), s.topic or "everything followed here", "paused" if s.paused else _next(s, desk))
        for s in await desk.digests.of(request.channel)
    ]
    return Listing(
        "Digests of this channel", ("id", "when", "about", "next"), tuple(rows), "None yet: /digest add 07:30"
    )


async def _digest_remove(desk: Desk, request: Request) -> Answer:
    await desk.digests.remove(request.channel, request.get("id"))
    return Notice(f"Digest {request.get('id')} removed.")


async def _digest_pause(desk: Desk, request: Request) -> Answer:
    await desk.digests.pause(request.channel, request.get("id"))
    return Notice(f"Digest {request.get('id')} paused: /digest resume {request.get('id')} sets it going again.")


async def _digest_resume(desk: Desk, request: Request) -> Answer:
    await desk.digests.resume(request.channel, request.get("id"))
    return Notice(f"Digest {request.get('id')} resumed, with what is new from now on.")


async def _digest_now(desk: Desk, request: Request) -> Answer:
    since = desk.clock() - timedelta(hours=desk.hours)
    return await desk.answers.brief(request.channel.tenant, request.get("topic"), request.get("since") or since)


async def _feeds_add(desk: Desk, request: Request) -> Answer:
    feed = await desk.intake.follow(request.channel.tenant, request.get("url"))
    return Notice(f"Following {feed.title or feed.url} from now on.")


async def _feeds_list(desk: Desk, request: Request) -> Answer:
    feeds = await desk.intake.feeds(request.channel.tenant)
    rows = [(f.title or "", f.url, _stamp(f.polled, desk) if f.polled else "not yet", f.error or "ok") for f in feeds]
    return Listing("Feeds", ("title", "address", "last poll", "state"), tuple(rows), "None yet: /feeds add https://…")


async def _feeds_remove(desk: Desk, request: Request) -> Answer:
    if not await desk.intake.unfollow(request.channel.tenant, request.get("url")):
        raise InputError(f"{request.get('url')} isn't followed here; /feeds list shows what is")
    return Notice(f"No longer following {request.get('url')}.")


async def _help(_desk: Desk, _request: Request) -> Answer:
    rows = tuple((command.usage, command.help) for command in COMMANDS)
    return Listing("What you can ask", ("command", "what it does"), rows, "")


_SINCE: Final = Option("since", Kind.SINCE, "how far back: 24h, 3d, yesterday or 2026-11-20")
_DIGEST_ID: Final = Option("id", Kind.IDENT, "as /digest list shows it", required=True)

COMMANDS: Final = (
    Command(
        "brief",
        "a briefing on a topic, place, source or address; without one, on everything followed here",
        _brief,
        (
            Option("about", Kind.TEXT, "a topic, a place or an article's address"),
            _SINCE,
            Option("length", Kind.LENGTH, "short, normal or long"),
        ),
    ),
    Command(
        "where",
        "what is known about a named location: map, latest points, who says so",
        _where,
        (Option("place", Kind.PLACE, "its name in any usual spelling", required=True), _SINCE),
    ),
    Command(
        "said",
        "what a named source has said, newest first",
        _said,
        (Option("source", Kind.SOURCE, "a person, organisation or outlet", required=True), _SINCE),
    ),
    Command(
        "digest add",
        "a digest in this channel, every day or on some",
        _digest_add,
        (
            Option("time", Kind.CLOCK, "of day, like 07:30", required=True),
            Option("days", Kind.DAYS, "like mon,wed,fri; every day without it"),
            Option("zone", Kind.ZONE, "an IANA time zone, like Europe/Kyiv"),
            Option("topic", Kind.TEXT, "words that its articles have"),
        ),
        manages=True,
    ),
    Command("digest list", "the digests of this channel", _digest_list),
    Command("digest remove", "ends a digest", _digest_remove, (_DIGEST_ID,), manages=True),
    Command("digest pause", "keeps a digest from being posted", _digest_pause, (_DIGEST_ID,), manages=True),
    Command("digest resume", "sets a paused digest going again", _digest_resume, (_DIGEST_ID,), manages=True),
    Command(
        "digest now", "what a digest would say now", _digest_now, (Option("topic", Kind.TEXT, "its words"), _SINCE)
    ),
    Command(
        "feeds add",
        "follows a feed; a site's address finds its feed",
        _feeds_add,
        (Option("url", Kind.URL, "the address", required=True),),
        manages=True,
    ),
    Command("feeds list", "the feeds followed here", _feeds_list),
    Command(
        "feeds remove",
        "no longer follows a feed",
        _feeds_remove,
        (Option("url", Kind.URL, "the address", required=True),),
        manages=True,
    ),
    Command("help", "this list", _help),
)


# --- typed text


async def answer(desk: Desk, text: str, channel: Channel, person: str | None = None) -> Answer:
    """The answer to what somebody typed: a command if it begins with a slash, else a plain question.

    Raises:
        UnknownCommand: no such command, option or value; says what there is.
        DatelineError: as the command does.
    """
    if not text.lstrip().startswith("/"):
        return await desk.answers.ask(channel.tenant, text)
    command, values = parse(text, desk.clock(), zone(desk.zone))
    return await command.handler(desk, Request(channel, person, values))


def parse(text: str, now: datetime, where: ZoneInfo) -> tuple[Command, dict[str, Any]]:
    """The command that the text types out, and its options' values. ``where`` is the zone that dates are meant in.

    Raises:
        UnknownCommand: no such command, option or value; the message says what would do.
    """
    words = _split(text.strip().removeprefix("/"))
    command, rest = _command(words)
    given = _options(command, rest)
    missing = next((o for o in command.options if o.required and o.name not in given), None)
    if missing:
        raise UnknownCommand(f"/{command.name} needs a {missing.name} ({missing.help}): {command.usage}")
    kinds = {option.name: option.kind for option in command.options}
    return command, {name: _value(command, kinds[name], value, now, where) for name, value in given.items()}


def _split(text: str) -> list[str]:
    """Words; what stands in double quotes is one word, and an apostrophe is only that."""
    lexer = shlex.shlex(text, posix=True)
    lexer.whitespace_split, lexer.quotes, lexer.escape, lexer.commenters = True, '"', "", ""
    try:
        return list(lexer)
    except ValueError:
        return text.split()


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
    return {name: " ".join(parts) for name, parts in given.items() if parts}


def _value(command: Command, kind: Kind, text: str, now: datetime, where: ZoneInfo) -> Any:
    parsers: dict[Kind, Callable[[str], Any]] = {
        Kind.SINCE: lambda value: since(value, now, where),
        Kind.LENGTH: _length,
        Kind.CLOCK: _clock,
        Kind.DAYS: _days,
    }
    try:
        return parsers.get(kind, str)(text)
    except InputError as error:
        raise UnknownCommand(f"/{command.name}: {error}") from error


def since(text: str, now: datetime, where: ZoneInfo) -> datetime:
    """The moment, in UTC, that '24h', '3d', '2w', 'today', 'yesterday' or an ISO date stands for. Raises InputError."""
    word = text.strip().lower()
    if match := re.fullmatch(r"(\d{1,4})\s*(h|d|w)", word):
        return (
            now - int(match[1]) * {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}[match[2]]
        )
    midnight = now.astimezone(where).replace(hour=0, minute=0, second=0, microsecond=0)
    if word in {"today", "yesterday"}:
        return (midnight - timedelta(days=word == "yesterday")).astimezone(now.tzinfo)
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=where)).astimezone(now.tzinfo)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{text!r} is no time: write 24h, 3d, 2w, today, yesterday or 2026-11-20") from error


def _length(text: str) -> Length:
    try:
        return Length(text.lower())
    except ValueError as error:
        raise InputError(f"{text!r} is no length: write short, normal or long") from error


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


def _when(subscription: Subscription) -> str:
    days = "every day" if len(subscription.days) == len(DAYS) else ", ".join(DAYS[d] for d in subscription.days)
    return f"{subscription.at:%H:%M} {subscription.zone}, {days}"


def _next(subscription: Subscription, desk: Desk) -> str:
    return _stamp(next_due(subscription, desk.clock()), desk)


def _stamp(moment: datetime, desk: Desk) -> str:
    return f"{moment.astimezone(zone(desk.zone)):%a %d %b %H:%M}"
