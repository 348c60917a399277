"""Makes ``bot/briefing/data/salience.json``: what an editor's summary takes from a report, as weights of few named
figures.

Usage: python -m training.salience SUMMARIES.jsonl

Ridge regression of each sentence's share of words and word pairs that stand in the summary (ROUGE-1 and -2 precision,
Lin 2004) on ``bot.briefing.salience.features``. Prints the cross-validated figures beside the lead's.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from bot.briefing.points import best_first
from bot.briefing.salience import features
from bot.reading.sentences import split

OUT = Path(__file__).parents[1] / "bot/briefing/data/salience.json"
WORDS = 60
RIDGE = 30.0
FOLDS = 10


def tokens(text: str) -> list[str]:
    """Lower-cased words of the first ``WORDS``."""
    return re.findall(r"\w+", text.lower())[:WORDS]


def hits(guess: list[str], gold: list[str], size: int) -> tuple[int, int, int]:
    """(shared, in guess, in gold) runs of ``size`` words."""
    one, two = (Counter(tuple(text[i : i + size]) for i in range(len(text) - size + 1)) for text in (guess, gold))
    return sum((one & two).values()), sum(one.values()), sum(two.values())


def precision(guess: str, gold: str) -> float:
    """Share of words plus share of word pairs of the guess that stand in the gold."""
    counts = [hits(tokens(guess), tokens(gold), size) for size in (1, 2)]
    return sum(shared / max(1, said) for shared, said, _ in counts)


def rouge(guess: str, gold: str) -> tuple[float, float]:
    """ROUGE-1 and ROUGE-2, F1."""
    counts = [hits(tokens(guess), tokens(gold), size) for size in (1, 2)]
    one, two = (2 * shared / max(1, said + wanted) for shared, said, wanted in counts)
    return one, two


def main(path: Path) -> None:
    """Fits, cross-validates, writes."""
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    texts = [row["documents"][0] for row in rows]
    sentences = [[s.span.of(text) for s in split(text) if s.furniture is None] for text in texts]
    figures = [features(each) for each in sentences]
    names = list(figures[0][0])
    inputs = [np.array([[row[name] for name in names] for row in each]) for each in figures]
    wanted = [np.array([precision(s, row["summary"]) for s in each]) for each, row in zip(sentences, rows, strict=True)]

    def fit(chosen: list[int]) -> np.ndarray:
        x, y = np.concatenate([inputs[i] for i in chosen]), np.concatenate([wanted[i] for i in chosen])
        return np.linalg.solve(x.T @ x + RIDGE * np.eye(len(names)), x.T @ y)

    scores = []
    for fold in range(FOLDS):
        weights = fit([i for i in range(len(rows)) if i % FOLDS != fold])
        for i in range(fold, len(rows), FOLDS):
            summary = " ".join(sentences[i][k] for k in best_first(sentences[i], list(inputs[i] @ weights), WORDS))
            scores.append((*rouge(summary, rows[i]["summary"]), *rouge(texts[i], rows[i]["summary"])))
    report = dict(
        zip(
            ("rouge1", "rouge2", "lead_rouge1", "lead_rouge2"),
            (round(float(v), 4) for v in np.mean(scores, axis=0)),
            strict=True,
        )
    )
    weights = fit(list(range(len(rows))))
    saved = {
        "cross_validated": report,
        "weights": {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)},
    }
    OUT.write_text(json.dumps(saved, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(saved, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
