"""Who holds a place, and a sentence that has it the wrong way round."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from bot.briefing import words
from bot.briefing.disagreements.assertions import Assertion, as_written, same_days
from bot.types import Disagreement

_HOLDS = re.compile(
    r"(?i)\b(?:retook|retaken|recaptured|captured|seized|took (?:full )?control of|in (?:full )?control of|"
    r"controls?|controlled|liberated|"
    r"still holds?|now (?:held|holds?)|(?:continued|continues) to hold|holds?|taken control of|had taken)\b"
)
_REVERSED = re.compile(
    r"(?i)\b(?:not|never|no longer|n['’]t|denied|denies|false|rejected|part of|parts of|had been|was|were|is|"
    r"are) (?:\w+ ){0,2}$"
)
_REACH = 60  # characters from the verb to the place that is held


def find(said: Sequence[Assertion]) -> Iterator[Disagreement]:
    """Two countries are each said, by different sources, to hold one place."""
    holding = [(one, held, side) for one in said for held, side in _held(one)]
    for (one, place, side), (other, same, rival) in combinations(holding, 2):
        if (
            place == same
            and side != rival
            and one.source
            and other.source
            and one.source != other.source
            and same_days(one, other)
        ):
            yield Disagreement(f"control of {as_written(place, one.text)}", (one.claim(), other.claim()))


def _held(said: Assertion) -> Iterator[tuple[str, str]]:
    """Places that the sentence says are held, and the one country that it names before the verb."""
    verb = _HOLDS.search(said.text)
    if not verb or _REVERSED.search(said.text[: verb.start()]):
        return
    sides = {country for at, country in said.sides if at < verb.start()}
    reach = said.text[verb.end() : verb.end() + _REACH].casefold()
    if len(sides) == 1:
        yield from ((place, next(iter(sides))) for place in sorted(said.places) if place in reach)


# --- sense: a sentence that says the reverse of the rest

_TAKES_FROM = re.compile(
    r"(?i)\b(?:liberat|recaptur|retak|reclaim|free)\w*\s+(?:[\w’'-]+\s+){1,5}?from (?:the )?(?P<loser>[A-Z]\w{3,})"
)


def muddled(text: str, report: Sequence[str]) -> bool:
    """Whether the sentence has a side win something back from those who, in the rest of the report, are winning it
    back.
    """
    found = _TAKES_FROM.search(text)
    if not found or not found["loser"][0].isupper():
        return False
    stem = re.escape(words.stem(found["loser"])[:5])
    winner = re.compile(
        rf"(?i)\b{stem}\w*\b[^.]{{0,120}}\b(?:liberat|recaptur|retak|retook|reclaim|counteroffensive|counter-offensive)\w*"
    )
    return any(winner.search(one) for one in report if one != text)
