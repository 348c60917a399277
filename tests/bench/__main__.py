"""``python -m tests.bench``: every task measured on public data, in one table. ``make bench`` runs it."""

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.baselines import SUMMARISERS
from tests.bench.predict import load, predict
from tests.bench.tasks import TASKS, Task


def figure(scores: Any, path: str) -> float:
    """The figure at the dotted path of a scorer's answer."""
    for key in path.split("."):
        scores = scores[key]
    return float(scores)


def measure(name: str, task: Task, bench: Path, folder: Path) -> tuple[Any, float]:
    """The scorer's answer for the task, and seconds per document."""
    gold, out = bench / "data" / f"{task.data}.jsonl", folder / f"{name}.jsonl"
    seconds = predict(name.split("-")[0], gold, out)
    return scorer(bench / task.scorer).score(gold, out), seconds


def beside(bench: Path, folder: Path) -> Iterator[tuple[str, ...]]:
    """Rows of the table: other ways to summarise, by the same measure."""
    task = TASKS["summaries"]
    gold, out = bench / "data" / f"{task.data}.jsonl", folder / "beside.jsonl"
    for name, summarise in SUMMARISERS.items():
        found = [{"id": row["id"], "summary": summarise(row["documents"][0])} for row in load(gold)]
        out.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
        scores = scorer(bench / task.scorer).score(gold, out)
        for label, (path, _, _) in task.figures.items():
            yield "", f"{label} of {name}", f"{figure(scores, path):.3f}", "", "", ""


def scorer(path: Path) -> ModuleType:
    """The scorer in the file, as a module.

    That of attributions measures a predicted source against a gold one that may be missing; missing overlaps nothing.
    """
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path}: no scorer there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if overlap := getattr(module, "overlap", None):
        module.overlap = lambda one, other: overlap(one, other) if one and other else 0  # type: ignore[attr-defined] # the module's own
    return module


def main() -> int:
    """The command; status 1 where the data are not there."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/bench"), help="the folder with the scorers and data/"
    )
    parser.add_argument("--task", action="append", choices=sorted(TASKS), help="only this one; may be repeated")
    options = parser.parse_args()
    if not (options.data / "data").is_dir():
        print(f"{options.data}: the public data aren't there; nothing to measure", file=sys.stderr)
        return 1
    table = Table("task", "figure", "measured", "baseline", "target", "s/document")
    with tempfile.TemporaryDirectory() as folder:
        for name in options.task or TASKS:
            scores, seconds = measure(name, TASKS[name], options.data, Path(folder))
            for label, (path, baseline, target) in TASKS[name].figures.items():
                table.add_row(name, label, f"{figure(scores, path):.3f}", baseline, target, f"{seconds:.3f}")
            for row in beside(options.data, Path(folder)) if name == "summaries" else ():
                table.add_row(*row)
    Console().print(table)
    if not options.task:  # in a process of its own: it keeps to one core
        subprocess.run([sys.executable, "-m", "tests.bench.speed"], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
