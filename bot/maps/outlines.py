"""What of the world falls into a frame: land to fill and lines to draw, in pixels."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.maps.frame import Frame
from bot.maps.projection import Azimuthal, Points, unit_vectors
from bot.maps.world import HIDDEN, World

_OUTSIDE = 40.0  # pixels around the picture within which lines are kept, so that no cut edge shows
_DETAIL = 0.8  # pixels of the finished picture: smaller features only make a coast look ragged
_SMALLEST = 0.7  # pixels: islands of a smaller radius are left out
_BEYOND = 10  # half-octaves by which arcs outside the picture are coarser


@dataclass(frozen=True, slots=True)
class Land:
    """A piece of land of one country; ``country`` is its index in the world's codes."""

    country: int
    outline: Points


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of coast or border; ``kind`` as in ``bot.maps.world``."""

    kind: int
    points: Points


@dataclass(frozen=True, slots=True)
class _Piece:
    """An arc in pixels; ``inside``: no part of it lies beyond the picture's edges."""

    points: Points
    inside: bool


@dataclass(frozen=True, slots=True)
class Outlines:
    """All that a frame shows, land from large to small: enclaves lie on top of what surrounds them."""

    land: tuple[Land, ...]
    lines: tuple[Line, ...]
    oversampling: int = 1  # pixels here to one of the frame's


def outlines(world: World, frame: Frame, oversampling: int = 1) -> Outlines:
    """The frame's land and lines in pixels, times ``oversampling``, with as much detail as the picture can show."""
    arcs, rings = _in_view(world, frame)
    pieces = _pieces(world, frame, arcs, rings, oversampling)
    order = rings[np.argsort(-world.ring_caps.radii[rings], kind="stable")]
    clip = _Clip.of(frame, oversampling)
    land = [
        Land(int(world.ring_country[ring]), shape) for ring in order for shape in clip.areas(_ring(world, ring, pieces))
    ]
    visible = [arc for arc in pieces if arcs[arc] and world.arc_kind[arc] != HIDDEN]
    lines = [Line(int(world.arc_kind[arc]), run) for arc in visible for run in clip.runs(pieces[arc])]
    return Outlines(tuple(land), tuple(lines), oversampling)


def _in_view(world: World, frame: Frame) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which arcs touch the picture, and the indices of the rings that do and are large enough to see."""
    large = world.ring_caps.radii * frame.scale > _SMALLEST
    if not isinstance(frame.projection, Azimuthal):
        return np.ones(len(world.arc_kind), dtype=np.bool_), np.flatnonzero(large)
    centre = unit_vectors(np.array([[frame.projection.lon, frame.projection.lat]]))[0]
    edge = unit_vectors(frame.border())
    radius = float(np.arccos(np.clip(edge @ centre, -1.0, 1.0)).max()) + _OUTSIDE / frame.scale
    return world.arc_caps.touch(centre, radius), np.flatnonzero(large & world.ring_caps.touch(centre, radius))


def _pieces(
    world: World, frame: Frame, in_view: NDArray[np.bool_], rings: NDArray[np.int64], oversampling: int
) -> dict[int, _Piece]:
    """The arcs of the rings in pixels, by index, simplified to what the scale can show."""
    members = np.zeros(len(world.ring_start) - 1, dtype=np.bool_)
    members[rings] = True
    flat = world.ring_arcs[np.repeat(members, np.diff(world.ring_start))]
    used = np.unique(np.where(flat >= 0, flat, ~flat))
    detail_km = _DETAIL * frame.km_per_pixel
    level = max(0, round(2 * np.log2(detail_km / world.finest_km)))
    lengths = np.diff(world.arc_start)
    wanted = np.full(len(lengths), 256)
    wanted[used] = np.minimum(np.where(in_view[used], level, level + _BEYOND), 255)
    keep = world.level >= np.repeat(wanted, lengths)
    pixels = frame.pixels(world.points[keep]) * oversampling
    start = np.concatenate([[0], np.cumsum(np.add.reduceat(keep, world.arc_start[:-1], dtype=np.int64)[used])])
    inside = _inside(pixels, start[:-1], frame, oversampling).tolist()
    bounds = zip(start[:-1].tolist(), start[1:].tolist(), inside, strict=True)
    return {arc: _Piece(pixels[a:b], whole) for arc, (a, b, whole) in zip(used.tolist(), bounds, strict=True)}


def _inside(pixels: Points, start: NDArray[np.int64], frame: Frame, oversampling: int) -> NDArray[np.bool_]:
    """For each stretch of the points whether all of it lies in the picture."""
    if not len(pixels):
        return np.empty(0, dtype=np.bool_)
    low, high = np.minimum.reduceat(pixels, start), np.maximum.reduceat(pixels, start)
    return np.asarray(np.all((low >= 0) & (high <= np.multiply(frame.size, oversampling)), axis=1))


def _ring(world: World, ring: int, pieces: dict[int, _Piece]) -> _Piece:
    arcs = world.ring_arcs[world.ring_start[ring] : world.ring_start[ring + 1]].tolist()
    if len(arcs) == 1:
        return pieces[arcs[0] if arcs[0] >= 0 else ~arcs[0]]
    return _Piece(np.concatenate([pieces[i].points if i >= 0 else pieces[~i].points[::-1] for i in arcs]), inside=False)


@dataclass(frozen=True, slots=True)
class _Clip:
    """A rectangle that shapes are cut to, and the step after which a cylinder repeats."""

    low: tuple[float, float]
    high: tuple[float, float]
    period: float | None

    @classmethod
    def of(cls, frame: Frame, oversampling: int) -> "_Clip":
        width, height = (side * oversampling for side in frame.size)
        period = frame.period and frame.period * oversampling
        return cls((-_OUTSIDE, -_OUTSIDE), (width + _OUTSIDE, height + _OUTSIDE), period)

    def areas(self, ring: _Piece) -> Iterator[Points]:
        """What is left of the ring inside, once for each turn of a cylinder on which it shows."""
        shapes = [ring.points] if ring.inside else self._turns(self._closed(ring.points))
        for shape in shapes:
            inside = shape if ring.inside or self._all_in(shape) else self._cut(shape)
            if len(inside) > 2:
                yield inside

    def runs(self, line: _Piece) -> Iterator[Points]:
        """The stretches of the line that touch the inside, once for each turn of a cylinder."""
        if line.inside:
            yield line.points
            return
        for shape in self._turns(line.points):
            low, high = np.minimum(shape[:-1], shape[1:]), np.maximum(shape[:-1], shape[1:])
            near = np.all((high >= self.low) & (low <= self.high), axis=1)
            edges = np.flatnonzero(np.diff(near, prepend=False, append=False))
            yield from (shape[a : b + 1] for a, b in zip(edges[::2], edges[1::2], strict=True))

    def _closed(self, ring: Points) -> Points:
        """The ring without jumps over the date line; one that goes round a pole is closed along the picture's edge."""
        if not self.period or not np.any(np.abs(np.diff(ring[:, 0])) > self.period / 2):
            return ring
        ring = np.stack([np.unwrap(ring[:, 0], period=self.period), ring[:, 1]], axis=1)
        if abs(ring[-1, 0] - ring[0, 0]) < self.period / 2:
            return ring
        beyond = self.high[1] + 1 if ring[:, 1].mean() > self.high[1] / 2 else self.low[1] - 1
        return np.concatenate([ring, [[ring[-1, 0], beyond], [ring[0, 0], beyond]]])

    def _turns(self, shape: Points) -> Iterator[Points]:
        """The shape wherever it comes near the inside: at most once, but for cylinders."""
        (left, upper), (right, lower) = shape.min(axis=0), shape.max(axis=0)
        if lower < self.low[1] or upper > self.high[1]:
            return
        if self.period:
            first, last = np.ceil((self.low[0] - right) / self.period), np.floor((self.high[0] - left) / self.period)
            yield from (shape + np.array([turn * self.period, 0.0]) for turn in range(int(first), int(last) + 1))
        elif right >= self.low[0] and left <= self.high[0]:
            yield shape

    def _all_in(self, shape: Points) -> bool:
        return bool(np.all((shape >= self.low) & (shape <= self.high)))

    def _cut(self, shape: Points) -> Points:
        """Sutherland and Hodgman 1974: the polygon cut by one edge of the rectangle after another."""
        for axis in (0, 1):
            for sign, bound in ((1.0, self.low[axis]), (-1.0, -self.high[axis])):
                shape = _cut_by(shape, sign * shape[:, axis] - bound)
        return shape


def _cut_by(shape: Points, depth: NDArray[np.float64]) -> Points:
    """The part of the polygon where ``depth`` (one value per corner) isn't negative."""
    inside = depth >= 0
    if inside.all() or not inside.any():
        return shape if len(shape) and inside.all() else np.empty((0, 2))
    after, depth_after = np.roll(shape, -1, axis=0), np.roll(depth, -1)
    crossing = np.flatnonzero(inside != np.roll(inside, -1))
    share = depth[crossing] / (depth[crossing] - depth_after[crossing])
    met = shape[crossing] + share[:, None] * (after[crossing] - shape[crossing])
    order = np.argsort(np.concatenate([np.flatnonzero(inside), crossing + 0.5]), kind="stable")
    return np.asarray(np.concatenate([shape[inside], met])[order])
