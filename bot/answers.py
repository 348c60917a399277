"""What a command comes to: the values that a chat platform renders for the person who asked."""

from dataclasses import dataclass

from bot.types import Digest, Place, Said, Source


@dataclass(frozen=True, slots=True)
class PlaceReport:
    """What is known about a named location: the answer to /where."""

    place: Place
    contained_in: tuple[str, ...]  # nearest first: 'Donetsk Oblast', 'Ukraine'
    digest: Digest  # what the stored articles say about it and about what it contains; may be empty


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


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be asked back before there is an answer."""

    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something done, or something to know, in words."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A table: what is followed, which digests there are."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str  # what to say, and to do, where there are no rows


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of articles that were taken in."""

    new: tuple[str, ...] = ()  # ids
    changed: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()  # (what, why): files and articles that could not be read

    @property
    def articles(self) -> tuple[str, ...]:
        """The ids of all that are in the store now."""
        return self.new + self.changed + self.known


Answer = Digest | PlaceReport | SourceReport | Question | Listing | Notice
"""Each chat platform renders each kind."""
