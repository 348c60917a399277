"""One look at a feed: what is new in it, as articles. What goes wrong with a feed is a value, not an exception."""

import asyncio
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import DatelineError, FetchError, RefusedAddress
from bot.news import pages
from bot.news.feeds import ACCEPT, ParsedFeed, parse
from bot.news.fetch import Fetched, Fetcher
from bot.news.identity import article_id, canonical_url
from bot.news.markup import text_of
from bot.types import Article, Feed, FeedEntry

_GONE = 410
_BUSY = 429
_SERVER_ERROR = 500  # and above (RFC 9110, 15.6)
_PAGES_ABREAST = 4  # pages that one feed's entries are fetched from at the same time: mostly one host's
_AT_ONCE = 100  # new entries that one poll takes: a feed of thousands of teasers would hold up the others for hours
_TEASER = 600  # characters; a feed's text shorter than this is a teaser, so that the page is fetched for the rest


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a poll found. ``error`` says why there was nothing to find; ``problems`` which pages could not be read."""

    feed: Feed  # as it is to be stored: validators, time, failures
    entries: tuple[FeedEntry, ...] = ()  # the new ones that are dealt with, in the feed's order
    articles: tuple[Article, ...] = ()  # those of the new entries that have a text
    error: DatelineError | None = None
    problems: tuple[DatelineError, ...] = ()
    moved: str | None = None  # where the feed has moved for good
    gone: bool = False  # for good (410): not to be polled again
    retry_after: str | None = None  # the server's header, as sent
    ttl: int | None = None  # seconds for which the feed asks not to be polled again


async def poll(feed: Feed, fetcher: Fetcher, now: datetime, *, known: Container[str] = frozenset()) -> PollResult:
    """What is new in ``feed``: the entries whose ids are not ``known``, with their articles.

    At most ``_AT_ONCE`` of them, in the feed's order; the feed offers the rest again at the next poll.
    An entry without a text of its own whose page can't be had for now is left out, and offered again at the next poll.

    An unchanged feed gives no entries. Failures of the feed (not there, no feed, refused) are in the result.
    """
    try:
        answer = await fetcher.get(feed.url, etag=feed.etag, last_modified=feed.last_modified, accept=ACCEPT)
        parsed = None if answer.not_modified else await _parsed(answer)
    except DatelineError as error:
        return _failed(feed, error, now)
    polled = _polled(feed, answer, parsed, now)
    if parsed is None:
        return PollResult(polled, moved=answer.moved)
    new = [replace(entry, feed=feed.url) for entry in parsed.entries if entry.id not in known]
    fresh = new[:_AT_ONCE]
    room = asyncio.Semaphore(_PAGES_ABREAST)
    taken = await asyncio.gather(*(_take(entry, polled.title, fetcher, room) for entry in fresh))
    if len(new) > len(fresh) or any(one.again for one in taken):
        polled = replace(polled, etag=None, last_modified=None)  # so that the feed offers them again
    return PollResult(
        polled,
        entries=tuple(one.entry for one in taken if not one.again),
        articles=tuple(one.article for one in taken if one.article),
        problems=tuple(one.problem for one in taken if one.problem),
        moved=answer.moved,
        ttl=parsed.ttl,
    )


async def _parsed(answer: Fetched) -> ParsedFeed:
    return await asyncio.to_thread(parse, answer.body, answer.url, answer.content_type)  # the chat must not wait for it


def article_of(entry: FeedEntry, outlet: str | None) -> Article | None:
    """The article that the feed itself carries, or None without a text."""
    text = text_of(entry.html or "")
    if not text:
        return None
    return Article(
        id=article_id(entry.url or f"{entry.feed}\n{entry.id}"),
        text=text,
        url=canonical_url(entry.url) if entry.url else None,
        outlet=outlet,
        title=entry.title,
        author=entry.author,
        published=entry.published,
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    """What became of a new entry."""

    entry: FeedEntry
    article: Article | None
    problem: DatelineError | None = None

    @property
    def again(self) -> bool:
        """Whether it is worth another try: nothing of it was to be had, for a reason that may pass."""
        if self.article is not None or not isinstance(self.problem, FetchError):
            return False
        status = self.problem.status
        unanswered = status is None and not isinstance(self.problem, RefusedAddress)
        return unanswered or status == _BUSY or (status or 0) >= _SERVER_ERROR


async def _take(entry: FeedEntry, outlet: str | None, fetcher: Fetcher, room: asyncio.Semaphore) -> _Taken:
    own = article_of(entry, outlet)
    try:
        async with room:
            return _Taken(entry, await _fuller(entry, own, outlet, fetcher))
    except DatelineError as error:
        return _Taken(entry, own, error)


async def _fuller(entry: FeedEntry, own: Article | None, outlet: str | None, fetcher: Fetcher) -> Article | None:
    """The feed's own text, or the page's if that is longer and the feed's is but a teaser."""
    if entry.url is None or (own and len(own.text) >= _TEASER):
        return own
    page = await pages.load(entry.url, fetcher)
    if own and len(own.text) >= len(page.text):
        return replace(own, language=page.language)
    return replace(
        page,
        id=article_id(entry.url),  # the feed's word for it, so that the same entry is the same article
        title=entry.title or page.title,
        outlet=page.outlet or outlet,
        author=entry.author or page.author,
        published=entry.published or page.published,
    )


def _polled(feed: Feed, answer: Fetched, parsed: ParsedFeed | None, now: datetime) -> Feed:
    return replace(
        feed,
        title=parsed.title or feed.title if parsed else feed.title,
        etag=answer.headers.get("etag") or (feed.etag if answer.not_modified else None),
        last_modified=answer.headers.get("last-modified") or (feed.last_modified if answer.not_modified else None),
        polled=now,
        failures=0,
        error=None,
    )


def _failed(feed: Feed, error: DatelineError, now: datetime) -> PollResult:
    status, retry_after = (error.status, error.retry_after) if isinstance(error, FetchError) else (None, None)
    failed = replace(feed, polled=now, failures=feed.failures + 1, error=str(error))
    return PollResult(failed, error=error, gone=status == _GONE, retry_after=retry_after)
