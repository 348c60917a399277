"""Whom a statement's source means: a figure of the text, an unnamed source, a document, or nobody that can be told."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.reading import institutions, names
from bot.reading.figures import Figure
from bot.reading.lexicon import pattern, words
from bot.reading.page import Page
from bot.reading.shapes import GIVEN_AS, PEOPLES, SEEN_BY, core_of, is_office, singular
from bot.types import SourceKind, Span

REACH = 3  # sentences back to whom a pronoun may point

_PRONOUNS = {word: name for name in ("he", "she", "it", "they", "who", "we") for word in words("pronouns", name)}
_VAGUE = frozenset(words("sources", "vague"))
_DOCUMENTS = frozenset(words("sources", "documents"))
_FIRMS = frozenset(words("sources", "company_nouns"))
_OFFICES = re.compile(
    r"\b(?:Ministry|Department|Agency|Committee|Council|Commission|University|Union|Court|Police|Government|Office|Authority)\b"
)
_ROLES = frozenset(words("sources", "roles"))
_GROUPS = frozenset(words("sources", "groups"))
_BODIES = frozenset((*words("sources", "bodies"), "police", "military"))
_OPENINGS = frozenset(words("openings", "words"))
_PREPOSITION = re.compile(
    r"\b(?:for|of|to|with|from|in|at|by|on|near|inside|behind|within|under|against|about|around|across|over)\s+(?:the\s+)?(?:[\w’'.-]+\s+){0,3}$"
)
_AFTER_HEAD = re.compile(
    r"\s*(?:['’]s?)?\s*(?:$|(?:for|of|to|with|from|in|at|by|on|near|and|or|himself|herself|itself|themselves|alone|both|all)\b)"
)
_JOINT = re.compile(r",?\s+and\s+(?:also\s+)?")
_LEADS_UP = re.compile(r"(?:(?:the|its|his|her|their|an?)\s+)?(?:[\w’'-]+\s+){0,5}")
_POSSESSIVE = re.compile(r"['’]s?\s+\w")
_DEFINITE = re.compile(r"^(?:the|this|that|these|those)\s+", re.IGNORECASE)
_DANGLING = re.compile(r"(?:\s(?:for|of|to|with|from|in|at|by|on|near|inside|about|and|or|who|familiar))+$")
_TRAILING = re.compile(
    r"['’]s?$|\s(?:No\.\s*)?\d+$|\s(?:responsible|concerned|involved|there|here|itself|himself|herself)$"
)
_SPOKES = re.compile(r"spokes(?:man|woman|person|people)", re.IGNORECASE)
_GROUP = re.compile(
    r"(?:(?:a (?:couple|number|group|handful) of|some|several|many|most|two|three|four|other|senior|local|[A-Z]\w+)"
    r"\s+)*"
    rf"(?:{pattern(_GROUPS)})s\b"
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is meant. Equal speakers are one source."""

    name: str
    kind: SourceKind


@dataclass(frozen=True, slots=True)
class _Heard:
    """A speaker at one place of the text."""

    at: Span
    speaker: Speaker


@dataclass(slots=True)
class Cast:
    """The figures of a text, and who was heard so far. Ask for sources in text order: pronouns look back."""

    page: Page
    figures: Sequence[Figure]
    places: Sequence[Span]
    heard: list[_Heard] = field(default_factory=list)
    _mentions: list[tuple[Span, Figure]] = field(default_factory=list)
    _figured: set[Speaker] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._figured = {Speaker(f.name, f.kind) for f in self.figures}
        self._mentions = sorted(((m, f) for f in self.figures for m in f.mentions), key=lambda pair: pair[0])

    def speaker(self, source: Span) -> Speaker | None:
        """Whom the words mean; None for a pronoun that points to nobody."""
        found = self._meant(source)
        if found:
            self.heard.append(_Heard(source, found))
        return found

    def speakers(self, source: Span) -> dict[Span, Speaker]:
        """Whom the words mean, by the words that name each: two where they join two names, 'Roe and Bloggs'."""
        found = {part: speaker for part in self._joined(source) if (speaker := self.speaker(part))}
        return found if len(set(found.values())) == len(found) else dict([*found.items()][:1])

    def _joined(self, source: Span) -> tuple[Span, ...]:
        """The source, or its parts before and after an 'and' that joins two names of it."""
        text = self.page.text
        mentions = [m for m, _ in self._within(source) if not self._is_beside(m, source)]
        for joint in _JOINT.finditer(text, source.start, source.end):
            left, right = Span(source.start, joint.start()), Span(joint.end(), source.end)
            ends = any(m.end == left.end for m in mentions)
            heads = (m for m in mentions if right.start <= m.start and _LEADS_UP.fullmatch(text, right.start, m.start))
            if ends and any(_AFTER_HEAD.match(text[m.end : source.end].split(",")[0]) for m in heads):
                return (left, right)
        return (source,)

    def _meant(self, source: Span) -> Speaker | None:
        surface = source.of(self.page.text).strip(" \"“”‘’'").lower()
        if surface in _PRONOUNS:
            return self._pronoun(_PRONOUNS[surface], source)
        figure = self._named(source)
        if figure:
            return Speaker(figure.name, figure.kind)
        if surface in _VAGUE and (group := self._last_group(source)):
            return group
        return self._described(source)

    # --- names

    def _named(self, source: Span) -> Figure | None:
        """The figure that the source's words name, not one that they only mention beside: 'an aide to X'."""
        core = core_of(self.page.text, source)
        inside = [(m, f) for m, f in self._within(source) if not SEEN_BY.search(self.page.text, source.start, m.start)]
        if given := GIVEN_AS.search(self.page.text, source.start, source.end):
            return next((f for m, f in inside if m.start == given.start("name")), None)
        free = [(m, f) for m, f in inside if not self._is_beside(m, source)]
        heads = [f for m, f in free if core.holds(m) and _AFTER_HEAD.match(self.page.text[m.end : core.end])]
        people = [f for f in heads if f.is_person] or [f for m, f in free if f.is_person and m.start >= core.end]
        if people:
            return max(reversed(people), key=lambda f: " " in f.name)
        beyond = [f for m, f in free if core.end < m.start < core.end + 7]  # 'The manager, Roe Tankers'
        heads = heads or beyond
        return heads[0] if heads else self._behind_document(core, [f for _, f in inside])

    def _behind_document(self, core: Span, figures: Sequence[Figure]) -> Figure | None:
        """Whose the document is: 'a report by X', "X's report", 'an X report'."""
        head = self._head(core)
        return figures[0] if figures and {head, singular(head)} & _DOCUMENTS else None

    def _within(self, span: Span) -> list[tuple[Span, Figure]]:
        start = bisect_right(self._mentions, span.start - 80, key=lambda pair: pair[0].start)
        found = []
        for mention, figure in self._mentions[start:]:
            if mention.start >= span.end:
                break
            if mention.overlaps(span):
                found.append((mention, figure))
        return found

    def _is_beside(self, mention: Span, source: Span) -> bool:
        """Whether the name only says whose or of what: possessive, or after a preposition."""
        before = self.page.text[source.start : mention.start]
        owned = bool(_POSSESSIVE.match(self.page.text[mention.end : source.end]))
        if is_office(before):
            return False
        clause = before.rsplit(",", 1)[-1]
        return owned or bool(
            _PREPOSITION.search(clause) and clause.split()[0].lower() not in {"of", "for", "to", "with", "from", "by"}
        )

    def _head(self, core: Span) -> str:
        """The noun that the core turns on: the last word before a preposition."""
        phrase = re.split(r"\s(?:for|of|to|with|from|in|at|by|on|near|inside|about)(?:\s|$)", core.of(self.page.text))[
            0
        ]
        found = re.findall(r"[\w-]+", _TRAILING.sub("", phrase.strip()))
        return found[-1].lower() if found else ""

    # --- descriptions

    def _described(self, source: Span) -> Speaker | None:
        """A speaker for words without a name in them: one heard or named before, else an unnamed one.

        None for words that describe nobody, such as a bare 'the'.
        """
        core = core_of(self.page.text, source)
        phrase, head = core.of(self.page.text).strip(), self._head(core)
        if not head or (head in _OPENINGS - _VAGUE and singular(head) not in _GROUPS | _BODIES):
            return None
        if _DEFINITE.match(phrase) and (known := self._known_by(phrase, head, source)):
            return known
        name, kind = self._lowered(core), self._kind(core, phrase, head)
        body = self._body_called(name) if kind is SourceKind.ORGANISATION else None
        return Speaker(body.name, body.kind) if body else Speaker(name, kind)

    def _body_called(self, phrase: str) -> Figure | None:
        """The one body that these words name without capitals, a people before them apart: 'the Roman water board'."""
        key = institutions.key_of(phrase)
        keys = {key, key.partition(" ")[2] if PEOPLES.match(key.partition(" ")[0].title()) else key}
        found = [f for f in self.figures if not f.is_person and " " in f.name and institutions.key_of(f.name) in keys]
        return found[0] if len(found) == 1 else None

    def _kind(self, core: Span, phrase: str, head: str) -> SourceKind:
        single = singular(head)
        if {head, single} & _DOCUMENTS:
            return SourceKind.DOCUMENT
        if (single in _GROUPS and single not in _BODIES) or PEOPLES.match(phrase):
            return SourceKind.UNNAMED
        is_place = any(
            place.overlaps(core) and place.start - core.start < 5 and place.end >= core.end - 2 for place in self.places
        )
        return (
            SourceKind.ORGANISATION
            if is_place or (single in _BODIES and (head == single or head == "police"))
            else SourceKind.UNNAMED
        )

    def _known_by(self, phrase: str, head: str, source: Span) -> Speaker | None:
        """Who was introduced before under this noun: somebody unnamed, a person by role, a body by its name or kind."""
        for heard in reversed(self.heard):
            if heard.speaker not in self._figured and self._head(core_of(self.page.text, heard.at)) == head:
                return heard.speaker
        told = set(re.findall(r"\b[A-Z]\w+", _DEFINITE.sub("", phrase)))
        for mention, figure in reversed([pair for pair in self._mentions if pair[0].end <= source.start]):
            if self._answers(mention, figure, head, phrase) and told <= set(re.findall(r"\w+", self._around(mention))):
                return Speaker(figure.name, figure.kind)
        return None

    def _answers(self, mention: Span, figure: Figure, head: str, phrase: str) -> bool:
        if not figure.is_person:
            label = figure.label or ""
            kinds = {label, label.split()[-1]} - {"government"} if label else set()
            if head in _FIRMS and label in {"", "company"} and not _OFFICES.search(figure.name):
                heard = any(heard.speaker.name == figure.name for heard in self.heard)
                return heard or (not label and self._is_only_firm(figure))
            return head in figure.name.lower().split() or _DEFINITE.sub("", phrase.lower()) in kinds
        beside = self._around(mention).lower()
        wanted = "spokes" if _SPOKES.search(head) else head
        return head in _ROLES and re.search(rf"\b{re.escape(wanted)}", beside) is not None

    def _is_only_firm(self, figure: Figure) -> bool:
        """Whether no other body that the table doesn't know is named, so that 'the company' can mean no other."""
        unknown = [f for f in self.figures if not f.is_person and not f.label and not _OFFICES.search(f.name)]
        return unknown == [figure]

    def _around(self, mention: Span) -> str:
        """What stands right before a name, and in an apposition right after it."""
        text = self.page.text
        before = re.split(
            r"[.,;:!?\n]|\b(?:said|told|and|by|with|to|of)\b", text[max(0, mention.start - 60) : mention.start]
        )[-1]
        after = re.match(r",\s+([^,.;:\n]{0,80})", text[mention.end : mention.end + 90])
        return before + " " + (after[1] if after else "")

    def _lowered(self, core: Span) -> str:
        """The words as they stand, but for a capital that they only have because they open a sentence."""
        if PEOPLES.match(core.of(self.page.text)):
            return core.of(self.page.text)
        phrase = " ".join(core.of(self.page.text).split()).strip(" \"“”‘’',.;:")
        phrase = _DANGLING.sub("", phrase)
        first = phrase.split(" ")[0]
        common = first.lower() in _OPENINGS | _VAGUE or singular(first.lower()) in _GROUPS | _DOCUMENTS | _BODIES
        is_acronym = first.isupper() and len(first) > 1
        return phrase[:1].lower() + phrase[1:] if common and not is_acronym else phrase

    # --- pronouns

    def _pronoun(self, pronoun: str, at: Span) -> Speaker | None:
        if pronoun in {"he", "she"}:
            return self._person(pronoun, at)
        if pronoun == "who":
            return self._antecedent(at)
        if pronoun == "they":
            return self._recent(at, {SourceKind.UNNAMED, SourceKind.ORGANISATION}, sentences=1) or self._group_before(
                at
            )
        if pronoun == "it":
            return self._recent(
                at, {SourceKind.ORGANISATION, SourceKind.OUTLET, SourceKind.DOCUMENT}, sentences=2
            ) or self._body_before(at)
        return None

    def _person(self, pronoun: str, at: Span) -> Speaker | None:
        """Whom the pronoun most likely means: near, last to speak, first named in a sentence, of fitting name."""
        best: tuple[float, Speaker] | None = None
        for mention, figure in reversed(self._mentions):
            if mention.start >= at.start or not figure.is_person:
                continue
            gap = self._sentences_between(mention, at)
            if gap > REACH:
                break
            score = self._fitness(mention, figure, pronoun, gap)
            if score is not None and (best is None or score > best[0]):
                best = (score, Speaker(figure.name, figure.kind))
        unnamed = self._last_unnamed(at)
        if unnamed and (best is None or unnamed[0] > best[0]):
            return unnamed[1]
        return best[1] if best else None

    def _last_unnamed(self, at: Span) -> tuple[float, Speaker] | None:
        """The last single person heard who has no name, with a fitness as that of names: 'a resident'."""
        for heard in reversed(self.heard):
            gap = self._sentences_between(heard.at, at)
            if gap > REACH:
                return None
            alone = not self._head(core_of(self.page.text, heard.at)).endswith("s")
            if heard.speaker.kind is SourceKind.UNNAMED and alone and heard.at.start < at.start:
                return 2.0 - gap, heard.speaker
        return None

    def _fitness(self, mention: Span, figure: Figure, pronoun: str, gap: int) -> float | None:
        told = self._gender(figure)
        if told not in {None, pronoun} or not self.page.is_report(mention):
            return None
        spoke = any(h.at.overlaps(mention) for h in self.heard)
        owned = self.page.text[mention.end : mention.end + 2] in {"’s", "'s"}
        sentence = self.page.sentence_at(mention.start)
        leads = sentence is not None and not any(
            f.is_person and sentence.span.start <= m.start < mention.start
            for m, f in self._within(Span(sentence.span.start, mention.start + 1))
            if m != mention
        )
        return 1.5 * spoke + 0.8 * leads - gap - 1.2 * owned - 1.5 * self.page.is_quoted(mention) - 0.4 * (told is None)

    def _gender(self, figure: Figure) -> str | None:
        for mention in figure.mentions:
            before = self.page.text[max(0, mention.start - 20) : mention.start]
            told = names.pronoun_of(mention.of(self.page.text), before)
            if told:
                return told
        return names.pronoun_of(figure.name)

    def _antecedent(self, at: Span) -> Speaker | None:
        """Whom 'who' follows."""
        before = [
            (m, f)
            for m, f in self._mentions
            if at.start - 40 <= m.end <= at.start and "." not in self.page.text[m.end : at.start]
        ]
        return Speaker(before[-1][1].name, before[-1][1].kind) if before else None

    def _recent(self, at: Span, kinds: set[SourceKind], sentences: int) -> Speaker | None:
        for heard in reversed(self.heard):
            if heard.speaker.kind in kinds and heard.at.start < at.start:
                return heard.speaker if self._sentences_between(heard.at, at) <= sentences else None
        return None

    def _last_group(self, at: Span) -> Speaker | None:
        """The unnamed group heard last in the same paragraph."""
        here = self.page.sentence_at(at.start)
        for heard in reversed(self.heard):
            there = self.page.sentence_at(heard.at.start)
            if heard.speaker.kind is SourceKind.UNNAMED and here and there and here.paragraph == there.paragraph:
                return heard.speaker
        return None

    def _group_before(self, at: Span) -> Speaker | None:
        """A group that the sentence itself names before 'they'."""
        sentence = self.page.sentence_at(at.start)
        found = list(_GROUP.finditer(self.page.text, sentence.span.start, at.start)) if sentence else []
        return Speaker(self._lowered(Span(*found[-1].span())), SourceKind.UNNAMED) if found else None

    def _body_before(self, at: Span) -> Speaker | None:
        before = [
            (m, f)
            for m, f in self._mentions
            if not f.is_person and m.end <= at.start and self._sentences_between(m, at) <= 1
        ]
        return Speaker(before[-1][1].name, before[-1][1].kind) if before else None

    def _sentences_between(self, one: Span, other: Span) -> int:
        return self.page.index_at(other.start) - self.page.index_at(one.start)
