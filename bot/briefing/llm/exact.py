"""Small words that turn a sentence, which a rewording must keep: about how many, which way, until when, and why.

``support`` looks for facts and closeness; here a single word decides, so each is held to the cited sentences' own.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.briefing import words
from bot.briefing.phrases import any_of, phrases, word
from bot.reading.lexicon import nouns, pattern, verbs
from bot.types import Stance

_UNVERIFIED: Final = word("unverified")
_NOT: Final = re.compile(rf"\b{any_of('not')}\b|n['’]t\b", re.IGNORECASE)
_NAME: Final = r"[A-Z][\w’'-]*\w"
_CALENDAR: Final = frozenset(name.title() for name in (*words.WEEKDAYS, *words.MONTHS))


def turned(text: str, shown: str) -> Iterator[str]:
    """What was turned in the text, in words; ``shown`` is all that it cites."""
    yield from _rounded(text, shown)
    yield from _strange(text, shown)
    yield from _restated(text, shown)
    yield from _elsewhere(text, shown)
    if _denied(text) - _denied(shown) and _denied(shown):
        yield "it denies of one what the evidence denies of another"
    if _UNVERIFIED.search(shown) and not _UNVERIFIED.search(text):
        yield "it leaves out that nobody could verify it"


# --- numbers: 'about 40' is not '40', and 'more than 40' neither

_BOUNDS: Final = {
    bound: re.compile(rf"(?i)\b{any_of(bound)}(?: (?:the|an?|estimated|another))*[ $€£]+$")
    for bound in ("number_about", "number_above", "number_below")
}


def _rounded(text: str, shown: str) -> Iterator[str]:
    known: dict[float, set[str]] = {}
    for value, bound in _bounded(shown):
        known.setdefault(value, set()).add(bound)
    for value, bound in _bounded(text):
        if bound not in known.get(value, {bound}):
            yield f"it makes another number of {value:g} by what stands before it"


def _bounded(text: str) -> Iterator[tuple[float, str]]:
    """Each number with the kind of bound before it, or ''."""
    for value, start, _ in words.quantities(text):
        before = text[:start]
        yield value, next((bound for bound, known in _BOUNDS.items() if known.search(before)), "")


# --- words that must stand in the evidence as they are, or one of their kind

_ALIKE: Final = tuple(re.compile(rf"(?i)(?<![a-z])(?:{line})(?![a-z])") for line in phrases("exact"))
_CAUSE: Final = word("cause")
_ORDINAL: Final = word("ordinals")
_SHARE: Final = re.compile(rf"(?i)\b(?P<share>{any_of('share')}) of (?:(?:the|its|their|his|her|all) )?(?P<what>\w+)")


def _strange(text: str, shown: str) -> Iterator[str]:
    """Units, points of the compass, 'all', 'killed', 'third' that the evidence lacks; 'half of' lost; a new cause."""
    for alike in _ALIKE:
        if (strange := alike.search(text)) and not alike.search(shown):
            yield f"the evidence lacks '{strange.group().lower()}'"
    for found in {found.lower() for found in _ORDINAL.findall(text)} - {one.lower() for one in _ORDINAL.findall(shown)}:
        yield f"the evidence lacks '{found}'"
    for part in _SHARE.finditer(shown):  # 'power is back in half of the city' is not 'in the city'
        if re.search(rf"(?i)\b{part['what']}\b", text) and not re.search(rf"(?i)\b{part['share']}\b", text):
            yield f"it leaves out '{part['share'].lower()}'"
    if _CAUSE.search(text) and not _CAUSE.search(shown):
        yield "it gives a cause that the evidence doesn't"


_FIRM: Final = {
    kind: re.compile(rf"(?i)\b(?:{pattern((*verbs(kind), *(nouns(kind) if has_nouns else ())))})\b")
    for kind, has_nouns in (
        (Stance.DENIES, True),
        (Stance.CONFIRMS, True),
        (Stance.CLAIMS, True),
        (Stance.PROMISES, False),
        (Stance.WARNS, False),
    )
}


def _restated(text: str, shown: str) -> Iterator[str]:
    """'Confirmed' for 'claimed': plain saying may take any verb's place, none of these another's."""
    for kind, known in _FIRM.items():
        if (found := known.search(text)) and not known.search(shown):
            yield f"it makes a statement one that {kind.value}, by '{found.group().lower()}'"


# --- what stands before a place or a day

_BEFORE: Final = re.compile(
    rf"(?P<how>(?i:\b{any_of('towards', 'near', 'within', 'out_of', 'until', 'since')}|"
    rf"\b(?:north|south|east|west)[a-z-]*(?= of)(?: of)))(?: (?:the|early|late|about))* (?P<what>{_NAME})"
)
_KINDS: Final = {
    kind: re.compile(rf"(?i){any_of(kind)}") for kind in ("towards", "near", "within", "out_of", "until", "since")
}


def _elsewhere(text: str, shown: str) -> Iterator[str]:
    known: dict[str, set[str]] = {}
    for name, how in _placed(shown):
        known.setdefault(name, set()).add(how)
    for name, how in _placed(text):
        bare = {how} if name not in _CALENDAR or how == "within" else set()  # 'on Friday' is not 'until Friday'
        if how not in known.get(name, bare):
            yield f"it puts another word before {name}"


def _placed(text: str) -> Iterator[tuple[str, str]]:
    """Each name that has such a word before it, with the kind of the word."""
    for found in _BEFORE.finditer(text):
        how, name = found["how"].lower(), found["what"]
        kind = next((kind for kind, one in _KINDS.items() if one.fullmatch(how)), how)
        yield name, "since" if kind == "out_of" and name in _CALENDAR else kind


_DENIED: Final = re.compile(rf"(?:{_NOT.pattern})[^,;:.]{{0,40}}?\b(?P<what>(?-i:{_NAME}))", re.IGNORECASE)


def _denied(text: str) -> set[str]:
    """The first name after each 'not'."""
    return {found["what"] for found in _DENIED.finditer(text)}
