"""What the Home tab says: https://docs.slack.dev/surfaces/app-home/, at most 100 blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from adapters.inert import inert
from adapters.slack.fields import fitting, option, plain
from adapters.slack.forms import sections
from adapters.slack.mrkdwn import escape
from bot.answers import Suggestion

Json = dict[str, Any]

ACTION: Final = "home:"  # what the action_id of everything here begins with
MOST: Final = 30  # digests, and watches, that are shown: with all the rest below 100 blocks
MOST_FEEDS: Final = 40
_LINE: Final = (
    200  # UTF-16 units of one line: a topic may have thousands of characters, and /digest list shows them all
)
_ADD: Final = (("digest add", "Add a digest"), ("watch add", "Add a watch"), ("feeds add", "Follow a feed"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A digest or a watch as the tab shows it."""

    kind: str  # 'digest' or 'watch'
    id: str
    channel: str  # Slack's id
    head: str
    lines: tuple[str, ...]
    paused: bool
    changes: bool  # whether the person may change it


@dataclass(frozen=True, slots=True)
class Shelf:
    """Those of one kind, in the order in which they are shown, and how many more there are."""

    entries: tuple[Entry, ...]
    more: int = 0


def home_view(
    digests: Shelf, watches: Shelf, feeds: Sequence[str], zone: ZoneInfo, *, manager: bool, prefix: str = ""
) -> Json:
    """The tab's view, with times in that zone. Without ``manager`` it has no buttons that add anything.

    ``prefix`` is that of the commands' names here.
    """
    blocks = [_buttons()] if manager else []
    where = "in a channel" if manager else "in our own conversation"
    blocks += [_heading("Digests"), *_shelf(digests, f"/{prefix}digest", where)]
    blocks += [_heading("Watches"), *_shelf(watches, f"/{prefix}watch", where)]
    blocks += [_heading("Followed in this workspace"), *_feeds(feeds, f"/{prefix}feeds", manager=manager)]
    about = f"What comes next is told in your own time zone, {zone.key}. /{prefix}brief help says what else there is."
    blocks.append({"type": "context", "elements": [plain(about)]})
    return {"type": "home", "blocks": blocks}


def _shelf(shelf: Shelf, command: str, where: str) -> list[Json]:
    blocks = [_entry(one) for one in shelf.entries]
    if shelf.more:
        blocks += sections(f"… and {shelf.more} more: {command} list in their channels shows them.")
    return blocks or sections(f"None yet: type {command} add {where}.")


def _entry(entry: Entry) -> Json:
    """What it is and where it posts, with a menu of what can be done with it."""
    where = "in your messages with me" if entry.channel.startswith("D") else f"in <#{entry.channel}>"
    lines = [f"*{_line(entry.head)}* {where}", *map(_line, entry.lines)]
    text = {"type": "mrkdwn", "text": "\n".join(lines), "verbatim": True}
    block: Json = {"type": "section", "block_id": f"{entry.kind}:{entry.id}", "text": text}
    return block | ({"accessory": _menu(entry)} if entry.changes else {})


def _menu(entry: Entry) -> Json:
    changes = ["edit"] if entry.kind == "digest" else []
    changes += ["resume" if entry.paused else "pause", "remove"]
    options = [option(Suggestion(f"{entry.kind} {change} {entry.id}", change.capitalize())) for change in changes]
    return {"type": "overflow", "action_id": f"{ACTION}menu", "options": options}


def _buttons() -> Json:
    buttons = [
        {"type": "button", "action_id": f"{ACTION}{name}", "value": name, "text": plain(label)} for name, label in _ADD
    ]
    return {"type": "actions", "elements": buttons}


def _feeds(feeds: Sequence[str], command: str, *, manager: bool) -> list[Json]:
    lines = [f"• {fitting(inert(one), _LINE)}" for one in feeds[:MOST_FEEDS]]
    if len(feeds) > MOST_FEEDS:
        lines.append(f"… and {len(feeds) - MOST_FEEDS} more: {command} list shows them.")
    none = f"Nothing yet: type {command} add and an address." if manager else "Nothing yet."
    return sections("\n".join(lines) or none)


def _line(text: str) -> str:
    return escape(fitting(inert(text), _LINE))


def _heading(text: str) -> Json:
    return {"type": "header", "text": plain(text)}
