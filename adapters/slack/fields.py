"""A command's options as the fields of a form, and what somebody fills in as the texts that the core reads.

Elements: https://docs.slack.dev/reference/block-kit/block-elements/; a field is an input block, whose id is the
option's name, with a colon and a number behind it where an option takes several fields.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from adapters.inert import inert
from adapters.slack.limits import LABEL, units
from bot.answers import Suggestion
from bot.commands import Command, Kind, Option
from bot.commands.completion import FIXED
from bot.commands.phrases import DAYS

Json = dict[str, Any]
State = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""What is filled in, by block and by action: https://docs.slack.dev/reference/views/modal-views/."""

Suggest = Callable[[str], Awaitable[Sequence[Suggestion]]]
"""What is offered for what is typed."""

ACTION: Final = "form:"  # before the name of an option: the action_id of its fields
CHANNEL: Final = "channel"  # block of the conversation that is posted in
VALUE: Final = 150  # https://docs.slack.dev/reference/block-kit/composition-objects/option-object/
_BEGINNING: Final = 60  # characters by which a value is found again that is too long to be sent to and fro
_CUT: Final = re.compile(r"(.+)…#([0-9a-f]{12})", re.DOTALL)
_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LABELS: Final = {
    Kind.CLOCKS: "Time",
    Kind.ZONE: "Time zone",
    Kind.WATCHED: "Watch it as",
    Kind.DIGEST: "Digest",
    Kind.WATCH: "Watch",
    Kind.URL: "Address",
    Kind.FEED: "Feed",
}
_PLAIN: Final = frozenset({Kind.CLOCKS, Kind.DAYS})  # say by themselves what the help says about typing
_CHOSEN: Final = frozenset({Kind.LENGTH, Kind.WATCHED})  # few values: offered all at once


def fields(option_: Option, value: str | None) -> list[Json]:
    """The option's input blocks, in order; at least one. ``value`` is what stands in them, as people type it."""
    match option_.kind:
        case Kind.CLOCKS:
            return _clocks(option_, value)
        case Kind.HOURS:
            return _hours(option_, value)
        case Kind.DAYS:
            return [_block(option_, option_.name, _days(value), needed=True)]
        case Kind.URL | Kind.TEXT:
            return [_block(option_, option_.name, _typed(option_, value))]
        case kind if kind in _CHOSEN:
            return [_block(option_, option_.name, _menu(option_, value))]
        case _:
            return [_block(option_, option_.name, _search(value))]


def conversation(here: bool) -> Json:
    """The field of the channel that is posted in; with ``here`` it begins with the one that the person is in."""
    kinds = {"include": ["public", "private"], "exclude_bot_users": True}
    element: Json = {"type": "conversations_select", "action_id": CHANNEL, "filter": kinds}
    if here:
        element["default_to_current_conversation"] = True
    hint = "Into a private channel I have to be invited first: /invite"
    return {"type": "input", "block_id": CHANNEL, "label": plain("Channel"), "hint": plain(hint), "element": element}


def filled(command: Command, state: State) -> dict[str, str]:
    """What is filled in for each of the command's options, as people type it; nothing for those that are empty."""
    texts = {one.name: _read(one, state) for one in command.options}
    return {name: text for name, text in texts.items() if text}


def halves(command: Command, state: State) -> dict[str, str]:
    """What to say at the field, by its block, that was left empty while the other of its two was filled in."""
    found = {}
    for one in command.options:
        pair = [f"{one.name}:{number}" for number in range(2)] if one.kind is Kind.HOURS else []
        empty = [ident for ident in pair if not any(map(_texts, state.get(ident, {}).values()))]
        if len(empty) == 1:
            found[empty[0]] = "Fill this in, too, or leave both empty"
    return found


def channel(state: State) -> str | None:
    """The id of the channel that is chosen; None where that isn't asked."""
    chosen = state.get(CHANNEL, {}).get(CHANNEL, {}).get("selected_conversation")
    return str(chosen) if chosen else None


def block_of(name: str, shown: list[str]) -> str | None:
    """That of the blocks shown which is the option's first; None: it isn't shown."""
    return next((ident for ident in shown if ident.partition(":")[0] == name), None)


def option(suggestion: Suggestion) -> Json:
    """The suggestion as Slack takes it; ``whole`` undoes the cut of a long value."""
    value = suggestion.value
    if units(value) > VALUE:
        value = f"{value[:_BEGINNING]}…#{_mark(value)}"
    return {"text": plain(fitting(inert(suggestion.label), LABEL)), "value": value}


async def whole(suggest: Suggest, value: str) -> str:
    """The value that was cut by ``option``, found again by its beginning; one that wasn't cut as it is."""
    if not (cut := _CUT.fullmatch(value)):
        return value
    return next((one.value for one in await suggest(cut[1]) if _mark(one.value) == cut[2]), value)


def fitting(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis; at most so many UTF-16 units."""
    if units(text) <= most:
        return text
    return text.encode("utf-16-le", "replace")[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"


def plain(text: str) -> Json:
    """Words that nothing in them can format; Slack takes no empty ones."""
    return {"type": "plain_text", "text": inert(text) or "…", "emoji": False}


def _mark(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:12]


def _block(option_: Option, ident: str, element: Json, *, needed: bool | None = None, label: str | None = None) -> Json:
    needed = option_.required if needed is None else needed
    return {
        "type": "input",
        "block_id": ident,
        "label": plain(label or _LABELS.get(option_.kind, option_.name.capitalize())),
        "optional": not needed,
        "element": element | {"action_id": f"{ACTION}{option_.name}"},
    } | ({} if option_.kind in _PLAIN else {"hint": plain(option_.help)})


def _clocks(option_: Option, value: str | None) -> list[Json]:
    """A field for each time, and one for a further time."""
    times = value.split(",") if value else []
    return [
        _block(
            option_,
            f"{option_.name}:{number}",
            _clock(times[number] if number < len(times) else None),
            needed=number == 0,
            label=None if number == 0 else "And at",
        )
        for number in range(max(len(times), 1) + 1)
    ]


def _hours(option_: Option, value: str | None) -> list[Json]:
    start, _, end = (value or "").partition("-")
    return [
        _block(option_, f"{option_.name}:0", _clock(start or None), label=f"{option_.name.capitalize()} from"),
        _block(option_, f"{option_.name}:1", _clock(end or None), label=f"{option_.name.capitalize()} until"),
    ]


def _clock(time: str | None) -> Json:
    return {"type": "timepicker"} | ({"initial_time": time} if time else {})


def _days(value: str | None) -> Json:
    """All of them where nothing else is said."""
    every = [option(Suggestion(day, name)) for day, name in zip(DAYS, _NAMES, strict=True)]
    chosen = value.split(",") if value else DAYS
    return {
        "type": "checkboxes",
        "options": every,
        "initial_options": [one for one in every if one["value"] in chosen],
    }


def _typed(option_: Option, value: str | None) -> Json:
    kind = {"type": "url_text_input"} if option_.kind is Kind.URL else {"type": "plain_text_input", "multiline": True}
    return kind | ({"initial_value": value} if value else {})


def _menu(option_: Option, value: str | None) -> Json:
    every = [option(Suggestion(one, one.capitalize())) for one in FIXED[option_.kind]]
    chosen = next((one for one in every if one["value"] == value), None)
    return {"type": "static_select", "options": every} | ({"initial_option": chosen} if chosen else {})


def _search(value: str | None) -> Json:
    """What is completed while somebody types: from the first letter on, and before."""
    element: Json = {"type": "external_select", "min_query_length": 0}
    return element | ({"initial_option": option(Suggestion(value, value))} if value else {})


def _read(option_: Option, state: State) -> str | None:
    """The option's text."""
    held = [
        _texts(element)
        for ident, block in sorted(state.items())
        if ident.partition(":")[0] == option_.name
        for element in block.values()
    ]
    joined: Callable[[list[str]], str] = "-".join if option_.kind is Kind.HOURS else ",".join
    return joined([text for texts in held for text in texts]) or None


def _texts(element: Mapping[str, Any]) -> list[str]:
    """What one element holds."""
    many = element.get("selected_options") or ([element["selected_option"]] if element.get("selected_option") else [])
    one = element.get("selected_time") or element.get("value")
    return [str(choice["value"]) for choice in many] or ([str(one)] if one else [])
