"""The one place that wires Dateline together."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

import structlog
from filelock import FileLock, Timeout
from rich.console import Console

from adapters.console import CHANNEL, ConsoleChat
from bot.config import DAYS, Config, DigestConfig, LlmConfig
from bot.delivery import Outbox
from bot.desk import (
    AnswerDesk,
    ChoiceDesk,
    CompletionDesk,
    CorrectionDesk,
    Desk,
    DigestDesk,
    IntakeDesk,
    ShownDesk,
    StatusDesk,
    TellDesk,
    WatchDesk,
)
from bot.desk.intake import Configured
from bot.desk.rewriting import Bounds, Rewriting
from bot.errors import ConfigError, DatelineError, StoreError
from bot.news.fetch import Fetcher, FetchSettings
from bot.news.rhythm import Rhythm
from bot.ports import Clock, Poster, Progress, Reader, Teller
from bot.reading.gazetteer import Gazetteer, open_gazetteer
from bot.reading.pool import PoolReader, ThreadReader
from bot.reading.read import VERSION
from bot.schedule import Schedule
from bot.store import Cost, Store
from bot.types import Channel, Digest, Subscription

log: Final = structlog.get_logger()

_CONFIGURED: Final = "config-"  # ids of digests that the configuration file schedules begin so
_OUTBOX_EVERY: Final = timedelta(seconds=5)
_WATCHES_EVERY: Final = timedelta(seconds=10)  # a new story is posted within a minute of being read
_CORRECTIONS_EVERY: Final = timedelta(minutes=1)
_FORGETTING_EVERY: Final = timedelta(hours=6)


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
    tellers: dict[str, Teller]
    clock: Clock

    def console(self, console: Console) -> ConsoleChat:
        """The console as a chat platform; the outbox posts to it from now on."""
        chat = ConsoleChat(console, self.desk, self.config.cache / "maps")
        self.posters[chat.platform] = chat
        self.tellers[chat.platform] = chat
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
        tellers: dict[str, Teller] = {}
        outbox = Outbox(store, posters, clock)
        writing = await stack.enter_async_context(_writing(config.llm, store, clock))
        desk = _desk(config, store, reader, fetcher, gazetteer, outbox, tellers, clock, writing)
        stack.push_async_callback(desk.intake.close)
        outbox.on_closed = lambda channel, why: _closed(desk, channel, why)
        yield App(config, store, desk, outbox, posters, tellers, clock)


def _desk(
    config: Config,
    store: Store,
    reader: Reader,
    fetcher: Fetcher,
    gazetteer: Gazetteer,
    outbox: Outbox,
    tellers: dict[str, Teller],
    clock: Clock,
    rewriting: Rewriting | None,
) -> Desk:
    fetch = config.fetch
    rhythm = Rhythm(timedelta(minutes=fetch.min_interval), timedelta(minutes=fetch.max_interval))
    shared = Configured(config.feeds, config.folders) if config.share else Configured()
    intake = IntakeDesk(store, reader, fetcher, clock, rhythm=rhythm, largest=fetch.max_bytes, shared=shared)
    length, stories = config.briefing.length, config.briefing.stories
    answers = AnswerDesk(store, gazetteer, intake, clock, length=length, stories=stories, rewriting=rewriting)
    return Desk(
        intake,
        answers,
        DigestDesk(store, answers, outbox, clock),
        WatchDesk(store, answers, outbox, clock, hourly=config.watches.hourly),
        CorrectionDesk(store, answers, outbox, clock, config.tzinfo),
        CompletionDesk(store, gazetteer, config.zone),
        ChoiceDesk(store),
        ShownDesk(store, answers),
        StatusDesk(store, clock),
        TellDesk(store, tellers),
        clock,
        config.zone,
        config.briefing.hours,
        config.permissions.roles,
    )


async def _closed(desk: Desk, channel: Channel, why: str) -> None:
    """Pauses what posts to a channel that takes nothing any more."""
    for ident in await desk.telling.closed(channel, why):
        desk.digests.on_change(None, ident)


@asynccontextmanager
async def _writing(llm: LlmConfig, store: Store, clock: Clock) -> AsyncIterator[Rewriting | None]:
    """The language model of the configuration at work, or None.

    Raises:
        ConfigError: its key can't be read, or the extra ``[llm]`` isn't installed.
    """
    if not llm.model:
        yield None
        return
    try:
        from bot.llm import ChatWriter  # its client is an extra, and takes half a second to import
    except ImportError as error:
        raise ConfigError('llm.model: a language model takes an extra: pip install "dateline[llm]"') from error
    bounds = Bounds(
        seconds=llm.timeout,
        whole=Cost(llm.tokens_per_day, round(llm.money_per_day * 1e6)),
        each=Cost(llm.workspace_tokens_per_day, round(llm.workspace_money_per_day * 1e6)),
        price_in=llm.price_in,
        price_out=llm.price_out,
        keep=timedelta(days=llm.keep_days),
    )
    async with ChatWriter(llm.url, llm.model, llm.secret(), clock) as writer:
        yield Rewriting(store, writer, bounds, clock)


def _fetch_settings(config: Config) -> FetchSettings:
    fetch = config.fetch
    return FetchSettings(
        allow=fetch.allow_hosts,
        total_timeout=fetch.timeout,
        max_bytes=fetch.max_bytes,
        max_connections=fetch.at_once,
        per_host=fetch.per_host,
        proxy=fetch.proxy,
        contact=fetch.contact,
    )


# --- the service: what `dateline run` does


class Chat(Poster, Teller, Protocol):
    """A chat platform that is connected while it is entered."""

    async def __aenter__(self) -> Self:
        """Connects. Raises ConfigError: a token or a right is missing or wrong."""
        ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Hangs up."""
        ...


def chats(app: App) -> list[Chat]:
    """The chat platforms that the configuration switches on. Raises ConfigError: a token is missing."""
    made: list[Chat] = []
    if app.config.discord.enabled:
        from adapters.discord.client import DiscordChat  # its library takes a moment to import: only who uses it waits

        discord = app.config.discord
        token = discord.required("token")
        made.append(DiscordChat(app.desk, token, app.config.tzinfo, message_content=discord.message_content))
    if app.config.slack.enabled:
        from adapters.slack.app import SlackChat  # likewise

        made.append(SlackChat(app.desk, app.config.slack, app.store, app.config.tzinfo))
    return made


async def serve(app: App, chat: ConsoleChat | None, *, talk: bool) -> None:
    """Polls, reads and posts on time until cancelled, or until the person at the prompt quits.

    Raises:
        ConfigError: a chat platform that is switched on can't be used.
    """
    async with AsyncExitStack() as stack:
        for platform in chats(app):
            await stack.enter_async_context(platform)
            app.posters[platform.platform] = app.tellers[platform.platform] = platform
        await _serve(app, chat, talk=talk)


async def _serve(app: App, chat: ConsoleChat | None, *, talk: bool) -> None:
    await app.desk.intake.follow_configured(CHANNEL.tenant, Configured(app.config.feeds, app.config.folders))
    schedule = Schedule(app.desk.digests.post, app.clock)
    app.desk.digests.on_change = lambda made, ident: schedule.plan(made) if made else schedule.drop(ident)
    app.desk.digests.clocked = True
    await _configure_digests(app)
    schedule.every("take in", timedelta(seconds=app.config.reading.every), lambda: take_in(app))
    schedule.every("outbox", _OUTBOX_EVERY, lambda: _send(app))
    schedule.every("watches", _WATCHES_EVERY, app.desk.watches.run)
    schedule.every("corrections", _CORRECTIONS_EVERY, lambda: _correct(app))
    schedule.every("forgetting", _FORGETTING_EVERY, lambda: _forget(app))
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
    polled = await app.desk.intake.poll()
    await app.desk.intake.read()
    await app.desk.answers.grouping.keep_up()
    for news in polled.feeds:  # the next round has those again that nobody could be told of
        if await app.desk.telling.tell(news.workspace, news.person, news.text):
            await app.desk.intake.told(news)
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


async def _correct(app: App) -> None:
    if await app.desk.corrections.run():
        await app.outbox.run_once()


async def _forget(app: App) -> None:
    """Lets go of what is older than the configuration keeps."""
    if not app.config.retention.days:
        return
    gone = await app.store.forget_before(app.clock() - timedelta(days=app.config.retention.days))
    log.info("forgotten", articles=gone, days=app.config.retention.days)


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


def _asked(held: Subscription) -> tuple[tuple[time, ...], str, tuple[int, ...], str | None]:
    return held.at, held.zone, held.days, held.topic


def _wished(entry: DigestConfig, config: Config) -> tuple[tuple[time, ...], str, tuple[int, ...], str | None]:
    days = tuple(DAYS.index(day) for day in entry.days)
    times = tuple(sorted({time.fromisoformat(at) for at in entry.at}))
    return times, entry.zone or config.zone, days, entry.topic
