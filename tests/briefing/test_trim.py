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
        "11 November 2025: The governor leaves by ferry.",
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


@pytest.mark.parametrize(
    ("sentence", "trimmed"),
    [
        ("OSLO, Norway, Nov 18 (Fjord Wire) - Two ships collided.", "Two ships collided."),
        ("OSLO, Nov 18 (Fjord Wire): At least two ships collided.", "At least two ships collided."),
        ("Oslo, Norway (NTB)Two ships collided.", "Two ships collided."),
        ("LA HALDE — Two ships collided.", "Two ships collided."),
        ("17:20 – Two ships collided.", "Two ships collided."),
        ("8.15pm: Two ships collided.", "Two ships collided."),
        ("Two ships collided, police said here.", "Two ships collided, police said."),
        ("Meanwhile Ida Lund left the port.", "Ida Lund left the port."),
        ("MONACO, 14 May - Two ships collided.", "Two ships collided."),
        ("OSLO (ntb-text) - Two ships collided.", "Two ships collided."),
        ("ÅLESUND (Fjord Wire) – Two ships collided.", "Two ships collided."),
        ("14:02 Two ships collided off Halden.", "Two ships collided off Halden."),
        ("THE quay has been closed since Friday.", "The quay has been closed since Friday."),
    ],
)
def test_datelines_clocks_and_places_of_filing_go(sentence: str, trimmed: str) -> None:
    assert trim(sentence) == trimmed


@pytest.mark.parametrize(
    "sentence",
    [
        "Good morning from Halden, where the quay is under water.",
        "Halden, 30 kilometres to the south, has a deeper harbour than that.",
        "The mayor said the keys to four of them had been in Halden.",
        "The authorities in Oslo say that they lost none in the fire.",
        "In Halden it had been quiet all night, the harbour master said.",
        "Vik declined to say what that would cost the town.",
        "The opposition party of the north put it at 33.",
        "Or so says Ida Lund, who made the remark in a newspaper.",
        "Eventually he was taken to a hospital in Halden.",
        "The quay was closed, a court has heard.Vik was freed on Friday.",
        "Lund added: 'The fog was thick that morning and we saw nothing.",
        "The council denies that: every boat was at the quay by noon.",
        "Labour said on Friday that it would not stand here again.",
        "The port agency, Havn, denied this, saying the quay was open.",
        "Lund explained that three had been lent to Sarpsborg in May.",
        "The five had left the harbour of Halden shortly after noon.",
        "Closing it would have sent most boats to Sarpsborg.",
        "Ida Lund of the harbour office measured 57 last week.",
        "Judge Lund disagreed, saying that Halden was far away.",
        "For sailors, nothing was to be learnt from these sources.",
        "None has ever hit a person, according to Ida Lund.",
        "Each faces up to twenty years in a Norwegian prison.",
        "Ida Lund told Radio Halden.",
        "Write to the harbour office at www.halden.example today.",
    ],
)
def test_what_points_outside_is_no_point(sentence: str) -> None:
    assert not stands_alone(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "At least four people were hurt when a bus left the road near Halden.",
        "What came ashore on Monday was a storm that broke the quay of Halden.",
        "The minister for fish, Ida Lund, said she would work with the north.",
        "The drivers' union said 'no boat leaves' before Friday in Halden.",
        "Six boats left Halden and Oslo said that three had been lost.",
        "People familiar with the matter said Fjord Lines would pay 88 million.",
        "On the eve of his first visit to Halden, President Lund opened a quay.",
        "The harbour office put the number of lost boats at 12 on Friday.",
    ],
)
def test_what_stands_by_itself_is_kept(sentence: str) -> None:
    assert stands_alone(sentence)


def test_a_place_is_nobody_who_could_be_he() -> None:
    sentence = "Doctors in Halden say he is breathing without help since Friday."
    assert not stands_alone(sentence, nobody={"Halden"})
    assert stands_alone("Doctors of Ida Lund say she is breathing without help.", nobody={"Halden"})
