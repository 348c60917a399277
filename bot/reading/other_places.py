"""Place names in other languages than English: names that the place index knows, kept where what stands beside them
speaks for a place. There is no tagger for these languages; rules take its part.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.reading.gazetteer import Gazetteer, Level, Match, Rows
from bot.reading.geography import fold
from bot.reading.inflection import forms
from bot.reading.place_mentions import Mention
from bot.reading.places import located, outlet_of
from bot.reading.tongues import Tongue, tongue
from bot.types import Furniture, MentionKind, Sentence, Span, Toponym

LONGEST = 4  # words of a name
SHORTEST = 3  # letters of one that isn't written in capitals
# People that a town must have, by what speaks for it.
NAMED_AS_ONE, IN_A_LIST, AFTER_SMALL_WORD, BIG, OPENING, WELL_KNOWN = 500, 5_000, 20_000, 100_000, 200_000, 500_000

_TOKEN = re.compile(r"(?:(?<!\w)(?:[dlnsjmcDLNSJMC]|[Qq]u|[Jj]usqu)['’](?=\w))|[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_JOINT = re.compile(r"[ \u00a0'’-]{0,2}")
_SMALL = frozenset(
    [
        "de",
        "del",
        "la",
        "el",
        "los",
        "las",
        "du",
        "des",
        "d'",
        "d’",
        "le",
        "les",
        "sur",
        "am",
        "an",
        "der",
        "im",
        "ob",
        "bei",
        "на",
    ]
)  # inside a name
_STREET = re.compile(
    r"\b(?:вул|ул|просп|пр|бул|пл|пер|calle|avenida|avda?|plaza|paseo|rue|avenue|boulevard|place|quai|شارع|ساحة)\.?\s(?:de\s|du\s|la\s)*$",
    re.IGNORECASE,
)
_AREA_AFTER = re.compile(r"(?:,|\s\()?[^.,;()]{0,28}")
_PREFIXES = re.compile(r"[وف]?(?P<close>[بلك])?(?P<rest>\w{3,})")
_AREAS = frozenset({Level.ADMIN1, Level.ADMIN2, Level.REGION})
_BORNE = (Match.NAME, Match.PLAIN, Match.ALIAS, Match.FORMER)


@dataclass(frozen=True, slots=True)
class _Word:
    span: Span
    text: str

    @property
    def low(self) -> str:
        return self.text.lower()

    @property
    def is_name(self) -> bool:
        return self.text[:1].isupper()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Words that the index knows as a name, and what stands beside them."""

    mention: Mention
    first: int  # number of its first word in the sentence
    last: int
    people: int
    level: Level  # of the most populous record
    bent: bool  # known in another form only
    close: bool = False  # a preposition is written with it: 'بالقاهرة'


def resolve(
    text: str, sentences: Sequence[Sentence], language: str, gazetteer: Gazetteer, *, outlet_url: str | None = None
) -> tuple[Toponym, ...]:
    """The place names of a text in one of ``tongues.OTHERS``, in its order, each with the record that it means.

    Without a tagger a name that can't be located is not known to be a place, and is left out.
    """
    finder = _Finder(text, tongue(language), gazetteer)
    parts = [one.span for one in sentences if one.furniture in {None, Furniture.HEADING, Furniture.CAPTION}]
    found = finder.mentions(parts)
    places = located(found, gazetteer, outlet_of(outlet_url, gazetteer))
    return tuple(Toponym(m.span, m.name, m.kind, place) for m, place in zip(found, places, strict=True) if place)


class _Finder:
    def __init__(self, text: str, language: Tongue, gazetteer: Gazetteer) -> None:
        self.text, self.words, self._gazetteer = text, language.places, gazetteer
        self._shows_names = language.code != "ar"  # by capitals
        self._nouns_too = language.code == "de"
        self._given = language.speech.given
        self._openings = language.stops.openings

    def mentions(self, parts: Iterable[Span]) -> list[Mention]:
        """Those of the names that something speaks for, and the same names where they stand alone."""
        every = [(tokens, list(self._candidates(tokens))) for tokens in map(self._tokens, parts)]
        sure, people = set[str](), set[str]()
        kept: list[_Candidate] = []
        doubtful: list[_Candidate] = []
        for tokens, found in every:
            taken: list[_Candidate] = []
            for bare in found:
                one = replace(bare, mention=replace(bare.mention, levels=self._called(tokens, bare)))
                if self._is_somebody(tokens, one):
                    people.update(t.low for t in tokens[one.first : one.last + 1])
                elif self._speaks_for(tokens, one, taken[-1] if taken else None):
                    sure.add(one.mention.key)
                    taken.append(one)
                else:
                    doubtful.append(one)
            kept += self._hinted(taken)
        kept += [one for one in doubtful if one.mention.key in sure]
        return sorted((one.mention for one in kept if not self._is_surname(one, people, sure)), key=lambda m: m.span)

    def _hinted(self, taken: Sequence[_Candidate]) -> Iterator[_Candidate]:
        """A sentence's places, each with the area that the words right after it name: 'X, en Y'."""
        for at, one in enumerate(taken):
            after = taken[at + 1] if at + 1 < len(taken) else None
            rows = self._area(after) if after and after.level > one.level else None
            near = after and _AREA_AFTER.fullmatch(self.text, one.mention.span.end, after.mention.span.start)
            yield replace(one, mention=replace(one.mention, hints=frozenset(rows))) if rows and near else one

    def _area(self, one: _Candidate) -> list[int]:
        levels = self._gazetteer.records["level"][one.mention.rows]
        return [int(row) for row in one.mention.rows[np.isin(levels, (Level.ADMIN1, Level.COUNTRY))]]

    def _is_surname(self, one: _Candidate, people: set[str], sure: set[str]) -> bool:
        """Whether the name is somebody's elsewhere in the text and nothing near it says place."""
        return one.mention.name.lower() in people and not (one.mention.levels or one.mention.key in sure)

    def _tokens(self, part: Span) -> list[_Word]:
        return [_Word(Span(*m.span()), m[0]) for m in _TOKEN.finditer(self.text, part.start, part.end)]

    def _candidates(self, tokens: Sequence[_Word]) -> Iterator[_Candidate]:
        """The longest known name at each word, none inside another."""
        at = 0
        while at < len(tokens):
            found = self._longest(tokens, at) if self._may_begin(tokens[at]) else None
            if found:
                yield found
            at = found.last + 1 if found else at + 1

    def _may_begin(self, word: _Word) -> bool:
        if not self._shows_names:
            return len(word.text) > 2 and word.text not in self._given
        return word.is_name and len(word.text) > 1 and not word.text.endswith(("'", "’"))

    def _longest(self, tokens: Sequence[_Word], first: int) -> _Candidate | None:
        small = tokens[first].low in self.words.strong | self.words.weak | self._openings
        for last in range(self._reach(tokens, first), first - 1 + small, -1):
            if (tokens[last].is_name or not self._shows_names or tokens[last].low in self.words.after_area) and (
                found := self._known(tokens, first, last)
            ):
                return found
        return None

    def _reach(self, tokens: Sequence[_Word], first: int) -> int:
        last = first
        while last + 1 < min(len(tokens), first + LONGEST) and self._joined(tokens, last):
            word = tokens[last + 1]
            if self._shows_names and not (word.is_name or word.low in _SMALL or word.low in self.words.after_area):
                break
            last += 1
        return last

    def _joined(self, tokens: Sequence[_Word], at: int) -> bool:
        """Whether nothing but a space or hyphen stands between a word and the next."""
        if not 0 <= at < len(tokens) - 1:
            return False
        between = self.text[tokens[at].span.end : tokens[at + 1].span.start]
        return bool(_JOINT.fullmatch(between)) or (tokens[at].text in {"St", "Ste"} and between == ". ")

    def _known(self, tokens: Sequence[_Word], first: int, last: int) -> _Candidate | None:
        span = Span(tokens[first].span.start, tokens[last].span.end)
        surface = span.of(self.text)
        if not self._shows_names:
            return self._known_arabic(span, surface, first, last)
        best = self._best(span, surface, forms(surface, self.words.endings), first, last)
        if best is None and self.words.adjective and surface.endswith(self.words.adjective) and first == last:
            stem = surface.removesuffix(self.words.adjective)
            best = self._best(span, surface, [stem, f"{stem}en"], first, last)
            if best and best.people >= BIG:
                return replace(best, mention=replace(best.mention, kind=MentionKind.ASSOCIATIVE))
            return None
        return best

    def _known_arabic(self, span: Span, surface: str, first: int, last: int) -> _Candidate | None:
        """Of a name with and, with, to, as written to it (و ف ب ل ك) the span leaves these out."""
        if found := self._best(span, surface, [surface], first, last):
            return found
        opened = _PREFIXES.match(surface)
        if not opened:
            return None
        rest = surface[opened.start("rest") :]
        whole = f"ال{rest[1:]}" if opened["close"] == "ل" and rest.startswith("ل") else rest
        inner = Span(span.start + opened.start("rest"), span.end)
        found = self._best(inner, rest, [whole], first, last)
        return replace(found, close=opened["close"] in {"ب", "ل"}) if found else None

    def _best(self, span: Span, surface: str, wanted: Iterable[str], first: int, last: int) -> _Candidate | None:
        """The records of all forms together, under the form of the most populous."""
        known = [
            (form, rows, matches)
            for form in wanted
            if len((found := self._borne(form))[0])
            for rows, matches in [found]
        ]
        if not known:
            return None
        sizes = [self._size(rows) for _, rows, _ in known]
        top = max(range(len(known)), key=lambda k: (sizes[k][0] * (3 if k == 0 else 1), -k))
        form = known[top][0]
        rows = np.concatenate([rows for _, rows, _ in known])
        matches = np.concatenate([matches for _, _, matches in known])
        _, once = np.unique(rows, return_index=True)
        people, level = sizes[top]
        mention = Mention(span, surface, fold(form), MentionKind.LITERAL, rows[once], matches[once])
        return _Candidate(mention, first, last, people, level, bent=form != surface)

    def _borne(self, form: str) -> tuple[Rows, Rows]:
        """Records that bear the name; in its own language a name is a name, whatever language the index has it from."""
        if len(form) < SHORTEST and not form.isupper():
            return self._gazetteer.named("")
        rows, matches = self._gazetteer.named(form)
        fitting = np.isin(matches, [*_BORNE, *([Match.ABBREVIATION] if form.isupper() else [])])
        rows, matches = rows[fitting], matches[fitting]
        return rows, np.where(matches == Match.ALIAS, int(Match.NAME), matches)

    def _size(self, rows: Rows) -> tuple[int, Level]:
        record = self._gazetteer.records[rows]
        people = np.where(record["level"] >= Level.COUNTRY, 10_000_000, record["population"])
        top = int(np.argmax(people))
        return int(people[top]), Level(int(record["level"][top]))

    def _before(self, tokens: Sequence[_Word], at: int) -> str:
        """The word right before, in lower case; '' when there is none or a mark stands between."""
        if at <= 0:
            return ""
        between = self.text[tokens[at - 1].span.end : tokens[at].span.start]
        return tokens[at - 1].low if between in {" ", "", "\u00a0"} or between == "-" else ""

    def _is_somebody(self, tokens: Sequence[_Word], one: _Candidate) -> bool:
        """Whether another name stands right beside it: 'Paris Hilton'."""
        if not self._shows_names:
            return self._before(tokens, one.first) in self._given
        before, words = self._before(tokens, one.first), self.words
        if _STREET.search(self.text, max(0, one.mention.span.start - 20), one.mention.span.start):
            return True
        small = words.strong | words.weak | words.before_town | words.before_area | self._openings
        led = bool(before) and tokens[one.first - 1].is_name and before not in small
        led = led and not (one.bent and one.first == 1)  # 'Residents of X' opens a sentence
        follows = self._joined(tokens, one.last) and tokens[one.last + 1].is_name
        if led:
            return not one.mention.levels
        if not follows or self._nouns_too:
            return False
        two = one.last + 2 < len(tokens) and self._joined(tokens, one.last + 1) and tokens[one.last + 2].is_name
        return not (one.people >= BIG and ((self._is_strong(tokens, one.first) and one.bent) or (one.bent and two)))

    def _is_strong(self, tokens: Sequence[_Word], at: int) -> bool:
        """Whether a preposition of place stands before, an article between left out."""
        before = self._before(tokens, at)
        if before in self.words.strong:
            return True
        return before in self.words.weak and self._before(tokens, at - 1) in self.words.strong

    def _called(self, tokens: Sequence[_Word], one: _Candidate) -> frozenset[Level]:
        """What the words beside the name say it is."""
        before = self._before(tokens, one.first)
        phrase = f"{self._before(tokens, one.first - 1)} {before}" if before else ""
        after = tokens[one.last + 1].low if self._joined(tokens, one.last) else ""
        if {before, phrase} & self.words.before_town:
            return frozenset({Level.TOWN})
        area = {before, phrase} & self.words.before_area or {after, tokens[one.last].low} & self.words.after_area
        return _AREAS if area else frozenset()

    def _speaks_for(self, tokens: Sequence[_Word], one: _Candidate, last: _Candidate | None) -> bool:
        if one.mention.kind is MentionKind.ASSOCIATIVE:
            return one.last + 1 < len(tokens) and tokens[one.last + 1].is_name
        if one.mention.levels:
            return one.people >= NAMED_AS_ONE
        if all(t.low in self.words.common for t in tokens[one.first : one.last + 1]) or self._quoted(one):
            return self._is_strong(tokens, one.first) and one.people >= BIG and not self._quoted(one)
        return one.people >= self._needed(tokens, one, last)

    def _quoted(self, one: _Candidate) -> bool:
        """Whether it stands alone in quotation marks, as a firm's name does."""
        start, end = one.mention.span
        return self.text[max(0, start - 1) : start] in {"«", "„", "“", '"'} and self.text[end : end + 1] in {
            "»",
            "“",
            "”",
            '"',
        }

    def _needed(self, tokens: Sequence[_Word], one: _Candidate, last: _Candidate | None) -> int:
        """The people that the place must have."""
        if one.close or self._is_strong(tokens, one.first):
            return NAMED_AS_ONE if self._shows_names else 10_000
        if last and self._continues(last, one):
            return IN_A_LIST
        alone = self._needed_alone(tokens, one)
        return min(alone, BIG) if one.last > one.first else alone

    def _needed_alone(self, tokens: Sequence[_Word], one: _Candidate) -> int:
        """The same where nothing but the name itself speaks for it."""
        if not self._shows_names:
            return WELL_KNOWN
        if one.first == 0:
            return OPENING
        if self._nouns_too:
            return OPENING if one.bent or self._before(tokens, one.first) in self.words.weak else WELL_KNOWN
        return AFTER_SMALL_WORD if self._before(tokens, one.first) in self.words.weak else self.words.bare

    def _continues(self, last: _Candidate, one: _Candidate) -> bool:
        """'A, B and C': after a place only a comma, or one small word."""
        between = self.text[last.mention.span.end : one.mention.span.start].strip()
        return between in {",", "и", "و"} or between in self.words.weak or (not self._shows_names and between == "،")
