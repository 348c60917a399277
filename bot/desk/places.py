"""Which place a person means by a name."""

import re
from dataclasses import dataclass
from typing import Final

from bot.answers import Choice, Question
from bot.errors import NotFound
from bot.reading.gazetteer import Candidate, Gazetteer, Level
from bot.store import Store
from bot.types import Place

ALL: Final = 10_000  # mentioned places that are looked through for those that a region contains
CHOICES: Final = 5
_FAR_LARGER: Final = 10  # times as many inhabitants: then a name means the largest place that bears it
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
        wanted = {c.place.geonameid for c in self.gazetteer.lookup(name)}
        mentioned = await self.store.mentioned_places(workspace, name, ALL)
        named = [p for p in mentioned if p.geonameid in wanted or p.name.casefold() == name.strip().casefold()]
        if len(named) > 1:
            return self._which(name, named, command)
        return named[0] if named else None

    def full_name(self, place: Place) -> str:
        """The place with what it lies in: 'Lyman, Kramatorsk Raion, Donetsk, Ukraine'."""
        return ", ".join([place.name, *(c.name for c in self.gazetteer.containers(place.geonameid)[:3])])

    def _unmentioned(self, name: str, command: str) -> Place | Question:
        """A place that no article mentions: the index's likeliest, or the question which."""
        found = sorted(self.gazetteer.lookup(name), key=_prominence)
        if not found:
            near = self.gazetteer.complete(name, 3)
            hint = f"did you mean {', '.join(near)}?" if near else "check the spelling, or name a larger place near it"
            raise NotFound(f"No place called {name!r} is known; {hint}", near)
        first = found[0]
        rivals = [c.place for c in found[1:] if c.match == first.match and self._rivals(c.place, first.place)]
        asked = rivals and first.level is not Level.REGION
        return self._which(name, [first.place, *rivals], command) if asked else first.place

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
