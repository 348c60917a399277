"""The points of a briefing: what a person needs first from all articles of a story, nothing said twice."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bot.briefing import places, salience, support, words
from bot.briefing.disagreements import muddled
from bot.briefing.speakers import voiced
from bot.briefing.trim import said_of_the_last, stands_alone, trim
from bot.types import Article, Evidence, Point, Reading, Sentence, SourceKind, Span

REPEATS = 0.3  # what a sentence loses that says all that a chosen one says
TWICE = 0.6  # share of words from which on two sentences say the same thing
TOLD = 0.6  # share of a sentence's weight from which on the points before it have told it together
COPIES = 0.8  # share of words from which on one sentence is a near-copy of another
SAME_VOICE = 0.06  # what a sentence loses for each chosen one with the same speaker
ANAPHOR = -0.15  # for a sentence about a thing that an earlier one brought in
ECHO = 0.05  # what it gains for each other article that says the same


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may become a point."""

    point: Point
    raw: str  # the evidence's words
    terms: tuple[str, ...]
    worth: float
    outlet: str


def summary(article: Article, reading: Reading, words_wanted: int = 60) -> str:
    """A plain summary of about that many words: whole sentences of the article, best first."""
    sentences = [" ".join(one.span.of(article.text).split()) for one in reading.sentences if one.furniture is None]
    return " ".join(
        sentences[place] for place in best_first(sentences, salience.summary_worth(sentences), words_wanted)
    )


def best_first(sentences: Sequence[str], worth: Sequence[float], words_wanted: int) -> list[int]:
    """Which sentences to take, best first, until the words are reached; what repeats a taken one comes later."""
    bags = [words.terms(text) for text in sentences]
    taken: list[int] = []
    length = 0
    while length < words_wanted and len(taken) < len(sentences):
        rest = (place for place in range(len(sentences)) if place not in taken)
        best = max(
            rest,
            key=lambda place: (
                worth[place] - REPEATS * max((words.overlap(bags[place], bags[one]) for one in taken), default=0)
            ),
        )
        taken.append(best)
        length += len(words.tokens(sentences[best]))
    return taken


def choose(articles: Sequence[Article], readings: Sequence[Reading], most: int) -> tuple[Point, ...]:
    """At most that many points, most important first, each with every sentence of the articles that says the same.

    Each passes ``support.check`` against its own evidence. Empty when no sentence can stand alone.
    """
    found = [one for article, reading in zip(articles, readings, strict=True) for one in candidates(article, reading)]
    return tuple(one.point for one in islice(_pick(_with_echoes(found), _Told.of(found, readings)), most))


def candidates(article: Article, reading: Reading) -> list[Candidate]:
    """The sentences of the article that can stand alone, trimmed, with what they are worth, in text order."""
    sentences = [one for one in reading.sentences if one.furniture is None]
    texts = [" ".join(one.span.of(article.text).split()) for one in sentences]
    worth = salience.briefing_worth(texts)
    named = {source.name for source in reading.sources if source.kind is not SourceKind.UNNAMED}
    found: list[Candidate] = []
    after = (*texts[1:], "")
    for sentence, raw, value, following in zip(sentences, texts, worth, after, strict=True):
        said = voiced(article.text, sentence, reading)
        if said is None or said_of_the_last(following) or _captioned(article.text, sentence, reading):
            continue
        text = trim(said.text)
        spans = (sentence.span, *said.named_in)
        supported = support.check(text, [span.of(article.text) for span in spans]).supported
        if not supported or not stands_alone(text, own=said.own) or muddled(raw, texts):
            continue
        toponyms = places.within(reading, sentence.span)
        evidence = tuple(Evidence(article.id, span) for span in spans)
        point = Point(text, evidence, said.sources, tuple(places.label(one) for one in toponyms))
        small = sum(one.place is not None and not places.is_country(one.place) for one in toponyms)
        value += (
            ANAPHOR * _told_before(raw, texts)
            + salience.lede(len(found), texts.index(raw))
            + salience.news_worth(text, small, bool(named & set(said.sources)))
        )
        found.append(Candidate(point, raw, tuple(words.terms(text)), value, article.outlet or article.id))
    return found


_THE_THING = re.compile(
    r"^The (?P<noun>[a-z]+)(?:,|\b(?= (?:was|is|were|are|has|had|will|belong|describe|recommend|[a-z]+ed\b)))"
)


def _told_before(text: str, report: Sequence[str]) -> bool:
    """Whether the sentence is about a thing that an earlier one brought in: 'a door ...', then 'The door was ...'."""
    thing = _THE_THING.match(text)
    if thing is None:
        return False
    brought_in = re.compile(rf"(?i)\b(?:an?|another) (?:[\w-]+ ){{0,3}}{thing['noun']}\b")
    return any(brought_in.search(one) for one in report[: report.index(text)])


_LABEL = re.compile(r"^[A-Z][a-z]+(?: [a-z]+){0,2}:\s+(?=[A-Z])")


def _captioned(text: str, sentence: Sentence, reading: Reading) -> bool:
    """Whether the sentence opens like the caption of a picture: a label and a colon, and the label names no place."""
    label = _LABEL.match(sentence.span.of(text))
    if label is None:
        return False
    where = Span(sentence.span.start, sentence.span.start + label.end())
    return not any(where.holds(one.span) for one in reading.toponyms)


def _with_echoes(found: Sequence[Candidate]) -> list[Candidate]:
    """The candidates, best first, near-copies folded into the better one as more evidence."""
    kept: list[Candidate] = []
    for one in sorted(found, key=lambda candidate: -candidate.worth):
        twin = next((place for place, other in enumerate(kept) if _says_the_same(other, one)), None)
        if twin is None:
            kept.append(one)
        else:
            kept[twin] = _echoed(kept[twin], one)
    return sorted(kept, key=lambda candidate: -candidate.worth)


def _says_the_same(one: Candidate, other: Candidate) -> bool:
    """Whether the other's sentence alone would support this point, too."""
    if one.point.sources != other.point.sources or words.overlap(one.terms, other.terms) < COPIES:
        return False
    return (
        words.share(one.terms, other.terms) >= COPIES
        and support.check(one.point.text, [other.raw, other.point.text]).supported
    )


def _echoed(one: Candidate, echo: Candidate) -> Candidate:
    other_outlet = echo.outlet != one.outlet
    places_named = tuple(dict.fromkeys((*one.point.places, *echo.point.places)))
    point = replace(one.point, evidence=(*one.point.evidence, *echo.point.evidence), places=places_named)
    return replace(one, point=point, worth=one.worth + ECHO * other_outlet)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a story's words weigh when it is asked whether a thing was said already: what all articles tell weighs
    most.
    """

    weights: Mapping[str, float]

    @classmethod
    def of(cls, found: Sequence[Candidate], readings: Sequence[Reading]) -> "_Told":
        articles = {reading.article: set[str]() for reading in readings}
        for one in found:
            articles[one.point.evidence[0].article].update(one.terms)
        counts = Counter(term for terms in articles.values() for term in terms)
        return cls({term: words.rarity(term) * count for term, count in counts.items()})

    def share(self, one: Candidate, told: set[str]) -> float:
        """How much of what the candidate says, by weight, was told: 0..1."""
        whole = sum(self.weights[term] for term in set(one.terms))
        return sum(self.weights[term] for term in set(one.terms) & told) / whole if whole else 1.0


def _pick(found: Sequence[Candidate], story: _Told) -> Iterator[Candidate]:
    """The candidates in the order of what each still adds; what says mostly what was told is left out."""
    rest, taken, told = list(found), list[Candidate](), set[str]()
    while rest:
        best = max(rest, key=lambda one: _adds(one, taken) - REPEATS * story.share(one, told))
        rest.remove(best)
        again = max((words.overlap(best.terms, one.terms) for one in taken), default=0.0)
        if again < TWICE and story.share(best, told) < TOLD:
            taken.append(best)
            told |= set(best.terms)
            yield best


def _adds(one: Candidate, taken: Sequence[Candidate]) -> float:
    return one.worth - SAME_VOICE * sum(bool(set(one.point.sources) & set(other.point.sources)) for other in taken)
