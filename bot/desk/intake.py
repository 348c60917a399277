"""What comes in: files, folders, pages, feeds and pasted text; stored, then read."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog

from bot.answers import Intake
from bot.errors import FeedError, InputError
from bot.news import feeds, files, pages
from bot.news.encoding import decode
from bot.news.fetch import Fetched, Fetcher
from bot.news.identity import shown_url
from bot.news.poll import poll
from bot.ports import Clock, Progress, Reader
from bot.store import Store, by_hand
from bot.types import Article, Feed

log: Final = structlog.get_logger()

_BATCH: Final = 64  # articles read before the store is asked for more
_ABREAST: Final = 20  # feeds polled at the same time


def _nothing(_done: int, _all: int) -> None:
    """Progress that nobody watches."""


class IntakeDesk:
    """Takes articles in for workspaces, and has them read."""

    def __init__(self, store: Store, reader: Reader, fetcher: Fetcher, clock: Clock) -> None:
        self._store = store
        self._reader = reader
        self._fetcher = fetcher
        self._clock = clock
        self._reading = asyncio.Lock()

    async def add(self, workspace: str, articles: Sequence[Article]) -> Intake:
        """What became of articles that a person gave: stored for the workspace alone, and read.

        One that can't be read is in the failures, and leaves nothing in the store.
        """
        failures = []
        origin = by_hand(workspace)
        kept = Intake()
        for article in articles:
            try:
                reading = await self._store.reading(article) or await self._reader.read(article)
            except InputError as error:
                failures.append((article.url or article.title or article.id, str(error)))
                continue
            await self._store.follow(workspace, origin)
            kept = await self._put(kept, article, origin)
            await self._store.add_reading(article, reading)
        return Intake(kept.new, kept.changed, kept.known, tuple(failures))

    async def page(self, workspace: str, url: str) -> Article:
        """The article at the address, fetched, stored for the workspace and read.

        Raises:
            FetchError, UnreadableInput, UnsupportedLanguage: there is none, or none that can be read.
        """
        article = await pages.load(url, self._fetcher)
        reading = await self._store.reading(article) or await self._reader.read(article)
        origin = by_hand(workspace)
        await self._store.follow(workspace, origin)
        await self._store.add_article(article, origin)
        await self._store.add_reading(article, reading)
        return article

    async def folder(self, workspace: str, path: Path) -> Intake:
        """What became of the articles in the folder; they are stored, not yet read.

        Raises:
            UnreadableInput: there is no such folder.
        """
        articles, unreadable = await asyncio.to_thread(files.scan, path)
        origin = str(path)
        await self._store.follow(workspace, origin)
        kept = Intake(failures=tuple((str(file), str(error)) for file, error in unreadable))
        for article in articles:
            kept = await self._put(kept, article, origin)
        return kept

    async def read(self, progress: Progress = _nothing) -> Intake:
        """Reads everything stored that hasn't been read; a failure is noted in the store and isn't tried again."""
        async with self._reading:
            failures: list[tuple[str, str]] = []
            done = 0
            while waiting := await self._store.unread(_BATCH):
                total = done + len(waiting)
                for ended in asyncio.as_completed([self._read(article) for article in waiting]):
                    failures += await ended
                    done += 1
                    progress(done, total)
            return Intake(failures=tuple(failures))

    async def follow(self, workspace: str, url: str) -> Feed:
        """The feed that the workspace follows from now on: at the address, or named by the page there.

        Raises:
            FetchError: nothing could be had from the address.
            FeedError: there is no feed there, and the page names none.
        """
        feed = await self._find_feed(url)
        await self._store.add_feed(feed)
        await self._store.follow(workspace, feed.url)
        return feed

    async def follow_unseen(self, workspace: str, url: str) -> None:
        """Follows the feed at the address without asking it first; what is wrong with it shows at its first poll."""
        await self._store.add_feed(Feed(url))
        await self._store.follow(workspace, url)

    async def unfollow(self, workspace: str, url: str) -> bool:
        """Whether the workspace followed the feed; it doesn't from now on."""
        return await self._store.unfollow(workspace, url)

    async def feeds(self, workspace: str) -> list[Feed]:
        """The feeds that the workspace follows."""
        return await self._store.feeds(workspace)

    async def poll(self, every: timedelta) -> Intake:
        """Polls the feeds whose time has come. One that fails says so in the store and holds no other up."""
        room = asyncio.Semaphore(_ABREAST)

        async def one(feed: Feed) -> Intake:
            async with room:
                return await self._poll(feed)

        due = await self._store.due_feeds(self._clock(), every)
        ended = await asyncio.gather(*(one(feed) for feed in due), return_exceptions=True)
        if faults := [fault for fault in ended if isinstance(fault, BaseException)]:
            raise BaseExceptionGroup("polling failed in a way that was not expected", faults)
        return _together(taken for taken in ended if isinstance(taken, Intake))

    async def _poll(self, feed: Feed) -> Intake:
        known = await self._store.known_entries(feed.url)
        result = await poll(feed, self._fetcher, self._clock(), known=known)
        kept = Intake(failures=tuple((shown_url(feed.url), str(problem)) for problem in result.problems))
        for article in result.articles:
            kept = await self._put(kept, article, feed.url)
        await self._store.save_poll(result.feed, [entry.id for entry in result.entries])
        if result.error is not None:
            log.warning("feed failed", feed=shown_url(feed.url), error=str(result.error), failures=result.feed.failures)
            return Intake(failures=((shown_url(feed.url), str(result.error)),))
        return kept

    async def _put(self, kept: Intake, article: Article, origin: str) -> Intake:
        state = await self._store.add_article(article, origin)
        new, changed, known = (
            (*ids, article.id) if state == name else ids
            for name, ids in (("new", kept.new), ("changed", kept.changed), ("known", kept.known))
        )
        return Intake(new, changed, known, kept.failures)

    async def _read(self, article: Article) -> list[tuple[str, str]]:
        try:
            reading = await self._reader.read(article)
        except InputError as error:
            log.warning("article can't be read", article=article.id, error=str(error))
            return await self._unreadable(article, str(error))
        except Exception as error:
            log.exception("reading an article failed in a way that was not expected", article=article.id)
            return await self._unreadable(article, f"{type(error).__name__}: {error}")
        await self._store.add_reading(article, reading)
        return []

    async def _unreadable(self, article: Article, why: str) -> list[tuple[str, str]]:
        await self._store.cannot_read(article, why)
        return [(article.url or article.title or article.id, why)]

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


async def _as_feed(answer: Fetched) -> Feed:
    parsed = await asyncio.to_thread(feeds.parse, answer.body, answer.url, answer.content_type)
    return Feed(answer.url, parsed.title)


def _named_feeds(answer: Fetched) -> tuple[str, ...]:
    return feeds.discover(decode(answer.body, shown_url(answer.url)), answer.url)


def _together(parts: Iterable[Intake]) -> Intake:
    whole = list(parts)
    return Intake(
        sum((p.new for p in whole), ()),
        sum((p.changed for p in whole), ()),
        sum((p.known for p in whole), ()),
        sum((p.failures for p in whole), ()),
    )
