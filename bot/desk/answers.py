"""What people ask: a briefing, a place, a source, or a plain question."""

import asyncio
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot import maps
from bot.answers import Choice, PlaceReport, Question, SourceReport
from bot.briefing import compose, focus
from bot.desk.intake import IntakeDesk
from bot.errors import NotFound
from bot.ports import Clock
from bot.reading.gazetteer import Candidate, Gazetteer, Level
from bot.store import Store
from bot.types import Article, Briefing, BriefingPlace, Digest, Length, Place, Reading

Read = tuple[Article, Reading]

_ENOUGH: Final = 200  # articles that one answer looks at
_ALL_PLACES: Final = 10_000  # mentioned places that are looked through for those that a region contains
_CHOICES: Final = 5
_FAR_LARGER: Final = 10  # times as many inhabitants: then a name means the largest place that bears it
_TOWNS: Final = 60  # the largest towns around, of which a map names some
_QUARTER: Final = "PPLX"  # a section of a town, which GeoNames lists with the town's own population
_ID: Final = re.compile(r"#(-?\d+)")  # as the choices of a question name a place
_URL: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_WHERE: Final = re.compile(r"\b(?:where is|in|at|near|around|about)\s+(?P<name>[^?.!]+)", re.IGNORECASE)
_WHO: Final = re.compile(r"\bwhat (?:has|have|did|does) (?P<name>.+?) (?:said|say|says|told|tell)\b", re.IGNORECASE)
_STOP: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "about",
        "as",
        "at",
        "be",
        "been",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "happened",
        "happening",
        "has",
        "have",
        "how",
        "in",
        "is",
        "it",
        "latest",
        "me",
        "news",
        "of",
        "on",
        "or",
        "say",
        "said",
        "says",
        "tell",
        "that",
        "the",
        "there",
        "this",
        "to",
        "today",
        "was",
        "week",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "you",
    ]
)


class AnswerDesk:
    """Answers from what the asking workspace follows."""

    def __init__(
        self, store: Store, gazetteer: Gazetteer, intake: IntakeDesk, clock: Clock, *, length: Length, stories: int
    ) -> None:
        self._store = store
        self._gazetteer = gazetteer
        self._intake = intake
        self._clock = clock
        self._length = length
        self._stories = stories

    async def brief(
        self, workspace: str, about: str | None = None, since: datetime | None = None, length: Length | None = None
    ) -> Digest:
        """The stories on a topic, a place or a page's address, weightiest first; without one, on all since then.

        Raises:
            NotFound: nothing stored is about it; says what to do.
            FetchError, UnreadableInput, UnsupportedLanguage: the page at the address can't be had or read.
        """
        if about is None:
            return await self.digest(
                "Briefing", await self._store.articles(workspace, since=since, limit=_ENOUGH), since, length
            )
        if _URL.fullmatch(about):
            article = await self._intake.page(workspace, about)
            return await self.given([article.id], workspace, length)
        place = await self._known_place(workspace, about)
        if isinstance(place, Place):
            return (await self._report(workspace, place, since, length)).digest
        return await self._topic(workspace, about, since, length)

    async def given(self, ids: Collection[str], workspace: str, length: Length | None = None) -> Digest:
        """The stories of exactly these articles, none left out. Raises NotFound for an id that isn't stored."""
        pairs = []
        for ident in ids:
            article = await self._store.article(workspace, ident)
            reading = await self._store.reading(article)
            if reading is not None:
                pairs.append((article, reading))
        return await self.digest("Briefing", pairs, None, length, stories=max(1, len(pairs)))

    async def where(self, workspace: str, name: str, since: datetime | None = None) -> PlaceReport | Question:
        """What is known about a named location and what it contains; a question where several places bear the name.

        Raises:
            NotFound: no place has that name; ``suggestions`` are the nearest.
        """
        place = await self._known_place(workspace, name) or self._unmentioned(name)
        return place if isinstance(place, Question) else await self._report(workspace, place, since, None)

    async def said(self, workspace: str, name: str, since: datetime | None = None) -> SourceReport | Question:
        """What a named source has said, newest first; a question where several sources bear the name.

        Raises:
            NotFound: no source of that name has said anything in what the workspace follows.
        """
        found = await self._store.sources(workspace, name, _CHOICES)
        exact = [s for s in found if name.strip().casefold() in {n.casefold() for n in (s.name, *s.aliases)}]
        chosen = exact if len(exact) == 1 else found
        if not chosen:
            near = tuple(await self._store.close_sources(workspace, name))
            hint = f"did you mean {' or '.join(near)}?" if near else "/help shows what is followed here"
            raise NotFound(f"Nobody called {name!r} is quoted in what is followed here; {hint}", near)
        if len(chosen) > 1:
            return Question(
                f"{name}: who?", tuple(Choice(_described(s.name, s.role), f"/said {s.name}") for s in chosen)
            )
        return SourceReport(chosen[0], tuple(await self._store.said(workspace, chosen[0].name, since)))

    async def ask(self, workspace: str, text: str) -> Digest | PlaceReport | SourceReport | Question:
        """The answer to a plain question: on an address in it, on a place or a source that it names, or its topic.

        Raises:
            NotFound: nothing that is followed here is about it.
        """
        if url := _URL.search(text):
            return await self.brief(workspace, url.group())
        if (who := _WHO.search(text)) and await self._store.sources(workspace, who["name"], 1):
            return await self.said(workspace, who["name"])
        for name in _names(text):
            if await self._store.mentioned_places(workspace, name, 1):
                return await self.where(workspace, name)
            if await self._store.sources(workspace, name, 1):
                return await self.said(workspace, name)
        return await self.brief(workspace, " ".join(_words(text)) or text)

    async def digest(
        self,
        title: str,
        pairs: Collection[Read],
        since: datetime | None,
        length: Length | None,
        stories: int | None = None,
    ) -> Digest:
        """The stories that the articles tell, weightiest first, at most ``stories``; made off the event loop."""
        return await asyncio.to_thread(
            compose.digest,
            title,
            [article for article, _ in pairs],
            [reading for _, reading in pairs],
            length=length or self._length,
            most=stories or self._stories,
            since=since,
            now=self._clock(),
        )

    async def map(self, briefing: Briefing) -> bytes | None:
        """A picture of the briefing's places, as PNG; None if none of them is located."""
        return await asyncio.to_thread(self._draw, briefing.places)

    def _draw(self, places: Sequence[BriefingPlace]) -> bytes | None:
        located = [place for place in places if place.place is not None]
        if not located:
            return None
        around = self._gazetteer.towns_within(*maps.view(located), limit=_TOWNS)
        return maps.render(located, [town for town in around if town.feature_code != _QUARTER])

    async def on_topic(self, topic: str | None, pairs: Collection[Read], since: datetime | None) -> Digest:
        """The stories of those articles that have every word of the topic; of all of them without one.

        A word of the topic may be the beginning of one in the article, as in a search, but not its middle.
        """
        about = await asyncio.to_thread(_about, _words(topic) if topic else [], pairs)
        return await self.digest(topic or "Digest", about, since, None)

    async def _topic(self, workspace: str, about: str, since: datetime | None, length: Length | None) -> Digest:
        words = _words(about) or [about]
        pairs = await self._store.search(workspace, " ".join(words), since, _ENOUGH)
        if not pairs:
            near = tuple(await self._store.close_sources(workspace, about))
            hint = f"did you mean {' or '.join(near)}?" if near else "try other words, a longer time, or /feeds add"
            raise NotFound(f"Nothing about {about!r} in what is followed here; {hint}", near)
        narrowed = [(article, focus.on_words(reading, article.text, words)) for article, reading in pairs]
        return await self.digest(about, narrowed, since, length)

    async def _known_place(self, workspace: str, name: str) -> Place | Question | None:
        """The place of that name or '#id' that the workspace's articles mention; a question if they mention several."""
        if by_id := _ID.fullmatch(name.strip()):
            return self._gazetteer.place(int(by_id[1]))
        wanted = {c.place.geonameid for c in self._gazetteer.lookup(name)}
        mentioned = await self._store.mentioned_places(workspace, name, _ALL_PLACES)
        named = [p for p in mentioned if p.geonameid in wanted or p.name.casefold() == name.strip().casefold()]
        if len(named) > 1:
            return self._which(name, named)
        return named[0] if named else None

    def _unmentioned(self, name: str) -> Place | Question:
        """A place that no article mentions: the index's likeliest, or the question which."""
        found = sorted(self._gazetteer.lookup(name), key=_prominence)
        if not found:
            near = self._gazetteer.complete(name, 3)
            hint = f"did you mean {', '.join(near)}?" if near else "check the spelling, or name a larger place near it"
            raise NotFound(f"No place called {name!r} is known; {hint}", near)
        first = found[0]
        rivals = [c.place for c in found[1:] if c.match == first.match and self._rivals(c.place, first.place)]
        asked = rivals and first.level is not Level.REGION
        return self._which(name, [first.place, *rivals]) if asked else first.place

    def _rivals(self, place: Place, first: Place) -> bool:
        """Whether the name may as well mean ``place``, which is elsewhere: not the district that the town is in."""
        nested = self._gazetteer.contains(place.geonameid, first.geonameid)
        nested = nested or self._gazetteer.contains(first.geonameid, place.geonameid)
        return not nested and place.population * _FAR_LARGER > first.population

    def _which(self, name: str, places: list[Place]) -> Question:
        choices = tuple(Choice(self._full_name(p), f"/where #{p.geonameid}") for p in places[:_CHOICES])
        return Question(f"{name}: which one?", choices)

    async def _report(self, workspace: str, place: Place, since: datetime | None, length: Length | None) -> PlaceReport:
        mentioned = await self._store.mentioned_places(workspace, "", _ALL_PLACES)
        inside = await asyncio.to_thread(self._inside, place, mentioned)
        pairs = await self._store.articles(workspace, since=since, places=inside, limit=_ENOUGH)
        narrowed = [(article, focus.on_places(reading, inside)) for article, reading in pairs]
        digest = await self.digest(place.name, narrowed, since, length)
        around = tuple(container.name for container in self._gazetteer.containers(place.geonameid))
        return PlaceReport(replace(place, alternatives=()), around, digest)

    def _inside(self, place: Place, mentioned: Collection[Place]) -> list[int]:
        """The place and those of the mentioned ones that it contains."""
        held = [p.geonameid for p in mentioned if self._gazetteer.contains(place.geonameid, p.geonameid)]
        return [place.geonameid, *held]

    def _full_name(self, place: Place) -> str:
        return ", ".join([place.name, *(c.name for c in self._gazetteer.containers(place.geonameid)[:3])])


def _prominence(candidate: Candidate) -> tuple[int, bool, int]:
    """What sorts the records of a name: how they bear it, regions and waters before towns, the largest first."""
    return candidate.match, candidate.level is not Level.REGION, -candidate.place.population


def _described(name: str, role: str | None) -> str:
    return f"{name} ({role})" if role else name


def _about(words: Sequence[str], pairs: Collection[Read]) -> list[Read]:
    """The articles in which each of the words begins a word."""
    wanted = [re.compile(rf"(?<!\w){re.escape(word)}", re.IGNORECASE) for word in words]
    return [(article, reading) for article, reading in pairs if all(w.search(_whole(article)) for w in wanted)]


def _whole(article: Article) -> str:
    return f"{article.title or ''}\n{article.text}"


def _words(text: str) -> list[str]:
    """The words of a question that say what it is about."""
    return [word for word in re.findall(r"\w[\w'’.-]*\w|\w", text) if word.casefold() not in _STOP]


def _names(text: str) -> list[str]:
    """What the question may name: what follows 'in' or 'about', capitalised words, and short text as a whole."""
    found = [match["name"].strip() for match in _WHERE.finditer(text)]
    found += re.findall(r"[^\W\d_a-z][\w'’-]*(?:\s+(?:of\s+|the\s+|for\s+)*[^\W\d_a-z][\w'’-]*)*", text)
    whole = text.strip(" ?!.")
    if len(whole.split()) <= 4:
        found.insert(0, whole)
    return [name for name in dict.fromkeys(found) if name.casefold() not in _STOP]
