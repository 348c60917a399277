"""What the articles of a story come to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.types.news import Span
from bot.types.reading import Place, Source, Stance


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
    opening: str | None = None  # its first words, by which it is known where there is no title


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
    dropped: int = 0  # sentences of the language model that its evidence didn't support, and so aren't points
    note: str | None = None  # why it is extractive although a language model was to write it, in a few words


@dataclass(frozen=True, slots=True)
class Digest:
    """The briefings of one scheduled post."""

    title: str
    since: datetime | None
    until: datetime
    briefings: tuple[Briefing, ...]
    left_out: int = 0  # stories that there were besides
    notes: tuple[str, ...] = ()  # what to say beside the title: that it is late, what was corrected
    part: int = 0  # which of the posts that a platform makes of it
    parts: int = 1  # and of how many
