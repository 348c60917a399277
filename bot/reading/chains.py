"""Who passes on what somebody else said: 'X, citing Z, said', 'X quotes Z as saying', 'Z told X', 'a survey by X'.

Both are sources of it: X, who speaks to the article, and Z, whose words reach the article through X.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.reading.descriptions import head_of
from bot.reading.lexicon import holds, words
from bot.reading.page import Page
from bot.reading.shapes import core_of, singular
from bot.reading.source_words import past_opening
from bot.reading.tagger import StatementTag
from bot.types import Span

LONGEST_NAMER = 140  # characters of the words that name who is cited

_NAMER = rf"[^.;:“”\"\n]{{2,{LONGEST_NAMER}}}?"
_AS_SAYING = re.compile(
    rf"\b(?P<verb>quot(?:es?|ed|ing)|cit(?:es?|ed|ing))\s+(?P<source>(?!by\s){_NAMER})\s+as\s+"
    r"(?P<cue>saying|having\ssaid|telling|warning|claiming|denying|confirming|stating|adding)\b"
)
_QUOTED_BY = re.compile(
    r"\b(?:was|were|is|has been)\s(?P<cue>quoted\s(?:by\s(?P<via>[^,.;:“”\"\n]{2,50}?)\s)?as\s(?:saying|telling))\b"
)
_CITING = re.compile(
    rf"\b(?P<cue>[Cc]iting|[Qq]uoting)\s+(?P<source>{_NAMER})"
    r"(?=,|;|\.(?:\s|$)|\n|$|\s(?:that|as\ssaying|and\s(?:said|says)|said|says|reported)\b)"
)
_REPORTED = re.compile(
    r"\s+(?:(?:has|have|had|also|first|later)\s)?(?P<verb>report(?:s|ed)|said|says|wrote|writes|claim(?:s|ed)|announced)\b"
)
# Each match has one of these words: a text without them isn't searched.
_CITES = ("citing", "Citing", "quoting", "Quoting")
_CITED = ("quot", "cite", "citing")
_KINDS = ("roles", "groups", "bodies", "documents", "outlets", "company_nouns")
_CITABLE = frozenset(w for kind in _KINDS for w in words("sources", kind)) - {"release", "law", "plan", "order"}
_NAME_LAST = re.compile(r"^(?:the\s)?(?:[A-Z][\w’'.-]*\s+)*[A-Z][\w’'-]+$|\s[A-Z][\w’'-]+\s[A-Z][\w’'-]+$")
_PASSED_BY = re.compile(
    r"\b(?:quoted|cited|carried|aired|published|interviewed)\s(?:as\s\w+\s)?by\s(?P<via>[^,.;:“”\"\n]{2,60})"
    r"|\b(?:told|tells)\s(?P<told>[^,.;:“”\"\n]{2,60})"
    r"|\binterview\s(?:with|on|in|published by)\s(?P<met>[^,.;:“”\"\n]{2,60})"
)


@dataclass(frozen=True, slots=True)
class PassedOn(StatementTag):
    """A statement that reaches the article through somebody else, who is named by the words ``via``."""

    via: Span | None = None


def unwound(page: Page, tags: Iterable[StatementTag]) -> list[StatementTag]:
    """The tags, those that only say who is cited left out: 'X quotes Z as saying' is Z's statement through X."""
    kept = list(tags)
    for match in _QUOTED_BY.finditer(page.text) if "quoted" in page.text else ():
        subject, cue = _subject(page, match.start()), Span(*match.span("cue"))
        via = Span(*match.span("via")) if match["via"] else None
        if subject and not any(s.cue.overlaps(cue) for s in kept):
            kept += (replace(s, via=via) for s in _as_said(page, subject, cue, cue))
        elif subject:
            quoted = (s for s in kept if s.cue.overlaps(cue))
            passed = [PassedOn(subject, s.cue, s.content, s.score, via) for s in quoted]
            kept = [*(s for s in kept if not s.cue.overlaps(cue)), *passed]
    for match in _AS_SAYING.finditer(page.text) if holds(page.text, _CITED) else ():
        verb, cue, source = (Span(*match.span(part)) for part in ("verb", "cue", "source"))
        kept = [s for s in kept if not s.cue.overlaps(verb) or s.cue.overlaps(cue)]
        kept = [_told_by(s, source) if s.cue.overlaps(cue) else s for s in kept]
        if not any(s.cue.overlaps(cue) for s in kept):
            kept += _as_said(page, source, verb, cue)
    return kept


def _subject(page: Page, verb: int) -> Span | None:
    """What opens the sentence up to a verb, an aside between commas left out: 'Roe, who leads it, was quoted'."""
    start = past_opening(page.text, page.sentence_at(verb).span.start, verb)
    opening = page.text[start:verb].rstrip()
    end = start + (opening.index(",") if opening.endswith(",") and opening.count(",") > 1 else len(opening))
    return page.trimmed(Span(start, end)) if start < end and "“" not in opening else None


def _told_by(statement: StatementTag, source: Span) -> StatementTag:
    """The statement as that of whom its source quotes."""
    via = statement.source if statement.source and not statement.source.overlaps(source) else None
    content = tuple(piece for piece in statement.content if not piece.overlaps(source))
    return PassedOn(source, statement.cue, content, statement.score, via)


def _as_said(page: Page, source: Span, verb: Span, cue: Span) -> Iterator[PassedOn]:
    """The statement that the tagger missed: what follows 'as saying' in the sentence, or stands before it quoted."""
    sentence = page.sentence_at(cue.start).span
    content = page.trimmed(Span(cue.end, sentence.end)) if cue.end < sentence.end else None
    if content:
        yield PassedOn(source, cue, (content,), 1.0, page.trimmed(Span(sentence.start, verb.start)))


def cited(page: Page, found: Sequence[StatementTag]) -> list[StatementTag]:
    """The statements, and for each that is made 'citing Z' one of Z's with the same words.

    What is cited must be somebody or a document: 'citing safety concerns' cites nobody.
    """
    kept = list(found)
    for match in _CITING.finditer(page.text) if holds(page.text, _CITES) else ():
        cue, source = Span(*match.span("cue")), Span(*match.span("source"))
        if not _can_be_cited(page, source):
            continue
        citing = [s for s in kept if s.cue.overlaps(cue)]
        kept = [s for s in kept if s not in citing]
        sentence = page.index_at(cue.start)
        beside = [
            s for s in kept if page.index_at(s.cue.start) == sentence and s.source and not s.source.overlaps(source)
        ]
        main = min(beside, key=lambda s: abs(s.cue.start - cue.start), default=None)
        if main is None:
            main = next((told for s in citing if (told := _reported(page, s, cue))), None)
            if main is None:
                continue
            kept.append(main)
        content = tuple(p for piece in main.content for p in _outside(page, piece, Span(cue.start, source.end)))
        if content:
            kept[kept.index(main)] = replace(main, content=content)
            kept.append(PassedOn(source, cue, content, main.score, main.source))
    return kept


def _reported(page: Page, citing: StatementTag, cue: Span) -> StatementTag | None:
    """What is tagged as said by 'citing', as said by the verb before: 'Roe reported on Monday, citing Bloggs, that'."""
    if citing.source is None or citing.source.end > cue.start:
        return None
    verb = _REPORTED.match(page.text, citing.source.end, cue.start)
    return replace(citing, cue=Span(*verb.span("verb"))) if verb else None


def _can_be_cited(page: Page, words: Span) -> bool:
    """Whether the words turn on a noun for people, bodies or documents, or end in a name: not 'safety concerns'."""
    core = core_of(page.text, words)
    head = head_of(page.text, core)
    return {head, singular(head)} & _CITABLE != set() or _NAME_LAST.search(core.of(page.text)) is not None


def _outside(page: Page, piece: Span, aside: Span) -> Iterator[Span]:
    """The piece without the words that only say who is cited."""
    if not piece.overlaps(aside):
        yield piece
        return
    for start, end in ((piece.start, aside.start), (aside.end, piece.end)):
        if start < end and (part := page.trimmed(Span(start, end))):
            yield part


def passed_by(page: Page, statement: StatementTag) -> Span | None:
    """The words that may name the outlet through which it came: 'told X', 'quoted by X'; None without such words."""
    if isinstance(statement, PassedOn) and statement.via:
        return statement.via
    sentence = page.sentence_at(statement.cue.start).span
    low = min(sentence.start, statement.cue.start)
    for match in _PASSED_BY.finditer(page.text, low, sentence.end):
        part = next(name for name in ("via", "told", "met") if match[name])
        named = _up_to(Span(*match.span(part)), statement.content)
        apart = part == "told" and not statement.cue.overlaps(Span(*match.span()))
        if named and not apart:
            return named
    return None


def _up_to(words: Span, content: Iterable[Span]) -> Span | None:
    """The words up to where what was said begins; None where nothing is left of them."""
    end = min((piece.start for piece in content if words.start <= piece.start < words.end), default=words.end)
    inside = any(piece.start < words.start < piece.end for piece in content)
    return Span(words.start, end) if end > words.start and not inside else None
