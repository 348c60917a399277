"""Web pages -> articles: the report without what surrounds it."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import html as lxml_html

from bot.errors import PaywallStub, UnreadableInput
from bot.news.encoding import charset_of, decode
from bot.news.fetch import Fetcher
from bot.news.identity import article_id, canonical_url, same_site, shown_url
from bot.news.markup import absolute, parse
from bot.news.metadata import About, about
from bot.news.report import report
from bot.news.robots import Robots
from bot.types import Article

_PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")

_WORDS = 8  # fewer are a menu or a notice, not a report
_WALL_TEXT = 400  # characters; an element with more is a part of the page, not a request
_STUB = 250  # words; a report that is longer is worth reading, whatever else there may be
_WALL = re.compile(
    r"""\b(?:subscribe|sign\ (?:up|in)|log\ in|register|create\ (?:a\ free|an)\ account|become\ a\ member)
        \b[^.!?\n]{0,60}\b(?:read(?:ing)?|continue|access|unlock|view|full)\b
    |\b(?:subscribers?|members?)[ -]only\b | \b(?:for|to)\ (?:subscribers|members)\ only\b
    |\balready\ (?:a\ (?:subscriber|member)|subscribed|registered|have\ an\ account)\b
    |\b(?:continue|keep)\ reading\b[^.!?\n]{0,40}\b(?:subscri|account|trial|member)
    |\b(?:this|the\ full)\ (?:article|story|content|report)\ is\ (?:reserved|exclusive|available\ only)\b""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Page:
    """What was found in a page."""

    article: Article
    stub: bool = False  # only the beginning of the report is there


async def load(url: str, fetcher: Fetcher, robots: Robots | None = None) -> Article:
    """The article at ``url``, if it is there in whole.

    Raises:
        RefusedByRobots: the site doesn't want it fetched, if ``robots`` are to be asked.
        FetchError: the page could not be had.
        PaywallStub: only its beginning is to be had.
        UnreadableInput: there is no article in it, or it is no web page.
    """
    page = await look(url, fetcher, robots)
    if page.stub:
        raise stub_error(url)
    return page.article


def stub_error(url: str) -> PaywallStub:
    """What to say of a page that shows the beginning of its report only."""
    return PaywallStub(
        f"{shown_url(url)}: only the beginning can be read without a subscription or an account; paste its text instead"
    )


async def look(url: str, fetcher: Fetcher, robots: Robots | None = None) -> Page:
    """What is at ``url``, even if it is but the beginning of a report. Raises as ``load`` does, but for PaywallStub."""
    if robots is not None:
        await robots.check(url)
    page = await fetcher.get(url)
    if robots is not None and page.url != url:
        await robots.check(page.url)  # a redirect may lead to a site, or a part of it, that wants no programs
    name = shown_url(url)
    kind = (page.content_type or "text/html").partition(";")[0].strip().lower()
    if kind not in _PAGE_TYPES:
        raise UnreadableInput(f"{name}: this is {kind[:60]!r}, not a web page; give the address of an article")
    text = decode(page.body, name, declared=charset_of(page.content_type))
    if kind == "text/plain":
        return Page(_article(text, About(), page.url))
    return await asyncio.to_thread(read, text, page.url)  # some 30 ms, in which the chat must not wait


def extract(html: str | bytes, url: str | None) -> Article:
    """The article of a page, or what is to be had of it. Raises as ``read`` does."""
    return read(html, url).article


def read(html: str | bytes, url: str | None) -> Page:
    """The article of a page. Its paragraphs are parted by blank lines; headline and byline are not in the text.

    ``url`` is where the page was found (None: in a file); the address that the page gives itself is taken if it is on
    the same site.

    Raises:
        UnreadableInput: there is no text that looks like an article.
    """
    name = shown_url(url) if url else "the page"
    page = html if isinstance(html, str) else decode(html, name)
    tree = parse(page, name)
    said, walled = about(tree), _asks_to_sign_up(tree)
    found = report(tree, name)
    if len(found.text.split()) < _WORDS:
        raise UnreadableInput(f"{name}: no article found in the page; paste its text instead")
    return Page(_article(found.text, said.or_else(found.guessed), url), _is_stub(found.text, said.free, walled=walled))


def _asks_to_sign_up(tree: lxml_html.HtmlElement) -> bool:
    """Whether the page, scripts aside, asks its reader to subscribe or sign in before reading on."""
    blocks = (element.text_content() for element in tree.iter("p", "h2", "h3", "h4", "span", "button", "a", "div"))
    return any(len(block) < _WALL_TEXT and _WALL.search(block) for block in blocks)


def _is_stub(text: str, free: bool | None, *, walled: bool) -> bool:
    """Whether only the beginning of a report is there: it is short, and the page says so or asks to sign up."""
    return len(text.split()) < _STUB and (free is False or (free is None and walled))


def _article(text: str, said: About, url: str | None) -> Article:
    address = _address(url, said.url)
    host = urlsplit(address).hostname if address else None
    return Article(
        id=article_id(address or text),
        text=text,
        url=address,
        outlet=said.outlet or (host.removeprefix("www.") if host else None),
        title=said.title,
        author=said.author,
        published=said.published,
        language=said.language,
    )


def _address(url: str | None, own: str | None) -> str | None:
    """The article's address. A page's word for it counts on its own site only, and not if it names the front page."""
    named = absolute(url or "", own)
    if named and urlsplit(named).path.strip("/") and (url is None or same_site(named, url)):
        return canonical_url(named)
    return canonical_url(url) if url else None
