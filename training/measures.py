"""How right a model's tags are: names by overlap, statements by content and source, much as the bench counts them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.reading.decoding import NameKind, StatementTag, Tags
from bot.reading.stance import is_saying
from bot.types import Span
from training.corpora import Document, Statement

KIND = {
    "place": NameKind.PLACE,
    "person": NameKind.PERSON,
    "organisation": NameKind.ORGANISATION,
    "location": NameKind.PLACE,
}


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over documents: of predictions, those right; of the gold, those found."""

    right: int = 0
    predicted: int = 0
    found: int = 0
    gold: int = 0

    def __add__(self, other: "Score") -> "Score":
        """The counts of both."""
        return Score(
            self.right + other.right, self.predicted + other.predicted, self.found + other.found, self.gold + other.gold
        )

    @property
    def precision(self) -> float:
        """Share of the predictions that are right."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found."""
        return self.found / self.gold if self.gold else 0.0

    def f(self, beta: float = 1.0) -> float:
        """Their harmonic mean, recall counting ``beta`` times as much as precision."""
        both = beta**2 * self.precision + self.recall
        return (1 + beta**2) * self.precision * self.recall / both if both else 0.0


Measure = Callable[[Document, Tags], Score]


def total(measure: Measure, documents: Sequence[Document], tags: Iterable[Tags]) -> Score:
    """The measure summed over documents."""
    return sum((measure(d, t) for d, t in zip(documents, tags, strict=True)), Score())


def places(document: Document, tags: Tags) -> Score:
    """Toponyms, a place inside another name being one too."""
    return _names(document, tags, {NameKind.PLACE})


def names(document: Document, tags: Tags) -> Score:
    """Names of all kinds, a place inside an organisation being none."""
    wholes = [t.span for t in tags.names if t.kind == NameKind.ORGANISATION]
    kept = tuple(t for t in tags.names if t.kind != NameKind.PLACE or not any(w.holds(t.span) for w in wholes))
    return _names(document, Tags(kept, ()), set(NameKind))


def _names(document: Document, tags: Tags, kinds: set[NameKind]) -> Score:
    free = [(KIND[head], Span(start, end)) for head, start, end in document.names if KIND[head] in kinds]
    gold, guesses = len(free), [t for t in tags.names if t.kind in kinds]
    for guess in guesses:
        match = next((f for f in free if f[0] == guess.kind and f[1].overlaps(guess.span)), None)
        if match:
            free.remove(match)
    return Score(gold - len(free), len(guesses), gold - len(free), gold)


def who_said_what(document: Document, tags: Tags) -> Score:
    """Statements with a source: right where half of the shorter content is shared and the sources overlap.

    Only saying is wanted. A prediction that meets nothing but a belief, or a statement of nobody, counts neither way.
    """
    known = [s for s in document.statements if s.content]
    wanted = [s for s in known if s.source and s.cue and is_saying(_hull(s.cue).of(document.text))]
    guesses = [t for t in tags.statements if t.source]
    asked = [t for t in guesses if any(_shares(w, t) for w in wanted) or not any(_shares(k, t) for k in known)]
    right = sum(any(_same(k, t) for k in known) for t in asked)
    return Score(right, len(asked), sum(any(_same(w, t) for t in guesses) for w in wanted), len(wanted))


def _same(gold: Statement, tag: StatementTag) -> bool:
    if not tag.source or not gold.source or not tag.source.overlaps(_hull(gold.source)):
        return False
    return _shares(gold, tag)


def _shares(gold: Statement, tag: StatementTag) -> bool:
    wanted, found = _hull(gold.content), Span(tag.content[0].start, tag.content[-1].end)
    shared = min(wanted.end, found.end) - max(wanted.start, found.start)
    return 2 * shared >= min(wanted.end - wanted.start, found.end - found.start)


def _hull(pieces: Sequence[tuple[int, int]]) -> Span:
    return Span(pieces[0][0], pieces[-1][1])
