"""An entry is known again, whatever its feed rewrites."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.news.recognise import Recognised, State, recognise, trace_of
from bot.types import FeedEntry

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LONG = "The river rose by two metres overnight, and the road along it was closed until further notice. "


def entry(name: str, text: str = LONG) -> FeedEntry:
    return FeedEntry("f", name, f"https://post.example/{name}", f"Title of {name}", text + name, None, NOON, NOON)


def compared(before: list[FeedEntry], after: list[FeedEntry]) -> list[Recognised]:
    return recognise(after, [trace_of(one) for one in after], [trace_of(one) for one in before])


def states(before: list[FeedEntry], after: list[FeedEntry]) -> list[State]:
    return [one.state for one in compared(before, after)]


OLD = [entry("a"), entry("b"), entry("c")]


def test_what_is_the_same_is_the_same() -> None:
    assert states(OLD, OLD) == [State.SAME] * 3
    assert states([], OLD) == [State.NEW] * 3


def test_rewritten_dates_mean_nothing() -> None:
    later = NOON + timedelta(hours=3)
    assert states(OLD, [replace(one, published=later, updated=later) for one in OLD]) == [State.SAME] * 3


def test_rewritten_ids_mean_nothing() -> None:
    assert states(OLD, [replace(one, id=f"{one.id}?again") for one in OLD]) == [State.RENAMED] * 3


def test_rewritten_ids_and_links_mean_nothing() -> None:
    moved = [replace(one, id=f"{one.id}2", url=f"https://cdn.example/{n}/x") for n, one in enumerate(OLD)]
    assert states(OLD, moved) == [State.RENAMED] * 3


def test_other_words_are_a_change_of_the_same_entry() -> None:
    corrected = replace(OLD[1], html=LONG + "Correction: three metres.")
    assert states(OLD, [OLD[0], corrected]) == [State.SAME, State.CHANGED]
    assert states(OLD, [replace(corrected, id="other")]) == [State.CHANGED]  # known by its address


def test_markup_is_no_word() -> None:
    assert states(OLD, [replace(OLD[0], html=f"<p class='x'>{OLD[0].html}</p>")]) == [State.SAME]


def test_a_single_update_is_believed_and_a_feed_full_of_them_is_not() -> None:
    later = NOON + timedelta(hours=1)
    assert states(OLD, [replace(OLD[0], updated=later), *OLD[1:]]) == [State.CHANGED, State.SAME, State.SAME]


def test_entries_that_share_an_address_stay_apart() -> None:
    live = [replace(one, url="https://post.example/live") for one in OLD]
    assert states(live[:1], live) == [State.SAME, State.NEW, State.NEW]


def test_a_short_warning_said_again_is_a_new_one() -> None:
    warning = FeedEntry("f", "w1", "https://post.example/w1", "Weather warning", "Storm.")
    again = replace(warning, id="w2", url="https://post.example/w2")
    assert states([warning], [again]) == [State.NEW]
    assert states([warning], [warning, again]) == [State.SAME, State.NEW]


def test_one_memory_serves_one_entry() -> None:
    twice = [replace(OLD[0], id=f"n{number}", url=f"https://cdn.example/{number}") for number in range(2)]
    assert states(OLD, twice) == [State.RENAMED, State.NEW]


def test_what_memory_knows_is_carried_on() -> None:
    known = replace(trace_of(OLD[0]), article="0123456789ab", background=True)
    renamed = replace(OLD[0], id="other")
    (found,) = recognise([renamed], [trace_of(renamed)], [known])
    assert (found.trace.id, found.trace.article, found.trace.background) == ("other", "0123456789ab", True)


def test_reports_that_share_an_address_are_different_ones() -> None:
    live = [replace(entry(name), url="https://post.example/live") for name in "abc"]
    assert [one.shared for one in compared([], live[:1])] == [False]
    assert [one.shared for one in compared(live[:1], live[:2])] == [True, True]
    known = [replace(trace_of(one), article=one.id) for one in live[:2]]
    (third,) = recognise(live[2:], [trace_of(live[2])], known)
    assert (third.state, third.shared) == (State.NEW, True)  # the address tells none of the earlier ones
    twice = replace(live[0], id="again")
    assert not any(one.shared for one in compared([], [live[0], twice]))


def test_a_front_page_is_no_entry_s_address() -> None:
    bulletins = [replace(entry(name), url="https://post.example/#top") for name in "ab"]
    assert states(bulletins[:1], bulletins[1:]) == [State.NEW]
    assert trace_of(replace(bulletins[0], url="https://post.example/?p=7")).link
