"""Words that a watch looks out for: plain words and "phrases" with AND, OR, NOT and brackets.

No regular expressions: an article is looked through once, whatever the filter. A word stands for itself and its plain
plural or possessive ('quake': 'quakes', "quake's"); with a star at its end for all words that begin so ('flood*'). Case
and accents don't count. Words beside each other must all be there, as with AND; NOT binds closest, then AND, then OR.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.errors import InputError
from bot.store.values import fold

MOST: Final = 50  # words of a filter
ENDINGS: Final = ("s", "es")
_TOKEN: Final = re.compile(r'"([^"]*)"|([()])|([^\s()"]+)')


class Words:
    """The words of a text, made ready to be looked for."""

    def __init__(self, text: str) -> None:
        self._line = f" {fold(text)} "
        self._words = frozenset(self._line.split())

    def have(self, phrase: str, *, open_ended: bool) -> bool:
        """Whether the folded words stand together in the text; the last may go on where it is open-ended."""
        if open_ended:
            return f" {phrase}" in self._line
        if " " in phrase:
            return any(f" {phrase}{ending} " in self._line for ending in ("", *ENDINGS))
        return phrase in self._words or any(phrase + ending in self._words for ending in ENDINGS)


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase."""

    phrase: str  # folded
    open_ended: bool

    def matches(self, words: Words) -> bool:
        """Whether the text has it."""
        return words.have(self.phrase, open_ended=self.open_ended)


@dataclass(frozen=True, slots=True)
class Not:
    """What may not be there."""

    of: "Filter"

    def matches(self, words: Words) -> bool:
        """Whether the text hasn't got it."""
        return not self.of.matches(words)


@dataclass(frozen=True, slots=True)
class AllOf:
    """What must all be there."""

    of: "tuple[Filter, ...]"

    def matches(self, words: Words) -> bool:
        """Whether the text has each."""
        return all(one.matches(words) for one in self.of)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Of which one must be there."""

    of: "tuple[Filter, ...]"

    def matches(self, words: Words) -> bool:
        """Whether the text has one."""
        return any(one.matches(words) for one in self.of)


Filter = Term | Not | AllOf | AnyOf


@lru_cache(maxsize=1000)
def parse(text: str) -> Filter:
    """The filter that the text writes out.

    Raises:
        InputError: it is none; says what is wrong with it and how to write it.
    """
    tokens = [_token(match) for match in _TOKEN.finditer(text)]
    if len(tokens) > MOST:
        raise InputError(f"at most {MOST} words: make several watches instead")
    if text.count('"') % 2:
        raise InputError(f"{text}: a quotation mark is not closed")
    parser = _Parser(text, tokens)
    found = parser.either()
    if parser.next is not None:
        raise parser.wrong(f"{parser.next!r} comes where a word should")
    if found.matches(Words("")):
        raise InputError(f"{text}: says only what must not be there; name a word that must, like: grain NOT rice")
    return found


def _token(match: re.Match[str]) -> str | Term:
    """A bracket or an operator as it is; anything else as what to look for."""
    phrase, bracket, word = match.groups()
    if bracket or word in {"AND", "OR", "NOT"}:
        return bracket or word
    folded = fold(phrase if phrase is not None else word)
    if not folded:
        raise InputError(f"{match.group()!r} has no letters to look for")
    return Term(folded, open_ended=bool(word) and word.endswith("*"))


class _Parser:
    """Reads tokens from left to right, one ahead."""

    def __init__(self, text: str, tokens: list[str | Term]) -> None:
        self._text = text
        self._tokens: Iterator[str | Term] = iter(tokens)
        self.next: str | Term | None = next(self._tokens, None)

    def wrong(self, what: str) -> InputError:
        return InputError(f'{self._text}: {what}; write it like: grain AND (deal OR "Black Sea") NOT rice')

    def either(self) -> Filter:
        found = [self._each()]
        while self.next == "OR":
            self._take()
            found.append(self._each())
        return found[0] if len(found) == 1 else AnyOf(tuple(found))

    def _each(self) -> Filter:
        found = [self._one()]
        while self.next is not None and self.next not in {"OR", ")"}:
            if self.next == "AND":
                self._take()
            found.append(self._one())
        return found[0] if len(found) == 1 else AllOf(tuple(found))

    def _one(self) -> Filter:
        taken = self._take()
        if taken == "NOT":
            return Not(self._one())
        if taken == "(":
            inner = self.either()
            if self._take() != ")":
                raise self.wrong("a bracket is not closed")
            return inner
        if isinstance(taken, Term):
            return taken
        raise self.wrong("it ends too early" if taken is None else f"nothing to look for before {taken!r}")

    def _take(self) -> str | Term | None:
        taken, self.next = self.next, next(self._tokens, None)
        return taken
