"""A briefing from the readings of one story; a digest from several stories."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.briefing import disagreements, headline, places, points, sources, stories
from bot.errors import UnreadableInput
from bot.types import Article, ArticleRef, Briefing, Digest, Length, Reading, Story

EXTRACTIVE = "extractive"
HALF_LIFE = 12.0  # hours after which a story weighs half as much in a digest


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
) -> Digest:
    """The briefings of the weightiest stories, at most ``most``, and how many stories there were besides."""
    by_id = {article.id: (article, reading) for article, reading in zip(articles, readings, strict=True)}
    found = sorted(stories.group(articles, readings), key=lambda story: -weight(story, by_id, now))
    briefings = tuple(brief(*_members(story, by_id), length=length, now=now) for story in found[:most])
    return Digest(title, since, now, briefings, max(0, len(found) - most))


def _reference(article: Article, reading: Reading) -> ArticleRef:
    """The article as it is cited: a pasted one by the heading that opens it."""
    title = article.title or headline.title_of(article, reading)
    return ArticleRef(article.id, article.url, article.outlet, title, article.published)


def weight(story: Story, by_id: Mapping[str, tuple[Article, Reading]], now: datetime) -> float:
    """How early a digest shows the story: independent reports, halved for each ``HALF_LIFE`` since the newest.

    An article without a date counts as new.
    """
    articles, readings = _members(story, by_id)
    newest = max((one.published or now for one in articles), default=now)
    age = max(0.0, (now - newest).total_seconds() / 3600)
    return float(stories.independent(articles, readings) * 0.5 ** (age / HALF_LIFE))


def _members(story: Story, by_id: Mapping[str, tuple[Article, Reading]]) -> tuple[list[Article], list[Reading]]:
    members = [by_id[one] for one in story.articles]
    return [article for article, _ in members], [reading for _, reading in members]
