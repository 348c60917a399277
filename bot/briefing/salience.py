"""How much a reader needs each sentence of an article.

Two scores. ``summary_worth`` is learnt from reports with summaries by their editors (``training/salience.py``) and
sees only the article. ``news_worth`` adds what a briefing is for: something happened, at a place, at a time, says
somebody.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from bot.briefing import words
from bot.briefing.phrases import any_of, phrases, word
from bot.briefing.trim import QUOTED

Features = Mapping[str, float]

_PRONOUN = re.compile(r"^[\"“‘']?(?:He|She|It|They|This|That|These|Those|His|Her|Their|But|And|We|I|You|There)\b")
_VOICE = re.compile(r"\b(?:I|we|my|you|your|our)\b")
_PICTURE = re.compile(r"(?i)\((?:left|right|above|centre|center)|\bpictured\b|scroll down")
_NAME = re.compile(r"(?<!^)\b[A-Z][a-z]+")
_DIGITS = re.compile(r"\d+")
OPENING = 2  # sentences that open a report
LEDE_WITHIN = 4  # sentences of a report in which its lede stands
POSITION = frozenset({"first", "early", "late", "opening"})
LEDE = (0.25, 0.08)  # what the first and second sentence that can be a point keep of their rank; set by hand


def summary_worth(sentences: Sequence[str]) -> list[float]:
    """One score per sentence of an article, in order: about the share of its words that an editor's summary would
    use.
    """
    return [_weighed(row) for row in features(sentences)]


def briefing_worth(sentences: Sequence[str]) -> list[float]:
    """The same without what position taught: the newest may stand anywhere."""
    rows = ({name: value for name, value in row.items() if name not in POSITION} for row in features(sentences))
    return [_weighed(row) for row in rows]


def lede(place: int, stands: int) -> float:
    """What a sentence keeps of its rank in a briefing, counted from 0 over those that can stand alone: a greeting or
    a question is no lede. None beyond the report's first sentences: ``stands`` is its number in the whole, from 0.
    """
    return LEDE[place] if place < len(LEDE) and stands < LEDE_WITHIN else 0.0


def _weighed(row: Features) -> float:
    weights = _weights()
    return sum(weights[name] * value for name, value in row.items())


def features(sentences: Sequence[str]) -> list[Features]:
    """The named figures that the learnt score weighs, for each sentence in order; all between about 0 and 3."""
    bags = [words.terms(text) for text in sentences]
    frequency = Counter(term for bag in bags for term in bag)
    whole = words.vector(term for bag in bags for term in bag)
    opening = {term for bag in bags[:OPENING] for term in bag}
    return [
        _surface(text)
        | _position(place)
        | _place_in_whole(bag, frequency, whole, opening if place >= OPENING else set())
        for place, (text, bag) in enumerate(zip(sentences, bags, strict=True))
    ]


def _surface(text: str) -> dict[str, float]:
    length = len(words.tokens(text))
    return {
        "short": float(length < 8),
        "length": min(length, 60) / 30,
        "overlong": max(0, length - 40) / 40,
        "pronoun": float(bool(_PRONOUN.search(text))),
        "voice": float(bool(_VOICE.search(text))),
        "question": float(text.rstrip("\"”’' ").endswith("?")),
        "picture": float(bool(_PICTURE.search(text))),
        "names": min(6, len(_NAME.findall(text))) / 6,
        "numbers": min(3, len(_DIGITS.findall(text))) / 3,
    }


def _position(place: int) -> dict[str, float]:
    return {"first": float(place == 0), "early": 1 / (place + 1), "late": math.log(place + 1), "constant": 1.0}


def _place_in_whole(
    bag: Sequence[str], frequency: Counter[str], whole: words.Vector, opening: set[str]
) -> dict[str, float]:
    kinds = set(bag)
    size = max(1, len(kinds))
    return {
        "central": words.cosine(words.vector(bag), whole),
        "repeated": sum(frequency[term] > 1 for term in kinds) / size,
        "opening": len(kinds & opening) / size,
    }


@cache
def _weights() -> dict[str, float]:
    text = files("bot.briefing").joinpath("data/salience.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(text)["weights"]
    return weights


_CHANGE = frozenset(words.stem(verb) for verb in phrases("changes"))
_MONTH = f"(?:{'|'.join(words.MONTHS)})"
_WHEN = re.compile(rf"\b(?:{any_of('when')}|\d+ {_MONTH}|{_MONTH} \d+)\b", re.IGNORECASE)
_OUTCOME, _LOSSES, _AHEAD = word("outcomes"), word("losses"), word("ahead")
_SETTING, _LEANING = word("setting"), word("leaning_words")
_QUOTING = re.compile(r"[“\"«‘']")

CHANGE, TIME, PLACE, NAMED, NUMBER, LOSSES, OUTCOME = 0.14, 0.08, 0.15, 0.06, 0.03, 0.12, 0.3
AHEAD, SETTING, LEANING, QUOTING, COLOUR, BARE = -0.12, -0.15, -0.07, -0.08, -0.3, -0.15


_SELF = re.compile(r"\b(?:I|I['’]\w+|me|my)\b")
_FACT = re.compile(r"\d|(?<=\w )[A-Z][a-z]{2,}")


def _colourful(text: str) -> bool:
    """Whether the sentence is mainly a quotation that tells of its speaker, or names and counts nothing."""
    quoted = " ".join(one.group() for one in QUOTED.finditer(text))
    mainly = bool(_QUOTING.match(text)) or 2 * len(quoted) > len(text)
    return mainly and (bool(_SELF.search(quoted)) or not _FACT.search(quoted))


def news_worth(text: str, places: int, named: bool) -> float:
    """What to add to a sentence's worth in a briefing, about -0.3 to 0.5.

    ``places``: how many located places, smaller than a country, it names; ``named``: whether it carries its named
    speaker. The amounts are set by hand, by reading briefings.
    """
    changes = sum(term in _CHANGE for term in words.terms(text))
    return (
        CHANGE * min(changes, 2) / 1.5
        + TIME * bool(_WHEN.search(text))
        + PLACE * min(places, 2) / 1.5
        + NAMED * named
        + (NUMBER + LOSSES * bool(_LOSSES.search(text))) * bool(words.quantities(text))
        + OUTCOME * bool(_OUTCOME.search(QUOTED.sub("", text)) and not _SETTING.search(text))
        + AHEAD * bool(_AHEAD.search(text))
        + SETTING * bool(_SETTING.search(text))
        + LEANING * bool(_LEANING.search(text))
        + QUOTING * bool(_QUOTING.match(text))
        + COLOUR * _colourful(text)
        + BARE * (not _FACT.search(text) and not _WHEN.search(text))
    )
