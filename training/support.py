"""Makes ``bot/briefing/data/support.json``: how much each figure of ``bot.briefing.support`` speaks for a statement.

Usage: python -m training.support FACTS.jsonl

Logistic regression, each origin and label weighing the same; prints the balanced accuracy of the whole check
(mean of the origins), cross-validated by article and over several divisions of the articles.
"""

import json
import sys
from pathlib import Path

import numpy as np

from bot.briefing import support
from bot.briefing.support.aligned import align

OUT = Path(__file__).parents[1] / "bot/briefing/data/support.json"
RIDGE = 1.0
FOLDS = 10
SEEDS = (0, 1, 2, 3, 4)

Array = np.ndarray


def fit(x: Array, y: Array, weight: Array) -> Array:
    """Weights of a logistic regression by Newton's method; the last is the constant."""
    b = np.zeros(x.shape[1])
    ridge = np.r_[np.full(len(b) - 1, RIDGE), 1e-6]
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ b))
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        b -= np.linalg.solve(hessian, x.T @ (weight * (p - y)) + ridge * b)
    return b


def balance(origin: Array, label: Array) -> Array:
    """A weight for each pair so that all kinds of pair weigh 100 together."""
    weight = np.zeros(len(label))
    for kind in {(o, v) for o, v in zip(origin, label, strict=True)}:
        chosen = (origin == kind[0]) & (label == kind[1])
        weight[chosen] = 100 / chosen.sum()
    return weight


def accuracy(says: Array, origin: Array, label: Array) -> dict[str, float]:
    """Balanced accuracy for each origin and their mean."""
    each = {
        str(o): float(np.mean([np.mean(says[(origin == o) & (label == v)] == v) for v in (0, 1)]))
        for o in sorted(set(origin))
    }
    return {name: round(v, 4) for name, v in (each | {"mean": float(np.mean(list(each.values())))}).items()}


def main(path: Path) -> None:
    """Fits, cross-validates, writes."""
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    figures = [support.figures(row["summary"], [row["document"]]) for row in rows]
    against = np.array([contradicted(row) for row in rows])
    names = list(figures[0])
    x = np.array([[row[name] for name in names] + [1.0] for row in figures])
    y = np.array([row["label"] for row in rows])
    origin = np.array([row["origin"] for row in rows])
    article = [row["id"].split("/")[0] for row in rows]
    known = sorted(set(article))
    results = []
    for seed in SEEDS:
        fold_of = dict(zip(known, np.random.default_rng(seed).permutation(len(known)) % FOLDS, strict=True))
        fold = np.array([fold_of[a] for a in article])
        says = np.zeros(len(rows), bool)
        for k in range(FOLDS):
            train = fold != k
            b = fit(x[train], y[train], balance(origin[train], y[train]))
            says[~train] = x[~train] @ b >= 0
        results.append(accuracy(says & ~against, origin, y))
    report = {name: round(float(np.mean([r[name] for r in results])), 4) for name in results[0]}
    b = fit(x, y, balance(origin, y))
    saved = {
        "cross_validated_balanced_accuracy": report,
        "fitted_balanced_accuracy": accuracy((x @ b >= 0) & ~against, origin, y),
        "weights": {name: round(float(w), 4) for name, w in zip([*names, "constant"], b, strict=True)},
    }
    OUT.write_text(json.dumps(saved, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(saved, indent=1))


def contradicted(row: dict[str, str]) -> bool:
    """Whether something decides alone, before any weight."""
    evidence = [row["document"]]
    return any(support.contradictions(row["summary"], evidence, align(row["summary"], evidence)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
