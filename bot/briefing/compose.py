"""A briefing from the readings of one story; a digest from several stories."""

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.briefing import disagreements, headline, places, points, sources, stories
from bot.errors import UnreadableInput
from bot.types import Article, ArticleRef, Briefing, Digest, Length, Reading, Story

EXTRACTIVE = "extractive"
HALF_LIFE = 12.0  # hours after which a report weighs half as much in a digest
FOLLOWED = 2.0  # what a story weighs more that touches what the channel watches


def brief(articles: Sequence[Article], readings: Sequence[Reading], *, length: Length, now: datetime) -> Briefing:
    """The briefing of one story; articles keep their order, which is that of the citations' numbers.

    It may have no points, when no sentence can stand alone.

    Raises:
        UnreadableInput: there is no article.
    """
    if not articles:
        raise UnreadableInput("There is nothing to brief: give at least one article.")
    chosen = points.choose(articles, readings, length.points)
    return Briefing(
        headline=headline.headline(articles, readings, chosen),
        points=chosen,
        places=places.key_places(articles, readings, chosen),
        sources=sources.attributed(readings),
        disagreements=disagreements.find(articles, readings),
        articles=tuple(_reference(*pair) for pair in zip(articles, readings, strict=True)),
        method=EXTRACTIVE,
        generated=now,
    )


def digest(
    title: str,
    articles: Sequence[Article],
    readings: Sequence[Reading],
    *,
    length: Length,
    most: int,
    since: datetime | None,
    now: datetime,
    told: Sequence[Story] | None = None,
    followed: Collection[str] = (),
) -> Digest:
    """The briefings of the weightiest stories, at most ``most``, and how many stories there were besides.

    ``told`` are the articles' stories where they are known; None: they are found. ``followed`` are the ids of articles
    that touch what the channel follows by name.
    """
    by_id = {article.id: (article, reading) for article, reading in zip(articles, readings, strict=True)}
    found = stories.group(articles, readings) if told is None else told
    heaviest = sorted(found, key=lambda story: (-weight(story, by_id, now, followed), -len(story.articles)))
    briefings = tuple(brief(*_members(story, by_id), length=length, now=now) for story in heaviest[:most])
    return Digest(title, since, now, briefings, max(0, len(heaviest) - most))


def _reference(article: Article, reading: Reading) -> ArticleRef:
    """The article as it is cited: a pasted one by the heading that opens it."""
    title = article.title or headline.title_of(article, reading)
    opening = None if title else article.opening
    return ArticleRef(article.id, article.url, article.outlet, title, article.published, opening)


def weight(
    story: Story, by_id: Mapping[str, tuple[Article, Reading]], now: datetime, followed: Collection[str] = ()
) -> float:
    """How early a digest shows the story: by its independent reports, each half as much for every ``HALF_LIFE``.

    So a report of three days ago makes a story of today no weightier. A story that touches what the channel follows
    weighs ``FOLLOWED`` times as much. An article without a date counts as new.
    """
    articles, readings = _members(story, by_id)
    newest = sorted(zip(articles, readings, strict=True), key=lambda pair: pair[0].published or now, reverse=True)
    counted = stories.independent([article for article, _ in newest], [reading for _, reading in newest])
    total = sum(math.exp2(-_hours(article.published or now, now) / HALF_LIFE) for article in counted)
    return total * (FOLLOWED if any(article.id in followed for article in articles) else 1.0)


def _hours(moment: datetime, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds() / 3600)


def _members(story: Story, by_id: Mapping[str, tuple[Article, Reading]]) -> tuple[list[Article], list[Reading]]:
    members = [by_id[one] for one in story.articles]
    return [article for article, _ in members], [reading for _, reading in members]
