"""How likely two articles tell of one event."""

import json
import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from bot.briefing import words
from bot.briefing.stories.profile import Profile
from bot.reading.geography import km

WINDOW: Final = timedelta(days=7)  # articles further apart are compared with none of each other
FLOOR: Final = 0.02  # likenesses below it count as 0, and aren't kept
FAR: Final = 150.0  # km between the spots of two articles from which on they hardly tell of one event

_WEEKDAYS: Final = frozenset(words.stem(word) for word in words.WEEKDAYS)


def likeness(one: Profile, other: Profile) -> float:
    """The probability that the two tell of one event, ``FLOOR``..1, or 0; symmetric.

    Logistic regression over ``signs``, learnt by ``training/stories.py``; 0 for articles too far apart in time.
    """
    if one.happened and other.happened and abs(one.happened - other.happened) > WINDOW:
        return 0.0
    weights = learnt()
    total = weights["constant"] + sum(weights[name] * value for name, value in signs(one, other).items())
    value = 1 / (1 + math.exp(-total))
    return round(value, 4) if value >= FLOOR else 0.0


def signs(one: Profile, other: Profile) -> dict[str, float]:
    """What speaks for or against one event, by name, each 0..1."""
    crosswise = words.cosine(one.opening, other.whole) + words.cosine(one.whole, other.opening)
    return {
        "whole": words.cosine(one.whole, other.whole),
        "opening": words.cosine(one.opening, other.opening),
        "crosswise": crosswise / 2,  # the opening of each with all of the other: a follow-up tells the old news last
        "names": words.cosine(one.names, other.names),
        "figures": words.cosine(one.figures, other.figures),
        "other days": float(_parted(one.figures.keys() & _WEEKDAYS, other.figures.keys() & _WEEKDAYS)),
        "far apart": float(_far(one, other)),
        "other countries": float(_parted(one.countries, other.countries)),
    }


def _parted(one: AbstractSet[str], other: AbstractSet[str]) -> bool:
    """Whether both name something, and nothing in common."""
    return bool(one) and bool(other) and not one & other


def _far(one: Profile, other: Profile) -> bool:
    between = [km(*here, *there) for here in one.spots for there in other.spots]
    return bool(between) and min(between) > FAR


@cache
def learnt() -> Mapping[str, float]:
    """The weights of the signs, and the constant."""
    body = files("bot.briefing").joinpath("data/stories.json").read_text(encoding="utf-8")
    return dict(json.loads(body)["weights"])
