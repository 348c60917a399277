"""The report of a page, and what the page says about it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import PaywallStub, UnreadableInput
from bot.news import pages
from bot.news.fetch import Fetcher
from bot.news.identity import article_id
from tests.news.server import Server, answer

URL = "https://www.advertiser.example/news/flood-cuts-off-villages"


@pytest.fixture(scope="module")
def page(data: Path) -> str:
    return (data / "page.html").read_text(encoding="utf-8")


def test_the_report_without_what_surrounds_it(page: str) -> None:
    paragraphs = pages.extract(page, URL).text.split("\n\n")
    assert paragraphs[0].startswith("The river Ardle rose")
    assert paragraphs[-1].endswith("before trains could run.")
    assert len(paragraphs) == 5


def test_teasers_between_the_paragraphs_are_left_out(page: str) -> None:
    teaser = '<p>Read more: <a href="/dam">How the dam at Kirkton was built, in pictures</a></p>'
    inline = '<p>The <a href="/council">district council</a> meets again on Monday, its clerk said in a note.</p>'
    paragraphs = pages.extract(page.replace("<p>Engineers", f"{teaser}{inline}<p>Engineers"), URL).text.split("\n\n")
    assert len(paragraphs) == 6
    assert paragraphs[3] == "The district council meets again on Monday, its clerk said in a note."


def test_a_report_that_advertisements_part_is_put_together(page: str) -> None:
    advertisement = '</div><aside class="advert"><iframe src="/x"></iframe></aside><div class="article__body">'
    parted = page.replace("<p>The river", '<div class="article__body"><p>The river')
    parted = parted.replace("<p>Engineers", f"{advertisement}<p>Engineers")
    parted = parted.replace("</article>", "</div></article>")
    assert pages.extract(parted, URL).text == pages.extract(page, URL).text


def test_what_the_page_says_about_it(page: str) -> None:
    article = pages.extract(page, f"{URL}?utm_source=chat")
    assert article.id == article_id(URL)
    assert article.url == URL
    assert article.outlet == "The Ardle Advertiser"
    assert article.title == "Flood cuts off three villages & closes the railway"
    assert article.author == "Callum Roy, Isla Menzies"
    assert article.published == datetime(2026, 11, 19, 20, 40, tzinfo=UTC)
    assert article.language == "en"


def test_a_page_cannot_pass_for_another_sites_article(page: str) -> None:
    assert pages.extract(page, "https://copy.example/flood").url == "https://copy.example/flood"


def test_meta_elements_fill_what_json_ld_leaves_open(page: str) -> None:
    plain = page.replace("application/ld+json", "text/plain").replace(
        "<head>",
        "<head><meta name='author' content='C. Roy'><meta property='article:published_time' content='2026-11-19'>",
    )
    article = pages.extract(plain, URL)
    assert (article.outlet, article.author) == ("advertiser.example", "C. Roy")
    assert article.published == datetime(2026, 11, 19, tzinfo=UTC)


def test_broken_metadata_do_not_hide_the_text(page: str) -> None:
    broken = page.replace('{"@context"', '{{"@context"')
    assert pages.extract(broken, URL).text == pages.extract(page, URL).text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_declared_encodings_may_be_wrong(page: str, encoding: str) -> None:
    assert "“We have not seen" in pages.extract(page.encode(encoding), URL).text


@pytest.mark.parametrize("html", ["", "<html></html>", "<html><body><nav>Home</nav></body></html>", "<!-- -->"])
def test_a_page_without_an_article_is_said_to_have_none(html: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(
        UnreadableInput, match=r"^https://www\.advertiser\.example/a\?…: (no article|the page is empty)"
    ):
        pages.extract(html, "https://www.advertiser.example/a?key=hush")
    assert "hush" not in caplog.text


async def test_an_article_comes_over_the_wire(server: Server, fetcher: Fetcher, page: str) -> None:
    server.routes["/a"] = answer(page.encode(), Content_Type="text/html; charset=iso-8859-1")
    article = await pages.load(server.url("/a"), fetcher)
    assert "“The dam held" in article.text


async def test_a_pdf_is_no_page(server: Server, fetcher: Fetcher) -> None:
    server.routes["/a"] = answer(b"%PDF-1.7", Content_Type="application/pdf")
    with pytest.raises(UnreadableInput, match="application/pdf"):
        await pages.load(server.url("/a"), fetcher)


OPENING = "<p>The council met behind closed doors on Monday night to talk about the harbour and its debts.</p>"
WALLS = [
    "<p>Subscribe now to continue reading this story.</p>",
    "<div><h3>This article is reserved for our subscribers</h3></div>",
    "<p>Already a subscriber? <a href='/in'>Log in</a></p>",
    "<p>Create a free account to read on: it takes a minute, then you can continue.</p>",
    '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>',
]


@pytest.mark.parametrize("wall", WALLS)
def test_a_stub_behind_a_paywall_is_told_from_a_report(wall: str) -> None:
    stub = f"<html><body><article>{OPENING}{wall}</article></body></html>"
    assert pages.read(stub, URL).stub
    whole = "".join(OPENING.replace("Monday", f"day {day}") for day in range(20))
    assert not pages.read(stub.replace(OPENING, whole), URL).stub  # the whole report, for all that is offered
    assert not pages.read(stub.replace(wall, ""), URL).stub


def test_a_page_that_says_it_is_free_is_no_stub() -> None:
    free = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": true}</script>'
    assert not pages.read(f"<html><body><article>{free}{OPENING}{WALLS[0]}</article></body></html>", URL).stub


async def test_of_a_stub_it_is_said_that_it_is_one(server: Server, fetcher: Fetcher) -> None:
    server.routes["/a"] = answer(f"<html><body><article>{OPENING}{WALLS[0]}</article></body></html>".encode())
    with pytest.raises(PaywallStub, match="paste its text instead"):
        await pages.load(server.url("/a"), fetcher)


def test_a_phone_s_page_and_an_amp_page_are_the_same_article(page: str) -> None:
    variants = ("http://m.advertiser.example/news/x/amp/", "https://www.advertiser.example/news/x?utm_source=y#top")
    bare = page.replace("canonical", "other").replace("og:url", "other")
    assert {pages.extract(bare, address).id for address in variants} == {
        article_id("https://www.advertiser.example/news/x")
    }
