"""How much of what a statement ties together, a name or a number to what it did, its evidence ties together, too."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from bot.briefing import words
from bot.briefing.support.aligned import bags, sentences

NEAR: Final = 2  # words of meaning from a name within which another is tied to it


def bindings(statement: str, evidence: Sequence[str]) -> float:
    """How many of the pairs that a name or number makes with a word near it stand together in a sentence of the
    evidence, too: a share, mean over the statement's sentences, 1 where there are none.

    Only names and numbers count that stand in the closest sentence of the evidence or the one before it, which may name
    who 'she' is: of one that stands elsewhere nothing follows.
    """
    names, shown = _names(evidence), [bag for _, bag in bags(statement, evidence)]
    found = []
    for terms in map(words.terms, sentences(statement) if shown else ()):
        best = max(range(len(shown)), key=lambda place: words.share(terms, shown[place]))
        here = {term for term in shown[best] | shown[max(0, best - 1)] if term in names or term[0].isdigit()}
        pairs = [pair for pair in _pairs(terms, names) if here & set(pair)] or list(pairwise(terms))
        if pairs:
            found.append(sum(any(bag.issuperset(pair) for bag in shown) for pair in pairs) / len(pairs))
    return sum(found) / len(found) if found else 1.0


def _pairs(terms: Sequence[str], names: frozenset[str]) -> list[tuple[str, str]]:
    """Each name or number with each other word that is near it."""
    named = [term in names or term[0].isdigit() for term in terms]
    near = ((place, other) for place in range(len(terms)) for other in range(place + 1, place + 1 + NEAR))
    return [(terms[i], terms[j]) for i, j in near if j < len(terms) and named[i] != named[j]]


_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_OPENS: Final = re.compile(r"(?:^|[.!?:\"“‘'\n])\s*$")


def _names(evidence: Sequence[str]) -> frozenset[str]:
    """Stems that the evidence writes with a capital more often than not, first words of sentences left out."""
    upper, lower = Counter[str](), Counter[str]()
    for text in evidence:
        for found in _WORD.finditer(text):
            if not _OPENS.search(text, max(0, found.start() - 3), found.start()):
                (upper if found.group()[0].isupper() else lower)[words.stem(found.group())] += 1
    return frozenset(stem for stem, count in upper.items() if count > lower[stem] and stem not in words.STOP)
