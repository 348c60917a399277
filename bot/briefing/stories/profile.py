"""What an article is compared by when it is asked which story it tells."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from bot.briefing import words
from bot.types import Article, MentionKind, Place, Reading, Toponym

LEAD: Final = 500  # characters: the opening says what happened
TERMS: Final = 100  # heaviest terms of the whole that are kept
KEYS: Final = 24  # of these, by which similar articles are looked up
SPOTS: Final = 2  # places that are most spoken of
SHOUTED: Final = 0.5  # share of capitalised words from which on a line is a headline, where capitals say nothing
FEW: Final = 5  # words up to which a line may well be all names

_NO_SPOT: Final = ("PCL", "CONT", "RGN", "SEA", "OCN")  # what GeoNames' codes of countries and wider begin with


@dataclass(frozen=True, slots=True)
class Profile:
    """An article as its likeness to others is worked out from; vectors are of length 1 before anything is left out."""

    happened: datetime | None
    whole: dict[str, float]
    opening: dict[str, float]
    names: dict[str, float]  # words of people's, bodies' and places' names
    figures: dict[str, float]  # numbers, weekdays and months: what tells look-alikes apart
    spots: tuple[tuple[float, float], ...]  # latitude and longitude in degrees, most mentioned first
    countries: frozenset[str]  # ISO 3166-1 alpha-2

    @property
    def keys(self) -> dict[str, float]:
        """The heaviest terms with their weights."""
        return dict(sorted(self.whole.items(), key=lambda pair: (-pair[1], pair[0]))[:KEYS])


_PROFILE: Final = TypeAdapter(Profile)


def dump(profile: Profile) -> str:
    """The profile as JSON."""
    return _PROFILE.dump_json(profile).decode()


def restore(body: str) -> Profile:
    """The profile that ``dump`` wrote."""
    return _PROFILE.validate_json(body)


def profile(article: Article, reading: Reading, happened: datetime | None = None) -> Profile:
    """What the article is compared by; page furniture left out. ``happened`` by default is when it was published."""
    body = " ".join(one.span.of(article.text) for one in reading.sentences if one.furniture is None) or article.text
    text = f"{article.title}. {body}" if article.title else body
    language = reading.language
    found = words.terms(text, language)
    literal = [one for one in reading.toponyms if one.kind is MentionKind.LITERAL]
    located = [one.place for one in literal if one.place is not None]
    return Profile(
        happened or article.published,
        _heaviest(words.vector(found, language)),
        _heaviest(words.vector(words.terms(text[:LEAD], language), language)),
        _heaviest(words.vector(_names(article, reading, literal), language)),
        _heaviest(words.vector(words.numbers_and_days(found), language)),
        _spots(located),
        frozenset(place.country_code for place in located if place.country_code),
    )


def _heaviest(vector: Mapping[str, float]) -> dict[str, float]:
    """The vector's heaviest terms: the rest is many and weighs little."""
    kept = sorted(vector.items(), key=lambda pair: (-pair[1], pair[0]))[:TERMS]
    return {term: round(weight, 4) for term, weight in kept}


def _names(article: Article, reading: Reading, literal: Sequence[Toponym]) -> list[str]:
    """Stems of the words of names, as often as they occur: what the reader found, and capitalised words."""
    found = [word for one in reading.sentences if one.furniture is None for word in _capital(one.span.of(article.text))]
    known = {word for one in literal for word in words.tokens(one.name)}
    known |= {word for source in reading.sources for word in words.tokens(source.name) if word[0].isupper()}
    return words.terms(" ".join([*found, *(known - set(found))]), reading.language)


def _capital(sentence: str) -> Iterator[str]:
    """Words with a capital, but for the first; none of a line in which most have one."""
    found = [word for word in words.tokens(sentence) if word[0].isalpha()]
    capital = [word for word in found[1:] if word[0].isupper()]
    if len(capital) <= SHOUTED * len(found) or len(found) < FEW:
        yield from capital


def _spots(located: Iterable[Place]) -> tuple[tuple[float, float], ...]:
    exact = [place for place in located if not place.feature_code.startswith(_NO_SPOT)]
    often = Counter(place.geonameid for place in exact)
    where = {place.geonameid: (place.lat, place.lon) for place in exact}
    return tuple(where[ident] for ident, _ in often.most_common(SPOTS))
