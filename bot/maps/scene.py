"""What is to be seen on a map besides land and water: marks, names, a scale, chosen and put in their places."""

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bot.maps.frame import Frame, is_country, is_wide, located, reach_km
from bot.maps.labels import LETTERING, Box, Label, Role, Spot, Wish, ink, layout, lettered
from bot.maps.outlines import Outlines
from bot.maps.projection import Azimuthal
from bot.maps.world import World
from bot.types import BriefingPlace, Importance, Place

_WATER = (
    "SEA",
    "OCN",
    "GULF",
    "BAY",
    "STRT",
    "CHN",
    "STM",
    "LK",
    "RSV",
    "CNL",
    "SD",
    "LGN",
    "FJD",
    "COVE",
    "HBR",
    "RF",
)
_CELL = 6  # pixels of a square of the grid on which room for a country's name is sought
_SPOTS = 160  # places tried for a country's name
_TOWNS = 10
_APART = 55.0  # pixels between towns shown for orientation
_INSET = (150, 104)  # pixels
_INSET_KM = 2800.0  # across an inset, at least
_WIDE_KM = 1500.0  # across a map that needs no inset
_PRINTABLE = ((0x20, 0x24F), (0x259, 0x259), (0x2B9, 0x2BC), (0x300, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2027))


@dataclass(frozen=True, slots=True)
class Mark:
    """A symbol on a spot; for an area its soft disc."""

    role: Role
    spot: Spot
    radius: float


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A line of a round length."""

    text: str
    box: Box  # of the whole, with its text
    length: float  # pixels


@dataclass(frozen=True, slots=True)
class Inset:
    """A small map in a corner that shows where in its part of the world the large one lies."""

    frame: Frame
    box: Box
    window: Box  # what the large map shows, in pixels of the picture


@dataclass(frozen=True, slots=True)
class Scene:
    """What is drawn over the land."""

    marks: tuple[Mark, ...]  # the last on top
    labels: tuple[Label, ...]
    scale: ScaleBar
    inset: Inset | None
    nations: frozenset[str]  # codes of the countries that are themselves key places of the briefing
    focus: frozenset[str]  # codes of those in which its places lie


def compose(
    places: Sequence[BriefingPlace], context: Sequence[Place], frame: Frame, world: World, ground: Outlines
) -> Scene:
    """The scene of a frame: the briefing's places first, then towns and countries where room is left."""
    shown = in_picture(places, frame, world, ground)
    own = [_wish(item, place, frame) for item, place in shown]
    towns = _towns(context, [place for _, place in shown], own, frame)
    countries = _countries(frame, world, ground)
    own = [_on_its_land(wish, place, countries) for wish, (_, place) in zip(own, shown, strict=True)]
    named = {place.country_code for _, place in shown if is_country(place)}
    around = [wish for code, wish in countries.items() if code not in named]
    scale = _scale_bar(frame, [wish.spot for wish in own])
    inset = _inset(frame, [wish.spot for wish in own], scale.box)
    taken = [scale.box, attribution_box(frame), *([inset.box.grown(3)] if inset else [])]
    labels = layout(sorted(own, key=_rank) + towns + around, frame.size, taken)
    return Scene(
        marks=_marks(own, shown, frame) + _town_marks(labels),
        labels=labels,
        scale=scale,
        inset=inset,
        nations=_codes(place for item, place in shown if is_country(place) and item.importance is Importance.KEY),
        focus=_codes(place for _, place in shown if not is_wide(place)),
    )


def in_picture(
    places: Sequence[BriefingPlace], frame: Frame, world: World, ground: Outlines
) -> list[tuple[BriefingPlace, Place]]:
    """The located places that the picture shows, key ones first: their point is in it or, of a country, some land."""
    codes = {world.codes[land.country] for land in ground.land}
    known = located(places)
    return [(item, it) for item, it in known if frame.holds(it) or (is_country(it) and it.country_code in codes)]


def _codes(places: Iterable[Place]) -> frozenset[str]:
    return frozenset(place.country_code for place in places if place.country_code)


def _rank(wish: Wish) -> int:
    return (Role.KEY, Role.NATION, Role.AREA, Role.WATER, Role.MINOR).index(wish.role)


def _role(item: BriefingPlace, place: Place) -> Role:
    if is_country(place):
        return Role.NATION
    if place.feature_code.startswith(_WATER):
        return Role.WATER
    if reach_km(place):
        return Role.AREA
    return Role.KEY if item.importance is Importance.KEY else Role.MINOR


def _wish(item: BriefingPlace, place: Place, frame: Frame) -> Wish:
    return Wish(_printable(item.name, place), _role(item, place), frame.pixel(place))


def _printable(name: str, place: Place) -> str:
    """The name, or the gazetteer's, whichever the typeface can show; else what is left of it in plain letters."""
    for text in (name, place.name):
        if all(any(low <= ord(letter) <= high for low, high in _PRINTABLE) for letter in text):
            return text
    plain = unicodedata.normalize("NFKD", place.name).encode("ascii", "ignore").decode().strip()
    return plain or f"{place.lat:.1f}, {place.lon:.1f}"


def _on_its_land(wish: Wish, place: Place, countries: dict[str, Wish]) -> Wish:
    """A country's name goes where the land has room for it."""
    found = countries.get(place.country_code or "") if wish.role is Role.NATION else None
    return Wish(wish.text, wish.role, wish.spot, found.spots) if found else wish


# --- towns for orientation


def _towns(context: Sequence[Place], shown: Sequence[Place], own: Sequence[Wish], frame: Frame) -> list[Wish]:
    """The largest of the towns that lie in the picture, away from its places and from each other."""
    known = {place.geonameid for place in shown} | {0}
    names = {wish.text for wish in own}
    spots = [wish.spot for wish in own if LETTERING[wish.role].radius]
    towns: list[Wish] = []
    for town in sorted(context, key=lambda town: (-town.population, town.geonameid)):
        spot, name = frame.pixel(town), _printable(town.name, town)
        inside = Box.around(spot, 20, 20).inside(*frame.size)
        if town.geonameid in known or name in names or not inside or len(towns) == _TOWNS:
            continue
        if all(math.dist(spot, other) > 18 for other in spots) and all(math.dist(spot, t.spot) > _APART for t in towns):
            towns.append(Wish(name, Role.TOWN, spot))
    return towns


def _town_marks(labels: Sequence[Label]) -> tuple[Mark, ...]:
    """Towns without a label say nothing: only labelled ones get their dot."""
    towns = [label for label in labels if label.role is Role.TOWN]
    return tuple(Mark(Role.TOWN, label.spot, LETTERING[Role.TOWN].radius) for label in towns)


# --- marks of the briefing's places


def _marks(own: Sequence[Wish], shown: Sequence[tuple[BriefingPlace, Place]], frame: Frame) -> tuple[Mark, ...]:
    """Soft discs below, then minor places, then key ones."""
    discs = [
        Mark(Role.AREA, wish.spot, min(110.0, max(28.0, reach_km(place) / frame.km_per_pixel)))
        for wish, (_, place) in zip(own, shown, strict=True)
        if wish.role is Role.AREA and not is_wide(place)
    ]
    points = [
        Mark(role, wish.spot, LETTERING[role].radius)
        for role in (Role.MINOR, Role.KEY)
        for wish in own
        if wish.role is role
    ]
    return tuple(discs + points)


# --- names of countries


def _countries(frame: Frame, world: World, ground: Outlines) -> dict[str, Wish]:
    """For each country with room for its name, by code: the name and where it could stand; largest country first."""
    cells = _cells(frame, ground)
    numbers, counts = np.unique(cells[cells > 0], return_counts=True)
    wishes: dict[str, Wish] = {}
    for number in numbers[np.argsort(-counts, kind="stable")].tolist():
        name, code = world.names[number - 1], world.codes[number - 1]
        spots = _room(cells == number, ink(lettered(name, Role.COUNTRY), Role.COUNTRY)) if name else ()
        if spots:
            wishes[code] = Wish(name, Role.COUNTRY, spots[0], spots)
    return wishes


def _cells(frame: Frame, ground: Outlines) -> NDArray[np.int32]:
    """The picture on a coarse grid: each cell has the number of the country whose land it is, from 1; 0 for water."""
    width, height = (math.ceil(side / _CELL) for side in frame.size)
    picture = Image.new("I", (width, height), 0)
    draw = ImageDraw.Draw(picture)
    for land in ground.land:
        draw.polygon((land.outline / (_CELL * ground.oversampling)).ravel().tolist(), fill=land.country + 1)
    return np.asarray(picture, dtype=np.int32)


def _room(own: NDArray[np.bool_], size: tuple[float, float]) -> tuple[Spot, ...]:
    """Where a box of that size lies on the country's own cells, the middle of the country first."""
    wide, high = (math.ceil(side / _CELL) + 1 for side in size)
    if own.sum() < wide * high or wide > own.shape[1] or high > own.shape[0]:
        return ()
    total = np.pad(own.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    covered = total[high:, wide:] - total[:-high, wide:] - total[high:, :-wide] + total[:-high, :-wide]
    rows, columns = np.nonzero(covered == wide * high)
    middle = np.argwhere(own).mean(axis=0)
    order = np.argsort(np.hypot(rows + high / 2 - middle[0], columns + wide / 2 - middle[1]), kind="stable")
    order = order[:: max(1, len(order) // _SPOTS)]
    x, y = (columns[order] + wide / 2) * _CELL, (rows[order] + high / 2) * _CELL
    return tuple(zip(x.tolist(), y.tolist(), strict=True))


# --- the margin's furniture


def attribution_box(frame: Frame) -> Box:
    """Where the source of the lines is named."""
    return Box(frame.size[0] - 84, frame.size[1] - 18, frame.size[0], frame.size[1])


def _scale_bar(frame: Frame, spots: Sequence[Spot]) -> ScaleBar:
    """A bar of 1, 2 or 5 times a power of ten km, at most a fifth of the picture long, in a corner without places."""
    longest = frame.size[0] / 5 * frame.km_per_pixel
    power = 10.0 ** math.floor(math.log10(longest))
    length = max(step * power for step in (1, 2, 5) if step * power <= longest)
    text = f"{length:,.0f} km" + ("" if isinstance(frame.projection, Azimuthal) else " at the equator")
    pixels = length / frame.km_per_pixel
    corners = _corners(frame, max(pixels, ink(text, Role.TOWN)[0]) + 8, 30.0)
    return ScaleBar(text, _free(corners, spots) or corners[0], pixels)


def _inset(frame: Frame, spots: Sequence[Spot], scale: Box) -> Inset | None:
    """A map of the surroundings in a corner without places; None without such a corner, or if the map is wide."""
    across = frame.size[0] * frame.km_per_pixel
    corners = [box for box in reversed(_corners(frame, *_INSET)) if not box.overlaps(scale)]
    box = _free(corners, spots)
    if across > _WIDE_KM or not isinstance(frame.projection, Azimuthal) or box is None:
        return None
    shrink = _INSET[0] * frame.km_per_pixel / max(_INSET_KM, across * 6)
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    window = Box.around(middle, max(5.0, frame.size[0] * shrink), max(4.0, frame.size[1] * shrink))
    return Inset(Frame(frame.projection, frame.centre, frame.scale * shrink, _INSET), box, window)


def _corners(frame: Frame, width: float, height: float) -> list[Box]:
    """Boxes of that size in the lower left, upper left and upper right corners; the source stands in the fourth."""
    low = frame.size[1] - height - 12.0
    return [
        Box(x, y, x + width, y + height) for x, y in ((14.0, low), (14.0, 14.0), (frame.size[0] - 14.0 - width, 14.0))
    ]


def _free(boxes: Sequence[Box], spots: Sequence[Spot]) -> Box | None:
    """The first of the boxes that no spot comes near."""
    return next((box for box in boxes if not any(box.overlaps(Box.around(spot, 60, 60)) for spot in spots)), None)
