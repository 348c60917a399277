"""What people ask: a briefing, a place, a source, or a plain question."""

import asyncio
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.answers import Choice, Coverage, PlaceReport, Question, SourceReport, Voice, Voices
from bot.briefing import compose, focus
from bot.desk import moments, questions
from bot.desk.drawing import MapDrawer
from bot.desk.grouping import StoryDesk
from bot.desk.intake import IntakeDesk
from bot.desk.places import ALL, PlaceFinder
from bot.desk.rewriting import Rewriting
from bot.errors import NotFound
from bot.ports import Clock
from bot.reading.gazetteer import Gazetteer
from bot.store import Store
from bot.store.values import said as cited
from bot.types import Article, Briefing, Digest, Length, Place, Reading, Said

Read = tuple[Article, Reading]
Told = Digest | PlaceReport | SourceReport | Voices | Question

_ENOUGH: Final = 200  # articles that one answer looks at
_CHOICES: Final = 5
_VOICES: Final = 12  # sources that one answer quotes
_LINES: Final = 3  # of each
_CONTAINED: Final = 12  # names of contained places that a report gives
_STEPS: Final = 14  # of a report's coverage
_URL: Final = re.compile(r"https?://\S+", re.IGNORECASE)


class AnswerDesk:
    """Answers from what the asking workspace follows."""

    def __init__(
        self,
        store: Store,
        gazetteer: Gazetteer,
        intake: IntakeDesk,
        clock: Clock,
        *,
        length: Length,
        stories: int,
        rewriting: Rewriting | None = None,
    ) -> None:
        self.places = PlaceFinder(store, gazetteer)
        self.grouping = StoryDesk(store, clock)
        self._store = store
        self._gazetteer = gazetteer
        self._maps = MapDrawer(gazetteer)
        self._intake = intake
        self._clock = clock
        self._length = length
        self._stories = stories
        self._rewriting = rewriting  # None: there is no language model

    async def brief(
        self, workspace: str, about: str | None = None, since: datetime | None = None, length: Length | None = None
    ) -> Digest:
        """The stories on a topic, a place or a page's address, weightiest first; without one, on all since then.

        Raises:
            NotFound: nothing stored is about it; says what to do.
            FetchError, UnreadableInput, UnsupportedLanguage: the page at the address can't be had or read.
        """
        if about is None:
            pairs = await self._store.articles(workspace, since=since, limit=_ENOUGH)
            return await self.digest("Briefing", pairs, since, length, workspace=workspace)
        if _URL.fullmatch(about):
            article = await self._intake.page(workspace, about)
            return await self.given([article.id], workspace, length)
        place = await self.places.mentioned(workspace, about, "/where {}")
        if isinstance(place, Place):
            return (await self._report(workspace, place, since, length)).digest
        return await self._topic(workspace, about, since, length)

    async def given(self, ids: Collection[str], workspace: str, length: Length | None = None) -> Digest:
        """The stories of exactly these articles, none left out. Raises NotFound for an id that isn't stored."""
        pairs = []
        for ident in ids:
            article = await self._store.article(workspace, ident)
            pairs += await self._with_reading(article)
        return await self.digest("Briefing", pairs, None, length, stories=max(1, len(pairs)), workspace=workspace)

    async def where(self, workspace: str, name: str, since: datetime | None = None) -> PlaceReport | Question:
        """What is known about a named location and what it contains; a question where several places bear the name.

        Raises:
            NotFound: no place has that name; ``suggestions`` are the nearest.
        """
        place = await self.places.any(workspace, name, "/where {}")
        return place if isinstance(place, Question) else await self._report(workspace, place, since, None)

    async def said(
        self, workspace: str, name: str, since: datetime | None = None, about: str | None = None
    ) -> SourceReport | Question:
        """What a named source has said, newest first; a question where several sources bear the name.

        Of statements ``about`` something those with its words are left, if there are any.

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
        said = await self._store.said(workspace, chosen[0].name, since)
        return SourceReport(chosen[0], tuple(_on(said, about) or said))

    async def who_said(self, workspace: str, about: str, since: datetime | None = None) -> Voices:
        """Who has said what about a topic, who spoke last first. Raises NotFound: nobody has."""
        topic = questions.words(about) or [about]
        spoken = await self._store.spoken_about(workspace, " ".join(topic), since)
        voices = _voices([(name, said) for name, said in spoken if _on([said], about)] or spoken)
        if not voices:
            raise NotFound(
                f"Nobody is quoted about {about!r} in what is followed here; try other words or a longer time"
            )
        return Voices(about, voices)

    async def ask(self, workspace: str, text: str, where: ZoneInfo) -> Told:
        """The answer to a plain question: on an address in it, on a place or a source that it names, or its topic.

        Days and weeks are meant in the zone ``where``.

        Raises:
            NotFound: nothing that is followed here is about it.
        """
        asked = questions.understand(text)
        since = moments.since(asked.since, self._clock(), where) if asked.since else None
        if asked.url:
            return await self.brief(workspace, asked.url)
        if asked.speaker:
            return await self._spoken_by(workspace, asked.speaker, since, asked)
        if asked.voices:
            return await self.who_said(workspace, asked.voices, since)
        for name in asked.names:
            if await self._store.mentioned_places(workspace, name, 1):
                return await self.where(workspace, name, since)
            if await self._store.sources(workspace, name, 1):
                return await self.said(workspace, name, since)
        return await self._topic_or_place(workspace, " ".join(asked.words) or text, asked.names, since)

    async def _spoken_by(self, workspace: str, name: str, since: datetime | None, asked: questions.Asked) -> Told:
        """What the speaker has said; of one who isn't quoted, what there is about them and what was asked."""
        try:
            return await self.said(workspace, name, since, asked.about)
        except NotFound as unquoted:
            try:
                return await self._topic(workspace, " ".join(asked.words) or name, since, None)
            except NotFound:
                raise unquoted from None

    async def _topic_or_place(self, workspace: str, about: str, names: Sequence[str], since: datetime | None) -> Told:
        """The topic; where nothing is about it, a place that is known all the same."""
        try:
            return await self.brief(workspace, about, since)
        except NotFound:
            for name in names:
                if name[:1].isupper() and self._gazetteer.lookup(name):
                    return await self.where(workspace, name, since)
            raise

    async def pairs(self, workspace: str, ids: Collection[str]) -> list[Read]:
        """Those of the articles that the workspace sees and that have been read, with what was found in them."""
        found = []
        for ident in ids:
            try:
                found += await self._with_reading(await self._store.article(workspace, ident))
            except NotFound:  # forgotten since, or of a feed that is no longer followed
                continue
        return found

    async def _with_reading(self, article: Article) -> list[Read]:
        reading = await self._store.reading(article)
        return [] if reading is None else [(article, reading)]

    async def story(self, workspace: str, pairs: Collection[Read], length: Length | None = None) -> Briefing:
        """The briefing of one story, whose articles these are."""
        wanted = length or self._length
        briefing = await asyncio.to_thread(
            compose.brief, [a for a, _ in pairs], [r for _, r in pairs], length=wanted, now=self._clock()
        )
        if self._rewriting is None:
            return briefing
        one = Digest(briefing.headline, None, self._clock(), (briefing,))
        return (await self._rewriting.digest(workspace, one, pairs, wanted)).briefings[0]

    async def digest(
        self,
        title: str,
        pairs: Collection[Read],
        since: datetime | None,
        length: Length | None,
        stories: int | None = None,
        *,
        workspace: str | None = None,
        followed: Collection[str] = (),
    ) -> Digest:
        """The stories that the articles tell, weightiest first, at most ``stories``; made off the event loop.

        They are those that the ``workspace`` sees, and a language model words them where there is one; None: they are
        found in these articles alone, and it isn't asked. ``followed`` are ids of articles that weigh more.
        """
        told = None
        if workspace is not None:
            told = await self.grouping.told(workspace, [article.id for article, _ in pairs])
        made = await asyncio.to_thread(
            compose.digest,
            title,
            [article for article, _ in pairs],
            [reading for _, reading in pairs],
            length=length or self._length,
            most=stories or self._stories,
            since=since,
            now=self._clock(),
            told=told,
            followed=followed,
        )
        if self._rewriting is None or workspace is None:
            return made
        return await self._rewriting.digest(workspace, made, pairs, length or self._length)

    async def map(self, briefing: Briefing) -> bytes | None:
        """A picture of the briefing's places, as PNG; None if none of them is located."""
        return await self._maps.draw(briefing.places)

    async def on_topic(
        self,
        topic: str | None,
        pairs: Collection[Read],
        since: datetime | None,
        *,
        workspace: str | None = None,
        followed: Collection[str] = (),
    ) -> Digest:
        """The stories of those articles that have every word of the topic; of all of them without one.

        A word of the topic may be the beginning of one in the article, as in a search, but not its middle. Those that
        ``followed`` articles tell come earlier.
        """
        about = await asyncio.to_thread(_about, questions.words(topic) if topic else [], pairs)
        return await self.digest(topic or "Digest", about, since, None, workspace=workspace, followed=followed)

    async def _topic(self, workspace: str, about: str, since: datetime | None, length: Length | None) -> Digest:
        words = questions.words(about) or [about]
        pairs = await self._store.search(workspace, " ".join(words), since, _ENOUGH)
        if not pairs:
            near = tuple(await self._store.close_sources(workspace, about))
            hint = f"did you mean {' or '.join(near)}?" if near else "try other words, a longer time, or /feeds add"
            raise NotFound(f"Nothing about {about!r} in what is followed here; {hint}", near)
        narrowed = [(article, focus.on_words(reading, article.text, words)) for article, reading in pairs]
        made = await self.digest(about, narrowed, since, length, workspace=workspace)
        telling = tuple(one for one in made.briefings if one.points)  # others have the words in passing
        return replace(made, briefings=telling or made.briefings)

    async def _report(self, workspace: str, place: Place, since: datetime | None, length: Length | None) -> PlaceReport:
        mentioned = await self._store.mentioned_places(workspace, "", ALL)
        inside = await asyncio.to_thread(self._inside, place, mentioned)
        ids = [place.geonameid, *(one.geonameid for one in inside)]
        pairs = await self._store.articles(workspace, since=since, places=ids, limit=_ENOUGH)
        narrowed = [(article, focus.on_places(reading, ids)) for article, reading in pairs]
        digest = await self.digest(place.name, narrowed, since, length, workspace=workspace)
        return PlaceReport(
            replace(place, alternatives=()),
            tuple(container.name for container in self._gazetteer.containers(place.geonameid)),
            replace(digest, briefings=tuple(sorted(digest.briefings, key=_newest, reverse=True))),
            tuple(one.name for one in inside[:_CONTAINED]),
            _voices(_spoken(pairs, set(ids))),
            await self._coverage(workspace, ids, since),
        )

    async def _coverage(self, workspace: str, places: Collection[int], since: datetime | None) -> Coverage | None:
        """How many articles there were in each fourteenth of the time, by default of two weeks; None for none."""
        now = self._clock()
        start = since or now - timedelta(days=_STEPS)
        step = (now - start) / _STEPS
        counts = [0] * _STEPS
        for happened in await self._store.happenings(workspace, places, start):
            counts[min(int((happened - start) / step), _STEPS - 1)] += 1
        return Coverage(start, step, tuple(counts)) if any(counts) else None

    def _inside(self, place: Place, mentioned: Collection[Place]) -> list[Place]:
        """Those of the mentioned places that it contains, the largest first."""
        return [p for p in mentioned if self._gazetteer.contains(place.geonameid, p.geonameid)]


def _described(name: str, role: str | None) -> str:
    return f"{name} ({role})" if role else name


def _about(words: Sequence[str], pairs: Collection[Read]) -> list[Read]:
    """The articles in which each of the words begins a word."""
    wanted = [re.compile(rf"(?<!\w){re.escape(word)}", re.IGNORECASE) for word in words]
    return [(article, reading) for article, reading in pairs if all(w.search(_whole(article)) for w in wanted)]


def _whole(article: Article) -> str:
    return f"{article.title or ''}\n{article.text}"


def _newest(briefing: Briefing) -> datetime:
    return max((a.published for a in briefing.articles if a.published), default=briefing.generated)


def _on(said: Sequence[Said], about: str | None) -> list[Said]:
    """The statements in which a word of the topic begins a word."""
    wanted = [re.compile(rf"(?<!\w){re.escape(word)}", re.IGNORECASE) for word in questions.words(about or "")]
    return [line for line in said if any(w.search(line.text) for w in wanted)]


def _spoken(pairs: Collection[Read], places: Collection[int]) -> list[tuple[str, Said]]:
    """(source, statement) of what named sources say in those articles and that names one of the places."""
    return [
        (one.source, cited(article, one))
        for article, reading in pairs
        for one in reading.attributions
        if one.source is not None
        and any(t.place and t.place.geonameid in places and one.span.holds(t.span) for t in reading.toponyms)
    ]


def _voices(spoken: Sequence[tuple[str, Said]]) -> tuple[Voice, ...]:
    """The statements by who said them, in the order of each one's first; some of them."""
    by_name: dict[str, list[Said]] = {}
    for name, said in spoken:
        by_name.setdefault(name, []).append(said)
    return tuple(Voice(name, tuple(said[:_LINES])) for name, said in list(by_name.items())[:_VOICES])
