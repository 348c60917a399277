"""What comes in: files, folders, pages, feeds and pasted text; stored, then read."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from bot.answers import Intake
from bot.desk.feeds import CONFIGURED, FeedDesk
from bot.errors import InputError
from bot.news import pages
from bot.news.fetch import Fetcher
from bot.news.files import MAX_BYTES
from bot.news.folders import changes
from bot.news.rhythm import Rhythm
from bot.ports import Clock, Progress, Reader
from bot.store import Store, by_hand
from bot.types import Article

log: Final = structlog.get_logger()

_BATCH: Final = 64  # articles read before the store is asked for more


@dataclass(frozen=True, slots=True)
class Configured:
    """What a configuration file says is to be followed."""

    feeds: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()


def _nothing(_done: int, _all: int) -> None:
    """Progress that nobody watches."""


class IntakeDesk(FeedDesk):
    """Takes articles in for workspaces, and has them read."""

    def __init__(
        self,
        store: Store,
        reader: Reader,
        fetcher: Fetcher,
        clock: Clock,
        *,
        rhythm: Rhythm | None = None,
        largest: int = MAX_BYTES,
        shared: Configured = Configured(),
    ) -> None:
        super().__init__(store, fetcher, clock, rhythm=rhythm)
        self._reader = reader
        self._largest = largest  # bytes of a file
        self._shared = shared
        self._reading = asyncio.Lock()

    async def welcome(self, workspace: str) -> None:
        """Has the workspace follow what the configuration shares with all, and nothing that it once shared."""
        await self.follow_configured(workspace, self._shared)

    async def follow_configured(self, workspace: str, wanted: Configured) -> None:
        """Has the workspace follow these, and no others of a configuration.

        Feeds aren't asked first: one that is down now may be up later.
        """
        for folder in wanted.folders:
            await self._store.follow(workspace, str(folder))
        for url in wanted.feeds:
            await self.follow_unseen(workspace, url, person=CONFIGURED)
        for one in await self.followings(workspace):
            if one.person == CONFIGURED and not {one.feed.url, one.feed.location} & set(wanted.feeds):
                await self._store.unfollow(workspace, one.feed.url)
        for origin in await self._store.origins(workspace):
            if Path(origin).is_absolute() and Path(origin) not in wanted.folders:
                await self._store.unfollow(workspace, origin)

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
            FetchError, UnreadableInput, UnsupportedLanguage: there is none, or none that can be read; a site that wants
                no programs is obeyed for a person's own link too, and of a stub behind a paywall that is said.
        """
        article = await pages.load(url, self._fetcher, self._robots)
        reading = await self._store.reading(article) or await self._reader.read(article)
        origin = by_hand(workspace)
        await self._store.follow(workspace, origin)
        await self._store.add_article(article, origin)
        await self._store.add_reading(article, reading)
        return article

    async def folder(self, workspace: str, path: Path) -> Intake:
        """What has become of the articles in the folder since it was last looked through; they aren't yet read.

        A file that has changed changes its article, and one that is gone takes its article with it.

        Raises:
            UnreadableInput: there is no such folder.
        """
        origin = str(path)
        known = await self._store.seen_files(origin)
        found = await asyncio.to_thread(changes, path, known, limit=self._largest)
        await self._store.follow(workspace, origin)
        states = await self._store.save_files(origin, found) if found.seen or found.gone else []
        new, changed, same = (
            tuple(ident for ident, state in states if state == wanted) for wanted in ("new", "changed", "known")
        )
        return Intake(new, changed, same, tuple((str(file), str(error)) for file, error in found.failures))

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
