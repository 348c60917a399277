"""The place names of a text with the records that each may mean, and what the words beside it say of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.reading.gazetteer import Gazetteer, Level, Match, Rows
from bot.reading.geography import fold
from bot.reading.place_spans import known, place_spans, trimmed
from bot.reading.tagger import NameKind, NameTag
from bot.types import MentionKind, Span

_KINDS_AFTER = {
    Level.ADMIN2: "county|parish|borough|district|raion|rayon|municipality|township|canton",
    Level.ADMIN1: "oblast|province|state|governorate|prefecture|krai|region|territory|republic|borders?",
    Level.TOWN: "city|town|village|suburb",
}
_KINDS_BEFORE = {
    Level.ADMIN2: "county|district|parish|borough|municipality",
    Level.ADMIN1: "state|province|oblast|region|governorate|prefecture",
    Level.TOWN: "city|town|village|hamlet|suburb|capital|port|settlement|community|neighbou?rhood|township",
    Level.COUNTRY: "republic|kingdom|nation|country",
}
_AFTER = re.compile("|".join(rf"(?P<l{int(k)}>{words})" for k, words in _KINDS_AFTER.items()), re.IGNORECASE)
_AFTER_NAME = re.compile(rf"\s+(?:{_AFTER.pattern})\b", re.IGNORECASE)
_AFTER_LAST = re.compile(rf"\s(?:{_AFTER.pattern})$", re.IGNORECASE)
_BEFORE_NAME = re.compile(
    rf"\b(?:{'|'.join(rf'(?P<l{int(k)}>{words})' for k, words in _KINDS_BEFORE.items())})\s+of\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_WORD = r"[^\W\d_][\w.’'-]*"
_BEYOND = re.compile(rf"(?:,\s*|\s*\(|,?\s+in\s+(?:the\s+)?)({_WORD}(?:\s+{_WORD}){{0,2}})")
_DATELINE = re.compile(r"(?:,[^\n()–—]{1,40})?\s*(?:\([^)\n]{1,30}\)\s*)?(?:--?|–|—|:)\s")
_PLURALS = "(?:counties|parishes|districts|oblasts|provinces|states|governorates|prefectures|regions|territories)"
_LISTED = re.compile(r"\s*(?:,|,?\s*and|,?\s*or|&)\s*(?:the\s+)?")
_LIST_CALLED = re.compile(
    rf"\s+{_PLURALS}\b|[^.!?\n]{{0,150}}\b(?:these|those|both|two|three|four|five|all)\s+(?:[a-z]+\s+)?{_PLURALS}\b",
    re.IGNORECASE,
)
_LIST_INTRODUCED = re.compile(rf"\b{_PLURALS}\s+of\s+$", re.IGNORECASE)
_WATERS = frozenset(b"BAY BAYS CHN CNL GULF LGN LK LKS OCN RSV SD SEA STM STRT".split())  # feature codes
# Behind a name: no further word, or one that goes on with the sentence ('the Oskil has', but not 'the Lyman depot').
_BY_ITSELF = (
    r"(?:(?!\s+[\w’'-]|[’'-]\w)|\s+(?:and|or|to|at|in|on|near|for|from|with|between|by|where|which|that|as|into|after|before"
    r"|while|when|is|was|are|were|has|had|have|since|north|south|east|west|itself|again)\b)"
)
_WATER_AFTER = re.compile(
    rf"\s+(?P<kind>river|(?:stream|creek|canal|lake|reservoir|lagoon|estuary|sea|gulf|bay|strait)(?=s?{_BY_ITSELF}))s?\b",
    re.IGNORECASE,
)
_WATER_BEFORE = re.compile(r"\b(?P<kind>river|lake)s?\s+(?:the\s+)?$", re.IGNORECASE)
_THE, _ALONE = re.compile(r"\bthe\s+$", re.IGNORECASE), re.compile(_BY_ITSELF)
_SUBDIVISIONS = frozenset({Level.ADMIN1, Level.ADMIN2, Level.REGION})
_AREAS = (Level.ADMIN2, Level.ADMIN1, Level.COUNTRY)
_BORNE = (Match.NAME, Match.PLAIN, Match.ALIAS, Match.ABBREVIATION)


@dataclass(frozen=True, slots=True)
class Mention:
    """One place name where it stands, with the records that it may mean."""

    span: Span
    name: str  # without possessive, article and surroundings
    key: str  # the folded name that was looked up
    kind: MentionKind
    rows: Rows
    matches: Rows
    hints: frozenset[int] = frozenset()  # rows of areas that the words after it name: 'X, Ga.'
    levels: frozenset[Level] = frozenset()  # what the words beside it say it is: 'X County'
    dateline: bool = False  # opens a report: 'KYIV (Reuters) -'


def mentions(text: str, names: Sequence[NameTag], gazetteer: Gazetteer) -> list[Mention]:
    """The place names of a text, in its order and apart from each other; bare directions are none."""
    spans = place_spans(text, names, gazetteer)
    bodies = [trimmed(text, n.span) for n in names if n.kind != NameKind.PLACE]
    found = [_mention(text, span, bodies, gazetteer) for span in spans]
    return [m for run in _runs(text, found) for m in _called_alike(text, run)]


def _runs(text: str, found: Sequence[Mention]) -> Iterator[list[Mention]]:
    """The mentions, those of one list ('A, B and C') together."""
    run: list[Mention] = []
    for mention in found:
        if run and not _LISTED.fullmatch(text, run[-1].span.end, mention.span.start):
            yield run
            run = []
        run.append(mention)
    if run:
        yield run


def _called_alike(text: str, run: list[Mention]) -> list[Mention]:
    """A list's mentions; as subdivisions if the words beside it say so: 'A and B counties', 'A, B, these regions'."""
    called = _LIST_CALLED.match(text, run[-1].span.end) or _LIST_INTRODUCED.search(
        text, max(0, run[0].span.start - 40), run[0].span.start
    )
    return [replace(m, levels=_SUBDIVISIONS) for m in run] if len(run) > 1 and called else run


def _mention(text: str, span: Span, bodies: Sequence[Span], gazetteer: Gazetteer) -> Mention:
    name = span.of(text)
    key, rows, matches = _water(text, span, gazetteer) or _records(name, gazetteer)
    kind = _kind(span, bodies, matches)
    if not len(rows) or (kind == MentionKind.ASSOCIATIVE and (matches == Match.DEMONYM).all()):
        return Mention(span, name, key, kind, rows, matches)
    hints, levels = _hints(text, span.end, gazetteer), _levels(text, span)
    return Mention(span, name, key, kind, rows, matches, hints, levels, _is_dateline(text, span))


def _records(name: str, gazetteer: Gazetteer) -> tuple[str, Rows, Rows]:
    """As ``known``; of a country's or union's acronym in capitals only these records: the EU isn't the town of Eu."""
    key, rows, matches = known(name, gazetteer)
    if not (name.isupper() and gazetteer.sure_names.get(key)):
        return key, rows, matches
    states = gazetteer.records["level"][rows] >= Level.COUNTRY
    return key, rows[states], matches[states]


def _water(text: str, span: Span, gazetteer: Gazetteer) -> tuple[str, Rows, Rows] | None:
    """The river, lake or sea that the words beside the name make of it, even if none is known of that name: the town of
    Oskil isn't 'the Oskil river', nor 'the Oskil'. None where they say no such thing.
    """
    name, before = span.of(text), text[max(0, span.start - 20) : span.start]
    called = _WATER_AFTER.match(text, span.end) or _WATER_BEFORE.search(before)
    if not called:
        known = f"{name} river" in text or f"{name} River" in text  # then a headline's 'the Oskil Costs' is it, too
        if not (_THE.search(before) and (known or _ALONE.match(text, span.end))):
            return None
    kind = called["kind"] if called else "river"
    found = [gazetteer.find(form) for form in (name, f"{name} {kind}", f"{kind} {name}", f"{kind} of {name}")]
    rows, matches = (np.concatenate(part) for part in zip(*found, strict=True))
    waters = np.isin(gazetteer.records["code"][rows], list(_WATERS)) & np.isin(matches, _BORNE)
    state = (gazetteer.records["level"][found[0][0]] == Level.COUNTRY).any()  # 'the Congo', 'Ukraine sea corridor'
    if (state and not (called and waters.any())) or not (called or waters.any()):
        return None
    _, first = np.unique(rows[waters], return_index=True)
    return f"{fold(name)} {kind}", rows[waters][first], matches[waters][first]


def _kind(span: Span, bodies: Sequence[Span], matches: Rows) -> MentionKind:
    inside = any(body.start <= span.start and span.end <= body.end and body != span for body in bodies)
    if inside or (len(matches) and (matches == Match.DEMONYM).all()):
        return MentionKind.ASSOCIATIVE
    return MentionKind.METONYM if len(matches) and (matches == Match.METONYM).all() else MentionKind.LITERAL


def _hints(text: str, end: int, gazetteer: Gazetteer) -> frozenset[int]:
    """Rows of the area that stands after the name: ', Ga.', ' (Ohio)', ' in Donetsk Oblast'."""
    after = _BEYOND.match(text, end)
    if not after or not after[1][0].isupper():
        return frozenset()
    words = after[1].split()
    for size in range(len(words), 0, -1):
        rows, matches = gazetteer.find(" ".join(words[:size]).rstrip(",;"))
        if len(rows):
            areas = rows[np.isin(gazetteer.records["level"][rows], _AREAS) & np.isin(matches, _BORNE)]
            if len(areas):
                return frozenset(areas.tolist())
    return frozenset()


def _is_dateline(text: str, span: Span) -> bool:
    if span.end - span.start <= 3 or not span.of(text).isupper():
        return False
    opens = not text[: span.start].strip() or text[: span.start].rstrip(" ").endswith("\n")
    return opens and bool(_DATELINE.match(text, span.end))


def _levels(text: str, span: Span) -> frozenset[Level]:
    """What the words beside (or in) the name say the place is."""
    own = _AFTER_LAST.search(text, span.start, span.end)
    found = own or _AFTER_NAME.match(text, span.end) or _BEFORE_NAME.search(text, max(0, span.start - 30), span.start)
    if not found:
        return frozenset()
    level = Level(int(next(name for name, word in found.groupdict().items() if word)[1:]))
    return frozenset({level}) if level in {Level.TOWN, Level.COUNTRY} else _SUBDIVISIONS
