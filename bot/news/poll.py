"""One look at a feed: what is new in it, as articles. What goes wrong with a feed is a value, not an exception.

Three steps, so that what is remembered of a feed is only asked for when the feed has changed: ``look`` asks the server,
``recognise`` (in ``recognise.py``) tells old from new, ``take`` makes articles of what is new.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import DatelineError, FetchError, RefusedAddress, RefusedByRobots
from bot.news import pages
from bot.news.feeds import ACCEPT, ParsedFeed, parse, parse_quickly
from bot.news.fetch import Fetched, Fetcher
from bot.news.identity import article_id, canonical_url
from bot.news.markup import text_of
from bot.news.recognise import Recognised, State, Trace
from bot.news.rhythm import Rhythm, after_failure, after_success, freshness, retry_after
from bot.news.robots import Robots
from bot.types import Article, Feed, FeedEntry

BROKEN = 3  # failures in a row that make a feed a broken one: a server may restart, a cable may be pulled
_GONE = 410
_BUSY = 429
_SERVER_ERROR = 500  # and above (RFC 9110, 15.6)
_PAGES_ABREAST = 4  # pages that one feed's entries are fetched from at the same time: mostly one host's
_AT_ONCE = 100  # new entries that one poll takes: a feed of thousands of teasers would hold up the others for hours
_TEASER = 600  # characters; a feed's text shorter than this is a teaser, so that the page is fetched for the rest
_INLINE = 100_000  # bytes; larger feeds are read in a thread whatever they are like


@dataclass(frozen=True, slots=True)
class Look:
    """What the server answered."""

    feed: Feed  # with what the answer says about it
    entries: tuple[FeedEntry, ...] | None = None  # None: nothing has changed, or it failed
    error: DatelineError | None = None
    fresh: timedelta = timedelta()  # for which, the server says, nothing will change
    wait: timedelta | None = None  # that a refusing server asks for


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a poll found. ``error`` says why there was nothing to find; ``problems`` which pages could not be read."""

    feed: Feed  # as it is to be stored: validators, times, failures
    traces: tuple[Trace, ...] = ()  # of the entries that are to be remembered, or remembered otherwise
    articles: tuple[Article, ...] = ()  # of entries that are new or have changed
    background: frozenset[str] = frozenset()  # ids of those articles that were there before the feed was followed
    parts: frozenset[str] = (
        frozenset()
    )  # ids of those articles that are but teasers or beginnings, as no more is to be had
    error: DatelineError | None = None
    problems: tuple[DatelineError, ...] = ()


async def look(feed: Feed, fetcher: Fetcher, now: datetime) -> Look:
    """What is at the feed's address now; failures (not there, no feed, refused) are in the result."""
    try:
        address = feed.location or feed.url
        answer = await fetcher.get(address, etag=feed.etag, last_modified=feed.last_modified, accept=ACCEPT)
        if answer.not_modified:
            return Look(_answered(feed, answer, feed.title, now), fresh=freshness(answer.headers, None))
        parsed = await _parsed(answer)
    except DatelineError as error:
        return _failed(feed, error, now)
    entries = tuple(replace(entry, feed=feed.url) for entry in parsed.entries)
    polled = _answered(feed, answer, parsed.title or feed.title, now)
    return Look(polled, entries, fresh=freshness(answer.headers, parsed.ttl))


async def _parsed(answer: Fetched) -> ParsedFeed:
    """The feed that came, read in a thread unless that is done in no time: the chat must not wait for it."""
    given = answer.body, answer.url, answer.content_type
    quick = parse_quickly(*given) if len(answer.body) <= _INLINE else None
    return quick if quick is not None else await asyncio.to_thread(parse, *given)


def settle(seen: Look, rhythm: Rhythm, now: datetime, jitter: float) -> PollResult:
    """The result of a look that found nothing to take: no change, or a failure."""
    if seen.error is not None:
        return PollResult(after_failure(seen.feed, rhythm, now, jitter, seen.wait), error=seen.error)
    timed = after_success(seen.feed, rhythm, now, jitter, news=False, fresh=seen.fresh)
    return PollResult(
        timed if seen.feed.pace else replace(timed, pace=None)
    )  # not taken in yet, as some servers say 304


def failed(feed: Feed, why: str, rhythm: Rhythm, now: datetime, jitter: float) -> PollResult:
    """The result of a poll that a fault of our own has ended."""
    counted = replace(feed, polled=now, failures=feed.failures + 1, error=why)
    return PollResult(after_failure(counted, rhythm, now, jitter))


async def take(
    seen: Look,
    found: Sequence[Recognised],
    fetcher: Fetcher,
    robots: Robots | None,
    rhythm: Rhythm,
    now: datetime,
    jitter: float,
) -> PollResult:
    """The look's new and changed entries as articles: at most 100 of them, in the feed's order; the rest is for later.

    While a feed is taken in for the first time (``pace`` is None), what was published before is background. An entry
    without a text of its own whose page can't be had for now is left to be taken at the next poll.
    """
    wanted = [one for one in found if one.state in {State.NEW, State.CHANGED}]
    taker = _Taker(seen.feed.title, fetcher, robots, first=seen.feed.pace is None, now=now)
    taken = await taker.take(wanted[:_AT_ONCE])
    complete = len(wanted) <= _AT_ONCE
    feed = seen.feed if complete and not any(one.again for one in taken) else _unread(seen.feed)
    timed = after_success(feed, rhythm, now, jitter, news=bool(wanted), fresh=seen.fresh)
    return PollResult(
        timed if complete else replace(timed, pace=seen.feed.pace, due=now + rhythm.shortest),
        traces=(
            *(one.trace for one in taken if one.trace is not None),
            *(one.trace for one in found if one.state is State.RENAMED),
        ),
        articles=tuple(one.article for one in taken if one.article),
        background=frozenset(one.article.id for one in taken if one.article and one.background),
        parts=frozenset(one.article.id for one in taken if one.article and one.problem),
        problems=tuple(one.problem for one in taken if one.problem),
    )


def article_of(one: Recognised, outlet: str | None) -> Article | None:
    """The article that the feed itself carries, or None without a text."""
    entry = one.entry
    text = text_of(entry.html or "")
    if not text:
        return None
    named = entry.url if one.trace.link and not one.shared else None
    return Article(
        id=article_id(named or f"{entry.feed}\n{entry.id}"),
        text=text,
        url=canonical_url(entry.url) if entry.url else None,
        outlet=outlet,
        title=entry.title,
        author=entry.author,
        published=entry.published,
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    """What became of an entry."""

    trace: Trace | None  # None: it is to be offered again as if it hadn't been
    article: Article | None
    problem: DatelineError | None = None
    background: bool = False
    again: bool = False  # it is worth another try


@dataclass(frozen=True, slots=True)
class _Taker:
    """Makes articles of the entries of one feed."""

    outlet: str | None
    fetcher: Fetcher
    robots: Robots | None
    first: bool  # it is the first time that the feed is taken in
    now: datetime

    async def take(self, wanted: Sequence[Recognised]) -> list[_Taken]:
        own = [article_of(one, self.outlet) for one in wanted]
        teasers = [i for i, one in enumerate(wanted) if one.trace.link and _is_teaser(own[i])]
        room = asyncio.Semaphore(_PAGES_ABREAST)
        found = await asyncio.gather(*(self._fuller(wanted[i].entry, own[i], room) for i in teasers))
        fuller = dict(zip(teasers, found, strict=True))
        return [self._settled(one, *fuller.get(i, (own[i], None))) for i, one in enumerate(wanted)]

    def _settled(self, one: Recognised, article: Article | None, problem: DatelineError | None) -> _Taken:
        entry, trace = one.entry, one.trace
        background = trace.background or (self.first and (entry.published is None or entry.published <= self.now))
        if problem is not None and _may_pass(problem) and (article is None or trace.article is not None):
            # What was there before stays background, though it comes later: an empty digest marks it as not yet taken.
            waiting = replace(trace, digest="", background=True) if background and trace.article is None else None
            return _Taken(waiting, None, problem, again=True)
        if trace.article is not None and article is not None:
            article = replace(article, id=trace.article)  # it stays the same, whatever its address is now
        kept = replace(trace, article=article.id if article else trace.article, background=background)
        return _Taken(kept, article, problem, background)

    async def _fuller(
        self, entry: FeedEntry, own: Article | None, room: asyncio.Semaphore
    ) -> tuple[Article | None, DatelineError | None]:
        """The page's text, or the feed's own teaser if that is more; and what went wrong."""
        url = entry.url or ""
        try:
            async with room:
                page = await pages.look(url, self.fetcher, self.robots)
        except DatelineError as error:
            return own, error
        problem = pages.stub_error(url) if page.stub else None
        if own and (page.stub or len(own.text) >= len(page.article.text)):
            return replace(own, language=page.article.language), problem
        return self._filled(page.article, entry, url), problem

    def _filled(self, page: Article, entry: FeedEntry, url: str) -> Article:
        return replace(
            page,
            id=article_id(url),  # the feed's word for it, so that the same entry is the same article
            title=entry.title or page.title,
            outlet=page.outlet or self.outlet,
            author=entry.author or page.author,
            published=entry.published or page.published,
        )


def _is_teaser(own: Article | None) -> bool:
    return own is None or len(own.text) < _TEASER


def _may_pass(problem: DatelineError) -> bool:
    """Whether the page may be had at another time."""
    if not isinstance(problem, FetchError) or isinstance(problem, RefusedAddress | RefusedByRobots):
        return False
    return problem.status is None or problem.status == _BUSY or problem.status >= _SERVER_ERROR


def _answered(feed: Feed, answer: Fetched, title: str | None, now: datetime) -> Feed:
    same = answer.not_modified
    return replace(
        feed,
        title=title,
        etag=answer.headers.get("etag") or (feed.etag if same else None),
        last_modified=answer.headers.get("last-modified") or (feed.last_modified if same else None),
        polled=now,
        failures=0,
        error=None,
        location=answer.moved or feed.location,
    )


def _unread(feed: Feed) -> Feed:
    """The feed without its validators, so that it offers again what has not been taken."""
    return replace(feed, etag=None, last_modified=None)


def _failed(feed: Feed, error: DatelineError, now: datetime) -> Look:
    """A feed that has moved is looked for at its old address again once the new one is broken."""
    status, asked = (error.status, error.retry_after) if isinstance(error, FetchError) else (None, None)
    failures = feed.failures + 1
    failed = replace(
        feed,
        polled=now,
        failures=failures,
        error=str(error),
        gone=status == _GONE and feed.location is None,
        location=None if failures >= BROKEN or status == _GONE else feed.location,
    )
    return Look(failed, error=error, wait=retry_after(asked, now))
