"""When two addresses are the same article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.identity import article_id, canonical_url, same_site, shown_url

PLAIN = "https://www.paper.example/world/floods?id=3&page=2"


@pytest.mark.parametrize("variant", [
    "https://www.paper.example/world/floods?page=2&id=3#comments",
    "https://www.paper.example/world/floods?utm_source=chat&id=3&utm_medium=x&page=2&fbclid=abc",
    "http://paper.example/world/floods/?id=3&page=2",
    "HTTPS://WWW.Paper.Example:443/world/floods?id=3&page=2",
    "https://m.paper.example/world/floods?id=3&page=2",
    "https://amp.paper.example/world/floods?id=3&page=2",
    "https://www.paper.example/world/floods/amp/?id=3&page=2",
    "https://www.paper.example/amp/world/floods?id=3&page=2",
    "https://www.paper.example/world/floods?id=3&page=2&amp=1",
    "https://www.google.com/amp/s/www.paper.example/world/floods?id=3&page=2",
    "https://paper-example.cdn.ampproject.org/c/s/www.paper.example/world/floods?id=3&page=2",
])  # fmt: skip
def test_variants_are_one_article(variant: str) -> None:
    assert article_id(variant) == article_id(PLAIN)


@pytest.mark.parametrize("other", [
    "https://www.paper.example/world/floods?id=4&page=2",
    "https://www.paper.example/world/floods",
    "https://www.paper.example/World/floods?id=3&page=2",
    "https://www.paper.example:8080/world/floods?id=3&page=2",
    "https://sport.paper.example/world/floods?id=3&page=2",
    "https://www.paper.example/world/floods?id=3&page=2&gallery=5",
])  # fmt: skip
def test_other_articles_stay_others(other: str) -> None:
    assert article_id(other) != article_id(PLAIN)


def test_the_canonical_url_still_opens_the_article() -> None:
    assert (
        canonical_url("https://me:pw@www.paper.example/a/?story12&utm_id=1#x") == "https://www.paper.example/a/?story12"
    )
    assert canonical_url("not a url") == "not a url"


@given(st.text())
def test_any_text_has_an_id_and_a_canonical_form_that_stays(text: str) -> None:
    assert len(article_id(text)) == 12
    url = f"https://paper.example/{text}"
    assert canonical_url(canonical_url(url)) == canonical_url(url)


def test_what_is_shown_has_no_secrets() -> None:
    assert shown_url("https://me:pw@paper.example:8443/feed?key=hush#hush") == "https://paper.example:8443/feed?…"


def test_one_site() -> None:
    assert same_site("https://www.paper.example/a", "http://m.paper.example/b")
    assert same_site("https://news.paper.example/a", "https://paper.example/b")
    assert not same_site("https://evilpaper.example/a", "https://paper.example/b")
