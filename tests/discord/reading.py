r"""A reader of Discord's Markdown, apart from ours: what a line looks like to people.

The rules are those that Discord's client has been found to have (https://support.discord.com/hc/articles/210298617;
https://github.com/LyricLy/parse-discord, worked out by trying), tried at each place of a line in this order.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

_BLOCKS = {
    "heading": r"#{1,3}\s+(?!#)",
    "subtext": r"-# +(?!-#)",
    "quote": r" *>(?:>>)? ",
    "list": r" *(?:[*+-]|\d+\.) +(?=.)",
}
_FORMATS = {
    "time": r"(<t:-?\d+(?::\w)?>)",
    "custom emoji": r"(<a?:\w+:\d+>)",
    "code": r"(`+)(.+?)(?<!`)\1(?!`)",
    "bold": r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)",
    "underline": r"__((?:\\.|[^\\])+?)__(?!_)",
    "italic": r"\*(?!\s)((?:\\.|\*\*|[^*\\])+?)(?<!\s) {0,2}\*(?!\*)|_((?:\\.|__|[^_\\])+?)_(?![a-zA-Z0-9_])",
    "strike": r"~~(.+?)~~(?!_)",
    "spoiler": r"\|\|(.+?)\|\|",
    "emoji": r"(:\w+:)",
}
_INLINE = {
    "escape": r"\\([^0-9A-Za-z\s])",
    "mention": r"(<@[!&]?\d+>|<#\d+>|@everyone|@here|</[^>]+:\d+>|<id:\w+>)",
    "autolink": r"<([^: >]+:/[^ >]+)>",
    "url": r"((?:https?|steam)://[^\s<]+[^<.,:;\"'\]\s]|(?i:discord(?:app)?\.(?:gg|com/invite))/\S+)",
    "link": (
        r"\[((?:\[[^\]]*\]|[^\[\]])*[^\[]*)\]"
        r"\(\s*<?((?:\([^)]*\)|[^\s\\]|\\[^\n])*?)>?(?:\s+['\"](.*?)['\"])?\s*\)"
    ),
} | _FORMATS
# What keeps the words of a link from being one: https://github.com/discord/discord-api-docs/issues/7673
_FORBIDDEN = regex.compile(
    "|".join([_INLINE["mention"], _INLINE["autolink"], _INLINE["url"], _FORMATS["custom emoji"], _FORMATS["emoji"]])
    + r"|[\p{Emoji_Presentation}]|\p{Emoji}\uFE0F"
)
_NO_RULE = regex.compile(r"[^\\<@hsdHSD\[`*_~|:]+")  # what none of the rules begins with


def _compiled(rules: dict[str, str]) -> list[tuple[str, regex.Pattern[str]]]:
    return [(name, regex.compile(rule, regex.DOTALL)) for name, rule in rules.items()]


_STARTS, _ANYWHERE, _IN_LINKS = _compiled(_BLOCKS), _compiled(_INLINE), _compiled(_FORMATS)


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
    rules, at = _IN_LINKS if url else _ANYWHERE, 0
    while at < len(text):
        name, match = next(((n, m) for n, rule in rules if (m := rule.match(text, at))), ("", None))
        if match is None:
            plain = _NO_RULE.match(text, at)
            end = plain.end() if plain else at + 1
            yield Seen(text[at:end], looks, url)
            at = end
            continue
        yield from _matched(name, match, looks, url)
        at = match.end()


def _matched(name: str, match: regex.Match[str], looks: frozenset[str], url: str | None) -> Iterator[Seen]:
    found = [group for group in match.groups() if group is not None]
    match name:
        case "escape":
            yield Seen(found[0], looks, url)
        case "code":
            yield Seen(match[2], looks | {name}, url)
        case "link" if _FORBIDDEN.search(match[1]):
            yield Seen(match[0], looks | {"no link"}, url)
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
