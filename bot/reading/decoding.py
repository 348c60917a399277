"""From the model's scores to names and statements. No model here: numbers in, spans out."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np

from bot.reading.tokens import OPENS_LINE, Array, Encoded
from bot.types import Span

HEADS = ("place", "person", "organisation", "location", "source", "cue", "content")
NAMES = HEADS[:3]  # as NameKind has them; 'location' is trained beside them and not read: it adds nothing to 'place'
OUTSIDE, BEGINS, CONTINUES = 0, 1, 2
NEAR = 4  # word pieces between two contents of one statement that are taken to belong to it too
POSSIBLE = 0.2  # probability from which a piece beside a name's sure ones belongs to it
COMMA = 1010  # in BERT's vocabulary
LOOSE = re.compile(r"^(?:(?:and|but|even|of|or) )+|(?: (?:a|an|and|at|by|for|in|of|on|or|the|to|with))+$")
EDGES = re.compile(r"^[\s\"'“”‘’«»(\[,;:-]+|[\s\"'“”‘’«»)\],;:]+$")


class NameKind(StrEnum):
    """What a name names."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class NameTag:
    """A name in the text. Places may lie inside organisations."""

    span: Span
    kind: NameKind
    score: float  # 0..1


@dataclass(frozen=True, slots=True)
class StatementTag:
    """Who is said to have said what, as the words stand in the text."""

    source: Span | None  # the words that name the source: 'she', 'the spokesman', 'Maria Koval'
    cue: Span  # 'said', 'according to'
    content: tuple[Span, ...]  # at least one piece, in text order
    score: float  # 0..1


@dataclass(frozen=True, slots=True)
class Tags:
    """All that the model found in one text, in text order."""

    names: tuple[NameTag, ...]
    statements: tuple[StatementTag, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """What was learned about decoding, on reports held out of training (``reader.json``)."""

    bias: dict[str, float] = field(default_factory=dict)  # added to 'outside' of a head: above 0 fewer spans
    link: float = 0.3  # least probability that a content belongs to its cue
    source: float = 0.1  # least probability that a cue belongs to its source
    shortest: int = 12  # characters of content, all pieces together

    @classmethod
    def read(cls, path: Path) -> "Settings":
        """The settings in a file of JSON."""
        return cls(**json.loads(path.read_text(encoding="utf-8"))["decoding"])


@dataclass(frozen=True, slots=True)
class Window:
    """What the model says of pieces ``low`` to ``high``. Vectors have a row more at either end: the window's marks."""

    low: int
    high: int
    labels: Array  # (pieces, heads, 3)
    vectors: Array  # (pieces + 2, 4, size): seeks a cue, is a cue, seeks a source, is a source


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """Word pieces ``start`` up to ``end`` that one head takes together, and how sure it is (0..1)."""

    start: int
    end: int
    score: float


def decode(text: str, coded: Encoded, found: Sequence[Window], settings: Settings) -> Tags:
    """Names and statements, in text order, from the scores of all windows of a text."""
    if not found:
        return Tags((), ())
    chances = _stitched(found, len(coded))
    runs = {head: _runs(head, chances[:, k], coded, settings.bias.get(head, 0.0)) for k, head in enumerate(HEADS)}
    return Tags(_names(text, coded, runs), _statements(text, coded, runs, found, settings))


def _stitched(found: Sequence[Window], size: int) -> Array:
    """Log-probabilities (pieces, heads, 3), each from the window in which the piece lies farthest from an edge."""
    scores, depth = np.zeros((size, len(HEADS), 3), dtype=np.float32), np.full(size, -1)
    for window in found:
        here = np.arange(window.low, window.high)
        before = here - window.low if window.low else np.full(len(here), size)
        after = window.high - 1 - here if window.high < size else np.full(len(here), size)
        margin = np.minimum(before, after)
        better = margin > depth[here]
        scores[here[better]], depth[here[better]] = window.labels[better], margin[better]
    return scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)


def _runs(head: str, chances: Array, coded: Encoded, bias: float) -> list[Run]:
    """The spans of one head, in order.

    A person's or an organisation's name reaches as far as the model thinks it possible from where it is sure; a place's
    doesn't, for a longer name is another place. Two names that touch are one: the model cuts 'New York' in two oftener
    than a report writes two names so. Only content goes on over a new line. A word's
    later pieces never open a span of their own beside its first.
    """
    best = np.argmax(chances + np.array([bias, 0.0, 0.0]), axis=-1)
    inside, taken, anew = 1 - np.exp(chances[:, OUTSIDE]), best != OUTSIDE, (best == BEGINS) & ~coded.tails
    if head in NAMES:
        reached = (inside >= POSSIBLE) & (coded.ids != COMMA) & (head != "place")
        taken, anew = taken | reached, np.zeros_like(taken)
    if head != "content":
        anew = anew | (coded.given[:, OPENS_LINE] > 0)
    opens = taken & (anew | ~np.concatenate([[False], taken[:-1]]))
    limits = np.append(np.flatnonzero(opens | ~taken), len(taken))
    starts = np.flatnonzero(opens)
    ends = limits[np.searchsorted(limits, starts, side="right")]
    spans = [(s, e) for s, e in zip(starts.tolist(), ends.tolist(), strict=True) if best[s:e].any()]
    return [Run(s, e, float(inside[s:e].mean())) for s, e in spans]


def _names(text: str, coded: Encoded, runs: dict[str, list[Run]]) -> tuple[NameTag, ...]:
    tags = [
        NameTag(span, kind, r.score) for kind in NameKind for r in runs[kind] if (span := _span(text, coded, r, kind))
    ]
    return tuple(sorted(tags, key=lambda t: (t.span, t.kind)))


def _span(text: str, coded: Encoded, run: Run, head: str) -> Span | None:
    """The characters of a run, to the ends of its words, without marks at its edges; None if nothing else is left."""
    start, end = int(coded.starts[run.start]), int(coded.ends[run.end - 1])
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    words = text[start:end]
    if head not in {"content", "cue"}:
        words = EDGES.sub("", words)
        words = EDGES.sub("", LOOSE.sub("", words)) if head in NAMES else words
        start = text.index(words, start)
        words += ")" * (words.count("(") > words.count(")") and text.startswith(")", start + len(words)))
    told = head == "cue" or any(map(str.isalnum, words))  # a headline's cue may be a colon
    return Span(start, start + len(words)) if told else None


def _statements(
    text: str, coded: Encoded, runs: dict[str, list[Run]], found: Sequence[Window], settings: Settings
) -> tuple[StatementTag, ...]:
    """Contents gathered under the cue that each points to; a cue's source is the one that it points to."""
    to_cue = _linked(runs["content"], runs["cue"], found, 0, settings.link)
    to_source = _linked(sorted({cue for cue, _ in to_cue.values()}), runs["source"], found, 2, settings.source)
    tags = []
    for cue, contents in _gathered(to_cue):
        source = to_source.get(cue)
        pieces = tuple(_pieces(text, coded, contents, runs["cue"] + runs["source"]))
        cue_span = _span(text, coded, cue, "cue")
        if cue_span and sum(p.end - p.start for p in pieces) >= settings.shortest:
            score = max(run.score * to_cue[run][1] for run in contents)
            tags.append(
                StatementTag(_span(text, coded, source[0], "source") if source else None, cue_span, pieces, score)
            )
    return tuple(tags)


def _gathered(to_cue: dict[Run, tuple[Run, float]]) -> list[tuple[Run, list[Run]]]:
    """Each cue with its contents, in text order; a statement ends where another one's content comes between."""
    groups: list[tuple[Run, list[Run]]] = []
    for content, (cue, _) in sorted(to_cue.items()):
        if groups and groups[-1][0] == cue:
            groups[-1][1].append(content)
        else:
            groups.append((cue, [content]))
    return groups


def _pieces(text: str, coded: Encoded, contents: list[Run], others: list[Run]) -> list[Span]:
    """The contents' characters; what a word or two parts, and no cue or source, is one piece."""
    pieces: list[Span] = []
    last = -1
    for run in contents:
        span = _span(text, coded, run, "content")
        if span and pieces and run.start - last <= NEAR and not any(last <= o.start < run.start for o in others):
            pieces[-1] = Span(pieces[-1].start, span.end)
        elif span:
            pieces.append(span)
        last = run.end
    return pieces


def _linked(
    seekers: list[Run], sought: list[Run], found: Sequence[Window], seeks: int, least: float
) -> dict[Run, tuple[Run, float]]:
    """The likeliest of the sought for each seeker, with its probability, where that is at least ``least``.

    A window's pointer is a softmax over all its pieces; a span has the sum of its own, since the model need not
    begin it just where it points. Of several windows that hold both, the surest counts.
    """
    best: dict[Run, tuple[Run, float]] = {}
    for window in found:
        near = [s for s in seekers if window.low <= s.start < window.high]
        far = [s for s in sought if window.low <= s.start < window.high]
        if not near or not far:
            continue
        rows = [s.start - window.low + 1 for s in near]
        scores = window.vectors[rows, seeks] @ window.vectors[:, seeks + 1].T * window.vectors.shape[-1] ** -0.5
        each = np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
        chances = np.stack(
            [each[:, s.start - window.low + 1 : s.end - window.low + 1].sum(axis=1) for s in far], axis=1
        )
        for row, column in enumerate(chances.argmax(axis=1).tolist()):
            chance = float(chances[row, column])
            if chance >= max(least, best.get(near[row], (None, 0.0))[1]):
                best[near[row]] = far[column], chance
    return best
