"""Articles grouped into stories: one real-world event each. ``docs/briefing.md`` explains how."""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from bot.briefing import words
from bot.briefing.stories.index import MOST, SHARED, Index
from bot.briefing.stories.likeness import WINDOW, learnt, likeness
from bot.briefing.stories.linkage import BRIDGE, joined
from bot.briefing.stories.profile import Profile, dump, profile, restore
from bot.types import Article, Reading, Story

__all__ = [
    "BRIDGE",
    "METHOD",
    "MOST",
    "SHARED",
    "WINDOW",
    "Profile",
    "dump",
    "group",
    "independent",
    "likeness",
    "profile",
    "restore",
    "told",
]

COPY: Final = 0.8  # share of one article's runs of words that stand in the other: a near-copy
RUN: Final = 5  # words
METHOD: Final = f"1-{zlib.crc32(json.dumps(learnt(), sort_keys=True).encode()):08x}"
"""The version of profiles and likenesses: what another one has worked out is worked out again."""

Pair = tuple[str, str]


def group(articles: Sequence[Article], readings: Sequence[Reading]) -> tuple[Story, ...]:
    """The stories of the articles: each article in one story, oldest article first, stories by their first article.

    Their order makes no difference, but among articles of one moment or of none.
    """
    return told({article.id: article.published for article in articles}, _likenesses(articles, readings))


def told(happened: Mapping[str, datetime | None], likeness: Mapping[Pair, float]) -> tuple[Story, ...]:
    """As ``group``, of articles given by their ids, from the likenesses of pairs; of one that isn't given it is 0."""
    order = sorted(happened, key=lambda ident: happened[ident] or datetime.max.replace(tzinfo=UTC))
    rank = {ident: number for number, ident in enumerate(order)}
    near = {_pair(rank[one], rank[other]): value for (one, other), value in likeness.items()}
    return tuple(_story([order[number] for number in members]) for members in joined(len(order), near))


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _likenesses(articles: Sequence[Article], readings: Sequence[Reading]) -> dict[Pair, float]:
    """The likenesses above 0 of the pairs that are worth comparing."""
    profiles = [profile(article, reading) for article, reading in zip(articles, readings, strict=True)]
    index = Index()
    found = {}
    for number, here in enumerate(profiles):
        keys = here.keys
        for other in index.similar(keys):
            if value := likeness(here, profiles[other]):
                found[articles[other].id, articles[number].id] = value
        index.add(number, keys)
    return found


def independent(articles: Sequence[Article], readings: Sequence[Reading]) -> tuple[Article, ...]:
    """The reports that a story comes from independently: of near-copies and of one outlet's reports the first given."""
    counted: list[tuple[Article, frozenset[int]]] = []
    for article, reading in zip(articles, readings, strict=True):
        runs = _runs(_body(article, reading))
        if not any((article.outlet and article.outlet == one.outlet) or _share(runs, seen) for one, seen in counted):
            counted.append((article, runs))
    return tuple(article for article, _ in counted)


def _share(one: frozenset[int], other: frozenset[int]) -> bool:
    least = min(len(one), len(other))
    return least > 0 and len(one & other) / least >= COPY


def _body(article: Article, reading: Reading) -> str:
    return " ".join(one.span.of(article.text) for one in reading.sentences if one.furniture is None) or article.text


def _runs(text: str) -> frozenset[int]:
    """Runs of words, hashed."""
    found = [word.lower() for word in words.tokens(text)]
    return frozenset(hash(tuple(found[place : place + RUN])) for place in range(len(found) - RUN + 1))


def _story(ids: Sequence[str]) -> Story:
    """A story bears the name of its first article, so that it keeps it while it grows."""
    return Story(hashlib.sha256(ids[0].encode()).hexdigest()[:12], tuple(ids))
