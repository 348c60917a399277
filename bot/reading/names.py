"""Names of people: their parts, whether two of them mean one person, and what they tell about the person."""

import re
from difflib import SequenceMatcher
from functools import lru_cache

from bot.reading.lexicon import plain, words

SHORTEST_MISSPELT = 6  # letters of a surname: shorter ones differ by too little
LIKE_ENOUGH = 0.87  # of difflib's ratio: one letter of seven

_RANKS = frozenset(words("sources", "ranks"))
_TITLES = _RANKS | frozenset(words("sources", "roles"))
_STYLES = frozenset({"pope", "king", "queen", "prince", "princess", "sheikh", "emir", "sultan", "sister", "father"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_PARTICLES = frozenset(
    {
        "de",
        "del",
        "della",
        "der",
        "van",
        "von",
        "al",
        "el",
        "bin",
        "ibn",
        "ben",
        "la",
        "le",
        "da",
        "di",
        "dos",
        "du",
        "ter",
        "den",
    }
)
_GIVEN = {name: pronoun for pronoun in ("he", "she") for name in words("given", pronoun)}
_TITLED = {title: pronoun for pronoun in ("he", "she") for title in words("titles", pronoun)}
_ARABIC_ARTICLE = re.compile(r"^(?:al|el|ul|ad|ar|as|ash|at|az)[-–](?=\w{3})")
_INITIALS = re.compile(r"(?<![\w.])(?<![A-Z][a-z] )[A-Z]\.\s[A-Z]\.(?=\s[A-Z])")  # that stand for all first names
_DAUGHTERS = ("dottir", "nskaya", "vskaya", "rskaya", "lskaya")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)+|[A-Z]")
_OWNS = re.compile(r"['’]s?$")
_HYPHEN = re.compile(r"[-.]+")
_MARKS = re.compile(r"\W")
_DOUBLED = re.compile(r"(.)\1+")
_PART = re.compile(r"[^\s,]+")
_SOUNDS = tuple(pair.split(">") for pair in words("spelling", "sounds"))


@lru_cache(maxsize=8192)
def parts(surface: str) -> tuple[str, ...]:
    """The words of a person's name without ranks and roles, initials in the middle, suffixes and possessive ending.

    Empty where nothing is left, as for 'Mr.'. Particles stay: ('Ursula', 'von', 'der', 'Leyen').
    """
    found = _words(surface)
    found = found[_titles(found) :]
    if len(found) == 1 and found[0].endswith(".") and is_title(found[0]):
        return ()
    inner = [p for k, p in enumerate(found) if k == 0 or not _INITIAL.fullmatch(p)]
    return tuple(p for p in inner if p.lower().strip(".") not in _SUFFIXES and any(c.isalpha() for c in p))


def canonical(surface: str) -> str:
    """The name as a briefing shows it: 'Lt. Gen. Dmitri S. Peskov' -> 'Dmitri Peskov', but 'K. P. Roe' as it stands."""
    named = parts(surface)
    first = _words(surface)[:1]
    if initials := _INITIALS.search(surface):
        return " ".join((*initials[0].split(), *named[1:]))
    styled = len(named) == 1 and first and first[0].lower() in _STYLES and first[0] != named[0]
    return " ".join((first[0], *named) if styled else named)


def rank_of(surface: str) -> str | None:
    """Rank or role that the name as written begins with, but for a mere courtesy: 'President Putin' -> 'President'."""
    found = _words(surface)
    rank = " ".join(found[: _titles(found)])
    return rank if rank and rank.lower().strip(".") not in {"mr", "mrs", "ms", "mx", "miss"} else None


def _words(surface: str) -> list[str]:
    bare = _OWNS.sub("", surface.strip(' "“”,;:()'))
    return [part.strip('"“”()') for part in _PART.findall(bare)]


def _titles(found: list[str]) -> int:
    """How many words stand before the name proper: those up to the last rank or role, the last word apart."""
    return next((k for k in range(len(found) - 1, 0, -1) if is_title(found[k - 1])), 0)


@lru_cache(maxsize=8192)
def is_title(word: str) -> bool:
    """Whether the word is a rank, a role or a courtesy."""
    bare = word.lower().strip(".")
    return bare in _TITLES or all(piece in _RANKS for piece in _HYPHEN.split(bare) if piece)


@lru_cache(maxsize=8192)
def without_titles(surface: str) -> str:
    """The name as written from its first proper word on: 'President Vladimir V. Putin' -> 'Vladimir V. Putin'."""
    found = list(_PART.finditer(surface))
    skipped = _titles([part[0].strip('"“”()') for part in found])
    return surface[found[skipped].start() :] if found else surface


def same_person(one: str, other: str) -> bool:
    """Whether two names as written can mean one person: spellings, initials and missing first or last names agree."""
    a, b = _folded(one), _folded(other)
    if set(a).isdisjoint(b):
        return False
    short, long = sorted((a, b), key=len)
    if len(short) < len(long) and (long[-len(short) :] == short):
        return True
    if len(short) == 1 and len(long) > 2 and short[0] == long[-2] and long[-2] not in _PARTICLES:
        return True  # a first of two surnames: 'Choquehuanca' of 'Wilson Choquehuanca Mita'
    if 1 < len(short) < len(long) and long[: len(short)] == short:
        return True  # a second surname: 'Rosa Mamani Apaza'
    if len(short) == 1:
        return short == long[:1] and len(long) < 3
    return _same_surname(a, b) and _same_given(a[0], b[0])


def same_misspelt(one: str, other: str) -> bool:
    """Whether two names as written can be one name, once misspelt or written down by ear: 'Hujeiri', 'Hujayri'.

    Their last words begin alike and have the same consonants, or nearly all letters; first names agree, or one is
    missing.
    """
    x, y = _surname(one), _surname(other)
    if x[:1] != y[:1] or min(len(x), len(y)) < SHORTEST_MISSPELT:
        return False
    a, b = parts(one), parts(other)
    if len(a) > 1 and len(b) > 1 and not _same_given(fold(a[0]), fold(b[0])):
        return False
    same = _consonants(x) == _consonants(y) and len(_consonants(x)) > 2
    return same or SequenceMatcher(None, x, y).ratio() >= LIKE_ENOUGH


@lru_cache(maxsize=8192)
def _surname(surface: str) -> str:
    """The last word of a name in lower case without diacritics and article; empty where the name has no part."""
    named = parts(surface)
    return _ARABIC_ARTICLE.sub("", plain(named[-1].lower())) if named else ""


def _consonants(word: str) -> str:
    return re.sub(r"[aeiouy\W]|(.)(?=\1)", "", word)


def pronoun_of(surface: str, before: str = "") -> str | None:
    """'he' or 'she' where a title or first name tells; None where it doesn't. ``before``: the text before the name."""
    return _pronoun_of(surface, (before.split() or [""])[-1])


@lru_cache(maxsize=8192)
def _pronoun_of(surface: str, word_before: str) -> str | None:
    for word in (word_before, *_PART.findall(surface)[:-1]):
        if titled := _TITLED.get(word.lower().strip(".")):
            return titled
    named = parts(surface)
    if named and plain(named[-1].lower()).endswith(_DAUGHTERS):
        return "she"
    return _GIVEN.get(plain(named[0].lower())) if len(named) > 1 else None


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """One form for the spellings of a name: no diacritics, one sign for one sound, no doubled letters."""
    told = _MARKS.sub("", _ARABIC_ARTICLE.sub("", plain(word.lower())))
    for written, sound in _SOUNDS:
        told = told.replace(written, sound)
    return _DOUBLED.sub(r"\1", told)


@lru_cache(maxsize=8192)
def _folded(surface: str) -> tuple[str, ...]:
    return tuple(fold(part) for part in parts(surface))


def _same_surname(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    return a[-1] == b[-1] or (len(a[-1]) > 6 and a[-1][:5] == b[-1][:5] and a[0] == b[0])


def _same_given(a: str, b: str) -> bool:
    """First names agree, or one is the other's initial or short form ('Alex', 'Alexander')."""
    short, long = sorted((a, b), key=len)
    return long.startswith(short) and (len(short) in {1, len(long)} or len(short) > 2)
