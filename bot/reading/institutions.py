"""Institutions known by name, however an article spells them: ``data/institutions.toml``."""

import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from bot.reading.lexicon import DATA, plain
from bot.types import SourceKind

LIKE_ENOUGH = 0.92  # of difflib's ratio, for a misspelt name of two words or more
MOST_OTHERS = 1.001 - LIKE_ENOUGH  # of the letters of two such names: those in one alone; rounded up

_SMALL = frozenset({"the", "of", "for", "and", "on", "in", "to"})
_OWNS = re.compile(r"'s?\b")
_INITIALLED = re.compile(r"[^\W\d_][\w'’]*")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Institution:
    """A body that news cites."""

    name: str
    kind: SourceKind
    label: str  # 'think tank', 'newspaper'
    others: tuple[str, ...] = ()  # acronyms and variants


@lru_cache(maxsize=4096)
def known(name: str) -> Institution | None:
    """The institution of that name, acronym, variant or slight misspelling; None if the table has none.

    Small words and 'The' don't count. A name in one word must agree exactly, case included: 'Who' isn't the WHO.
    """
    key = key_of(name)
    if " " in key:
        exact = _by_key().get(key)
        return exact or _misspelt(key)
    found = _by_key().get(key)
    return found if found and _spelt(found, name) else None


def _misspelt(key: str) -> Institution | None:
    """The institution whose key is nearly this one of several words."""
    letters = frozenset(key)
    # Keys so much alike differ in hardly a letter, and counting letters takes far less time than comparing does.
    keys = [k for k, theirs in _alike(key[0], len(key)) if len(letters ^ theirs) <= MOST_OTHERS * (len(key) + len(k))]
    near = get_close_matches(key, keys, n=1, cutoff=LIKE_ENOUGH) if keys else ()
    return _by_key()[near[0]] if near else None


@lru_cache(maxsize=8192)
def key_of(name: str) -> str:
    """The name in lower case without diacritics, stops, small words and possessive: what spellings have in common."""
    told = _OWNS.sub("", plain(name.replace("’", "'"))).replace(".", "").lower()
    words = _WORD.findall(told)
    return " ".join([word for word in words if word not in _SMALL] or words)


def acronym_of(name: str) -> tuple[str, ...]:
    """Acronyms that the name may go by: initials of its capitalised words, and of all its words."""
    words = _INITIALLED.findall(name)
    capitals = "".join(w[0] for w in words if w[0].isupper())
    return tuple({a.upper() for a in (capitals, "".join(w[0] for w in words)) if len(a) > 1})


def _spelt(found: Institution, name: str) -> bool:
    """Whether a name in one word is written as the table has it; capitals inside a long one may differ."""
    written = _bare(name)
    spelt = {_bare(n) for n in (found.name, *found.others)}
    return written in spelt or (
        len(written) > 6 and written[0].isupper() and written.lower() in {n.lower() for n in spelt}
    )


def _bare(name: str) -> str:
    return re.sub(r"^[Tt]he\s+|['’]s?$", "", name).replace(".", "")


@lru_cache(maxsize=1)
def _by_key() -> dict[str, Institution]:
    return {key_of(name): body for body in _table() for name in (*body.others, body.name)}


@lru_cache(maxsize=1024)
def _alike(initial: str, length: int) -> tuple[tuple[str, frozenset[str]], ...]:
    """Keys of several words that a misspelt key of that initial and length may mean, with their letters."""
    keys = (k for k in _by_key() if k[0] == initial and abs(len(k) - length) < 3 and len(k) > 9 and " " in k)
    return tuple((k, frozenset(k)) for k in keys)


def _table() -> list[Institution]:
    groups = tomllib.loads((DATA / "institutions.toml").read_text(encoding="utf-8"))["group"]
    return [_institution(entry, group) for group in groups for entry in group["names"]]


def _institution(entry: str, group: dict[str, str]) -> Institution:
    name, *others = (part.strip() for part in entry.split("|"))
    return Institution(name, SourceKind(group["kind"]), group["label"], tuple(others))
