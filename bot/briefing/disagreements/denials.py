"""Whether something happened, and who did it."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from bot.briefing import words
from bot.briefing.disagreements.assertions import Assertion, as_written, same_days
from bot.briefing.phrases import word
from bot.types import Disagreement

LEAST_DENIED, SAME_DENIED = (
    3,
    0.75,
)  # words that a denial must hold, and the share of them that the other side must state
MOSTLY: Final = 0.4


def find(said: Sequence[Assertion]) -> Iterator[Disagreement]:
    """A denial of what another says, 'not' against the same without it, and two who are blamed for one thing."""
    yield from _denials(said)
    yield from _negations(said)
    yield from _blames(said)


def _denials(said: Sequence[Assertion]) -> Iterator[Disagreement]:
    """A source denies what another, or the article itself, states in nearly the same words."""
    for denial in (one for one in said if one.source and len(set(one.denied)) >= LEAST_DENIED):
        others = [
            one for one in said if not _NEGATED.search(one.text) and _others(one, denial) and same_days(denial, one)
        ]
        alike = [
            (words.share(denial.denied, one.terms), one)
            for one in others
            if words.share(one.terms, denial.terms) >= MOSTLY  # else it is about more than what was denied
        ]
        likeness, other = max(alike, key=lambda pair: pair[0], default=(0.0, denial))
        if likeness >= SAME_DENIED:
            yield Disagreement(_topic(denial, other), (other.claim(), denial.claim()))


def _others(one: Assertion, denial: Assertion) -> bool:
    """Whether somebody else says it: two sources that end in one name may be one person, named in two ways."""
    return bool(one.source and denial.source) and str(one.source).split()[-1] != str(denial.source).split()[-1]


_NEGATED = re.compile(  # the other side must state it, not deny or doubt it, too
    r"(?i)\b(?:not|never|no|deny|denying|denie[sd]|denial|rejected|n['’]t|rumou?r\w*|suspect\w*|suspicio\w*|discount\w*|speculat\w*|possible)\b"
)


def _topic(one: Assertion, other: Assertion) -> str:
    shared = sorted(one.places & other.places)
    return f"what happened in {as_written(shared[0], one.text)}" if shared else "whether it happened"


# --- the same with and without a 'not'

_NOT: Final = re.compile(r"(?i)\b(?:not|never|no|nobody|none)\b|n['’]t\b")
_UNSURE: Final = word("may")
SAME_NEGATED: Final = 0.8  # share of words that both must have in common


def _negations(said: Sequence[Assertion]) -> Iterator[Disagreement]:
    spoken = [one for one in said if one.source and len(set(words.terms(one.content))) >= LEAST_DENIED]
    plain = [one for one in spoken if not _UNSURE.search(one.content) and not _NEGATED.search(one.content)]
    denied = [one for one in spoken if not _UNSURE.search(one.content) and len(_NOT.findall(one.content)) == 1]
    for one in plain:
        for other in denied:
            first, second = words.terms(one.content), words.terms(other.content)
            alike = min(words.share(first, second), words.share(second, first)) >= SAME_NEGATED
            if alike and _others(one, other) and same_days(one, other):
                yield Disagreement(_topic(one, other), (one.claim(), other.claim()))


# --- who did it

_BLAMED: Final = re.compile(
    r"\bblam(?:e[sd]|ing) (?:the )?(?P<who>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*(?: (?:forces|troops|rebels|separatists|"
    r"militants|army|police|government))?) (?:for|over) (?P<what>[^.;]+)"
)


def _blames(said: Sequence[Assertion]) -> Iterator[Disagreement]:
    """Two sources blame two others for what both call by the same words."""
    blaming = [(one, found) for one in said if one.source and (found := _BLAMED.search(one.text))]
    for (one, first), (other, second) in combinations(blaming, 2):
        for_one, for_other = words.terms(first["what"]), words.terms(second["what"])
        two = words.stem(first["who"].split()[0]) != words.stem(second["who"].split()[0])
        alike = words.overlap(for_one, for_other) >= SAME_DENIED
        if (
            two
            and alike
            and _others(one, other)
            and same_days(one, other)
            and not _NEGATED.search(one.text + other.text)
        ):
            yield Disagreement("who did it", (one.claim(), other.claim()))
