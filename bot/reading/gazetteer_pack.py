"""Packs the place index's entries into the arrays and lists of a folder that ``gazetteer`` opens."""

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from struct import Struct

import numpy as np

from bot.ports import Progress
from bot.reading.gazetteer import RECORD, Level, Match, key_of
from bot.reading.geography import fold, sound

_PACKED = Struct("<qfffqH5s2sBiiiIH")  # RECORD, which numpy would take long to fill a row at a time
_HEARD = 1000  # inhabitants of the smallest town that is found by the sound of its name alone
_COMPLETED = 5000  # inhabitants of the smallest town whose name is offered for completion


@dataclass(slots=True)
class Entry:
    """A record on its way into the index."""

    id: int
    name: str
    code: str
    level: Level
    lat: float
    lon: float
    country: str | None = None  # ISO code
    admin1: str | None = None  # GeoNames code of the subdivision: 'UA.05'
    admin2: str | None = None
    key: str | None = None  # a country's or subdivision's own code, by which others refer to it
    population: int = 0
    extent: float = 0.0  # km
    names: dict[str, Match] = field(default_factory=dict)  # folded -> the best way in which the record bears the name
    members: tuple[str, ...] = ()  # of a region: countries and subdivisions wholly inside, as the table has them
    folded: str = ""  # the folded name

    def __post_init__(self) -> None:
        self.folded = fold(self.name)
        self.names[self.folded] = Match.NAME

    def bear(self, names: Iterable[str], match: Match) -> None:
        """Take further names, unless they are borne in a better way already; an alias like 'UAE' is an abbreviation."""
        for name in names:
            folded, match = fold(name), Match.ABBREVIATION if match == Match.ALIAS and is_code(name) else match
            if folded and match < self.names.get(folded, Match.NONE):
                self.names[folded] = match


def is_code(name: str) -> bool:
    """Whether a name is written as an acronym or code: 'UAE', 'JFK'."""
    return len(name) <= 4 and name.isascii() and name.isalpha() and name.isupper()


@dataclass(frozen=True, slots=True)
class Further:
    """Entries that are too many to be held at once."""

    entries: Iterable[Entry] = ()
    at_most: int = 0  # how many there may be


def pack(
    folder: Path,
    entries: Sequence[Entry],
    members: Mapping[int, Sequence[int]],
    sure: Mapping[str, bool],
    progress: Progress,
    further: Further | None = None,
) -> None:
    """Write the index of the entries; ``members`` are rows by a region's row, ``sure`` names places anywhere."""
    more = further or Further()
    row_of = {e.key: row for row, e in enumerate(entries) if e.key}
    postings, completions, total = _Postings(), _Completions(), len(entries) + more.at_most
    ends = array("Q")
    with (
        (folder / "records.bin").open("wb") as records,
        (folder / "names.bin").open("wb") as names,
        (folder / "aliases.bin").open("wb") as aliases,
    ):
        for row, entry in enumerate(chain(entries, more.entries)):
            if row % 4000 == 0:
                progress(50 + row * 40 // total, 100)
            name = entry.name.encode()
            records.write(_record(entry, row_of, names.tell(), len(name)))
            names.write(name)
            aliases.write("\n".join(entry.names).encode())
            ends.append(aliases.tell())
            postings.add(row, entry)
            completions.add(entry)
    np.save(folder / "alias_ends.npy", np.frombuffer(ends, dtype=np.uint64))
    postings.write(folder)
    progress(95, 100)
    _write_order(folder)
    completions.write(folder)
    (folder / "members.json").write_text(json.dumps(members))
    lines = (f"{name}\t{'a' if acronym else 'n'}" for name, acronym in sorted(sure.items()))
    (folder / "sure.tsv").write_text("\n".join(lines), encoding="utf-8")
    progress(100, 100)


def _record(entry: Entry, row_of: Mapping[str, int], name_at: int, name_size: int) -> bytes:
    """The entry's row of the table of records."""
    record = (
        entry.id, entry.lat, entry.lon, entry.extent, entry.population, len(entry.names), entry.code.encode(),
        (entry.country or "").encode(), entry.level, row_of.get(entry.country or "", -1),
        row_of.get(entry.admin1 or "", -1), row_of.get(entry.admin2 or "", -1), name_at, name_size,
    )  # fmt: skip
    return _PACKED.pack(*record)


class _Postings:
    """The keys of all names; the records of each and how they bear the name. Flat arrays: there may be millions."""

    def __init__(self) -> None:
        self._keys, self._rows, self._matches = array("Q"), array("I"), array("B")

    def add(self, row: int, entry: Entry) -> None:
        """Take an entry's names."""
        for name, match in entry.names.items():
            self._post(name, row, match)
        if entry.level != Level.TOWN or entry.population >= _HEARD:
            self._post("~" + sound(entry.folded), row, Match.VARIANT)

    def _post(self, key: str, row: int, match: Match) -> None:
        self._keys.append(key_of(key))
        self._rows.append(row)
        self._matches.append(match)

    def write(self, folder: Path) -> None:
        """The sorted keys; from each, where its records begin; the records and how they bear the name."""
        keys = np.frombuffer(self._keys, dtype=np.uint64)
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        np.save(folder / "keys.npy", ordered[first])
        np.save(folder / "starts.npy", np.append(first, len(keys)).astype(np.uint32))
        np.save(folder / "rows.npy", np.frombuffer(self._rows, dtype=np.uint32)[order])
        np.save(folder / "matches.npy", np.frombuffer(self._matches, dtype=np.uint8)[order])


class _Completions:
    """Names to complete: of larger towns and all else but districts."""

    def __init__(self) -> None:
        self._best: dict[tuple[str, str], int] = {}

    def add(self, entry: Entry) -> None:
        """Take an entry's name, if it is of that kind."""
        if entry.level != Level.ADMIN2 and (entry.level != Level.TOWN or entry.population >= _COMPLETED):
            known = self._best.get((entry.folded, entry.name), 0)
            self._best[entry.folded, entry.name] = max(known, entry.population or 1_000_000)

    def write(self, folder: Path) -> None:
        """The names, one a line after their folded form, with the number of people."""
        lines = (f"{folded}\t{name}\t{people}" for (folded, name), people in sorted(self._best.items()))
        (folder / "completions.tsv").write_text("\n".join(lines), encoding="utf-8")


def _write_order(folder: Path) -> None:
    """Rows sorted by id, to find a record; rows of towns sorted by size, for maps."""
    records = np.memmap(folder / "records.bin", RECORD, "r")
    np.save(folder / "by_id.npy", np.argsort(records["id"], kind="stable").astype(np.uint32))
    towns = np.flatnonzero(records["level"] == Level.TOWN)
    by_size = towns[np.argsort(-records["population"][towns], kind="stable")].astype(np.uint32)
    np.save(folder / "by_size.npy", by_size)
    np.save(folder / "town_lats.npy", records["lat"][by_size])
    np.save(folder / "town_lons.npy", records["lon"][by_size])
