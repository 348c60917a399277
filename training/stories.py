"""Makes ``bot/briefing/data/stories.json``: what each sign says about two reports telling of one event.

Usage: python -m training.stories STORIES.jsonl

Learns from the pairs of our own reports (``training/stories``) and of a public set (objects with id, text, story,
topic). Every topic weighs alike, whatever its size; pairs over two topics, which are easy, weigh little. Prints the
B-cubed F1 of the groups, cross-validated: no pair's likeness comes from weights that have seen either of its topics.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from pathlib import Path

import numpy as np
import platformdirs

from bot.briefing.stories.index import Index
from bot.briefing.stories.likeness import FLOOR, signs
from bot.briefing.stories.linkage import joined
from bot.briefing.stories.profile import Profile, profile
from bot.reading.gazetteer import open_gazetteer
from bot.reading.read import ArticleReader
from bot.types import Article
from training.support import fit

OUT = Path(__file__).parents[1] / "bot/briefing/data/stories.json"
OWN = Path(__file__).parent / "stories"
EASY = 0.2  # what a pair over two topics weighs beside one within a topic
OURS = 3.0  # what a topic of our own weighs beside a public one
FOLDS = 3
SEEDS = (0, 1, 2, 3, 4)

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Report:
    """A report whose story is known."""

    article: Article
    story: str
    topic: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every two reports of a set: their numbers, the signs with the constant, the truth, what they weigh."""

    at: Array
    x: Array
    y: Array
    weight: Array


def own(folder: Path = OWN) -> list[Report]:
    """Our own reports."""
    return [report for path in sorted(folder.glob("*.txt")) for report in _parse(path)]


def _parse(path: Path) -> Iterator[Report]:
    event = ""
    for block in re.split(r"(?m)^(?=(?:==|--) )", path.read_text(encoding="utf-8")):
        if block.startswith("=="):
            event = block[2:].strip()
        elif block.startswith("--"):
            head, title, text = block.split("\n", 2)
            outlet, moment = (part.strip() for part in head[2:].split("|"))
            published = datetime.fromisoformat(moment)
            article = Article(f"{event}/{moment}", text.strip(), outlet=outlet, title=title, published=published)
            yield Report(article, event, path.stem)


def public(path: Path) -> list[Report]:
    """The reports of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Report(Article(row["id"], row["text"]), row["story"], row["topic"]) for row in rows]


def pairs(reports: Sequence[Report], profiles: Sequence[Profile], scale: float) -> Pairs:
    """Every two of the reports. Dates are left out: the public set has none."""
    size = Counter(report.topic for report in reports)
    bare = [replace(one, happened=None) for one in profiles]
    at, x, y, weight = [], [], [], []
    for one, other in combinations(range(len(reports)), 2):
        first, second = reports[one], reports[other]
        at.append((one, other))
        x.append([*signs(bare[one], bare[other]).values(), 1.0])
        y.append(first.story == second.story)
        near = 1.0 if first.topic == second.topic else EASY
        weight.append(scale * near / np.sqrt(size[first.topic] * size[second.topic]))
    return Pairs(np.array(at), np.array(x), np.array(y, float), np.array(weight))


def learn(sets: Sequence[Pairs], masks: Sequence[Array] | None = None) -> Array:
    """The weights of the signs, the constant last."""
    masks = masks or [np.ones(len(one.y), bool) for one in sets]
    both = list(zip(sets, masks, strict=True))
    x, y, weight = (np.concatenate([getattr(one, name)[mask] for one, mask in both]) for name in ("x", "y", "weight"))
    return fit(x, y, weight)


def held_out(sets: Sequence[Pairs], topics: Sequence[Sequence[str]], seed: int) -> list[Array]:
    """The likeness of each pair of each set, from weights that haven't seen the topics of either report."""
    folds = [_folds(one, seed) for one in topics]
    found = [np.zeros(len(one.y)) for one in sets]
    sides = [(fold[one.at[:, 0]], fold[one.at[:, 1]]) for fold, one in zip(folds, sets, strict=True)]
    for a in range(FOLDS):
        for b in range(a, FOLDS):
            weights = learn(sets, [~np.isin(left, (a, b)) & ~np.isin(right, (a, b)) for left, right in sides])
            for values, one, (left, right) in zip(found, sets, sides, strict=True):
                here = (np.minimum(left, right) == a) & (np.maximum(left, right) == b)
                values[here] = _probability(one.x[here], weights)
    return found


def _folds(topics: Sequence[str], seed: int) -> Array:
    names = sorted(set(topics))
    of = dict(zip(names, np.random.default_rng(seed).permutation(len(names)) % FOLDS, strict=True))
    return np.array([of[topic] for topic in topics])


def _probability(x: Array, weights: Array) -> Array:
    return 1 / (1 + np.exp(-x @ weights))


def grouped(reports: Sequence[Report], profiles: Sequence[Profile], one: Pairs, values: Array) -> float:
    """The B-cubed F1 of the groups that the likenesses make; only pairs that the index finds count."""
    index = Index()
    compared = set()
    for number, here in enumerate(profiles):
        compared |= {(other, number) for other in index.similar(here.keys)}
        index.add(number, here.keys)
    near = {
        (int(a), int(b)): float(v)
        for (a, b), v in zip(one.at, values, strict=True)
        if v >= FLOOR and (int(a), int(b)) in compared
    }
    label = {number: at for at, members in enumerate(joined(len(reports), near)) for number in members}
    return b_cubed([report.story for report in reports], [label[number] for number in range(len(reports))])


def b_cubed(gold: Sequence[str], found: Sequence[int]) -> float:
    """F1 of Bagga and Baldwin (1998)."""
    true, guess = defaultdict(set), defaultdict(set)
    for number, (right, label) in enumerate(zip(gold, found, strict=True)):
        true[right].add(number)
        guess[label].add(number)
    shared = [len(true[right] & guess[label]) for right, label in zip(gold, found, strict=True)]
    precision = float(np.mean([n / len(guess[label]) for n, label in zip(shared, found, strict=True)]))
    recall = float(np.mean([n / len(true[right]) for n, right in zip(shared, gold, strict=True)]))
    return 2 * precision * recall / (precision + recall)


def main(path: Path) -> None:
    """Reads, fits, cross-validates, writes."""
    reader = ArticleReader(open_gazetteer(Path(platformdirs.user_cache_dir("dateline", appauthor=False))))
    named = {"public": public(path), "own": own()}
    profiles = [[profile(r.article, reader.read_as(r.article, "en")) for r in reports] for reports in named.values()]
    saved = learnt(named, profiles)
    OUT.write_text(json.dumps(saved, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(saved, indent=1))


def learnt(named: Mapping[str, Sequence[Report]], profiles: Sequence[Sequence[Profile]]) -> dict[str, object]:
    """The weights, with the figures of each set: what the file holds."""
    sets = [pairs(r, p, s) for r, p, s in zip(named.values(), profiles, (10.0, 10.0 * OURS), strict=True)]
    weights = learn(sets)
    topics = [[report.topic for report in reports] for reports in named.values()]
    crossed = [held_out(sets, topics, seed) for seed in SEEDS]
    report = {}
    for at, (name, reports) in enumerate(named.items()):
        figures = [grouped(reports, profiles[at], sets[at], values[at]) for values in crossed]
        fitted = grouped(reports, profiles[at], sets[at], _probability(sets[at].x, weights))
        report[name] = {"cross_validated_f1": [round(f, 4) for f in figures], "fitted_f1": round(fitted, 4)}
    names = [*signs(profiles[0][0], profiles[0][1]), "constant"]
    return {"b_cubed": report, "weights": {n: round(float(w), 3) for n, w in zip(names, weights, strict=True)}}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
