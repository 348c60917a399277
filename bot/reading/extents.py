"""How far a statement's content goes: what the tagger left out of a clause, and what it took that isn't said."""

import re

from bot.reading import source_words, stance
from bot.reading.page import Page
from bot.types import Span

FEWEST_WORDS = 3  # of a content outside quotation marks: less is a splinter
LONGEST_GAP = 8  # words that the tagger may leave out between two pieces of one clause
LONGEST_OPENING = 40  # words that it may leave out at the start of a sentence that ends in 'X said'
LONGEST_SMALL = 10  # characters of a small word with the spaces beside it

_VERB = re.compile(rf"\b(?:{stance.SAYING_VERB})\b")
_BUT = re.compile(r"[,;]\s(?:but|while|whereas|although|though)\s(?:the\s|an?\s|its\s)?$")
_STOPS_SHORT = re.compile(
    r"\s(?:of|for|to|with|from|in|at|by|on|near|between|against|into|over|the|an?|its|his|her|their)$"
)
_PARTED = re.compile(r"[:;]\s")
_CLAUSE_ENDS = re.compile(r"[,;:“”\"]|[.!?](?=\s|$)|$")


def without_remainder(page: Page, pieces: tuple[Span, ...], cue: Span) -> tuple[Span, ...]:
    """The pieces without what tells how it was said: of '“It holds,” Roe told me on the quay. “So far.”' the quay."""
    before = [p for p in pieces if p.end <= cue.start and page.index_at(p.end) == page.index_at(cue.start)]
    if not before or not page.is_quoted(before[-1]) or not any(p.start > cue.end and page.is_quoted(p) for p in pieces):
        return pieces
    return tuple(p for p in pieces if p.start < cue.end or page.is_quoted(p))


def of_own_clause(page: Page, pieces: tuple[Span, ...], cue: Span, source: Span | None) -> tuple[Span, ...]:
    """The pieces without what stands before ', but X said' in its sentence, where something follows the cue."""
    opens = source and _BUT.search(page.text, max(0, source.start - 16), source.start)
    if not opens or not any(p.start >= cue.end for p in pieces):
        return pieces
    home = page.sentence_at(cue.start).span.start
    return tuple(p for p in pieces if not (home <= p.start and p.end <= opens.end()))


def without_strays(page: Page, pieces: tuple[Span, ...], cue: Span) -> tuple[Span, ...]:
    """The pieces without unquoted ones from sentences before the cue's, where the cue's own sentence has some."""
    home = page.sentence_at(cue.start).span
    if sum(len(p.of(page.text).split()) for p in pieces if home.start <= p.start < home.end) < FEWEST_WORDS:
        return pieces
    return tuple(p for p in pieces if p.start >= home.start or page.has_quote(p))


def mended(page: Page, pieces: tuple[Span, ...], cue: Span, source: Span | None) -> tuple[Span, ...]:
    """The pieces with what the tagger left out between two, and at the start of a sentence that ends in 'X said'."""
    mended: list[Span] = []
    for piece in pieces:
        before = mended[-1] if mended else None
        gap = Span(before.end, piece.start) if before else None
        if (
            before
            and gap
            and page.index_at(before.start) == page.index_at(piece.start)
            and _is_gap(page, gap, cue, source)
        ):
            mended[-1] = Span(before.start, piece.end)
        else:
            mended.append(piece)
    return tuple(
        _to_clause_end(page, _to_source(page, _from_start(page, mended, cue, source), cue, source), cue, source)
    )


def _from_start(page: Page, pieces: list[Span], cue: Span, source: Span | None) -> list[Span]:
    """The pieces, the first from where its sentence starts if that ends in 'X said'."""
    home, first = page.sentence_at(cue.start).span, pieces[0]
    if not source or first.end > min(cue.start, source.start):
        return pieces
    led = next((m for lead in source_words.LEADS if (m := lead.match(page.text, home.start, home.end))), None)
    opening = Span(led.end() if led and led.end() < first.start else home.start, first.start)
    parted = opening.start >= opening.end or _PARTED.search(page.text, *opening)
    if parted or not _is_gap(page, opening, cue, source, LONGEST_OPENING):
        return pieces
    return [Span(opening.start, first.end), *pieces[1:]]


def _to_source(page: Page, pieces: list[Span], cue: Span, source: Span | None) -> list[Span]:
    """The pieces, with what was left out of a clause that opens the sentence before 'X said'."""
    told = min(cue.start, source.start) if source else cue.start
    home = page.sentence_at(cue.start).span
    k = next((k for k, p in enumerate(pieces) if p.start == home.start and p.end < told), None)
    if k is None or page.has_quote(pieces[k]) or (k + 1 < len(pieces) and pieces[k + 1].start < told):
        return pieces
    rest = Span(pieces[k].end, len(page.text[:told].rstrip(' ,—–-“"')))
    if rest.end <= rest.start or not _is_gap(page, rest, cue, source, LONGEST_OPENING) or page.text[rest.end] != ",":
        return pieces
    return [*pieces[:k], Span(pieces[k].start, rest.end), *pieces[k + 1 :]]


def _to_clause_end(page: Page, pieces: list[Span], cue: Span, source: Span | None) -> list[Span]:
    """The pieces, the last with the rest of its clause where it stops at a small word: 'an inspection by'."""
    last = pieces[-1]
    if not _STOPS_SHORT.search(page.text, max(last.start, last.end - LONGEST_SMALL), last.end):
        return pieces
    end = _CLAUSE_ENDS.search(page.text, last.end, page.sentence_at(last.start).span.end)
    rest = page.trimmed(Span(last.end, end.start())) if end and end.start() > last.end else None
    if rest is None or rest.overlaps(cue) or (source and rest.overlaps(source)):
        return pieces
    return [*pieces[:-1], Span(last.start, rest.end)]


def _is_gap(page: Page, gap: Span, cue: Span, source: Span | None, longest: int = LONGEST_GAP) -> bool:
    """Whether the words belong to what stands beside them: few, in one sentence, of nobody else, unquoted."""
    if gap.start >= gap.end or gap.overlaps(cue) or (source is not None and gap.overlaps(source)):
        return False
    told = gap.of(page.text)
    inside = page.index_at(gap.start) == page.index_at(gap.end - 1) and len(told.split()) <= longest
    return inside and not _VERB.search(told) and not page.has_quote(gap) and "—" not in told
