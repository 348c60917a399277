"""What the desk keeps: choices, watches, what goes with time, and copies of it all."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.errors import NotFound, StoreError
from bot.store import Hit, Store, choice_id
from bot.store.backup import backup, restore
from bot.types import Delivery, Quiet, Watch, WatchKind
from tests.fakes import HandClock
from tests.store.build import KOVAL, KYIV, NOON, article, digest, reading

QUIET = Quiet(time(22), time(7, 30), "Europe/Kyiv")
WATCH = Watch("w1", "fake:w:1", "fake:w", WatchKind.PLACE, "703448", "Kyiv, Ukraine", QUIET, "anna", NOON)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def nothing(_done: int, _all: int) -> None:
    """Progress that nobody watches."""


async def test_a_watch_comes_back_as_it_was_and_belongs_to_its_workspace(store: Store) -> None:
    await store.add_watch(WATCH)
    assert await store.watches() == await store.watches("fake:w", "fake:w:1") == [WATCH]
    assert await store.watches("fake:elsewhere") == []
    for change in (store.pause_watch, store.resume_watch, store.remove_watch):
        with pytest.raises(NotFound, match="w1"):
            await change("fake:elsewhere", "w1")


async def test_hits_are_told_of_once_and_forgotten_with_their_watch(store: Store) -> None:
    await store.add_watch(WATCH)
    await store.look(["w1"], 7, [Hit("w1", "a"), Hit("w1", "b")])
    await store.look(["w1"], 9, [Hit("w1", "a")])
    assert (await store.watches())[0].arrival == 9
    assert await store.untold() == {"fake:w:1": [Hit("w1", "a"), Hit("w1", "b")]}
    assert await store.intend(Delivery("k", "fake:w:1", digest("news")), telling=[Hit("w1", "a")])
    assert await store.untold() == {"fake:w:1": [Hit("w1", "b")]}
    assert await store.told("fake:w:1", NOON - timedelta(days=1)) == ["a"]
    await store.pause_watch("fake:w", "w1")
    assert await store.untold() == {}
    await store.remove_watch("fake:w", "w1")
    assert await store.told("fake:w:1", NOON - timedelta(days=1)) == []


async def test_an_arrival_that_a_watch_has_seen_is_not_counted_again(store: Store) -> None:
    """Else what comes after all articles were forgotten would never be looked at."""
    await store.add_watch(WATCH)
    await store.look(["w1"], 12, [])
    await store.add_article(article("a"), "feed")
    await store.add_reading(article("a"), reading(article("a")))
    assert await store.last_arrival() == 13


async def test_a_choice_is_kept_for_the_workspace_that_was_asked(store: Store) -> None:
    await store.offer("team", ["/where #1", "/where #2"])
    await store.offer("team", ["/where #1"])
    ident = choice_id("team", "/where #1")
    assert await store.chosen("team", ident) == "/where #1"
    with pytest.raises(NotFound):
        await store.chosen("others", ident)


async def test_what_is_old_goes_and_what_is_not_stays(store: Store, clock: HandClock) -> None:
    await store.follow("team", "feed")
    for name in ("old", "new"):
        made = article(
            name, f"Maria Koval spoke of {name} things in Kyiv.", hours=(clock() - NOON) / timedelta(hours=1)
        )
        await store.add_article(made, "feed")
        await store.add_reading(made, reading(made, places=(KYIV,), speaker=KOVAL, said=f"{name} things"))
        await store.intend(*(Delivery(f"{name} {state}", "fake:w:1", digest(name)) for state in ("done", "open")))
        await store.settle(f"{name} done", "message")
        clock.advance(days=10)
    assert await store.forget_before(NOON + timedelta(days=5)) == 1
    assert [a.title for a, _ in await store.articles("team")] == ["new"]
    assert await store.search("team", "old things") == []
    assert [said.text for said in await store.said("team", "Maria Koval")] == ["new things"]
    assert await store.complete_sources("team", "koval") == ["Maria Koval"]
    with pytest.raises(NotFound):
        await store.delivery("old done")
    for key in ("old open", "new done", "new open"):
        assert (await store.delivery(key)).key == key
    assert await store.forget_before(NOON + timedelta(days=50)) == 1
    assert await store.complete_sources("team", "koval") == []
    assert await store.mentioned_places("team") == []


async def test_a_copy_is_made_while_the_store_is_in_use_and_put_back(store: Store, tmp_path: Path) -> None:
    await store.add_article(article("a"), "feed")
    seen = []
    backup(store._path, tmp_path / "copies" / "saved.db", lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 0
    await store.add_article(article("b"), "feed")
    await store.close()
    restore(tmp_path / "copies" / "saved.db", store._path, nothing)
    async with await Store.open(store._path) as again:
        assert (await again.article(None, article("a").id)).title == "a"
        with pytest.raises(NotFound):
            await again.article(None, article("b").id)
    assert names(tmp_path) == ["copies", "store.db"]


async def test_a_spoilt_store_is_replaced_by_its_copy(store: Store, tmp_path: Path) -> None:
    await store.add_article(article("a"), "feed")
    backup(store._path, tmp_path / "saved.db", nothing)
    await store.close()
    store._path.write_bytes(b"spoilt " * 1000)
    restore(tmp_path / "saved.db", store._path, nothing)
    async with await Store.open(store._path) as again:
        assert (await again.article(None, article("a").id)).title == "a"


async def test_what_is_no_copy_is_refused_and_the_store_stays(store: Store, tmp_path: Path) -> None:
    await store.add_article(article("a"), "feed")
    (tmp_path / "notes.db").write_text("buy milk\n" * 500)
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection, connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    for name in ("notes.db", "other.db", "missing.db"):
        with pytest.raises(StoreError, match=name):
            restore(tmp_path / name, store._path, nothing)
    backup(store._path, tmp_path / "saved.db", nothing)
    async with store._writing():
        with pytest.raises(StoreError, match="end whatever else is using it"):
            restore(tmp_path / "saved.db", store._path, nothing)
    assert (await store.article(None, article("a").id)).title == "a"
    with pytest.raises(StoreError, match="no store yet"):
        backup(tmp_path / "nowhere.db", tmp_path / "copy.db", nothing)


async def test_everything_comes_out_page_by_page(store: Store) -> None:
    for number in range(5):
        await store.add_article(article(str(number)), f"feed {number % 2}")
    await store.add_reading(article("2"), reading(article("2")))
    found = [(one.title, read is not None) async for one, read in store.everything(page=2)]
    assert found == [("0", False), ("1", False), ("2", True), ("3", False), ("4", False)]


async def test_a_settled_part_knows_its_thread(store: Store) -> None:
    first = Delivery("k", "fake:w:1", digest("one"), owner="d1")
    second = replace(first, key="k+1", root="k")
    await store.intend(first, second)
    assert await store.message("k") is None
    await store.settle("k", "m1")
    assert await store.message("k") == "m1"
    assert (await store.delivery("k+1")).root == "k"
    assert (await store.delivery("k+1")).owner == "d1"
