"""Dumps of GeoNames that a user adds to the place index: checked, cut down to what news names, kept beside the index.

A dump is a country's file, ``allCountries`` or ``cities500`` of https://download.geonames.org/export/dump/, zipped or
not: a line a place, 19 columns parted by tabs, as its readme.txt says. What is kept of it, in ``geonames/`` in the
cache folder, is part of every index built from then on.
"""

import gzip
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO

from bot.errors import GazetteerError, InputError, NotFound
from bot.ports import Progress

COLUMNS = 19
_KEPT = (0, 1, 3, 4, 5, 7, 8, 10, 11, 14)  # the columns that are kept, in the order of ``Row``
_LONGEST_LINE = 1 << 20  # bytes
_STEP = 20_000  # lines between two reports of progress
_HIGHEST_ID = 1 << 28  # GeoNames has given out some 13 million so far
_FILE = re.compile(r"(?P<name>.+)\.(?P<rows>\d+)\.(?P<digest>[0-9a-f]{16})\.tsv\.gz")
_COUNTRY = re.compile(r"[A-Z]{2}|")

# What of a dump is kept, by feature class and code (https://www.geonames.org/export/codes.html); () is all of a class.
# Left out: buildings, farms, roads, small subdivisions, which repeat their towns, and all that has no fixed spot.
CHOSEN: dict[str, tuple[str, ...]] = {
    "P": (),
    "A": ("ADM1", "ADM2", "ADM3", "TERR"),
    "H": ("BAY", "BAYS", "CHN", "GULF", "LGN", "LK", "LKS", "RSV", "SD", "SEA", "STM", "STRT", "WAD"),
    "T": ("CAPE", "DSRT", "DLTA", "ISL", "ISLS", "MT", "MTS", "PASS", "PEN", "PLAT", "PLN", "VAL", "VLC"),
    "L": ("AREA", "INDS", "MILB", "OAS", "OILF", "PRK", "PRT", "RES", "RESN", "RGN"),
    "S": ("AIRB", "AIRP", "CMPRF", "DAM", "MILB", "MN", "PS", "PSN"),
}


@dataclass(frozen=True, slots=True)
class Import:
    """A dump as it is kept."""

    name: str  # of the file that was imported, without its ending: 'UA'
    rows: int  # places taken from it
    path: Path


@dataclass(frozen=True, slots=True)
class Row:
    """One place of a dump."""

    id: int
    name: str
    others: tuple[str, ...]  # its names in other languages and spellings
    lat: float
    lon: float
    code: str  # feature code
    country: str | None
    admin1: str  # GeoNames' codes, '' for none
    admin2: str
    population: int


def imports(cache: Path) -> tuple[Import, ...]:
    """What has been imported into the index of the folder ``cache``, the newest first."""
    known = [(path.stat().st_mtime_ns, match, path) for path, match in _files(cache)]
    ordered = sorted(known, key=lambda k: (-k[0], k[2].name))
    return tuple(Import(match["name"], int(match["rows"]), path) for _, match, path in ordered)


def add(cache: Path, file: Path, progress: Progress) -> Import:
    """Keep what news names of a dump, in place of an earlier import of that name; progress is told in bytes.

    Raises:
        InputError: the file isn't a dump of GeoNames; the message names the line and what is wrong with it.
        GazetteerError: the cache folder can't be written.
    """
    name = file.name.removesuffix(".zip").removesuffix(".txt")
    try:
        _folder(cache).mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=".import-", dir=_folder(cache))
        try:
            rows, digest = _keep(file, os.fdopen(handle, "wb"), progress)
            path = _folder(cache) / f"{name}.{rows}.{digest}.tsv.gz"
            Path(draft).rename(path)
        finally:
            Path(draft).unlink(missing_ok=True)
    except OSError as error:
        raise GazetteerError(f"{file} can't be kept in {_folder(cache)}: {error.strerror or error}") from error
    for old, match in _files(cache):
        if match["name"] == name and old != path:
            old.unlink(missing_ok=True)
    return Import(name, rows, path)


def remove(cache: Path, name: str) -> Import:
    """Forget an import and return it; the index is rebuilt without it when next opened.

    Raises:
        NotFound: nothing of that name was imported.
    """
    known = imports(cache)
    found = next((i for i in known if i.name == name), None)
    if found is None:
        names = ", ".join(i.name for i in known) or "nothing"
        raise NotFound(f"no import is called {name!r}; imported so far: {names}", tuple(i.name for i in known))
    found.path.unlink(missing_ok=True)
    return found


def rows(kept: Sequence[Import], wanted: Container[int] | None = None) -> Iterator[Row]:
    """The places of all imports, each id once, as the newest import has it; only the ``wanted`` ids, if given."""
    seen = _Seen()
    for each in kept:
        with gzip.open(each.path, "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                number = int(line[: line.index("\t")])
                if seen.is_new(number) and (wanted is None or number in wanted):
                    yield _row(line.rstrip("\n").split("\t"))


class _Seen:
    """Which ids have come by: a bit for each, since there are millions."""

    def __init__(self) -> None:
        self._bits = bytearray(_HIGHEST_ID >> 3)

    def is_new(self, number: int) -> bool:
        """Whether the id comes for the first time."""
        at, bit = number >> 3, 1 << (number & 7)
        new = not self._bits[at] & bit
        self._bits[at] |= bit
        return new


def _folder(cache: Path) -> Path:
    return cache / "geonames"


def _files(cache: Path) -> Iterator[tuple[Path, re.Match[str]]]:
    for path in _folder(cache).glob("*.tsv.gz"):
        if match := _FILE.fullmatch(path.name):
            yield path, match


def _keep(file: Path, draft: IO[bytes], progress: Progress) -> tuple[int, str]:
    """Write the chosen lines of the dump; how many there were, and a digest of them."""
    digest, count = blake2b(digest_size=8), 0
    with (
        draft,
        gzip.GzipFile(fileobj=draft, mode="wb", compresslevel=3, mtime=0) as packed,
        _opened(file) as (dump, size),
    ):
        for number, line in enumerate(iter(lambda: dump.readline(_LONGEST_LINE), b""), 1):
            if number % _STEP == 0:
                progress(min(dump.tell(), size), size)
            chosen = _chosen(file, number, line)
            if chosen:
                digest.update(chosen)
                packed.write(chosen)
                count += 1
    if not count:
        raise InputError(f"{file}: there is no place in it that the index takes")
    progress(size, size)
    return count, digest.hexdigest()


@contextmanager
def _opened(file: Path) -> Iterator[tuple[IO[bytes], int]]:
    """The dump's lines, out of its zip where it comes in one, and how many bytes they are."""
    try:
        if not zipfile.is_zipfile(file):
            with file.open("rb") as dump:
                yield dump, file.stat().st_size
            return
        with zipfile.ZipFile(file) as archive:
            inner = [
                i for i in archive.infolist() if i.filename.endswith(".txt") and "readme" not in i.filename.lower()
            ]
            if len(inner) != 1:
                raise InputError(
                    f"{file}: a zipped dump of GeoNames has one .txt besides its readme, this has {len(inner)}"
                )
            with archive.open(inner[0]) as dump:
                yield dump, inner[0].file_size
    except FileNotFoundError as error:
        raise InputError(f"{file}: there is no such file; give a dump of GeoNames, such as UA.zip") from error
    # zipfile says NotImplementedError of a way of packing that it doesn't know
    except (zipfile.BadZipFile, zlib.error, IsADirectoryError, PermissionError, NotImplementedError) as error:
        raise InputError(f"{file}: can't be read ({error})") from error


def _chosen(file: Path, number: int, line: bytes) -> bytes | None:
    """What is kept of a line; None for a kind of place that is left out. Raises InputError."""
    try:
        cells = _cells(line)
        codes = CHOSEN.get(cells[6])
        if codes is None or (codes and cells[7] not in codes):
            return None
        kept = [cells[column] for column in _KEPT]
        _check(_row(kept))
    except ValueError as error:
        what = "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        raise InputError(f"{file}, line {number}: {what}; see the readme.txt beside GeoNames' dumps") from error
    return ("\t".join(kept) + "\n").encode()


def _cells(line: bytes) -> list[str]:
    """The columns of a line. Raises ValueError where there are more or fewer than there should be."""
    cells = line.decode("utf-8").rstrip("\r\n").split("\t")
    if len(cells) != COLUMNS:
        raise ValueError(f"{len(cells)} columns where a dump of GeoNames has {COLUMNS}")
    return cells


def _row(cells: list[str]) -> Row:
    ident, name, others, lat, lon, code, country, admin1, admin2, population = cells
    named = tuple(others.split(",")) if others else ()
    return Row(
        int(ident), name, named, float(lat), float(lon), code, country or None, admin1, admin2, int(population or 0)
    )


def _check(row: Row) -> None:
    """Raises ValueError for a place that can't be."""
    if not 0 < row.id < _HIGHEST_ID:
        raise ValueError(f"{row.id} is no geonameid")
    if not row.name.strip():
        raise ValueError("a place without a name")
    if not all(map(str.isprintable, (row.name, *row.others))):
        raise ValueError("a name with control characters in it")
    if not (-90 <= row.lat <= 90 and -180 <= row.lon <= 180):
        raise ValueError(f"{row.lat}, {row.lon} is nowhere on Earth")
    if not _COUNTRY.fullmatch(row.country or ""):
        raise ValueError(f"{row.country!r} is no country code")
    if row.population < 0:
        raise ValueError(f"{row.population} is no number of inhabitants")
