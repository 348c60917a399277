"""Packs the place index's entries into the arrays and lists of a folder that ``gazetteer`` opens."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bot.ports import Progress
from bot.reading.gazetteer import RECORD, Level, Match, key_of
from bot.reading.geography import fold, sound

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


def pack(
    folder: Path,
    entries: Sequence[Entry],
    members: Mapping[int, Sequence[int]],
    sure: Mapping[str, bool],
    progress: Progress,
) -> None:
    """Write the index of the entries; ``members`` are rows by a region's row, ``sure`` names places anywhere."""
    records, names = _records(entries)
    np.save(folder / "records.npy", records)
    (folder / "names.bin").write_bytes(names)
    _write_keys(folder, entries, progress)
    _write_order(folder, records)
    _write_completions(folder, entries)
    (folder / "members.json").write_text(json.dumps(members))
    lines = (f"{name}\t{'a' if acronym else 'n'}" for name, acronym in sorted(sure.items()))
    (folder / "sure.tsv").write_text("\n".join(lines), encoding="utf-8")
    progress(100, 100)


def _records(entries: Sequence[Entry]) -> tuple[Any, bytes]:
    """The table of records, and their names end to end."""
    row_of = {e.key: row for row, e in enumerate(entries) if e.key}
    records, names = np.zeros(len(entries), dtype=RECORD), bytearray()
    for row, e in enumerate(entries):
        name = e.name.encode()
        records[row] = (
            e.id, e.lat, e.lon, e.extent, e.population, len(e.names), e.code.encode(), (e.country or "").encode(),
            e.level, row_of.get(e.country or "", -1), row_of.get(e.admin1 or "", -1), row_of.get(e.admin2 or "", -1),
            len(names), len(name),
        )  # fmt: skip
        names += name
    return records, bytes(names)


def _write_keys(folder: Path, entries: Sequence[Entry], progress: Progress) -> None:
    """The sorted keys of all names; from each, where its records begin; the records and how they bear the name."""
    keys: list[int] = []
    rows: list[int] = []
    matches: list[int] = []
    for row, e in enumerate(entries):
        if row % 4000 == 0:
            progress(50 + row * 45 // len(entries), 100)
        borne = list(e.names.items())
        if e.level != Level.TOWN or e.population >= _HEARD:
            borne.append(("~" + sound(e.folded), Match.VARIANT))
        keys += [key_of(name) for name, _ in borne]
        rows += [row] * len(borne)
        matches += [match for _, match in borne]
    _write_postings(folder, np.array(keys, dtype=np.uint64), rows, matches)


def _write_postings(folder: Path, keys: Any, rows: list[int], matches: list[int]) -> None:
    order = np.argsort(keys, kind="stable")
    unique, first = np.unique(keys[order], return_index=True)
    np.save(folder / "keys.npy", unique)
    np.save(folder / "starts.npy", np.append(first, len(keys)).astype(np.uint32))
    np.save(folder / "rows.npy", np.array(rows, dtype=np.uint32)[order])
    np.save(folder / "matches.npy", np.array(matches, dtype=np.uint8)[order])


def _write_order(folder: Path, records: Any) -> None:
    """Rows sorted by id, to find a record; rows of towns sorted by size, for maps."""
    np.save(folder / "by_id.npy", np.argsort(records["id"], kind="stable").astype(np.uint32))
    towns = np.flatnonzero(records["level"] == Level.TOWN)
    by_size = towns[np.argsort(-records["population"][towns], kind="stable")].astype(np.uint32)
    np.save(folder / "by_size.npy", by_size)
    np.save(folder / "town_lats.npy", records["lat"][by_size])
    np.save(folder / "town_lons.npy", records["lon"][by_size])


def _write_completions(folder: Path, entries: Iterable[Entry]) -> None:
    """Names to complete, one a line after their folded form, with the number of people: larger towns and all else."""
    best: dict[tuple[str, str], int] = {}
    for e in entries:
        if e.level != Level.ADMIN2 and (e.level != Level.TOWN or e.population >= _COMPLETED):
            best[e.folded, e.name] = max(best.get((e.folded, e.name), 0), e.population or 1_000_000)
    lines = (f"{folded}\t{name}\t{people}" for (folded, name), people in sorted(best.items()))
    (folder / "completions.tsv").write_text("\n".join(lines), encoding="utf-8")
