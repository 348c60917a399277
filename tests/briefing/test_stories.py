from datetime import timedelta

from bot.briefing.stories import group, independent
from bot.types import Article
from tests.briefing import build

FERRY = [
    (
        "A ferry and a tanker collided off Halden on Friday, killing two sailors. The ferry was bound for "
        "Strömstad with 90 passengers."
    ),
    (
        "Two sailors died when a tanker struck a ferry off Halden on Friday. All 90 passengers were taken ashore "
        "at Halden."
    ),
]
QUAKES = [
    (
        "An earthquake of magnitude 6.1 struck the hills near Arvik on Tuesday, bringing down 40 houses in the "
        "village of Stenmo."
    ),
    "An earthquake of magnitude 5.4 struck the coast near Lomvik in March, and the port of Lomvik lost its lighthouse.",
]


def stories(*articles: Article) -> list[set[str]]:
    return [set(story.articles) for story in group(articles, [build.reading(one) for one in articles])]


def test_reports_of_one_event_are_one_story_and_look_alikes_are_not() -> None:
    articles = [build.article(text, ident) for text, ident in zip([*FERRY, *QUAKES], "abcd", strict=True)]
    assert stories(*articles) == [{"a", "b"}, {"c"}, {"d"}]


def test_oldest_first_and_named_by_it() -> None:
    late, early = (
        build.article(FERRY[0], "late"),
        build.article(FERRY[1], "early", published=build.NOW - timedelta(hours=5)),
    )
    (story,) = group([late, early], [build.reading(late), build.reading(early)])
    (alone,) = group([early], [build.reading(early)])
    assert story.articles == ("early", "late")
    assert story.id == alone.id


def test_weeks_apart_are_two_stories() -> None:
    old = build.article(FERRY[0], "a", published=build.NOW - timedelta(days=20))
    assert len(stories(old, build.article(FERRY[1], "b"))) == 2


def test_a_copied_text_counts_once() -> None:
    same = [build.article(FERRY[0], ident, outlet=ident) for ident in "ab"]
    other = build.article(FERRY[1], "c", outlet="c")
    readings = [build.reading(one) for one in (*same, other)]
    assert independent([*same, other], readings) == 2


def test_no_articles_no_stories() -> None:
    assert group([], []) == ()
