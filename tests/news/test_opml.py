"""Lists of feeds, in and out."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FeedError
from bot.news.opml import Listed, parse, write

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LIST = """<?xml version="1.0"?><opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Loose" xmlUrl="https://loose.example/rss"/>
<outline text="North"><outline title="Fell &amp; Vale" text="x" type="rss" xmlUrl="https://fell.example/rss?key=1"/>
<outline text="Coast"><outline XMLURL=" https://coast.example/atom "/></outline></outline>
<outline text="Bad" xmlUrl="feed://no"/><outline text="Twice" xmlUrl="https://loose.example/rss"/>
</body></opml>"""


def test_folders_and_titles_are_kept() -> None:
    listed = parse(LIST)
    assert listed.feeds == (
        Listed("https://loose.example/rss", "Twice"),
        Listed("https://fell.example/rss?key=1", "Fell & Vale", "North"),
        Listed("https://coast.example/atom", None, "North / Coast"),
    )
    assert listed.refused == ("feed://no",)


@pytest.mark.parametrize("text", ["", "no", "<html></html>", "<!DOCTYPE o [<!ENTITY a 'b'>]><opml>&a;</opml>"])
def test_what_is_no_list_is_said_to_be_none(text: str) -> None:
    with pytest.raises(FeedError, match="no OPML"):
        parse(text)


NAMES = st.text(min_size=1, max_size=12).map(lambda name: " ".join(name.replace("/", "").split())).filter(bool)


@given(st.lists(st.builds(Listed, st.integers(0, 99).map("https://f.example/{}".format), st.none() | NAMES,
                          st.none() | st.lists(NAMES, min_size=1, max_size=3).map(" / ".join)),
                unique_by=lambda one: one.url))  # fmt: skip
def test_what_is_written_is_read_again(feeds: list[Listed]) -> None:
    again = {one.url: one for one in parse(write(feeds, "Mine", NOON)).feeds}
    assert again.keys() == {one.url for one in feeds}
    for one in feeds:
        if (one.title or "").isprintable() and (one.folder or "").isprintable():
            assert again[one.url] == Listed(one.url, one.title or one.url, one.folder)
