"""Which place a person means by a name."""

import difflib
import re
from dataclasses import dataclass
from typing import Final

from bot.answers import Choice, Question
from bot.errors import NotFound
from bot.reading.gazetteer import Candidate, Gazetteer, Level, Match
from bot.store import Store
from bot.store.values import fold
from bot.types import Place

ALL: Final = 10_000  # mentioned places that are looked through for those that a region contains
CHOICES: Final = 5
_FAR_LARGER: Final = 10  # times as many inhabitants: then a name means the largest place that bears it
_RULED: Final = ("ADM", "PCL")  # what GeoNames' codes of subdivisions and countries begin with
_NEAR: Final = 3  # names that are suggested in place of an unknown one
_ALIKE: Final = 0.75  # of 1, as difflib measures
_ID: Final = re.compile(r"#(-?\d+)")  # as the choices of a question name a place


@dataclass(frozen=True, slots=True)
class PlaceFinder:
    """Finds places by name, or by '#id'. A command's template, '/where {}', makes the choices of a question."""

    store: Store
    gazetteer: Gazetteer

    async def any(self, workspace: str, name: str, command: str) -> Place | Question:
        """The place, whether an article mentions it or not; a question where several bear the name.

        Raises:
            NotFound: no place has that name; ``suggestions`` are the nearest.
        """
        return await self.mentioned(workspace, name, command) or self._unmentioned(name, command)

    async def mentioned(self, workspace: str, name: str, command: str) -> Place | Question | None:
        """The place that the workspace's articles mention; a question if they mention several of that name."""
        if by_id := _ID.fullmatch(name.strip()):
            return self.gazetteer.place(int(by_id[1]))
        borne = {c.place.geonameid: c.match for c in self.gazetteer.lookup(name)}
        mentioned = await self.store.mentioned_places(workspace, name, ALL)
        named = [p for p in mentioned if p.geonameid in borne or p.name.casefold() == name.strip().casefold()]
        # 'Kharkiv' is the city: who means the oblast says so.
        named = [p for p in named if borne.get(p.geonameid) is Match.NAME] or named
        if len(named) > 1:
            return self._which(name, named, command)
        return named[0] if named else None

    def full_name(self, place: Place) -> str:
        """The place with what it is administered by: 'Lyman, Kramatorsk Raion, Donetsk Oblast, Ukraine'."""
        around = [c.name for c in self.gazetteer.containers(place.geonameid) if c.feature_code.startswith(_RULED)]
        return ", ".join([place.name, *around])

    def _unmentioned(self, name: str, command: str) -> Place | Question:
        """A place that no article mentions: the index's likeliest, or the question which."""
        found = sorted(self.gazetteer.lookup(name), key=_prominence)
        if not found:
            near = self._near(name)
            hint = f"did you mean {', '.join(near)}?" if near else "check the spelling, or name a larger place near it"
            raise NotFound(f"No place called {name!r} is known; {hint}", near)
        first = found[0]
        rivals = [c.place for c in found[1:] if c.match == first.match and self._rivals(c.place, first.place)]
        asked = rivals and first.level is not Level.REGION
        return self._which(name, [first.place, *rivals], command) if asked else first.place

    def _near(self, name: str) -> tuple[str, ...]:
        """Names that begin so; where none does, those with the same first letters that are spelt much alike."""
        if begun := self.gazetteer.complete(name, _NEAR):
            return begun
        spelt = {fold(other): other for other in self.gazetteer.complete(name.strip()[:2], ALL)}
        return tuple(spelt[key] for key in difflib.get_close_matches(fold(name), spelt, n=_NEAR, cutoff=_ALIKE))

    def _rivals(self, place: Place, first: Place) -> bool:
        """Whether the name may as well mean ``place``, which is elsewhere: not the district that the town is in."""
        nested = self.gazetteer.contains(place.geonameid, first.geonameid)
        nested = nested or self.gazetteer.contains(first.geonameid, place.geonameid)
        return not nested and place.population * _FAR_LARGER > first.population

    def _which(self, name: str, places: list[Place], command: str) -> Question:
        choices = tuple(Choice(self.full_name(p), command.format(f"#{p.geonameid}")) for p in places[:CHOICES])
        return Question(f"{name}: which one?", choices)


def _prominence(candidate: Candidate) -> tuple[int, bool, int]:
    """What sorts the records of a name: how they bear it, regions and waters before towns, the largest first."""
    return candidate.match, candidate.level is not Level.REGION, -candidate.place.population
