"""Where the place names of a text stand: the tagger's, mended and joined with names that are places beyond doubt."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from bot.reading import lexicon
from bot.reading.gazetteer import Gazetteer, Level, Match, Rows
from bot.reading.geography import GENERIC, fold, place_words, plain_form
from bot.reading.tagger import NameKind, NameTag
from bot.types import Span

_POSSESSIVE = re.compile(r"(?<=\w)['’]s?$")
_EDGES = ' \t\n"“”„«»()[],;:!?–—'
_DIRECTION = re.compile(
    r"(?:(?:north|south|east|west|northeast|northwest|southeast|southwest|north-?east|north-?west|south-?east|south-?west)"
    r"(?:ern|ward)?|central|upper|lower|greater|inner|outer|downtown|midtown|uptown|metro|metropolitan|mainland|rural|urban"
    r"|suburban|far|mid|deep|coastal|occupied|nearby|old|interior)",
    re.IGNORECASE,
)
_TAILS = re.compile(
    r"\s+(?:area|areas|suburbs?|outskirts|metropolitan area|metro area|city limits|countryside|mainland|coast)$"
)
_HEADS = re.compile(r"^(?:city|town|village|state|province|commonwealth|republic|kingdom|port|people s republic) of\s+")
_ABBREVIATED = re.compile(r"^([NSEW])\.(?=[^\W\d_]{3})")  # 'S.Ossetia'
_COMPOUND = re.compile(r"([^\W\d_][\w.’']+)[-–][a-z]+$")  # 'Russian-occupied'
_BEARINGS = {"n": "north", "s": "south", "e": "east", "w": "west"}
_NEXT_WORD, _LAST_WORD = re.compile(r"[ -][A-Z][\w’'-]+"), re.compile(r"\b[A-Z][\w’']+[ -]$")
_DIVIDERS = tuple(map(re.compile, (r"\s*,\s+", r"\s*[-–—/]\s*", r"\s+(?:and|&)\s+")))
_WORD = re.compile(r"[^\W\d_](?:[\w’'-]|\.(?=[^\W\d_]))*(?:(?<=\.[^\W\d_])\.)?")  # 'U.S.' is one word
_CAPITALISED = re.compile(rf"(?:[\W\d_]|[a-z](?:[\w’'-]|\.(?=[^\W\d_]))*+)*+({_WORD.pattern})")  # skips small letters
_COMMON = GENERIC | place_words("common")
_PERSON = re.compile(
    r"[^\W\d_a-z][\w.’'-]*(?: (?:[^\W\d_a-z][\w.’'-]*|de|del|der|den|la|van|von|bin|al|el|ibn|da|dos))*"
)
_OFFICES = lexicon.pattern({*lexicon.words("sources", "roles"), *lexicon.words("sources", "ranks")})
_OFFICE = re.compile(rf".*(?:\b(?:{_OFFICES})\.?|['’]s)\s+", re.IGNORECASE | re.DOTALL)  # 'Toledo Mayor ' before a name
_OFFICE_LAST = re.compile(rf"(?:{_OFFICES})\.?", re.IGNORECASE)
_PRINTED, _LEADING = re.compile(r"\S+"), re.compile(r"\S+\s+")
_BINDS_BEFORE, _BINDS_AFTER = tuple("_.'’-"), tuple("_-")  # characters by which a name belongs to a longer word
_SURE = 0.8  # score of a tag from which its name is taken for a place wherever the text has it
_LONGEST = 6  # words of a sure name
_VILLAGE = 1_000  # inhabitants of a town that a name may mean though the tagger takes it for somebody's
_TOWN = 50_000  # inhabitants of a town whose longer name is preferred: 'Mexico City' where the tagger has 'Mexico'


def place_spans(text: str, names: Sequence[NameTag], gazetteer: Gazetteer) -> list[Span]:
    """Spans of the place names, in text order and apart from each other; bare directions are none."""
    people = people_in(text, names)
    sure = [s for s in _sure(text, gazetteer) if not any(p.span.holds(s) for p in people)]
    tagged = _joined(text, [_whole(text, tag.span) for tag in _places(names, people)])
    kept = [t for t in tagged if not any(s.holds(t) for s in sure)] + [
        s for s in sure if not any(t.holds(s) and t != s for t in tagged)
    ]
    kept += [s for s in _mistaken(text, names, gazetteer) if not any(s.overlaps(k) for k in kept)]
    kept += _again(text, names, kept)
    found: list[Span] = []
    for span in sorted(kept, key=lambda s: (s.start, -s.end)):
        for piece in _pieces(text, trimmed(text, _extended(text, span, gazetteer)), gazetteer):
            if _is_name(piece.of(text)) and not (found and piece.start < found[-1].end):
                found.append(piece)
    return found


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, those with but a space between them as one: the tagger sometimes loses the middle of a name."""
    joined: list[Span] = []
    for span in spans:
        if joined and text[joined[-1].end : span.start] == " ":
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _mistaken(text: str, names: Sequence[NameTag], gazetteer: Gazetteer) -> Iterator[Span]:
    """Names tagged as somebody's or some body's that are, as they stand, the names of places."""
    for tag in names:
        span = trimmed(text, tag.span)
        if tag.kind != NameKind.PLACE and span.of(text).istitle() and _is_populous(span.of(text), gazetteer):
            yield span


def _again(text: str, names: Sequence[NameTag], kept: Sequence[Span]) -> Iterator[Span]:
    """Where names that are surely places in this text stand again, untagged or tagged as something else."""
    place = NameKind.PLACE
    surely = {n.span.of(text) for n in names if n.kind == place and n.score >= _SURE}
    for name in sorted(n for n in surely if len(n) > 3 and n[0].isupper()):
        for span in _occurrences(text, name):
            within = any(n.span.holds(span) and n.span != span for n in names)
            if not within and not any(span.overlaps(k) for k in kept):
                yield span


def _occurrences(text: str, name: str) -> Iterator[Span]:
    """Where the name stands as words of their own, not as a part of a longer word."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        before, after = text[at - 1 : at], text[end : end + 1]
        if not (before.isalnum() or before in _BINDS_BEFORE) and not (after.isalnum() or after in _BINDS_AFTER):
            yield Span(at, end)
        at = text.find(name, end)


def _is_name(words: str) -> bool:
    """Whether the words may name one place, rather than give but a direction or a kind of place ('Central', 'Hall')."""
    letters = sum(c.isalpha() for c in words)
    return letters > 1 and not all(map(_DIRECTION.fullmatch, _parts(words))) and (" " in words or not is_common(words))


def is_common(words: str) -> bool:
    """Whether a name is made of directions and kinds of place alone: 'City Hall', but also 'Garden City'."""
    return all(_DIRECTION.fullmatch(part) or part.lower() in _COMMON for part in _parts(words))


def _parts(words: str) -> list[str]:
    return words.replace("-", " ").split()


def _whole(text: str, span: Span) -> Span:
    """The span grown to whole words, so that '.S.' is 'U.S.'."""
    start, end = span
    while (
        start > 0
        and text[start - 1].isalnum()
        and (text[start : start + 1].isalnum() or text[start : start + 1] == ".")
    ):
        start -= 1
    while end < len(text) and text[end].isalnum() and (text[end - 1].isalnum() or text[end - 1] == "-"):
        end += 1
    return Span(start, end)


def _sure(text: str, gazetteer: Gazetteer) -> Iterator[Span]:
    """Names of countries, their people and the like, the longest first where several begin at a word."""
    done = 0
    for word in _CAPITALISED.finditer(text):
        start = word.start(1)
        if start < done or not text[start].isupper() or fold(word[1]) not in gazetteer.sure_starts:
            continue
        for last in reversed(list(islice(_WORD.finditer(text, start), _LONGEST))):
            span = Span(start, last.end())
            if _is_sure(span.of(text), gazetteer):
                yield span
                done = span.end
                break


def _is_sure(name: str, gazetteer: Gazetteer) -> bool:
    acronym = gazetteer.sure_names.get(fold(name))
    return acronym is not None and "\n" not in name and (not acronym or name.isupper())


def _extended(text: str, span: Span, gazetteer: Gazetteer) -> Span:
    """The span with the capitalised word after or before it, where both name a larger place: 'Mexico' + 'City'."""
    after = _NEXT_WORD.match(text, span.end)
    before = _LAST_WORD.search(text, max(0, span.start - 20), span.start)
    wider = [Span(span.start, after.end())] if after else []
    wider += [Span(before.start(), span.end)] if before else []
    return next((w for w in wider if _is_large(w.of(text), gazetteer)), span)


def _is_populous(name: str, gazetteer: Gazetteer) -> bool:
    return _is_sizeable(name, gazetteer, Match.ALIAS, _VILLAGE)


def _is_large(name: str, gazetteer: Gazetteer) -> bool:
    return _is_sizeable(name, gazetteer, Match.PLAIN, _TOWN)


def _is_sizeable(name: str, gazetteer: Gazetteer, worst: Match, people: int) -> bool:
    """Whether the name is borne no worse than ``worst`` by a state or more, or by a town of so many people."""
    rows, matches = gazetteer.find(name)
    if not len(rows):
        return False
    rows = rows[matches <= worst]
    levels, populations = gazetteer.records["level"][rows], gazetteer.records["population"][rows]
    return bool(((levels >= Level.ADMIN1) | (populations >= people)).any())


def people_in(text: str, names: Sequence[NameTag]) -> list[NameTag]:
    """Tags of persons cut down to their names: of 'Toledo Mayor Ann Roe' Ann Roe; none of 'one diplomat in Kyiv'."""
    cut = ((n, _bare_name(n.span.of(text))) for n in names if n.kind == NameKind.PERSON)
    return [replace(n, span=Span(n.span.start + at.start, n.span.start + at.end)) for n, at in cut if at]


@lru_cache(maxsize=10_000)
def _bare_name(words: str) -> Span | None:
    """Where in a tag's words the person's name stands; None where they are no name, or end in an office."""
    office = _OFFICE.match(words)
    start, end = office.end() if office else 0, len(words)
    while start < end and words[end - 1] in _EDGES:
        end -= 1
    if possessive := _POSSESSIVE.search(words[start:end]):
        end = start + possessive.start()
    name = words[start:end]
    plain = _PERSON.fullmatch(name) and not _OFFICE_LAST.fullmatch(name.split()[-1])
    return Span(start, end) if plain else None


def _places(names: Sequence[NameTag], people: Sequence[NameTag]) -> Iterator[NameTag]:
    """Tags of places, but for those that are rather (part of) a person's name."""
    for tag in names:
        if tag.kind == NameKind.PLACE and not any(p.span.holds(tag.span) and _outdoes(p, tag) for p in people):
            yield tag


def _outdoes(person: NameTag, place: NameTag) -> bool:
    return person.span != place.span or person.score > place.score


def trimmed(text: str, span: Span) -> Span:
    """The span without quotation marks, article and possessive at its edges."""
    start, end = span
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    if possessive := _POSSESSIVE.search(text[start:end]):
        end = start + possessive.start()
    return _named(text, Span(start, end))


def _named(text: str, span: Span) -> Span:
    """The span without words in lower case at its edges and a leading 'The': 'town of Lyman' is Lyman."""
    name = span.of(text)
    if name and not name[0].islower() and len(name.split()) == 1 == len(name.split(" ")):
        return span
    words = list(_PRINTED.finditer(name))
    while words and (words[0][0].islower() or (words[0][0] == "The" and len(words) > 1)):
        words = words[1:]
    while words and words[-1][0].islower():
        words = words[:-1]
    return Span(span.start + words[0].start(), span.start + words[-1].end()) if words else Span(span.start, span.start)


def _pieces(text: str, span: Span, gazetteer: Gazetteer) -> list[Span]:
    """The span itself, or its parts where it runs several names together: 'A, B', 'A-B', 'A and B'."""
    if len(gazetteer.find(span.of(text))[0]) or not span.of(text):
        return [span]
    if shorter := _without_lead(text, span, gazetteer):
        return [shorter]
    if len(known(span.of(text), gazetteer)[1]):
        return [span]
    if compound := _COMPOUND.match(text, span.start, span.end):
        return [Span(*compound.span(1))]
    for divider in _DIVIDERS:
        cuts = [m.span() for m in divider.finditer(span.of(text))]
        parts = [Span(span.start + a, span.start + b) for a, b in _between(cuts, span.end - span.start)]
        if len(parts) > 1 and any(len(known(p.of(text), gazetteer)[1]) for p in parts) and _all_names(text, parts):
            return [piece for p in parts for piece in _pieces(text, trimmed(text, p), gazetteer)]
    return [span]


def _without_lead(text: str, span: Span, gazetteer: Gazetteer) -> Span | None:
    """The span without directions and peoples before a known name: Chechnya's of 'Southern Russian Chechnya'."""
    for word in _LEADING.finditer(span.of(text)):
        lead = word[0].strip()
        if not _DIRECTION.fullmatch(lead) and fold(lead) not in gazetteer.sure_names:
            return None
        rest = Span(span.start + word.end(), span.end)
        if len(gazetteer.find(rest.of(text))[0]) and not is_common(rest.of(text)):
            return rest
    return None


def _between(cuts: list[tuple[int, int]], size: int) -> Iterator[tuple[int, int]]:
    edges = [0, *(edge for cut in cuts for edge in cut), size]
    yield from zip(edges[::2], edges[1::2], strict=True)


def _all_names(text: str, parts: Iterable[Span]) -> bool:
    return all(p.of(text)[:1].isupper() and len(p.of(text)) > 2 for p in parts)


def known(name: str, gazetteer: Gazetteer) -> tuple[str, Rows, Rows]:
    """The form of the name that the gazetteer knows, with the rows that bear it and how; else the folded name."""
    folded = fold(_ABBREVIATED.sub(r"\1 ", name))
    rows, matches = gazetteer.find(name)
    if len(folded) < 3 and not name.isupper():  # 'Al' is not AL
        rows, matches = rows[matches != Match.ABBREVIATION], matches[matches != Match.ABBREVIATION]
    sure = len(rows) and matches[0] != Match.VARIANT
    if sure:
        return folded, rows, matches
    for form in _forms(folded):
        others, how = gazetteer.find(form) if form != folded else (rows, matches)
        if len(others) and how[0] != Match.VARIANT:
            return form, others, how
    return folded, rows, matches


def _forms(folded: str) -> Iterator[str]:
    """Other forms under which the gazetteer may know a name, the closest first."""
    words = folded.split()
    if words and words[0] in _BEARINGS:
        yield " ".join([_BEARINGS[words[0]], *words[1:]])
    yield _HEADS.sub("", folded)
    yield _TAILS.sub("", folded)
    if words and words[-1] in GENERIC | {"oblasts", "regions", "provinces", "counties"}:
        yield plain_form(folded)
    while len(words) > 1 and _DIRECTION.fullmatch(words[0]):
        words = words[1:]
        yield " ".join(words)
        yield _TAILS.sub("", " ".join(words))
