"""The tagger's statements, checked by rules that can be read.

What isn't saying goes, what belongs together is joined, what was missed is added.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.reading import chains, extents, missed, source_words, stance
from bot.reading.cover import Cover
from bot.reading.extents import FEWEST_WORDS
from bot.reading.page import Page
from bot.reading.shapes import can_name
from bot.reading.tagger import NameKind, NameTag, StatementTag
from bot.types import Furniture, Sentence, Span

FEWEST_QUOTED = 2  # of a content inside them

_NEXT_WORDS = re.compile(r"(?:\s+[\w’'-]+){1,2}")
# Keeping silent, and calling what isn't words: neither is a statement.
_SILENT = re.compile(
    r"\b(?:declin|refus)\w+\s+(?:to\s+)?(?:comment|be (?:named|identified|quoted)|say|discuss|elaborate|talk|speak"
    r"|answer|respond|provide|identify)\b"
    r"|\bha(?:s|ve|d)\snot\s(?:spoken|said|commented|responded|replied|answered|explained)\b|\bcould not agree\b"
    r"|\basked\s(?:that\s[^.;“”\"]{2,40}?\s)?not\s(?:to\s)?be\s(?:named|identified|quoted)\b"
    r"|\basked\s(?:[^.;“”\"]{2,40}?\s)?not\sto\s(?:print|use|publish|give)\s(?:his|her|their)\s"
    r"|\b(?:did|would|could|do|does)(?:\snot|n['’]t)\s(?:immediately\s)?(?:say|explain|specify|disclose|reply|respond|comment|elaborate"
    r"|expect|give)\b|\bis expected to\b"
    r"|\bcall(?:s|ed|ing) an? (?:\w+ )?(?:rally|meeting|strike|election|vote|session|halt|conference|summit)\b"
)
_ASKED = re.compile(r"[Aa]sked\s(?:who|what|why|how|when|where|which|whether|if|about|for|by)\b")
_NO_COMMENT = re.compile(
    r"(?:that\s)?(?:it|he|she|they)\s(?:would|could|had|did)\s(?:not|no)\s(?:comment|discuss|be drawn|speak)\b"
)
_TOLD = re.compile(r"\b(?:was|were|is|are|been|being)\s(?:told|promised|asked|warned|informed|assured|ordered)\b")
_AUXILIARIES = re.compile(r"(?:(?:has|have|had|also|later|then)\s)+(?=call)")
_NOBODY = frozenset({"nobody", "no one", "none", "neither", "no-one"})
_QUOTED_SENTENCE = re.compile(r"[“\"«][A-Z][\w’-]*[.!?][”\"»]?")
_AND_THAT = re.compile(r",?\s+and\sthat\s+(?=[“\"«„‘])")
_LEADS_TO_QUOTE = re.compile(r"[^.;:“”\"«„\n]{0,60}:\s+(?=[“\"«„‘])")
_CLAUSE_AND_COLON = re.compile(
    r"(?:that\s)?(?:he|she|it|they|we|there|the\s[\w-]+|[A-Z][\w-]+)\s"
    r"(?:had|has|have|was|were|is|are|would|will|could|did|does|can|must)\s[^.;:“”\"«„\n]{3,80}:\s+(?=[“\"«„‘])"
)
_VERB = re.compile(rf"\b(?:{stance.SAYING_VERB})\b")


def check(page: Page, tags: Iterable[StatementTag], names: Sequence[NameTag]) -> tuple[StatementTag, ...]:
    """The statements of a text, in the order of their contents."""
    spans = sorted({n.span for n in names if n.kind is not NameKind.PLACE and can_name(n.span.of(page.text))})
    tags = _without_others(page, chains.unwound(page, tags))
    tidied = [statement for tag in tags if (statement := _tidy(page, tag, spans))]
    joined = list(_joined(s for s in tidied if _counts(page, s)))
    found = [s for s in joined if _is_long_enough(page, s) and _has_source(page, s)]
    found += missed.according(page, found)
    found += missed.quotations(page, spans, found)
    found += missed.trailing(page, found)
    found += missed.inverted(page, spans, found)
    found += missed.leading(page, spans, found)
    found += missed.headlines(page, spans, found)
    found += missed.reckoned(page, spans, found)
    found = chains.cited(page, found)
    found = [s for s in found if not _is_silent(page, s)]
    said = Cover(piece for statement in found for piece in statement.content)
    whole = (part for s in found for part in _by_directness(page, _continued(page, s, said)))
    return tuple(sorted(whole, key=lambda s: s.content))


def _without_others(page: Page, tags: Sequence[StatementTag]) -> Iterator[StatementTag]:
    """The tags without what lies in another paragraph, after somebody else's cue there: that is theirs."""
    first: dict[int, int] = {}
    for tag in tags:
        if tag.source:
            paragraph = page.sentence_at(tag.cue.start).paragraph
            first[paragraph] = min(tag.cue.start, first.get(paragraph, tag.cue.start))
    for tag in tags:
        here = page.sentence_at(tag.cue.start).paragraph
        kept = tuple(
            piece
            for piece in tag.content
            if (there := page.sentence_at(piece.start).paragraph) == here
            or piece.start < first.get(there, piece.end)
            or (there < here and not page.is_quoted(piece))  # looked at when the statement is tidied
        )
        if kept:
            yield tag if len(kept) == len(tag.content) else replace(tag, content=kept)


def _by_directness(page: Page, statement: StatementTag) -> Iterator[StatementTag]:
    """The statement; a paraphrase in the cue's sentence and whole sentences quoted after it are two of them."""
    home = page.index_at(statement.cue.start)
    later = tuple(p for p in statement.content if page.index_at(p.start) != home and _is_sentence_quoted(page, p))
    rest = tuple(p for p in statement.content if p not in later)
    if not later and len(rest) == 1 and (both := _said_and_quoted(page, rest[0])):
        rest, later = both[:1], both[1:]
    if not later or not rest or any(page.is_quoted(p) for p in rest):
        yield statement
        return
    if sum(len(p.of(page.text).split()) for p in rest) >= FEWEST_WORDS:
        yield replace(statement, content=rest)
    yield replace(statement, content=later)


def _said_and_quoted(page: Page, piece: Span) -> tuple[Span, Span] | None:
    """A paraphrase and a clause that is all quoted after 'and that'; None where the piece isn't such a pair."""
    if not page.has_quote(piece):
        return None
    joint = _AND_THAT.search(page.text, *piece) or _CLAUSE_AND_COLON.match(page.text, *piece)
    if not joint or not page.is_quoted(Span(joint.end(), piece.end)):
        return None
    first = page.trimmed(Span(piece.start, joint.start() if joint.start() > piece.start else joint.end() - 1))
    return (first, Span(joint.end(), piece.end)) if first else None


def _is_sentence_quoted(page: Page, piece: Span) -> bool:
    return page.is_quoted(piece) and len(piece.of(page.text).split()) >= FEWEST_WORDS


def _tidy(page: Page, tag: StatementTag, names: Sequence[Span]) -> StatementTag | None:
    """The statement with trimmed contents, its whole cue and its source's whole name; None where no content is left."""
    cue = _whole_cue(page.text, tag.cue)
    nearer = source_words.nearer(page, tag.source, cue, names)
    pieces = tuple(
        p for p in _pieces(page, tag.content, cue, tag.source) if not (nearer and nearer.end <= p.start < cue.start)
    )
    here = page.sentence_at(cue.start).paragraph
    own = tuple(p for p in pieces if page.is_quoted(p) or page.sentence_at(p.start).paragraph >= here)
    pieces = extents.without_strays(page, extents.without_remainder(page, own or pieces, cue), cue)
    if not pieces:
        return None
    source = (
        nearer or source_words.own_subject(page, tag.source, cue) or tag.source or source_words.source_beside(page, cue)
    )
    if not (pieces := extents.of_own_clause(page, pieces, cue, source)):
        return None
    source = source and source_words.whole_source(page, source, cue, names)
    return replace(tag, content=extents.mended(page, pieces, cue, source), cue=cue, source=source)


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
            if elsewhere and page.sentence_at(piece.start).furniture is Furniture.HEADING:
                continue
            scrap = elsewhere and len(piece.of(page.text).split()) < FEWEST_WORDS
            asked = _ASKED.match(page.text, piece.start) and source is not None and piece.end <= source.start
            if (not scrap or page.is_quoted(piece)) and not asked:
                yield _without_that(
                    page, _first_clause(page, _last_clause(page, _without_stamp(page, piece), cue), cue)
                )


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
    for k in range(first, last + 1):
        sentence = page.sentences[k].span
        part = Span(max(piece.start, sentence.start), min(piece.end, sentence.end))
        if part.start < part.end and (
            k == home or _is_whole(page, part, sentence) or _opens_quoted(page, part, sentence)
        ):
            yield part


def _is_whole(page: Page, part: Span, sentence: Span) -> bool:
    return part.start == sentence.start and not page.has_words(part.end, sentence.end)


def _opens_quoted(page: Page, part: Span, sentence: Span) -> bool:
    """Whether it is all quoted, or opens the sentence and holds a quotation."""
    opens = part.start == sentence.start and page.has_quote(part)
    return opens or page.is_quoted(part)


def _without_stamp(page: Page, piece: Span) -> Span:
    """The piece without the time of day and the byline that open a live blog's entry."""
    stamp = source_words.STAMP.match(page.text, piece.start, piece.end)
    return Span(stamp.end(), piece.end) if stamp and stamp.end() < piece.end else piece


def _last_clause(page: Page, piece: Span, cue: Span) -> Span:
    """Of what stands before 'according to' what follows its last colon or semicolon outside quotation marks."""
    if piece.end > cue.start or not cue.of(page.text).lower().startswith("according"):
        return piece
    parted = [m for m in re.finditer(r"[:;]\s+", piece.of(page.text)) if not page.is_quoted(piece)]
    start = piece.start + parted[-1].end() if parted else piece.start
    return piece if any(q.start < start < q.end for q in page.quoted) else Span(start, piece.end)


def _first_clause(page: Page, piece: Span, cue: Span) -> Span:
    """Of what follows the cue what comes before a semicolon and somebody else's statement: 'it holds; Roe denies'."""
    parted = source_words.OTHERS.search(page.text, *piece) if piece.start >= cue.end else None
    return Span(piece.start, parted.start()) if parted and not page.is_quoted(piece) else piece


def _without_that(page: Page, piece: Span) -> Span:
    """The piece without a 'that', or words and a colon, before its quotation: they are the article's."""
    quoted = Span(piece.start + 5, piece.end)
    opens = piece.of(page.text)[:5].lower() == "that "
    if opens and page.is_quoted(quoted):
        return quoted
    leads = _LEADS_TO_QUOTE.match(page.text, *piece)
    if not leads or _CLAUSE_AND_COLON.match(page.text, *piece):
        return piece
    quoted = Span(leads.end(), piece.end)
    return quoted if quoted.start < quoted.end and page.is_quoted(quoted) else piece


def _in_paragraph(page: Page, piece: Span, cue: Span) -> Span:
    """The piece; of one that isn't quoted and runs over paragraphs, what lies in the cue's or else in the first."""
    if "\n" not in piece.of(page.text) or page.is_quoted(piece):
        return piece
    spans = [Span(piece.start + m.start(), piece.start + m.end()) for m in re.finditer(r"[^\n]+", piece.of(page.text))]
    home = page.sentence_at(cue.start).paragraph
    return next((s for s in spans if page.sentence_at(s.start).paragraph == home), spans[0]) if spans else piece


def _whole_cue(text: str, cue: Span) -> Span:
    """The cue with the verb after it, where the tagger stopped at an adverb or auxiliary: 'has', 'later'."""
    if stance.is_saying(cue.of(text)):
        return cue
    following = _NEXT_WORDS.match(text, cue.end)
    verb = _VERB.search(following[0]) if following else None
    return Span(cue.start, cue.end + verb.end()) if verb else cue


def _counts(page: Page, statement: StatementTag) -> bool:
    """Whether it is saying, and stands in the report."""
    source = statement.source.of(page.text) if statement.source else ""
    in_report = page.is_report(statement.content[0]) and page.is_report(statement.cue)
    if source.lower() in _NOBODY or _is_asked(page, statement) or _is_told(page, statement):
        return False
    return in_report and stance.is_saying(statement.cue.of(page.text), source)


def _is_silent(page: Page, statement: StatementTag) -> bool:
    """Whether it only tells that nothing was said, or calls what isn't words: 'would not comment', 'called a rally'."""
    auxiliaries = _AUXILIARIES.match(page.text, statement.cue.start)
    verb = auxiliaries.end() if auxiliaries else statement.cue.start
    silent = _SILENT.match(page.text, verb) or _NO_COMMENT.match(page.text, statement.content[0].start)
    return silent is not None


def _is_told(page: Page, statement: StatementTag) -> bool:
    """Whether the source is who was told, not who spoke: 'they had been told to expect rain'."""
    source, cue = statement.source, statement.cue
    return (source is None or source.end <= cue.start) and _TOLD.search(cue.of(page.text)) is not None


def _is_asked(page: Page, statement: StatementTag) -> bool:
    """Whether the cue is 'asked' of one who was asked: 'Roe, asked when, said', 'Asked when, Roe said'."""
    cue = statement.cue
    asked = cue.of(page.text).lower() == "asked"
    return asked and (page.text.endswith(", ", 0, cue.start) or page.text[cue.start] == "A")


def _joined(statements: Iterable[StatementTag]) -> Iterator[StatementTag]:
    """One statement for all that hang on one cue."""
    by_cue: dict[Span, list[StatementTag]] = defaultdict(list)
    for statement in statements:
        by_cue[statement.cue].append(statement)
    for same in by_cue.values():
        if len(same) == 1 and [*same[0].content] == sorted({*same[0].content}):
            yield same[0]
            continue
        best = max(same, key=lambda s: (s.source is not None, s.score))
        yield replace(best, content=tuple(sorted({piece for s in same for piece in s.content})))


def _is_long_enough(page: Page, statement: StatementTag) -> bool:
    count = sum(len(piece.of(page.text).split()) for piece in statement.content)
    if count and _QUOTED_SENTENCE.fullmatch(statement.content[0].of(page.text)) and _is_quotation(page, statement):
        return True  # 'Asked when, she said: “Soon.”'
    return count >= FEWEST_WORDS or (count >= FEWEST_QUOTED and _is_quotation(page, statement))


def _has_source(page: Page, statement: StatementTag) -> bool:
    """Whether somebody is said to have said it, or it is at least in quotation marks."""
    return statement.source is not None or _is_quotation(page, statement)


def _is_quotation(page: Page, statement: StatementTag) -> bool:
    return all(page.is_quoted(piece) for piece in statement.content)


def _continued(page: Page, statement: StatementTag, said: Cover) -> StatementTag:
    """The statement with the rest of its quotation: what follows in quotation marks and belongs to nobody else."""
    pieces = list(statement.content)
    last = max(pieces[-1].end, statement.cue.end)
    if not any(map(page.has_quote, pieces)) and not _ends_sentence(page, last):
        return statement
    for quote in page.quoted[bisect_left(page.quoted, (last, 0)) :]:
        if said.touches(quote) or not _follows(page, statement, last, quote):
            break
        pieces.append(quote)
        last = quote.end
    return replace(statement, content=tuple(pieces)) if len(pieces) > len(statement.content) else statement


def _ends_sentence(page: Page, last: int) -> bool:
    """Whether nothing but a final stop comes after: a sentence that is all quoted goes on from it."""
    return not page.has_words(last, page.sentence_at(last - 1).span.end)


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
    return ends_here and (here.span.start <= statement.cue.start or not page.has_words(last, quote.start))
