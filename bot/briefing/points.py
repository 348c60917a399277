"""The points of a briefing: what a person needs first from all articles of a story, nothing said twice."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bot.briefing import headline, places, salience, support, words
from bot.briefing.given import root
from bot.briefing.standing import Report, standing
from bot.types import Article, Evidence, Point, Reading, SourceKind

REPEATS = 0.3  # what a sentence loses that says all that a chosen one says
TWICE = 0.6  # share of words from which on two sentences say the same thing
TOLD = 0.6  # share of a sentence's weight from which on the points before it have told it together
COPIES = 0.75  # share of words from which on one sentence is a near-copy of another
VERBATIM = 0.95  # the same, whoever was taken for its speaker
SAME_VOICE = 0.06  # what a sentence loses for each chosen one with the same speaker
ECHO = 0.05  # what it gains for each other article that says the same, or has most of its words
MOSTLY, MOST_ECHOES = 0.6, 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may become a point."""

    point: Point
    raw: str  # the evidence's words
    terms: tuple[str, ...]
    worth: float
    outlet: str
    needs: frozenset[str]  # stems of what must have been told before it: 'the depot'
    lede: float = 0.0  # what of the worth it has as one of its report's first sentences


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
    title = {root(word) for word in words.tokens(headline.own(articles, readings) or "")}
    story = _Told.of(found, readings)
    ranked = [replace(one, worth=story.worth(one)) for one in _with_echoes(found)]
    return tuple(one.point for one in islice(_pick(ranked, story, title), most))


def candidates(article: Article, reading: Reading) -> list[Candidate]:
    """The sentences of the article that can stand alone, trimmed, with what they are worth, in text order."""
    report = Report.of(article, reading)
    worth = salience.briefing_worth(report.texts)
    named = {source.name for source in reading.sources if source.kind is not SourceKind.UNNAMED}
    found: list[Candidate] = []
    for one in standing(report):
        toponyms = places.within(reading, one.spans[0])
        evidence = tuple(Evidence(article.id, span) for span in one.spans)
        point = Point(one.text, evidence, one.sources, tuple(places.label(toponym) for toponym in toponyms))
        small = sum(toponym.place is not None and not places.is_country(toponym.place) for toponym in toponyms)
        lede = salience.lede(len(found), one.place)
        news = salience.news_worth(one.text, small, bool(named & set(one.sources)))
        terms, outlet = tuple(words.terms(one.text)), article.outlet or article.id
        found.append(
            Candidate(point, report.texts[one.place], terms, worth[one.place] + lede + news, outlet, one.needs, lede)
        )
    return found


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
    alike = VERBATIM if one.point.sources != other.point.sources else COPIES
    return (
        words.overlap(one.terms, other.terms) >= alike
        and words.share(one.terms, other.terms) >= alike
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
    articles: Mapping[str, frozenset[str]]  # what words each tells

    @classmethod
    def of(cls, found: Sequence[Candidate], readings: Sequence[Reading]) -> "_Told":
        articles = {reading.article: set[str]() for reading in readings}
        for one in found:
            articles[one.point.evidence[0].article].update(one.terms)
        counts = Counter(term for terms in articles.values() for term in terms)
        weights = {term: words.rarity(term) * count for term, count in counts.items()}
        return cls(weights, {ident: frozenset(terms) for ident, terms in articles.items()})

    def worth(self, one: Candidate) -> float:
        """What the candidate is worth in the story: more, if the other articles tell most of it in their words."""
        home = {piece.article for piece in one.point.evidence}
        others = (terms for ident, terms in self.articles.items() if ident not in home)
        return one.worth + ECHO * min(MOST_ECHOES, sum(words.share(one.terms, terms) >= MOSTLY for terms in others))

    def share(self, one: Candidate, told: set[str]) -> float:
        """How much of what the candidate says, by weight, was told: 0..1."""
        whole = sum(self.weights[term] for term in set(one.terms))
        return sum(self.weights[term] for term in set(one.terms) & told) / whole if whole else 1.0


def _pick(found: Sequence[Candidate], story: _Told, known: set[str]) -> Iterator[Candidate]:
    """The candidates in the order of what each still adds; what says mostly what was told is left out, and so is what
    needs a thing that neither the headline nor a point before it tells of.
    """
    rest, taken, told = list(found), list[Candidate](), set[str]()
    while ready := [one for one in rest if one.needs <= known]:
        best = max(ready, key=lambda one: _adds(one, taken) - REPEATS * story.share(one, told))
        rest.remove(best)
        again = max((words.overlap(best.terms, one.terms) for one in taken), default=0.0)
        if again < TWICE and story.share(best, told) < TOLD:
            taken.append(best)
            told |= set(best.terms)
            known |= {root(word) for word in words.tokens(best.point.text)}
            yield best


def _adds(one: Candidate, taken: Sequence[Candidate]) -> float:
    """What the candidate is worth after those: the ledes of a story's reports tell one event, and so one is enough."""
    voices = sum(bool(set(one.point.sources) & set(other.point.sources)) for other in taken)
    again = one.lede if any(other.lede and _elsewhere(one, other) for other in taken) else 0.0
    return one.worth - SAME_VOICE * voices - again


def _elsewhere(one: Candidate, other: Candidate) -> bool:
    return one.point.evidence[0].article != other.point.evidence[0].article
