import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from adapters.blocks import Line, Run
from adapters.packing import fit, pack, text_of


def markup(line: Line) -> int:
    """As long as the line is in some platform's markup: '&' becomes '&amp;', a link takes its address."""
    return sum(
        len(run.text) + 4 * run.text.count("&") + 4 * run.bold + 2 * run.italic + (4 + len(run.url) if run.url else 0)
        for run in line
    )


def whole(pieces: list[Line]) -> str:
    return "".join(text_of(piece) for piece in pieces).replace(" ", "")


CLUSTER = regex.compile(r"\X")
FAMILY = "👨\u200d👩\u200d👧"
runs = st.builds(
    Run,
    st.lists(st.sampled_from(["a", "b", " ", "&", "e\u0301", "🇺🇦", FAMILY, "é", "ক্ষ"]), max_size=60).map("".join),
    st.booleans(),
    st.booleans(),
    url=st.sampled_from([None, "https://a.example/x"]),
)
lines = st.lists(runs, max_size=5).map(tuple)


@given(lines, st.integers(60, 200))
def test_pieces_fit_and_nothing_is_lost(line: Line, most: int) -> None:
    pieces = fit(line, markup, most)
    assert all(markup(piece) <= most for piece in pieces)
    assert whole(pieces) == text_of(line).replace(" ", "")


@given(lines, st.integers(60, 200))
def test_words_keep_their_looks_and_their_links(line: Line, most: int) -> None:
    looks = {(run.text[at], run.bold, run.italic, run.url) for run in line for at in range(len(run.text))}
    pieces = fit(line, markup, most)
    assert {(c, run.bold, run.italic, run.url) for piece in pieces for run in piece for c in run.text} <= looks


@given(st.lists(lines, max_size=6), st.integers(60, 200))
def test_groups_fit_and_keep_the_order(given_lines: list[Line], most: int) -> None:
    groups = pack(given_lines, markup, most)
    assert all(sum(map(markup, group)) + len(group) - 1 <= most for group in groups)
    assert whole([line for group in groups for line in group]) == whole(given_lines)


def test_a_line_that_fits_stays_as_it_is() -> None:
    line = (Run(" two "), Run("words ", bold=True))
    assert fit(line, markup, 20) == [line]
    assert fit((), markup, 20) == [()]


def test_addresses_without_words_take_no_room() -> None:
    bare = Run("", url="https://a.example/x")
    assert fit((bare, Run("said"), bare, bare), markup, 30) == [(Run("said"),)]
    assert fit((bare, bare, bare), markup, 60) == [()]


def test_a_line_is_cut_at_its_last_space_that_fits() -> None:
    assert fit((Run("one two "), Run("three", bold=True)), markup, 10) == [
        (Run("one two"),),
        (Run("three", bold=True),),
    ]


@given(st.lists(st.sampled_from(["e\u0301", "🇺🇦", FAMILY]), min_size=5, max_size=40).map("".join))
def test_no_character_is_torn_apart(word: str) -> None:
    pieces = [text_of(piece) for piece in fit((Run(word),), markup, 12)]
    assert [cluster for piece in pieces for cluster in CLUSTER.findall(piece)] == CLUSTER.findall(word)


def test_a_giant_character_is_cut_all_the_same() -> None:
    zalgo = "a" + "\u0301" * 50
    assert whole(fit((Run(zalgo),), markup, 12)) == zalgo


def test_both_sides_of_a_cut_link_lead_to_its_address() -> None:
    link = Run("where the words of the article stand", url="https://a.example/1")
    pieces = fit((link,), markup, 48)
    assert len(pieces) > 1
    assert {run.url for piece in pieces for run in piece} == {"https://a.example/1"}


def test_an_address_that_leaves_no_room_for_words_goes_but_not_one_that_fits_on_a_line() -> None:
    long = Run("a label of some words, and more", url="https://a.example/" + "x" * 60)
    assert whole(fit((long,), markup, 80)) == long.text.replace(" ", "")
    assert all(run.url is None for piece in fit((long,), markup, 80) for run in piece)
    short = Run("[1]", url=long.url)
    assert short in fit((Run("Some words that take up half of it. "), short), markup, 90)[-1]


def test_where_nothing_fits_that_is_said() -> None:
    with pytest.raises(ValueError, match="no character fits"):
        fit((Run("&&"),), markup, 3)


def test_a_very_long_line_comes_in_as_few_pieces_as_it_can() -> None:
    pieces = fit((Run("word " * 20_000),), markup, 1999)
    assert len(pieces) == 50
    assert whole(pieces) == "word" * 20_000
