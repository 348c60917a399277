"""Readings built by hand: an article's text with what a reader would have found in it."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.types import (
    Article,
    Attribution,
    Furniture,
    MentionKind,
    Place,
    Reading,
    Sentence,
    Source,
    SourceKind,
    Span,
    Stance,
    Toponym,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HALDEN = Place(1, "Halden", "PPL", "NO", "Østfold", 59.1, 11.4, population=25_000)
SARP = Place(2, "Sarpsborg", "PPL", "NO", "Østfold", 59.3, 11.1, population=50_000)
NORWAY = Place(3, "Norway", "PCLI", "NO", None, 62.0, 10.0, population=5_000_000)
SWEDEN = Place(4, "Sweden", "PCLI", "SE", None, 62.0, 15.0, population=10_000_000)


def article(
    text: str,
    ident: str = "a",
    *,
    outlet: str | None = None,
    title: str | None = None,
    published: datetime | None = NOW,
) -> Article:
    """An article of that text."""
    return Article(ident, text, outlet=outlet, title=title, published=published)


def span(text: str, part: str, nth: int = 0) -> Span:
    """Where the part stands in the text for the nth time."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(part, at + 1)
    return Span(at, at + len(part))


def said(
    text: str,
    source: str | None,
    who: str | None,
    cue: str,
    content: str,
    *,
    direct: bool = False,
    stance: Stance = Stance.SAYS,
) -> Attribution:
    """An attribution whose parts are given by their words; the words that name the source are those next to the
    content.
    """
    what = span(text, content)
    named = (
        min(
            (Span(*one.span()) for one in re.finditer(re.escape(who), text)),
            key=lambda one: abs(one.start - what.start),
        )
        if who
        else None
    )
    return Attribution(source, named, span(text, cue), (what,), direct, stance)


def toponyms(text: str, known: dict[str, Place | None], kind: MentionKind = MentionKind.LITERAL) -> list[Toponym]:
    """Every mention of the names in the text."""
    found = [
        Toponym(Span(*one.span()), name, kind, place)
        for name, place in known.items()
        for one in re.finditer(rf"\b{name}\b", text)
    ]
    return sorted(found, key=lambda one: one.span)


def reading(
    of: Article,
    *,
    places: Sequence[Toponym] = (),
    sources: Sequence[Source] = (),
    attributions: Sequence[Attribution] = (),
    furniture: Sequence[str] = (),
) -> Reading:
    """A reading of the article: sentences end in a full stop or a line; lines named as furniture are captions."""
    sentences = []
    for number, line in enumerate(re.finditer(r"[^\n]+", of.text)):
        for part in re.finditer(r"\S.*?(?:[.!?][”\"]?(?=\s|$)|$)", line.group()):
            where = Span(line.start() + part.start(), line.start() + part.end())
            sentences.append(Sentence(where, number, Furniture.CAPTION if where.of(of.text) in furniture else None))
    return Reading(of.id, "en", tuple(sentences), tuple(places), tuple(sources), tuple(attributions))


def person(name: str, role: str | None = None) -> Source:
    """A named person."""
    return Source(name, SourceKind.PERSON, role)


def organisation(name: str, *aliases: str) -> Source:
    """A named organisation."""
    return Source(name, SourceKind.ORGANISATION, None, aliases)
