"""Where the names go: which fit, where, and how they are lettered. Pure: the same input gives the same layout."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import as_file, files
from typing import NamedTuple

from PIL import ImageFont

Spot = tuple[float, float]


class Box(NamedTuple):
    """A rectangle in pixels; y goes down."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def inside(self, width: float, height: float) -> bool:
        """Whether it lies within a picture of that size, a few pixels from its edge."""
        return self.left >= 4 and self.top >= 4 and self.right <= width - 4 and self.bottom <= height - 4

    def grown(self, by: float) -> "Box":
        """The rectangle with that many pixels more on each side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def nearest(self, spot: Spot) -> Spot:
        """The point of the rectangle that is closest to the spot."""
        return min(max(spot[0], self.left), self.right), min(max(spot[1], self.top), self.bottom)

    @classmethod
    def around(cls, spot: Spot, width: float, height: float) -> "Box":
        """A rectangle of that size with the spot in its middle."""
        return cls(spot[0] - width / 2, spot[1] - height / 2, spot[0] + width / 2, spot[1] + height / 2)


class Role(StrEnum):
    """What a label names."""

    KEY = "key"  # a place that the briefing is about
    MINOR = "minor"  # another place of the briefing
    AREA = "area"  # a region of the briefing
    WATER = "water"  # a sea, strait, lake or river of the briefing
    NATION = "nation"  # a country of the briefing
    TOWN = "town"  # a large town nearby, for orientation
    COUNTRY = "country"  # a country, for orientation


@dataclass(frozen=True, slots=True)
class Lettering:
    """How a role's labels are written."""

    face: str
    size: float
    colour: str
    radius: float  # of the mark that the label belongs to; 0: none, the label stands on the spot itself
    spacing: float = 0.0  # pixels between letters, for names in capitals


# Colours: Okabe and Ito's, darkened where small letters need it (https://jfly.uni-koeln.de/color/).
LETTERING = {
    Role.KEY: Lettering("SemiBold", 17, "#1a1a1a", 6.5),
    Role.MINOR: Lettering("Regular", 14, "#333333", 4.5),
    Role.AREA: Lettering("Italic", 16, "#8a3c00", 0),
    Role.WATER: Lettering("Italic", 15, "#00578a", 0),
    Role.NATION: Lettering("SemiBold", 15, "#8a3c00", 0, 2.0),
    Role.TOWN: Lettering("Regular", 12, "#6b6b6b", 2.2),
    Role.COUNTRY: Lettering("Regular", 13, "#8b8b86", 0, 2.5),
}
_GAP = 4.0  # pixels between a mark and its label
_PADDING = 2.0  # pixels around a label that stay free, for its halo
_ALOOF = 36.0  # pixels between a country's name and marks, lest it be read as a town's
_LONGEST = 34  # characters of a label


@dataclass(frozen=True, slots=True)
class Wish:
    """A name that should be shown: at a spot, or anywhere among ``spots``, the best first."""

    text: str
    role: Role
    spot: Spot
    spots: tuple[Spot, ...] = ()  # where the label's middle may go; empty: beside the spot's mark


@dataclass(frozen=True, slots=True)
class Label:
    """A name with its place in the picture."""

    text: str
    role: Role
    spot: Spot  # what it belongs to
    box: Box
    leader: bool = False  # whether a line must tie it to its spot


@cache
def font(face: str, size: float) -> ImageFont.FreeTypeFont:
    """The typeface (Noto Sans, in the package) in a size in pixels, laid out the same way on every machine."""
    with as_file(files("bot.maps") / "data" / f"NotoSans-{face}.ttf") as path:
        return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def lettered(text: str, role: Role) -> str:
    """The name as the role writes it: shortened when very long, countries in capitals."""
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
    return text.upper() if LETTERING[role].spacing else text


@cache
def ink(text: str, role: Role) -> tuple[float, float]:
    """Width and height in pixels of a lettered name, with its padding; as high as the face's capitals and tails."""
    style = LETTERING[role]
    face = font(style.face, style.size)
    width = face.getlength(text) + style.spacing * max(0, len(text) - 1)
    return math.ceil(width) + 2 * _PADDING, round(style.size * 0.98) + 2 * _PADDING


def layout(wishes: Sequence[Wish], size: tuple[int, int], taken: Sequence[Box] = ()) -> tuple[Label, ...]:
    """The labels that find room, in the order of the wishes: earlier ones choose first, what fits nowhere goes.

    No two labels overlap, nor a label a mark, a box of ``taken`` or the picture's edge. Where there is no room beside a
    mark of the briefing's own, the label moves away and is tied to it by a leader.
    """
    marks = [
        Box.around(wish.spot, 2 * radius, 2 * radius) for wish in wishes if (radius := LETTERING[wish.role].radius)
    ]
    placed: list[Label] = []
    full = list(taken)
    for wish in wishes:
        label = _place(wish, size, full, marks)
        if label is not None:
            placed.append(label)
            full += [label.box, *(_along(label.spot, label.box.nearest(label.spot)) if label.leader else ())]
    return tuple(placed)


def _place(wish: Wish, size: tuple[int, int], full: Sequence[Box], marks: Sequence[Box]) -> Label | None:
    """The label in the first place that is free, or None.

    Leaders keep clear of labels; only where a key place would lose its name does its leader pass beneath others.
    """
    text = lettered(wish.text, wish.role)
    width, height = ink(text, wish.role)
    aloof = _ALOOF if wish.role is Role.COUNTRY else 0.0
    crossing: Label | None = None
    for box, leader in _candidates(wish, width, height):
        if not box.inside(*size) or _hits(box, full) or _hits(box.grown(aloof), marks):
            continue
        label = Label(text, wish.role, wish.spot, box, leader)
        if not leader or not any(_hits(step, full) for step in _along(wish.spot, box.nearest(wish.spot))):
            return label
        crossing = crossing or label
    return crossing if wish.role is Role.KEY else None


def _hits(box: Box, others: Sequence[Box]) -> bool:
    return any(box.overlaps(other) for other in others)


def _candidates(wish: Wish, width: float, height: float) -> Iterator[tuple[Box, bool]]:
    """Boxes for the label, the best first, and whether it needs a leader there."""
    if wish.spots:
        yield from ((Box.around(spot, width, height), False) for spot in wish.spots)
    elif not LETTERING[wish.role].radius:
        yield from ((Box.around((wish.spot[0], wish.spot[1] + dy), width, height), False) for dy in _NUDGES)
    else:
        yield from ((box, False) for box in _beside(wish, width, height))
        if wish.role is not Role.TOWN:
            yield from ((box, True) for box in _away(wish, width, height))


_NUDGES = (0, 14, -14, 28, -28, 42, -42, 60, -60)
_BESIDE = (
    (1, 0),
    (1, -0.7),
    (1, 0.7),
    (-1, 0),
    (-1, -0.7),
    (-1, 0.7),
    (0, -1),
    (0, 1),
    (0.6, -1),
    (0.6, 1),
    (-0.6, -1),
    (-0.6, 1),
)


def _beside(wish: Wish, width: float, height: float) -> Iterator[Box]:
    """Right of the mark, left of it, above and below, in the order that readers find easiest (Imhof 1975)."""
    room = LETTERING[wish.role].radius + _GAP - _PADDING
    x, y = wish.spot
    for right, down in _BESIDE:
        dx, dy = right * (width / 2 + room * (abs(right) == 1)), down * (height / 2 + room * (abs(down) == 1))
        yield Box.around((x + dx, y + dy), width, height)


def _away(wish: Wish, width: float, height: float) -> Iterator[Box]:
    """Around the mark in growing circles, the sides before the top and bottom."""
    x, y = wish.spot
    angles = sorted(range(16), key=lambda step: abs(math.sin(step * math.pi / 8)))
    for distance in range(24, 230, 14):
        for step in angles:
            right, down = math.cos(step * math.pi / 8), math.sin(step * math.pi / 8)
            yield Box.around((x + right * (distance + width / 2), y + down * (distance + height / 2)), width, height)


def _along(start: Spot, end: Spot) -> list[Box]:
    """Small boxes on the line between the two, close enough that nothing of a label's size slips between."""
    steps = max(2, int(math.dist(start, end) / 4))
    shares = [step / steps for step in range(1, steps)]
    return [Box.around((start[0] + (end[0] - start[0]) * k, start[1] + (end[1] - start[1]) * k), 2, 2) for k in shares]
