"""Why a name is taken for what: the ranking in words that a person can follow."""

import pytest

from bot.reading.gazetteer import Gazetteer
from bot.reading.place_explain import explain
from bot.reading.tagger import NameKind, NameTag
from bot.types import Span


def test_the_likeliest_record_comes_first_with_what_speaks_for_it(gazetteer: Gazetteer) -> None:
    found = explain("Springfield", gazetteer)
    assert found is not None
    first, second = found.candidates[:2]
    assert first.share >= second.share
    assert sum(c.share for c in found.candidates) == pytest.approx(1)
    ahead = first.ahead_of(second)
    assert [abs(r.adds) for r in ahead] == sorted((abs(r.adds) for r in ahead), reverse=True)


def test_a_place_beside_it_changes_the_order_and_is_the_reason(gazetteer: Gazetteer) -> None:
    text = "Ohio"
    found = explain("Springfield", gazetteer, text, [NameTag(Span(0, 4), NameKind.PLACE, 1.0)])
    assert found is not None
    assert found.candidates[0].place.admin1 == "Ohio"
    other = next(c for c in found.candidates if c.place.admin1 != "Ohio")
    assert {"state's share", "state named"} & {r.feature for r in found.candidates[0].ahead_of(other)}


def test_nothing_is_explained_of_an_unknown_name(gazetteer: Gazetteer) -> None:
    assert explain("Zzyqvorbelstan", gazetteer) is None
