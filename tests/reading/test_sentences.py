from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.sentences import split


def pieces(text: str) -> list[str]:
    return [s.span.of(text) for s in split(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Lt.-Gen. Oleh Bondar met Dr. Ruth S. Adeyemi at 6 p.m. on Friday.", "They spoke for an hour."],
        ["The U.S. envoy left on Oct. 3.", "The talks in No. 5 Park Street go on."],
        ["Prices rose 3.5 percent.", "“It hurts,” said Ana Ruiz.", "“We cut back.”"],
        ["“Where is the bridge?” Bondar asked.", "Nobody knew…", "Then the lights… went out."],
        ["He works in the U.S.", "The embassy confirmed it."],
        ["Школу зачинили.", "Мер міста приїхав о 9.30."],
        ["¿Quién lo dijo?", "¡Nadie!", "El Sr. Ruiz calló."],
        ["هل وصلت القافلة؟", "نعم."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    assert pieces(" ".join(sentences)) == sentences


def test_every_line_is_a_paragraph() -> None:
    text = "The dam held. Water rose.\nPeople left.\n\nSchools closed."
    assert [s.paragraph for s in split(text)] == [0, 0, 1, 2]


def test_text_that_was_wrapped_by_hand_is_joined_again() -> None:
    text = (
        "The river rose again on Tuesday and reached the lower streets of the old\n"
        "town by noon. Rescue crews from Kharkiv went from house to house, while the\n"
        "governor asked people on the left bank to go to relatives or to the school\n"
        "on the hill.\n\nNobody was hurt."
    )
    assert len(pieces(text)) == 3
    assert [s.paragraph for s in split(text)] == [0, 0, 1]


def test_windows_line_ends_make_no_gaps() -> None:
    assert [s.paragraph for s in split("One came.\r\nTwo went.\r\n\r\nThree stayed.")] == [0, 1, 2]


def test_nothing_in_nothing() -> None:
    assert split("") == ()
    assert split(" \n\t\n") == ()


@given(st.text(alphabet=st.sampled_from("aB .!?\"“”'\n\r\u2028é年。3:()—"), max_size=120))
def test_sentences_are_in_order_apart_and_leave_out_only_space(text: str) -> None:
    spans = [s.span for s in split(text)]
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert "".join(s.of(text) for s in spans).split() == "".join(s.of(text) for s in spans).strip().split()
    outside = text
    for span in reversed(spans):
        outside = outside[: span.start] + outside[span.end :]
    assert not outside.strip()
