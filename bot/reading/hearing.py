"""Who was named and who was heard so far: what later words such as 'he' or 'the ministry' point back to."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from bot.reading.figures import Figure
from bot.reading.page import Page
from bot.types import SourceKind, Span

LONGEST_MENTION = 80  # characters of a name


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is meant. Equal speakers are one source."""

    name: str
    kind: SourceKind


@dataclass(frozen=True, slots=True)
class Heard:
    """A speaker at one place of the text."""

    at: Span
    speaker: Speaker


@dataclass(slots=True)
class Hearing:
    """The figures of a text and who was heard so far, in text order."""

    page: Page
    figures: Sequence[Figure]
    places: Sequence[Span]
    heard: list[Heard] = field(default_factory=list)
    mentions: list[tuple[Span, Figure]] = field(default_factory=list)  # of all figures, in text order
    _starts: list[int] = field(default_factory=list)  # of the mentions
    _figured: frozenset[Speaker] = frozenset()

    def __post_init__(self) -> None:
        self.mentions = sorted(((m, f) for f in self.figures for m in f.mentions), key=lambda pair: pair[0])
        self._starts = [mention.start for mention, _ in self.mentions]
        self._figured = frozenset(speaker_of(figure) for figure in self.figures)

    def is_figure(self, speaker: Speaker) -> bool:
        """Whether the speaker is somebody whom the text names."""
        return speaker in self._figured

    def within(self, span: Span) -> list[tuple[Span, Figure]]:
        """The names that share a character with the span, in text order."""
        low, high = bisect_right(self._starts, span.start - LONGEST_MENTION), bisect_left(self._starts, span.end)
        return [pair for pair in self.mentions[low:high] if pair[0].end > span.start]

    def before(self, at: Span) -> Iterator[tuple[Span, Figure]]:
        """The names that begin before the words, the nearest first."""
        return reversed(self.mentions[: bisect_left(self._starts, at.start)])

    def recent(self, at: Span, kinds: Collection[SourceKind], sentences: int) -> Speaker | None:
        """The last of one of the kinds that was heard, if that was no more sentences before than so many."""
        for heard in reversed(self.heard):
            if heard.speaker.kind in kinds and heard.at.start < at.start:
                return heard.speaker if self.gap(heard.at, at) <= sentences else None
        return None

    def gap(self, one: Span, other: Span) -> int:
        """How many sentences on from the first words the others stand."""
        return self.page.index_at(other.start) - self.page.index_at(one.start)


def speaker_of(figure: Figure) -> Speaker:
    """The figure as one who speaks."""
    return Speaker(figure.name, figure.kind)
