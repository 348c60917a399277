import itertools
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefing import stories
from bot.briefing.stories import group, independent
from bot.briefing.stories.linkage import joined
from bot.types import Article
from tests.briefing import build

DATA = Path(__file__).parents[1] / "data/stories"
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
ELECTIONS = [
    "Voters in Tarvia elected a parliament on Sunday. The Green Union of Mara Lindqvist led with 41 per cent.",
    "Mara Lindqvist's Green Union came first in Sunday's parliamentary election in Tarvia, with 41 per cent.",
    "Voters in Ostrava county elected a council on Wednesday. The Farmers of Jan Hrubec led with 33 per cent.",
    "Jan Hrubec's Farmers came first in Wednesday's council election in Ostrava county, with 33 per cent of the vote.",
]
FIRES_UK = [
    "У Полтаві вночі згорів склад меблів на вулиці Соборності. Рятувальники гасили пожежу п'ять годин, загинув сторож.",
    "Пожежа на складі меблів у Полтаві: загинув сторож. Вогонь на вулиці Соборності гасили п'ять годин.",
    "У Львові на вулиці Зеленій відкрили нову школу. Перший дзвоник пролунав для 300 учнів, каже міський голова.",
]


def told(*articles: Article, language: str = "en") -> list[set[str]]:
    readings = [replace(build.reading(one), language=language) for one in articles]
    return [set(story.articles) for story in group(articles, readings)]


def reports(*texts: str) -> list[Article]:
    return [build.article(text, ident) for text, ident in zip(texts, "abcdef", strict=False)]


def test_reports_of_one_event_are_one_story_and_look_alikes_are_not() -> None:
    assert told(*reports(*FERRY, *QUAKES)) == [{"a", "b"}, {"c"}, {"d"}]
    assert told(*reports(*ELECTIONS)) == [{"a", "b"}, {"c", "d"}]


def test_the_order_in_which_articles_come_changes_nothing() -> None:
    articles = reports(*FERRY, *QUAKES, *ELECTIONS[:2])
    found = {frozenset(map(frozenset, told(*order))) for order in itertools.permutations(articles)}
    assert found == {frozenset(map(frozenset, ("ab", "c", "d", "ef")))}


def test_reports_in_a_language_with_endings_find_each_other() -> None:
    assert told(*reports(*FIRES_UK), language="uk") == [{"a", "b"}, {"c"}]


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
    assert len(told(old, build.article(FERRY[1], "b"))) == 2


def test_a_story_goes_on_over_weeks_from_report_to_report() -> None:
    days = [
        build.article(FERRY[day % 2], ident, published=build.NOW - timedelta(days=6 * day))
        for day, ident in enumerate("abc")
    ]
    assert told(*days) == [{"a", "b", "c"}]


def test_a_copied_text_counts_once() -> None:
    same = [build.article(FERRY[0], ident, outlet=ident) for ident in "ab"]
    other = build.article(FERRY[1], "c", outlet="c")
    readings = [build.reading(one) for one in (*same, other)]
    assert [one.id for one in independent([*same, other], readings)] == ["a", "c"]


def test_no_articles_no_stories() -> None:
    assert group([], []) == ()


def test_a_profile_comes_back_from_the_store_as_it_went_in() -> None:
    article = build.article(FERRY[0])
    places = build.toponyms(FERRY[0], {"Halden": build.HALDEN})
    made = stories.profile(article, build.reading(article, places=places))
    assert stories.restore(stories.dump(made)) == made
    assert made.spots == ((59.1, 11.4),)
    assert stories.likeness(made, made) > 0.99


def reports_of(topic: str) -> tuple[list[Article], set[frozenset[str]]]:
    """The reports in a file of ``tests/data/stories``, and which of them belong together."""
    articles, events = [], []
    for event in re.split(r"(?m)^== .*\n", (DATA / f"{topic}.txt").read_text(encoding="utf-8"))[1:]:
        here = []
        for report in re.split(r"(?m)^-- ", event)[1:]:
            head, title, text = report.split("\n", 2)
            outlet, moment = head.split(" | ")
            published = datetime.fromisoformat(moment)
            here.append(build.article(text.strip(), moment, outlet=outlet, title=title, published=published))
        articles += here
        events.append(frozenset(one.id for one in here))
    return articles, set(events)


@pytest.mark.parametrize("topic", ["floods", "cups", "talks"])
def test_look_alikes_of_one_week_are_told_apart(topic: str) -> None:
    articles, events = reports_of(topic)
    assert set(map(frozenset, told(*articles))) == events


# --- how groups are joined


def pairs(one: range, other: range, value: float) -> dict[tuple[int, int], float]:
    return {(a, b): value for a in one for b in other if a < b}


def test_two_groups_that_hold_together_better_than_with_each_other_stay_apart() -> None:
    left, right = range(4), range(4, 8)
    inside = pairs(left, left, 0.9) | pairs(right, right, 0.9)
    assert joined(8, inside | pairs(left, right, 0.45)) == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert joined(8, inside | pairs(left, right, 0.6)) == [[0, 1, 2, 3, 4, 5, 6, 7]]


def test_a_single_report_may_be_less_alike_than_the_group_that_it_joins() -> None:
    assert joined(4, pairs(range(3), range(3), 0.9) | pairs(range(3), range(3, 4), 0.3)) == [[0, 1, 2, 3]]


def test_a_chain_of_neighbours_is_no_story() -> None:
    chain = {(number, number + 1): 0.3 for number in range(9)}
    assert max(len(members) for members in joined(10, chain)) <= 3


@pytest.mark.parametrize(("value", "size"), [(0.19, 1), (0.2, 2)])
def test_two_reports_are_joined_from_the_least_likeness_on(value: float, size: int) -> None:
    assert len(joined(2, {(0, 1): value})[0]) == size


LIKENESSES = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]), st.floats(0.02, 1)
)


@given(likeness=LIKENESSES)
def test_each_article_is_in_one_group(likeness: dict[tuple[int, int], float]) -> None:
    found = joined(8, likeness)
    assert sorted(number for members in found for number in members) == list(range(8))
    assert found == joined(8, dict(reversed(likeness.items())))
