"""The one place that wires Dateline together."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

import structlog
from filelock import FileLock, Timeout
from rich.console import Console

from adapters.console import CHANNEL, ConsoleChat
from bot.config import DAYS, Config, DigestConfig
from bot.delivery import Outbox
from bot.desk import AnswerDesk, Desk, DigestDesk, IntakeDesk
from bot.errors import DatelineError, StoreError
from bot.news.fetch import Fetcher, FetchSettings
from bot.ports import Clock, Poster, Progress, Reader
from bot.reading.gazetteer import Gazetteer, open_gazetteer
from bot.reading.pool import PoolReader, ThreadReader
from bot.reading.read import VERSION
from bot.schedule import Schedule
from bot.store import Store
from bot.types import Digest, Subscription

log: Final = structlog.get_logger()

_CONFIGURED: Final = "config-"  # ids of digests that the configuration file schedules begin so
_OUTBOX_EVERY: Final = timedelta(seconds=5)


def utc_now() -> datetime:
    """The real clock; only the edges of the program read it."""
    return datetime.now(UTC)


@dataclass(slots=True)
class App:
    """Dateline, put together."""

    config: Config
    store: Store
    desk: Desk
    outbox: Outbox
    posters: dict[str, Poster]
    clock: Clock

    def console(self, console: Console) -> ConsoleChat:
        """The console as a chat platform; the outbox posts to it from now on."""
        chat = ConsoleChat(console, self.desk, self.config.cache / "maps")
        self.posters[chat.platform] = chat
        return chat


@contextmanager
def alone(store: Path) -> Iterator[None]:
    """Keeps other services off the store: two would send each other's posts.

    Raises:
        StoreError: another one has it.
    """
    lock = FileLock(f"{store}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StoreError(
            f"{store}: another `dateline run` is at work on it; stop that one, or name another store"
        ) from error
    try:
        yield
    finally:
        lock.release()


@asynccontextmanager
async def open_app(
    config: Config, *, workers: int = 0, progress: Progress | None = None, clock: Clock = utc_now
) -> AsyncIterator[App]:
    """Everything wired: with ``workers`` reading processes, or none: reading in a thread, for a command or two.

    ``progress`` hears of the place index while it is built.

    Raises:
        StoreError, GazetteerError, ModelError: something that is needed can't be opened.
    """
    async with AsyncExitStack() as stack:
        # The index first: it takes a while once, and a store is opened only when all else is there.
        gazetteer = await asyncio.to_thread(open_gazetteer, config.cache, progress)
        store = await stack.enter_async_context(await Store.open(config.store, clock=clock, reader=VERSION))
        fetcher = await stack.enter_async_context(Fetcher(_fetch_settings(config)))
        reader: Reader = ThreadReader(gazetteer)
        if workers:
            reader = await stack.enter_async_context(PoolReader(config.cache, workers))
        posters: dict[str, Poster] = {}
        outbox = Outbox(store, posters, clock)
        desk = _desk(config, store, reader, fetcher, gazetteer, outbox, clock)
        yield App(config, store, desk, outbox, posters, clock)


def _desk(
    config: Config, store: Store, reader: Reader, fetcher: Fetcher, gazetteer: Gazetteer, outbox: Outbox, clock: Clock
) -> Desk:
    intake = IntakeDesk(store, reader, fetcher, clock)
    length, stories = config.briefing.length, config.briefing.stories
    answers = AnswerDesk(store, gazetteer, intake, clock, length=length, stories=stories)
    digests = DigestDesk(store, answers, outbox, clock)
    return Desk(intake, answers, digests, clock, config.zone, config.briefing.hours)


def _fetch_settings(config: Config) -> FetchSettings:
    fetch = config.fetch
    return FetchSettings(
        allow=fetch.allow_hosts,
        total_timeout=fetch.timeout,
        max_bytes=fetch.max_bytes,
        proxy=fetch.proxy,
        contact=fetch.contact,
    )


# --- the service: what `dateline run` does


async def serve(app: App, chat: ConsoleChat | None, *, talk: bool) -> None:
    """Polls, reads and posts on time until cancelled, or until the person at the prompt quits."""
    await _follow_configured(app)
    schedule = Schedule(app.desk.digests.post, app.clock)
    app.desk.digests.on_change = lambda made, ident: schedule.plan(made) if made else schedule.drop(ident)
    await _configure_digests(app)
    schedule.every("take in", timedelta(seconds=app.config.reading.every), lambda: take_in(app))
    schedule.every("outbox", _OUTBOX_EVERY, lambda: _send(app))
    schedule.start(await app.desk.digests.all())
    log.info("running", feeds=len(app.config.feeds), folders=len(app.config.folders), store=str(app.config.store))
    try:
        if chat and talk:
            await chat.converse()
        else:
            await asyncio.Event().wait()
    finally:
        schedule.stop()


async def take_in(app: App) -> None:
    """One round: folders looked through, feeds polled, and all that is new read."""
    for folder in app.config.folders:
        try:
            taken = await app.desk.intake.folder(CHANNEL.tenant, folder)
        except DatelineError as error:
            log.warning("folder can't be read", folder=str(folder), error=str(error))
            continue
        for what, why in taken.failures:
            log.warning("file can't be read", file=what, error=why)
    polled = await app.desk.intake.poll(timedelta(minutes=15))
    await app.desk.intake.read()
    log.info("taken in", new=len(polled.new), changed=len(polled.changed), failures=len(polled.failures))


async def demo(app: App, chat: ConsoleChat, seeds: Path, progress: Progress, *, talk: bool) -> None:
    """Reads the sample articles, posts a digest of them to the console, and takes questions on a terminal."""
    await app.desk.intake.folder(CHANNEL.tenant, seeds)
    await app.desk.intake.read(progress)
    pairs = await app.store.articles(CHANNEL.tenant)
    digest: Digest = await app.desk.answers.digest("Digest of the sample articles", pairs, None, None)
    await app.desk.digests.now(CHANNEL, f"demo/{app.clock().isoformat()}/0", digest)
    if talk:
        await chat.converse()


async def _send(app: App) -> None:
    await app.outbox.run_once()


async def _follow_configured(app: App) -> None:
    """Feeds of the configuration are followed without asking them first: one that is down now may be up later."""
    known = {feed.url for feed in await app.desk.intake.feeds(CHANNEL.tenant)}
    for url in app.config.feeds:
        if url not in known:
            await app.desk.intake.follow_unseen(CHANNEL.tenant, url)


async def _configure_digests(app: App) -> None:
    """Makes the store's configured digests those of the file: added, changed or removed."""
    wanted = {f"{_CONFIGURED}{number}": entry for number, entry in enumerate(app.config.digests, 1)}
    for held in await app.desk.digests.of(CHANNEL):
        if not held.id.startswith(_CONFIGURED):
            continue
        if held.id in wanted and _asked(held) == _wished(wanted[held.id], app.config):
            del wanted[held.id]
        else:
            await app.desk.digests.remove(CHANNEL, held.id)
    for ident, entry in wanted.items():
        at, zone, days, topic = _wished(entry, app.config)
        await app.desk.digests.add(CHANNEL, at, zone, days=days, topic=topic, ident=ident)


def _asked(held: Subscription) -> tuple[time, str, tuple[int, ...], str | None]:
    return held.at, held.zone, held.days, held.topic


def _wished(entry: DigestConfig, config: Config) -> tuple[time, str, tuple[int, ...], str | None]:
    days = tuple(DAYS.index(day) for day in entry.days)
    return time.fromisoformat(entry.at), entry.zone or config.zone, days, entry.topic
