"""Statements that show by their shape, for where the tagger misses them: 'according to X', quotations, headlines."""

import re
from collections.abc import Iterator, Sequence

from bot.reading import stance
from bot.reading.lexicon import pattern, verbs, words
from bot.reading.page import Page
from bot.reading.tagger import StatementTag
from bot.types import Furniture, Span

LONGEST_SOURCE = 14  # words
FEWEST_WORDS = 3  # of what is said
SURE = 0.9  # score of such a statement

_FINITE = pattern(form for form in verbs("says", *stance.ORDER) if not form.endswith("ing"))
_ADVERBS = (
    r"(?:(?:also|then|later|earlier|further|has|had|have|previously|recently|once|again|repeatedly|publicly)\s+)*"
)
_WHO = r"(?P<source>[^\s,.;:()“”\"‘\n](?:[^,;:()“”\"\n]{0,90}?[^\s,;:()“”\"\n])?)"
_CUE = rf"(?P<cue>{_FINITE})\b"
_SOURCE_ENDS = r"(?=[,.;:\n]|\s+(?:in|on|at|during|after|as|when|who|to|of|from|told|while|and)\b|$)"
_ACCORDING = re.compile(r"\b(?P<cue>[Aa]ccording to)\s+(?P<source>[^,;:()“”\"\n]+)")
_SAID_X = re.compile(rf"[\s,]*{_CUE}\s+{_WHO}{_SOURCE_ENDS}")
_X_SAID = re.compile(rf"[\s,]*{_WHO}\s+{_ADVERBS}{_CUE}")
_X_SAID_BEFORE = re.compile(
    rf"(?:^|[,;]\s+|\b(?:and|but|as|when|while)\s+){_WHO}\s+{_ADVERBS}{_CUE}[^.;:“”\"\n]{{0,40}}[,:]?\s*$"
)
_BESIDE = re.compile(rf"(?:^|[\s“”\"(])(?P<source>(?:[\w’'.-]+\s+){{0,5}}[\w’'.-]+)\s+{_ADVERBS}$")
_PHRASE = re.compile(rf"(?:\s+(?!(?:{_FINITE}|who|which|that|in|on|at|of|for|from|to|with)\b)[\w’'-]+){{1,5}}")
_HEADLINE = re.compile(r"^(?P<source>[^:“”\"]{2,60})(?P<cue>:)\s+(?=\S+\s+\S+\s+\S)")
_RELATIVE = re.compile(
    r"\s+(?:who|which|that|where|when|while|after|before|as|but|released|published|conducted|obtained|issued|posted)\b.*$",
    re.DOTALL,
)
_PRONOUNS = frozenset(word for name in ("he", "she", "they", "it", "who") for word in words("pronouns", name))
_NO_SOURCE = (frozenset(words("openings", "words")) - _PRONOUNS) | frozenset(words("functional", "words"))


def according(page: Page, found: Sequence[StatementTag]) -> Iterator[StatementTag]:
    """'..., according to X' and 'According to X, ...' that isn't among those found."""
    for match in _ACCORDING.finditer(page.text):
        cue = Span(*match.span("cue"))
        sentence = page.sentence_at(cue.start).span
        source = _up_to_clause(page.text, Span(match.start("source"), min(match.end("source"), sentence.end)))
        known = any(s.cue.overlaps(cue) for s in found) or not page.is_report(cue)
        content = () if known else _around(page, sentence, Span(cue.start, source.end))
        if content and len(source.of(page.text).split()) <= LONGEST_SOURCE:
            yield StatementTag(source, cue, content, SURE)


def quotations(page: Page, found: Sequence[StatementTag]) -> Iterator[StatementTag]:
    """Quotations with 'X said' or 'said X' beside them that are nobody's yet."""
    for quote in page.quoted:
        taken = any(piece.overlaps(quote) for s in found for piece in s.content)
        if taken or len(quote.of(page.text).split()) <= FEWEST_WORDS or not page.is_report(quote):
            continue
        match = _beside_quotation(page, quote)
        if match and may_be_source(match["source"]):
            yield StatementTag(Span(*match.span("source")), Span(*match.span("cue")), (quote,), SURE)


def headlines(page: Page, names: Sequence[Span], found: Sequence[StatementTag]) -> Iterator[StatementTag]:
    """'X: ...' in a heading, where X is a name."""
    for sentence in page.sentences:
        match = _HEADLINE.match(sentence.span.of(page.text)) if sentence.furniture is Furniture.HEADING else None
        if not match or any(piece.overlaps(sentence.span) for s in found for piece in s.content):
            continue
        source = Span(sentence.span.start, sentence.span.start + match.end("source"))
        if any(source.holds(name) and name.end >= source.end - 2 for name in names):
            yield StatementTag(
                source, Span(source.end, source.end + 1), (Span(source.end + 2, sentence.span.end),), SURE
            )


def source_before(page: Page, cue: Span) -> Span | None:
    """The words right before a cue that has no source, if they can name one: '... which officials say costs ...'."""
    start = page.sentence_at(cue.start).span.start
    match = _BESIDE.search(page.text[max(start, cue.start - 80) : cue.start])
    if not match:
        return None
    taken = _last_phrase(match["source"])
    end = max(start, cue.start - 80) + match.end("source")
    return Span(end - len(taken), end) if may_be_source(taken) else None


def whole_phrase(page: Page, determiner: Span) -> Span:
    """The noun phrase that a bare determiner opens: 'a surgeon'."""
    noun = _PHRASE.match(page.text, determiner.end)
    return Span(determiner.start, noun.end()) if noun else determiner


def may_be_source(phrase: str) -> bool:
    """Whether the words can name a source: they end in a noun, a name or a pronoun."""
    told = phrase.lower().split()
    return 0 < len(told) <= LONGEST_SOURCE and told[-1].strip("’'.") not in _NO_SOURCE and told[-1][0].isalpha()


def _last_phrase(phrase: str) -> str:
    """What follows the last word that can't be part of a source's name."""
    taken: list[str] = []
    for word in reversed(phrase.split(" ")):
        if word.lower() in _NO_SOURCE and word.lower() not in {"the", "a", "an"}:
            break
        taken.append(word)
        if word.lower() in {"the", "a", "an"} | _PRONOUNS:
            break
    return " ".join(reversed(taken))


def _up_to_clause(text: str, span: Span) -> Span:
    kept = _RELATIVE.sub("", span.of(text)).rstrip(' .!?"”’')
    return Span(span.start, span.start + len(kept))


def _around(page: Page, sentence: Span, middle: Span) -> tuple[Span, ...]:
    """What of the sentence stands before and after ``middle``; nothing if that is only a word or two."""
    outside = (Span(sentence.start, middle.start), Span(middle.end, sentence.end))
    pieces = tuple(piece for raw in outside if (piece := page.trimmed(raw)))
    return pieces if sum(len(piece.of(page.text).split()) for piece in pieces) >= FEWEST_WORDS else ()


def _beside_quotation(page: Page, quote: Span) -> re.Match[str] | None:
    end = page.sentence_at(quote.end - 1).span.end
    after = _SAID_X.match(page.text, quote.end, end) or _X_SAID.match(page.text, quote.end, end)
    if after and may_be_source(after["source"]):
        return after
    return _X_SAID_BEFORE.search(page.text, page.sentence_at(quote.start).span.start, quote.start)
