"""Places -> a locator map: where a briefing's places lie, as a picture and in words.

Coast lines and borders are Natural Earth's; ``docs/maps.md`` says how they come here and what the map's signs mean.
"""

from collections.abc import Sequence

from bot.maps.drawing import paint
from bot.maps.frame import Size, frame_for
from bot.maps.outlines import outlines
from bot.maps.scene import compose, in_picture
from bot.maps.world import load
from bot.types import BriefingPlace, Importance, Place

__all__ = ["SIZE", "alt_text", "render", "view"]

SIZE: Size = (900, 600)
_OVERSAMPLING = 2  # the picture is drawn this many times larger, then shrunk, so that lines are smooth


def render(places: Sequence[BriefingPlace], context: Sequence[Place] = (), *, size: Size = SIZE) -> bytes:
    """A PNG of ``size`` pixels that shows the located places; the same input gives the same bytes.

    ``context``: towns that may be named for orientation; those in the picture are, largest first, while there is room.

    Raises:
        NotFound: none of the places is located.
    """
    world, frame = load(), frame_for(places, size)
    ground = outlines(world, frame, _OVERSAMPLING)
    return paint(ground, compose(places, context, frame, world, ground), world, frame)


def view(places: Sequence[BriefingPlace], *, size: Size = SIZE) -> tuple[float, float, float, float]:
    """South, west, north and east of what ``render`` would show, in degrees; west > east where the date line is in it.

    Raises:
        NotFound: none of the places is located.
    """
    return frame_for(places, size).bounds()


def alt_text(places: Sequence[BriefingPlace]) -> str:
    """The map in a sentence, for those who can't see it: 'Map: Lyman (Donetsk Oblast, Ukraine) and Kupiansk (...).'

    Raises:
        NotFound: none of the places is located.
    """
    world, frame = load(), frame_for(places, SIZE)
    shown = in_picture(places, frame, world, outlines(world, frame))
    key = [_described(item, place) for item, place in shown if item.importance is Importance.KEY]
    minor = [_described(item, place) for item, place in shown if item.importance is not Importance.KEY]
    return f"Map: {_listed(key or minor)}" + (f"; also {_listed(minor)}." if key and minor else ".")


def _described(item: BriefingPlace, place: Place) -> str:
    around = [place.admin1, load().name_of(place.country_code)]
    known = [name for name in around if name and name not in (item.name, place.name)]
    return f"{item.name} ({', '.join(known)})" if known else item.name


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
