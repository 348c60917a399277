"""What one look at a feed finds, and what becomes of its failures."""

import gzip
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import PaywallStub
from bot.news.fetch import Fetcher
from bot.news.poll import PollResult, look, settle, take
from bot.news.recognise import Trace, recognise, trace_of
from bot.news.rhythm import Rhythm
from bot.news.robots import Robots
from bot.types import Feed
from tests.news.server import Behaviour, Server, answer, dripping, endless, redirect, reset, silent

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
RHYTHM = Rhythm()
TAKEN_IN = 900.0  # the pace of a feed that has been taken in before


async def poll(
    feed: Feed, fetcher: Fetcher, known: Iterable[Trace] = (), *, robots: Robots | None = None
) -> PollResult:
    """A whole poll, with what the store would remember."""
    seen = await look(feed, fetcher, NOW)
    if seen.entries is None:
        return settle(seen, RHYTHM, NOW, 0.0)
    found = recognise(seen.entries, [trace_of(entry) for entry in seen.entries], known)
    return await take(seen, found, fetcher, robots, RHYTHM, NOW, 0.0)


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>Post</title>{''.join(items)}</channel></rss>".encode()


def item(ident: str, link: str, text: str, date: str = "") -> str:
    return (
        f"<item><guid>{ident}</guid><title>{ident}</title><link>{link}</link><description>{text}</description>"
        f"<pubDate>{date}</pubDate></item>"
    )


async def test_new_entries_become_articles(server: Server, fetcher: Fetcher, data: Path) -> None:
    long = "The feed carries all of this report. " * 20
    server.routes["/page"] = answer((data / "page.html").read_bytes())
    server.routes["/feed"] = answer(
        rss(item("whole", server.url("/whole"), long), item("teaser", server.url("/page"), "Water everywhere.")),
        ETag='"7"',
    )
    result = await poll(Feed(server.url("/feed")), fetcher)
    whole, flood = result.articles
    assert (whole.text, whole.title, whole.outlet) == (long.strip(), "whole", "Post")
    assert flood.text.startswith("The river Ardle rose")
    assert (flood.title, flood.outlet) == ("teaser", "The Ardle Advertiser")
    assert (result.feed.title, result.feed.etag, result.feed.polled, result.feed.failures) == ("Post", '"7"', NOW, 0)


async def test_known_entries_are_not_taken_again_and_changed_ones_are(server: Server, fetcher: Fetcher) -> None:
    server.routes["/feed"] = answer(rss(item("a", "", "As it was."), item("b", "", "First.")))
    first = await poll(Feed(server.url("/feed")), fetcher)
    server.routes["/feed"] = answer(
        rss(item("a", "", "As it was."), item("b", "", "Corrected."), item("c", "", "New."))
    )
    second = await poll(first.feed, fetcher, first.traces)
    assert [article.text for article in second.articles] == ["Corrected.", "New."]
    assert second.articles[0].id == first.articles[1].id
    assert second.background == frozenset({first.articles[1].id})  # the correction of an old entry is no news


async def test_what_a_new_feed_has_already_is_background(server: Server, fetcher: Fetcher) -> None:
    server.routes["/feed"] = answer(
        rss(
            item("old", "", "Of yesterday.", "Thu, 19 Nov 2026 09:00:00 GMT"),
            item("undated", "", "Of no date."),
            item("ahead", "", "Of tomorrow.", "Sat, 21 Nov 2026 09:00:00 GMT"),
        )
    )
    first = await poll(Feed(server.url("/feed")), fetcher)
    old, undated, _ahead = first.articles
    assert first.background == {old.id, undated.id}
    server.routes["/feed"] = answer(rss(item("late", "", "Of the day before, but new here.", "2026-11-19")))
    second = await poll(first.feed, fetcher, first.traces)
    assert (len(second.articles), second.background) == (1, frozenset())


async def test_a_feed_of_very_many_entries_is_taken_in_several_polls(server: Server, fetcher: Fetcher) -> None:
    items = [item(f"n{number}", "", f"Report number {number}.") for number in range(130)]
    server.routes["/feed"] = answer(rss(*items), ETag='"1"')
    first = await poll(Feed(server.url("/feed")), fetcher)
    assert [trace.id for trace in first.traces] == [f"n{number}" for number in range(100)]
    assert first.feed.etag is None  # else the feed would say next time that nothing has changed
    assert first.feed.pace is None  # it is still being taken in: the rest is background too
    second = await poll(first.feed, fetcher, first.traces)
    assert [trace.id for trace in second.traces] == [f"n{number}" for number in range(100, 130)]
    assert len(second.background) == 30
    assert (second.feed.etag, second.feed.pace) == ('"1"', 900.0)


async def test_an_unchanged_feed_keeps_its_validators(server: Server, fetcher: Fetcher) -> None:
    server.routes["/feed"] = b"HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=7200\r\n\r\n"
    feed = Feed(server.url("/feed"), title="Post", etag='"7"', failures=2, error="reset", pace=TAKEN_IN)
    result = await poll(feed, fetcher)
    assert result.traces == ()
    polled = replace(feed, polled=NOW, failures=0, error=None, pace=TAKEN_IN * 1.25, due=NOW + timedelta(hours=2))
    assert result.feed == polled


async def test_a_feed_that_was_never_taken_in_isnt_by_a_304(server: Server, fetcher: Fetcher) -> None:
    server.routes["/feed"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    assert (await poll(Feed(server.url("/feed")), fetcher)).feed.pace is None


async def test_a_page_that_fails_leaves_the_teaser(server: Server, fetcher: Fetcher) -> None:
    server.routes["/feed"] = answer(rss(item("a", server.url("/none"), "Short but true.")))
    result = await poll(Feed(server.url("/feed")), fetcher)
    assert [article.text for article in result.articles] == ["Short but true."]
    assert "404" in str(result.problems[0])


@pytest.mark.parametrize(("status", "again"), [("503 Busy", True), ("404 Not Found", False)])
async def test_an_entry_whose_page_is_down_for_now_is_offered_again(
    server: Server, fetcher: Fetcher, status: str, again: bool
) -> None:
    server.routes |= {
        "/feed": answer(rss(item("a", server.url("/page"), "")), ETag='"7"'),
        "/page": answer(b"", status=status),
    }
    result = await poll(Feed(server.url("/feed"), pace=TAKEN_IN), fetcher)
    assert (len(result.traces), len(result.problems)) == (0 if again else 1, 1)
    assert result.feed.etag == (None if again else '"7"')


async def test_background_whose_page_was_down_stays_background(server: Server, fetcher: Fetcher, data: Path) -> None:
    server.routes |= {
        "/feed": answer(rss(item("a", server.url("/page"), ""))),
        "/page": answer(b"", status="503 Busy"),
    }
    first = await poll(Feed(server.url("/feed")), fetcher)
    assert first.articles == ()
    server.routes["/page"] = answer((data / "page.html").read_bytes())
    second = await poll(first.feed, fetcher, first.traces)
    assert {article.id for article in second.articles} == second.background != frozenset()


async def test_a_correction_that_cannot_be_had_does_not_spoil_the_article(
    server: Server, fetcher: Fetcher, data: Path
) -> None:
    server.routes |= {
        "/feed": answer(rss(item("a", server.url("/page"), "Water."))),
        "/page": answer((data / "page.html").read_bytes()),
    }
    first = await poll(Feed(server.url("/feed"), pace=TAKEN_IN), fetcher)
    server.routes |= {"/feed": answer(rss(item("a", server.url("/page"), "More water."))), "/page": reset}
    second = await poll(first.feed, fetcher, first.traces)
    assert second.articles == ()
    server.routes["/page"] = answer((data / "page.html").read_bytes().replace(b"three villages", b"four villages"))
    third = await poll(second.feed, fetcher, first.traces)
    assert [article.id for article in third.articles] == [first.articles[0].id]


async def test_behind_a_paywall_the_feeds_own_words_are_kept(server: Server, fetcher: Fetcher) -> None:
    wall = (
        "<html><body><article><p>The council met behind closed doors on Monday night to talk about the harbour.</p>"
        "<p>Subscribe now to continue reading this story.</p></article></body></html>"
    )
    server.routes |= {
        "/feed": answer(rss(item("a", server.url("/page"), "The council talks of the harbour."))),
        "/page": answer(wall.encode()),
    }
    result = await poll(Feed(server.url("/feed")), fetcher)
    assert [article.text for article in result.articles] == ["The council talks of the harbour."]
    assert isinstance(result.problems[0], PaywallStub)


async def test_pages_that_robots_txt_keeps_programs_from_are_left_alone(server: Server, fetcher: Fetcher) -> None:
    server.routes |= {
        "/robots.txt": answer(b"User-agent: *\nDisallow: /private/"),
        "/feed": answer(rss(item("a", server.url("/private/a"), "Teaser."))),
    }
    result = await poll(Feed(server.url("/feed")), fetcher, robots=Robots(fetcher, lambda: NOW))
    assert [article.text for article in result.articles] == ["Teaser."]
    assert "robots.txt" in str(result.problems[0])
    assert "/private/a" not in {asked.path for asked in server.asked}


@pytest.mark.parametrize(("behaviour", "why"), [
    (endless, "larger than"),
    (silent, "stopped answering"),
    (dripping, "within 1 s"),
    (reset, "broke off"),
    (answer(b"<rss", length=900), "broke off"),
    (answer(gzip.compress(b"\0" * 9_000_000, mtime=0), Content_Encoding="gzip"), "larger than"),
    (answer(b"<html><body>Sorry</body></html>"), "not a feed"),
    (answer(b"<!DOCTYPE r [<!ENTITY a 'b'>]>" + rss()), "entities"),
    (answer(rss("<item>" * 30_000), Content_Type="text/xml; charset=utf-7"), None),
    (redirect("http://127.0.0.1.nip.io:1/"), "no such host"),
    (redirect("http://10.0.0.1/"), "not a public address"),
    (redirect("/feed"), "redirects"),
    (answer(b"", status="410 Gone"), "410"),
])  # fmt: skip
async def test_a_broken_feed_is_a_value_with_the_reason(
    server: Server, fetcher: Fetcher, behaviour: Behaviour | bytes, why: str | None
) -> None:
    server.routes["/feed"] = behaviour
    feed = Feed(server.url("/feed"), etag='"7"', failures=1, pace=TAKEN_IN)
    result = await poll(feed, fetcher)
    if why is None:
        assert result.error is None
        return
    assert why in (result.feed.error or "")
    expected = replace(feed, polled=NOW, failures=2, error=str(result.error), due=NOW + timedelta(minutes=30))
    assert result.feed == replace(expected, gone=why == "410")


async def test_an_encoding_that_changes_between_polls_changes_nothing(server: Server, fetcher: Fetcher) -> None:
    text = "<?xml version='1.0' encoding='{}'?>" + rss(item("é", "", "Déjà vu à Nîmes, “encore”.")).decode()
    traces: tuple[Trace, ...] = ()
    feed = Feed(server.url("/feed"))
    for encoding, declared in [("utf-8", "utf-8"), ("cp1252", "iso-8859-1"), ("utf-16", "utf-8"), ("utf-8", "ascii")]:
        server.routes["/feed"] = answer(text.format(declared).encode(encoding), Content_Type="text/xml")
        result = await poll(feed, fetcher, traces)
        assert len(result.articles) == (0 if traces else 1)
        feed, traces = result.feed, traces or result.traces


async def test_a_title_of_megabytes_costs_no_more_than_the_limit(server: Server, fetcher: Fetcher) -> None:
    server.routes["/feed"] = answer(f"<rss version='2.0'><channel><title>{'x' * 5_000_000}</title>".encode())
    assert "larger than" in ((await poll(Feed(server.url("/feed")), fetcher)).feed.error or "")


async def test_a_feed_that_has_moved_for_good_is_polled_there(server: Server, fetcher: Fetcher) -> None:
    server.routes |= {"/old": redirect("/new", "301 Moved Permanently"), "/new": answer(rss(item("a", "", "News.")))}
    result = await poll(Feed(server.url("/old")), fetcher)
    assert (result.feed.url, result.feed.location) == (server.url("/old"), server.url("/new"))
    server.asked.clear()
    again = await poll(result.feed, fetcher, result.traces)
    assert [asked.path for asked in server.asked] == ["/new"]
    assert again.articles == ()
    server.routes["/new"] = answer(b"", status="404 Not Found")
    broken = await poll(replace(again.feed, failures=2), fetcher)
    assert broken.feed.location is None  # perhaps the old address knows better


async def test_a_detour_for_now_is_not_remembered(server: Server, fetcher: Fetcher) -> None:
    server.routes |= {"/old": redirect("/new"), "/new": answer(rss(item("a", "", "News.")))}
    assert (await poll(Feed(server.url("/old")), fetcher)).feed.location is None


async def test_a_server_that_says_when_to_come_back_is_asked_no_sooner(server: Server, fetcher: Fetcher) -> None:
    server.routes["/feed"] = answer(b"", status="429 Slow down", Retry_After="7200")
    assert (await poll(Feed(server.url("/feed")), fetcher)).feed.due == NOW + timedelta(hours=2)


async def test_entries_that_all_link_to_the_front_page_are_articles_of_their_own(
    server: Server, fetcher: Fetcher
) -> None:
    server.routes["/feed"] = answer(rss(*(item(name, server.url("/"), f"Bulletin {name}.") for name in "ab")))
    result = await poll(Feed(server.url("/feed")), fetcher)
    assert len({article.id for article in result.articles}) == 2
    assert [asked.path for asked in server.asked] == ["/feed"]


async def test_an_entry_is_not_given_up_for_a_site_whose_robots_txt_is_in_trouble(
    server: Server, fetcher: Fetcher
) -> None:
    server.routes["/robots.txt"] = answer(b"", status="503 Busy")
    server.routes["/feed"] = answer(rss(item("a", server.url("/a"), "")))
    result = await poll(Feed(server.url("/feed")), fetcher, robots=Robots(fetcher, lambda: NOW))
    assert [trace.digest for trace in result.traces] == [""]  # still to be taken in
