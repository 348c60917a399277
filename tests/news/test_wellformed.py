"""The quick reading of feeds says what feedparser says, or nothing."""

from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.news import feeds, wellformed
from bot.news.encoding import decode
from bot.news.feeds import ParsedFeed
from bot.news.markup import text_of

FEEDS = sorted((Path(__file__).parents[1] / "data" / "news" / "feeds").iterdir())
URL = "https://feeds.example/all.xml"
READ_QUICKLY = {
    "atom1-plain.xml", "atom1-prefixed.xml", "atom1-xhtml.xml", "bom.xml", "comments-and-pis.xml", "cp1251.xml",
    "empty-fields.xml", "latin1.xml", "leading-space.xml", "rss1.xml", "rss2-duplicates.xml",
    "rss2-permalink-guid.xml", "rss2-pictures.xml", "rss2-plain.xml", "rss2-relative.xml",
    "rss2-scripts.xml", "rss2-wordpress.xml", "utf16.xml",
}  # fmt: skip


def as_text(feed: ParsedFeed) -> ParsedFeed:
    """The feed with its entries' words only: feedparser cleans their markup, and we take the words out of it anyway."""
    return replace(feed, entries=tuple(replace(one, html=text_of(one.html or "")) for one in feed.entries))


def quickly(text: str) -> ParsedFeed | None:
    plain = wellformed.read(text)
    return None if plain is None else as_text(feeds._plain(plain, URL))


def carefully(text: str) -> ParsedFeed:
    return as_text(feeds._careful(text, URL, "the feed"))


@pytest.mark.parametrize("path", [path for path in FEEDS if path.suffix == ".xml"], ids=lambda path: path.stem)
def test_every_feed_is_read_as_feedparser_reads_it_or_handed_over(path: Path) -> None:
    text = decode(path.read_bytes(), path.name).lstrip("\ufeff \t\r\n")
    quick = quickly(text)
    assert (quick is not None) == (path.name in READ_QUICKLY)
    assert quick is None or quick == carefully(text)


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.stem)
def test_every_feed_has_its_entries(path: Path) -> None:
    feed = feeds.parse(path.read_bytes(), URL)
    assert feed.title or path.name == "empty-fields.xml"
    assert feed.entries
    assert all(entry.id and "\ufffd" not in f"{entry.title}{entry.html}" for entry in feed.entries)
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)


PIECES = [
    "a",
    "b ",
    " ",
    "é",
    "Ж.",
    "<p>",
    "</p>",
    "<b>",
    "<br/>",
    "<!-- c -->",
    "&amp;",
    "&lt;",
    "&",
    ";",
    "#39",
    "'",
    '"',
    "\n",
]
WORDS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
DATES = st.sampled_from(
    ["Mon, 23 Nov 2026 06:00:00 GMT", "23 Nov 2026 06:00:00 +0530", "2026-11-23T06:00:00-03:00", "yesterday", ""]
)


@settings(max_examples=150, deadline=None)
@example(title="<p>", link="", guid="", words="", whole="<br/>", author="", date="")
@given(title=WORDS, link=WORDS, guid=WORDS, words=WORDS, whole=WORDS, author=WORDS, date=DATES)
def test_what_is_read_quickly_is_what_feedparser_reads(
    title: str, link: str, guid: str, words: str, whole: str, author: str, date: str
) -> None:
    item = "".join(
        f"<{name}>{escape(said)}</{name}>"
        for name, said in {
            "title": title, "link": link, "guid": guid, "description": words, "content:encoded": whole,
            "dc:creator": author, "pubDate": date,
        }.items()
    )  # fmt: skip
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    text = f'<rss version="2.0" {spaces}><channel><title>T</title><item>{item}</item></channel></rss>'
    quick = quickly(text)
    assert quick is None or quick == carefully(text)
