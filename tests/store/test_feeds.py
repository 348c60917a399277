from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.news.folders import Changes, Seen
from bot.news.poll import PollResult
from bot.news.recognise import Trace
from bot.store import Following, Store
from bot.types import Feed
from tests.store.build import NOON, article, reading

FEED = Feed("https://feed.example/rss", "The feed")


async def test_feeds_are_due_while_somebody_follows_them(store: Store) -> None:
    await store.follow_feed(Following("team", FEED, "ann", "c", "North"))
    assert not await store.follow_feed(Following("team", FEED))
    await store.add_feed(Feed("https://nobody.example"))
    assert await store.due_feeds(NOON) == [FEED]
    assert await store.due_feeds(NOON, but={FEED.url}) == []
    later = replace(FEED, polled=NOON, due=NOON + timedelta(hours=1), pace=900.0, etag='"7"')
    await store.save_polls([PollResult(later)])
    assert await store.due_feeds(NOON + timedelta(minutes=59)) == []
    assert await store.due_feeds(NOON + timedelta(hours=1)) == [later]
    assert await store.followings("team") == [Following("team", later, "ann", "c", "North")]
    await store.unfollow("team", FEED.url)
    assert await store.due_feeds(NOON + timedelta(days=9)) == []


async def test_what_is_due_longest_comes_first_and_what_is_gone_never(store: Store) -> None:
    hour = timedelta(hours=1)
    for name, due in {"b": NOON, "a": NOON - hour, "new": None, "later": NOON + hour}.items():
        await store.follow_feed(Following("team", Feed(name, due=due)))
    await store.follow_feed(Following("team", Feed("gone", gone=True, failures=1)))
    gone = Feed("gone", gone=True, due=NOON - timedelta(days=1), failures=2)
    assert "gone" in {feed.url for feed in await store.due_feeds(NOON)}  # it is asked once more for a new follower
    await store.save_polls([PollResult(gone)])
    assert [feed.url for feed in await store.due_feeds(NOON)] == ["new", "a", "b"]


async def test_a_feed_is_found_where_it_has_moved(store: Store) -> None:
    moved = replace(FEED, location="https://new.example/rss")
    await store.follow_feed(Following("team", moved))
    assert await store.feed_at("https://new.example/rss") == moved
    assert await store.feed_at(FEED.url) == moved
    assert await store.feed_at("https://other.example") is None


async def test_followers_are_told_of_a_broken_feed_until_they_have_been(store: Store) -> None:
    for team in ("one", "two"):
        await store.follow_feed(Following(team, FEED, f"ann of {team}"))
    for failures in (1, 2):
        await store.save_polls([PollResult(replace(FEED, failures=failures, error="it is silent"))])
        assert await store.feed_news(3) == []
    await store.save_polls([PollResult(replace(FEED, failures=3, error="it is silent"))])
    news = await store.feed_news(3)
    assert [one.person for one in news] == ["ann of one", "ann of two"]
    await store.feed_news_told(news[0], "broken")
    await store.save_polls([PollResult(replace(FEED, failures=4, error="it is silent"))])
    assert await store.feed_news(3) == [replace(news[1], feed=replace(news[1].feed, failures=4))]
    await store.feed_news_told(news[1], "broken")
    await store.save_polls([PollResult(FEED)])
    assert len(await store.feed_news(3)) == 2
    for one in news:
        await store.feed_news_told(one, "works")
    assert await store.feed_news(3) == []


async def test_traces_are_found_by_id_address_or_words(store: Store) -> None:
    await store.follow_feed(Following("team", FEED))
    known = [Trace("a", "link a", "words a", NOON, "0" * 12), Trace("b", "link b", "words b"), Trace("c", None, None)]
    await store.save_polls([PollResult(FEED, traces=tuple(known))])
    like = [Trace("a", None, None), Trace("x", "link b", None)]
    assert await store.traces(FEED.url, like) == known[:2]
    assert await store.traces(FEED.url, [Trace("y", None, "words b")]) == known[1:2]
    assert await store.traces("other", like) == []
    changed = replace(known[0], digest="other words")
    await store.save_polls([PollResult(FEED, traces=(changed,))])
    assert await store.traces(FEED.url, like[:1]) == [changed]


async def test_background_is_found_but_does_not_arrive(store: Store) -> None:
    await store.follow_feed(Following("team", FEED))
    old, new = article("old", "The old harbour."), article("new", "The new harbour.")
    result = PollResult(FEED, articles=(old, new), background=frozenset({old.id}))
    assert await store.save_polls([result]) == [[(old.id, "new"), (new.id, "new")]]
    assert await store.save_polls([result]) == [[(old.id, "known"), (new.id, "known")]]
    for one in await store.unread():
        await store.add_reading(one, reading(one))
    arrived, last = await store.arrivals("team", 0)
    assert [one.id for one, _ in arrived] == [new.id]
    assert (await store.arrivals("team", last))[0] == []
    assert {one.id for one, _ in await store.search("team", "harbour")} == {old.id, new.id}


async def test_all_of_a_batch_is_kept(store: Store) -> None:
    feeds = [Feed(f"https://{name}.example/rss") for name in "abc"]
    for feed in feeds:
        await store.follow_feed(Following("team", feed))
    same = article("same", "Words that two feeds have.")
    batch = [PollResult(feed, articles=(same, article(feed.url, "Own words."))) for feed in feeds]
    assert [[state for _, state in one] for one in await store.save_polls(batch)] == [["new", "new"]] * 3
    await store.add_reading(same, reading(same))
    again = PollResult(feeds[0], articles=(replace(same, text="Other words."), replace(same, text="Other words.")))
    assert [state for _, state in (await store.save_polls([again]))[0]] == ["changed", "known"]
    assert await store.reading(same) is not None  # the other feeds still say it


async def test_articles_go_with_their_files(store: Store) -> None:
    folder = "folder"
    await store.follow("team", folder)
    one, two = article("one", "One ship."), article("two", "Two ships.")
    seen = (Seen("a.txt", "1", one.id), Seen("b.txt", "1", two.id), Seen("copy.txt", "1", one.id))
    await store.save_files(folder, Changes((one, two, one), seen))
    assert await store.seen_files(folder) == {file.path: file for file in seen}
    for each in (one, two):
        await store.add_reading(each, reading(each))
    await store.save_files(folder, Changes(gone=("a.txt",)))
    assert len(await store.search("team", "ship")) == 2  # the copy is still there
    await store.save_files(folder, Changes(gone=("b.txt", "copy.txt")))
    assert await store.search("team", "ship") == []
    assert await store.seen_files(folder) == {}


async def test_what_was_polled_before_the_tables_changed_is_not_taken_for_new(tmp_path: Path) -> None:
    async with await Store.open(tmp_path / "s.db") as store:
        await store.follow_feed(Following("team", FEED))
        await store.save_polls([PollResult(FEED, traces=(Trace("a", None, None),))])
        (trace,) = await store.traces(FEED.url, [Trace("a", "link", "words")])
        assert trace.digest is None
