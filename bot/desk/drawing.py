"""Maps of briefings, each drawn once for all channels that are shown the story at about the same time."""

import asyncio
from collections import OrderedDict
from typing import Final

from bot import maps
from bot.reading.gazetteer import Gazetteer
from bot.types import BriefingPlace

_KEPT: Final = 64  # maps, of some 100 kB each
_TOWNS: Final = 60  # the largest towns around, of which a map names some
_QUARTER: Final = "PPLX"  # a section of a town, which GeoNames lists with the town's own population


class MapDrawer:
    """Draws maps away from the event loop, and keeps the last ones."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._drawn: OrderedDict[tuple[BriefingPlace, ...], asyncio.Future[bytes | None]] = OrderedDict()

    async def draw(self, places: tuple[BriefingPlace, ...]) -> bytes | None:
        """A picture of the places, as PNG; None if none of them is located."""
        if places not in self._drawn:
            self._drawn[places] = asyncio.ensure_future(asyncio.to_thread(self._draw, places))
            while len(self._drawn) > _KEPT:
                self._drawn.popitem(last=False)
        drawing = self._drawn[places]
        self._drawn.move_to_end(places)
        try:
            return await asyncio.shield(drawing)  # whoever stops waiting doesn't stop it for the others
        except Exception:
            self._drawn.pop(places, None)  # the next one tries for itself
            raise

    def _draw(self, places: tuple[BriefingPlace, ...]) -> bytes | None:
        located = [place for place in places if place.place is not None]
        if not located:
            return None
        around = self._gazetteer.towns_within(*maps.view(located), limit=_TOWNS)
        return maps.render(located, [town for town in around if town.feature_code != _QUARTER])
