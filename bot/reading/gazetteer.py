"""The place index: which records bear a name, where they lie, what lies in what. Memory-mapped arrays, read only."""

import json
import mmap
import shutil
import tempfile
from bisect import bisect_left
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import GazetteerError, NotFound
from bot.ports import Progress
from bot.reading.geography import fold, km, sound
from bot.types import Place

REMEMBERED = 20_000  # names whose records are kept at hand: the news names the same places again and again
_LONGEST_BUILD = 6 * 3600.0  # seconds: an unfinished folder that is older is nobody's any more
Rows = NDArray[np.int64]


class Level(IntEnum):
    """What a record is a record of."""

    TOWN = 0  # or another spot, where a dump was imported
    ADMIN2 = 1  # county, district
    ADMIN1 = 2  # state, province, oblast
    COUNTRY = 3
    REGION = 4  # a region, water, range, island or landmark of our own table, or a continent


class Match(IntEnum):
    """How a record bears a name, the best way first."""

    NAME = 0
    PLAIN = 1  # a subdivision's name without the word for its kind: 'Donetsk'
    ALIAS = 2  # in another language or spelling
    FORMER = 3
    ABBREVIATION = 4  # 'Ga.', 'UAE', 'NYC'
    DEMONYM = 5  # 'Ukrainian'
    METONYM = 6  # 'the Kremlin'
    VARIANT = 7  # sounds alike, and nothing bears the name itself
    NONE = 8


RECORD = np.dtype(
    [
        ("id", "i8"), ("lat", "f4"), ("lon", "f4"), ("extent", "f4"), ("population", "i8"), ("fame", "u2"),
        ("code", "S5"), ("iso", "S2"), ("level", "u1"),
        ("country", "i4"), ("admin1", "i4"), ("admin2", "i4"),
        ("name_at", "u4"), ("name_size", "u2"),
    ]
)  # fmt: skip

# fame: how many names the record has in all languages, a measure of how widely it is known.
# Feature codes of records that can have towns in them; rivers, straits and states that are no more have none.
_AREAS = frozenset(b"RGN PEN ISL ISLS DSRT VAL MTS PLN PLAT DLTA CONT".split())
_QUARTER = 15.0  # km: a town so near to a better known one is rather a part of it, whatever its code
_BETTER_KNOWN = 3  # times as many names
_CORE = 0.7  # the share of a region's extent within which it surely holds what our table doesn't name


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that bears a looked-up name."""

    place: Place
    match: Match
    level: Level
    extent: float  # km: the radius of the circle that holds most of it


def key_of(folded: str) -> int:
    """The 64-bit key under which the index files a folded name."""
    return int.from_bytes(blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def open_gazetteer(cache: Path, progress: Progress | None = None) -> "Gazetteer":
    """The place index of the folder ``cache``; built there first when absent or made from other data than is installed.

    Raises:
        GazetteerError: the folder can't be written, or the index in it can't be read.
    """
    from bot.reading.gazetteer_build import build, stamp
    from bot.reading.gazetteer_import import imports

    home = cache / f"gazetteer-{stamp(cache)}"
    if not home.is_dir():
        try:
            cache.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix=".gazetteer-", dir=cache))
        except OSError as error:
            raise GazetteerError(
                f"can't make the place index in {cache}: {error.strerror}; choose another folder"
            ) from error
        try:
            build(draft, progress or (lambda _done, _all: None), imports(cache))
            _settle(draft, home)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return Gazetteer(home)


def _settle(draft: Path, home: Path) -> None:
    """Put a finished index in its place, unless another process was quicker, and take away those of other data."""
    try:
        draft.rename(home)
    except OSError:
        if not home.is_dir():
            raise
    for old in home.parent.glob("gazetteer-*"):
        if old != home:
            shutil.rmtree(old, ignore_errors=True)
    for left in home.parent.glob(".gazetteer-*"):  # of a build that was killed
        if left.stat().st_mtime < home.stat().st_mtime - _LONGEST_BUILD:
            shutil.rmtree(left, ignore_errors=True)


def _mapped(folder: Path, name: str) -> Any:
    """The array, left on disk until touched; a plain view of it, since memmap's own indexing is slow."""
    return np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)


def _bytes(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class Gazetteer:
    """The open index. Cheap to open, shared between threads; rows are its internal numbers of records."""

    def __init__(self, folder: Path) -> None:
        try:
            self.records = np.memmap(folder / "records.bin", RECORD, "r").view(np.ndarray)
            self._keys, self._starts = _mapped(folder, "keys"), _mapped(folder, "starts")
            self._rows, self._matches = _mapped(folder, "rows"), _mapped(folder, "matches")
            self._by_id, self._by_size = _mapped(folder, "by_id"), _mapped(folder, "by_size")
            self._lats, self._lons = _mapped(folder, "town_lats"), _mapped(folder, "town_lons")
            self._alias_ends = _mapped(folder, "alias_ends")
            self._names, self._aliases = _bytes(folder / "names.bin"), _bytes(folder / "aliases.bin")
            members = json.loads((folder / "members.json").read_text())
        except (OSError, ValueError) as error:
            raise GazetteerError(f"the place index in {folder} can't be read ({error}); delete that folder") from error
        self._filed = lru_cache(maxsize=REMEMBERED)(self._postings)
        self._found = lru_cache(maxsize=REMEMBERED)(self._looked_up)
        self._told = lru_cache(maxsize=REMEMBERED)(self._told_of)
        self._members = {int(row): frozenset(inner) for row, inner in members.items()}
        self._folder = folder

    def find(self, name: str) -> tuple[Rows, Rows]:
        """Rows of the records that bear the name, and how (``Match``) each does; else those that sound alike."""
        return self._found(name)

    def _looked_up(self, name: str) -> tuple[Rows, Rows]:
        folded = fold(name)
        rows, matches = self._filed(folded)
        if not len(rows) and len(folded) > 5:
            return self._filed("~" + sound(folded))
        return rows, matches

    def named(self, name: str) -> tuple[Rows, Rows]:
        """As ``find``, but of those that bear the name itself only."""
        return self._filed(fold(name))

    def _postings(self, key: str) -> tuple[Rows, Rows]:
        number = np.uint64(key_of(key))
        at = int(np.searchsorted(self._keys, number))
        if at == len(self._keys) or self._keys[at] != number:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        start, end = int(self._starts[at]), int(self._starts[at + 1])
        return self._rows[start:end].astype(np.int64), self._matches[start:end].astype(np.int64)

    def lookup(self, name: str) -> tuple[Candidate, ...]:
        """All records that bear the name: by how they bear it, the most populous first; none for an unknown name."""
        rows, matches = self.find(name)
        order = sorted(range(len(rows)), key=lambda i: (int(matches[i]), -self._weight(int(rows[i]))))
        return tuple(
            Candidate(
                self.place_at(int(rows[i])), Match(int(matches[i])), Level(int(self.records["level"][rows[i]])),
                float(self.records["extent"][rows[i]]),
            )
            for i in order
        )  # fmt: skip

    def _weight(self, row: int) -> int:
        return int(self.records["population"][row])

    def place_at(self, row: int, confidence: float = 1.0, alternatives: tuple[Place, ...] = ()) -> Place:
        """The record as the rest of the program knows it."""
        ident, name, code, iso, state, lat, lon, people = self._told(row)
        return Place(ident, name, code, iso, state, lat, lon, confidence, people, alternatives)

    def _told_of(self, row: int) -> tuple[int, str, str, str | None, str | None, float, float, int]:
        """What is told of a record: id, name, feature code, country's code, state, latitude, longitude, inhabitants."""
        record = self.records[row]
        admin1 = int(record["admin1"])
        return (
            int(record["id"]), self.name_at(row), record["code"].decode(), record["iso"].decode() or None,
            self.name_at(admin1) if admin1 >= 0 else None,
            round(float(record["lat"]), 5), round(float(record["lon"]), 5), int(record["population"]),
        )  # fmt: skip

    def name_at(self, row: int) -> str:
        """The record's own name."""
        record = self.records[row]
        return self._names[int(record["name_at"]) : int(record["name_at"]) + int(record["name_size"])].decode()

    def spellings(self, geonameid: int) -> tuple[str, ...]:
        """The folded names under which the record is found, its own first. Raises NotFound."""
        row = self.row(geonameid)
        begin = int(self._alias_ends[row - 1]) if row else 0
        return tuple(self._aliases[begin : int(self._alias_ends[row])].decode().split("\n"))

    def place(self, geonameid: int) -> Place:
        """The record of that id.

        Raises:
            NotFound: the index has none.
        """
        return self.place_at(self.row(geonameid))

    def row(self, geonameid: int) -> int:
        """The row of the record with that id. Raises NotFound."""
        at = bisect_left(self._by_id, geonameid, key=lambda row: self.records["id"][row])
        if at == len(self._by_id) or self.records["id"][self._by_id[at]] != geonameid:
            raise NotFound(f"no place has the GeoNames id {geonameid} in this index")
        return int(self._by_id[at])

    def containers(self, geonameid: int) -> tuple[Place, ...]:
        """What holds the place, nearest first: district, subdivision, our own regions by extent, country."""
        row = self.row(geonameid)
        record = self.records[row]
        regions = [r for r in self._regions if r != row and self._region_holds(r, row)]
        regions.sort(key=lambda r: float(self.records["extent"][r]))
        own, country = [int(record["admin2"]), int(record["admin1"])], int(record["country"])
        rows = [*own, *(r for r in regions if self.records["extent"][r] < self._extent(country)), country]
        return tuple(self.place_at(r) for r in dict.fromkeys(rows) if r >= 0 and r != row)

    def contains(self, outer: int, inner: int) -> bool:
        """Whether the record ``outer`` holds the record ``inner`` (both GeoNames ids); a place doesn't hold itself."""
        return self.holds(self.row(outer), self.row(inner))

    def holds(self, outer: int, inner: int) -> bool:
        """Whether the record in row ``outer`` holds the one in row ``inner``."""
        record = self.records[inner]
        if outer == inner:
            return False
        if outer in {int(record["admin2"]), int(record["admin1"]), int(record["country"])}:
            return True
        return int(self.records["level"][outer]) == Level.REGION and self._region_holds(outer, inner)

    def _region_holds(self, region: int, row: int) -> bool:
        record = self.records[row]
        if members := self._members.get(region):
            return bool(members & {row, int(record["admin2"]), int(record["admin1"]), int(record["country"])})
        outer = self.records[region]
        if outer["code"] not in _AREAS or record["extent"] > outer["extent"] / 2:
            return False
        apart = km(float(outer["lat"]), float(outer["lon"]), float(record["lat"]), float(record["lon"]))
        return apart <= _CORE * float(outer["extent"])

    @cached_property
    def _regions(self) -> list[int]:
        return [int(row) for row in np.flatnonzero(self.records["level"] == Level.REGION)]

    def _extent(self, row: int) -> float:
        return float(self.records["extent"][row]) if row >= 0 else float("inf")

    @cached_property
    def countries(self) -> dict[str, int]:
        """Rows of the countries by ISO code."""
        rows = np.flatnonzero(self.records["level"] == Level.COUNTRY)
        return {self.records["iso"][row].decode(): int(row) for row in rows}

    @cached_property
    def sure_names(self) -> dict[str, bool]:
        """Folded names that mean a country, a continent or their people wherever they stand; true: in capitals only."""
        lines = (self._folder / "sure.tsv").read_text(encoding="utf-8").splitlines()
        return {name: kind == "a" for name, kind in (line.split("\t") for line in lines)}

    @cached_property
    def sure_starts(self) -> frozenset[str]:
        """The first words of the sure names."""
        return frozenset(name.split(" ")[0] for name in self.sure_names) | {"the"}

    def towns_within(self, south: float, west: float, north: float, east: float, limit: int) -> tuple[Place, ...]:
        """The largest towns in the rectangle, largest first; ``west`` > ``east`` for one across the date line.

        What is as near as a quarter to a town that has several times as many names is left out.
        """
        lons = (
            (self._lons >= west) & (self._lons <= east) if west <= east else (self._lons >= west) | (self._lons <= east)
        )
        inside = np.flatnonzero((self._lats >= south) & (self._lats <= north) & lons)[: 2 * limit]
        lats, lons, fame = self._lats[inside], self._lons[inside], self.records["fame"][self._by_size[inside]]
        beside = km(lats[:, None], lons[:, None], lats, lons) < _QUARTER
        quarters = (beside & (fame > _BETTER_KNOWN * fame[:, None])).any(axis=1)
        return tuple(self.place_at(int(self._by_size[i])) for i in inside[~quarters][:limit])

    def complete(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Names that begin so, whatever the case and the diacritics: the most populous first, at most ``limit``."""
        folded = fold(prefix)
        lines = self._completion_lines
        begin = bisect_left(lines, folded)
        found = []
        for line in lines[begin:]:
            if not line.startswith(folded):
                break
            found.append(line.split("\t"))
        found.sort(key=lambda parts: -int(parts[2]))
        return tuple(dict.fromkeys(name for _, name, _ in found))[:limit] if folded else ()

    @cached_property
    def _completion_lines(self) -> list[str]:
        return (self._folder / "completions.tsv").read_text(encoding="utf-8").split("\n")
