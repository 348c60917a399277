from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.wordfilter import Words, parse
from bot.errors import InputError

ASSAD = "The ambassador met President Assad in the harbour at Zürich, where grain deals and quakes were discussed."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("assad", True),
        ("ambassador", True),
        ("ssad", False),  # 'ambassador' has it in its middle
        ("ambass", False),
        ("ambass*", True),
        ("quake", True),  # its plural
        ("ZURICH", True),
        ("grain deal", True),
        ('"grain deal"', True),
        ('"deal grain"', False),
        ("grain AND rice", False),
        ("grain OR rice", True),
        ("grain NOT rice", True),
        ("grain NOT deals", False),
        ("rice OR grain AND assad", True),
        ("(rice OR grain) AND (oats OR barley)", False),
        ("grain NOT (rice OR deals)", False),
        ("NOT rice AND grain", True),
        ("and", True),  # a word like any other, as only capitals are operators
    ],
)
def test_words_are_found_as_people_mean_them(text: str, found: bool) -> None:
    assert parse(text).matches(Words(ASSAD)) is found


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "it ends too early"),
        ("grain AND", "it ends too early"),
        ("grain OR OR rice", "before 'OR'"),
        ("(grain", "a bracket is not closed"),
        ("grain)", "')' comes where a word should"),
        ('"grain', "a quotation mark is not closed"),
        ("NOT rice", "name a word that must"),
        ("grain OR NOT rice", "name a word that must"),
        ("***", "has no letters"),
        ("word " * 51, "at most 50 words"),
    ],
)
def test_what_can_not_be_looked_for_is_explained(text: str, complaint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert complaint in str(caught.value)


@given(st.text(alphabet='ab "()*ANDORT', max_size=30), st.text(alphabet="ab ", max_size=30))
def test_any_text_is_a_filter_or_an_error_in_words(text: str, article: str) -> None:
    with suppress(InputError):  # any other error fails the test
        found = parse(text)
        assert found.matches(Words(article)) in {True, False}
        assert not found.matches(Words(""))
