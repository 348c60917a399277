import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefing.trim import stands_alone, trim


@pytest.mark.parametrize(
    ("sentence", "trimmed"),
    [
        ("Meanwhile, the ferry stayed in port.", "The ferry stayed in port."),
        ("Then, on Monday, the bridge was finally opened.", "On Monday, the bridge was opened."),
        ("But of course, the mayor had successfully crossed the river.", "The mayor had crossed the river."),
        ("The council also voted for the tunnel.", "The council voted for the tunnel."),
        ("HALDEN, Norway (NTB) — Two ships collided on Friday.", "Two ships collided on Friday."),
        ("OSLO, Nov 18 - Two ships collided on Friday.", "Two ships collided on Friday."),
        ("(NTB) Two ships collided on Friday.", "Two ships collided on Friday."),
    ],
)
def test_what_dangles_goes(sentence: str, trimmed: str) -> None:
    assert trim(sentence) == trimmed


@pytest.mark.parametrize(
    "sentence",
    [
        "The ministry did not confirm that the dam had burst.",
        "“Finally, we also have water,” the baker said.",
        "Officials reportedly may close the road.",
        "The town, also known as Little Vik, was evacuated.",
    ],
)
def test_meaning_and_quoted_words_stay(sentence: str) -> None:
    assert trim(sentence) == sentence


@given(
    st.lists(
        st.sampled_from(
            [
                "However,",
                "also",
                "finally",
                "not",
                "12",
                "“we",
                "may",
                "go”",
                "Oslo",
                "the",
                "said",
                "of",
                "course,",
                ".",
                "and",
            ]
        ),
        max_size=12,
    )
)
def test_no_word_is_ever_added_or_moved(parts: list[str]) -> None:
    before, after = ([w.lower() for w in re.findall(r"\w+", t)] for t in (" ".join(parts), trim(" ".join(parts))))
    rest = iter(before)
    assert all(word in rest for word in after)


@pytest.mark.parametrize(
    "sentence",
    [
        "He crossed the border in a stolen car on Friday.",
        "This drastic step shows how weak the board is.",
        "Those quays have yet to be repaired by the port.",
        "In an interview with two skippers, they said the fog was thick.",
        "Now that they hold the bridge, the rebels want the town.",
        "Lund probably has a point, since the board resigned on Friday.",
        "For now, we will have to wait for the spring tide.",
        "Is the harbour about to close for good this year?",
        "Sign up for our letter from the harbour every Friday.",
        "“We want the ferry back before the winter comes.”",
        "Six people had been killed there, the police said.",
        "The court ordered them back on Monday without a hearing.",
        "The line, which runs the ferry, put the number at 46.",
        "“The quay is closed, the harbour master said on Friday.",
        "Two ships collided",
    ],
)
def test_what_needs_context_or_muses_cannot_stand_alone(sentence: str) -> None:
    assert not stands_alone(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Two ships collided off Halden on Friday, killing one sailor.",
        "Lund said he had seen the ships before they sank.",
        "There was no warning before the ferry struck the quay.",
        "“The quay is closed until Monday,” the harbour master told reporters.",
        "The skippers lost their licences after the court's decision.",
    ],
)
def test_a_whole_report_can(sentence: str) -> None:
    assert stands_alone(sentence)


def test_a_speaker_may_guess_but_the_author_may_not() -> None:
    guess = "The channel could be closed for a month, the pilots' union said."
    assert not stands_alone(guess)
    assert stands_alone(guess, own=", the pilots' union said.")
