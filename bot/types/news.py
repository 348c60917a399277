"""The world as it comes in: feeds, their entries, and articles."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

_BEGINNING: Final = 1_000  # characters of a text, among which its first line is
_OPENING: Final = 45  # characters: about a line on a phone
_WORDS: Final = 3  # a line of fewer is a place, a name or a rubric
_ORNAMENTS: Final = " \t#*_=~-"


class Span(NamedTuple):
    """Characters ``start`` up to, not including, ``end`` of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: "Span") -> bool:
        """Whether ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Feed:
    """A subscription to an RSS, Atom or JSON feed, with what the last poll left behind."""

    url: str
    title: str | None = None
    etag: str | None = None  # as the server sent it; given back in If-None-Match
    last_modified: str | None = None  # as the server sent it; given back in If-Modified-Since
    polled: datetime | None = None
    failures: int = 0  # polls in a row that failed
    error: str | None = None  # why the last poll failed, in words
    location: str | None = None  # where it has moved for good: it is polled there, and known by ``url`` as before
    due: datetime | None = None  # when it is to be polled next; None: at once
    pace: float | None = None  # seconds between polls, by how often it has news; None: not yet taken in whole
    gone: bool = False  # for good, as its server says (410): not polled any more


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One item of a feed, as published."""

    feed: str  # the feed's URL
    id: str  # the publisher's id, else the link
    url: str | None
    title: str | None
    html: str | None  # the fullest content that the feed itself carries
    author: str | None = None
    published: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """The text of one report. ``text`` is never altered after it was taken in: every offset points into it."""

    id: str  # 12 hexadecimal digits, the same for the same origin
    text: str
    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    dateline: str | None = None
    author: str | None = None
    published: datetime | None = None
    language: str | None = None  # ISO 639-1

    @property
    def opening(self) -> str:
        """Its first words, by which it is known where it has no title: a line, with an ellipsis if that goes on."""
        lines = [line.strip(_ORNAMENTS) for line in self.text[:_BEGINNING].splitlines()]
        first = next((line for line in lines if len(line.split()) >= _WORDS), " ".join(lines))
        words = " ".join(first.split())
        if len(words) <= _OPENING:
            return words
        return words[: words.rfind(" ", 0, _OPENING) + 1 or _OPENING].rstrip(" ,.;:–—-") + "…"
