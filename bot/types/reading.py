"""What is found in one article."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.types.news import Span


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
    via: str | None = None  # canonical name of whoever passes it on: 'told X', 'quoted by X', 'X, citing'

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
