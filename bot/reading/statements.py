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
from bot.reading.shapes import GIVEN_AS
from bot.reading.tagger import NameKind, NameTag, StatementTag
from bot.types import Sentence, Span

FEWEST_WORDS = 3  # of a content outside quotation marks: less is a splinter
REACH = 150  # characters from a source within which a name may be part of it
FEWEST_QUOTED = 2  # of a content inside them
LONGEST_GAP = 8  # words that the tagger may leave out between two pieces of one clause
LONGEST_OPENING = 14  # words that it may leave out at the start of a sentence that ends in 'X said'

_NEXT_WORDS = re.compile(r"(?:\s+[\w’'-]+){1,2}")
_NOUNS = re.compile(r"(?:\s+[^\W\d_][\w’'-]*){1,3}\s")
_MORE_NOUNS = re.compile(r"(?:\s+[^\W\d_][\w’'-]*){1,6}\s")  # after a bare 'the'
_DETERMINERS = frozenset({"a", "an", "the", "one", "another"})
_APPOSED = re.compile(
    r"(?:\s(?:in|for|of|at|to)\s[^,.;:“”\"\n]{1,40})?(?P<comma>,\s+)(?:(?:[A-Z][\w-]*\.?\s+){0,2}(?=[A-Z]))?"
)
_FULL_NAME = re.compile(rf"((?:[A-Z][\w’'-]+\s+){{1,3}}[A-Z][\w’'-]+)(?=[,.;]|$|\s+(?:{stance.SAYING_VERB})\b)")
_SHOWN_TO = re.compile(
    r"(?P<what>\b(?:[Aa]n?|[Tt]he|[Ii]ts|[Tt]heir|[Tt]wo|[A-Z][\w’'-]+)\s[^,.;:“”\"\n]{2,60}?)"
    r",?\s+(?:seen|obtained|reviewed|checked|read|verified)\s+by\s+$"
)
_PLACED_IN = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Ii]ts)\s(?:[\w’'-]+\s){1,4}?(?:in|of|from|at)\s(?:the\s)?$")
_CLAUSE_OPENS = re.compile(r"[,;]\s+(?:and|but|while|as|though|although|when)(?:\s+(?:even|also))?\s+$")
# Keeping silent, and calling what isn't words: neither is a statement.
_SILENT = re.compile(
    r"\b(?:declin|refus)\w+\s+(?:to\s+)?(?:comment|be (?:named|identified|quoted)|say|discuss|elaborate|talk|speak"
    r"|answer|respond|provide|identify)\b"
    r"|\bdid(?:\snot|n['’]t)\s(?:say|explain|specify|disclose)\s(?:when|whether|who|what|why|how|where|if)\b"
    r"|\bcall(?:s|ed|ing) an? (?:\w+ )?(?:rally|meeting|strike|election|vote|session|halt|conference|summit)\b"
)
_OPENS_SENTENCE = re.compile(
    r"(?!(?:In|On|At|By|For|From|With|After|Before|As|But|And|When|While|If)\b)[A-Z][\w’'.-]*(?:\s[\w’'.-]+){1,8}"
)
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
    found += missed.trailing(page, found)
    found += missed.headlines(page, spans, found)
    found += missed.reckoned(page, spans, found)
    whole = (part for s in found for part in _by_directness(page, _continued(page, s, found)))
    return tuple(sorted(whole, key=lambda s: s.content))


def _by_directness(page: Page, statement: StatementTag) -> Iterator[StatementTag]:
    """The statement; a paraphrase in the cue's sentence and whole sentences quoted after it are two of them."""
    home = page.index_at(statement.cue.start)
    later = tuple(p for p in statement.content if page.index_at(p.start) != home and _is_sentence_quoted(page, p))
    rest = tuple(p for p in statement.content if p not in later)
    if not later or not rest or any(page.is_quoted(p) for p in rest):
        yield statement
        return
    if sum(len(p.of(page.text).split()) for p in rest) >= FEWEST_WORDS:
        yield replace(statement, content=rest)
    yield replace(statement, content=later)


def _is_sentence_quoted(page: Page, piece: Span) -> bool:
    return page.is_quoted(piece) and len(piece.of(page.text).split()) >= FEWEST_WORDS


def _tidy(page: Page, tag: StatementTag, names: Sequence[Span]) -> StatementTag | None:
    """The statement with trimmed contents, its whole cue and its source's whole name; None where no content is left."""
    cue = _whole_cue(page.text, tag.cue)
    nearer = _nearer(page, tag.source, cue, names)
    pieces = tuple(
        p for p in _pieces(page, tag.content, cue, tag.source) if not (nearer and nearer.end <= p.start < cue.start)
    )
    if not pieces:
        return None
    source = nearer or _own_subject(page, tag.source, cue) or tag.source or missed.source_before(page, cue)
    source = source and _whole_source(page, source, cue, names)
    return replace(tag, content=_mended(page, pieces, cue, source), cue=cue, source=source)


def _mended(page: Page, pieces: tuple[Span, ...], cue: Span, source: Span | None) -> tuple[Span, ...]:
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
    home = page.sentence_at(cue.start).span
    opening = Span(home.start, mended[0].start)
    stands_after = source and mended[0].end <= min(cue.start, source.start)
    if stands_after and home.start < mended[0].start and _is_gap(page, opening, cue, source, LONGEST_OPENING):
        mended[0] = Span(home.start, mended[0].end)
    return tuple(mended)


def _is_gap(page: Page, gap: Span, cue: Span, source: Span | None, longest: int = LONGEST_GAP) -> bool:
    """Whether the words belong to what stands beside them: few, in one sentence, of nobody else, unquoted."""
    told = gap.of(page.text)
    apart = gap.start >= gap.end or gap.overlaps(cue) or (source is not None and gap.overlaps(source))
    inside = page.index_at(gap.start) == page.index_at(max(gap.start, gap.end - 1)) and len(told.split()) <= longest
    return (
        not apart and inside and not _VERB.search(told) and not any(map(gap.overlaps, page.quoted)) and "—" not in told
    )


def _pieces(page: Page, content: Iterable[Span], cue: Span, source: Span | None) -> Iterator[Span]:
    """The trimmed pieces of a content without cue, source, furniture and scraps: a word or two of another sentence."""
    home = page.index_at(cue.start)
    for raw in (_in_paragraph(page, piece, cue) for piece in sorted(content)):
        parts = [part for clipped in _clipped(page, raw, cue) for part in _without(clipped, cue)]
        if source:
            parts = [part for whole in parts for part in _without(whole, source)]
        if source and raw.start <= source.start < raw.start + 4:
            continue  # no content, but what is said of the source: 'X, a teacher who helped'
        for piece in filter(page.is_report, filter(None, map(page.trimmed, parts))):
            elsewhere = page.index_at(piece.start) != home
            scrap = elsewhere and len(piece.of(page.text).split()) < FEWEST_WORDS
            if not scrap or page.is_quoted(piece):
                yield _without_that(page, piece)


def _without(span: Span, other: Span) -> Iterator[Span]:
    """What is left of a span when the other is taken out of it."""
    if not span.overlaps(other):
        yield span
        return
    if span.start < other.start:
        yield Span(span.start, other.start)
    if other.end < span.end:
        yield Span(other.end, span.end)


def _clipped(page: Page, piece: Span, cue: Span) -> Iterator[Span]:
    """The piece by sentences, without what it takes of a sentence that is neither the cue's, nor quoted, nor whole."""
    first, last = page.index_at(piece.start), page.index_at(piece.end - 1)
    if first == last or page.is_quoted(piece):
        yield piece
        return
    home = page.index_at(cue.start)
    for k in range(max(first, 0), last + 1):
        sentence = page.sentences[k].span
        part = Span(max(piece.start, sentence.start), min(piece.end, sentence.end))
        if part.start < part.end and (k == home or _is_whole(page, part, sentence) or _has_quotation(page, part)):
            yield part


def _is_whole(page: Page, part: Span, sentence: Span) -> bool:
    return part.start == sentence.start and not any(c.isalnum() for c in page.text[part.end : sentence.end])


def _has_quotation(page: Page, part: Span) -> bool:
    return any(quote.overlaps(part) for quote in page.quoted)


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


def _own_subject(page: Page, source: Span | None, cue: Span) -> Span | None:
    """The words that open the cue's sentence and lead up to it, where the source was sought in another sentence."""
    sentence = page.sentence_at(cue.start)
    if source is None or source.end > sentence.span.start or any(map(cue.overlaps, page.quoted)):
        return None
    own = page.trimmed(Span(sentence.span.start, cue.start)) if sentence.span.start < cue.start else None
    if not own or not _OPENS_SENTENCE.fullmatch(own.of(page.text)) or _VERB.search(own.of(page.text)):
        return None
    return own if missed.may_be_source(own.of(page.text)) else None


def _whole_source(page: Page, source: Span, cue: Span, names: Sequence[Span]) -> Span:
    """The source with the whole of a name that it cuts, and with the few words that part it from its cue."""
    source = _subject(page, source, cue)
    names = names[bisect_left(names, (source.start - REACH, 0)) : bisect_left(names, (source.end + REACH, 0))]
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


def _subject(page: Page, source: Span, cue: Span) -> Span:
    """The source, or of whom it only says where or whose it is: 'the government in' before 'Roe', 'a memo seen by'."""
    start = page.sentence_at(source.start).span.start
    before = page.text[max(start, source.start - 100) : source.start]
    shown = _SHOWN_TO.search(before)
    if shown and source.end <= cue.start:
        return Span(source.start - len(before) + shown.start("what"), source.start - len(before) + shown.end("what"))
    placed = _PLACED_IN.search(before)
    if placed and not _VERB.search(placed[0]):
        return Span(source.start - len(before) + placed.start(), source.end)
    given = GIVEN_AS.search(page.text, source.end, min(source.end + 80, page.sentence_at(source.start).span.end))
    clause = given and page.text[source.end : given.start()]
    is_own = clause is not None and re.fullmatch(r"[^.;:“”\"]*\bwho\s+(?:\w+\s+)?", clause)
    return (
        Span(source.start, given.end())
        if given and is_own and not cue.overlaps(Span(source.end, given.end()))
        else source
    )


def _end_of_apposition(text: str, end: int, names: Sequence[Span]) -> int:
    """Where the name ends that follows a description and a comma: 'its spokesman, Ann Roe, said'; else ``end``."""
    beside = next((n for n in names if n.start == end + 1 and text[end] == " "), None)
    if beside:
        return beside.end
    opens = _APPOSED.match(text, end)
    if not opens:
        return end
    name = next((n for n in names if opens.end("comma") <= n.start <= opens.end()), None)
    if name:
        return name.end
    untagged = _FULL_NAME.match(text, opens.end("comma"))
    return untagged.end(1) if untagged else end


def _counts(page: Page, statement: StatementTag) -> bool:
    """Whether it is saying, and stands in the report."""
    source = statement.source.of(page.text) if statement.source else ""
    in_report = page.is_report(statement.content[0]) and page.is_report(statement.cue)
    if _SILENT.match(page.text, statement.cue.start):
        return False
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
