from collections.abc import Sequence

from bot.briefing.points import choose, summary
from bot.types import Attribution, Source, SourceKind, Stance
from tests.briefing import build

LEDE = "A tanker and a ferry collided off Halden on Friday, killing two sailors."
DULL = "The weather in the fjord is often grey at this time of the year."


def test_what_changed_comes_first_and_furniture_never() -> None:
    text = f"{DULL}\n{LEDE}\nFerry in the fog near Halden.\nThe quay has been part of the town for a long time."
    of = build.article(text)
    read = build.reading(
        of, places=build.toponyms(text, {"Halden": build.HALDEN}), furniture=["Ferry in the fog near Halden."]
    )
    points = choose([of], [read], 3)
    assert points[0].text == LEDE
    assert points[0].places == ("Halden",)
    assert all("fog" not in point.text for point in points)


def test_evidence_is_the_exact_sentence() -> None:
    text = f"{DULL} However, {LEDE[0].lower()}{LEDE[1:]}"
    of = build.article(text)
    point = next(p for p in choose([of], [build.reading(of)], 3) if "tanker" in p.text)
    assert point.text == LEDE
    assert point.evidence[0].span.of(text) == f"However, {LEDE[0].lower()}{LEDE[1:]}"


def test_a_near_copy_in_another_paper_is_more_evidence_not_another_point() -> None:
    one, other = (
        build.article(LEDE, "a", outlet="A"),
        build.article(f"{LEDE[:-1]}, again.".replace(", again", ""), "b", outlet="B"),
    )
    points = choose([one, other], [build.reading(one), build.reading(other)], 5)
    assert len(points) == 1
    assert [piece.article for piece in points[0].evidence] == ["a", "b"]


def test_another_number_is_another_point() -> None:
    one, other = build.article(LEDE, "a"), build.article(LEDE.replace("two", "nine"), "b")
    for point in choose([one, other], [build.reading(one), build.reading(other)], 5):
        assert len(point.evidence) == 1


def test_a_claim_wears_its_speakers_full_name() -> None:
    text = "Ida Lund, the pilot, was on the bridge. She said the ferry had turned without a signal before the crash."
    content = "the ferry had turned without a signal before the crash"
    of = build.article(text)
    read = build.reading(
        of,
        sources=[build.person("Ida Lund", "pilot")],
        attributions=[build.said(text, "Ida Lund", "She", "said", content)],
    )
    points = choose([of], [read], 3)
    claim = next(point for point in points if point.sources)
    assert claim.text == f"Ida Lund said {content}."
    assert claim.sources == ("Ida Lund",)


def test_a_pronoun_that_may_be_either_is_not_guessed() -> None:
    text = "Ida Lund met Per Vik at the quay. She said the ferry had turned without a signal before the crash."
    content = "the ferry had turned without a signal before the crash"
    of = build.article(text)
    both = [build.person("Ida Lund"), build.person("Per Vik")]
    read = build.reading(of, sources=both, attributions=[build.said(text, "Ida Lund", "She", "said", content)])
    assert all("signal" not in point.text for point in choose([of], [read], 3))


def test_a_statement_whose_speaker_stands_elsewhere_is_not_used() -> None:
    text = "Ida Lund spoke first. The tanker was empty and the fog was thick over the fjord."
    content = "The tanker was empty and the fog was thick over the fjord"
    of = build.article(text)
    read = build.reading(
        of,
        sources=[build.person("Ida Lund")],
        attributions=[build.said(text, "Ida Lund", "Ida Lund", "spoke", content)],
    )
    assert all("empty" not in point.text for point in choose([of], [read], 3))


def test_an_institute_gets_its_known_name_and_an_unnamed_source_none() -> None:
    text = (
        "HRI notes that two ships sank off Halden. A pilot said that three boats had sunk off the same shore. "
        "Boats of the Harbour Research Institute lay in port."
    )
    of = build.article(text)
    sources = [build.organisation("Harbour Research Institute", "HRI"), Source("a pilot", SourceKind.UNNAMED)]
    spoken = [
        build.said(text, "Harbour Research Institute", "HRI", "notes", "that two ships sank off Halden"),
        build.said(
            text, "a pilot", "A pilot", "said", "that three boats had sunk off the same shore", stance=Stance.SAYS
        ),
    ]
    texts = {point.text for point in choose([of], [build.reading(of, sources=sources, attributions=spoken)], 5)}
    assert "The Harbour Research Institute notes that two ships sank off Halden." in texts
    assert "A pilot said that three boats had sunk off the same shore." in texts


def test_a_sentence_that_reverses_the_rest_is_not_used() -> None:
    text = (
        "The Vikmen retook the town of Halden on Monday after a long siege. "
        "The Vikmen began a counteroffensive in the spring. "
        "The troops are set to liberate the whole coast from the Vikmen."
    )
    of = build.article(text)
    assert all("from the Vikmen" not in point.text for point in choose([of], [build.reading(of)], 5))


def test_a_text_of_fragments_has_no_points() -> None:
    of = build.article("Who knows?\nWe do not.")
    assert choose([of], [build.reading(of)], 5) == ()


def test_a_summary_is_whole_sentences_of_about_the_wanted_length() -> None:
    of = build.article(
        " ".join(
            [
                LEDE,
                DULL,
                "The harbour office closed the fairway until Sunday evening.",
                *[f"Line {n} is dull." for n in range(9)],
            ]
        )
    )
    text = summary(of, build.reading(of), 25)
    assert LEDE in text
    assert 25 <= len(text.split()) < 45


def _texts(text: str, *, sources: Sequence[Source] = (), attributions: Sequence[Attribution] = ()) -> list[str]:
    of = build.article(text)
    return [p.text for p in choose([of], [build.reading(of, sources=sources, attributions=attributions)], 5)]


def test_a_pronoun_of_the_other_gender_is_not_given_the_name() -> None:
    text = "Per Vik lost his boat at Halden on Friday. She said the ferry had turned without a signal before the crash."
    content = "the ferry had turned without a signal before the crash"
    spoken = [build.said(text, "Per Vik", "She", "said", content)]
    assert not any("signal" in one for one in _texts(text, sources=[build.person("Per Vik")], attributions=spoken))


def test_a_sentence_whose_speaker_the_next_one_names_is_not_used() -> None:
    text = "The ferry of Halden is the finest boat on the whole coast. Or so says Ida Lund, who sails it."
    assert _texts(text) == []


def test_a_statement_of_the_paper_or_the_company_is_not_used() -> None:
    text = "The company said the ferry had turned without a signal before the crash."
    source = Source("the company", SourceKind.ORGANISATION)
    content = "the ferry had turned without a signal before the crash"
    spoken = [build.said(text, "the company", "The company", "said", content)]
    assert _texts(text, sources=[source], attributions=spoken) == []
    named = "Fjord Lines will close its harbour office in Halden, the company said."
    spoken = [
        build.said(named, "the company", "the company", "said", "Fjord Lines will close its harbour office in Halden")
    ]
    assert _texts(named, sources=[source], attributions=spoken) == [named]


def test_a_caption_is_not_used_but_a_dateline_in_words_is() -> None:
    assert _texts("Rescued: Sailors of the ferry were brought to the quay on Friday.") == []


def test_the_outcome_comes_before_the_turnout_and_a_greeting_never() -> None:
    won = "The Coast List has won all four town halls, the election office said."
    text = (
        "Good morning from Halden, where votes were counted. Four towns of the coast chose mayors. "
        f"Turnout reached 46 percent in Halden on Sunday, the office said. {won}"
    )
    found = _texts(text)
    assert found.index(won) < next(place for place, one in enumerate(found) if "Turnout" in one)
    assert not any("morning" in one for one in found)


def test_a_quotation_that_only_colours_comes_last() -> None:
    colour = "“I opened the shop and there was nothing to open,” said Ida Lund, a baker."
    text = f"{colour} The quay of Halden is closed to boats, the harbour master says in a note."
    assert _texts(text)[-1] == colour


def test_what_needs_a_thing_is_told_only_after_it() -> None:
    needing = "The depot was the largest in Norway, with room for 900 boats on four decks."
    text = f"A depot for boats burned in Halden on Friday, killing two sailors. Nobody heard it. {needing}"
    found = _texts(text)
    assert found.index(needing) > next(place for place, one in enumerate(found) if "burned" in one)
    lonely = f"“A depot for boats burned, and I saw it from my window.” {needing}"
    assert _texts(lonely) == []


def test_the_sentence_that_repeats_the_title_is_no_point() -> None:
    of = build.article(f"{LEDE} The harbour office closed the fairway until Sunday.", title=LEDE[:-1])
    assert all(point.text != LEDE for point in choose([of], [build.reading(of)], 5))


def test_a_place_of_filing_with_a_dash_or_colon_goes() -> None:
    for filed in ("Halden - ", "Halden/Sarpsborg: ", "2. "):
        of = build.article(f"{filed}{LEDE}")
        read = build.reading(of, places=build.toponyms(of.text, {"Halden": build.HALDEN}))
        assert [point.text for point in choose([of], [read], 1)] == [LEDE]


def test_a_sentence_into_which_a_byline_ran_is_not_used() -> None:
    assert _texts(f"By Ida Lund, Staff Writer On Friday {LEDE[0].lower()}{LEDE[1:]}") == []


def test_the_same_words_are_one_point_whoever_was_taken_for_their_speaker() -> None:
    one, other = build.article(f"{LEDE[:-1]}, police said.", "a"), build.article(f"{LEDE[:-1]}, police said.", "b")
    spoken = build.said(one.text, "police", "police", "said", LEDE[:-1])
    read = build.reading(one, sources=[Source("police", SourceKind.UNNAMED)], attributions=[spoken])
    points = choose([one, other], [read, build.reading(other)], 3)
    assert [[piece.article for piece in point.evidence] for point in points] == [["a", "b"]]


def test_it_that_is_not_the_speaker_is_not_used() -> None:
    text = "Ida Lund said it is open."
    spoken = [build.said(text, "Ida Lund", "Ida Lund", "said", "it is open")]
    assert _texts(text, sources=[build.person("Ida Lund")], attributions=spoken) == []
    own = "Fjord Lines said it had lost a ferry off Halden on Friday."
    spoken = [build.said(own, "Fjord Lines", "Fjord Lines", "said", "it had lost a ferry off Halden on Friday")]
    assert _texts(own, sources=[build.organisation("Fjord Lines")], attributions=spoken) == [own]


def test_a_heading_does_not_lend_its_speaker_to_a_lede_that_names_its_own() -> None:
    text = "Ferries are late, says harbour\nOne ferry in three is late in Halden, according to a count of last year."
    of = build.article(text)
    content = "One ferry in three is late in Halden"
    spoken = [build.said(text, "harbour", "harbour", "says", content)]
    read = build.reading(of, attributions=spoken, furniture=["Ferries are late, says harbour"])
    assert [point.text for point in choose([of], [read], 3)] == [text.splitlines()[1]]


def test_another_papers_lede_waits_until_what_is_new_was_told() -> None:
    one = build.article(f"{LEDE} The pilots of Sarpsborg stopped work for three days on Saturday.", "a", outlet="A")
    other = build.article("Sailors died on Friday near Halden when ships met in fog.", "b", outlet="B")
    points = choose([one, other], [build.reading(one), build.reading(other)], 3)
    assert [point.evidence[0].article for point in points][:2] == ["a", "a"]


def test_a_pronoun_after_a_person_without_a_name_is_not_guessed() -> None:
    text = (
        "Ida Lund, the pilot, was on the bridge. The tired prosecutor refused what Lund had offered the court. "
        "She said the ferry had turned without a signal before the crash."
    )
    of = build.article(text)
    said = build.said(text, "Ida Lund", "She", "said", "the ferry had turned without a signal before the crash")
    read = build.reading(of, sources=[build.person("Ida Lund", "pilot")], attributions=[said])
    assert not [point for point in choose([of], [read], 3) if "without a signal" in point.text]
