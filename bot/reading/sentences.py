"""Sentences of a text as pasted: numbered by paragraph, page furniture marked, every span into the unchanged text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.reading.furniture import CLOSERS, OPENERS, Line, kinds
from bot.reading.lexicon import words
from bot.reading.stance import SAYING_VERB
from bot.reading.tongues import OTHERS, Stops, tongue
from bot.types import Sentence, Span

WIDEST_WRAP = 100  # characters: longer lines were not broken by hand or by a mail program

_ENGLISH = Stops(
    titles=frozenset(words("abbreviations", "titles")),
    short=frozenset(words("abbreviations", "short")),
    numbered=frozenset(words("abbreviations", "numbered")),
    openings=frozenset(words("openings", "words")),
)
_ORDINAL = re.compile(r"(?<![\d.,])\d{1,2}$")
_DOTTED = re.compile(r"(?:^|[^\w])((?:[^\W\d_]\.)+[^\W\d_])$")
_LAST_WORD = re.compile(r"(?<![\w№])[\w№]+$")
_FIRST_WORD = re.compile(r"\w*(?!\.)")
_NAME_SAYS = re.compile(rf"(?:[A-Z][\w'’.-]*\s+){{1,4}}(?:{SAYING_VERB})\b")


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the text that holds something."""

    span: Span
    gap: bool  # a blank line, or nothing, stands before it


def split(text: str, language: str = "en") -> tuple[Sentence, ...]:
    """The sentences and lines of furniture of a text, in order; none for a text without a printable character.

    A line is a paragraph, unless the text was wrapped at a fixed width: then a paragraph goes on to its last line.
    Furniture keeps to its line or paragraph and isn't split.
    """
    rows = list(_rows(text))
    paragraphs = _paragraphs(text, rows)
    marks = kinds([Line(span.of(text), gap) for span, gap in paragraphs])
    stops = tongue(language).stops if language in OTHERS else _ENGLISH
    found: list[Sentence] = []
    for number, ((span, _), mark) in enumerate(zip(paragraphs, marks, strict=True)):
        pieces = [span] if mark else list(_pieces(text, span, stops))
        found.extend(Sentence(piece, number, mark) for piece in pieces)
    return tuple(found)


def _rows(text: str) -> Iterator[_Row]:
    start, gap = 0, True
    for line in text.splitlines(keepends=True):
        held = line.strip()
        if held:
            at = start + line.index(held)
            yield _Row(Span(at, at + len(held)), gap)
        gap = not held
        start += len(line)


def _paragraphs(text: str, rows: list[_Row]) -> list[tuple[Span, bool]]:
    """Spans of paragraphs and whether a gap stands before each."""
    width = _wrap_width(text, rows)
    joined: list[tuple[Span, bool]] = []
    for at, row in enumerate(rows):
        if at and not row.gap and _goes_on(text, rows[at - 1].span, row.span, width):
            span, gap = joined.pop()
            joined.append((Span(span.start, row.span.end), gap))
        else:
            joined.append((row.span, row.gap))
    return joined


def _goes_on(text: str, line: Span, following: Span, width: int | None) -> bool:
    """Whether the line was broken before ``following`` only because it was full, or in mid-sentence."""
    first, last = text[following.start], text[line.end - 1]
    return (width is not None and _is_full(text, line, following, width)) or (first.islower() and last not in ".!?…:")


def _is_full(text: str, line: Span, following: Span, width: int) -> bool:
    word = following.of(text).split(maxsplit=1)[0]
    return line.end - line.start + 1 + len(word) > width


def _wrap_width(text: str, rows: list[_Row]) -> int | None:
    """The width at which the text was wrapped; None if it wasn't."""
    pairs = [(a.span, b.span) for a, b in pairwise(rows) if not b.gap]
    width = max((a.end - a.start for a, _ in pairs), default=0)
    full = sum(_is_full(text, a, b, width) for a, b in pairs)
    return width if len(pairs) >= 3 and 40 <= width <= WIDEST_WRAP and full >= 0.8 * len(pairs) else None


@lru_cache(maxsize=len(OTHERS) + 1)
def _stop_pattern(closers: str) -> re.Pattern[str]:
    """Marks that may end a sentence, with what closes after them; French sets a space before its guillemets."""
    closing = re.escape(CLOSERS + closers)
    return re.compile(rf"[.!?…؟۔।]+(?:[{closing}]|[ \u00a0\u202f]»)*(?=\s)|[。！？]+[{closing}」』]*")


def _pieces(text: str, span: Span, stops: Stops) -> Iterator[Span]:
    """The paragraph's sentences."""
    start = span.start
    for stop in _stop_pattern(stops.closers).finditer(text, span.start, span.end):
        if stop.end() < span.end and _ends(text, start, stop, span.end, stops):
            yield Span(start, stop.end())
            start = stop.end()
            while text[start].isspace():
                start += 1
    yield Span(start, span.end)


def _ends(text: str, start: int, stop: re.Match[str], limit: int, stops: Stops) -> bool:
    """Whether a sentence that began at ``start`` ends with this stop."""
    after = text[stop.end() : min(limit, stop.end() + 80)].lstrip()
    opening = after.lstrip(OPENERS + " -–—")
    if not opening or opening[0].islower():
        return not opening
    if stop[0] == ".":
        return not _abbreviates(text[max(start, stop.start() - 24) : stop.start()], after, stops)
    asks = stop[0][0] in "!?" and stop[0][-1] in CLOSERS
    return not (asks and _NAME_SAYS.match(after))


def _abbreviates(before: str, after: str, stops: Stops) -> bool:
    """Whether a single stop after ``before`` belongs to an abbreviation or a number rather than to the sentence."""
    last = _LAST_WORD.search(before)
    if not last:
        return False
    word = last[0].lower()
    if before.strip().isdigit():  # '1. First'
        return True
    if word in stops.numbered and after[0].isdigit():
        return True
    return word in stops.titles or (_may_abbreviate(before, last[0], stops) and not _opens_sentence(after, stops))


def _may_abbreviate(before: str, word: str, stops: Stops) -> bool:
    initial = len(word) == 1 and word.isupper() and word != "I"
    ordinal = stops.ordinals and _ORDINAL.search(before)
    return initial or word.lower() in stops.short or bool(ordinal or _DOTTED.search(before))


def _opens_sentence(after: str, stops: Stops) -> bool:
    word = _FIRST_WORD.match(after)
    return after[0] in OPENERS or (word is not None and word[0].lower() in stops.openings)
