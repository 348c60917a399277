"""Every feed format becomes the same entries."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import FeedError
from bot.news.feeds import discover, parse
from bot.news.markup import text_of
from bot.types import FeedEntry

URL = "https://www.courier.example/feed.xml"


def test_rss(data: Path) -> None:
    feed = parse((data / "rss2.xml").read_bytes(), URL, "text/xml")
    assert (feed.title, feed.site, feed.ttl) == ("The Harbour Courier & Gazette", "https://www.courier.example/", 2700)
    ferry, wall, notice = feed.entries
    assert (ferry.id, ferry.url) == ("courier-1041", "https://www.courier.example/2026/11/ferry?utm_source=rss")
    assert (ferry.title, ferry.author) == ("Ferry service to Skagen to resume on Monday", "Liv Aasen")
    assert ferry.published == datetime(2026, 11, 20, 6, 15, tzinfo=UTC)
    assert text_of(ferry.html or "") == (
        "The ferry to Skagen will sail again on Monday, the port authority said.\n\n"
        "“The ramp has been mended,” said its director, Ruth Eide."
    )
    assert (wall.id, wall.published) == ("https://www.courier.example/2026/11/sea-wall", None)
    assert (notice.url, notice.html) == (None, "The library is closed on Sunday.")


def test_an_entry_without_id_and_link_keeps_its_made_up_id(data: Path) -> None:
    body = (data / "rss2.xml").read_bytes()
    later = body.replace(b"is closed on Sunday", b"is closed on Sundays")
    assert parse(body, URL).entries[2].id == parse(later, URL).entries[2].id
    assert parse(body.replace(b"A notice", b"One more notice"), URL).entries[2].id != parse(body, URL).entries[2].id


def test_atom(data: Path) -> None:
    feed = parse((data / "atom.xml").read_bytes(), "https://valley.example/feed", "application/atom+xml")
    entry = feed.entries[0]
    assert (feed.title, len(feed.entries)) == ("Valley Monitor", 1)
    assert text_of(entry.html or "") == "Rocks cover both lanes.\n\nNobody was hurt."
    assert (
        FeedEntry(
            feed="https://valley.example/feed",
            id="tag:valley.example,2026:landslide",
            url="https://valley.example/news/landslide",
            title="Landslide closes the pass road",
            html=entry.html,
            author="Ana Petrescu",
            published=datetime(2026, 11, 20, 3, 30, tzinfo=UTC),
            updated=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        )
        == entry
    )


@pytest.mark.parametrize("content_type", [None, "text/xml", "text/xml; charset=utf-8", "text/html; charset=nonsense"])
def test_rdf_in_an_encoding_that_the_server_gets_wrong(data: Path, content_type: str | None) -> None:
    feed = parse((data / "rdf.xml").read_bytes(), "https://dorf.example/rss", content_type)
    assert feed.title == "Dorfblatt Müllheim"
    assert feed.entries[0].title == "Brücke wieder offen"
    assert feed.entries[0].published == datetime(2026, 11, 18, tzinfo=UTC)


def test_json_feed(data: Path) -> None:
    feed = parse((data / "feed.json").read_bytes(), "https://wire.example/feed.json", "application/feed+json")
    volcano, fish = feed.entries
    assert (feed.title, feed.site) == ("Island Wire", "https://wire.example/")
    assert (volcano.id, volcano.author) == ("17", "Sione Taufa, Mele Kioa")
    assert volcano.published == datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
    assert text_of(fish.html or "") == "Fish < 2 kg & crabs\n\nare exempt."


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse(b"<rss version='2.0'><channel><title>Quiet</title></channel></rss>", URL).entries == ()


def test_a_broken_feed_gives_what_it_has() -> None:
    body = b"<rss version='2.0'><channel><title>A & B</title><item><title>One</title><link>https://a.example/1</link>"
    assert [entry.title for entry in parse(body, URL).entries] == ["One"]


@pytest.mark.parametrize(("body", "why"), [
    (b"<html><body><p>Hello</p></body></html>", "not a feed"),
    (b"", "not a feed"),
    (b"\x89PNG\r\n\x00\x00", "not a feed"),
    (b'{"version": "2", "items": []}', "not a JSON Feed"),
    (b'{"version": "https://jsonfeed.org/version/1", "items": 3}', "see items"),
    (b"/etc/hostname", "not a feed"),
])  # fmt: skip
def test_what_is_no_feed_is_said_to_be_none(body: bytes, why: str) -> None:
    with pytest.raises(FeedError, match=why):
        parse(body, URL)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_entities_are_refused(encoding: str) -> None:
    bomb = "<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'><!ENTITY c SYSTEM 'file:///etc/passwd'>]>"
    feed = f"{bomb}<rss version='2.0'><channel><title>&b;&c;</title><item><title>x</title></item></channel></rss>"
    with pytest.raises(FeedError, match="declares XML entities"):
        parse(feed.encode(encoding), URL)


def test_a_site_names_its_feeds(data: Path) -> None:
    found = discover((data / "page.html").read_text(), "https://www.advertiser.example/news/")
    assert found == ("https://www.advertiser.example/feeds/all.rss", "https://feeds.advertiser.example/atom")
    assert discover("", "https://www.advertiser.example/") == ()


def test_text_cut_within_a_character_costs_that_character_only() -> None:
    item = r'{"id": "\\ud83d", "title": "Fire \ud83d\ude00 \ud83d"}'
    text = '{"version": "https://jsonfeed.org/version/1.1", "items": [' + item + "]}"
    (entry,) = parse(text.encode(), "https://post.example/feed").entries
    assert (entry.id, entry.title) == ("\\ud83d", "Fire \U0001f600 \ufffd")


def test_an_encoding_of_python_s_own_gives_no_half_characters() -> None:
    body = b"<rss version='2.0'><channel><item><guid>a</guid><title>\xff \\ud800</title></item></channel></rss>"
    (entry,) = parse(body, "https://post.example/feed", "text/xml; charset=unicode_escape").entries
    assert (entry.title or "").encode()
