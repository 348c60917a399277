"""Word tables as patterns: what a search may skip, and which of several entries it finds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.lexicon import forms, hints, holds, pattern, plain, words

LETTERS = st.text("ab' ", min_size=1, max_size=4).filter(lambda entry: entry[0] in "ab" and entry[-1] in "ab")


@given(st.lists(LETTERS, min_size=1, max_size=8), st.text("ab’ ", max_size=12))
def test_the_longest_entry_is_found_first(entries: list[str], text: str) -> None:
    ordered = sorted(set(entries), key=lambda entry: (-len(entry), entry))
    each = "|".join(re.escape(entry).replace("'", "['’]").replace(r"\ ", r"\s+") for entry in ordered)
    assert re.findall(pattern(entries), text) == re.findall(each, text)


@pytest.mark.parametrize("table", ["rights", "contributed", "pictures"])
def test_what_a_pattern_finds_holds_one_of_its_hints(table: str) -> None:
    entries = words("furniture", table)
    assert all(holds(f"so {entry} now", hints(entries)) for entry in entries)
    assert not holds("nothing of the kind", hints(entries))


def test_verbs_have_their_forms() -> None:
    assert forms("deny") == ("deny", "denies", "denying", "denied")
    assert forms("write/wrote/written") == ("write", "writes", "writing", "wrote", "written")


def test_diacritics_are_put_off() -> None:
    assert (plain("Réunion"), plain("Linz")) == ("Reunion", "Linz")
