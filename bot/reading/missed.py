"""Statements that show by their shape, for where the tagger misses them: 'according to X', quotations, headlines."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from bot.reading.cover import Cover
from bot.reading.descriptions import head_of
from bot.reading.lexicon import words
from bot.reading.page import Page
from bot.reading.shapes import core_of, singular
from bot.reading.source_words import (
    ADVERBS,
    FINITE,
    LONGEST_SOURCE,
    OTHERS,
    end_of_apposition,
    may_be_source,
    past_opening,
)
from bot.reading.tagger import StatementTag
from bot.types import Furniture, Sentence, Span

FEWEST_WORDS = 3  # of what is said
SURE = 0.9  # score of such a statement

_WHO = r"(?P<source>[^\s,.;:()“”\"‘\n](?:[^,;:()“”\"\n]{0,90}?[^\s,;:()“”\"\n])?)"
_CUE = rf"(?P<cue>{FINITE})\b"
_SOURCE_ENDS = r"(?=[,.;:\n]|\s+(?:in|on|at|during|after|as|when|who|to|of|from|told|while|and)\b|$)"
_ACCORDING = re.compile(r"\b(?P<cue>[Aa]ccording to)\s+(?P<source>[^,;:()“”\"\n]+)")
_SAID_X = re.compile(rf"[\s,]*{_CUE}\s+{_WHO}{_SOURCE_ENDS}")
_X_SAID = re.compile(rf"[\s,]*{_WHO}\s+{ADVERBS}{_CUE}")
_X_SAID_BEFORE = re.compile(
    rf"(?:^|[,;]\s+|\b(?:and|but|as|when|while)\s+){_WHO}\s+{ADVERBS}{_CUE}[^.;:“”\"\n]{{0,40}}[,:]?\s*$"
)
_HEADLINE = re.compile(r"^(?P<source>[^:“”\"]{2,60})(?P<cue>:)\s+(?=\S+\s+\S+\s+\S)")
_RELATIVE = re.compile(
    r"\s+(?:who|which|that|where|when|while|after|before|as|but|released|published|conducted|obtained|issued|posted)\b.*$",
    re.DOTALL,
)
_CLAUSAL = re.compile(rf"\b(?:{FINITE})\b|^(?:he|she|they|it|these|those|this|that|we|i|you)\s", re.IGNORECASE)
_NOT_PREPOSITION = (
    r"(?!(?:in|on|at|by|for|from|with|after|before|as|but|and|or|when|while|if|which|who|that|because|since|according"
    r"|not)\b)"
)
_TELLS = (
    r"(?:said|says|say|added|adds|claimed|claims|insisted|insists|argued|announced|reported|reports|warned|warns|estimated"
    r"|estimates|explained|answered|replied|maintained|promised|pledged|denied|denies|deny|confirmed|confirms"
    r"|forecast|forecasts|predicted|predicts|concedes|conceded|admitted|admits|acknowledged|acknowledges"
    r"|told\s(?:[\w’'.-]+\s){0,3}?[\w’'.-]+(?=\sthat\s)|told reporters)"
)
_TRAILING = re.compile(
    rf"(?P<content>[^\n]{{15,400}}),\s(?P<source>{_NOT_PREPOSITION}[^,;:“”\"()\n]{{2,90}}?)\s+{ADVERBS}{_CUE}"
    r"(?:\s(?:on|in|late|early|by)\s[^,;:“”\"\n]{2,40})?\.?$"
)
_LEADING = re.compile(
    rf"(?P<source>{_NOT_PREPOSITION}[^\s,;:“”\"()\n][^,;:“”\"()\n]{{0,80}}?(?:\s\([A-Z][\w-]+\))?)(?:,[^.;:“”\"\n]{{3,120}},)?\s+"
    rf"{ADVERBS}(?P<cue>{_TELLS})\b(?:\s(?:on|in|late|early|by|at)\s[^,;:“”\"\n]{{2,30}}?)?"
    r"(?:\s(?:on\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)?\s(?:that\s|(?=[\w“\"]+\s+[\w“\"]+\s+\w))"
)
_INVERTED = re.compile(rf"(?P<content>[^\n]{{2,300}}?),\s(?P<cue>{_TELLS})\s(?P<source>[^;:“”\"()\n]{{2,120}}?)\.?")
_NUMBER = r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds|thousands|a)\b)"
_RECKONS = re.compile(
    rf"\b(?=[a-z])(?:(?:puts?\s[^.;“”]{{2,80}}?\sat\s"
    rf"(?=[^.;]{{0,30}}?{_NUMBER}|about\b|around\b|nearly\b|some\b|over\b|twice\b|half\b|double\b)"
    r"|(?:gives?|gave|given)\s(?:an?|the)\s(?:[\w-]+\s){0,3}?(?:total|toll|number|figure|count|tally|estimate|sum)\b"
    r"|(?:counts?|counted|estimates?)\s(?=[^.;]{0,30}?\d)"
    r"|(?:called|calls)\s(?:the|this|that|it|his|her|their|its)\s[^,;.“”]{0,50}?\b(?:an?|“|\"))"
    r"|(?P<shows>speaks? of|spoke of|shows?|showed|describes?|described|lists|listed|gives|gave|warns?|warned"
    r"|tells|told|orders|recommends?|recommended|cautions?|cautioned|says|said|notes|noted|states|stated|suggests?|suggested"
    r"|finds?|found|concludes?|concluded|alleges?|alleged|estimates?|estimated|argues?|argued|claims?|claimed|denies|denied"
    r"|accuses?|accused|blames?|blamed|admits?|admitted|reveals?|revealed|indicates?|indicated|predicts?|predicted)\s)"
)
_COLON = re.compile(r":\s+$")
# What may stand before a name that opens a sentence: 'His coach, the Uruguayan', 'Captain'
_OPENS_WITH = re.compile(r"(?:(?:His|Her|Its|Their|The|An?)\s(?:[\w’'-]+,?\s){1,6}|(?:[A-Z][\w’'.-]+\s){0,4})")
_GOES_ON = re.compile(r",?\s[a-z]")
_FIRST_WORD = re.compile(r"spoke of|speaks? of|\w+")
_CLAUSE = re.compile(r"(?:^|;\s|,\s(?:while|but|and|though|although)\s|\s(?:while|but)\s)(?=[^;]*$)")
_NAMER = re.compile(
    r"(?P<source>(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Aa]nother|[A-Z][\w’'.-]+)(?:\s[^\s,;:“”\"()]+){0,9}?)"
    r"(?:,[^;:“”\"\n]{2,100},)?\s+(?:(?:is|was)\s(?:dated|signed)\s[^,;“”]{2,40}\sand\s)?(?:has\s+|had\s+|also\s+|itself\s+)?"
)
_AFTER_NOUN = re.compile(
    r"\s(?:of|by|from|to|in|for|on|at|under|with|about|into|which|that|(?!united|armed|combined)[a-z]+ed|seen|read|sent|made"
    r"|shown|written|put)\s|,"
)
_PLACED = re.compile(r"\s(?:in|from|at)\s")
_PUT_ENDS = re.compile(r";|,\s|\s(?:and|but|while|though)\s|[.!?](?=\s|$)|\n")
_SHOW_ENDS = re.compile(r";|,\s(?:while|but)\s|[.!?](?=[”\"]?\s|[”\"]?$)|\n")
_DOCUMENTS = frozenset(words("sources", "documents"))
_ROLES = frozenset(words("sources", "roles"))
_RECKONERS = frozenset((*words("sources", "bodies"), *words("sources", "groups"))) | _ROLES
_TELLERS = _RECKONERS | _DOCUMENTS


def according(page: Page, found: Sequence[StatementTag]) -> Iterator[StatementTag]:
    """'..., according to X' and 'According to X, ...' that isn't among those found."""
    for match in _ACCORDING.finditer(page.text) if "ccording to" in page.text else ():
        cue = Span(*match.span("cue"))
        sentence = page.sentence_at(cue.start).span
        source = _up_to_clause(page.text, Span(match.start("source"), min(match.end("source"), sentence.end)))
        known = any(s.cue.overlaps(cue) for s in found) or not page.is_report(cue)
        content = () if known else _around(page, sentence, Span(cue.start, source.end))
        if content and len(source.of(page.text).split()) <= LONGEST_SOURCE:
            yield StatementTag(source, cue, content, SURE)


def quotations(page: Page, names: Sequence[Span], found: Sequence[StatementTag]) -> Iterator[StatementTag]:
    """Quotations with 'X said' or 'said X' beside them that are nobody's yet."""
    said = Cover(piece for statement in found for piece in statement.content)
    for quote in page.quoted:
        if said.touches(quote) or len(quote.of(page.text).split()) <= FEWEST_WORDS or not page.is_report(quote):
            continue
        match = _beside_quotation(page, quote)
        if match and may_be_source(match["source"]):
            yield StatementTag(Span(*match.span("source")), Span(*match.span("cue")), (quote,), SURE)
        elif not match and (led := _led_up_to(page, quote, names)):
            yield led


def _untold(page: Page, found: Sequence[StatementTag]) -> list[Sentence]:
    """The sentences of the report without the cue of one of those found."""
    told = Cover(statement.cue for statement in found)
    return [s for s in page.sentences if not s.furniture and not told.touches(s.span)]


def trailing(page: Page, found: Sequence[StatementTag]) -> Iterator[StatementTag]:
    """Sentences that end in ', X said.' and are nobody's yet."""
    for sentence in _untold(page, found):
        match = _TRAILING.match(page.text, *sentence.span) if not page.has_quote(sentence.span) else None
        if not match or not may_be_source(match["source"]):
            continue
        cue, content = Span(*match.span("cue")), page.trimmed(Span(*match.span("content")))
        tells = cue.of(page.text).endswith(("ed", "said", "says", "told", "wrote")) or _says_itself(match["source"])
        sounds = tells and not _CLAUSAL.search(match["source"])
        if content and sounds:
            yield StatementTag(Span(*match.span("source")), cue, (content,), SURE)


def leading(page: Page, names: Sequence[Span], found: Sequence[StatementTag]) -> Iterator[StatementTag]:
    """Sentences that open with 'X said that ...' and are nobody's yet, where X is a name, a body or a group."""
    for sentence in _untold(page, found):
        match = _LEADING.match(page.text, past_opening(page.text, *sentence.span), sentence.span.end)
        if not match:
            continue
        source, cue = Span(*match.span("source")), Span(*match.span("cue"))
        content = page.trimmed(Span(match.end(), sentence.span.end))
        speaks = _may_speak(page, source, names)
        source = Span(source.start, min(end_of_apposition(page.text, source.end, names), cue.start - 1))
        others = OTHERS.search(page.text, *content) if content else None
        content = Span(content.start, others.start()) if content and others else content
        told = content and not content.of(page.text).startswith(
            ("of ", "from ", "to ", "for ", "on ", "in ", "at ", "by ")
        )
        if content and told and speaks and not page.has_quote(cue):
            yield StatementTag(source, cue, (content,), SURE)


def _may_speak(page: Page, source: Span, names: Sequence[Span]) -> bool:
    """Whether the words turn on a noun for people, bodies or documents, or come down to a name."""
    core = core_of(page.text, source)
    head = head_of(page.text, core)
    speaks = {head, singular(head)} & _TELLERS != set()
    return speaks or any(name.end >= core.end - 2 and core.start <= name.start < core.end for name in names)


def inverted(page: Page, names: Sequence[Span], found: Sequence[StatementTag]) -> Iterator[StatementTag]:
    """Sentences that end in ', said X.' and are nobody's yet."""
    for sentence in _untold(page, found):
        match = _INVERTED.fullmatch(page.text, *sentence.span) if not page.has_quote(sentence.span) else None
        if not match:
            continue
        source, content = Span(*match.span("source")), Span(*match.span("content"))
        if _may_speak(page, source, names):
            yield StatementTag(source, Span(*match.span("cue")), (content,), SURE)


def headlines(page: Page, names: Sequence[Span], found: Sequence[StatementTag]) -> Iterator[StatementTag]:
    """'X: ...' in a heading, where X is a name."""
    for sentence in page.sentences:
        match = _HEADLINE.match(sentence.span.of(page.text)) if sentence.furniture is Furniture.HEADING else None
        if not match or any(piece.overlaps(sentence.span) for s in found for piece in s.content):
            continue
        source = Span(sentence.span.start, sentence.span.start + match.end("source"))
        head = source.of(page.text)
        common = " " not in head and re.search(rf"\b{re.escape(head.lower())}\b", page.text) is not None
        common = common or (" " not in head and page.text.count(head) < 2)
        if not common and any(source.holds(name) and name.end >= source.end - 2 for name in names):
            yield StatementTag(
                source, Span(source.end, source.end + 1), (Span(source.end + 2, sentence.span.end),), SURE
            )


def reckoned(page: Page, names: Sequence[Span], found: Sequence[StatementTag]) -> Iterator[StatementTag]:
    """'X puts the toll at 46', 'X gives a total of 46', 'the letter speaks of ...', where X is a name or a body."""
    told = Cover(statement.cue for statement in found)
    for match in _RECKONS.finditer(page.text):
        cue, sentence = _cue_of(match), page.sentence_at(match.start()).span
        if told.touches(cue) or page.has_quote(cue) or not page.is_report(cue):
            continue
        clause = list(_CLAUSE.finditer(page.text[sentence.start : match.start()]))
        opens = sentence.start + (clause[-1].end() if clause else 0)
        namer = _NAMER.fullmatch(page.text, opens, match.start())
        if not namer:
            continue
        source = Span(*namer.span("source"))
        source = Span(source.start, min(end_of_apposition(page.text, source.end, names), cue.start - 1))
        end = (_SHOW_ENDS if match["shows"] else _PUT_ENDS).search(page.text, match.end(), sentence.end)
        content = page.trimmed(Span(cue.end, end.start() if end else sentence.end))
        taken = content is None or any(piece.overlaps(content) for s in found for piece in s.content)
        speaks = _says_itself(source.of(page.text)) if match["shows"] else _can_reckon(page, source, names)
        if content and speaks and not taken:
            yield StatementTag(source, cue, (content,), SURE)


def _cue_of(match: re.Match[str]) -> Span:
    """The verb: the first word, and what belongs to it."""
    verb = _FIRST_WORD.match(match[0])
    return Span(match.start(), match.start() + (verb.end() if verb else 0))


def _can_reckon(page: Page, source: Span, names: Sequence[Span]) -> bool:
    """Whether a document, a body or a name is the last thing in the words, but for a place: 'the Roe Board in Linz'."""
    phrase = _PLACED.split(source.of(page.text))[0]
    if phrase in {"He", "She", "It", "They"}:
        return True
    head = singular(phrase.split()[-1].lower())
    end = source.start + len(phrase)
    return (
        _says_itself(phrase)
        or head in _RECKONERS
        or any(name.end == end and source.start <= name.start for name in names)
    )


def _says_itself(phrase: str) -> bool:
    """Whether the words are headed by a document."""
    named = _AFTER_NOUN.split(phrase)[0].split()
    head = named[-1].lower() if len(named) == 1 or named[-1].islower() else ""  # 'the Post' is no post
    return bool({head, singular(head)} & _DOCUMENTS)


def _up_to_clause(text: str, span: Span) -> Span:
    kept = _RELATIVE.sub("", span.of(text)).rstrip(' .!?"”’')
    return Span(span.start, span.start + len(kept))


def _around(page: Page, sentence: Span, middle: Span) -> tuple[Span, ...]:
    """What of the sentence stands before and after ``middle``; nothing if that is only a word or two."""
    outside = (Span(sentence.start, middle.start), Span(middle.end, sentence.end))
    pieces = tuple(piece for raw in outside if (piece := page.trimmed(raw)))
    return pieces if sum(len(piece.of(page.text).split()) for piece in pieces) >= FEWEST_WORDS else ()


def _led_up_to(page: Page, quote: Span, names: Sequence[Span]) -> StatementTag | None:
    """The quotation after a colon, where its sentence opens with who must have said it: 'Ann Roe was blunt: “...”'."""
    opens = page.sentence_at(quote.start).span.start
    colon = _COLON.search(page.text, opens, quote.start)
    if not colon:
        return None
    for name in names[bisect_left(names, (opens, 0)) : bisect_left(names, (colon.start(), 0))]:
        if _OPENS_WITH.fullmatch(page.text, opens, name.start) and _GOES_ON.match(page.text, name.end, colon.start()):
            return StatementTag(Span(opens, name.end), Span(colon.start(), colon.start() + 1), (quote,), SURE)
    return None


def _beside_quotation(page: Page, quote: Span) -> re.Match[str] | None:
    end = page.sentence_at(quote.end - 1).span.end
    after = _SAID_X.match(page.text, quote.end, end) or _X_SAID.match(page.text, quote.end, end)
    if after and may_be_source(after["source"]):
        return after
    return _X_SAID_BEFORE.search(page.text, page.sentence_at(quote.start).span.start, quote.start)
