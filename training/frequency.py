"""Makes ``bot/briefing/data/frequency.tsv``: in how many news reports each stem stands.

Usage: python -m training.frequency DATA_FOLDER

Reads the reports of attributions-train, places-train, summaries-cnndm and facts-frank-valid. Only stems that stand in
at least three reports are kept; the first line is the number of reports.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.briefing.words import terms

OUT = Path(__file__).parents[1] / "bot/briefing/data/frequency.tsv"
CORPORA = ("attributions-train", "places-train", "summaries-cnndm", "facts-frank-valid")
LEAST = 3


def reports(data: Path) -> Iterator[str]:
    """Every report once, though a corpus may hold it many times."""
    seen: set[str] = set()
    for corpus in CORPORA:
        with (data / f"{corpus}.jsonl").open(encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                text = row.get("text") or row.get("document") or row["documents"][0]
                if text[:200] not in seen:
                    seen.add(text[:200])
                    yield text


def main(data: Path) -> None:
    """Counts and writes."""
    counts: Counter[str] = Counter()
    total = 0
    for total, text in enumerate(reports(data), start=1):  # noqa: B007 (the last one is the count)
        counts.update(set(terms(text)))
    kept = sorted((word, count) for word, count in counts.items() if count >= LEAST)
    OUT.write_text("\n".join([str(total), *(f"{word}\t{count}" for word, count in kept)]) + "\n", encoding="utf-8")
    print(f"{len(kept)} stems of {total} reports -> {OUT.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
