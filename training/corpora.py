"""The labelled corpora, as one kind of document whatever they label, and the ways in which their texts are varied."""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

HEADS = ("place", "person", "organisation", "location", "source", "cue", "content")
PLACES, NAMES, STATEMENTS = HEADS[:1], HEADS[1:4], HEADS[4:]
HELD_OUT = 20  # one document in so many is kept from training, to choose thresholds on
SPLIT = re.compile(
    r"(?<=\w) (?=['’] (?:s|t|re|ve|ll|d|m)\b)|(?<=\w ['’]) (?=\w)|(?<=\w) (?=- \w)|(?<=\w -) (?=\w)|"
    r" (?=[,.;:!?)%\]])|(?<=[(\[$£€]) "
)

Pieces = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One annotated statement; a part that isn't annotated has no pieces."""

    source: Pieces
    cue: Pieces
    content: Pieces

    @property
    def size(self) -> int:
        """Characters that the content spans."""
        return self.content[-1][1] - self.content[0][0] if self.content else 0


@dataclass(frozen=True, slots=True)
class Document:
    """A text and what is known of it. Heads that its corpus doesn't label are absent from ``heads``."""

    id: str
    text: str
    heads: tuple[str, ...]
    names: tuple[tuple[str, int, int], ...] = ()  # head, start, end
    statements: tuple[Statement, ...] = ()


def load(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def places(path: Path) -> list[Document]:
    """Reports with their toponyms."""
    return [
        Document(str(d["id"]), d["text"], PLACES, tuple(("place", t["start"], t["end"]) for t in d["toponyms"]))
        for d in load(path)
    ]


def names(path: Path) -> list[Document]:
    """Sentences with their names."""
    return [
        Document(d["id"], d["text"], NAMES, tuple((_head(n["kind"]), n["start"], n["end"]) for n in d["names"]))
        for d in load(path)
    ]


def _head(kind: str) -> str:
    return "location" if kind == "place" else kind


def statements(path: Path) -> list[Document]:
    """Reports with who says what in them."""
    return [
        Document(d["id"], d["text"], STATEMENTS, statements=tuple(map(_statement, d["attributions"])))
        for d in load(path)
    ]


def _statement(said: dict[str, Any]) -> Statement:
    def pieces(kind: str) -> Pieces:
        whole = said.get(kind + "_span")
        return tuple(sorted(tuple(p) for p in said.get(kind + "_fragments") or ([whole] if whole else [])))

    return Statement(pieces("source"), pieces("cue"), pieces("content"))


def split(documents: list[Document]) -> tuple[list[Document], list[Document]]:
    """Those to learn from, and those held out: every HELD_OUTth, the same ones each time."""
    held = documents[::HELD_OUT]
    return [d for k, d in enumerate(documents) if k % HELD_OUT], held


@dataclass(frozen=True, slots=True)
class Corpora:
    """Documents that label places, names, or statements."""

    places: list[Document]
    names: list[Document]
    statements: list[Document]


def read(folder: Path) -> tuple[Corpora, Corpora]:
    """The corpora to learn from, and what is held out of them to choose thresholds on."""
    kinds = [
        split(places(folder / "places-train.jsonl")),
        split(names(folder / "names-train.jsonl")),
        split(statements(folder / "attributions-train.jsonl")),
    ]
    return Corpora(*(k[0] for k in kinds)), Corpora(*(k[1] for k in kinds))


def with_own(held: Corpora, own: list[Document]) -> Corpora:
    """The held-out corpora with articles of our own among the reports; their names go by other rules than re3d's."""
    return replace(held, places=[*held.places, *own], statements=[*held.statements, *own])


def joined(sentences: list[Document], dice: random.Random) -> Iterator[Document]:
    """The sentences, half of them alone, the others with those that follow them, as they follow in a report."""
    k = 0
    while k < len(sentences):
        size = 1 if dice.random() < 0.5 else dice.randint(2, 6)
        yield _join(sentences[k : k + size])
        k += size


def _join(parts: list[Document]) -> Document:
    text, found = "", []
    for part in parts:
        text += " " if text else ""
        found += [(h, s + len(text), e + len(text)) for h, s, e in part.names]
        text += part.text
    return replace(parts[0], text=text, names=tuple(found))


def unspaced(document: Document) -> Document:
    """The document without the spaces that a tokeniser put before commas and around hyphens and apostrophes."""
    gone = [m.start() for m in SPLIT.finditer(document.text)]
    if not gone:
        return document
    lost, removed = [0], set(gone)
    for k in range(len(document.text)):
        lost.append(lost[-1] + (k in removed))
    text = "".join(c for k, c in enumerate(document.text) if k not in removed)
    return replace(document, text=text, names=tuple((h, s - lost[s], e - lost[e]) for h, s, e in document.names))


def varied(document: Document, dice: random.Random) -> Document:
    """The document as it might also stand: in capitals, in small letters, in single quotes, in one paragraph."""
    text = document.text
    for share, change in VARIATIONS:
        if dice.random() < share:
            changed = change(text)
            text = changed if len(changed) == len(text) else text
    return replace(document, text=text)


VARIATIONS: tuple[tuple[float, Callable[[str], str]], ...] = (
    (0.04, str.lower),
    (0.02, str.upper),
    (0.08, lambda t: re.sub('[“”"]', "'", t)),
    (0.15, lambda t: t.replace("\n", " ")),
    (0.05, lambda t: t.replace(". ", ".\n")),
)
