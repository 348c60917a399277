"""The nouns of Dateline: frozen values that one stage hands to the next. No I/O lives here.

Offsets are characters into an article's text, half-open. Datetimes are aware and in UTC. ``None`` means unknown.
Coordinates are degrees, WGS 84. ``docs/glossary.md`` says what each word means.
"""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import NamedTuple


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


# --- news: the world -> Article


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


# --- reading: Article -> Reading


class Furniture(StrEnum):
    """What a stretch of pasted page is when it isn't the report itself."""

    CAPTION = "caption"
    CREDIT = "credit"  # of a picture, a map or an agency
    READ_NEXT = "read-next"  # a teaser of another article
    BYLINE = "byline"
    HEADING = "heading"
    PROMOTION = "promotion"  # sign-up lines, sharing buttons, cookie notices, legal notes


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or one line of page furniture."""

    span: Span
    paragraph: int  # counted from 0 over the article
    furniture: Furniture | None = None


class MentionKind(StrEnum):
    """How the text uses a place's name."""

    LITERAL = "literal"  # the place itself: 'in Lyman'
    ASSOCIATIVE = "associative"  # something tied to it: 'Russian troops', 'Bank of England'
    METONYM = "metonym"  # those who rule from there: 'the Kremlin'


@dataclass(frozen=True, slots=True)
class Place:
    """A gazetteer record that a toponym was taken to mean."""

    geonameid: int  # of GeoNames; negative for a record of our own table
    name: str
    feature_code: str  # GeoNames' feature code: PPL, ADM1, PCLI, RGN ...
    country_code: str | None  # ISO 3166-1 alpha-2; None for seas and regions over several countries
    admin1: str | None  # name of the first-order subdivision
    lat: float
    lon: float
    confidence: float = 1.0  # 0..1: that the name means this record
    population: int = 0
    alternatives: "tuple[Place, ...]" = ()  # other records of the name, likeliest first


@dataclass(frozen=True, slots=True)
class Toponym:
    """A place name in the text, and the record it means if that is known well enough."""

    span: Span
    name: str  # as it stands in the text, without possessive or adjectival ending
    kind: MentionKind = MentionKind.LITERAL
    place: Place | None = None  # None: not located
    near: Place | None = None  # for one not located: a place that the text puts it near to


class SourceKind(StrEnum):
    """What a source is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    OUTLET = "outlet"
    DOCUMENT = "document"
    UNNAMED = "unnamed"


class Stance(StrEnum):
    """What a source does with its words."""

    SAYS = "says"
    CLAIMS = "claims"
    DENIES = "denies"
    CONFIRMS = "confirms"
    WARNS = "warns"
    PROMISES = "promises"
    ASKS = "asks"
    CRITICISES = "criticises"


@dataclass(frozen=True, slots=True)
class Source:
    """Who is quoted or cited."""

    name: str  # the canonical name: the fullest that the article uses, or the known name of an institution
    kind: SourceKind
    role: str | None = None  # as the article gives it: 'Kremlin spokesperson'
    aliases: tuple[str, ...] = ()  # other names that the text uses, in order of appearance
    role_as_of: datetime | None = None  # when the article that gives a person's role was published: roles change


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to have said what."""

    source: str | None  # the canonical name of one of the reading's sources; None where the text names nobody
    source_span: Span | None  # the words that name the source here: 'he', 'Peskov'
    cue: Span | None  # the word or phrase of saying: 'said', 'according to'
    content: tuple[Span, ...]  # what was said, in one or more pieces, in text order
    direct: bool  # every word of the content stands in quotation marks
    stance: Stance = Stance.SAYS

    @property
    def span(self) -> Span:
        """From the first character of the content to its last."""
        return Span(self.content[0].start, self.content[-1].end)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one article."""

    article: str  # its id
    language: str  # ISO 639-1
    sentences: tuple[Sentence, ...]
    toponyms: tuple[Toponym, ...]
    sources: tuple[Source, ...]  # in order of first appearance
    attributions: tuple[Attribution, ...]


# --- briefing: Readings -> Briefing


class Length(StrEnum):
    """How long a briefing is."""

    SHORT = "short"
    NORMAL = "normal"
    LONG = "long"

    @property
    def points(self) -> int:
        """At most this many points."""
        return {Length.SHORT: 3, Length.NORMAL: 5, Length.LONG: 8}[self]


@dataclass(frozen=True, slots=True)
class Story:
    """Articles about one event."""

    id: str
    articles: tuple[str, ...]  # their ids, oldest first


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the words that support a statement stand."""

    article: str
    span: Span


@dataclass(frozen=True, slots=True)
class Point:
    """One sentence of a briefing, with what supports it."""

    text: str
    evidence: tuple[Evidence, ...]  # at least one
    sources: tuple[str, ...] = ()  # canonical names of those who say it; empty: the article itself does
    places: tuple[str, ...] = ()  # names as in the briefing's places


class Importance(StrEnum):
    """Whether a briefing shows a place first."""

    KEY = "key"
    MINOR = "minor"


@dataclass(frozen=True, slots=True)
class BriefingPlace:
    """A place of a briefing, under one name however the articles spell it."""

    name: str
    surface: tuple[str, ...]  # spellings in the articles, in order of appearance
    importance: Importance
    place: Place | None  # None: not located
    near: str | None = None  # for one not located: the name of a place that it is said to be near


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a source said."""

    article: str
    span: Span
    direct: bool
    stance: Stance = Stance.SAYS


@dataclass(frozen=True, slots=True)
class BriefingSource:
    """A named source of a briefing, with its statements in the articles."""

    source: Source
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One side of a disagreement, in the article's words."""

    text: str
    article: str
    span: Span
    source: str | None  # canonical name; None: the article's own statement


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two or more evidenced statements about one thing that cannot all hold."""

    about: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """An article as a briefing cites it."""

    id: str
    url: str | None
    outlet: str | None
    title: str | None
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Briefing:
    """What the articles of one story come to."""

    headline: str
    points: tuple[Point, ...]  # most important first
    places: tuple[BriefingPlace, ...]  # key ones first
    sources: tuple[BriefingSource, ...]  # by number of statements, then order of appearance
    disagreements: tuple[Disagreement, ...]
    articles: tuple[ArticleRef, ...]  # numbered from 1 in citations
    method: str  # how it was made: 'extractive', or the language model's name
    generated: datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """The briefings of one scheduled post."""

    title: str
    since: datetime | None
    until: datetime
    briefings: tuple[Briefing, ...]
    left_out: int = 0  # stories that there were besides


# --- desk: what a workspace has asked for, and what it gets


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to post in."""

    platform: str  # 'console', 'discord', 'slack'
    workspace: str  # the platform's id of the server or workspace
    id: str

    @property
    def key(self) -> str:
        """The channel in one string, unique over all platforms."""
        return f"{self.platform}:{self.workspace}:{self.id}"

    @classmethod
    def of(cls, key: str) -> "Channel":
        """The channel whose ``key`` this is: no platform has a colon in its own name or in a workspace's id."""
        platform, workspace, ident = key.split(":", 2)
        return cls(platform, workspace, ident)

    @property
    def tenant(self) -> str:
        """The workspace in one string, unique over all platforms: what the store calls a workspace."""
        return f"{self.platform}:{self.workspace}"


class DeliveryState(StrEnum):
    """How far a post has come."""

    INTENDED = "intended"  # written down, not yet sent
    SENT = "sent"  # handed to the platform, answer not yet known
    SETTLED = "settled"  # the platform has it
    FAILED = "failed"  # given up, with the reason


@dataclass(frozen=True, slots=True)
class Delivery:
    """One post to one channel."""

    key: str  # subscription, due time and part: unique in the store
    channel: str  # Channel.key
    digest: Digest
    state: DeliveryState = DeliveryState.INTENDED
    attempts: int = 0
    created: datetime | None = None
    message: str | None = None  # the platform's id of the post
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A scheduled digest of a channel."""

    id: str
    channel: str  # Channel.key
    workspace: str  # Channel.tenant
    at: time  # of the wall clock in ``zone``, without one of its own
    zone: str  # IANA: 'Europe/Kyiv'
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)  # 0 Monday to 6 Sunday, as datetime.weekday() counts
    topic: str | None = None  # None: all that the workspace follows
    created_by: str | None = None  # the platform's id of the person
    created: datetime | None = None
    paused: bool = False
    last_until: datetime | None = None  # up to when its digests have covered the news
    arrival: int = 0  # the last arrival that its digests have covered; arrivals are counted by the store


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of a source with where it stands: a line of the answer to /said."""

    text: str  # the content's words
    statement: Statement
    article: ArticleRef
    cue: str | None = None
