"""The report of a page, and what the page says about it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import UnreadableInput
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
