"""Articles in other languages than English with the truth marked inline, and how far a reading agrees with them.

``tests/data/languages/``: a line that opens with '%' is page furniture; '|' ends a sentence; ⟦words|place⟧ is a
place of ``places.toml``; a statement is 'source | first words … last words | d or i', for direct or indirect. ``held``:
not looked at while the rules were written.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from bot.reading.geography import km
from bot.types import Article, MentionKind, Reading, Span
from tests.agreement import Score
from tests.labelled import SAME_PLACE_KM

FOLDER = Path(__file__).parent / "data" / "languages"
_MARK = re.compile(r"⟦([^|⟧]+)\|(\w+)⟧|\|")


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what."""

    source: str
    content: Span
    direct: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """An article and what a careful reader finds in it."""

    language: str
    article: Article
    held: bool
    ends: frozenset[int]  # where its sentences end
    furniture: tuple[Span, ...]
    places: tuple[tuple[Span, tuple[float, float]], ...]
    statements: tuple[Statement, ...]


def every() -> tuple[Marked, ...]:
    """All marked articles, by language."""
    at = tomllib.loads((FOLDER / "places.toml").read_text(encoding="utf-8"))
    files = sorted(path for path in FOLDER.glob("*.toml") if path.stem != "places")
    rows = ((path.stem, row) for path in files for row in tomllib.loads(path.read_text(encoding="utf-8"))["article"])
    return tuple(_marked(language, row, at) for language, row in rows)


def _marked(language: str, row: dict[str, object], at: dict[str, tuple[float, float]]) -> Marked:
    plain, ends, places = "", set[int](), list[tuple[Span, tuple[float, float]]]()
    furniture = []
    for line in str(row["text"]).strip().splitlines(keepends=True):
        if line.startswith("%"):
            furniture.append(Span(len(plain), len(plain) + len(line.strip()) - 1))
            plain += line[1:]
            continue
        done = 0
        for mark in _MARK.finditer(line):
            plain += line[done : mark.start()]
            done = mark.end()
            if mark[1]:
                places.append((Span(len(plain), len(plain) + len(mark[1])), at[mark[2]]))
                plain += mark[1]
            else:
                ends.add(len(plain))
        plain += line[done:]
    said = tuple(_statement(plain, str(one)) for one in list(row["statements"]))  # type: ignore[call-overload]  # tomllib
    article = Article(f"{language}-{row['name']}", plain)
    return Marked(language, article, bool(row.get("held")), frozenset(ends), tuple(furniture), tuple(places), said)


def _statement(text: str, marked: str) -> Statement:
    source, words, manner = (part.strip() for part in marked.split("|"))
    first, _, last = (part.strip() for part in words.partition("…"))
    start = text.index(first)
    end = text.index(last, start + len(first)) + len(last) if last else start + len(first)
    return Statement(source, Span(start, end), manner == "d")


def score_sentences(marked: Marked, reading: Reading) -> Score:
    """Ends of sentences outside furniture, to the character."""
    found = {one.span.end for one in reading.sentences if one.furniture is None}
    hits = len(found & marked.ends)
    return Score(len(marked.ends), hits, hits, len(found), hits)


def score_places(marked: Marked, reading: Reading) -> Score:
    """Places in the report: found where a toponym overlaps, right where it lies near enough; associative ones apart."""
    shown = [t for t in reading.toponyms if t.kind is not MentionKind.ASSOCIATIVE]
    shown = [t for t in shown if not any(t.span.overlaps(span) for span in marked.furniture)]
    pairs = [(at, t) for span, at in marked.places for t in shown if t.span.overlaps(span)]
    right = sum(
        t.place is not None and km(*at, t.place.lat, t.place.lon) <= _reach(t.place.feature_code) for at, t in pairs
    )
    return Score(len(marked.places), len(pairs), right, len(shown), len(pairs))


def _reach(code: str) -> float:
    return 1500.0 if code.startswith("PCL") else SAME_PLACE_KM * (2 if code in {"RGN", "ADM1"} else 1)


def score_statements(marked: Marked, reading: Reading) -> Score:
    """Statements with a named source: found where the words meet, right with that source and as direct as labelled."""
    said = [a for a in reading.attributions if a.source]
    pairs = [(label, a) for label in marked.statements for a in said if a.span.overlaps(label.content)]
    right = sum(a.source == label.source and a.direct == label.direct for label, a in pairs)
    return Score(len(marked.statements), len(pairs), right, len(said), right)
