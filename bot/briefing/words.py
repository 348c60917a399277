"""Words as the briefing compares them: folded, stemmed, weighted by how rare they are in news."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from bot.briefing.phrases import phrases

Vector = Mapping[str, float]

ENGLISH = "en"
WORDS = 1 << 17  # stems that are remembered at once: a service runs for months
TEXTS = 1 << 10  # sentences whose stems are: each is asked for about ten times while its story is briefed
BEGINNING = 6  # letters of a word that is compared by its beginning

STOP = frozenset(phrases("stop"))
MONTHS = tuple(phrases("months"))
WEEKDAYS = tuple(phrases("weekdays"))

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_SUFFIXES = ("ingly", "edly", "ings", "ing", "ies", "ied", "ed", "es", "ly", "s")


def tokens(text: str) -> list[str]:
    """The words and numbers of the text as they stand, in order; '12,000' and "don't" are one each."""
    return _TOKEN.findall(text)


@lru_cache(WORDS)
def stem(word: str) -> str:
    """The word in lower case without possessive and common English endings: enough to compare, not to read."""
    low = _POSSESSIVE.sub("", word.lower())
    for suffix in _SUFFIXES:
        if low.endswith(suffix) and len(low) - len(suffix) >= 4:
            return low[: -len(suffix)] + ("y" if suffix in ("ies", "ied") else "")
    return low


def terms(text: str, language: str = ENGLISH) -> list[str]:
    """Stems of the words that carry meaning, and numbers without their separators, in order.

    In other languages than English a stem is how the word begins: enough where words are inflected at their ends.
    """
    return list(_terms(text, language))


@lru_cache(TEXTS)
def _terms(text: str, language: str) -> tuple[str, ...]:
    found = [word.replace(",", "") if word[0].isdigit() else word for word in tokens(text) if len(word) > 1]
    if language != ENGLISH:
        return tuple(word.lower()[:BEGINNING] for word in found)
    return tuple(term for term in map(stem, found) if term not in STOP)


def numbers_and_days(found: Iterable[str]) -> list[str]:
    """Those of the terms that are numbers, weekdays or months: what tells one event from another of its kind."""
    return [term for term in found if term[0].isdigit() or term in _CALENDAR]


_CALENDAR = frozenset(stem(word) for word in (*MONTHS, *WEEKDAYS))


@cache
def _frequencies() -> tuple[int, dict[str, int]]:
    """How many reports were counted, and in how many each stem stands; made by ``training/frequency.py``."""
    lines = files("bot.briefing").joinpath("data/frequency.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines[1:])
    return int(lines[0]), {word: int(count) for word, count in pairs}


@lru_cache(WORDS)
def rarity(term: str, language: str = ENGLISH) -> float:
    """The inverse document frequency of a stem in news: about 0 for the commonest, 8 for one never counted.

    Only English was counted. Elsewhere a word's length stands in: the commonest words are the shortest (Zipf 1935).
    """
    reports, counts = _frequencies()
    rare = math.log((reports + 1) / (counts.get(term, 0) + 0.5))
    if language == ENGLISH or term[0].isdigit():
        return rare
    return rare * min(1.0, (len(term) - 1) / (BEGINNING - 1))


def vector(found: Iterable[str], language: str = ENGLISH) -> Vector:
    """TF-IDF weights of length 1 (log term frequency); empty for no terms."""
    raw = {term: (1 + math.log(count)) * rarity(term, language) for term, count in Counter(found).items()}
    length = math.sqrt(sum(weight * weight for weight in raw.values()))
    return {term: weight / length for term, weight in raw.items()} if length else {}


def cosine(one: Vector, other: Vector) -> float:
    """How alike two vectors of length 1 are: 0 nothing in common, 1 the same."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return sum(weight * large.get(term, 0.0) for term, weight in small.items())


def share(part: Iterable[str], whole: Iterable[str]) -> float:
    """How much of ``part`` stands in ``whole``, by rarity: 0 none, 1 all; 1 for an empty part."""
    wanted, had = set(part), set(whole)
    total = sum(rarity(term) for term in wanted)
    return sum(rarity(term) for term in wanted & had) / total if total else 1.0


def overlap(one: Sequence[str], other: Sequence[str]) -> float:
    """Shared stems over the smaller set: 1 when the shorter says nothing that the longer doesn't."""
    few, many = set(one), set(other)
    return len(few & many) / max(1, min(len(few), len(many)))


_NUMBERS = {word: number for number, word in enumerate(phrases("units"))} | {
    word: 10 * number for number, word in enumerate(phrases("tens"), start=2)
}
_SCALES = {
    "hundred": 100.0,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "dozen": 12.0,
    "m": 1e6,
    "bn": 1e9,
    "k": 1e3,
}
_TENS_UNIT = re.compile(
    r"(?i)\b(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(one|two|three|four|five|six|seven|eight|nine)\b"
)
_SCALE = r"(?:[ -]?(hundred|thousand|million|billion|trillion|dozen|bn|m|k)\b)?"
_QUANTITY = re.compile(
    rf"(?i)(?<![\w.])(?:(\d+(?:[.,]\d+)*){_SCALE}|({'|'.join(_NUMBERS)})\b{_SCALE})"
)  # '8pm' is an 8, 'tenth' no ten


def quantities(text: str) -> list[tuple[float, int, int]]:
    """Numbers in figures or words with where they stand (value, start, end): 'two million' is 2,000,000."""
    plain = _TENS_UNIT.sub(
        lambda two: str(_NUMBERS[two[1].lower()] + _NUMBERS[two[2].lower()]).ljust(len(two[0])), text
    )
    return [
        (_value(found[1] or found[3], found[2] or found[4]), found.start(), found.end())
        for found in _QUANTITY.finditer(plain)
    ]


def _value(digits: str, scale: str | None) -> float:
    low = digits.lower()
    number = float(_NUMBERS[low]) if low in _NUMBERS else _figure(digits)
    return number * _SCALES[scale.lower()] if scale else number


def _figure(digits: str) -> float:
    """1,000 is a thousand, 1,5 one and a half, 6.30 six point three; a version number keeps its first part."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        return float(digits.replace(",", ""))
    return float(".".join(re.split(r"[.,]", digits)[:2]))
