"""Labelled windows of word pieces, and batches of them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from bot.reading.tokens import CLS, FEATURES, ROOM, SEP, WIDTH, Array, Encoded, Encoder, windows
from training.corpora import HEADS, STATEMENTS, Document, Pieces

UNKNOWN = -100  # a label that the loss passes over
OUTSIDE, BEGINS, CONTINUES = 0, 1, 2
BUDGET = 16 * WIDTH  # word pieces in a batch, padding included
POOL = 128  # windows among which those of like length come into one batch


@dataclass(frozen=True, slots=True)
class Example:
    """One window. Links hold the position (in the window, [CLS] being 0) that a piece points to."""

    ids: Array
    given: Array
    labels: Array  # rows of a label per head
    links: Array  # two rows: first of a content -> first of its cue, first of a cue -> first of its source


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows padded to one width."""

    ids: torch.Tensor
    mask: torch.Tensor
    given: torch.Tensor
    labels: torch.Tensor
    links: torch.Tensor


def examples(document: Document, encoder: Encoder, dice: random.Random) -> Iterator[Example]:
    """The document's windows, cut at a different place each time."""
    coded = encoder.encode(document.text)
    labels, targets = labelled(document, coded)
    first = dice.randint(ROOM // 3, ROOM) if len(coded) > ROOM else ROOM
    for low, high in windows(coded.breaks, len(coded), 0, first):
        part = targets[:, low:high]
        inside = (part >= low) & (part < high)
        links = np.where(inside, part - low + 1, np.where(part == UNKNOWN, UNKNOWN, 0))
        yield Example(coded.ids[low:high], coded.given[low:high], labels[low:high], links)


def labelled(document: Document, coded: Encoded) -> tuple[Array, Array]:
    """Labels per piece and head; and what its two links point to: a piece, -1 for nothing, UNKNOWN where not asked."""
    labels = np.full((len(coded), len(HEADS)), UNKNOWN)
    targets = np.full((2, len(coded)), UNKNOWN)
    for head in document.heads:
        found = [((s, e),) for kind, s, e in document.names if kind == head]
        if head not in STATEMENTS:
            labels[:, HEADS.index(head)] = _bio(_owners(found, coded))
    if STATEMENTS[0] in document.heads:
        _label_statements(document, coded, labels, targets)
    return labels, targets


def _label_statements(document: Document, coded: Encoded, labels: Array, targets: Array) -> None:
    said = sorted(document.statements, key=lambda s: -s.size)  # inner statements are written over outer ones
    owners = {head: _owners([getattr(s, head) for s in said], coded) for head in STATEMENTS}
    for head, owner in owners.items():
        labels[:, HEADS.index(head)] = _bio(owner)
    for link, (near, far) in enumerate((("content", "cue"), ("cue", "source"))):
        for k in np.flatnonzero(labels[:, HEADS.index(near)] == BEGINS):
            pieces = getattr(said[owners[near][k] // MANY], far)
            inside = _inside(pieces[0], coded) if pieces else ()
            targets[link, k] = inside[0] if len(inside) else -1


MANY = 1000  # more pieces than a span has: owner // MANY is the span, owner % MANY its piece


def _owners(spans: list[Pieces], coded: Encoded) -> Array:
    """Per word piece the span and piece that it belongs to, later spans over earlier; -1 for none."""
    owner = np.full(len(coded), -1)
    for row, pieces in enumerate(spans):
        for column, piece in enumerate(pieces):
            owner[_inside(piece, coded)] = row * MANY + column
    return owner


def _inside(piece: tuple[int, int], coded: Encoded) -> Array:
    return np.flatnonzero((coded.starts < piece[1]) & (coded.ends > piece[0]))


def _bio(owner: Array) -> Array:
    before = np.concatenate([[-1], owner[:-1]])
    return np.where(owner < 0, OUTSIDE, np.where(owner == before, CONTINUES, BEGINS))


def batches(parts: list[Example], dice: random.Random) -> Iterator[Batch]:
    """All windows once, in random order, those of like length together."""
    shuffled = dice.sample(parts, len(parts))
    for low in range(0, len(shuffled), POOL):
        pool = sorted(shuffled[low : low + POOL], key=lambda p: len(p.ids))
        groups: list[list[Example]] = [[]]
        for part in pool:
            if (len(groups[-1]) + 1) * (len(part.ids) + 2) > BUDGET:
                groups.append([])
            groups[-1].append(part)
        for group in dice.sample(groups, len(groups)):
            yield batch(group)


def batch(parts: list[Example]) -> Batch:
    """The windows between their marks, padded to the longest."""
    rows, width = len(parts), max(len(p.ids) for p in parts) + 2
    ids, mask = torch.zeros(rows, width, dtype=torch.long), torch.zeros(rows, width)
    given = torch.zeros(rows, width, FEATURES)
    labels, links = torch.full((rows, width, len(HEADS)), UNKNOWN), torch.full((2, rows, width), UNKNOWN)
    for row, part in enumerate(parts):
        n = len(part.ids)
        ids[row, 0], ids[row, n + 1], mask[row, : n + 2] = CLS, SEP, 1
        ids[row, 1 : n + 1], given[row, 1 : n + 1] = torch.from_numpy(part.ids), torch.from_numpy(part.given)
        labels[row, 1 : n + 1], links[:, row, 1 : n + 1] = torch.from_numpy(part.labels), torch.from_numpy(part.links)
    return Batch(ids, mask, given, labels, links)
