"""Articles grouped into stories: one real-world event each."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bot.briefing import words
from bot.types import Article, MentionKind, Reading, Story

ALIKE = 0.205  # mean likeness of two groups from which on they are one story; fitted on ECB+ (docs/briefing.md)
LEAD = 500  # characters: the opening says what happened
PLACES = 0.5  # what places weigh beside all words, the opening and the figures, which weigh 1 each
WINDOW = timedelta(days=7)  # articles further apart aren't one story, unless one is a near-copy of the other
COPY = 0.8  # share of one article's runs of words that stand in the other: a near-copy

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Profile:
    """What an article is compared by."""

    published: datetime | None
    whole: words.Vector
    opening: words.Vector
    figures: words.Vector  # numbers, weekdays and months: what tells look-alikes apart
    places: words.Vector  # the words of the places' names
    runs: frozenset[int]  # of five words, hashed


def group(articles: Sequence[Article], readings: Sequence[Reading]) -> tuple[Story, ...]:
    """The stories of the articles: each article in one story, oldest article first, stories by their first article.

    Groups are joined while their mean likeness reaches ``ALIKE`` (average linkage).
    """
    profiles = [profile(article, reading) for article, reading in zip(articles, readings, strict=True)]
    likeness = _likeness(profiles)
    groups = [sorted(members, key=lambda place: (_when(articles[place]), place)) for members in _joined(likeness)]
    groups.sort(key=lambda members: (_when(articles[members[0]]), members[0]))
    return tuple(_story([articles[place].id for place in members]) for members in groups)


def profile(article: Article, reading: Reading) -> Profile:
    """What the article is compared by; page furniture left out."""
    body = " ".join(one.span.of(article.text) for one in reading.sentences if one.furniture is None) or article.text
    text = f"{article.title}. {body}" if article.title else body
    spots = (word for one in reading.toponyms if one.kind is MentionKind.LITERAL for word in words.tokens(one.name))
    return Profile(
        article.published,
        words.vector(words.terms(text)),
        words.vector(words.terms(text[:LEAD])),
        words.vector(words.numbers_and_days(text)),
        words.vector(words.stem(word) for word in spots),
        _runs(text),
    )


def _likeness(profiles: Sequence[Profile]) -> Matrix:
    """How likely every two articles tell of one event, 0..1: 1 for near-copies, 0 for articles too far apart in
    time.
    """
    likeness = _mean_cosines(profiles)
    for one, other in combinations(range(len(profiles)), 2):
        first, second = profiles[one], profiles[other]
        if likeness[one, other] >= ALIKE and copied(first, second):
            likeness[one, other] = likeness[other, one] = 1.0
        elif first.published and second.published and abs(first.published - second.published) > WINDOW:
            likeness[one, other] = likeness[other, one] = 0.0
    return likeness


def _mean_cosines(profiles: Sequence[Profile]) -> Matrix:
    weighed = (
        ([one.whole for one in profiles], 1.0),
        ([one.opening for one in profiles], 1.0),
        ([one.figures for one in profiles], 1.0),
        ([one.places for one in profiles], PLACES),
    )
    total = np.zeros((len(profiles), len(profiles)))
    for vectors, weight in weighed:
        total += weight * _cosines(vectors)
    return total / sum(weight for _, weight in weighed)


def _cosines(vectors: Sequence[words.Vector]) -> Matrix:
    """The cosine of every two vectors of length 1, gathered term by term: most terms stand in few articles."""
    postings: dict[str, list[int]] = {}
    for place, vector in enumerate(vectors):
        for term in vector:
            postings.setdefault(term, []).append(place)
    sums = np.zeros((len(vectors), len(vectors)))
    for term, places in postings.items():
        weights = np.array([vectors[place][term] for place in places])
        sums[np.ix_(places, places)] += np.outer(weights, weights)
    return sums


def copied(one: Profile, other: Profile) -> bool:
    """Whether the shorter article stands nearly whole in the longer: an agency's text in two papers."""
    least = min(len(one.runs), len(other.runs))
    return least > 0 and len(one.runs & other.runs) / least >= COPY


def independent(articles: Sequence[Article], readings: Sequence[Reading]) -> int:
    """From how many independent reports a story comes: near-copies, and reports of one outlet, count once."""
    counted: list[tuple[str | None, Profile]] = []
    for article, reading in zip(articles, readings, strict=True):
        here = profile(article, reading)
        if not any((article.outlet and article.outlet == outlet) or copied(here, seen) for outlet, seen in counted):
            counted.append((article.outlet, here))
    return len(counted)


def _runs(text: str, size: int = 5) -> frozenset[int]:
    found = [word.lower() for word in words.tokens(text)]
    return frozenset(hash(tuple(found[place : place + size])) for place in range(len(found) - size + 1))


def _when(article: Article) -> datetime:
    return article.published or datetime.max.replace(tzinfo=UTC)


def _story(ids: Sequence[str]) -> Story:
    """A story bears the name of its first article, so that it keeps it while it grows."""
    return Story(hashlib.sha256(ids[0].encode()).hexdigest()[:12], tuple(ids))


def _joined(likeness: Matrix) -> list[list[int]]:
    """Average linkage down to ``ALIKE``: the likest two groups first."""
    size = len(likeness)
    left = likeness.copy()
    np.fill_diagonal(left, -1.0)
    groups = {place: [place] for place in range(size)}
    while size:
        one, other = divmod(int(np.argmax(left)), size)
        if left[one, other] < ALIKE:
            break
        _join(left, groups, one, other)
    return list(groups.values())


def _join(left: Matrix, groups: dict[int, list[int]], one: int, other: int) -> None:
    first, second = len(groups[one]), len(groups[other])
    mean = (left[one] * first + left[other] * second) / (first + second)
    mean[left[one] < 0] = mean[left[other] < 0] = -1.0
    left[one], left[:, one] = mean, mean
    left[one, one] = -1.0
    left[other], left[:, other] = -1.0, -1.0
    groups[one] += groups.pop(other)
