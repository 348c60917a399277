"""The languages that are read besides English: their word tables, one file each in ``data/languages``."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "languages"
OTHERS = ("ar", "de", "es", "fr", "ru", "uk")  # ISO 639-1


@dataclass(frozen=True, slots=True)
class Stops:
    """What the full stops of a language may stand for besides an end. Words are in lower case."""

    titles: frozenset[str]  # abbreviations that never end a sentence when more follows
    short: frozenset[str]  # those that end one only before a word that commonly opens one
    numbered: frozenset[str]  # those that go on to a figure
    openings: frozenset[str]
    closers: str = ""  # quotation marks that close, besides the usual ones
    ordinals: bool = False  # 'am 24. November'


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """What stands beside or in the names of places. Words are in lower case."""

    strong: frozenset[str]  # prepositions after which a name is mostly a place's
    weak: frozenset[str]  # small words that say less
    before_town: frozenset[str]
    before_area: frozenset[str]
    after_area: frozenset[str]
    common: frozenset[str]  # words and names that are seldom the place that bears them
    endings: tuple[tuple[str, str], ...]  # an inflected ending and what the dictionary has for it
    adjective: str  # ending of adjectives that keep the name's capital: 'er' of 'Kölner'
    bare: int  # people that a town must have to be taken for one with nothing beside it


@dataclass(frozen=True, slots=True)
class SpeechWords:
    """How somebody is said to have said something. Words are in lower case, but for ``honorifics``."""

    says: tuple[str, ...]
    that: tuple[str, ...]
    according: tuple[str, ...]
    inflected: frozenset[str]  # those of ``according`` that stand before a genitive
    honorifics: tuple[str, ...]
    roles: frozenset[str]  # words for offices, which may open a sentence before a name
    offices: tuple[str, ...]  # how capitalised words for offices end
    given: frozenset[str]  # first names, where no capital shows a name
    genitive: tuple[tuple[str, str], ...]  # a genitive's ending and the nominative's


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language."""

    code: str  # ISO 639-1
    stops: Stops
    places: PlaceWords
    speech: SpeechWords
    openers: tuple[str, ...]  # what opens a sentence that leans on the one before
    voice: frozenset[str]  # words by which an author speaks of himself or to the reader


@lru_cache(maxsize=len(OTHERS))
def tongue(code: str) -> Tongue:
    """The tables of one of ``OTHERS``."""
    table = tomllib.loads((DATA / f"{code}.toml").read_text(encoding="utf-8"))
    return Tongue(
        code, _stops(code, table), _places(table["places"]), _speech(table["speech"]),
        tuple(w.replace("_", " ") for w in table["leaning"]["openers"].split()), _set(table["leaning"]["voice"]),
    )  # fmt: skip


def _set(words: str) -> frozenset[str]:
    return frozenset(word.replace("_", " ") for word in words.split())


def _pairs(entries: str) -> tuple[tuple[str, str], ...]:
    return tuple((ending, plain) for ending, _, plain in (entry.partition(":") for entry in entries.split()))


def _stops(code: str, table: dict[str, Any]) -> Stops:
    part = table["stops"]
    return Stops(
        _set(part["titles"]), _set(part["short"]), frozenset({"№", "nr", "núm", "nº"}), _set(part["openings"]),
        table["closers"], ordinals=code == "de",
    )  # fmt: skip


def _places(part: dict[str, Any]) -> PlaceWords:
    return PlaceWords(
        _set(part["strong"]), _set(part["weak"]), _set(part["before_town"]), _set(part["before_area"]),
        _set(part["after_area"]), _set(part["common"]), _pairs(part["endings"]), part.get("adjective", ""),
        part["bare"],
    )  # fmt: skip


def _speech(part: dict[str, Any]) -> SpeechWords:
    return SpeechWords(
        tuple(part["says"].split()), tuple(part["that"].split()), tuple(part["according"]),
        frozenset(part["inflected"]), tuple(part["honorifics"].split()), _set(part["roles"]),
        tuple(part.get("offices", "").split()),
        _set(part.get("given", "")), _pairs(part.get("genitive", "")),
    )  # fmt: skip
