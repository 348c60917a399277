"""Watches: every new story that touches a place, a source or words is posted as soon as it is read, once."""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from bot.answers import Question
from bot.delivery import Outbox
from bot.desk.answers import AnswerDesk, Read
from bot.desk.matching import Touched, is_quiet
from bot.desk.wordfilter import parse
from bot.errors import InputError, NotFound
from bot.ports import Clock
from bot.schedule import zone
from bot.store import Hit, Store
from bot.types import Channel, Digest, Place, Quiet, Story, Watch, WatchKind

log: Final = structlog.get_logger()

KEY: Final = "watch/"  # what the keys of watches' posts begin with
MEMORY: Final = timedelta(days=4)  # for which a story goes on: what comes to it in that time is no new story
BITE: Final = 200  # arrivals that are looked at in one go


@dataclass(frozen=True, slots=True)
class Alert:
    """A new story for a channel, with the hits that it settles."""

    articles: tuple[str, ...]
    hits: tuple[Hit, ...]


class WatchDesk:
    """Keeps watches, looks at what is new, and posts it."""

    def __init__(self, store: Store, answers: AnswerDesk, outbox: Outbox, clock: Clock, *, hourly: int) -> None:
        self._store = store
        self._answers = answers
        self._places = answers.places
        self._outbox = outbox
        self._clock = clock
        self._hourly = hourly
        self._at_work = asyncio.Lock()

    async def add(
        self,
        channel: Channel,
        about: str,
        *,
        kind: WatchKind | None = None,
        quiet: Quiet | None = None,
        person: str | None = None,
        command: str = "/watch add {}",
    ) -> Watch | Question:
        """The watch of the channel from now on; a question where several places bear the name.

        Without a kind it is a place if one is called so, else a source that is quoted, else the words. ``command``
        makes the choices of the question.

        Raises:
            NotFound: no such place, or nobody so called is quoted.
            InputError: the words can't be looked for, or it is watched already.
        """
        if quiet is not None:
            zone(quiet.zone)
        found = await self._target(channel.tenant, about.strip(), kind, command)
        if isinstance(found, Question):
            return found
        what, target, label = found
        held = [one for one in await self.of(channel) if (one.kind, one.target) == (what, target)]
        if held:
            raise InputError(f"{label} is watched here already: watch {held[0].id}")
        ident = f"w{secrets.token_hex(3)}"
        made = Watch(ident, channel.key, channel.tenant, what, target, label, quiet, person, self._clock())
        await self._store.add_watch(made)
        return made

    async def of(self, channel: Channel) -> list[Watch]:
        """The watches of the channel, in the order in which they were made."""
        return await self._store.watches(channel.tenant, channel.key)

    async def all(self, workspace: str) -> list[Watch]:
        """The watches of every channel of the workspace."""
        return await self._store.watches(workspace)

    async def remove(self, channel: Channel, ident: str) -> None:
        """Ends the watch. Raises NotFound."""
        await self._store.remove_watch(channel.tenant, ident)

    async def pause(self, channel: Channel, ident: str) -> None:
        """Keeps the watch from posting until it is resumed. Raises NotFound."""
        await self._store.pause_watch(channel.tenant, ident)

    async def resume(self, channel: Channel, ident: str) -> None:
        """Lets the watch post again, with what is new from now on. Raises NotFound."""
        await self._store.resume_watch(channel.tenant, ident)

    async def run(self) -> None:
        """Looks at what has been read since the last time, and posts the stories that it makes."""
        async with self._at_work:
            await self._look()
            for key, hits in (await self._store.untold()).items():
                channel = Channel.of(key)
                if self._outbox.reaches(channel):
                    await self._tell(channel, hits)

    # --- what is asked for

    async def _target(
        self, workspace: str, about: str, kind: WatchKind | None, command: str
    ) -> tuple[WatchKind, str, str] | Question:
        if kind is WatchKind.WORDS or (kind is None and _is_filter(about)):
            parse(about)
            return WatchKind.WORDS, about, about
        if kind is not WatchKind.SOURCE and (place := await self._place(workspace, about, kind, command)):
            if isinstance(place, Question):
                return place
            return WatchKind.PLACE, str(place.geonameid), self._places.full_name(place)
        if kind is not WatchKind.PLACE and (source := await self._source(workspace, about)):
            return WatchKind.SOURCE, source, source
        if kind is WatchKind.SOURCE:
            raise NotFound(f"Nobody called {about!r} is quoted in what is followed here; as:words watches the words")
        parse(about)
        return WatchKind.WORDS, about, about

    async def _place(self, workspace: str, about: str, kind: WatchKind | None, command: str) -> Place | Question | None:
        if kind is WatchKind.PLACE or about.startswith("#"):
            return await self._places.any(workspace, about, command)
        return await self._places.mentioned(workspace, about, command) or await self._famous(workspace, about, command)

    async def _famous(self, workspace: str, about: str, command: str) -> Place | Question | None:
        """A place that nothing read so far mentions, unless somebody is called so."""
        if not about[:1].isupper() or await self._source(workspace, about):
            return None
        try:
            return await self._places.any(workspace, about, command)
        except NotFound:
            return None

    async def _source(self, workspace: str, about: str) -> str | None:
        found = await self._store.sources(workspace, about, 2)
        exact = [s.name for s in found if about.casefold() in {name.casefold() for name in (s.name, *s.aliases)}]
        return exact[0] if exact else None

    # --- what is new

    async def _look(self) -> None:
        """Notes the hits of each watch among what has arrived since it last looked."""
        last = await self._store.last_arrival()
        behind: dict[tuple[str, int], list[Watch]] = defaultdict(list)
        for watch in await self._store.watches():
            if not watch.paused and watch.arrival < last:
                behind[watch.workspace, watch.arrival].append(watch)
        for (workspace, arrival), watches in behind.items():
            await self._look_on(workspace, arrival, watches)

    async def _look_on(self, workspace: str, arrival: int, watches: Sequence[Watch]) -> None:
        while True:
            pairs, covered = await self._store.arrivals(workspace, arrival, BITE)
            found = await asyncio.to_thread(self._hits, pairs, watches)
            await self._store.look([watch.id for watch in watches], covered, found)
            if len(pairs) < BITE:
                return
            arrival = covered

    def _hits(self, pairs: Collection[Read], watches: Sequence[Watch]) -> list[Hit]:
        found = []
        for article, reading in pairs:
            touched = Touched(article, reading, self._places.gazetteer)
            found += [Hit(watch.id, article.id) for watch in watches if touched.by(watch)]
        return found

    # --- what is posted

    async def _tell(self, channel: Channel, hits: Sequence[Hit]) -> None:
        now = self._clock()
        watches = {watch.id: watch for watch in await self.of(channel)}
        awake = [hit for hit in hits if hit.watch in watches and not is_quiet(watches[hit.watch].quiet, now)]
        room = self._hourly - await self._store.posted(channel.key, KEY, now - timedelta(hours=1))
        if not awake or room <= 0:
            return
        told = set(await self._store.told(channel.key, now - MEMORY))
        pairs = await self._answers.pairs(channel.tenant, {hit.article for hit in awake} | told)
        ids = [article.id for article, _ in pairs]
        alerts, known = _alerts(awake, told, await self._answers.grouping.told(channel.tenant, ids))
        await self._store.intend(telling=known)
        for bundle in _bundles(alerts, room):
            touched = {hit.watch for alert in bundle for hit in alert.hits}
            await self._post(channel, bundle, [watch for watch in watches.values() if watch.id in touched], pairs)
        await self._outbox.send(channel)

    async def _post(
        self, channel: Channel, bundle: Sequence[Alert], watches: Sequence[Watch], pairs: Collection[Read]
    ) -> None:
        by_id = {article.id: (article, reading) for article, reading in pairs}
        made = [await self._answers.story(channel.tenant, [by_id[one] for one in alert.articles]) for alert in bundle]
        labels = " · ".join(watch.label for watch in watches)
        digest = Digest(f"Watch: {labels}", None, self._clock(), tuple(made))
        owner = watches[0].id
        parts = self._outbox.parts(f"{KEY}{owner}/{bundle[0].hits[0].article}", channel, digest, owner)
        await self._store.intend(*parts, telling=[hit for alert in bundle for hit in alert.hits])


def _is_filter(about: str) -> bool:
    return any(sign in about for sign in '"()*') or bool({"AND", "OR", "NOT"} & set(about.split()))


def _alerts(hits: Sequence[Hit], told: set[str], stories: Sequence[Story]) -> tuple[list[Alert], list[Hit]]:
    """The new stories among the hits, in the order of being found, and the hits that are no new story.

    An article that has gone since, or that goes on with a story which was told of, is none.
    """
    of_story = {one: story for story in stories for one in story.articles}
    new: dict[str, list[Hit]] = {}
    known = []
    for hit in hits:
        story = of_story.get(hit.article)
        if story is None or told & set(story.articles):
            known.append(hit)
        else:
            new.setdefault(story.id, []).append(hit)
    chosen = {story.id: story for story in of_story.values()}
    return [Alert(chosen[ident].articles, tuple(mine)) for ident, mine in new.items()], known


def _bundles(alerts: Sequence[Alert], room: int) -> list[Sequence[Alert]]:
    """The alerts in as many posts as there is room for: one each, and all that is over in the last."""
    if len(alerts) <= room:
        return [[alert] for alert in alerts]
    return [*([alert] for alert in alerts[: room - 1]), alerts[room - 1 :]]
