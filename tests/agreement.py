"""How far a reading agrees with a labelled article, in counts that add up over articles."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from bot.reading.geography import km
from bot.types import Attribution, MentionKind, Reading, Source, SourceKind, Span, Toponym
from tests.labelled import Labelled, LabelledPlace, LabelledSource, LabelledStatement

SHORTEST_NAME = 3  # characters: ISW
_Label = TypeVar("_Label")
_Guess = TypeVar("_Guess")


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one measure; scores of several articles are added with ``+``."""

    labelled: int = 0  # what there was to find
    found: int = 0  # of those, what the reading has
    right: int = 0  # of those, what it has right in every respect
    predicted: int = 0  # what the reading has in all, but for what labels leave open
    sound: int = 0  # of those, what there was to find

    def __add__(self, other: Self) -> "Score":
        return Score(
            self.labelled + other.labelled,
            self.found + other.found,
            self.right + other.right,
            self.predicted + other.predicted,
            self.sound + other.sound,
        )

    @property
    def recall(self) -> float:
        """Share found of what there was to find; 1 where there was nothing."""
        return self.found / self.labelled if self.labelled else 1.0

    @property
    def accuracy(self) -> float:
        """Share of what there was to find that is found and right; 1 where there was nothing."""
        return self.right / self.labelled if self.labelled else 1.0

    @property
    def precision(self) -> float:
        """Share of what the reading has that there was to find; 1 where it has nothing."""
        return self.sound / self.predicted if self.predicted else 1.0


def score_places(labelled: Labelled, reading: Reading) -> Score:
    """Literal mentions of places in the body: found where a toponym overlaps, right where its place is the one meant.

    Associative and metonymic mentions, optional places, the headline and page furniture are left open; a reading's
    associative toponyms aren't counted, since a briefing doesn't show them.
    """
    wanted = [(place, span) for place in labelled.places if _is_required(place) for span in place.spans]
    unasked = [span for place in labelled.places if not _is_required(place) for span in place.spans]
    toponyms = [t for t in reading.toponyms if t.kind is not MentionKind.ASSOCIATIVE]
    pairs = _pairs(wanted, toponyms, lambda label, guess: _shared([label[1]], [guess.span]))
    idle = [t for t in toponyms if not any(t is guess for _, guess in pairs)]
    wrong = [t for t in idle if not any(t.span.overlaps(span) for span in (*labelled.surroundings, *unasked))]
    right = sum(_put_right(label[0], guess) for label, guess in pairs)
    return Score(len(wanted), len(pairs), right, len(pairs) + len(wrong), len(pairs))


def score_kinds(labelled: Labelled, reading: Reading) -> Score:
    """Mentions of any kind: found where a toponym overlaps, right where the two agree on whether it is associative."""
    wanted = [(place, span) for place in labelled.places if not place.optional for span in place.spans]
    pairs = _pairs(wanted, reading.toponyms, lambda label, guess: _shared([label[1]], [guess.span]))
    associative = MentionKind.ASSOCIATIVE
    right = sum((label[0].kind is associative) == (guess.kind is associative) for label, guess in pairs)
    return Score(len(wanted), len(pairs), right, len(pairs), len(pairs))


def score_sources(labelled: Labelled, reading: Reading) -> Score:
    """Sources: found under any of their names, right under a canonical one and with the right kind."""
    pairs = _pairs(labelled.sources, reading.sources, lambda label, guess: int(_same_source(label, guess)))
    required = [(label, guess) for label, guess in pairs if not label.optional]
    open_ones = len(pairs) - len(required)
    right = sum(_is_canonical(label, guess) and label.source.kind is guess.kind for label, guess in required)
    wanted = sum(not label.optional for label in labelled.sources)
    return Score(wanted, len(required), right, len(reading.sources) - open_ones, len(required))


def score_roles(labelled: Labelled, reading: Reading) -> Score:
    """Roles: found where a source has one, right where it is the labelled one or a part of it."""
    wanted = [label for label in labelled.sources if label.source.role and not label.optional]
    pairs = _pairs(wanted, reading.sources, lambda label, guess: int(_same_source(label, guess)))
    given = [(label.source.role or "", guess.role) for label, guess in pairs if guess.role]
    right = sum(_is_part(_folded(role), _folded(guess)) for role, guess in given)
    return Score(len(wanted), len(given), right, len(given), len(given))


def score_statements(labelled: Labelled, reading: Reading) -> Score:
    """Statements: found where the contents share half of the shorter, as the field counts.

    Right where they share half of all their words, the source is the one labelled, and both or neither are direct.
    """
    pairs = _with_guesses(labelled, reading)
    found = sum(bool(guesses) for _, guesses in pairs)
    right = sum(any(_is_right(label, guess, labelled, reading) for guess in guesses) for label, guesses in pairs)
    sound, predicted = _soundness(labelled, reading.attributions)
    return Score(len(pairs), found, right, predicted, sound)


def score_stances(labelled: Labelled, reading: Reading) -> Score:
    """Stances: of the statements found, right where the stance is the labelled one."""
    pairs = [(label, guesses) for label, guesses in _with_guesses(labelled, reading) if guesses]
    right = sum(any(guess.stance is label.stance for guess in guesses) for label, guesses in pairs)
    return Score(len(pairs), len(pairs), right, len(pairs), len(pairs))


def score_furniture(labelled: Labelled, reading: Reading) -> Score:
    """Lines of page furniture: found where a marked sentence covers half of one, right where its kind agrees.

    The headline is left open: it may be marked or not.
    """
    marked = [s for s in reading.sentences if s.furniture]
    found = right = 0
    for span, kind in labelled.furniture:
        over = [s for s in marked if 2 * _shared([span], [s.span]) >= span.end - span.start]
        found += bool(over)
        right += any(s.furniture is kind for s in over)
    sound = sum(any(s.span.overlaps(span) for span, _ in labelled.furniture) for s in marked)
    title = sum(bool(labelled.headline and s.span.overlaps(labelled.headline)) for s in marked)
    return Score(len(labelled.furniture), found, right, len(marked) - title, sound)


def _pairs(
    labels: Iterable[_Label], guesses: Sequence[_Guess], likeness: Callable[[_Label, _Guess], int]
) -> list[tuple[_Label, _Guess]]:
    """Each label with the likest guess that no label before it took."""
    pairs, free = [], list(guesses)
    for label in labels:
        best = max(free, key=lambda guess: likeness(label, guess), default=None)
        if best is not None and likeness(label, best):
            pairs.append((label, best))
            free = [guess for guess in free if guess is not best]
    return pairs


def _shared(some: Collection[Span], others: Collection[Span]) -> int:
    """How many characters two sets of spans have in common."""
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in some for b in others)


def _is_required(place: LabelledPlace) -> bool:
    return place.kind is MentionKind.LITERAL and not place.optional


def _put_right(label: LabelledPlace, toponym: Toponym) -> bool:
    if toponym.place is None:
        return not label.located
    return label.at is not None and float(km(*label.at, toponym.place.lat, toponym.place.lon)) <= label.within_km


def _folded(name: str) -> str:
    """A name without case, quotation marks, apostrophes, and an article or possessive before it."""
    return re.sub(r"^(?:the|an?|its|his|her|their) ", "", re.sub(r"[\"'“”‘’]", "", name.casefold()))


def _is_part(one: str, other: str) -> bool:
    """Whether the shorter of two stands in the longer as whole words, and is more than a stray article."""
    part, whole = sorted((one, other), key=len)
    return len(part) >= SHORTEST_NAME and f" {part} " in f" {whole} "


def _is_canonical(label: LabelledSource, guess: Source) -> bool:
    names = {_folded(name) for name in (label.source.name, *label.accept)}
    if label.source.kind is SourceKind.UNNAMED:
        return any(_is_part(name, _folded(guess.name)) for name in names)
    return _folded(guess.name) in names


def _same_source(label: LabelledSource, guess: Source) -> bool:
    aliases = {_folded(name) for name in label.source.aliases}
    return _is_canonical(label, guess) or bool(aliases & {_folded(name) for name in (guess.name, *guess.aliases)})


def _same_content(label: LabelledStatement, guess: Attribution) -> bool:
    shorter = min(_length(label.content), _length(guess.content))
    return 2 * _shared(label.content, guess.content) >= shorter > 0


def _length(spans: Iterable[Span]) -> int:
    return sum(span.end - span.start for span in spans)


def _is_right(label: LabelledStatement, guess: Attribution, labelled: Labelled, reading: Reading) -> bool:
    """A guess may take two statements of one source together: what is another statement's isn't held against it."""
    theirs = [span for s in labelled.statements if s.source == label.source and s is not label for span in s.content]
    own = [piece for piece in guess.content if not any(piece.overlaps(span) for span in theirs)]
    shared = _shared(label.content, guess.content)
    whole = 2 * shared >= _length(label.content) + max(0, _length(own) - _shared(label.content, own))
    return whole and label.direct == guess.direct and _by_its_source(label, guess, labelled, reading)


def _by_its_source(label: LabelledStatement, guess: Attribution, labelled: Labelled, reading: Reading) -> bool:
    meant = next(s for s in labelled.sources if s.source.name == label.source)
    named = (s for s in reading.sources if s.name == guess.source)
    return any(_same_source(meant, s) for s in named)


def _with_guesses(labelled: Labelled, reading: Reading) -> list[tuple[LabelledStatement, list[Attribution]]]:
    """Each statement that must be found, with the attributions of its words."""
    required = (label for label in labelled.statements if not label.optional)
    return [(label, [a for a in reading.attributions if _same_content(label, a)]) for label in required]


def _soundness(labelled: Labelled, guesses: Iterable[Attribution]) -> tuple[int, int]:
    """How many guesses are labelled statements, and how many guesses count."""
    sound = predicted = 0
    for guess in guesses:
        meant = [label for label in labelled.statements if _same_content(label, guess)]
        is_sound = any(not label.optional for label in meant)
        sound += is_sound
        predicted += is_sound or not meant
    return sound, predicted
