"""The sentences of a story's articles with what their comparison needs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.briefing import words
from bot.briefing.places import is_country
from bot.types import Article, Attribution, Claim, MentionKind, Reading, Sentence, Stance

SAME_WORDS: Final = 0.6  # share of the shorter sentence's words from which on two sentences are about one thing
UPDATE: Final = timedelta(hours=12)  # articles further apart may both be right: the later one knows more
NEARBY: Final = 3  # sentences: so close in one article, two are of one event unless places or days speak against it


@dataclass(frozen=True, slots=True)
class Assertion:
    """One sentence of the report with what its comparison needs."""

    article: Article
    sentence: Sentence
    text: str
    source: str | None
    places: frozenset[str]  # located or not, smaller than a country, as folded names
    terms: tuple[str, ...]
    denied: tuple[str, ...]  # the words of what it denies; empty: it denies nothing
    place: int  # its number in the article
    subject: str | None  # the source that gives a number in it, though no statement is marked
    sides: tuple[tuple[int, str], ...]  # countries that it names or that its names belong to, with where in the text
    content: str  # what its speaker says in it; empty: nobody is said to

    def claim(self) -> Claim:
        """The assertion as one side of a disagreement."""
        return Claim(" ".join(self.text.split()), self.article.id, self.sentence.span, self.voice)

    @property
    def voice(self) -> str | None:
        """Who says it."""
        return self.source or self.subject


def assertions(article: Article, reading: Reading) -> Iterator[Assertion]:
    """The sentences of the report in order, without furniture and questions."""
    for number, sentence in enumerate(one for one in reading.sentences if one.furniture is None):
        text = sentence.span.of(article.text)
        if text.rstrip().endswith("?"):
            continue
        spoken = [one for one in reading.attributions if any(piece.overlaps(sentence.span) for piece in one.content)]
        terms, places, sides = tuple(words.terms(text)), _places(article, reading, sentence), _sides(reading, sentence)
        yield Assertion(
            article,
            sentence,
            text,
            _speaker(spoken),
            places,
            terms,
            _denied(article, spoken),
            number,
            _subject(text, reading),
            sides,
            " ".join(
                piece.of(article.text) for one in spoken[:1] for piece in one.content if piece.overlaps(sentence.span)
            ),
        )


def _sides(reading: Reading, sentence: Sentence) -> tuple[tuple[int, str], ...]:
    return tuple(
        (one.span.start - sentence.span.start, one.place.country_code)
        for one in reading.toponyms
        if sentence.span.holds(one.span)
        and one.place
        and one.place.country_code
        and (is_country(one.place) or one.kind is not MentionKind.LITERAL)
    )


def _speaker(spoken: Sequence[Attribution]) -> str | None:
    return next((one.source for one in spoken if one.source), None)


def _subject(text: str, reading: Reading) -> str | None:
    """The one source that is named before the verb by which a sentence gives a number."""
    verb = _GIVES.search(text)
    head = text[: verb.start()] if verb else ""
    named = [one.name for one in reading.sources if any(name in head for name in (one.name, *one.aliases))]
    return named[0] if len(named) == 1 else None


_GIVES = re.compile(r"\b(?:puts?|gives?|gave)\b")


def _denied(article: Article, spoken: Sequence[Attribution]) -> tuple[str, ...]:
    pieces = [piece for one in spoken if one.stance is Stance.DENIES for piece in one.content]
    return tuple(words.terms(" ".join(piece.of(article.text) for piece in pieces)))


def _places(article: Article, reading: Reading, sentence: Sentence) -> frozenset[str]:
    found = (
        one
        for one in reading.toponyms
        if sentence.span.holds(one.span) and one.kind is MentionKind.LITERAL and not is_country(one.place)
    )
    return frozenset(one.span.of(article.text).casefold() for one in found)


def one_event(one: Assertion, other: Assertion) -> bool:
    """Whether two sentences speak of one event: no place or day speaks against it, and they share a place or stand
    together.
    """
    if not same_days(one, other) or (one.places and other.places and not one.places & other.places):
        return False
    near = one.article.id == other.article.id and abs(one.place - other.place) < NEARBY
    return bool(one.places & other.places) or near or words.overlap(one.terms, other.terms) >= SAME_WORDS


_CALENDAR: Final = {name.title() for name in (*words.WEEKDAYS, *words.MONTHS)}  # with a capital: people march, too


def same_days(one: Assertion, other: Assertion) -> bool:
    """Whether the weekdays and months that the two name, if both name any, have one in common."""
    first, second = (_CALENDAR & set(words.tokens(each.text)) for each in (one, other))
    return not (first and second) or bool(first & second)


def two_voices(one: Assertion, other: Assertion) -> bool:
    """Whether different people, or articles not half a day apart, say the two: an update isn't a disagreement."""
    if one.voice is not None and one.voice == other.voice:
        return False
    if one.article.id == other.article.id:
        return one.voice is not None and other.voice is not None
    first, second = one.article.published, other.article.published
    return first is None or second is None or abs(first - second) < UPDATE


def as_written(folded: str, text: str) -> str:
    """The folded name as the text writes it."""
    at = text.casefold().find(folded)
    return text[at : at + len(folded)] if at >= 0 else folded.title()
