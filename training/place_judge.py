"""Learns from reports with marked place names what tells that a tagged or known name is a place name.

    python -m training.place_judge GOLD.jsonl [CACHE]

A line of GOLD is as for ``training.ranker``; the reader's model and the place ranker must be there already. Written:
``bot/reading/data/judge.json``. Takes about a minute.
"""

import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.reading.gazetteer import Gazetteer, open_gazetteer
from bot.reading.place_judge import SIGNS, WEIGHTS, Array, signs_of
from bot.reading.place_mentions import Mention, mentions
from bot.reading.places import located, outlet_of
from bot.reading.tagger import Tagger
from bot.types import Span
from training import articles

LOCATED, UNLOCATED = 0.25, 0.5  # see ``Weights``: chosen by what they give on the reports learnt from
RIDGE = 1.0  # pull of the weights towards 0
PARTS, SEED = 4, 7
_DEMONYM = SIGNS.index("demonym")


@dataclass(frozen=True, slots=True)
class Lesson:
    """One report: the signs of its mentions, and which of them are place names."""

    signs: Array
    right: Array  # 0 or 1
    counts: Array  # False for one that the report's annotators would leave out whatever it is


def lessons(gold: Path, gazetteer: Gazetteer, tagger: Tagger) -> Iterator[Lesson]:
    """The reports of a file, and our own articles, that have any mention."""
    with gold.open(encoding="utf-8") as lines:
        reports = [json.loads(line) for line in lines]
    reports += [
        {"text": d.text, "toponyms": [_toponym(*n) for n in d.names if n[0] == "place"]} for d in articles.read()
    ]
    for report in reports:
        names = tagger.tag(report["text"]).names
        found = mentions(report["text"], names, gazetteer)
        places = located(found, gazetteer, outlet_of(report.get("outlet_url"), gazetteer))
        if found:
            yield lesson(found, signs_of(report["text"], found, places, names, gazetteer), report["toponyms"])


def _toponym(_head: str, start: int, end: int) -> dict[str, int]:
    return {"start": start, "end": end}


def lesson(found: Sequence[Mention], signs: Array, gold: list[dict[str, Any]]) -> Lesson:
    """What a report teaches. One whose gold has none of its demonyms says nothing of demonyms: corpora differ there."""
    truths = [Span(t["start"], t["end"]) for t in gold]
    right = np.array([any(m.span.overlaps(t) for t in truths) for m in found], dtype=float)
    demonyms = signs[:, _DEMONYM] > 0
    marked = bool((right * demonyms).any())
    return Lesson(signs, right, ~demonyms | marked)


def fit(taught: Sequence[Lesson]) -> Array:
    """Weights of the signs: logistic regression by Newton."""
    signs = np.vstack([t.signs[t.counts] for t in taught])
    right = np.concatenate([t.right[t.counts] for t in taught])
    weights = np.zeros(signs.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-(signs @ weights)))
        bend = (signs * (chance * (1 - chance))[:, None]).T @ signs + RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(bend, signs.T @ (right - chance) - RIDGE * weights)
    return weights


def loss(taught: Sequence[Lesson], weights: Array) -> tuple[float, int]:
    """Sum of the negative log-likelihoods (nats) of what the reports mark, and the number of their mentions."""
    total, count = 0.0, 0
    for each in taught:
        chance = 1 / (1 + np.exp(-(each.signs[each.counts] @ weights)))
        right = each.right[each.counts]
        total -= float(np.log(np.where(right > 0, chance, 1 - chance)).sum())
        count += len(right)
    return total, count


def held_out(taught: Sequence[Lesson]) -> float:
    """Mean loss of each part of the reports under weights learnt from the others."""
    order = list(range(len(taught)))
    random.Random(SEED).shuffle(order)  # noqa: S311  # a split of reports, no secret
    sums = []
    for part in range(PARTS):
        kept = [taught[i] for k, i in enumerate(order) if k % PARTS != part]
        sums.append(loss([taught[i] for k, i in enumerate(order) if k % PARTS == part], fit(kept)))
    return sum(s for s, _ in sums) / sum(n for _, n in sums)


def without(taught: Sequence[Lesson], sign: str) -> list[Lesson]:
    """The reports as they look when a sign isn't known."""
    kept = np.array([name != sign for name in SIGNS], dtype=float)
    return [Lesson(t.signs * kept, t.right, t.counts) for t in taught]


def main(gold: Path, cache: Path) -> None:
    """Learn and write the weights; print them, with what each sign takes off the loss on held-out reports."""
    taught = list(lessons(gold, open_gazetteer(cache), Tagger()))
    weights, whole = fit(taught), held_out(taught)
    data = {
        "signs": dict(zip(SIGNS, weights.round(3).tolist(), strict=True)),
        "least": {"located": LOCATED, "unlocated": UNLOCATED},
    }
    WEIGHTS.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for sign, weight in zip(SIGNS, weights, strict=True):
        print(f"{sign:20} {weight:7.3f} {held_out(without(taught, sign)) - whole:+.4f}")
    print(f"{len(taught)} reports; loss on held-out parts {whole:.4f} nats a name")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path.home() / ".cache" / "dateline")
