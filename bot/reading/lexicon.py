"""The word tables in ``data/words.toml`` as word sets and patterns."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

_WORD = re.compile(r"\w+")
_DOUBLES = re.compile(r"^[^aeiou]*(?:qu)?[aeiou][bdgmpt]$|mit$|rebut$")  # admit, beg, slam, quip

DATA = Path(__file__).parent / "data"


def words(section: str, name: str) -> tuple[str, ...]:
    """The entries of a table, in its order."""
    entries = _tables()[section][name]
    return tuple(entries.split()) if isinstance(entries, str) else tuple(entries)


def pattern(entries: Iterable[str]) -> str:
    """A regular expression, not grouped, for any of the entries, longest first, with a straight or curly apostrophe.

    The entries are put together by their first letter, so that a search tries a letter each instead of an entry each.
    """
    rest: dict[str, list[str]] = {}
    for entry in sorted(set(entries), key=lambda entry: (-len(entry), entry)):
        rest.setdefault(re.escape(entry[0]), []).append(_written(entry[1:]))
    return "|".join(f"{first}(?:{'|'.join(ends)})" for first, ends in rest.items())


def _written(words: str) -> str:
    return re.escape(words).replace("'", "['’]").replace(r"\ ", r"\s+")


def hints(entries: Iterable[str]) -> tuple[str, ...]:
    """The longest word of each entry, in lower case: what has none of them has nothing that their pattern finds.

    Looking for a word is some fifty times as fast as looking for a pattern.
    """
    return tuple({max(_WORD.findall(entry.lower()), key=len): None for entry in entries})


def holds(text: str, parts: Iterable[str]) -> bool:
    """Whether the text has one of the parts, anywhere and as they are written."""
    return any(map(text.__contains__, parts))


def plain(text: str) -> str:
    """The text without diacritics and ligatures."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def verbs(*names: str) -> tuple[str, ...]:
    """All forms of the verbs in the tables of those names."""
    return tuple(form for name in names for entry in words("verbs", name) for form in forms(entry))


def nouns(name: str) -> tuple[str, ...]:
    """Singular and plural of the nouns in a table (adjectives get an ending that nobody writes)."""
    return tuple(form for noun in words("nouns", name) for form in (noun, noun + "s"))


def forms(entry: str) -> tuple[str, ...]:
    """The forms of a verb: 'deny' -> deny, denies, denying, denied; what follows a slash replaces the regular past.

    A table entry such as 'write/wrote/written' gives write, writes, writing, wrote, written.
    """
    verb, *past = entry.split("/")
    if verb.endswith("ee"):
        return (verb, verb + "s", verb + "ing", *(past or [verb + "d"]))
    stem = verb.removesuffix("e")
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return (verb, verb[:-1] + "ies", verb + "ing", *(past or [verb[:-1] + "ied"]))
    third = verb + ("es" if re.search(r"(?:s|sh|ch|x|z)$", verb) else "s")
    if _DOUBLES.search(verb):
        stem = verb + verb[-1]
    return (verb, third, stem + "ing", *(past or [stem + "ed"]))


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, str | list[str]]]:
    return tomllib.loads((DATA / "words.toml").read_text(encoding="utf-8"))
