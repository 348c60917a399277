"""Dumps of GeoNames: what is taken of them, what is refused, what is left when something goes wrong."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import InputError, NotFound
from bot.reading import gazetteer_import as dumps
from bot.reading.gazetteer import Level
from bot.reading.gazetteer_build import World, stamp
from bot.reading.gazetteer_import import Import, Row
from bot.reading.gazetteer_pack import Entry

SYNKIVKA, LYMAN = 692001, 704204


def line(
    ident: object, name: str, others: str = "", kind: str = "P\tPPL", lat: object = 49.7, people: object = 300
) -> str:
    """A row as GeoNames' readme.txt has it."""
    before = f"{ident}\t{name}\t{name}\t{others}\t{lat}\t37.62\t{kind}\tUA\t\t07\t6305\t\t"
    return f"{before}\t{people}\t\t100\tEurope/Kyiv\t2024-01-01"


def dump(folder: Path, *lines: str, name: str = "UA.txt") -> Path:
    path = folder / name
    path.write_text("".join(each + "\n" for each in lines), encoding="utf-8")
    return path


def silent(_done: int, _all: int) -> None:
    """Progress that nobody watches."""


def kept(cache: Path, wanted: Sequence[int] | None = None) -> list[Row]:
    return list(dumps.rows(dumps.imports(cache), wanted))


def test_villages_are_taken_and_roads_are_not(tmp_path: Path) -> None:
    file = dump(tmp_path, line(SYNKIVKA, "Synkivka", "Синьківка,Sinkovka"), line(2, "M-03", kind="R\tRD"))
    assert dumps.add(tmp_path, file, silent).rows == 1
    [row] = kept(tmp_path)
    assert (row.name, row.others, row.country, row.admin1) == ("Synkivka", ("Синьківка", "Sinkovka"), "UA", "07")
    assert (row.lat, row.lon, row.population) == (49.7, 37.62, 300)


def test_a_zipped_dump_is_as_good_and_its_readme_is_passed_over(tmp_path: Path) -> None:
    plain = dump(tmp_path, line(SYNKIVKA, "Synkivka"))
    with zipfile.ZipFile(tmp_path / "UA.zip", "w") as archive:
        archive.write(plain, "UA.txt")
        archive.writestr("readme.txt", "Readme for GeoNames Gazetteer extract files")
    added = dumps.add(tmp_path, tmp_path / "UA.zip", silent)
    assert (added.name, added.rows) == ("UA", 1)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("geonameid,name,asciiname", "line 2: 1 columns"),
        (line("x1", "Synkivka"), "line 2: .*x1"),
        (line(SYNKIVKA, "Synkivka", lat=95), "line 2: .*nowhere on Earth"),
        (line(SYNKIVKA, "Synkivka", people="many"), "line 2: .*many"),
        (line(SYNKIVKA, " "), "line 2: a place without a name"),
        (line(SYNKIVKA, "Syn\x1b[2Jkivka"), "line 2: .*control"),
    ],
)
def test_a_wrong_line_is_named_with_the_reason_and_nothing_is_kept(tmp_path: Path, row: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        dumps.add(tmp_path, dump(tmp_path, line(1, "Sound"), row), silent)
    assert kept(tmp_path) == []


def test_what_is_no_dump_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(line(SYNKIVKA, "Caf\xe9").encode("latin-1"))
    (tmp_path / "broken.zip").write_bytes(b"PK\x05\x06" + b"\0" * 18)
    for name, told in (("none.zip", "no such file"), ("latin.txt", "not UTF-8"), ("broken.zip", "one .txt")):
        with pytest.raises(InputError, match=told):
            dumps.add(tmp_path, tmp_path / name, silent)
    with pytest.raises(InputError, match="no place"):
        dumps.add(tmp_path, dump(tmp_path, line(2, "M-03", kind="R\tRD")), silent)


def test_of_one_place_the_newest_import_counts_and_a_name_is_imported_once(tmp_path: Path) -> None:
    dumps.add(tmp_path, dump(tmp_path, line(SYNKIVKA, "Sinkovka"), line(5, "Lesser"), name="cities.txt"), silent)
    dumps.add(tmp_path, dump(tmp_path, line(SYNKIVKA, "Old")), silent)
    dumps.add(tmp_path, dump(tmp_path, line(SYNKIVKA, "Synkivka")), silent)
    assert [each.name for each in dumps.imports(tmp_path)] == ["UA", "cities"]
    assert [row.name for row in kept(tmp_path)] == ["Synkivka", "Lesser"]
    assert [row.name for row in kept(tmp_path, [5])] == ["Lesser"]


def test_an_import_makes_another_index_and_its_removal_the_old_one(tmp_path: Path) -> None:
    before = stamp(tmp_path)
    dumps.add(tmp_path, dump(tmp_path, line(SYNKIVKA, "Synkivka")), silent)
    assert stamp(tmp_path) != before
    assert dumps.remove(tmp_path, "UA").rows == 1
    assert stamp(tmp_path) == before
    with pytest.raises(NotFound, match="imported so far: nothing"):
        dumps.remove(tmp_path, "UA")


def test_a_killed_import_leaves_what_was_there(tmp_path: Path) -> None:
    def die(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    dumps.add(tmp_path, dump(tmp_path, line(SYNKIVKA, "Synkivka")), silent)
    with pytest.raises(KeyboardInterrupt):
        dumps.add(tmp_path, dump(tmp_path, line(SYNKIVKA, "Other")), die)
    assert [row.name for row in kept(tmp_path)] == ["Synkivka"]
    assert len(list((tmp_path / "geonames").iterdir())) == 1


def test_known_towns_are_renewed_and_the_others_added_in_their_district(tmp_path: Path) -> None:
    file = dump(
        tmp_path, line(LYMAN, "Lyman", "Червоний Лиман", people=9), line(SYNKIVKA, "Synkivka"),
        line(7, "Vilkhuvatka Hromada", kind="A\tADM3"),
    )  # fmt: skip
    known: tuple[Import, ...] = (dumps.add(tmp_path, file, silent),)
    world = World(silent)
    lyman = Entry(LYMAN, "Lyman", "PPL", Level.TOWN, 48.99, 37.81, "UA", "UA.05", None, None, 20_000)
    world.towns.append(lyman)
    world.entries.append(lyman)
    world.renew(known)
    assert lyman.population == 9
    assert "червонии лиман" in lyman.names
    village, district = world.further(known)
    assert (village.name, village.level, village.admin1, village.admin2) == (
        "Synkivka",
        Level.TOWN,
        "UA.07",
        "UA.07.6305",
    )
    assert district.level == Level.ADMIN2
