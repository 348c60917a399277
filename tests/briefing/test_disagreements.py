from dataclasses import replace
from datetime import timedelta

import pytest

from bot.briefing.disagreements import find, muddled
from bot.types import Article, Disagreement, MentionKind, Reading, Stance
from tests.briefing import build

POLICE, WARD = build.organisation("Halden Police"), build.organisation("Vik Hospital")
SIX, NINE = "that six people were killed in Halden", "that nine people were killed in Halden"
TOLL = f"Halden Police said {SIX}. Vik Hospital said {NINE}."


def told(text: str = TOLL) -> tuple[Article, Reading]:
    of = build.article(text)
    first, second = (part.split(" said ")[1].rstrip(".") for part in text.split(". "))
    spoken = [
        build.said(text, "Halden Police", "Halden Police", "said", first),
        build.said(text, "Vik Hospital", "Vik Hospital", "said", second),
    ]
    return of, build.reading(
        of, places=build.toponyms(text, {"Halden": build.HALDEN}), sources=[POLICE, WARD], attributions=spoken
    )


def found(text: str = TOLL) -> tuple[Disagreement, ...]:
    of, read = told(text)
    return find([of], [read])


def test_two_tolls_of_one_event_are_a_disagreement_with_both_sides_quoted() -> None:
    (one,) = found()
    assert one.about == "number killed"
    assert [claim.source for claim in one.claims] == ["Halden Police", "Vik Hospital"]
    assert [claim.span.of(TOLL) for claim in one.claims] == [claim.text for claim in one.claims]


def test_it_is_none_when_the_numbers_count_different_things() -> None:
    assert not found(TOLL.replace("nine people were killed", "nine people were injured"))
    assert not found(TOLL.replace("nine people", "another nine people"))
    assert not found(TOLL.replace("nine people were killed", "six people were killed"))
    assert not found(
        TOLL.replace("that six people were killed in Halden", "that six people were killed on Monday").replace(
            "nine people were killed in Halden", "nine people were killed on Tuesday"
        )
    )


def test_a_later_report_of_a_higher_toll_is_an_update() -> None:
    first, second = (
        build.article(f"{part}.", ident, outlet=ident)
        for part, ident in zip(TOLL.rstrip(".").split(". "), "ab", strict=True)
    )
    readings = [
        build.reading(one, places=build.toponyms(one.text, {"Halden": build.HALDEN})) for one in (first, second)
    ]
    assert find([first, second], readings)
    later = replace(second, published=build.NOW + timedelta(days=1))
    assert not find([first, later], readings)


def test_another_count_put_beside_the_first() -> None:
    text = "Some 74 ships are waiting, according to Halden Police. Vik Hospital put the number at 46."
    of = build.article(text)
    spoken = [build.said(text, "Halden Police", "Halden Police", "according to", "Some 74 ships are waiting")]
    (one,) = find([of], [build.reading(of, sources=[POLICE, WARD], attributions=spoken)])
    assert one.about == "number of ships"
    assert one.claims[1].source == "Vik Hospital"


def test_two_armies_in_one_town() -> None:
    text = (
        "The Norwegian command said its troops now held Halden. "
        "The Swedish command said its units continued to hold Halden."
    )
    of = build.article(text)
    one, other = build.organisation("Norwegian command"), build.organisation("Swedish command")
    spoken = [
        build.said(text, "Norwegian command", "Norwegian command", "said", "its troops now held Halden"),
        build.said(text, "Swedish command", "Swedish command", "said", "its units continued to hold Halden"),
    ]
    places = build.toponyms(text, {"Norwegian": build.NORWAY, "Swedish": build.SWEDEN}, MentionKind.ASSOCIATIVE)
    places += build.toponyms(text, {"Halden": build.HALDEN})
    (only,) = find([of], [build.reading(of, places=places, sources=[one, other], attributions=spoken)])
    assert only.about == "control of Halden"


def test_a_denial_needs_what_it_denies() -> None:
    text = "Lund said the tanker struck the ferry in the fog. Vik denied that the tanker struck the ferry."
    of = build.article(text)
    sources = [build.person("Ida Lund"), build.person("Per Vik")]
    spoken = [
        build.said(text, "Ida Lund", "Lund", "said", "the tanker struck the ferry in the fog"),
        build.said(text, "Per Vik", "Vik", "denied", "that the tanker struck the ferry", stance=Stance.DENIES),
    ]
    (only,) = find([of], [build.reading(of, sources=sources, attributions=spoken)])
    assert [claim.source for claim in only.claims] == ["Ida Lund", "Per Vik"]
    assert not find([of], [build.reading(of, sources=sources, attributions=spoken[1:])]) or only.claims[0].source


def test_muddled_only_when_the_rest_says_the_reverse() -> None:
    odd = "The troops want to liberate the coast from the Vikmen."
    assert muddled(odd, [odd, "The Vikmen retook Halden in a counteroffensive."])
    assert not muddled(odd, [odd, "The Vikmen lost Halden in May."])


@pytest.mark.parametrize("second", ["The company says the number is 70.", "Its own bulletin speaks of 70."])
def test_another_number_given_in_short(second: str) -> None:
    text = f"A notice lists 112 jobs. {second}"
    of = build.article(text)
    spoken = [build.said(text, "the company", None, second.split()[-3], second.split(" ", 2)[2].rstrip("."))]
    company = build.organisation("the company")
    found = find([of], [build.reading(of, sources=[company], attributions=spoken)])
    assert [one.about for one in found] == ["number of jobs"]
