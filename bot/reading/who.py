"""Whom a statement's source means: a figure of the text, an unnamed source, a document, or nobody that can be told."""

import re
from collections.abc import Sequence

from bot.reading import descriptions, pronouns
from bot.reading.figures import Figure
from bot.reading.hearing import Heard, Hearing, Speaker, speaker_of
from bot.reading.lexicon import words
from bot.reading.page import Page
from bot.reading.shapes import GIVEN_AS, SEEN_BY, core_of, is_office
from bot.types import SourceKind, Span

_VAGUE = frozenset(words("sources", "vague"))
_PREPOSITION = re.compile(
    r"\b(?:for|of|to|with|from|in|at|by|on|near|inside|behind|within|under|against|about|around|across|over)\s+(?:the\s+)?(?:[\w’'.-]+\s+){0,3}$"
)
_AFTER_HEAD = re.compile(
    r"\s*(?:['’]s?)?\s*(?:$|(?:for|of|to|with|from|in|at|by|on|near|and|or|himself|herself|itself|themselves|alone|both|all|each|alike)\b)"
)
_OUTLET_AFTER = re.compile(
    r"\s(?:news\s|state\s)?(?:agency|newspaper|channel|website|magazine|group|party|movement)\s*$"
)
_BY = re.compile(r"\s(?:by|from)\s(?:the\s)?")
_VOICES = frozenset(words("sources", "voices"))
_JOINT = re.compile(r",?\s+and\s+(?:also\s+)?")
_AGED = re.compile(r"the \d{1,2}-year-old")
_BARE_NAME = re.compile(r"[A-Z][\w’'-]+")
_ACRONYM = re.compile(r"\s*\([^()]{2,20}\)$")
_NOT_BY = re.compile(r"\s(?:under|to|about|on|against|for|with|near)\s(?:the\s)?(?:[\w’'-]+\s){0,2}$")
_LEADS_UP = re.compile(r"(?:(?:the|its|his|her|their|an?)\s+)?(?:[\w’'-]+\s+){0,5}")
_POSSESSIVE = re.compile(r"['’]s?\s+\w")


class Cast:
    """Who is meant by the sources of one text. Ask for them in text order: pronouns look back."""

    def __init__(self, page: Page, figures: Sequence[Figure], places: Sequence[Span]) -> None:
        self.page = page
        self.hearing = Hearing(page, figures, places)

    def speaker(self, source: Span) -> Speaker | None:
        """Whom the words mean; None for a pronoun that points to nobody."""
        found = self._meant(source)
        if found:
            self.hearing.heard.append(Heard(source, found))
        return found

    def speakers(self, source: Span) -> dict[Span, Speaker]:
        """Whom the words mean, by the words that name each: two where they join two names, 'Roe and Bloggs'."""
        found = {part: speaker for part in self._joined(source) if (speaker := self.speaker(part))}
        return found if len(set(found.values())) == len(found) else dict([*found.items()][:1])

    def _joined(self, source: Span) -> tuple[Span, ...]:
        """The source, or its parts before and after an 'and' that joins two names of it."""
        text = self.page.text
        if "and" not in source.of(text):
            return (source,)
        mentions = [m for m, _ in self.hearing.within(source) if not self._is_beside(m, source)]
        for joint in _JOINT.finditer(text, source.start, source.end):
            left, right = Span(source.start, joint.start()), Span(joint.end(), source.end)
            acronym = _ACRONYM.search(left.of(text))
            if any(m.start < joint.start() and joint.end() < m.end for m in mentions):
                continue
            ends = descriptions.can_speak(text, left) or any(
                m.end in {left.end, left.start + acronym.start() if acronym else left.end} for m in mentions
            )
            heads = (m for m in mentions if right.start <= m.start and _LEADS_UP.fullmatch(text, right.start, m.start))
            headed = any(_AFTER_HEAD.match(text[m.end : source.end].split(",")[0]) for m in heads)
            named = headed and _BARE_NAME.fullmatch(left.of(text)) is not None
            if (ends or named) and (headed or descriptions.can_speak(text, right)):
                return (left, right)
        return (source,)

    def _meant(self, source: Span) -> Speaker | None:
        surface = source.of(self.page.text).strip(" \"“”‘’'").lower()
        if _AGED.fullmatch(surface):
            return pronouns.last_named(self.hearing, source)
        told = pronouns.pronoun(surface)
        if told:
            return pronouns.meant(self.hearing, told, source)
        figure = self._named(source)
        if figure:
            return speaker_of(figure)
        if surface in _VAGUE and (group := descriptions.last_group(self.hearing, source)):
            return group
        return descriptions.described(self.hearing, source)

    def _named(self, source: Span) -> Figure | None:
        """The figure that the source's words name, not one that they only mention beside: 'an aide to X'."""
        text = self.page.text
        core = core_of(text, source)
        inside = [(m, f) for m, f in self.hearing.within(source) if not SEEN_BY.search(text, source.start, m.start)]
        if not inside:
            return None
        if given := GIVEN_AS.search(text, source.start, source.end):
            return next((f for m, f in inside if m.start == given.start("name")), None)
        free = [(m, f) for m, f in inside if not self._is_beside(m, source)]
        ends = (_AFTER_HEAD, _OUTLET_AFTER)
        heads = [f for m, f in free if core.holds(m) and any(end.match(text[m.end : core.end]) for end in ends)]
        people = [f for f in heads if f.is_person] or [f for m, f in free if f.is_person and m.start >= core.end]
        if people:
            return max(reversed(people), key=lambda f: " " in f.name)
        beyond = [f for m, f in free if core.end < m.start < core.end + 7]  # 'The manager, Roe Tankers'
        apposed = [f for m, f in free if core.end < m.start and m.end >= source.end - 1 and text[m.start - 2] == ","]
        heads = heads or beyond or apposed
        return heads[0] if heads else self._behind_document(core, inside)

    def outlet(self, words: Span) -> str | None:
        """The canonical name of the outlet that the words name or mean; None where they name none."""
        figure = self._named(words)
        if figure is None and words.of(self.page.text).lower().startswith("the "):
            meant = descriptions.described(self.hearing, words)
            return meant.name if meant and meant.kind is SourceKind.OUTLET else None
        return figure.name if figure and figure.kind is SourceKind.OUTLET else None

    def publisher(self, source: Span) -> str | None:
        """The canonical name of whoever a document is by: 'a survey by X'; None where the words name nobody."""
        by = _BY.search(self.page.text, source.start, source.end)
        inside = self.hearing.within(Span(by.end(), source.end)) if by and by.end() < source.end else []
        return inside[0][1].name if inside else None

    def _behind_document(self, core: Span, named: Sequence[tuple[Span, Figure]]) -> Figure | None:
        """Whose the document is: "X's report", 'an X report', 'a statement by X'; 'a survey by X' stands for itself.

        'A notice under the X Act', 'a letter to X' and 'a book about X' are not X's.
        """
        text = self.page.text
        figures = [f for m, f in named if not _NOT_BY.search(text, core.start, m.start)]
        if not figures or not descriptions.is_document(text, core):
            return None
        stands = _BY.search(text, core.start, core.end) and descriptions.head_of(text, core) not in _VOICES
        return None if stands else figures[0]

    def _is_beside(self, mention: Span, source: Span) -> bool:
        """Whether the name only says whose or of what: possessive, or after a preposition."""
        before = self.page.text[source.start : mention.start]
        if is_office(before):
            return False
        if _POSSESSIVE.match(self.page.text, mention.end, source.end):
            return True
        clause = before.rsplit(",", 1)[-1]
        beside = _PREPOSITION.search(clause) is not None
        return beside and clause.split()[0].lower() not in {"of", "for", "to", "with", "from", "by"}
