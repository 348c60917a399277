"""Articles and readings of our own making, small enough to see through."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.types import (
    Article,
    Attribution,
    Digest,
    Place,
    Reading,
    Sentence,
    Source,
    SourceKind,
    Span,
    Stance,
    Toponym,
)

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
LYMAN = Place(701404, "Lyman", "PPLA3", "UA", "Donetsk Oblast", 48.98, 37.8, confidence=0.9, population=20000)
KYIV = Place(703448, "Kyiv", "PPLC", "UA", "Kyiv City", 50.45, 30.52, population=2797553)
KOVAL = Source("Maria Koval", SourceKind.PERSON, "harbour master", ("Koval",))


def article(
    name: str, text: str = "Nothing much happened.", *, hours: float | None = 0, title: str | None = None
) -> Article:
    """An article published so many hours after noon; None: the publisher doesn't say when."""
    published = None if hours is None else NOON + timedelta(hours=hours)
    ident = hashlib.sha256(name.encode()).hexdigest()[:12]
    return Article(ident, text, f"https://news.example/{name}", "The Example", title or name, published=published)


def reading(
    of: Article, *, places: Sequence[Place] = (), speaker: Source | None = None, said: str = "", direct: bool = False
) -> Reading:
    """A reading that finds the places, by the first words of their names, and the speaker's words in the text."""
    toponyms = tuple(Toponym(span(of, place.name), place.name, place=place) for place in places)
    attribution = Attribution(speaker.name if speaker else None, None, None, (span(of, said),), direct, Stance.WARNS)
    return Reading(
        article=of.id,
        language="en",
        sentences=(Sentence(Span(0, len(of.text)), 0),),
        toponyms=toponyms,
        sources=(speaker,) if speaker else (),
        attributions=(attribution,) if said else (),
    )


def span(of: Article, words: str) -> Span:
    """Where the words first stand in the article."""
    start = of.text.index(words)
    return Span(start, start + len(words))


def digest(title: str) -> Digest:
    """A digest of nothing but its title."""
    return Digest(title, None, NOON, ())
