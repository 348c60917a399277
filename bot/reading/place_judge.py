"""Whether what may be a place name is one: what tagger, gazetteer and the words beside it say, weighed together.

A logistic regression over few named signs; the weights are learnt by ``training/place_judge.py`` and lie, readable, in
``data/judge.json``.
"""

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.reading.gazetteer import Gazetteer, Level, Match
from bot.reading.geography import fold, place_words
from bot.reading.place_mentions import Mention
from bot.reading.place_spans import is_common, people_in
from bot.reading.tagger import NameKind, NameTag
from bot.types import Place, Span

Array = NDArray[Any]

WEIGHTS = Path(__file__).parent / "data" / "judge.json"
UNHEARD = -1.0  # 'tagged elsewhere' of a name that no tag of a place touches anywhere in the text
_LEAST, _MOST = 0.02, 0.88  # a tagger's score counts for no surer: on texts that it has learnt from it is far too sure
_MARGIN = 4  # characters by which a tag may be longer than a name and still be of that name: 'the ', "'s"

SIGNS = (
    "always", "tagged surely", "untagged", "tagged elsewhere", "person", "organisation", "inside a body",
    "a person's name", "known", "confidence", "unlocated", "state or more", "sounds alike only", "demonym",
    "kind before", "hinted", "after 'in'", "after a preposition", "after 'the'", "opens a sentence",
    "kind in name", "common words", "three words", "unlocated at an opening", "unlocated in capitals",
)  # fmt: skip

_IN = re.compile(
    r"\b(?:in|at|near|outside|around)\s+(?:the\s+|nearby\s+|neighbou?ring\s+|downtown\s+)?$", re.IGNORECASE
)
_PREPOSITION = re.compile(
    r"\b(?:from|inside|across|throughout|towards?|into|onto|via|of|to|off|between|through|over)"
    r"\s+(?:the\s+|nearby\s+|neighbou?ring\s+|downtown\s+)?$",
    re.IGNORECASE,
)
_THE = re.compile(r"\bthe\s+$", re.IGNORECASE)
_OPENS = re.compile(r"(?:^|[.!?:\n\"“”])\s*(?:The\s+)?$")
_KIND_BEFORE = re.compile(
    r"\b(?:city|town|village|hamlet|suburb|settlement|district|island|port|river|neighbou?rhood|township|municipality"
    r"|towns|villages|suburbs|settlements|districts|islands)\s+(?:of\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_REACH = 30  # characters before a name that are looked at
_KINDS = place_words("subdivision") | place_words("common")


@dataclass(frozen=True, slots=True)
class Weights:
    """What training learnt."""

    signs: Array  # for SIGNS
    located: float  # the least chance of being a place name with which one that has a record is kept
    unlocated: float  # and one that has none, which tells a reader less


@cache
def load_weights(path: Path = WEIGHTS) -> Weights:
    """The weights in a file.

    Raises:
        ModelError: it isn't there, or its signs aren't those of this program.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        signs = np.array([data["signs"][name] for name in SIGNS])
        return Weights(signs, float(data["least"]["located"]), float(data["least"]["unlocated"]))
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"the place judge's weights in {path} can't be used ({error!r}); train them again") from error


def judge(
    text: str,
    found: Sequence[Mention],
    places: Sequence[Place | None],
    names: Sequence[NameTag],
    gazetteer: Gazetteer,
) -> list[bool]:
    """Whether each mention is a place name and worth keeping; ``places`` are the records that they were taken for."""
    weights = load_weights()
    chances = 1 / (1 + np.exp(-signs_of(text, found, places, names, gazetteer) @ weights.signs))
    least = [weights.unlocated if place is None else weights.located for place in places]
    return [chance >= bar for chance, bar in zip(chances.tolist(), least, strict=True)]


def signs_of(
    text: str,
    found: Sequence[Mention],
    places: Sequence[Place | None],
    names: Sequence[NameTag],
    gazetteer: Gazetteer,
) -> Array:
    """What speaks for and against each mention: a row for each, as in SIGNS."""
    if not found:
        return np.zeros((0, len(SIGNS)))
    tags = {kind: Tagged(n for n in names if n.kind == kind) for kind in NameKind}
    scores = [max((t.score for t in tags[NameKind.PLACE].touching(m.span)), default=0.0) for m in found]
    best: dict[str, float] = {}
    for mention, score in zip(found, scores, strict=True):
        best[mention.key] = max(best.get(mention.key, 0.0), score)
    people = (fold(n.span.of(text)).split() for n in people_in(text, names))
    surnames = frozenset(word for parts in people if len(parts) > 1 for word in parts)
    rows = (
        [
            1.0,
            *_tag_signs(m, score, best, tags, surnames),
            *_record_signs(m, place, gazetteer),
            *_word_signs(text, m, place),
        ]
        for m, place, score in zip(found, places, scores, strict=True)
    )
    return np.array(list(rows), dtype=float)


class Tagged:
    """Tags of one kind, quick to find by where they stand; such tags never overlap each other."""

    def __init__(self, tags: Iterable[NameTag]) -> None:
        self._tags = sorted(tags, key=lambda t: t.span)
        self._starts = [t.span.start for t in self._tags]

    def touching(self, span: Span) -> list[NameTag]:
        """Those that share a character with the span."""
        first = max(0, bisect_right(self._starts, span.start) - 1)
        last = bisect_right(self._starts, span.end - 1)
        return [t for t in self._tags[first:last] if t.span.overlaps(span)]


def _tag_signs(
    mention: Mention, score: float, best: Mapping[str, float], tags: Mapping[NameKind, Tagged], surnames: frozenset[str]
) -> list[float]:
    """What the tagger makes of it, here and where else the text has the name."""
    size = mention.span.end - mention.span.start + _MARGIN
    bodies, people = (tags[kind].touching(mention.span) for kind in (NameKind.ORGANISATION, NameKind.PERSON))
    inside = any(t.span.holds(mention.span) for t in bodies if t.span.end - t.span.start > size)
    elsewhere = best[mention.key]
    alike = [[t.score for t in those if t.span.end - t.span.start <= size] for those in (people, bodies)]
    return [
        _log_odds(score) if score else 0.0, not score, _log_odds(elsewhere) if elsewhere else UNHEARD,
        *(max(scores, default=0.0) for scores in alike), inside, mention.key in surnames,
    ]  # fmt: skip


def _record_signs(mention: Mention, place: Place | None, gazetteer: Gazetteer) -> list[float]:
    """What the gazetteer knows under the name, and how well it fits."""
    matches = set(mention.matches.tolist())
    large = bool((gazetteer.records["level"][mention.rows] >= Level.ADMIN1).any()) if matches else False
    return [
        bool(matches), place.confidence if place else 0.0, place is None, large, matches == {int(Match.VARIANT)},
        matches == {int(Match.DEMONYM)},
    ]  # fmt: skip


def _word_signs(text: str, mention: Mention, place: Place | None) -> list[float]:
    """What the words beside it, and its own, tell."""
    start = mention.span.start
    before, words = text[max(0, start - _REACH) : start], mention.name.lower().split()
    opens = bool(_OPENS.search(before))
    return [
        bool(_KIND_BEFORE.search(before)), bool(mention.hints), bool(_IN.search(before)),
        bool(_PREPOSITION.search(before)), bool(_THE.search(before)), opens,
        words[0] in _KINDS or words[-1] in _KINDS, is_common(mention.name), len(words) > 2,
        place is None and opens, place is None and mention.name.isupper(),
    ]  # fmt: skip


def _log_odds(score: float) -> float:
    kept = min(max(score, _LEAST), _MOST)
    return math.log(kept / (1 - kept))
