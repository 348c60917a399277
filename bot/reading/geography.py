"""Small helpers on names and coordinates that the gazetteer, the resolver and their builders share."""

import re
import tomllib
import unicodedata
from functools import lru_cache
from itertools import filterfalse
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EARTH_RADIUS = 6371.0088  # km, mean (IUGG)

# Letters that Unicode doesn't decompose into a base and a mark, and characters that part words or vanish.
_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "Þ": "Th", "æ": "ae", "Æ": "Ae",
     "œ": "oe", "Œ": "Oe", "ı": "i", "ə": "a", "Ə": "A", "ħ": "h", "Ħ": "H", "ŧ": "t", "&": " and "}
    | dict.fromkeys("-‐‑‒–—―/_,;:()[]\u00a0", " ")
    | dict.fromkeys(".'’‘‛′`´ʼʹʻ\"“”\u00ad\u200b\ufeff")
)  # fmt: skip
_SHORT = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft"}


def place_words(kind: str) -> frozenset[str]:
    """The words of one list of ``data/place_words.toml``: subdivision, common or doubtful."""
    with (Path(__file__).parent / "data" / "place_words.toml").open("rb") as file:
        return frozenset(tomllib.load(file)[kind])


GENERIC = place_words("subdivision")  # words for kinds of subdivision
_JOINS = frozenset({"of", "de", "du", "del", "di"})


@lru_cache(maxsize=20_000)
def fold(name: str) -> str:
    """The name without case, diacritics, apostrophes, stops, hyphens and a leading 'the'; with 'St' for 'Saint'.

    Two spellings of one name mostly fold to one string: "Kup'yans'k" and 'Kupyansk', 'U.S.' and 'US'.
    """
    plain = name.translate(_LETTERS)
    if not plain.isascii():
        marked = unicodedata.normalize("NFKD", plain)
        plain = "".join(filterfalse(unicodedata.combining, marked)).translate(_LETTERS)
    words = [_SHORT.get(w, w) for w in plain.casefold().split()]
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def plain_form(folded: str) -> str:
    """A subdivision's folded name without the word for its kind: 'donetsk' of 'donetsk oblast'; bare ones stay."""
    words = folded.split()
    while len(words) > 1 and words[-1] in GENERIC:
        words = words[:-1]
    while len(words) > 1 and words[0] in GENERIC - {"district"}:
        words = words[2:] if len(words) > 2 and words[1] in _JOINS else words[1:]
    return " ".join(words)


_SOUNDS = [
    (re.compile(pattern), to)
    for pattern, to in (
        (r"^(al|el|ar|as|ash|ad|an|at|az) ", ""),
        (r"\b(al|el|ar|as|ash|ad|an|at|az|ez|es) ", ""),
        (r"shch|sch", "s"), (r"zh|j", "z"), (r"kh|gh", "h"), (r"sh|ch", "s"), (r"ts|tz", "c"), (r"ph", "f"),
        (r"ck|q|k", "k"), (r"w", "v"), (r"oo|ou", "u"), (r"ee|iy|yi|ii|yy|ij|y", "i"), (r"i?a\b", "a"),
        (r"ah\b", "a"), (r"o", "u"), (r"dh", "d"), (r"th", "t"), (r"i(?=[aeiou])", ""), (r" ", ""),
        (r"(.)\1+", r"\1"),
    )
]  # fmt: skip


def sound(folded: str) -> str:
    """A coarse key on which transliterations of one name meet: 'Deir al-Zour' and 'Deir ez-Zor'."""
    for pattern, to in _SOUNDS:
        folded = pattern.sub(to, folded)
    return folded


@overload
def km(lat: float, lon: float, lats: float, lons: float) -> float: ...
@overload
def km(lat: Floats | float, lon: Floats | float, lats: Floats, lons: Floats) -> Floats: ...
def km(lat: Floats | float, lon: Floats | float, lats: Floats | float, lons: Floats | float) -> Floats | float:
    """Great-circle distance in km between points in degrees (haversine); arrays are broadcast."""
    a, b = np.radians(lat), np.radians(lats)
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(np.subtract(lons, lon)) / 2) ** 2
    away: Floats | float = 2 * EARTH_RADIUS * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return away
