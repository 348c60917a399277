from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import NotFound
from bot.store import Store
from bot.types import Feed
from tests.store.build import KOVAL, LYMAN, NOON, article, reading

FEEDS = ("feed-a", "feed-b", "feed-c")


async def test_following_begins_and_ends(store: Store) -> None:
    assert await store.follow("team", "b")
    assert await store.follow("team", "a")
    assert not await store.follow("team", "a")
    assert await store.origins("team") == ["a", "b"]
    assert await store.origins("others") == []
    assert await store.unfollow("team", "a")
    assert not await store.unfollow("team", "a")
    assert await store.origins("team") == ["b"]


async def secret_everywhere(store: Store, origin: str) -> str:
    """A word that only this origin's article, source and place have."""
    word = f"secret{origin[-1]}"
    text = f"{word.title()} Koval spoke in {word.title()} Lyman: {word} things."
    report = article(f"story-{origin}", text)
    place = replace(LYMAN, geonameid=ord(origin[-1]), name=f"{word.title()} Lyman")
    speaker = replace(KOVAL, name=f"{word.title()} Koval", aliases=(word,))
    await store.add_feed(Feed(origin))
    await store.add_article(report, origin)
    await store.add_reading(report, reading(report, places=(place,), speaker=speaker, said=f"{word} things"))
    return word


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(followed=st.sets(st.sampled_from(FEEDS)))
async def test_a_workspace_sees_all_of_what_it_follows_and_nothing_else(followed: set[str]) -> None:
    with TemporaryDirectory() as folder:  # an example of its own for each set
        async with await Store.open(Path(folder) / "store.db", clock=lambda: NOON) as store:
            for origin in FEEDS:
                word = await secret_everywhere(store, origin)
                if origin in followed:
                    await store.follow("team", origin)
                await store.follow("others", origin)
            for origin in FEEDS:
                word = f"secret{origin[-1]}"
                ident = article(f"story-{origin}").id
                assert bool(await store.search("team", word)) == (origin in followed)
                assert bool(await store.articles("team", places=[ord(origin[-1])])) == (origin in followed)
                assert bool(await store.said("team", f"{word} Koval")) == (origin in followed)
                assert bool(await store.sources("team", word)) == (origin in followed)
                assert bool(await store.complete_sources("team", word)) == (origin in followed)
                assert bool(await store.close_sources("team", f"{word} Kovl")) == bool(followed)
                assert bool(await store.mentioned_places("team", word)) == (origin in followed)
                if origin not in followed:
                    with pytest.raises(NotFound):
                        await store.article("team", ident)
            assert {feed.url for feed in await store.feeds("team")} == followed
            assert len((await store.arrivals("team", 0))[0]) == len(followed)


async def test_two_origins_of_one_address_keep_their_own_words(store: Store) -> None:
    """A subscribers' feed gives the whole text at an address where the public feed has a teaser."""
    await store.follow("subscriber", "private")
    await store.follow("public", "open")
    full, teaser = article("a", "The whole and costly text."), article("a", "The teaser.")
    await store.add_article(full, "private")
    await store.add_article(teaser, "open")
    assert (await store.article("public", full.id)).text == teaser.text
    assert (await store.article("subscriber", full.id)).text == full.text


async def test_feeds_are_polled_while_somebody_follows_them(store: Store) -> None:
    hour = timedelta(hours=1)
    await store.follow("team", "feed")
    assert await store.add_feed(Feed("feed", title="The feed"))
    assert await store.add_feed(Feed("nobody's"))
    assert not await store.add_feed(Feed("feed", title="Other"))
    assert [feed.url for feed in await store.due_feeds(NOON, hour)] == ["feed"]
    polled = Feed("feed", "The feed", '"tag"', "Mon, 3 Mar", NOON, 0, None)
    await store.save_poll(polled, ["entry 1", "entry 2"])
    await store.save_poll(polled, ["entry 2", "entry 3"])
    assert await store.known_entries("feed") == {"entry 1", "entry 2", "entry 3"}
    assert await store.known_entries("nobody's") == set()
    assert await store.feeds() == [polled]
    assert await store.due_feeds(NOON + hour / 2, hour) == []
    assert await store.due_feeds(NOON + hour, hour) == [polled]
    await store.save_poll(replace(polled, failures=3, error="it is silent"))
    assert await store.due_feeds(NOON + 7 * hour, hour) == []
    assert [feed.error for feed in await store.due_feeds(NOON + 8 * hour, hour)] == ["it is silent"]
    await store.unfollow("team", "feed")
    assert await store.due_feeds(NOON + 99 * hour, hour) == []
