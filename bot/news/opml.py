"""Lists of feeds as OPML 2.0 (http://opml.org/spec2.opml), in and out, with their folders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from bot.errors import FeedError
from bot.news.markup import absolute

_MOST = 10_000  # feeds in a list
PARTING = " / "  # between the levels of folders


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed as a list has it."""

    url: str
    title: str | None = None
    folder: str | None = None  # levels parted by ' / '


@dataclass(frozen=True, slots=True)
class FeedList:
    """What a list holds."""

    feeds: tuple[Listed, ...]  # each address once, in the list's order
    refused: tuple[str, ...] = ()  # what should have been an address and is none


def parse(text: str) -> FeedList:
    """The feeds of an OPML document. Entities and everything outside the document are left alone.

    Raises:
        FeedError: it is no OPML, or a list of far too many feeds.
    """
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, recover=True)
    root = None
    if "<!ENTITY" not in text:
        root = etree.fromstring(text.strip().encode("utf-8", "replace"), parser) if text.strip() else None
    if root is None or _name(root) != "opml":
        raise FeedError("the list of feeds: this is no OPML; export it from your feed reader as OPML")
    found = list(_outlines(root, ()))
    if len(found) > _MOST:
        raise FeedError(f"the list of feeds: more than {_MOST:,} feeds; import it in parts")
    feeds = {url: one for one in found if (url := absolute("", one.url))}
    return FeedList(tuple(feeds.values()), tuple(one.url[:200] for one in found if not absolute("", one.url)))


def write(feeds: Sequence[Listed], title: str, now: datetime) -> str:
    """An OPML document of the feeds, in their folders, those without one first."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    etree.SubElement(head, "dateCreated").text = format_datetime(now, usegmt=True)
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], etree._Element] = {(): body}
    for feed in sorted(feeds, key=lambda one: (one.folder or "", (one.title or one.url).casefold())):
        parent = _folder(folders, tuple(feed.folder.split(PARTING)) if feed.folder else ())
        name = _clean(feed.title or feed.url)
        etree.SubElement(parent, "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
    return str(etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="utf-8").decode("utf-8"))


def _folder(folders: dict[tuple[str, ...], etree._Element], path: tuple[str, ...]) -> etree._Element:
    if path not in folders:
        folders[path] = etree.SubElement(_folder(folders, path[:-1]), "outline", text=_clean(path[-1]))
    return folders[path]


def _outlines(element: etree._Element, path: tuple[str, ...]) -> Iterator[Listed]:
    for child in element.iterchildren("*"):
        said = {name.lower(): value.strip() for name, value in child.attrib.items()}
        title = " ".join((said.get("title") or said.get("text") or "").split()) or None
        if _name(child) != "outline":
            yield from _outlines(child, path)
        elif "xmlurl" in said:
            yield Listed(said["xmlurl"], title, PARTING.join(path) or None)
        else:
            yield from _outlines(child, (*path, title) if title else path)


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname).lower()


def _clean(text: str) -> str:
    """``text`` as XML can hold it."""
    return "".join(character if character.isprintable() else " " for character in text)
