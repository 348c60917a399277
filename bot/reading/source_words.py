"""The words that name a statement's source: found where the tagger has none, and made whole where it cut them."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from bot.reading import stance
from bot.reading.lexicon import pattern, verbs, words
from bot.reading.page import Page
from bot.reading.shapes import CAPITALISED, GIVEN_AS
from bot.types import Span

LONGEST_SOURCE = 14  # words
FINITE = pattern(form for form in verbs("says", *stance.ORDER) if not form.endswith("ing"))
ADVERBS = (
    r"(?:(?:also|both|jointly|then|later|earlier|further|has|had|have|previously|recently|once|again|repeatedly"
    r"|publicly)\s+)*"
)
REACH = 150  # characters from a source within which a name may be part of it
_NOUNS = re.compile(r"(?:-[a-z]+)?(?:\s+[^\W\d_][\w’'-]*){1,3}(?:(?<=[a-z])(?:\s[A-Z][\w’'-]+){2,3})?[\s,]")
_MORE_NOUNS = re.compile(r"(?:-[a-z]+)?(?:\s+[^\W\d_][\w’'-]*){1,6}[\s,]")  # after a bare 'the'
_SMALL_WORDS = frozenset({"on", "of", "for", "and", "the", "in"})
_NAME = rf"(?:[Tt]he\s)?{CAPITALISED.pattern}(?:\s\([A-Z][\w-]+\))?"
_AND_BEFORE = re.compile(rf"(?:(?<=[.!?]\s)|(?<=[.!?][”\"]\s)|(?<=\n)|^)(?P<name>{_NAME})\sand\s$")
_AND_AFTER = re.compile(rf"\sand\s(?P<name>{_NAME})")
_OPENS_JOINT = re.compile(r"and\s+(?=\S)")
_DETERMINERS = frozenset({"a", "an", "the", "one", "another"})
# After a name that goes on with its sentence, and says nothing: 'According to the file, Roe deleted the records'
_ACTS = re.compile(rf"\s(?!(?:{FINITE}|and|who|whose|of|in|at|from|for|on|told|has|had|also)\b)[a-z]")
_APPOSED = re.compile(
    r"(?:\s(?:in|for|of|at|to)\s[^,.;:“”\"\n]{1,40})?(?P<comma>,\s+)(?:(?:[A-Z][\w-]*\.?\s+){0,2}(?=[A-Z]))?"
)
_FULL_NAME = re.compile(rf"((?:[A-Z][\w’'-]+\s+){{1,3}}[A-Z][\w’'-]+)(?=[,.;]|$|\s+(?:{stance.SAYING_VERB})\b)")
_SHOWN_TO = re.compile(
    r"(?P<what>\b(?:[Aa]n?|[Tt]he|[Ii]ts|[Tt]heir|[Tt]wo|[A-Z][\w’'-]+)\s[^,.;:“”\"\n]{2,60}?)"
    r",?\s+(?:seen|obtained|reviewed|checked|read|verified)\s+by\s+$"
)
_READ_BY = re.compile(
    r"(?P<what>\b(?:[Aa]n?|[Tt]he|[Ii]ts|[Tt]heir|[A-Z][\w’'-]+)\s[^,.;:“”\"\n]{2,80}?),\s(?:which|that)\s$"
)
_WHO_CLAUSE = re.compile(r"[^.;:“”\"]*\bwho\s+(?:\w+\s+)?")
_HAS_READ = re.compile(r"\s(?:has|have|had)\s(?:seen|read|obtained|reviewed|checked|verified),\s(?:also\s)?")
_PLACED_IN = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Ii]ts)\s(?:(?!(?:the|an?|its)\s)[\w’'-]+\s){1,4}?(?:in|of|from|at)\s(?:the\s)?$"
)
_CLAUSE_OPENS = re.compile(r"[,;]\s+(?:and|but|while|as|though|although|when)(?:\s+(?:even|also))?\s+$")
_OPENS_SENTENCE = re.compile(
    r"(?!(?:In|On|At|By|For|From|With|After|Before|As|But|And|When|While|If|Asked|Across|Under|Over|Amid|Since|Until)\b)[A-Z][\w’'.-]*(?:\s[\w’'.-]+){1,13}"
)
_PLACE_OR_TIME = re.compile(
    r"(?:In|On|At|By|For|From|With|After|Before|Across|Under|Over|Near|Outside|Inside|Since|Until|Amid|Along|Around|Later"
    r"|Earlier|Meanwhile|Yesterday|Today|Elsewhere|Reached|Speaking|Contacted|Pressed|Questioned)\b[^,.;:“”\"\n]{0,60},\s+|(?:In|At)\s[A-Z][\w’'-]+\s(?=(?:the|an?|its|his|her)\s)"
)
_ASIDE = re.compile(r",\s[^.;:“”\"\n]{3,150},\s+(?:(?:was|were|is|has|had|also|later)\s+)*$")
DATELINE = re.compile(r"[A-ZÀ-Þ][^a-zß-ÿ\n]{2,40}(?:[A-Z][\w’., ]{0,40})?(?:\([^()\n]{2,40}\)\s*)?(?:\s?[—–-]+|:)\s+")
_AFTER_CUE = re.compile(
    r"\s(?P<source>(?!that\b)(?:(?:the|an?|its|his|her)\s)?(?:[a-z][\w’'-]*\s){0,4}[A-Z][\w’'.-]+(?:\s[A-Z][\w’'.-]+)*)(?=[,.;:]|\s[a-z]|$)"
)
OTHERS = re.compile(
    rf";\s(?:but\s|while\s)?(?!(?:he|she|it|they)\b)(?:[\w’'.-]+\s){{1,7}}?(?:{FINITE}|puts?|gives?|gave)\b"
)
_VERB = re.compile(rf"\b(?:{stance.SAYING_VERB})\b")
STAMP = re.compile(
    r"\d{1,2}[:.]\d{2}\s?(?:[ap]\.?m\.?)?(?:\s[A-Z]{2,4})?\s*[–—:-]\s+(?:(?:From|By)\s[^:.“”\n]{3,70}:\s+)?",
    re.IGNORECASE,
)
LEADS = (STAMP, DATELINE)  # what may stand before the first words of a sentence
_TO_CUE = re.compile(r"(?:,[^.;:“”\"\n]{3,150},)?\s+(?:also\s+|later\s+|has\s+|had\s+)?")
_BESIDE = re.compile(rf"(?:^|[\s“”\"(])(?P<source>(?:[\w’'.-]+\s+){{0,5}}[\w’'.-]+)\s+{ADVERBS}$")
_PHRASE = re.compile(rf"(?:\s+(?!(?:{FINITE}|who|which|that|in|on|at|of|for|from|to|with)\b)[\w’'-]+){{1,5}}")
_PRONOUNS = frozenset(word for name in ("he", "she", "they", "it", "who") for word in words("pronouns", name))
_NO_SOURCE = (frozenset(words("openings", "words")) - _PRONOUNS) | frozenset(words("functional", "words"))


def nearer(page: Page, source: Span | None, cue: Span, names: Sequence[Span]) -> Span | None:
    """A name after the chosen source that opens the clause of the cue: '..., and even X, leader of Y, said'."""
    low = source.end if source else page.sentence_at(cue.start).span.start
    for name in names[bisect_left(names, (low, low)) :]:
        if name.start >= cue.start:
            return None
        opens = _CLAUSE_OPENS.search(page.text[max(low, name.start - 20) : name.start])
        if opens and _TO_CUE.fullmatch(page.text[name.end : cue.start]):
            return name
    return None


def own_subject(page: Page, source: Span | None, cue: Span) -> Span | None:
    """The words that open the cue's sentence and lead up to it, where the source was sought in another sentence."""
    sentence = page.sentence_at(cue.start).span
    elsewhere = source is None or source.end <= sentence.start
    if not elsewhere or sentence.start >= cue.start or any(map(cue.overlaps, page.quoted)):
        return None
    start = past_opening(page.text, sentence.start, cue.start)
    opening = page.text[start : cue.start]
    aside = _ASIDE.search(opening)
    if start == cue.start or (not aside and opening.rstrip().endswith(",")):
        return None
    own = page.trimmed(Span(start, start + aside.start() if aside else cue.start))
    if not own or not _OPENS_SENTENCE.fullmatch(own.of(page.text)) or _VERB.search(own.of(page.text)):
        return None
    return own if may_be_source(own.of(page.text)) else None


def past_opening(text: str, start: int, end: int) -> int:
    """Where a clause goes on after words of place or time and a comma: 'Across the border, ...'; else its start."""
    stamp = STAMP.match(text, start, end) or DATELINE.match(text, start, end)
    start = stamp.end() if stamp else start
    opening = _PLACE_OR_TIME.match(text, start, end)
    return opening.end() if opening else start


def whole_source(page: Page, source: Span, cue: Span, names: Sequence[Span]) -> Span:
    """The source with the whole of a name that it cuts, and with the few words that part it from its cue."""
    joint = _OPENS_JOINT.match(page.text, source.start, source.end)
    source = _subject(page, Span(joint.end(), source.end) if joint else source, cue)
    names = names[bisect_left(names, (source.start - REACH, 0)) : bisect_left(names, (source.end + REACH, 0))]
    cut = [name for name in names if name.overlaps(source)]
    start, end = source
    for name in cut:
        start, end = min(start, name.start), max(end, name.end)
    if page.text[start:end].lower() in _DETERMINERS:
        end = whole_phrase(page, Span(start, end)).end
    if not any(name.end >= end for name in cut):
        end = end_of_apposition(page.text, end, names)
    end = _end_of_cut(page.text, start, end, cue)
    between = page.text[end : cue.start]
    aside = _ASIDE.search(between) if "," in between else None
    between = between[: aside.start() + 1] if aside else between
    if may_be_source(between):
        nouns = _NOUNS if any(len(word) > 3 for word in page.text[start:end].split()) else _MORE_NOUNS
        end += len(between) - 1 if nouns.fullmatch(between) and not _VERB.search(between) else 0
        end = end_of_apposition(page.text, end, names)
    start, end = _joined_names(page.text, start, end, cue)
    end = min(end, page.sentence_at(source.start).span.end)
    return Span(start, end) if not cue.overlaps(Span(start, end)) else source


def _joined_names(text: str, start: int, end: int, cue: Span) -> tuple[int, int]:
    """Bounds of the source with a name that 'and' joins to it on either side: 'Roe Bank and the Village of Linz'."""
    joined = text[max(0, start - 6) : start].rstrip().endswith("and")
    before = _AND_BEFORE.search(text, max(0, start - 90), start) if joined else None
    after = _AND_AFTER.match(text, end, cue.start)
    opens = before and (before.start() == 0 or text[before.start() - 1] in '\n "“')
    if before and opens:
        start = before.start("name")
    return start, after.end("name") if after and text[after.end() : cue.start].strip() == "" else end


def _end_of_cut(text: str, start: int, end: int, cue: Span) -> int:
    """Where the name ends that the source's words cut at a small word: 'the Committee on'; else ``end``."""
    if text[start:end].rsplit(" ", 1)[-1] not in _SMALL_WORDS:
        return end
    more = CAPITALISED.match(text, end + 1, cue.start)
    return more.end() if more else end


def end_of_apposition(text: str, end: int, names: Sequence[Span]) -> int:
    """Where the name ends that follows a description and a comma: 'its spokesman, Ann Roe, said'; else ``end``."""
    beside = bisect_left(names, (end + 1, 0))
    if text[end : end + 1] == " " and beside < len(names) and names[beside].start == end + 1:
        return names[beside].end
    opens = _APPOSED.match(text, end)
    if not opens:
        return end
    apposed = bisect_left(names, (opens.end("comma"), 0))
    if apposed < len(names) and names[apposed].start <= opens.end():
        return end if _ACTS.match(text, names[apposed].end) else names[apposed].end
    untagged = _FULL_NAME.match(text, opens.end("comma"))
    return untagged.end(1) if untagged else end


def _subject(page: Page, source: Span, cue: Span) -> Span:
    """The source, or of whom it only says where or whose it is: 'the government in' before 'Roe', 'a memo seen by'."""
    start = max(page.sentence_at(source.start).span.start, source.start - 100)
    before = page.text[start : source.start]
    beside = (before.split() or [""])[-1]  # each pattern ends in a word of its own: no search for it without that
    if beside == "by" and source.end <= cue.start and (shown := _SHOWN_TO.search(before)):
        return Span(start + shown.start("what"), start + shown.end("what"))
    reader = _READ_BY.search(before) if beside in {"which", "that"} else None
    if reader and _HAS_READ.fullmatch(page.text, source.end, max(source.end, cue.start)):
        return Span(start + reader.start("what"), start + reader.end("what"))
    if (
        beside in {"in", "of", "from", "at", "the"}
        and (placed := _PLACED_IN.search(before))
        and not _VERB.search(placed[0])
    ):
        return Span(start + placed.start(), source.end)
    return _with_name_given(page, source, cue)


def _with_name_given(page: Page, source: Span, cue: Span) -> Span:
    """The source with the name that a clause after it says was given: 'a nurse, who gave her name as Furaha'."""
    end = min(source.end + 80, page.sentence_at(source.end - 1).span.end)
    given = GIVEN_AS.search(page.text, source.end, end) if "who" in page.text[source.end : end] else None
    is_own = given and _WHO_CLAUSE.fullmatch(page.text, source.end, given.start())
    apart = given and is_own and not cue.overlaps(Span(source.end, given.end()))
    return Span(source.start, given.end()) if given and apart else source


def source_beside(page: Page, cue: Span) -> Span | None:
    """The words after a cue that follows a quotation, '“...,” says geologist Ann Roe', else those right before it."""
    after = _AFTER_CUE.match(page.text, cue.end, page.sentence_at(cue.start).span.end)
    before = page.text[max(0, cue.start - 4) : cue.start].rstrip(" ,")
    if after and before.endswith(("”", '"', "’", "»")) and may_be_source(after["source"]):
        return Span(*after.span("source"))
    return source_before(page, cue)


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
