"""Whether a statement follows from given evidence, without a neural model.

Two layers. *Contradicted* facts decide alone, each with a reason in words: a number, name or day that the evidence
lacks; a negation added or lost; a 'may' that became an 'is'; a statement whose speaker was taken away; names or numbers
that changed places; a word that became its opposite. Else a score decides: how closely the statement stands in one
sentence of the evidence, whether its names keep their company, and whether it stammers, weighed by a logistic function
learnt from people's judgements of machine summaries (``training/support.py``; FRANK, Pagnoni et al. 2021,
https://aclanthology.org/2021.naacl-main.383/).
"""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from bot.briefing import words
from bot.briefing.support import turned
from bot.briefing.support.aligned import Pair, align, few
from bot.briefing.support.bound import bindings
from bot.briefing.support.lacking import missing_days, missing_names, missing_numbers

__all__ = ["Support", "check", "contradictions", "figures", "missing_names", "missing_numbers"]


@dataclass(frozen=True, slots=True)
class Support:
    """The verdict on one statement."""

    supported: bool
    score: float  # 0..1; 0.5 and more is supported
    reasons: tuple[str, ...]  # what speaks against it, in words; empty when supported


def check(statement: str, evidence: Sequence[str], *, reworded: bool = False) -> Support:
    """Whether the evidence (sentences or whole texts) supports all of the statement. Nothing supports an empty
    statement. ``reworded``: it isn't the evidence's own words with some taken away, so more can have been turned.
    """
    pairs = align(statement, evidence)
    if not pairs:
        return Support(False, 0.0, ("it says nothing",))
    if any(statement.split() == piece.split() for piece in evidence):  # word for word, whatever 'Rep.' does to clauses
        return Support(True, 1.0, ())
    score = _score(figures(statement, evidence, pairs))
    reasons = tuple(dict.fromkeys(contradictions(statement, evidence, pairs, reworded=reworded)))
    if reasons:
        return Support(False, min(score, 0.49), reasons)
    return Support(score >= 0.5, score, () if score >= 0.5 else ("its words do not stand together in the evidence",))


def figures(statement: str, evidence: Sequence[str], pairs: Sequence[Pair] | None = None) -> Mapping[str, float]:
    """The named figures that the score weighs, each 0..1."""
    pairs = align(statement, evidence) if pairs is None else pairs
    found = words.terms(statement)
    return {
        "closeness": min((pair.closeness for pair in pairs), default=0.0),
        "repeats": sum(count - 1 for count in Counter(found).values()) / max(1, len(found)),
        "stammers": float(any(one == other for one, other in pairwise(found))),
        "missing number": float(bool(missing_numbers(statement, evidence))),
        "bindings": bindings(statement, evidence),
    }


def _score(found: Mapping[str, float]) -> float:
    weights = _weights()
    logit = weights["constant"] + sum(weights[name] * value for name, value in found.items())
    return round(1 / (1 + math.exp(-logit)), 4)


@cache
def _weights() -> dict[str, float]:
    text = files("bot.briefing").joinpath("data/support.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(text)["weights"]
    return weights


def contradictions(
    statement: str, evidence: Sequence[str], pairs: Sequence[Pair], *, reworded: bool = False
) -> Iterator[str]:
    """What decides alone against the statement, in words."""
    if numbers := missing_numbers(statement, evidence):
        yield f"the evidence lacks the number {', '.join(f'{number:g}' for number in numbers)}"
    if names := missing_names(statement, evidence):
        yield f"the evidence lacks {', '.join(names)}"
    if days := missing_days(statement, evidence):
        yield f"the evidence lacks {', '.join(days)}"
    for pair in pairs if few(evidence) else ():
        yield from turned.turned(pair) if pair.aligned else ()
        yield from turned.exchanged(pair)
        yield from turned.reversed_words(pair)
        if reworded:
            yield from turned.misplaced(pair)
            yield from turned.reworded(pair.said, evidence)
