"""Whom and what a text names: each person and body once, and which of the two it is."""

import pytest

from bot.types import SourceKind
from tests.reading.marked import read


def test_an_institution_has_one_name_however_it_is_written() -> None:
    _, found, said = read(
        "According to the Institute of the Study of War, the front moved. [o:ISW] notes that rain slowed it. "
        "The think tank warned of a second push.",
        ("the Institute of the Study of War", "According to", "the front moved"),
        ("ISW", "notes", "that rain slowed it"),
        ("The think tank", "warned", "of a second push"),
    )
    assert {a.source for a in said} == {"Institute for the Study of War"}
    assert found["Institute for the Study of War"].role == "think tank"
    assert found["Institute for the Study of War"].aliases == ("Institute of the Study of War", "ISW")


def test_an_acronym_in_brackets_names_the_body_before_it() -> None:
    _, found, said = read(
        "The [o:Lowland River Board] (LRB) said the dam held. Later the LRB warned of a second wave.",
        ("The Lowland River Board (LRB)", "said", "the dam held"),
        ("the LRB", "warned", "of a second wave"),
    )
    assert [a.source for a in said] == ["Lowland River Board"] * 2
    assert found["Lowland River Board"].kind is SourceKind.ORGANISATION


def test_an_outlet_is_an_outlet() -> None:
    _, found, _ = read("The strait is closed, according to NY Times.")
    assert [(s.name, s.kind) for s in found.values()] == [("The New York Times", SourceKind.OUTLET)]


def test_spellings_of_one_name_are_one_person_and_two_people_of_one_name_stay_two() -> None:
    _, found, said = read(
        "[p:Valerii Shevchenko] said the road was open. General [p:Shevchenko] was sure. "
        "[p:Valeriy Shevchenko] claimed victory was near. Nurse [p:Olha Shevchenko] said the ward was full. "
        "Ms. [p:Shevchenko] asked for more beds.",
        ("Valerii Shevchenko", "said", "the road was open"),
        ("Valeriy Shevchenko", "claimed", "victory was near"),
        ("Olha Shevchenko", "said", "the ward was full"),
        ("Shevchenko", "asked", "for more beds"),
    )
    assert [a.source for a in said] == ["Valerii Shevchenko"] * 2 + ["Olha Shevchenko"] * 2
    assert len(found) == 2


def test_a_name_misspelt_later_is_still_the_same_person() -> None:
    _, found, _ = read(
        "[p:Zaid al-Khuweiri] said the road was open. “It is safe,” [p:Al-Khuwayri] said.",
        ("Zaid al-Khuweiri", "said", "the road was open"),
        ("Al-Khuwayri", "said", "“It is safe,”"),
    )
    assert list(found) == ["Zaid al-Khuweiri"]


def test_initials_that_stand_for_all_first_names_stay() -> None:
    _, found, _ = read("[p:K. P. Menon] said the ward was full.", ("K. P. Menon", "said", "the ward was full"))
    assert list(found) == ["K. P. Menon"]


def test_a_last_name_that_no_tag_covers_is_its_owners() -> None:
    _, found, said = read(
        "[p:Gela Tsereli] had won, the count shows.\n\nTsereli called the protest “a picnic with flags”.",
        ("Tsereli", "called", "the protest “a picnic with flags”"),
    )
    assert said[-1].source == "Gela Tsereli"
    assert found["Gela Tsereli"].kind is SourceKind.PERSON


@pytest.mark.parametrize(
    ("marked", "source", "kinds"),
    [
        ("The [p:Linden Star]", "The Linden Star", [SourceKind.OUTLET]),
        ("[p:Aerona] and [o:Lowland Air]", "Aerona and Lowland Air", [SourceKind.ORGANISATION] * 2),
        ("[p:Tarvo Marn], 41,", "Tarvo Marn", [SourceKind.PERSON]),
        ("The investors in [p:Tarvo Copper] were told. [p:Tarvo Copper]", "Tarvo Copper", [SourceKind.ORGANISATION]),
    ],
)
def test_papers_and_firms_are_told_from_people(marked: str, source: str, kinds: list[SourceKind]) -> None:
    _, found, _ = read(f"{marked} said the bridge was closed on Monday.", (source, "said", "the bridge was closed"))
    assert [s.kind for s in found.values()] == kinds


@pytest.mark.parametrize(
    "opening",
    [
        "Shares in [p:Sonamar] fell on Friday. [p:Sonamar]",
        "[p:Sonamar], which runs the port,",
        "[p:Sonamar] Terminals was closed. [p:Sonamar]",
        "The agency [p:Sonamar]",
    ],
)
def test_a_body_that_only_its_use_shows_is_no_person(opening: str) -> None:
    _, found, _ = read(f"{opening} said the pier had gone.", ("Sonamar", "said", "the pier had gone"))
    assert [s.kind for s in found.values()] == [SourceKind.ORGANISATION]


def test_a_country_before_a_body_makes_no_second_body() -> None:
    _, found, said = read(
        "[o:Norway’s Harbour Ministry] said ferries ran. The [o:Norwegian Harbour Ministry] said few were late.",
        ("Norway’s Harbour Ministry", "said", "ferries ran"),
        ("The Norwegian Harbour Ministry", "said", "few were late"),
    )
    assert len(found) == len({a.source for a in said}) == 1
