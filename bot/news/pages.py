"""Web pages -> articles: the report without what surrounds it."""

import asyncio
from urllib.parse import urlsplit

from bot.errors import UnreadableInput
from bot.news.encoding import charset_of, decode
from bot.news.fetch import Fetcher
from bot.news.identity import article_id, canonical_url, same_site, shown_url
from bot.news.markup import absolute, parse
from bot.news.metadata import About, about
from bot.news.report import report
from bot.types import Article

_PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")

_WORDS = 8  # fewer are a menu or a notice, not a report


async def load(url: str, fetcher: Fetcher) -> Article:
    """The article at ``url``.

    Raises:
        FetchError: the page could not be had.
        UnreadableInput: there is no article in it, or it is no web page.
    """
    page = await fetcher.get(url)
    name = shown_url(url)
    kind = (page.content_type or "text/html").partition(";")[0].strip().lower()
    if kind not in _PAGE_TYPES:
        raise UnreadableInput(f"{name}: this is {kind[:60]!r}, not a web page; give the address of an article")
    text = decode(page.body, name, declared=charset_of(page.content_type))
    if kind == "text/plain":
        return _article(text, About(), page.url)
    return await asyncio.to_thread(extract, text, page.url)  # some 30 ms, in which the chat must not wait


def extract(html: str | bytes, url: str | None) -> Article:
    """The article of a page. Its paragraphs are parted by blank lines; headline and byline are not in the text.

    ``url`` is where the page was found (None: in a file); the address that the page gives itself is taken if it is on
    the same site.

    Raises:
        UnreadableInput: there is no text that looks like an article.
    """
    name = shown_url(url) if url else "the page"
    page = html if isinstance(html, str) else decode(html, name)
    tree = parse(page, name)
    said = about(tree)
    found = report(tree, name)
    if len(found.text.split()) < _WORDS:
        raise UnreadableInput(f"{name}: no article found in the page; paste its text instead")
    return _article(found.text, said.or_else(found.guessed), url)


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
