"""HTML -> trees and plain text. Nothing is fetched or run."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

from bot.errors import UnreadableInput

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BLOCK = frozenset(
    {
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
        "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
        "table", "td", "th", "tr", "ul",
    }
)  # fmt: skip
_SPACES = re.compile(r"\s+")
_NO_CONTROLS = dict.fromkeys({*range(32)} - {9, 10, 13})  # what XML, and so lxml, can't hold
_TAGS = 100_000  # news pages have up to 10,000; the work grows with them
_UNSEEN = ("script", "style", "noscript", "template", "iframe", "svg", "form", "button")


def parse(html: str, name: str) -> lxml_html.HtmlElement:
    """The tree of a page or fragment.

    Raises:
        UnreadableInput: there is no element or text in it, or far too many; the message starts with ``name``.
    """
    if html.count("<") > _TAGS:
        raise UnreadableInput(f"{name}: the page has more than {_TAGS:,} tags; paste its text instead")
    page = _XML_DECLARATION.sub("", html).translate(_NO_CONTROLS)
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return lxml_html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableInput(f"{name}: the page is empty") from error


def text_of(html: str) -> str:
    """The text of HTML that is all report, such as a feed's content: its blocks parted by blank lines."""
    if "<" not in html and "&" not in html:
        return paragraphs(html)
    try:
        tree = parse(html, "the text")
    except UnreadableInput:
        return ""  # markup without any text, or nothing else
    etree.strip_elements(tree, etree.Comment, etree.ProcessingInstruction, *_UNSEEN, with_tail=False)
    return blocks_of(tree)


def blocks_of(tree: etree.ElementBase, block: frozenset[str] = _BLOCK) -> str:
    """The text of a tree without comments, each element whose tag is a ``block`` apart, parted by blank lines."""
    return paragraphs("".join(_pieces(tree, block)))


def paragraphs(text: str) -> str:
    """The lines of ``text`` that aren't empty, parted by blank lines, with single spaces inside."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n\n".join(line for line in lines if line)


def absolute(url: str, link: str | None) -> str | None:
    """``link`` as found at ``url``, made absolute; None for what isn't http(s)."""
    try:
        joined = urljoin(url, (link or "").strip())
        return joined if link and urlsplit(joined).scheme in {"http", "https"} else None
    except ValueError:
        return None


def _pieces(tree: etree.ElementBase, block: frozenset[str]) -> Iterator[str]:
    """The text in order, with a line end at each edge of a block: markup's own line ends mean nothing."""
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element.tag in block:
            yield "\n"
        if text := element.text if event == "start" else element.tail:
            yield _SPACES.sub(" ", text)
