"""The word tables in ``data/words.toml`` as word sets and patterns."""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

_DOUBLES = re.compile(r"^[^aeiou]*(?:qu)?[aeiou][bdgmpt]$|mit$|rebut$")  # admit, beg, slam, quip

DATA = Path(__file__).parent / "data"


def words(section: str, name: str) -> tuple[str, ...]:
    """The entries of a table, in its order."""
    entries = _tables()[section][name]
    return tuple(entries.split()) if isinstance(entries, str) else tuple(entries)


def pattern(entries: Iterable[str]) -> str:
    """A regular expression, not grouped, for any of the entries, longest first, with a straight or curly apostrophe."""
    ordered = sorted(set(entries), key=lambda entry: (-len(entry), entry))
    return "|".join(re.escape(entry).replace("'", "['’]").replace(r"\ ", r"\s+") for entry in ordered)


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
