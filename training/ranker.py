"""Learns the place ranker's weights from reports whose place names are marked with coordinates.

    python -m training.ranker GOLD.jsonl [CACHE]

A line of GOLD has a text, its publisher's address and its toponyms (start, end, lat, lon, geonameid where known).
Written: ``bot/reading/data/ranker.json``. Takes about a minute; the only randomness, the split for calibration, has a
fixed seed.
"""

import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.reading.gazetteer import Gazetteer, Level, open_gazetteer
from bot.reading.geography import km
from bot.reading.place_mentions import Mention, mentions
from bot.reading.place_ranker import ALONE, ROUNDS, SURE, TOGETHER, WEIGHTS, Array, Scene, look, sure_signs
from bot.reading.places import group_of, groups_of, outlet_of
from bot.reading.tagger import NameKind, NameTag
from bot.types import Span

RIGHT = 161.0  # km: the field's measure of a place put right (100 miles)
RIDGE = 0.0001  # pull of the weights towards 0
STEPS, RATE = 1000, 0.1
PARTS, SEED = 4, 7


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one name."""

    signs: Array  # as in SURE
    right: float  # 1 where the first candidate is right; for a region also where the gold's point lies inside it
    mentions: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """One report: its candidates and which of them are right."""

    scene: Scene
    right: Array  # per candidate: 0 or 1
    inside: Array  # per candidate: 1 also for a region that the gold's point lies in: gazetteers differ on centres
    weight: Array  # per group: mentions with gold


def lessons(gold: Path, gazetteer: Gazetteer) -> list[Lesson]:
    """The reports of a file that have any place name with a candidate."""
    with gold.open(encoding="utf-8") as lines:
        reports = [json.loads(line) for line in lines]
    return [lesson for report in reports if (lesson := _lesson(report, gazetteer))]


def _lesson(report: dict[str, Any], gazetteer: Gazetteer) -> Lesson | None:
    tags = [NameTag(Span(t["start"], t["end"]), NameKind.PLACE, 1.0) for t in report["toponyms"]]
    found = mentions(report["text"], tags, gazetteer)
    members = groups_of(found)
    if not members:
        return None
    scene = Scene([group_of(found, m) for m in members], gazetteer, outlet_of(report.get("outlet_url"), gazetteer))
    right, inside, weight = np.zeros(len(scene.rows)), np.zeros(len(scene.rows)), np.zeros(len(members))
    for number, numbers in enumerate(members):
        part = slice(scene.starts[number], scene.starts[number + 1])
        truths = [t for i in numbers if (t := _truth(found[i], report["toponyms"]))]
        weight[number] = len(truths)
        if truths:
            right[part] = _right(truths[0], scene.rows[part], gazetteer)
            inside[part] = np.maximum(right[part], _inside(truths[0], scene.rows[part], gazetteer))
    return Lesson(scene, right, inside, weight)


def _truth(mention: Mention, gold: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What the gold says of a mention; None for one that it doesn't mark."""
    return next((t for t in gold if mention.span.overlaps(Span(t["start"], t["end"]))), None)


def _right(truth: dict[str, Any], rows: Array, gazetteer: Gazetteer) -> Array:
    """1 for the record that the gold names, else for all within RIGHT of it."""
    record = gazetteer.records[rows]
    exact = record["id"] == int(truth.get("geonameid") or 0)
    near = _away(truth, record) <= RIGHT
    return np.asarray(exact if exact.any() else near, dtype=float)


def _inside(truth: dict[str, Any], rows: Array, gazetteer: Gazetteer) -> Array:
    """1 for a region that the gold's point lies in."""
    record = gazetteer.records[rows]
    return np.asarray((record["level"] == Level.REGION) & (_away(truth, record) <= record["extent"]), dtype=float)


def _away(truth: dict[str, Any], record: Array) -> Array:
    """Kilometres from the gold's point to each record."""
    lats, lons = record["lat"].astype(float), record["lon"].astype(float)
    return np.asarray(km(float(truth["lat"]), float(truth["lon"]), lats, lons))


def fit(features: list[Array], taught: list[Lesson]) -> Array:
    """Weights that make the right candidates likely: softmax regression by Adam; those without a right one stay out."""
    x = np.vstack(features)
    offset = np.cumsum([0, *(len(lesson.scene.groups) for lesson in taught)])
    group = np.concatenate([lesson.scene.group + at for lesson, at in zip(taught, offset, strict=False)])
    right = np.concatenate([lesson.right for lesson in taught])
    mass = np.concatenate([lesson.weight for lesson in taught]) ** 0.5
    mass = mass * (np.bincount(group, right, len(mass)) > 0)
    weights, first, second = (np.zeros(x.shape[1]) for _ in range(3))
    for step in range(1, STEPS + 1):
        slope = _slope(x, group, right, mass, weights) / mass.sum() + RIDGE * weights
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        weights = weights - RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weights


def _slope(x: Array, group: Array, right: Array, mass: Array, weights: Array) -> Array:
    scores = x @ weights
    scores -= np.bincount(group, scores, len(mass))[group] / np.bincount(group, minlength=len(mass))[group]
    raised = np.exp(np.clip(scores, -50, 50))
    share = raised / np.bincount(group, raised, len(mass))[group]
    wanted = raised * right
    wanted = wanted / np.maximum(np.bincount(group, wanted, len(mass))[group], 1e-12)
    return np.asarray(((share - wanted) * mass[group]) @ x)


def learn(taught: list[Lesson]) -> tuple[Array, Array]:
    """Weights of the first look, and of the looks in which the names see each other."""
    alone = fit([t.scene.alone for t in taught], taught)
    shares = [t.scene.softmax(t.scene.alone @ alone) for t in taught]
    together = alone
    for _ in range(ROUNDS):
        seen = [np.hstack([t.scene.alone, t.scene.together(s)]) for t, s in zip(taught, shares, strict=True)]
        together = fit(seen, taught)
        shares = [t.scene.softmax(x @ together) for t, x in zip(taught, seen, strict=True)]
    return alone, together


def outcomes(taught: list[Lesson], alone: Array, together: Array) -> list[Outcome]:
    """What became of each name that the gold marks."""
    found = []
    for lesson in taught:
        shares, features = look(lesson.scene, alone, together)
        for number in np.flatnonzero(lesson.weight):
            part = slice(lesson.scene.starts[number], lesson.scene.starts[number + 1])
            best = int(np.argmax(shares[part]))
            signs = sure_signs(lesson.scene.share_at(shares, part, best), features[part][best])
            found.append(Outcome(signs, float(lesson.inside[part][best]), float(lesson.weight[number])))
    return found


def calibrate(seen: list[Outcome]) -> Array:
    """Weights of the signs of SURE: logistic regression on whether the first candidate was right, by Newton."""
    signs, right, mass = (
        np.array([o.signs for o in seen]),
        np.array([o.right for o in seen]),
        np.array([o.mentions for o in seen]),
    )
    weights = np.zeros(signs.shape[1])
    for _ in range(30):
        sure = 1 / (1 + np.exp(-(signs @ weights)))
        bend = (signs * (mass * sure * (1 - sure))[:, None]).T @ signs + np.eye(len(weights))
        weights = weights + np.linalg.solve(bend, signs.T @ (mass * (right - sure)) - weights)
    return weights


def share_right(seen: list[Outcome]) -> float:
    """The share of the mentions whose first candidate was right."""
    return sum(o.right * o.mentions for o in seen) / sum(o.mentions for o in seen)


def held_out(taught: list[Lesson]) -> list[Outcome]:
    """Outcomes on each part of the reports by weights learnt from the others."""
    order = list(range(len(taught)))
    random.Random(SEED).shuffle(order)  # noqa: S311  # a split of reports, no secret
    found: list[Outcome] = []
    for part in range(PARTS):
        kept = [taught[i] for k, i in enumerate(order) if k % PARTS != part]
        found += outcomes([taught[i] for k, i in enumerate(order) if k % PARTS == part], *learn(kept))
    return found


def main(gold: Path, cache: Path) -> None:
    """Learn and write the weights; print them."""
    taught = lessons(gold, open_gazetteer(cache))
    alone, together = learn(taught)
    seen = held_out(taught)
    data = {
        "alone": dict(zip(ALONE, alone.round(3).tolist(), strict=True)),
        "together": dict(zip(ALONE + TOGETHER, together.round(3).tolist(), strict=True)),
        "confidence": dict(zip(SURE, calibrate(seen).round(3).tolist(), strict=True)),
    }
    WEIGHTS.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(data, indent=1))
    print(f"{len(taught)} reports; right on held-out parts: {share_right(seen):.3f} of the names with a candidate")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path.home() / ".cache" / "dateline")
