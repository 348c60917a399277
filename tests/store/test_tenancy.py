import asyncio
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import NotFound
from bot.store import Hit, Store, choice_id
from bot.types import Delivery, Feed, Subscription, Watch, WatchKind
from tests.store.build import KOVAL, LYMAN, NOON, article, digest, reading

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


SECRETS = st.sampled_from(("secret", "secreta", "Secreta Koval", "secreta things", "Secreta Lyman", "feed-a", "s", ""))


@pytest.fixture(scope="module")
def two_workspaces(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which feed-a, and much else, is the owner's alone, and feed-b the thief's."""
    path = tmp_path_factory.mktemp("tenancy") / "store.db"
    copy(blank, path)

    async def fill() -> None:
        async with await Store.open(path, clock=lambda: NOON) as store:
            for origin, workspace in (("feed-a", "fake:owner"), ("feed-b", "fake:thief")):
                await secret_everywhere(store, origin)
                await store.follow(workspace, origin)
            await owned(store)

    asyncio.run(fill())
    return path


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=SECRETS | st.text(max_size=12))
async def test_whatever_a_workspace_asks_nothing_of_another_s_comes_out(two_workspaces: Path, text: str) -> None:
    """Every query that takes a workspace is asked, and every change is tried."""
    async with await Store.open(two_workspaces, clock=lambda: NOON) as store:
        for found in await everything_seen(store, "fake:thief", text):
            assert "secreta" not in repr(found).lower()
            assert "feed-a" not in repr(found)


async def owned(store: Store) -> None:
    """What the owner has besides its news: a digest, a watch, a choice and a post, all with the secret in them."""
    place = ("fake:owner:1", "fake:owner")
    await store.add_subscription(Subscription("secreta1", *place, (time(8),), "UTC", topic="secreta", created=NOON))
    await store.add_watch(Watch("secreta2", *place, WatchKind.WORDS, "secreta", "secreta", None, "anna", NOON))
    await store.look(["secreta2"], 1, [Hit("secreta2", article("story-feed-a").id)])
    await store.offer("fake:owner", ["/where secreta"])
    await store.intend(Delivery("secreta3", place[0], digest("secreta")))
    await store.fail("secreta3", "gone", None)


async def everything_seen(store: Store, workspace: str, text: str) -> list[object]:
    """What each query gives the workspace for the words, or for the ids that only the owner should know."""
    numbers = range(ord("a"), ord("z"))
    channel = f"{workspace}:1"
    hidden = [article("story-feed-a").id]
    seen: list[object] = [
        await store.search(workspace, text),
        await store.articles(workspace, text=text),
        await store.articles(workspace, places=numbers),
        await store.arrivals(workspace, 0),
        await store.sources(workspace, text),
        await store.complete_sources(workspace, text),
        await store.close_sources(workspace, text),
        await store.said(workspace, text),
        await store.mentioned_places(workspace, text),
        await store.spoken_about(workspace, text),
        await store.busiest_place(workspace),
        await store.feeds(workspace),
        await store.origins(workspace),
        await store.subscriptions(workspace),
        await store.watches(workspace),
        await store.told(channel, NOON - timedelta(days=1)),
        await store.given_up(channel, NOON - timedelta(days=1)),
        await store.followings(workspace),
        await store.likenesses(workspace, hidden, 0),
    ]
    assert not set(hidden) & set((await store.likenesses(workspace, hidden, 0)).happened)
    assert len(await store.happenings(workspace, numbers, NOON - timedelta(days=1))) == 1
    for look in (store.article(workspace, article("story-feed-a").id), store.chosen(workspace, hidden_choice())):
        with pytest.raises(NotFound):
            await look
    for change in (store.pause_subscription, store.resume_subscription, store.remove_subscription):
        with pytest.raises(NotFound):
            await change(workspace, "secreta1")
    for change in (store.pause_watch, store.resume_watch, store.remove_watch):
        with pytest.raises(NotFound):
            await change(workspace, "secreta2")
    return seen


def hidden_choice() -> str:
    return choice_id("fake:owner", "/where secreta")


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
