"""Lines of a chat message, made of words from anywhere."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from adapters.blocks import Line, Run
from adapters.inert import inert, web_url

_TYPED: Final = re.compile(r"`([^`]+)`")


def run(text: str, *, bold: bool = False, italic: bool = False, code: bool = False, url: str | None = None) -> Run:
    """The words made harmless, without spaces at their sides, leading to the address if it is one of the web."""
    return Run(inert(text), bold, italic, code, web_url(url))


def plain(text: str) -> Line:
    """The words alone."""
    return (run(text),)


def told(text: str) -> tuple[Line, ...]:
    """Our own words, in as many lines as they have; what stands in `backquotes` is something to type."""
    return tuple(tuple(_marked(inert(line))) for line in text.splitlines() if inert(line))


def _marked(text: str) -> Iterator[Run]:
    for number, part in enumerate(_TYPED.split(text)):
        if part:
            yield run(part, code=True) if number % 2 else Run(part)


def joined(parts: Iterable[Line], between: str) -> Line:
    """The parts on one line."""
    made: list[Run] = []
    for part in parts:
        made += [Run(between), *part] if made else part
    return tuple(made)


def labelled(label: str, parts: Iterable[Line], between: str = " · ", *, bold: bool = False) -> tuple[Line, ...]:
    """One line with the label before the parts, or none if there are no parts."""
    words = joined(parts, between)
    return ((Run(label, bold=bold), Run(" "), *words),) if words else ()


def highlighted(text: str, bold: Iterable[str], italic: Iterable[str]) -> Line:
    """The text with some names in it set off, wherever they stand as words of their own."""
    words = inert(text)
    heavy, slanted = _within(words, bold), _within(words, italic)
    styled = groupby(range(len(words)), key=lambda at: (at in heavy, at in slanted))
    return tuple(Run("".join(words[at] for at in group), *style) for style, group in styled)


def names_in(text: str, names: Iterable[str]) -> bool:
    """Whether one of the names stands in the text."""
    return bool(_within(inert(text), names))


def _within(text: str, names: Iterable[str]) -> set[int]:
    """The places of the characters that belong to one of the names."""
    choices = sorted((_spelt(name) for one in names if (name := inert(one))), key=len, reverse=True)
    if not choices:
        return set()
    found = re.finditer(rf"(?<!\w)(?:{'|'.join(choices)})(?!\w)", text)
    return {at for match in found for at in range(*match.span())}


def _spelt(name: str) -> str:
    """A pattern for the name, which may begin a sentence: 'the prefecture', 'The prefecture'."""
    first = f"[{name[0]}{name[0].upper()}]" if name[0].islower() else re.escape(name[0])
    return first + re.escape(name[1:])
