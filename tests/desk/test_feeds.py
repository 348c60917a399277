"""Feeds as the desk handles them: followed, polled on time, told of when they break."""

from collections.abc import AsyncIterator, Sequence

import pytest

from bot.desk.feeds import FeedDesk
from bot.errors import FeedError, InputError
from bot.news.fetch import Fetcher
from bot.news.poll import PollResult
from bot.news.recognise import trace_of
from bot.store import Store, Stored
from bot.types import FeedEntry
from tests.fakes import HandClock
from tests.news.conftest import LOOPBACK, everything_is_here
from tests.news.server import Behaviour, Server, answer, redirect, reset, serving, silent
from tests.news.test_poll import item, rss

TEAM = "fake:w"


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as server:
        yield server


@pytest.fixture
async def desk(store: Store, clock: HandClock) -> AsyncIterator[FeedDesk]:
    async with Fetcher(LOOPBACK, resolver=everything_is_here) as fetcher:
        desk = FeedDesk(store, fetcher, clock, dice=lambda: 0.0)
        yield desk
        await desk.close()


async def test_only_what_is_due_is_polled_and_a_restart_changes_nothing(
    desk: FeedDesk, server: Server, store: Store, clock: HandClock
) -> None:
    server.routes["/feed"] = answer(rss(item("a", "", "Of the past.")), ETag='"1"')
    feed = await desk.follow(TEAM, server.url("/feed"), person="ann", channel="c")
    assert feed.title == "Post"
    assert len((await desk.poll()).new) == 1
    clock.advance(minutes=14)
    server.asked.clear()
    async with Fetcher(LOOPBACK, resolver=everything_is_here) as fetcher:
        restarted = FeedDesk(store, fetcher, clock)
        await restarted.poll()
        assert server.asked == []
        clock.advance(minutes=2)
        await restarted.poll()
    assert [asked.headers["if-none-match"] for asked in server.asked] == ['"1"']


async def test_a_correction_changes_the_article_and_rewritten_ids_nothing(
    desk: FeedDesk, server: Server, store: Store, clock: HandClock
) -> None:
    server.routes["/feed"] = answer(rss(item("a", "https://post.example/a", "Ten were hurt. " * 50)))
    await desk.follow(TEAM, server.url("/feed"))
    first = await desk.poll()
    server.routes["/feed"] = answer(rss(item("a?v=2", "https://post.example/a", "Two were hurt. " * 50)))
    clock.advance(hours=1)
    second = await desk.poll()
    assert (second.new, second.changed) == ((), first.new)
    assert (await store.article(TEAM, first.new[0])).text.startswith("Two were hurt.")
    moved = item("a?v=2", "https://cdn.example/9", "Two were hurt. " * 50).replace("<guid>", "<guid>x")
    server.routes["/feed"] = answer(rss(moved))
    clock.advance(hours=1)
    third = await desk.poll()
    assert third.new == third.changed == ()


async def test_slow_and_broken_feeds_hold_no_other_up(desk: FeedDesk, server: Server) -> None:
    broken: dict[str, Behaviour | bytes] = {"slow": silent, "reset": reset, "none": answer(b"", status="404 Not Found")}
    for name, behaviour in broken.items():
        server.routes[f"/{name}"] = behaviour
        await desk.follow_unseen(TEAM, server.url(f"/{name}", host=f"{name}.example"))
    for number in range(8):
        server.routes[f"/{number}"] = answer(rss(item(f"n{number}", "", f"Report {number}.")))
        await desk.follow_unseen(TEAM, server.url(f"/{number}", host=f"h{number}.example"))
    taken = await desk.poll()
    assert len(taken.new) == 8
    assert {name.rpartition("/")[2] for name, _ in taken.failures} == {"slow", "reset", "none"}
    assert (await desk.poll()).failures == ()  # none of them is due again


async def test_a_broken_feed_is_told_of_once_and_once_when_it_works_again(
    desk: FeedDesk, server: Server, clock: HandClock
) -> None:
    secret = server.url("/feed?token=hush")
    server.routes["/feed"] = reset
    await desk.follow_unseen(TEAM, secret, person="ann")
    told = []
    for _ in range(6):
        for news in (await desk.poll()).feeds:
            told.append(news)
            await desk.told(news)
        clock.advance(hours=24)
    assert [(news.person, news.state) for news in told] == [("ann", "broken")]
    assert "has failed 3 times in a row" in told[0].text
    assert "broke off" in told[0].text
    assert "hush" not in told[0].text
    server.routes["/feed"] = answer(rss(item("a", "", "Back.")))
    (news,) = (await desk.poll()).feeds
    assert news.state == "works"
    assert (await desk.poll()).feeds == (news,)  # not told yet
    await desk.told(news)
    assert (await desk.poll()).feeds == ()


async def test_a_feed_that_is_gone_is_told_of_and_never_asked_again(
    desk: FeedDesk, server: Server, clock: HandClock
) -> None:
    server.routes["/feed"] = answer(b"", status="410 Gone")
    await desk.follow_unseen(TEAM, server.url("/feed"))
    (news,) = (await desk.poll()).feeds
    assert news.state == "gone"
    clock.advance(days=30)
    server.asked.clear()
    await desk.poll()
    assert server.asked == []


async def test_a_moved_feed_is_one_feed_under_both_addresses(desk: FeedDesk, server: Server) -> None:
    server.routes |= {"/old": redirect("/new", "301 Moved"), "/new": answer(rss(item("a", "", "News.")))}
    await desk.follow_unseen(TEAM, server.url("/old"))
    await desk.poll()
    assert (await desk.follow(TEAM, server.url("/new"))).url == server.url("/old")
    assert await desk.unfollow(TEAM, server.url("/new"))
    assert await desk.feeds(TEAM) == []


async def test_a_site_leads_to_its_feed_and_other_pages_to_words(desk: FeedDesk, server: Server) -> None:
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body>Hi</body></html>'
    server.routes |= {"/": answer(page), "/feed": answer(rss(item("a", "", "News."))), "/bare": answer(b"<p>Hi</p>")}
    assert (await desk.follow(TEAM, server.url("/"))).url == server.url("/feed")
    with pytest.raises(FeedError, match="the page names none"):
        await desk.follow(TEAM, server.url("/bare"))


async def test_lists_go_in_and_out_with_their_folders(desk: FeedDesk) -> None:
    text = (
        '<opml><body><outline text="North"><outline text="Fell" xmlUrl="https://fell.example/rss"/></outline>'
        '<outline text="Wrong" xmlUrl="gopher://x"/></body></opml>'
    )
    made = await desk.import_list(TEAM, text)
    assert ([feed.title for feed in made.added], made.refused) == (["Fell"], ("gopher://x",))
    assert [feed.url for feed in (await desk.import_list(TEAM, text)).known] == ["https://fell.example/rss"]
    listed = await desk.export_list(TEAM)
    assert (await desk.import_list("fake:other", listed)).added == made.added
    (following,) = await desk.followings("fake:other")
    assert following.folder == "North"


async def test_feeds_are_removed_as_they_are_shown_unless_that_is_ambiguous(desk: FeedDesk) -> None:
    for key in "ab":
        await desk.follow_unseen(TEAM, f"https://post.example/rss?key={key}")
    with pytest.raises(InputError, match="2 feeds are shown so"):
        await desk.unfollow(TEAM, "https://post.example/rss?…")
    assert await desk.unfollow(TEAM, "https://post.example/rss?key=a")
    assert await desk.unfollow(TEAM, "https://post.example/rss?…")
    assert not await desk.unfollow(TEAM, "https://post.example/rss?…")


async def test_what_cannot_be_kept_holds_no_other_feed_up(
    desk: FeedDesk, server: Server, store: Store, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("good", "bad"):
        server.routes[f"/{name}"] = answer(rss(item(name, "", f"Of {name}.")), ETag='"1"')
        await desk.follow_unseen(TEAM, server.url(f"/{name}"))
    keep = store.save_polls

    async def fussy(results: Sequence[PollResult]) -> list[list[tuple[str, Stored]]]:
        if any(article.title == "bad" for result in results for article in result.articles):
            raise ValueError("no such text: Of bad.")
        return await keep(results)

    monkeypatch.setattr(store, "save_polls", fussy)
    assert len((await desk.poll()).new) == 1
    bad, good = await store.feeds(TEAM)
    assert (good.failures, bad.failures, bad.etag) == (0, 1, None)
    assert bad.error == "what it has can't be kept (ValueError)"
    monkeypatch.setattr(store, "save_polls", keep)
    clock.advance(hours=1)
    assert len((await desk.poll()).new) == 1


async def test_a_full_disk_loses_nothing_that_was_offered(
    desk: FeedDesk, server: Server, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/feed"] = answer(rss(item("a", "", "News.")))
    await desk.follow_unseen(TEAM, server.url("/feed"))

    async def full(results: Sequence[PollResult]) -> list[list[tuple[str, Stored]]]:
        raise OSError(f"no room for {len(results)}")

    with monkeypatch.context() as patched:
        patched.setattr(store, "save_polls", full)
        with pytest.raises(OSError, match="no room"):
            await desk.poll()
    assert len((await desk.poll()).new) == 1


async def test_a_feed_followed_again_after_a_while_brings_no_flood(
    desk: FeedDesk, server: Server, store: Store, clock: HandClock
) -> None:
    server.routes["/feed"] = answer(rss(item("a", "", "Of the past.")))
    feed = await desk.follow(TEAM, server.url("/feed"))
    await desk.poll()
    await desk.unfollow(TEAM, feed.url)
    clock.advance(days=30)
    server.routes["/feed"] = answer(rss(*(item(f"b{n}", "", f"Of day {n}.") for n in range(30))))
    await desk.follow(TEAM, server.url("/feed"))
    assert len((await desk.poll()).new) == 30
    traces = [trace_of(FeedEntry(feed.url, f"b{n}", None, None, None)) for n in range(30)]
    assert all(trace.background for trace in await store.traces(feed.url, traces))


async def test_the_teaser_of_a_page_that_programs_may_not_read_is_corrected_and_a_report_stays_whole(
    desk: FeedDesk, server: Server, store: Store, clock: HandClock
) -> None:
    page = server.url("/a")
    server.routes["/robots.txt"] = answer(b"User-agent: *\nDisallow: /")
    server.routes["/feed"] = answer(rss(item("a", page, "Ten were hurt.")))
    await desk.follow(TEAM, server.url("/feed"))
    (ident,) = (await desk.poll()).new
    server.routes["/feed"] = answer(rss(item("a", page, "Two were hurt.")))
    clock.advance(hours=1)
    assert (await desk.poll()).changed == (ident,)
    server.routes["/feed"] = answer(rss(item("a", page, "Two were hurt, as the whole report says. " * 40)))
    clock.advance(hours=1)
    await desk.poll()
    server.routes["/feed"] = answer(rss(item("a", page, "Two were hurt.")))
    clock.advance(hours=1)
    assert (await desk.poll()).known == (ident,)
    assert "as the whole report says" in (await store.article(TEAM, ident)).text
