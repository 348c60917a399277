"""What a command comes to: the values that a chat platform renders for the person who asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.types import ArticleRef, Digest, Place, Said, Source


@dataclass(frozen=True, slots=True)
class Voice:
    """A source with what it has said about something, newest first."""

    name: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Voices:
    """Who has said what about a topic."""

    about: str
    voices: tuple[Voice, ...]  # who spoke last first


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many articles there were in each stretch of time, oldest first."""

    since: datetime
    step: timedelta
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlaceReport:
    """What is known about a named location: the answer to /where."""

    place: Place
    contained_in: tuple[str, ...]  # nearest first: 'Donetsk Oblast', 'Ukraine'
    digest: Digest  # what the stored articles say about it and about what it contains, newest story first; may be empty
    contains: tuple[str, ...] = ()  # places in it that the articles mention, the largest first
    voices: tuple[Voice, ...] = ()  # who speaks about it, or about what it contains
    coverage: Coverage | None = None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What a named source has said, newest first: the answer to /said."""

    source: Source
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question: what a person reads, and the command that it stands for."""

    label: str
    command: str
    id: str | None = None  # stands for the command, fits on a button and outlives a restart; None: not kept


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to go on with what is being typed."""

    value: str  # what an option is given
    label: str  # what a person reads


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be asked back before there is an answer."""

    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something done, or something to know, in words."""

    text: str
    file: str | None = None  # the name of the file that the text is; None: these are words


@dataclass(frozen=True, slots=True)
class Listing:
    """A table: what is followed, which digests there are."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str  # what to say, and to do, where there are no rows


@dataclass(frozen=True, slots=True)
class Page:
    """Several tables after one another: help and the state of things."""

    listings: tuple[Listing, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article, as it had them when they were shown."""

    text: str
    article: ArticleRef
    link: str | None  # opens the article at these words; None: it has no address


@dataclass(frozen=True, slots=True)
class Support:
    """A point of a briefing with the words that support it."""

    point: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """What a briefing rests on, point by point."""

    headline: str
    supports: tuple[Support, ...]


@dataclass(frozen=True, slots=True)
class FeedNews:
    """What somebody who follows a feed has to be told of it, once."""

    workspace: str  # Channel.tenant
    person: str | None  # who asked for the feed: the platform's id
    channel: str | None  # where: Channel.key
    url: str  # may hold secrets: never shown
    state: str  # 'broken', 'gone' or 'works'
    text: str  # for the person to read


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of articles that were taken in."""

    new: tuple[str, ...] = ()  # ids
    changed: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()  # (what, why): files and articles that could not be read
    feeds: tuple[FeedNews, ...] = ()  # what people have to be told of feeds

    @property
    def articles(self) -> tuple[str, ...]:
        """The ids of all that are in the store now."""
        return self.new + self.changed + self.known


Answer = Digest | PlaceReport | SourceReport | Voices | Question | Listing | Page | Notice | Why
"""Each chat platform renders each kind."""
