"""What a page says about its article, in JSON-LD and meta elements."""

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from lxml import html as lxml_html

from bot.news import dates
from bot.news.markup import text_of

_ARTICLE_TYPE = re.compile(r"Article|BlogPosting|Report|Review", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2}(?=$|[-_])", re.IGNORECASE)
_TITLES = ("og:title", "twitter:title")
_OUTLETS = ("og:site_name", "application-name")
_AUTHORS = ("author", "article:author", "dc.creator")
_STAMPS = (
    "article:published_time",
    "datepublished",
    "parsely-pub-date",
    "dc.date.issued",
    "dc.date",
    "pubdate",
    "date",
)


@dataclass(frozen=True, slots=True)
class About:
    """What is said about an article. None: nothing is."""

    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: datetime | None = None
    language: str | None = None  # ISO 639-1
    url: str | None = None
    free: bool | None = None  # whether all of it can be read without paying or signing up

    def or_else(self, other: "About") -> "About":
        """This, with its gaps filled from ``other``."""
        own, others = ([getattr(about, field.name) for field in fields(About)] for about in (self, other))
        return About(*(mine if mine is not None else theirs for mine, theirs in zip(own, others, strict=True)))


def about(tree: lxml_html.HtmlElement) -> About:
    """What the page says: its JSON-LD (https://schema.org/NewsArticle) first, then its meta elements."""
    return _from_json_ld(tree).or_else(_from_meta(tree))


def language_code(tag: str | None) -> str | None:
    """The ISO 639-1 code of a language tag such as 'en-GB' (RFC 5646), or None."""
    found = _LANGUAGE.match((tag or "").strip())
    return found[0].lower() if found else None


def _from_meta(tree: lxml_html.HtmlElement) -> About:
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        metas.setdefault(key.lower(), " ".join((meta.get("content") or "").split()))

    def said(keys: tuple[str, ...]) -> str | None:
        return next((metas[key] for key in keys if metas.get(key)), None)

    author = said(_AUTHORS)
    link = next((link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical"), None)
    return About(
        title=said(_TITLES),
        outlet=said(_OUTLETS),
        author=None if author and "://" in author else author,  # article:author is often a profile's address
        published=dates.parse(said(_STAMPS)),
        language=language_code(tree.get("lang") or said(("og:locale", "language"))),
        url=link or said(("og:url",)),
    )


def _from_json_ld(tree: lxml_html.HtmlElement) -> About:
    for script in tree.iter("script"):
        if (script.get("type") or "").lower() == "application/ld+json":
            for thing in _things(_json(script.text or "")):
                if _ARTICLE_TYPE.search(str(thing.get("@type"))):
                    return _from_thing(thing)
    return About()


def _from_thing(thing: dict[str, Any]) -> About:
    return About(
        title=_text(thing.get("headline")),
        outlet=_name(thing.get("publisher")),
        author=_name(thing.get("author")),
        published=dates.parse(_text(thing.get("datePublished"))),
        language=language_code(_text(thing.get("inLanguage"))),
        free=_truth(thing.get("isAccessibleForFree")),
    )


def _json(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None  # a page's broken metadata are no reason not to read its text


def _things(value: object) -> Iterator[dict[str, Any]]:
    """Every object of a JSON-LD document, the outer ones first."""
    rest = deque([value])
    while rest:
        thing = rest.popleft()
        if isinstance(thing, dict):
            yield thing
            rest.extend(thing.values())
        elif isinstance(thing, list):
            rest.extend(thing)


def _name(value: object) -> str | None:
    """The name or names of people or organisations: JSON-LD writes a string, an object, or a list of either."""
    if isinstance(value, list):
        names = [_text(item.get("name") if isinstance(item, dict) else item) for item in value]
        return ", ".join(name for name in names if name) or None
    return _text(value.get("name") if isinstance(value, dict) else value)


def _truth(value: object) -> bool | None:
    """JSON-LD writes true, "True", "http://schema.org/False" ..."""
    return {"true": True, "false": False}.get(str(value).rpartition("/")[2].strip().lower())


def _text(value: object) -> str | None:
    return " ".join(text_of(value).split()) or None if isinstance(value, str) else None
