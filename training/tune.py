"""Chooses how the model's scores are decoded, on documents held out of training.

    python -m training.tune --data FOLDER MODEL.onnx        (writes MODEL.json)

One setting after another takes the value that measures best, the others as they are; the statements' settings twice,
since they depend on each other.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bot.reading.decoding import Settings, Window, decode
from bot.reading.tagger import Tagger
from bot.reading.tokens import Encoded
from training import articles, corpora, measures
from training.corpora import Corpora, Document
from training.measures import Measure

BIASES = (-0.4, 0.0, 0.4)  # no further: what is held out is too little to trust more
MARGIN = 0.001  # of F: a smaller gain changes nothing
# Recall against precision: words put into a mouth are worse than words missed.
BETA: dict[Measure, float] = {measures.places: 1.0, measures.names: 1.0, measures.who_said_what: 0.5}


@dataclass(frozen=True, slots=True)
class Read:
    """A held-out document with all that the model said of it."""

    document: Document
    coded: Encoded
    windows: list[Window]


def read(tagger: Tagger, documents: list[Document]) -> list[Read]:
    """The model's scores for each document."""
    return [Read(d, *tagger.scores(d.text)) for d in documents]


def measured(measure: Measure, held: list[Read], settings: Settings, beta: float = 1.0) -> float:
    """A measure's F under some settings."""
    tags = (decode(r.document.text, r.coded, r.windows, settings) for r in held)
    return measures.total(measure, [r.document for r in held], tags).f(beta)


def best(now: Settings, others: list[Settings], sets: Sequence[tuple[Measure, list[Read]]]) -> Settings:
    """The best of the others by the sum over measures, if it is better than what is by more than chance may make it."""

    def worth(settings: Settings) -> float:
        return sum(measured(measure, held, settings, BETA[measure]) for measure, held in sets)

    rated = max(((worth(s), -k, s) for k, s in enumerate(others)))
    return rated[2] if rated[0] > worth(now) + MARGIN else now


def biased(settings: Settings, head: str, sets: Sequence[tuple[Measure, list[Read]]]) -> Settings:
    """The settings with the best bias of one head."""
    return best(settings, [replace(settings, bias={**settings.bias, head: b}) for b in BIASES], sets)


def tuned(places: list[Read], names: list[Read], statements: list[Read]) -> Settings:
    """The settings that do best on the three held-out sets."""
    settings = biased(Settings(), "place", [(measures.places, places), (measures.names, names)])
    for head in ("person", "organisation"):
        settings = biased(settings, head, [(measures.names, names)])
    for _ in range(2):
        settings = _tuned_statements(settings, [(measures.who_said_what, statements)])
    return settings


def _tuned_statements(settings: Settings, sets: Sequence[tuple[Measure, list[Read]]]) -> Settings:
    for head in ("cue", "content", "source"):
        settings = biased(settings, head, sets)
    settings = best(settings, [replace(settings, link=x / 20) for x in (1, 2, 4, 6, 8, 10)], sets)
    settings = best(settings, [replace(settings, source=x / 20) for x in (1, 2, 4, 6, 8, 10)], sets)
    return best(settings, [replace(settings, shortest=x) for x in (6, 9, 12, 15, 18, 22)], sets)


def chosen(model: Path, held: Corpora) -> Settings:
    """The settings that do best for the model on the held-out documents."""
    tagger = Tagger(model, settings=Settings())
    return tuned(*(read(tagger, d) for d in (held.places, held.names, held.statements)))


def write(model: Path, settings: Settings, held: Corpora) -> None:
    """Writes the settings beside the model, with what they measure on the held-out documents."""
    tagger = Tagger(model, settings=settings)
    sets = (
        ("places", measures.places, held.places),
        ("names", measures.names, held.names),
        ("who said what", measures.who_said_what, held.statements),
    )
    scores = {name: round(measured(m, read(tagger, documents), settings), 4) for name, m, documents in sets}
    written = {"decoding": asdict(settings), "held_out_f1": scores}
    model.with_suffix(".json").write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(written))


def main() -> None:
    """Read the command line and tune."""
    parser = argparse.ArgumentParser(description="Choose how the reader's scores are decoded.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("model", type=Path)
    given = parser.parse_args()
    held = corpora.read(given.data)[1]
    write(given.model, chosen(given.model, held), corpora.with_own(held, corpora.split(articles.read())[1]))


if __name__ == "__main__":
    main()
