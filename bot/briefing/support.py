"""Whether a statement follows from given evidence, without a neural model.

Two layers. *Contradicted* facts decide alone, each with a reason in words: a number, name or day that the evidence
lacks; a negation added or lost; a 'may' that became an 'is'; a statement whose speaker was taken away or exchanged.
Else a score decides: how closely the statement stands in one sentence of the evidence, and whether it stammers,
weighed by a logistic function learnt from people's judgements of machine summaries (``training/support.py``; FRANK,
Pagnoni et al. 2021, https://aclanthology.org/2021.naacl-main.383/).
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from functools import cache
from importlib.resources import files
from itertools import pairwise

from bot.briefing import words
from bot.briefing.phrases import any_of, word

ALIGNED = 0.8  # share of a statement's words in one sentence from which on the two are taken to say the same thing
CITED = 12  # sentences: with more for evidence, another sentence may say plainly what the closest one doubts or denies


@dataclass(frozen=True, slots=True)
class Support:
    """The verdict on one statement."""

    supported: bool
    score: float  # 0..1; 0.5 and more is supported
    reasons: tuple[str, ...]  # what speaks against it, in words; empty when supported


@dataclass(frozen=True, slots=True)
class _Pair:
    """A sentence of the statement beside the sentence of the evidence that is closest to it."""

    said: str
    shown: str
    closeness: float  # share of the statement's words, by rarity

    @property
    def aligned(self) -> bool:
        return self.closeness >= ALIGNED


def check(statement: str, evidence: Sequence[str]) -> Support:
    """Whether the evidence (sentences or whole texts) supports all of the statement. Nothing supports an empty
    statement.
    """
    pairs = _align(statement, evidence)
    if not pairs:
        return Support(False, 0.0, ("it says nothing",))
    if any(statement.split() == piece.split() for piece in evidence):  # word for word, whatever 'Rep.' does to clauses
        return Support(True, 1.0, ())
    score = _score(figures(statement, evidence, pairs))
    reasons = tuple(dict.fromkeys(_contradictions(statement, evidence, pairs)))
    if reasons:
        return Support(False, min(score, 0.49), reasons)
    return Support(score >= 0.5, score, () if score >= 0.5 else ("its words do not stand together in the evidence",))


def figures(statement: str, evidence: Sequence[str], pairs: Sequence[_Pair] | None = None) -> Mapping[str, float]:
    """The named figures that the score weighs, each 0..1."""
    pairs = _align(statement, evidence) if pairs is None else pairs
    found = words.terms(statement)
    return {
        "closeness": min((pair.closeness for pair in pairs), default=0.0),
        "repeats": sum(count - 1 for count in Counter(found).values()) / max(1, len(found)),
        "stammers": float(any(one == other for one, other in pairwise(found))),
        "missing number": float(bool(missing_numbers(statement, evidence))),
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


_SENTENCE = re.compile(r"(?<=[.!?])['\"”’]?\s+")


def _align(statement: str, evidence: Sequence[str]) -> list[_Pair]:
    shown = [(one, frozenset(words.terms(one))) for text in evidence for one in _SENTENCE.split(text) if one]
    named = _names_elsewhere(statement, shown) if len(shown) <= CITED else frozenset[str]()
    pairs = []
    for said in _SENTENCE.split(statement):
        terms = words.terms(said)
        if terms:
            ranked = ((words.share(terms, bag | named), one) for one, bag in shown)
            closeness, best = max(ranked, default=(0.0, ""), key=lambda pair: pair[0])
            pairs.append(_Pair(said, best, closeness))
    return pairs


def _names_elsewhere(statement: str, shown: Sequence[tuple[str, frozenset[str]]]) -> frozenset[str]:
    """Names of the statement that any cited sentence holds: one sentence tells who 'she' in the next one is."""
    names = {words.stem(name) for name in re.findall(r"\b[A-Z][\w’'-]*[^\W_]", statement)}
    return frozenset(name for name in names if any(name in bag for _, bag in shown))


# --- what decides alone


def _contradictions(statement: str, evidence: Sequence[str], pairs: Sequence[_Pair]) -> Iterable[str]:
    if numbers := missing_numbers(statement, evidence):
        yield f"the evidence lacks the number {', '.join(f'{number:g}' for number in numbers)}"
    if names := missing_names(statement, evidence):
        yield f"the evidence lacks {', '.join(names)}"
    if days := _missing_days(statement, evidence):
        yield f"the evidence lacks {', '.join(days)}"
    cited = sum(len(_SENTENCE.split(text)) for text in evidence) <= CITED
    for pair in pairs:
        if cited and pair.aligned:
            yield from _turned(pair)


def missing_numbers(statement: str, evidence: Sequence[str]) -> list[float]:
    """Numbers of the statement, in figures or words, that the evidence doesn't hold."""
    shown = {value for text in evidence for value, _, _ in words.quantities(text)}
    return [value for value, _, _ in words.quantities(statement) if value not in shown]


_NAME = re.compile(r"(?<![.!?:“\"‘'(] )(?<!^)(?<![“\"‘'(])\b[A-Z][\w’'-]*[^\W_]")


def missing_names(statement: str, evidence: Sequence[str]) -> list[str]:
    """Capitalised words inside the statement's sentences whose stems the evidence doesn't hold."""
    shown = {words.stem(part) for text in evidence for part in re.findall(r"[^\W_]+", text)}
    return [name for name in _NAME.findall(statement) if any(words.stem(part) not in shown for part in _parts(name))]


def _parts(name: str) -> list[str]:
    return [part for part in re.findall(r"[^\W_]{2,}", name) if part.lower() not in words.STOP]


def _missing_days(statement: str, evidence: Sequence[str]) -> list[str]:
    shown = {word.lower() for text in evidence for word in words.tokens(text)}
    calendar = (*words.WEEKDAYS, *(month for month in words.MONTHS if month not in ("may", "march")))
    said = {word.lower() for word in words.tokens(statement)}
    return [day.title() for day in calendar if day in said - shown]


_NOT = re.compile(rf"\b{any_of('not')}\b|n['’]t\b", re.IGNORECASE)
_MAY = word("may")
_SAYS = word("says")
_CUE = rf"\b{any_of('says')}\b"
_SPEAKER_BEFORE = re.compile(
    rf"(?i)(?:\baccording to [^,]{{2,80}},|{_CUE}(?: \w+)?[,:]?|{_CUE}(?: \w+){{0,5}} that)\s*[“\"‘']?$"
)
_SPEAKER_AFTER = re.compile(rf"(?i)^[”\"’']?,?[”\"’']?\s+(?:according to\b|(?:[\w.’'-]+ ){{0,6}}?{_CUE})")
_LONGEST_DROP = 5  # words: what was cut from the middle of a clause, not a clause of its own


def _turned(pair: _Pair) -> Iterable[str]:
    """What a statement turned round that otherwise says the same as its evidence, seen in the words that it dropped
    or put in.
    """
    said, shown = _spans(pair.said), _spans(pair.shown)
    blocks = SequenceMatcher(
        None, [w.lower() for w, _, _ in said], [w.lower() for w, _, _ in shown], autojunk=False
    ).get_matching_blocks()[:-1]
    for left, right in pairwise(blocks):
        dropped = _between(pair.shown, shown, left.b + left.size, right.b)
        added = _between(pair.said, said, left.a + left.size, right.a)
        yield from _inside(dropped, added)
    yield from _outside(pair, shown, blocks)


def _inside(dropped: str, added: str) -> Iterable[str]:
    short = len(dropped.split()) <= _LONGEST_DROP
    if short and _NOT.search(dropped) and not _NOT.search(added):
        yield "it states what the evidence denies"
    if _NOT.search(added) and not _NOT.search(dropped):
        yield "it denies what the evidence states"
    if short and _MAY.search(dropped) and not _MAY.search(added):
        yield "it is surer than the evidence"


def _outside(pair: _Pair, shown: Sequence[tuple[str, int, int]], blocks: Sequence[Match]) -> Iterable[str]:
    """Whether the words before the first that it took, or after the last, say who says so."""
    long = [block for block in blocks if block.size >= 3]
    if long and not _SAYS.search(pair.said):
        before = pair.shown[: shown[long[0].b][1]].rstrip()
        after = pair.shown[shown[long[-1].b + long[-1].size - 1][2] :]
        if _SPEAKER_BEFORE.search(before) or _SPEAKER_AFTER.search(after):
            yield "it leaves out who says so"


def _spans(text: str) -> list[tuple[str, int, int]]:
    return [(found.group(), *found.span()) for found in re.finditer(r"[^\W_]+(?:['’][^\W_]+)*", text)]


def _between(text: str, found: Sequence[tuple[str, int, int]], start: int, end: int) -> str:
    return text[found[start][1] : found[end - 1][2]] if start < end else ""
