"""The coast lines and borders of the world, from the package's data file (``docs/maps.md``)."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from bot.maps.projection import Points, unit_vectors

COAST, BORDER, DISPUTED, HIDDEN = range(4)

Indices = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Caps:
    """For each of many shapes, a circle on the globe that holds it."""

    centres: Points  # unit vectors, (n, 3)
    radii: NDArray[np.float64]  # radians

    def touch(self, centre: Points, radius: float) -> NDArray[np.bool_]:
        """Which of the circles share a point with the one given (a unit vector, radians)."""
        return np.asarray(_angle(self.centres, centre) <= self.radii + radius)


@dataclass(frozen=True, slots=True)
class World:
    """Arcs, each a coast line or a border, and the rings that they make: one per piece of land of a country."""

    points: Points  # degrees, longitude (unwrapped within an arc) and latitude
    level: NDArray[np.uint8]  # how much a point matters, half-octaves of detail above ``finest_km``; ends of arcs: 255
    finest_km: float
    arc_start: Indices  # into points; one more than there are arcs
    arc_kind: NDArray[np.uint8]
    arc_caps: Caps
    ring_arcs: Indices  # ``~i`` for arc i walked backwards
    ring_start: Indices  # into ring_arcs; one more than there are rings
    ring_country: NDArray[np.int16]  # into codes
    ring_main: NDArray[np.bool_]  # whether the ring belongs to the body that a map of the country shows
    ring_caps: Caps
    codes: tuple[str, ...]  # ISO 3166-1 alpha-2 as GeoNames uses it; '' for land that is nobody's
    names: tuple[str, ...]

    def name_of(self, code: str | None) -> str | None:
        """The country's name, or None where the world has no such country."""
        return self.names[self.codes.index(code)] if code and code in self.codes else None

    def body(self, code: str | None) -> Points:
        """Points around the main body of a country, a few km apart at least; empty where it isn't on the map."""
        if not code or code not in self.codes:
            return np.empty((0, 2))
        rings = np.flatnonzero((self.ring_country == self.codes.index(code)) & self.ring_main)
        arcs = [self.ring_arcs[self.ring_start[ring] : self.ring_start[ring + 1]] for ring in rings]
        used = np.unique(np.where((flat := np.concatenate(arcs)) >= 0, flat, ~flat))
        pieces = [slice(self.arc_start[arc], self.arc_start[arc + 1]) for arc in used]
        return np.concatenate([self.points[piece][self.level[piece] >= _COARSE] for piece in pieces])


_COARSE = 10  # half-octaves: details of about 10 km


@cache
def load() -> World:
    """The world; read once in a process (about 0.1 s), then kept (about 8 MB)."""
    with as_file(files("bot.maps") / "data" / "world.npz") as path, np.load(path) as data:
        start, ring_start, ring_arcs = data["arc_start"], data["ring_start"], data["ring_arcs"]
        points = _decode(data["first"], data["steps"], start) * data["scale"] + data["origin"]
        arc_caps = _caps_of_lines(points, start)
        return World(
            points=points,
            level=data["level"],
            finest_km=float(data["finest_km"]),
            arc_start=start,
            arc_kind=data["arc_kind"],
            arc_caps=arc_caps,
            ring_arcs=ring_arcs,
            ring_start=ring_start,
            ring_country=data["ring_country"],
            ring_main=data["ring_main"],
            ring_caps=_caps_of_groups(arc_caps, np.where(ring_arcs >= 0, ring_arcs, ~ring_arcs), ring_start),
            codes=tuple(data["codes"].tolist()),
            names=tuple(data["names"].tolist()),
        )


def _decode(first: Indices, steps: NDArray[np.int16], start: Indices) -> Points:
    """The arcs' points in quantised units: each arc has its first point, then steps from point to point."""
    walked = np.cumsum(steps.T, axis=0, dtype=np.int64)
    shift = first - walked[start[:-1]]
    return (walked + np.repeat(shift, np.diff(start), axis=0)).astype(np.float64)


def _caps_of_lines(points: Points, start: Indices) -> Caps:
    vectors = unit_vectors(points)
    centres = _normalised(np.add.reduceat(vectors, start[:-1]))
    cosines = np.einsum("ij,ij->i", vectors, np.repeat(centres, np.diff(start), axis=0))
    return Caps(centres, np.arccos(np.clip(np.minimum.reduceat(cosines, start[:-1]), -1.0, 1.0)))


def _caps_of_groups(caps: Caps, members: Indices, start: Indices) -> Caps:
    """A circle around each group of circles."""
    centres = _normalised(np.add.reduceat(caps.centres[members], start[:-1]))
    own = np.repeat(centres, np.diff(start), axis=0)
    cosines = np.clip(np.einsum("ij,ij->i", caps.centres[members], own), -1.0, 1.0)
    return Caps(centres, np.maximum.reduceat(np.arccos(cosines) + caps.radii[members], start[:-1]))


def _normalised(vectors: Points) -> Points:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def _angle(vectors: Points, other: Points) -> Points:
    return np.asarray(np.arccos(np.clip(vectors @ other, -1.0, 1.0)))
