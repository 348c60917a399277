from collections.abc import Sequence
from datetime import timedelta

from bot.briefing import compose
from bot.types import Article, Length, Story
from tests.briefing import build

DAM = "A dam burst above Lusk on Monday and flooded Main Street, the mayor, Ada Quill, said."
PORT = "Two warehouses burned down in the port of Piraeus on Tuesday, the Greek fire service said."


def report(ident: str, text: str, outlet: str, hours: float = 0) -> Article:
    return build.article(text, ident, outlet=outlet, published=build.NOW - timedelta(hours=hours))


def order(told: Sequence[Sequence[Article]], followed: Sequence[str] = (), most: int = 9) -> tuple[list[str], int]:
    """The first article of each story as the digest has them, and how many stories it leaves out."""
    found = [Story(articles[0].id, tuple(one.id for one in articles)) for articles in told]
    every = [one for articles in told for one in articles]
    readings = [build.reading(one) for one in every]
    made = compose.digest(
        "Morning",
        every,
        readings,
        length=Length.SHORT,
        most=most,
        since=None,
        now=build.NOW,
        told=found,
        followed=followed,
    )
    return [one.articles[0].id for one in made.briefings], made.left_out


def test_what_more_outlets_tell_comes_first() -> None:
    one = [report("a", DAM, "Herald"), report("b", DAM + " It was built in 1911, she said.", "Herald")]
    two = [report("c", PORT, "Post"), report("d", "Fire took two warehouses in Piraeus, firemen said.", "Mirror")]
    assert order([one, two]) == (["c", "a"], 0)


def test_an_old_story_does_not_outweigh_a_new_one_by_a_late_echo() -> None:
    old = [report(str(n), f"{DAM} Village {n} is dry again after {n} days.", f"o{n}", hours=72) for n in range(1, 4)]
    echo = [*old, report("echo", "Lusk cleans up, street by street, says its mayor.", "late", hours=1)]
    fresh = [report("e", PORT, "Post"), report("f", "Fire took two warehouses in Piraeus, firemen said.", "Mirror")]
    assert order([echo, fresh])[0] == ["e", "1"]


def test_what_the_channel_watches_comes_before_its_equals() -> None:
    told = [[report("a", DAM, "Herald")], [report("b", PORT, "Post")]]
    assert order(told)[0] == ["a", "b"]
    assert order(told, followed=["b"])[0] == ["b", "a"]


def test_stories_over_the_limit_are_counted() -> None:
    told = [[report("a", DAM, "Herald")], [report("b", PORT, "Post", hours=5)], [report("c", PORT, "Mail", hours=9)]]
    assert order(told, most=1) == (["a"], 2)


def test_copies_of_one_text_decide_between_equals_only() -> None:
    copied = [report("c", PORT, "Post"), report("d", PORT, "Mirror")]
    assert order([[report("a", DAM, "Herald")], copied])[0] == ["c", "a"]
