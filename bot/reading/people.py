"""Which mentions of people's names mean one person, and that person's full name."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.reading import institutions, kinds, names
from bot.reading.shapes import can_name
from bot.types import Span

_FIRST_NAME = re.compile(r"(?P<inside>(?<=[\w,;] ))?\b(?P<first>[A-Z][\w-]+)\s+(?P<initial>[A-Z]\.\s+)?$")


@dataclass(slots=True)
class _Person:
    """The mentions of one person that were found so far."""

    mentions: list[Span]
    fullest: str  # of the names
    pronouns: set[str]  # that titles and first names tell


def grouped(text: str, spans: Sequence[Span]) -> list[list[Span]]:
    """The mentions of each person; a short name belongs to the nearest full one before it, else to any."""
    people: list[_Person] = []
    for span in sorted(spans, key=lambda s: (len(names.parts(s.of(text))) < 2, s)):
        surface, pronoun = span.of(text), _pronoun(text, span)
        told = {pronoun} if pronoun else set()
        fitting = _fitting(people, surface, told, names.same_person)
        fitting = fitting or _fitting(people, surface, told, names.same_misspelt)
        if not fitting:
            people.append(_Person([span], surface, told))
            continue
        before = [person for person in fitting if min(person.mentions) < span]
        best = _nearest(text, before, span) if before else min(fitting, key=lambda person: min(person.mentions))
        best.mentions.append(span)
        best.fullest = max(best.fullest, surface, key=_size)
        best.pronouns |= told
    return [person.mentions for person in people]


def _fitting(
    people: Iterable[_Person], surface: str, told: set[str], same: Callable[[str, str], bool]
) -> list[_Person]:
    """Those whose fullest name is the same and whom no 'Mr.' or 'Ms.' tells from the mention's."""
    return [p for p in people if same(p.fullest, surface) and not (told and p.pronouns and told.isdisjoint(p.pronouns))]


def _nearest(text: str, people: Sequence[_Person], span: Span) -> _Person:
    """Who is named last before the mention; one that goes by its short name already, unless a paragraph tells."""
    nearest = max(people, key=lambda person: max(s for s in person.mentions if s < span))
    last = max(s for s in nearest.mentions if s < span)
    if "\n" not in text[last.end : span.start]:
        return nearest
    short = [p for p in people if any(s < span and s.of(text) == span.of(text) for s in p.mentions)]
    return short[0] if len(short) == 1 else nearest


def full_name(text: str, spans: Iterable[Span]) -> str:
    """The fullest of the names; for a surname alone, with the first name that the text has before it, if just one."""
    name = names.canonical(max((span.of(text) for span in sorted(spans)), key=_size))  # the first of equals
    if " " in name or not name:
        return name
    before = set(_first_names(text, name))
    given = [
        first
        for first in before
        if can_name(first) and not institutions.known(first) and names.parts(f"{first} {name}")[0] == first
    ]
    return f"{given[0]} {name}" if len(given) == 1 else name


def _first_names(text: str, name: str) -> Iterator[str]:
    """The capitalised words before a surname, but for those that only open a sentence and are no first name."""
    for use in kinds.each_use(text, name):
        found = _FIRST_NAME.search(text, max(0, use.start - 30), use.start)
        if found and (
            found["inside"] is not None or (not found["initial"] and names.pronoun_of(f"{found['first']} {name}"))
        ):
            yield found["first"]


def _pronoun(text: str, span: Span) -> str | None:
    return names.pronoun_of(span.of(text), text[max(0, span.start - 20) : span.start])


def _size(surface: str) -> int:
    return len(names.parts(surface))
