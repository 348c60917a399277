"""``python -m tests.bench.predict TASK GOLD.jsonl OUT.jsonl``: predictions of one task, with a progress bar.

Only the input fields of the gold file are used; the scorers compare OUT with GOLD afterwards.
"""

import json
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import track

from tests.bench.tasks import PREDICTORS, Row, grouped

INPUT = ("id", "text", "title", "outlet_url", "documents", "url", "html", "document", "summary")


def load(path: Path) -> list[Row]:
    """The rows of a JSON Lines file, cut down to their input fields ('summary' only beside 'document')."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [{k: row[k] for k in INPUT if k in row and (k != "summary" or "document" in row)} for row in rows]


def predict(task: str, gold: Path, out: Path) -> float:
    """Writes the predictions of the task for the gold file's rows to ``out``; returns seconds per document."""
    rows, one = load(gold), PREDICTORS[task]
    console = Console(stderr=True)
    began = time.perf_counter()
    steps = (one(row, gold.parent) for row in rows) if one else grouped(rows, gold.parent)
    total = len(rows) * (1 if one else 2)
    found = [step for step in track(steps, task, total, console=console) if step]
    seconds = (time.perf_counter() - began) / max(1, len(rows))
    out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found), encoding="utf-8")
    return seconds


def main(arguments: list[str]) -> int:
    """The command; status 2 for wrong arguments."""
    if len(arguments) != 3 or arguments[0] not in PREDICTORS:
        print(f"usage: python -m tests.bench.predict {{{','.join(PREDICTORS)}}} GOLD.jsonl OUT.jsonl", file=sys.stderr)
        return 2
    task, gold, out = arguments
    predict(task, Path(gold), Path(out))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
