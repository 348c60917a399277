"""Feeds -> entries: RSS, Atom and RDF, through feedparser where need be, JSON Feed; and where a site has them."""

import calendar
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import feedparser
from feedparser.util import FeedParserDict
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import FeedError, UnreadableInput
from bot.news import dates, wellformed
from bot.news.encoding import charset_of, decode, mended_json
from bot.news.identity import shown_url
from bot.news.markup import absolute, text_of
from bot.news.markup import parse as parse_html
from bot.types import FeedEntry

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",  # JSON Feed before version 1.1
    }
)
_JSON_FEED = "https://jsonfeed.org/version/"
_MARKS = 250_000  # tags and references; a feed of 5 MB has half as many, and feedparser takes seconds for more
# What feedparser lets through of its own troubles with malformed markup.
_STUMBLES = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed says about itself, and its entries in the feed's order."""

    title: str | None
    entries: tuple[FeedEntry, ...]
    site: str | None = None  # the address of the site that it is a feed of
    ttl: int | None = None  # seconds for which it asks not to be polled again


def parse(body: bytes, url: str, content_type: str | None = None) -> ParsedFeed:
    """The feed in ``body``, which was found at ``url``. A feed without entries is a feed.

    An entry without id and link gets an id of its title and date. An entry's text isn't cut or cleaned here.

    Raises:
        FeedError: not a feed, or one with XML entities of its own, which are never expanded.
    """
    text = _text(body, url, content_type)
    return _parse_json(text, url) if text.startswith("{") else _parse_xml(text, url)


def parse_quickly(body: bytes, url: str, content_type: str | None = None) -> ParsedFeed | None:
    """The same as ``parse``, in a few milliseconds; None for a feed that needs more care, or is none."""
    try:
        text = _text(body, url, content_type)
    except FeedError:
        return None
    plain = None if text.startswith("{") or text.count("<") > _MARKS else wellformed.read(text)
    return _plain(plain, url) if plain is not None else None


def _text(body: bytes, url: str, content_type: str | None) -> str:
    name = shown_url(url)
    try:
        return decode(body, name, declared=charset_of(content_type)).lstrip("\ufeff \t\r\n")
    except UnreadableInput as error:
        raise FeedError(f"{name}: this is not a feed") from error


def discover(html: str, url: str) -> tuple[str, ...]:
    """The feeds that the page at ``url`` names in its link elements, in its order, absolute, each once.

    See https://www.rssboard.org/rss-autodiscovery and https://blog.whatwg.org/feed-autodiscovery.
    """
    try:
        links = parse_html(html, shown_url(url)).iter("link")
    except UnreadableInput:
        return ()  # an empty page names none
    found = (
        absolute(url, link.get("href"))
        for link in links
        if {"alternate", "feed"} & set((link.get("rel") or "").lower().split())
        and (link.get("type") or "").partition(";")[0].strip().lower() in _FEED_TYPES
    )
    return tuple(dict.fromkeys(feed for feed in found if feed))


# --- XML


def _parse_xml(text: str, url: str) -> ParsedFeed:
    name = shown_url(url)
    if "<!ENTITY" in text and "<!DOCTYPE" in text:
        raise FeedError(f"{name}: refused, because it declares XML entities; ask the publisher for a plain feed")
    if text.count("<") + text.count("&") > _MARKS:
        raise FeedError(f"{name}: refused, because it has more than {_MARKS:,} tags and references")
    if (plain := wellformed.read(text)) is not None:
        return _plain(plain, url)
    return _careful(text, url, name)


def _plain(feed: wellformed.PlainFeed, url: str) -> ParsedFeed:
    return ParsedFeed(
        title=_line(feed.title),
        entries=_distinct(_plain_entry(entry, url) for entry in feed.entries),
        site=absolute(url, feed.link),
        ttl=_minutes(feed.ttl),
    )


def _plain_entry(entry: wellformed.PlainEntry, feed: str) -> FeedEntry:
    link, title = absolute(feed, entry.link), _line(entry.title)
    html = _fullest([entry.content, entry.summary])
    return FeedEntry(
        feed=feed,
        id=entry.id or link or _made_id(title, entry.published or entry.updated, html),
        url=link,
        title=title,
        html=html,
        author=_line(entry.author),
        published=entry.published or entry.updated,
        updated=entry.updated,
    )


def _careful(text: str, url: str, name: str) -> ParsedFeed:
    parsed = _feedparser(text, name)
    if not parsed.get("version") and not parsed.entries:
        raise FeedError(f"{name}: this is not a feed; give the address of the site, or of its RSS, Atom or JSON feed")
    return ParsedFeed(
        title=_line(parsed.feed.get("title")),
        entries=_distinct(_entry(entry, url) for entry in parsed.entries),
        site=absolute(url, parsed.feed.get("link")),
        ttl=_minutes(parsed.feed.get("ttl")),
    )


def _feedparser(text: str, name: str) -> FeedParserDict:
    # A stream, for feedparser would open a string that happens to name a file; and without the feed's own address, for
    # it would join that to ids, which then changed when the feed moves.
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    try:
        return feedparser.parse(stream, response_headers={"content-type": "application/xml; charset=utf-8"})
    except _STUMBLES as error:
        raise FeedError(f"{name}: the feed is malformed beyond reading ({error})") from error


def _entry(entry: FeedParserDict, feed: str) -> FeedEntry:
    link, title = absolute(feed, entry.get("link")), _line(entry.get("title"))
    published, updated = _moment(entry, "published_parsed"), _moment(entry, "updated_parsed")
    html = _fullest([*(part.get("value") for part in entry.get("content", ())), entry.get("summary")])
    return FeedEntry(
        feed=feed,
        id=entry.get("id") or link or _made_id(title, published or updated, html),
        url=link,
        title=title,
        html=html,
        author=_line(entry.get("author")),
        published=published or updated,
        updated=updated,
    )


def _moment(entry: FeedParserDict, field: str) -> datetime | None:
    """feedparser's dates are in UTC already; a date alone is its midnight."""
    parsed = entry[field] if field in entry else None  # noqa: SIM401  # get() gives 'updated' the value of 'published'
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None  # a year that no calendar has is no date


# --- JSON Feed (https://www.jsonfeed.org/version/1.1/)


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class _JsonAuthor(_Lenient):
    name: str | None = None


class _JsonItem(_Lenient):
    id: str | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    author: _JsonAuthor | None = None  # version 1.0
    authors: list[_JsonAuthor] | None = None


class _JsonFeed(_Lenient):
    version: str
    title: str | None = None
    home_page_url: str | None = None
    items: list[_JsonItem] = []


def _parse_json(text: str, url: str) -> ParsedFeed:
    try:
        feed = _JsonFeed.model_validate_json(mended_json(text))
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) or "its syntax"
        raise FeedError(f"{shown_url(url)}: this is not a JSON Feed (see {where})") from error
    if not feed.version.startswith(_JSON_FEED):
        raise FeedError(f"{shown_url(url)}: this is JSON, but not a JSON Feed of {_JSON_FEED}1 or 1.1")
    entries = _distinct(_json_entry(item, url) for item in feed.items)
    return ParsedFeed(_line(feed.title), entries, absolute(url, feed.home_page_url))


def _json_entry(item: _JsonItem, feed: str) -> FeedEntry:
    link, title = absolute(feed, item.url or item.external_url), _line(item.title)
    published, updated = dates.parse(item.date_published), dates.parse(item.date_modified)
    html = item.content_html or _as_html(item.content_text) or item.summary
    authors = [author.name for author in (*(item.authors or ()), item.author) if author and author.name]
    return FeedEntry(
        feed=feed,
        id=item.id or link or _made_id(title, published, html),
        url=link,
        title=title,
        html=html,
        author=", ".join(dict.fromkeys(authors)) or None,  # version 1.0's one is often given beside 1.1's
        published=published or updated,
        updated=updated,
    )


# --- both


def _distinct(entries: Iterable[FeedEntry]) -> tuple[FeedEntry, ...]:
    """The first entry of each id: some feeds list one twice."""
    first: dict[str, FeedEntry] = {}
    for entry in entries:
        first.setdefault(entry.id, entry)
    return tuple(first.values())


def _made_id(title: str | None, published: datetime | None, html: str | None) -> str:
    """An id for an entry that has neither id nor link: of its title and date, or of its content without a title."""
    said = title or html or ""
    return hashlib.sha256(f"{said}\n{published}".encode("utf-8", "replace")).hexdigest()


def _fullest(versions: Iterable[str | None]) -> str | None:
    return max((version for version in versions if version and version.strip()), key=len, default=None)


def _as_html(text: str | None) -> str | None:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>") if text else None


def _line(html: str | None) -> str | None:
    """A title or name on one line: they come as text or HTML."""
    return " ".join(text_of(html or "").split()) or None


def _minutes(written: str | None) -> int | None:
    """Seconds, from RSS's ttl (https://www.rssboard.org/rss-specification)."""
    return int(written) * 60 if written and written.isascii() and written.isdigit() and len(written) < 7 else None
