"""The tagger's statements, checked by rules that can be read.

What isn't saying goes, what belongs together is joined, what was missed is added.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.reading import missed, stance
from bot.reading.page import Page
from bot.reading.tagger import NameKind, NameTag, StatementTag
from bot.types import Sentence, Span

FEWEST_WORDS = 3  # of a content outside quotation marks: less is a splinter
FEWEST_QUOTED = 2  # of a content inside them

_NEXT_WORDS = re.compile(r"(?:\s+[\w’'-]+){1,2}")
_NOUNS = re.compile(r"(?:\s+[^\W\d_][\w’'-]*){1,3}\s")
_MORE_NOUNS = re.compile(r"(?:\s+[^\W\d_][\w’'-]*){1,6}\s")  # after a bare 'the'
_DETERMINERS = frozenset({"a", "an", "the", "one", "another"})
_APPOSED = re.compile(r"(?:\s(?:in|for|of|at|to)\s[^,.;:“”\"\n]{1,40})?,\s+(?:(?:[A-Z][\w-]*\.?\s+){0,2}(?=[A-Z]))?")
_FULL_NAME = re.compile(rf"((?:[A-Z][\w’'-]+\s+){{1,3}}[A-Z][\w’'-]+)(?=,|\s+(?:{stance.SAYING_VERB})\b)")
_CLAUSE_OPENS = re.compile(r"[,;]\s+(?:and|but|while|as|though|although|when)(?:\s+(?:even|also))?\s+$")
_TO_CUE = re.compile(r"(?:,[^.;:“”\"\n]{3,150},)?\s+(?:also\s+|later\s+|has\s+|had\s+)?")
_VERB = re.compile(rf"\b(?:{stance.SAYING_VERB})\b")


def check(page: Page, tags: Iterable[StatementTag], names: Sequence[NameTag]) -> tuple[StatementTag, ...]:
    """The statements of a text, in the order of their contents."""
    spans = sorted({name.span for name in names if name.kind is not NameKind.PLACE})
    tidied = [statement for tag in tags if (statement := _tidy(page, tag, spans))]
    joined = list(_joined(s for s in tidied if _counts(page, s)))
    found = [s for s in joined if _is_long_enough(page, s) and _has_source(page, s)]
    found += missed.according(page, found)
    found += missed.quotations(page, found)
    found += missed.headlines(page, spans, found)
    return tuple(sorted((_continued(page, s, found) for s in found), key=lambda s: s.content))


def _tidy(page: Page, tag: StatementTag, names: Sequence[Span]) -> StatementTag | None:
    """The statement with trimmed contents, its whole cue and its source's whole name; None where no content is left."""
    cue = _whole_cue(page.text, tag.cue)
    nearer = _nearer(page, tag.source, cue, names)
    pieces = tuple(p for p in _pieces(page, tag.content, cue) if not (nearer and nearer.end <= p.start < cue.start))
    if not pieces:
        return None
    source = nearer or tag.source or missed.source_before(page, cue)
    return replace(tag, content=pieces, cue=cue, source=source and _whole_source(page, source, cue, names))


def _pieces(page: Page, content: Iterable[Span], cue: Span) -> Iterator[Span]:
    """The trimmed pieces of a content without its cue and without scraps: a word or two from another sentence."""
    home = page.index_at(cue.start)
    for raw in (_in_paragraph(page, piece, cue) for piece in sorted(content)):
        parts = (Span(raw.start, cue.start), Span(cue.end, raw.end)) if raw.overlaps(cue) else (raw,)
        for piece in filter(None, map(page.trimmed, (part for part in parts if part.start < part.end))):
            elsewhere = page.index_at(piece.start) != home
            scrap = elsewhere and len(piece.of(page.text).split()) < FEWEST_WORDS
            if not scrap or page.is_quoted(piece):
                yield _without_that(page, piece)


def _without_that(page: Page, piece: Span) -> Span:
    """The piece without a 'that' before its quotation: the word is the article's."""
    quoted = Span(piece.start + 5, piece.end)
    opens = piece.of(page.text)[:5].lower() == "that "
    return quoted if opens and page.is_quoted(quoted) else piece


def _in_paragraph(page: Page, piece: Span, cue: Span) -> Span:
    """The piece; of one that isn't quoted and runs over paragraphs, what lies in the cue's or else in the first."""
    if "\n" not in piece.of(page.text) or page.is_quoted(piece):
        return piece
    spans = [Span(piece.start + m.start(), piece.start + m.end()) for m in re.finditer(r"[^\n]+", piece.of(page.text))]
    home = page.sentence_at(cue.start).paragraph
    return next((s for s in spans if page.sentence_at(s.start).paragraph == home), spans[0]) if spans else piece


def _whole_cue(text: str, cue: Span) -> Span:
    """The cue with the verb after it, where the tagger stopped at an adverb or auxiliary: 'has', 'later'."""
    following = _NEXT_WORDS.match(text, cue.end)
    if stance.is_saying(cue.of(text)) or not following:
        return cue
    verb = _VERB.search(following[0])
    return Span(cue.start, cue.end + verb.end()) if verb else cue


def _nearer(page: Page, source: Span | None, cue: Span, names: Sequence[Span]) -> Span | None:
    """A name after the chosen source that opens the clause of the cue: '..., and even X, leader of Y, said'."""
    low = source.end if source else page.sentence_at(cue.start).span.start
    for name in names[bisect_left(names, (low, low)) :]:
        if name.start >= cue.start:
            return None
        opens = _CLAUSE_OPENS.search(page.text[max(low, name.start - 20) : name.start])
        if opens and _TO_CUE.fullmatch(page.text[name.end : cue.start]):
            return name
    return None


def _whole_source(page: Page, source: Span, cue: Span, names: Sequence[Span]) -> Span:
    """The source with the whole of a name that it cuts, and with the few words that part it from its cue."""
    cut = [name for name in names if name.overlaps(source)]
    start, end = min([source.start, *(n.start for n in cut)]), max([source.end, *(n.end for n in cut)])
    if page.text[start:end].lower() in _DETERMINERS:
        end = missed.whole_phrase(page, Span(start, end)).end
    if not any(name.end >= end for name in cut):
        end = _end_of_apposition(page.text, end, names)
    between = page.text[end : cue.start]
    nouns = _NOUNS if any(len(word) > 3 for word in page.text[start:end].split()) else _MORE_NOUNS
    if nouns.fullmatch(between) and missed.may_be_source(between) and not _VERB.search(between):
        end = cue.start - 1
    return Span(start, end) if not cue.overlaps(Span(start, end)) else source


def _end_of_apposition(text: str, end: int, names: Sequence[Span]) -> int:
    """Where the name ends that follows a description and a comma: 'its spokesman, Ann Roe, said'; else ``end``."""
    opens = _APPOSED.match(text, end)
    if not opens:
        return end
    name = next((n for n in names if n.start == opens.end()), None)
    if name:
        return name.end
    untagged = _FULL_NAME.match(text, opens.end())
    return untagged.end(1) if untagged else end


def _counts(page: Page, statement: StatementTag) -> bool:
    """Whether it is saying, and stands in the report."""
    source = statement.source.of(page.text) if statement.source else ""
    in_report = page.is_report(statement.content[0]) and page.is_report(statement.cue)
    return in_report and stance.is_saying(statement.cue.of(page.text), source)


def _joined(statements: Iterable[StatementTag]) -> Iterator[StatementTag]:
    """One statement for all that hang on one cue."""
    by_cue: dict[Span, list[StatementTag]] = defaultdict(list)
    for statement in statements:
        by_cue[statement.cue].append(statement)
    for same in by_cue.values():
        best = max(same, key=lambda s: (s.source is not None, s.score))
        yield replace(best, content=tuple(sorted({piece for s in same for piece in s.content})))


def _is_long_enough(page: Page, statement: StatementTag) -> bool:
    count = sum(len(piece.of(page.text).split()) for piece in statement.content)
    return count >= FEWEST_WORDS or (count >= FEWEST_QUOTED and _is_quotation(page, statement))


def _has_source(page: Page, statement: StatementTag) -> bool:
    """Whether somebody is said to have said it, or it is at least in quotation marks."""
    return statement.source is not None or _is_quotation(page, statement)


def _is_quotation(page: Page, statement: StatementTag) -> bool:
    return all(page.is_quoted(piece) for piece in statement.content)


def _continued(page: Page, statement: StatementTag, found: Sequence[StatementTag]) -> StatementTag:
    """The statement with the rest of its quotation: what follows in quotation marks and belongs to nobody else."""
    pieces = list(statement.content)
    if not any(quote.overlaps(piece) for piece in pieces for quote in page.quoted):
        return statement
    last = max(pieces[-1].end, statement.cue.end)
    for quote in page.quoted:
        if quote.start < last:
            continue
        taken = any(quote.overlaps(piece) for s in found for piece in s.content)
        if taken or not _follows(page, statement, last, quote):
            break
        pieces.append(quote)
        last = quote.end
    return replace(statement, content=tuple(pieces)) if len(pieces) > len(statement.content) else statement


def _follows(page: Page, statement: StatementTag, last: int, quote: Span) -> bool:
    """Whether a quotation goes on after ``last``: it opens the next sentence and no cue of its own follows it.

    It may do so in the same paragraph, or in the next one if the quotation was left open.
    """
    here, there = page.sentence_at(last - 1), page.sentence_at(quote.start)
    if there.span.start != quote.start or _VERB.search(page.text, quote.end, there.span.end):
        return False
    is_open = here.paragraph + 1 == there.paragraph and page.text[last - 1] not in "”\"»“’'"
    if is_open and page.is_quoted(Span(last - 1, last)):
        return True
    return here.paragraph == there.paragraph and _adjoins(page, statement, last, here, quote)


def _adjoins(page: Page, statement: StatementTag, last: int, here: Sentence, quote: Span) -> bool:
    """Whether only the statement's own sentence, with its cue, or nothing stands between ``last`` and the quotation."""
    ends_here = page.sentence_at(quote.start - 1) == here
    return ends_here and (
        here.span.start <= statement.cue.start or not any(c.isalnum() for c in page.text[last : quote.start])
    )
