from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.store import Profiled, Search, Store, Unlinked
from bot.types import Article
from tests.fakes import HandClock
from tests.store.build import article, reading

SEARCH = Search("1", timedelta(days=7), 0.5, 10)
LEAST = 0.5


def profiled(one: Unlinked) -> Profiled:
    """Compared by its words, each of which is a key."""
    return Profiled(one, one.article.text, dict.fromkeys(one.article.text.split(), 1.0))


def compare(body: str, others: Sequence[str]) -> list[float]:
    """The share of words in common."""
    return [len({*body.split()} & {*other.split()}) / len({*body.split()} | {*other.split()}) for other in others]


async def take_in(store: Store, one: Article, origin: str = "feed") -> str:
    await store.add_article(one, origin)
    await store.add_reading(one, reading(one))
    return one.id


async def link(store: Store, search: Search = SEARCH) -> list[str]:
    """The ids of the articles that were compared."""
    waiting = await store.unlinked(search.method)
    await store.link([profiled(one) for one in waiting], search, compare)
    return [one.article.id for one in waiting]


async def near(store: Store, workspace: str | None, *ids: str) -> set[frozenset[str]]:
    """The pairs that are alike, of those articles and what leads on from them."""
    return {frozenset(pair) for pair in (await store.likenesses(workspace, ids, LEAST)).likeness}


async def test_an_article_is_compared_once_also_after_a_restart(store: Store, tmp_path: Path, clock: HandClock) -> None:
    a = await take_in(store, article("a", "storm roof Batumi"))
    b = await take_in(store, article("b", "storm roof Batumi mayor"))
    assert set(await link(store)) == {a, b}
    async with await Store.open(tmp_path / "store.db", clock=clock, reader="test") as again:
        assert await link(again) == []
        c = await take_in(again, article("c", "storm roof mayor"))
        assert await link(again) == [c]
        assert await near(again, None, c) == {frozenset({a, b}), frozenset({b, c}), frozenset({a, c})}


async def test_only_what_shares_keys_within_the_window_is_compared(store: Store) -> None:
    ids = [
        await take_in(store, article("a", "storm roof")),
        await take_in(store, article("b", "storm roof", hours=-24 * 8)),
        await take_in(store, article("c", "fire port")),
    ]
    await link(store)
    assert await near(store, None, *ids) == set()


async def test_a_changed_article_leaves_its_story_and_joins_another(store: Store) -> None:
    storm = article("a", "storm roof Batumi")
    await take_in(store, storm)
    b = await take_in(store, article("b", "storm roof Batumi mayor"))
    c = await take_in(store, article("c", "fire port Piraeus"))
    await link(store)
    await take_in(store, replace(storm, text="fire port Piraeus warehouses"))
    assert await near(store, None, storm.id, b) == set()
    assert await link(store) == [storm.id]
    assert await near(store, None, storm.id) == {frozenset({storm.id, c})}


async def test_words_that_change_while_they_are_compared_are_compared_anew(store: Store) -> None:
    first = article("a", "storm roof")
    await take_in(store, first)
    waiting = await store.unlinked("1")
    await take_in(store, replace(first, text="fire port"))
    await store.link([profiled(one) for one in waiting], SEARCH, compare)
    b = await take_in(store, article("b", "storm roof"))
    await link(store)
    assert await near(store, None, first.id, b) == set()
    assert await store.unlinked("1") == []


async def test_what_joins_two_articles_stays_unseen_where_it_is_not_followed(store: Store) -> None:
    a = await take_in(store, article("a", "one two three"), "public")
    b = await take_in(store, article("b", "three four five"), "public")
    secret = await take_in(store, article("s", "one two three four five"), "private")
    await store.follow("team", "public")
    await store.follow("insiders", "public")
    await store.follow("insiders", "private")
    await link(store)
    seen = await store.likenesses("team", [a, b, secret], LEAST)
    assert set(seen.happened) == {a, b}
    assert {frozenset(pair): round(value, 2) for pair, value in seen.likeness.items()} == {frozenset({a, b}): 0.2}
    assert frozenset({a, secret}) in await near(store, "insiders", a)
    assert set((await store.likenesses("insiders", [a], LEAST)).happened) == {a, b, secret}


async def test_another_method_compares_anew_and_never_with_what_the_old_one_left(store: Store) -> None:
    a = await take_in(store, article("a", "storm roof"))
    b = await take_in(store, article("b", "storm roof mayor", hours=-24 * 3))
    await link(store)
    newer = replace(SEARCH, method="2")
    waiting = await store.unlinked("2", ids=[a])
    await store.link([profiled(one) for one in waiting], newer, compare)
    assert await near(store, None, a, b) == set()
    assert await link(store, newer) == [b]
    assert await near(store, None, a, b) == {frozenset({a, b})}


async def test_forgotten_articles_take_their_likenesses_with_them(store: Store, clock: HandClock) -> None:
    a = await take_in(store, article("a", "storm roof"))
    b = await take_in(store, article("b", "storm roof mayor", hours=48))
    await link(store)
    clock.advance(days=3)
    c = await take_in(store, article("c", "storm roof hall", hours=70))
    await store.forget_before(clock.now - timedelta(days=2))
    assert await link(store) == [c]
    assert await near(store, None, a, b, c) <= {frozenset({b, c})}
