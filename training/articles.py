"""Training articles of our own: the kinds of text that the public corpora lack, with the truth marked inline.

    python -m training.articles        (checks every file and counts what is marked)

``training/articles/README.md`` says how they are marked. Names are exchanged as they are learned from, so that the
model learns how names are used and not which names there are.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from training.corpora import NAMES, PLACES, STATEMENTS, Document, Pieces, Statement

FOLDER: Final = Path(__file__).parent / "articles"
TAG: Final = re.compile(r"<(/?)([pno]|[scq]\d+)>")
HEAD_OF: Final = {"p": "place", "n": "person", "o": "organisation"}
LABELLED: Final = (*PLACES, *(head for head in NAMES if head != "location"), *STATEMENTS)
ADJECTIVE: Final = re.compile(r"(?:ese|ish|an|ans|i|is|ch|tch|ots)$")  # of a people, as far as its end can tell
Span = tuple[int, int]


class MarkError(Exception):
    """Marks that don't make sense; the message names the file, the line and what is wrong."""


@dataclass(slots=True)
class _Found:
    """What has been read of one file."""

    text: str = ""
    names: list[tuple[str, int, int]] = field(default_factory=list)
    parts: dict[tuple[str, str], list[Span]] = field(default_factory=dict)  # by number and letter


def parse(marked: str, name: str) -> Document:
    """The article with its marks taken out. Raises MarkError."""
    found, still_open, at = _Found(), list[tuple[str, int]](), 0
    for tag in TAG.finditer(marked):
        found.text += marked[at : tag.start()]
        at = tag.end()
        if not tag[1]:
            still_open.append((tag[2], len(found.text)))
            continue
        if not still_open or still_open[-1][0] != tag[2]:
            raise _wrong(marked, tag.start(), name, f"{tag[0]} closes nothing that is open")
        _note(found, tag[2], still_open.pop()[1])
    found.text += marked[at:]
    if still_open or re.search(r"</?\w+>", found.text):
        where = marked.rfind(f"<{still_open[-1][0]}>") if still_open else marked.index("<")
        raise _wrong(marked, where, name, "a mark is never closed, or is none of p, n, o, sN, cN, qN")
    return Document(name, found.text, LABELLED, tuple(found.names), _statements(found, marked, name))


def _note(found: _Found, letter: str, start: int) -> None:
    span = (start, len(found.text))
    if letter in HEAD_OF:
        found.names.append((HEAD_OF[letter], *span))
    else:
        found.parts.setdefault((letter[1:], letter[0]), []).append(span)


def _statements(found: _Found, marked: str, name: str) -> tuple[Statement, ...]:
    numbers = dict.fromkeys(number for number, _ in found.parts)
    if lost := next((n for n in numbers if (n, "q") not in found.parts), None):
        raise _wrong(marked, marked.index(f"{lost}>"), name, f"statement {lost} has no content")

    def pieces(number: str, letter: str) -> Pieces:
        return tuple(sorted(found.parts.get((number, letter), [])))

    return tuple(Statement(pieces(n, "s"), pieces(n, "c"), pieces(n, "q")) for n in numbers)


def _wrong(marked: str, at: int, name: str, why: str) -> MarkError:
    return MarkError(f"{name}, line {marked.count(chr(10), 0, at) + 1}: {why}")


def read(folder: Path = FOLDER) -> list[Document]:
    """The articles in the order of their files' names. Raises MarkError."""
    return [parse(path.read_text(encoding="utf-8"), path.stem) for path in sorted(folder.glob("*.txt"))]


# --- exchanging names


@dataclass(frozen=True, slots=True)
class Names:
    """Names to exchange for others: single words of people's names, and whole names of places."""

    people: tuple[str, ...]
    places: tuple[str, ...]


def names_of(documents: Sequence[Document]) -> Names:
    """What the documents call people and places."""
    people = {w for d in documents for w in _words(d, "person")}
    places = {d.text[s:e] for d in documents for head, s, e in d.names if head == "place"}
    return Names(tuple(sorted(people)), tuple(sorted(p for p in places if _exchangeable(p))))


def renamed(document: Document, names: Names, dice: random.Random) -> Document:
    """The document with other people in other places: each word of a person's name has become another one
    throughout, and so has each place's name that isn't an adjective."""
    people = {word: dice.choice(names.people) for word in _words(document, "person")}
    places = {
        name: dice.choice(names.places)
        for name in sorted({document.text[s:e] for head, s, e in document.names if head == "place"})
        if _exchangeable(name)
    }
    changes: dict[Span, str] = {}
    for head, start, end in document.names:
        surface = document.text[start:end]
        if head == "person":
            words = [m for m in _NAME_WORD.finditer(surface) if m[0] in people]
            changes |= {(start + m.start(), start + m.end()): people[m[0]] for m in words}
        elif head == "place" and surface in places:
            changes[(start, end)] = places[surface]
    return _replaced(document, changes)


_NAME_WORD: Final = re.compile(r"[^\W\d_][\w'’-]{2,}")  # initials and particles of two letters stay


def _words(document: Document, head: str) -> list[str]:
    surfaces = [document.text[s:e] for kind, s, e in document.names if kind == head]
    return sorted({w for surface in surfaces for w in _NAME_WORD.findall(surface) if w[0].isupper() or w[0] > "z"})


def _exchangeable(place: str) -> bool:
    return place[0].isupper() and not place.isupper() and "." not in place and not ADJECTIVE.search(place)


def _replaced(document: Document, changes: dict[Span, str]) -> Document:
    """The document with some stretches exchanged; what lies in, over or behind them moves along."""
    chosen = _apart(sorted(changes))
    moved, text, at = list(range(len(document.text) + 1)), "", 0
    for start, end in chosen:
        text += document.text[at:start]
        moved[at : start + 1] = range(len(text) - (start - at), len(text) + 1)
        text += changes[(start, end)]
        moved[start + 1 : end] = [len(text)] * (end - start - 1)
        moved[end] = len(text)
        at = end
    moved[at:] = range(len(text), len(text) + len(document.text) - at + 1)
    text += document.text[at:]

    def pieces(old: Pieces) -> Pieces:
        return tuple((moved[s], moved[e]) for s, e in old)

    said = tuple(Statement(pieces(s.source), pieces(s.cue), pieces(s.content)) for s in document.statements)
    return replace(
        document, text=text, names=tuple((h, moved[s], moved[e]) for h, s, e in document.names), statements=said
    )


def _apart(spans: list[Span]) -> Iterator[Span]:
    last = 0
    for start, end in spans:
        if start >= last:
            yield start, end
            last = end


def main() -> int:
    """Checks the files; the number of those with wrong marks."""
    counts, wrong = Counter[str](), 0
    for path in sorted(FOLDER.glob("*.txt")):
        try:
            document = parse(path.read_text(encoding="utf-8"), path.stem)
        except MarkError as error:
            print(error, file=sys.stderr)
            wrong += 1
            continue
        counts.update(head for head, _, _ in document.names)
        counts.update(articles=1, words=len(document.text.split()), statements=len(document.statements))
    print(", ".join(f"{number} {what}" for what, number in counts.items()))
    return wrong


if __name__ == "__main__":
    sys.exit(main())
