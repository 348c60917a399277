"""``python -m tests.bench.speed``: what tagging takes beside spaCy's small English pipeline, in one run on one core.

CPU time of the process, which other processes disturb less than the clock; the two take turns, text by text, so that
what disturbs one disturbs the other. The texts are the hand-labelled articles. Loading and the first round don't count.
"""

import argparse
import os

os.environ["OMP_NUM_THREADS"] = "1"  # read by the libraries under spaCy as they are imported

import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.reading.tagger import Tagger
from tests import labelled
from tests.bench import spacy_small

OURS = "Dateline's tagger"
HOW = (
    "spaCy isn't installed, so there is nothing to compare with: `pip install spacy spacy-lookups-data` into an "
    "environment of its own that has Dateline's dependencies too; en_core_web_sm is used if it is there."
)

Work = Callable[[str], Any]


def rounds(works: Mapping[str, Work], texts: Sequence[str], count: int) -> dict[str, list[float]]:
    """CPU milliseconds for 1,000 words, of every round and each of the works, after a round that isn't counted."""
    words = sum(len(text.split()) for text in texts)
    found: dict[str, list[float]] = {name: [] for name in works}
    for number in range(count + 1):
        taken = dict.fromkeys(works, 0.0)
        for text in texts:
            for name, work in works.items():
                began = time.process_time()
                work(text)
                taken[name] += time.process_time() - began
        for name, seconds in taken.items() if number else ():
            found[name].append(seconds * 1e6 / words)
    return found


def table(found: Mapping[str, Sequence[float]]) -> Table:
    """Median and least of each, and its median beside the last one's."""
    shown = Table("CPU ms for 1,000 words, one core", "median", "least", "ratio")
    base = statistics.median(list(found.values())[-1])
    for name, taken in found.items():
        median = statistics.median(taken)
        shown.add_row(name, f"{median:.0f}", f"{min(taken):.0f}", f"{median / base:.2f}")
    return shown


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--articles", type=int, default=8, help="how many of them are tagged in a round")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):  # not on macOS and Windows
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    console, works = Console(), {OURS: Tagger(threads=1).tag}
    try:
        name, pipeline = spacy_small.pipeline()
        works[name] = pipeline
    except ImportError:
        console.print(HOW)
    texts = [one.article.text for one in labelled.every()[: options.articles]]
    console.print(table(rounds(works, texts, options.rounds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
