r"""A reader of Discord's Markdown, apart from ours: what a line looks like to people.

The rules are those that Discord's client is known to have (https://support.discord.com/hc/articles/210298617; the
expressions as the discord-markdown parsers give them), tried at each place of a line in this order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BLOCKS = {
    "heading": r"#{1,3} +(?=\S)",
    "subtext": r"-# +(?=\S)",
    "quote": r">{1}(?:>>)? ",
    "list": r" *(?:[*+-]|\d+\.) +(?=\S)",
}
_INLINE = {
    "escape": r"\\([^0-9A-Za-z\s])",
    "mention": r"(<@[!&]?\d+>|<#\d+>|@everyone|@here|</[^>]+:\d+>|<id:\w+>)",
    "time": r"(<t:-?\d+(?::\w)?>)",
    "custom emoji": r"(<a?:\w+:\d+>)",
    "autolink": r"<([^: >]+:/[^ >]+)>",
    "url": r"((?:https?|steam)://[^\s<]+[^<.,:;\"'\]\s]|discord(?:app)?\.(?:gg|com/invite)/\S+)",
    "link": (
        r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]"
        r"\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?(?:\s+['\"](.*?)['\"])?\s*\)"
    ),
    "code": r"(`+)(.*?[^`])\1(?!`)",
    "bold": r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)",
    "underline": r"__((?:\\.|[^\\])+?)__(?!_)",
    "italic": r"\b_((?:__|\\.|[^\\_])+?)_\b|\*(?=\S)((?:\*\*|\\.|\s+(?:\\.|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)",
    "strike": r"~~(.+?)~~(?!_)",
    "spoiler": r"\|\|(.+?)\|\|",
    "emoji": r"(:[^\s:]+:)",
}
_RULES = [(name, re.compile(rule, re.DOTALL)) for name, rule in _INLINE.items()]
_NO_RULE = re.compile(r"[^\\<@hsd\[`*_~|:]+")  # what none of the rules begins with
_STARTS = [(name, re.compile(rule)) for name, rule in _BLOCKS.items()]


@dataclass(frozen=True)
class Seen:
    """Some words as people see them."""

    text: str
    looks: frozenset[str] = frozenset()  # names of the rules that made them look so
    url: str | None = None


def read(line: str) -> list[Seen]:
    """The line's words with what they look like; a block's name first where the line is one."""
    for name, rule in _STARTS:
        if match := rule.match(line):
            return [Seen("", frozenset({name})), *_merged(_inline(line[match.end() :], frozenset(), None))]
    return _merged(_inline(line, frozenset(), None))


def plain(line: str) -> str:
    """The line's words alone."""
    return "".join(seen.text for seen in read(line))


def _inline(text: str, looks: frozenset[str], url: str | None) -> Iterator[Seen]:
    at = 0
    while at < len(text):
        name, match = next(((n, m) for n, rule in _RULES if (m := rule.match(text, at))), ("", None))
        if match is None:
            plain = _NO_RULE.match(text, at)
            end = plain.end() if plain else at + 1
            yield Seen(text[at:end], looks, url)
            at = end
            continue
        yield from _matched(name, match, looks, url)
        at = match.end()


def _matched(name: str, match: re.Match[str], looks: frozenset[str], url: str | None) -> Iterator[Seen]:
    found = [group for group in match.groups() if group is not None]
    match name:
        case "escape":
            yield Seen(found[0], looks, url)
        case "code":
            yield Seen(match[2], looks | {name}, url)
        case "link":
            yield from _inline(match[1], looks | {name}, match[2])
        case "autolink" | "url":
            yield Seen(match[1], looks | {name}, match[1])
        case "mention" | "time" | "custom emoji" | "emoji":
            yield Seen(match[0], looks | {name}, url)
        case _:
            yield from _inline(found[0], looks | {name}, url)


def _merged(parts: Iterator[Seen]) -> list[Seen]:
    merged: list[Seen] = []
    for part in parts:
        if merged and (merged[-1].looks, merged[-1].url) == (part.looks, part.url):
            merged[-1] = Seen(merged[-1].text + part.text, part.looks, part.url)
        else:
            merged.append(part)
    return merged
