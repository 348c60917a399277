"""What a chat message is made of, before a platform writes it down in its own markup.

``adapters.layout`` turns an answer into blocks, once for all chat platforms; each platform escapes the text of their
runs, keeps to its own limits, and leaves nothing out.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Run:
    """Some words that look alike. The text is inert (``adapters.inert``) and on one line, but not escaped."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False  # an id, or something to type
    url: str | None = None  # where the words lead: http or https, and harmless (``adapters.inert.inert_url``)


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title above what follows."""

    line: Line
    level: int = 2  # 1: of the whole answer, 2: of a story, 3: of a part of it


@dataclass(frozen=True, slots=True)
class Text:
    """Lines below one another."""

    lines: tuple[Line, ...]
    quiet: bool = False  # said less loudly: what an answer rests on


@dataclass(frozen=True, slots=True)
class Picture:
    """The map of one of the answer's briefings, by its number from 0; left out where there is none to draw."""

    briefing: int


class Action(StrEnum):
    """What a button does: ``bot.commands.press`` for the first three, ``bot.commands.choose`` for the last."""

    WHY = "why"
    MORE = "more"
    FOLLOW = "follow"
    CHOOSE = "choose"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. ``ident`` names what was shown, or the choice; ``briefing`` which of its briefings."""

    action: Action
    label: str
    ident: str  # 16 hexadecimal digits
    briefing: int = 0


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons beside one another; a platform may show many of them as a menu."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A break between two stories."""


Block = Heading | Text | Picture | Buttons | Divider
