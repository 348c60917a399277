"""What one look at a feed finds, and what becomes of its failures."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.news.fetch import Fetcher
from bot.news.poll import poll
from bot.types import Feed
from tests.news.server import Behaviour, Server, answer, endless, redirect, reset, silent

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>Post</title>{''.join(items)}</channel></rss>".encode()


def item(ident: str, link: str, text: str) -> str:
    return (
        f"<item><guid>{ident}</guid><title>{ident}</title><link>{link}</link><description>{text}</description></item>"
    )


async def test_new_entries_become_articles(server: Server, fetcher: Fetcher, data: Path) -> None:
    long = "The feed carries all of this report. " * 20
    server.routes["/page"] = answer((data / "page.html").read_bytes())
    server.routes["/feed"] = answer(
        rss(item("whole", server.url("/whole"), long), item("teaser", server.url("/page"), "Water everywhere.")),
        ETag='"7"',
    )
    result = await poll(Feed(server.url("/feed")), fetcher, NOW)
    whole, flood = result.articles
    assert (whole.text, whole.title, whole.outlet) == (long.strip(), "whole", "Post")
    assert flood.text.startswith("The river Ardle rose")
    assert (flood.title, flood.outlet) == ("teaser", "The Ardle Advertiser")
    assert (result.feed.title, result.feed.etag, result.feed.polled, result.feed.failures) == ("Post", '"7"', NOW, 0)


async def test_known_entries_are_not_new_even_with_other_links_and_texts(server: Server, fetcher: Fetcher) -> None:
    server.routes["/feed"] = answer(rss(item("a", "https://post.example/moved", "rewritten"), item("b", "", "Fresh.")))
    result = await poll(Feed(server.url("/feed")), fetcher, NOW, known={"a"})
    assert [entry.id for entry in result.entries] == ["b"]
    assert [article.text for article in result.articles] == ["Fresh."]


async def test_a_feed_of_very_many_entries_is_taken_in_several_polls(server: Server, fetcher: Fetcher) -> None:
    items = [item(f"n{number}", "", f"Report number {number}.") for number in range(130)]
    server.routes["/feed"] = answer(rss(*items), ETag='"1"')
    first = await poll(Feed(server.url("/feed")), fetcher, NOW)
    assert [entry.id for entry in first.entries] == [f"n{number}" for number in range(100)]
    assert first.feed.etag is None  # else the feed would say next time that nothing has changed
    second = await poll(first.feed, fetcher, NOW, known={entry.id for entry in first.entries})
    assert [entry.id for entry in second.entries] == [f"n{number}" for number in range(100, 130)]
    assert second.feed.etag == '"1"'


async def test_an_unchanged_feed_keeps_its_validators(server: Server, fetcher: Fetcher) -> None:
    server.routes["/feed"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    feed = Feed(server.url("/feed"), title="Post", etag='"7"', failures=2, error="reset")
    result = await poll(feed, fetcher, NOW)
    assert result.entries == ()
    assert result.feed == replace(feed, polled=NOW, failures=0, error=None)


async def test_a_page_that_fails_leaves_the_teaser(server: Server, fetcher: Fetcher) -> None:
    server.routes["/feed"] = answer(rss(item("a", server.url("/none"), "Short but true.")))
    result = await poll(Feed(server.url("/feed")), fetcher, NOW)
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
    result = await poll(Feed(server.url("/feed")), fetcher, NOW)
    assert (len(result.entries), len(result.problems)) == (0 if again else 1, 1)
    assert result.feed.etag == (None if again else '"7"')


@pytest.mark.parametrize(("behaviour", "why"), [
    (endless, "larger than"),
    (silent, "stopped answering"),
    (reset, "broke off"),
    (answer(gzip.compress(b"\0" * 9_000_000, mtime=0), Content_Encoding="gzip"), "larger than"),
    (answer(b"<html><body>Sorry</body></html>"), "not a feed"),
    (answer(b"<!DOCTYPE r [<!ENTITY a 'b'>]>" + rss()), "entities"),
    (redirect("http://127.0.0.1.nip.io:1/"), "no such host"),
    (redirect("http://10.0.0.1/"), "not a public address"),
    (answer(b"", status="410 Gone"), "410"),
])  # fmt: skip
async def test_a_broken_feed_is_a_value_with_the_reason(
    server: Server, fetcher: Fetcher, behaviour: Behaviour | bytes, why: str
) -> None:
    server.routes["/feed"] = behaviour
    feed = Feed(server.url("/feed"), etag='"7"', failures=1)
    result = await poll(feed, fetcher, NOW)
    assert why in (result.feed.error or "")
    assert result.feed == replace(feed, polled=NOW, failures=2, error=str(result.error))
    assert result.gone == (why == "410")


async def test_a_feed_that_has_moved_says_so(server: Server, fetcher: Fetcher) -> None:
    server.routes |= {"/old": redirect("/new", "301 Moved Permanently"), "/new": answer(rss(item("a", "", "News.")))}
    result = await poll(Feed(server.url("/old")), fetcher, NOW)
    assert result.moved == server.url("/new")
    assert result.entries[0].feed == server.url("/old")
