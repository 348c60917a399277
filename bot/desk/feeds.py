"""Feeds: followed, listed, imported, exported, and polled when their time has come."""

import asyncio
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from bot.answers import FeedNews, Intake
from bot.errors import FeedError, InputError, NotAllowed
from bot.news import feeds, opml
from bot.news.encoding import decode
from bot.news.fetch import Fetched, Fetcher
from bot.news.identity import shown_url
from bot.news.poll import BROKEN, PollResult, failed, look, settle, take
from bot.news.recognise import recognise, trace_of
from bot.news.rhythm import Rhythm
from bot.news.robots import Robots
from bot.ports import Clock
from bot.store import Following, Store, Stored
from bot.types import Feed

log: Final = structlog.get_logger()

CONFIGURED: Final = "the configuration file"  # follows a feed in a person's place

_CROWD: Final = 500  # feeds that wait for their turn or are being polled
_BATCH: Final = 64  # polls that are saved in one transaction
_LINGER: Final = 0.1  # seconds that a poll's result waits for others to be saved with
_PATIENCE: Final = 20.0  # seconds that a round waits for its slowest feeds; they go on, and a later round has them


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list of feeds."""

    added: tuple[Feed, ...] = ()
    known: tuple[Feed, ...] = ()  # were followed already
    refused: tuple[str, ...] = ()  # what was no address


class FeedDesk:
    """Follows feeds for workspaces, and polls them."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        clock: Clock,
        *,
        rhythm: Rhythm | None = None,
        dice: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._clock = clock
        self._robots = Robots(fetcher, clock)
        self._rhythm = rhythm or Rhythm()
        self._dice = dice
        self._busy: dict[str, asyncio.Task[None]] = {}  # polls that are under way, by feed
        self._ended: asyncio.Queue[PollResult] = asyncio.Queue()
        self._round = asyncio.Lock()

    async def close(self) -> None:
        """Gives up the polls that are still under way; their feeds stay due."""
        for task in self._busy.values():
            task.cancel()
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    # --- following

    async def follow(self, workspace: str, url: str, *, person: str | None = None, channel: str | None = None) -> Feed:
        """The feed that the workspace follows from now on: at the address, or named by the page there.

        ``person`` asked for it in ``channel``: that is who is told when it breaks.

        Raises:
            FetchError: nothing could be had from the address.
            FeedError: there is no feed there, and the page names none.
        """
        found = await self._store.feed_at(url) or await self._find_feed(url)
        feed = await self._store.feed_at(found.url) or found
        await self._store.follow_feed(Following(workspace, feed, person, channel))
        return feed

    async def follow_unseen(self, workspace: str, url: str, *, person: str | None = None) -> bool:
        """Whether the feed wasn't followed; what is wrong with it shows at its first poll, as it isn't asked before."""
        feed = await self._store.feed_at(url) or Feed(url)
        return await self._store.follow_feed(Following(workspace, feed, person))

    async def unfollow(self, workspace: str, url: str) -> bool:
        """Whether the workspace followed the feed of that address, given whole or as it is shown; it doesn't now.

        Raises:
            InputError: several feeds are shown so.
            NotAllowed: the configuration has it followed.
        """
        wanted = url.strip()
        followings = await self._store.followings(workspace)
        meant = [one for one in followings if wanted in {one.feed.url, one.feed.location}]
        meant = meant or [one for one in followings if wanted == shown_url(one.feed.url)]
        if len(meant) > 1:
            raise InputError(f"{wanted}: {len(meant)} feeds are shown so; give the whole address of one")
        if meant and meant[0].person == CONFIGURED:
            raise NotAllowed(
                f"{shown_url(wanted)} stands in the configuration file: whoever runs Dateline removes it there"
            )
        return bool(meant) and await self._store.unfollow(workspace, meant[0].feed.url)

    async def feeds(self, workspace: str) -> list[Feed]:
        """The feeds that the workspace follows."""
        return await self._store.feeds(workspace)

    async def followings(self, workspace: str) -> list[Following]:
        """The feeds that the workspace follows, with who asked for them, by folder and title."""
        return await self._store.followings(workspace)

    async def import_list(
        self, workspace: str, given: str, *, person: str | None = None, channel: str | None = None
    ) -> Imported:
        """What became of a list of feeds (OPML), given as text or as the address of one; nothing is polled yet.

        Raises:
            FetchError: nothing could be had from the address.
            FeedError: it is no OPML.
        """
        text = given.strip()
        if text.lower().startswith(("http://", "https://")):
            answer = await self._fetcher.get(text, accept="text/x-opml, text/xml, */*;q=0.5")
            text = decode(answer.body, shown_url(text))
        listed = opml.parse(text)
        added: list[Feed] = []
        known: list[Feed] = []
        for one in listed.feeds:
            feed = await self._store.feed_at(one.url) or Feed(one.url, one.title)
            new = await self._store.follow_feed(Following(workspace, feed, person, channel, one.folder))
            (added if new else known).append(feed)
        return Imported(tuple(added), tuple(known), listed.refused)

    async def export_list(self, workspace: str) -> str:
        """What the workspace follows, as OPML, in its folders."""
        lines = (
            opml.Listed(one.feed.location or one.feed.url, one.feed.title, one.folder)
            for one in await self._store.followings(workspace)
        )
        return opml.write(list(lines), "Feeds followed in Dateline", self._clock())

    async def _find_feed(self, url: str) -> Feed:
        answer = await self._fetcher.get(url)
        try:
            return await _as_feed(answer)
        except FeedError as no_feed:
            named = await asyncio.to_thread(_named_feeds, answer)
            if not named:
                message = f"{shown_url(url)}: no feed there, and the page names none; give the feed's own address"
                raise FeedError(message) from no_feed
        return await _as_feed(await self._fetcher.get(named[0]))

    # --- polling

    async def poll(self) -> Intake:
        """Polls the feeds whose time has come, and keeps what they have; what is new isn't read yet.

        One that fails says so in the store and holds no other up; slow ones are left to a later round. The answer's
        ``feeds`` are what people have to be told of feeds: ``told`` has to be called for each when they have been.
        """
        async with self._round:
            taken = await self._poll_due()
            news = [_feed_news(one) for one in await self._store.feed_news(BROKEN)]
        return Intake(taken.new, taken.changed, taken.known, taken.failures, tuple(news))

    async def told(self, news: FeedNews) -> None:
        """Notes that whoever asked for the feed knows of its state, so that it isn't told again."""
        await self._store.feed_news_told(Following(news.workspace, Feed(news.url)), news.state)

    async def _poll_due(self) -> Intake:
        kept: list[Intake] = []
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        more = await self._start_due()
        while self._busy and (results := await self._next_results(deadline)):
            kept.append(await self._save(results))
            if more:
                more = await self._start_due()
        return _together(kept)

    async def _start_due(self) -> bool:
        """Begins to poll what is due, and says whether there may be more."""
        room = _CROWD - len(self._busy)
        due = await self._store.due_feeds(self._clock(), room, but=self._busy.keys()) if room > 0 else []
        for feed in due:
            self._busy[feed.url] = asyncio.create_task(self._one(feed))
        return len(due) >= room

    async def _next_results(self, deadline: float) -> list[PollResult]:
        """The results that are there, waiting a moment for others to be saved with them; none by the deadline: none."""
        try:
            async with asyncio.timeout_at(deadline):
                results = [await self._ended.get()]
        except TimeoutError:
            return []
        if self._ended.qsize() + 1 < min(_BATCH, len(self._busy)):
            await asyncio.sleep(_LINGER)
        while len(results) < _BATCH and not self._ended.empty():
            results.append(self._ended.get_nowait())
        return results

    async def _one(self, feed: Feed) -> None:
        try:
            result = await self._poll(feed)
        except Exception as fault:
            log.exception("polling a feed failed in a way that was not expected", feed=shown_url(feed.url))
            result = failed(feed, f"{type(fault).__name__}: {fault}", self._rhythm, self._clock(), self._dice())
        self._ended.put_nowait(result)

    async def _poll(self, feed: Feed) -> PollResult:
        now = self._clock()
        seen = await look(feed, self._fetcher, now)
        if seen.entries is None:
            return settle(seen, self._rhythm, now, self._dice())
        traces = [trace_of(entry) for entry in seen.entries]
        known = await self._store.traces(feed.url, traces) if feed.polled else []
        found = recognise(seen.entries, traces, known)
        return await take(seen, found, self._fetcher, self._robots, self._rhythm, now, self._dice())

    async def _save(self, results: Sequence[PollResult]) -> Intake:
        try:
            states = await self._save_or_part(results)
        finally:  # what could not be saved is due still
            for result in results:
                del self._busy[result.feed.url]
        return _together(_intake(result, kept) for result, kept in zip(results, states, strict=True))

    async def _save_or_part(self, results: Sequence[PollResult]) -> list[list[tuple[str, Stored]]]:
        """What became of each poll's articles; one that can't be saved as it is counts as a failure of its feed."""
        try:
            return await self._store.save_polls(results)
        except Exception as fault:
            if len(results) > 1:
                return [state for result in results for state in await self._save_or_part([result])]
            url = results[0].feed.url
            log.exception("what a poll found can't be kept", feed=shown_url(url))
            why = (
                f"what it has can't be kept ({type(fault).__name__})"  # no more: a database names all that it was given
            )
            before = await self._store.feed_at(url) or Feed(url)
            return await self._store.save_polls([failed(before, why, self._rhythm, self._clock(), self._dice())])


def _intake(result: PollResult, kept: Sequence[tuple[str, Stored]]) -> Intake:
    name = shown_url(result.feed.url)
    new, changed, known = (
        tuple(ident for ident, state in kept if state == wanted) for wanted in ("new", "changed", "known")
    )
    if result.error is not None:
        log.warning("feed failed", feed=name, error=str(result.error), failures=result.feed.failures)
    problems = [*result.problems, *([result.error] if result.error else [])]
    return Intake(new, changed, known, tuple((name, str(problem)) for problem in problems))


def _feed_news(following: Following) -> FeedNews:
    feed = following.feed
    name = f"{feed.title} ({shown_url(feed.url)})" if feed.title else shown_url(feed.url)
    if feed.gone:
        state, text = "gone", f"The feed {name} is gone for good, its server says. It isn't asked any more."
    elif feed.failures:
        state = "broken"
        text = f"The feed {name} has failed {feed.failures} times in a row: {feed.error}. It is tried again."
    else:
        state, text = "works", f"The feed {name} works again."
    person = None if following.person == CONFIGURED else following.person
    return FeedNews(following.workspace, person, following.channel, feed.url, state, text)


async def _as_feed(answer: Fetched) -> Feed:
    parsed = await asyncio.to_thread(feeds.parse, answer.body, answer.url, answer.content_type)
    return Feed(answer.url, parsed.title)


def _named_feeds(answer: Fetched) -> tuple[str, ...]:
    return feeds.discover(decode(answer.body, shown_url(answer.url)), answer.url)


def _together(parts: Iterable[Intake]) -> Intake:
    whole = list(parts)
    return Intake(
        tuple(ident for part in whole for ident in part.new),
        tuple(ident for part in whole for ident in part.changed),
        tuple(ident for part in whole for ident in part.known),
        tuple(failure for part in whole for failure in part.failures),
    )
