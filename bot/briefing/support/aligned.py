"""A statement's sentences beside the sentences of the evidence that are closest to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.briefing import words

ALIGNED: Final = 0.8  # share of a statement's words in one sentence from which on the two are taken to say the same
CITED: Final = 12  # sentences: with more for evidence, another sentence may say plainly what the closest one doubts

LONG: Final = 30  # words to a sentence; pages that glue sentences together have fewer and longer ones

_SENTENCE: Final = re.compile(r"(?<=[.!?])['\"”’]?\s+")


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence of the statement beside the sentence of the evidence that is closest to it."""

    said: str
    shown: str
    closeness: float  # share of the statement's words, by rarity

    @property
    def aligned(self) -> bool:
        """Whether the two are taken to say the same thing."""
        return self.closeness >= ALIGNED


def sentences(text: str) -> list[str]:
    """The text cut after full stops, roughly."""
    return [one for one in _SENTENCE.split(text) if one]


def few(evidence: Sequence[str]) -> bool:
    """Whether the evidence is a handful of cited sentences, no whole report."""
    cut = [one for text in evidence for one in sentences(text)]
    return len(cut) <= CITED and sum(len(one.split()) for one in cut) <= CITED * LONG


def bags(statement: str, evidence: Sequence[str]) -> list[tuple[str, frozenset[str]]]:
    """Each sentence of the evidence with its words of meaning. Where it is a handful of cited sentences, the names of
    the statement that one of them holds count for all: one tells who 'she' in the next one is.
    """
    shown = [(one, frozenset(words.terms(one))) for text in evidence for one in sentences(text)]
    if not few(evidence):
        return shown
    names = {term for name in re.findall(r"\b[A-Z][\w’'-]*[^\W_]", statement) for term in words.terms(name)}
    held = frozenset(name for name in names if any(name in bag for _, bag in shown))
    return [(one, bag | held) for one, bag in shown]


def align(statement: str, evidence: Sequence[str]) -> list[Pair]:
    """A pair for each sentence of the statement that says anything, in its order."""
    shown = bags(statement, evidence)
    pairs = []
    for said in sentences(statement):
        terms = words.terms(said)
        if terms:
            ranked = ((words.share(terms, bag), one) for one, bag in shown)
            closeness, best = max(ranked, default=(0.0, ""), key=lambda pair: pair[0])
            pairs.append(Pair(said, best, closeness))
    return pairs
