"""What a sentence takes as known: 'the depot' of which an earlier sentence told.

English tells so by 'the'. A noun with 'the' is free when it is unique by itself ('the government', 'the first win'),
when the sentence says which one it is ('the depot of Halden', 'the tug Florence') or brought it in itself.
Otherwise it was given before, if the report spoke of it before, or if it is always somebody's or something's
('the owner'). A kind of thing ('the company') may be what a name before it in the sentence names.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from bot.briefing import words
from bot.briefing.phrases import any_of, phrases

_PIECE = re.compile(r"\d+(?:-[^\W\d_]+)+|\d[\d.,]*|[^\W\d_]+(?:[-'’][^\W\d_]+)*|[^\w\s]")
_POSSESSIVE = re.compile(r"['’]s?$")
_VERB = re.compile(
    rf"(?:{any_of('finite', 'says')}|never|ever|often|soon|still|now|later|already|once|always|\w+(?:ing|ly))$"
)
_RANK = re.compile(rf"(?:\w+est|{any_of('ranks')})$")
_WHICH = frozenset(["of", "who", "which", "whose", "where", "when", "between"])
_TOLD = frozenset(["told", "tells", "telling", "informed", "assured", "reminded", "warned"])
_WHERE = frozenset(
    ["in", "at", "on", "near", "from", "for", "by", "to", "with", "against", "over", "outside", "around"]
)
_CALENDAR = frozenset((*words.MONTHS, *words.WEEKDAYS))
_LONGEST = 4  # words between 'the' and the end of its noun


def needs(sentence: str, told: Callable[[str], bool]) -> frozenset[str]:
    """The stems of the nouns that the sentence takes as known, empty for one that needs nothing.

    ``told``: whether the report has used a stem before the sentence, which is given without its quotations.
    """
    pieces = _PIECE.findall(sentence)
    found: set[str] = set()
    for start, end in _pointing(pieces):
        run, before = pieces[start:end], {root(one) for one in pieces[:start]}
        named = any(one[:1].isupper() for one in pieces[1 : start - 1])
        for head in _heads(run):
            known = told(head) or _always(head, run)
            if known and head not in before and not (named and head in _KINDS):
                found.add(head)
    return frozenset(found | _shown(pieces))


def _shown(pieces: Sequence[str]) -> set[str]:
    """The nouns after 'this' and 'these', which nothing before them in the sentence brought in: 'this shift'."""
    found: set[str] = set()
    for place, piece in enumerate(pieces):
        if piece.lower() in ("this", "these"):
            heads = _heads(run) if (run := pieces[place + 1 : _end(pieces, place + 1)]) else []
            if not set(heads) & (_AT_HAND | {root(one) for one in pieces[:place]}):
                found |= set(heads[:1])
    return found


def introduced(sentence: str) -> frozenset[str]:
    """The stems of all that the sentence speaks of, but for what it takes as known itself."""
    pieces = _PIECE.findall(sentence)
    known = {place for span in _pointing(pieces) for place in range(*span)}
    return frozenset(root(piece) for place, piece in enumerate(pieces) if place not in known and piece[0].isalpha())


def _pointing(pieces: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the nouns stand, with their adjectives, to which 'the' and nothing else points: (start, end)."""
    for place, piece in enumerate(pieces):
        end = _end(pieces, place + 1) if piece in ("the", "The") else place
        if end <= place + 1:
            continue
        if not _free(pieces[place + 1 : end], pieces[end : end + 3], pieces[place - 1] if place else ""):
            yield place + 1, end


def _always(head: str, run: Sequence[str]) -> bool:
    """Whether the noun is one that was told before, though the report may have used another word for it: 'the owner',
    'the company'.
    """
    return (head in _SOMEBODYS and head == root(run[0])) or head in _KINDS


@lru_cache(words.WORDS)
def root(word: str) -> str:
    """The stem by which nouns are compared here: 'increase' and 'increases' are one."""
    return words.stem(_POSSESSIVE.sub("", word)).rstrip("e")


def _end(pieces: Sequence[str], start: int) -> int:
    """Where the noun with its adjectives ends: at a name, a number, a mark, a word without a meaning of its own, a
    verb.
    """
    end = start
    while end < min(len(pieces), start + _LONGEST):
        word = pieces[end]
        if not word.islower() or word in words.STOP or (end > start and _acts(word)):
            break
        end += 1
        if _POSSESSIVE.search(word):
            break
    return end


@lru_cache(words.WORDS)
def _acts(word: str) -> bool:
    return bool(_VERB.match(word))


def _heads(run: Sequence[str]) -> list[str]:
    """The noun, or the two words that may be it: what ends in -s may be a verb ('the river rises')."""
    last = run[-1]
    several = len(run) > 1 and last.endswith("s") and not _POSSESSIVE.search(last)
    return [root(one) for one in (run[-2:] if several else run[-1:])]


def _free(run: Sequence[str], after: Sequence[str], before: str) -> bool:
    """Whether the noun needs no earlier mention: unique by itself, or told apart by what stands beside it."""
    if root(run[-1]) in _UNIQUE or any(_RANK.match(word) for word in run):
        return True
    if _POSSESSIVE.search(run[-1]) or not after:
        return False
    named = after[0][:1].isupper() or (after[0] == "," and after[1:2] != [] and after[1][:1].isupper())
    if named and root(run[-1]) not in _SOMEBODYS:
        return True
    if after[0] in _WHERE:
        return any(word[:1].isupper() and word.lower() not in _CALENDAR for word in after[1:3])
    return after[0] in _WHICH or (after[0] == "that" and before not in _TOLD)


def _roots(table: str) -> frozenset[str]:
    return frozenset(root(noun) for noun in phrases(table))


_UNIQUE, _SOMEBODYS, _KINDS = _roots("unique_nouns"), _roots("somebodys_nouns"), _roots("kind_nouns")
_AT_HAND = _roots("nouns_at_hand")
