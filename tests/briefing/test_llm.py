"""What of a language model's answer becomes a briefing: pure, without a server."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefing import compose
from bot.briefing.llm import check, prompt, reply
from bot.briefing.llm.exact import turned
from bot.briefing.llm.prompt import Offered
from bot.briefing.llm.reply import Draft, drafts
from bot.briefing.llm.text import foreign, undressed
from bot.errors import WriterError
from bot.types import Article, Length, Reading
from tests.briefing import build

TEXT = (
    "A tanker and a ferry collided off Halden on Friday, killing two sailors and injuring seven. "
    "Ida Lund, the pilot, said that the ferry might have turned without a signal. "
    "The tanker was towed to Sarpsborg, a port in the south of Norway, with 40 tonnes of oil on board. "
    "The harbour office did not close the strait to other ships, its former director Per Vik told the council. "
    "The council approved 3 million kroner for new lights on Saturday."
)


def told() -> tuple[Article, Reading]:
    of = build.article(TEXT, title="Two die as ships collide")
    places = build.toponyms(TEXT, {"Halden": build.HALDEN, "Sarpsborg": build.SARP, "Norway": build.NORWAY})
    lund, vik = build.person("Ida Lund", "pilot"), build.person("Per Vik", "director")
    spoken = [
        build.said(TEXT, lund.name, "Ida Lund", "said", "that the ferry might have turned without a signal"),
        build.said(TEXT, vik.name, "Per Vik", "told", "The harbour office did not close the strait to other ships"),
    ]
    return of, build.reading(of, places=places, sources=[lund, vik], attributions=spoken)


def sentences() -> tuple[Offered, ...]:
    of, read = told()
    return prompt.offered([of], [read])


def kept(text: str, *cites: int) -> check.Checked:
    return check.check([Draft(text, cites)], sentences(), 5)


def test_sentences_are_offered_in_the_order_of_the_article_with_their_speakers() -> None:
    found = sentences()
    assert [one.point.text for one in found] == [part if part[-1] == "." else f"{part}." for part in TEXT.split(". ")]
    assert [[source.name for source in one.sources] for one in found] == [[], ["Ida Lund"], [], ["Per Vik"], []]


def test_the_question_numbers_them_as_data_and_says_how_many_points_are_wanted() -> None:
    asked = prompt.ask(sentences(), 3)
    data = json.loads(asked.data)
    assert data["most"] == 3
    assert [one["n"] for one in data["sentences"]] == [1, 2, 3, 4, 5]
    assert "Halden" not in asked.system
    assert json.loads(asked.schema)["required"] == ["points"]


def test_another_model_or_another_sentence_is_another_question() -> None:
    one, other = prompt.ask(sentences(), 3), prompt.ask(sentences()[:-1], 3)
    assert prompt.key(one, "a") == prompt.key(prompt.ask(sentences(), 3), "a")
    assert len({prompt.key(one, "a"), prompt.key(one, "b"), prompt.key(other, "a")}) == 3


def test_what_cannot_be_checked_is_not_asked_for() -> None:
    of, read = told()
    assert prompt.offered([of], [replace(read, language="uk")]) == ()


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("A tanker and a ferry collided off Halden on Friday, killing two sailors.", [1]),
        ("Two sailors were killed and seven injured when a tanker and a ferry collided off Halden on Friday.", [1]),
        ("The ferry might have turned without a signal, pilot Ida Lund said.", [2]),
        ("With 40 tonnes of oil on board, the tanker was towed to Sarpsborg in the south of Norway.", [3]),
        ("The harbour office did not close the strait, its former director Per Vik told the council.", [4]),
        ("On Saturday the council approved 3 million kroner for new lights.", [5]),
        ("**The council approved 3 million kroner for new lights on Saturday** [5]", [5]),
    ],
)
def test_a_faithful_sentence_becomes_a_point(text: str, cites: list[int]) -> None:
    found = kept(text, *cites)
    assert found.dropped == ()
    (point,) = found.points
    assert point.text[-1] == "."
    assert "*" not in point.text
    cited = sentences()[cites[0] - 1].point
    assert (point.evidence, point.sources) == (cited.evidence, cited.sources)


def test_a_point_may_rest_on_two_sentences() -> None:
    text = "A tanker and a ferry collided off Halden, and the tanker with 40 tonnes of oil was towed to Sarpsborg."
    (point,) = kept(text, 1, 3).points
    assert [piece.span.of(TEXT)[:8] for piece in point.evidence] == ["A tanker", "The tank"]
    assert point.places == ("Halden", "Sarpsborg")


@pytest.mark.parametrize(
    ("text", "cites", "why"),
    [
        ("A tanker and a ferry collided off Halden on Friday, killing nine sailors.", [1], "number"),
        ("A tanker and a ferry collided off Halden on Friday, killing seven sailors and injuring two.", [1], "number"),
        ("A tanker and a ferry collided off Bergen on Friday, killing two sailors.", [1], "Bergen"),
        ("A tanker and a ferry collided off Halden on Sunday, killing two sailors.", [1], "Sunday"),
        ("The ferry turned without a signal, pilot Ida Lund said.", [2], "surer"),
        ("The ferry might have turned without a signal.", [2], "who says"),
        ("The ferry might have turned without a signal, Per Vik said.", [2], "lacks"),
        (
            "The harbour office closed the strait to other ships, its former director Per Vik told the council.",
            [4],
            "de",
        ),
        ("The harbour office did not close the strait, its director Per Vik told the council.", [4], "former"),
        ("The council did not approve 3 million kroner for new lights on Saturday.", [5], "denies"),
        ("The council rejected 3 million kroner for new lights on Saturday.", [5], "opposite"),
        (
            "The harbour office said that the council approved 3 million kroner for new lights on Saturday.",
            [5],
            "words",
        ),
        ("A tanker and a ferry collided off Sarpsborg on Friday, killing two sailors.", [1, 3], "apart"),
        ("The council approved 3 million kroner for new lights on Saturday.", [], "cite"),
        ("The council approved 3 million kroner for new lights on Saturday.", [5, 99], "cite"),
        ("The council approved 3 million kroner for new lights on Saturday.", [0], "cite"),
        ("The council approved 3 million kroner for new lights on Saturday.", [1, 2, 3, 4, 5], "cite"),
        ("The council approved 3 million kroner for new lights on Saturday.", [5, 3], "doesn't use"),
        ('The council approved "3 million kroner for new lights" on Saturday.', [5], "quotes"),
        ("The harbour might have been dark, Per Vik and Ida Lund said.", [2, 4], "several"),
        ("It approved 3 million kroner for new lights on Saturday.", [5], "alone"),
        ("", [5], ""),
    ],
)
def test_what_the_sentences_do_not_say_is_dropped_with_the_reason(text: str, cites: list[int], why: str) -> None:
    found = kept(text, *cites)
    assert found.points == ()
    (reason,) = found.dropped
    assert reason
    reasons = " ".join(check._faults(check._ended(text), check._cited(Draft(text, tuple(cites)), sentences()), ()))
    assert why in reasons


@pytest.mark.parametrize(
    "extra",
    ["https://evil.example/x", "@everyone", "<@123>", "<!channel>", "[here](x)", "`rm -rf`", "/brief now", "#general"],
)
def test_links_mentions_and_markup_are_never_shown(extra: str) -> None:
    text = f"The council approved 3 million kroner for new lights on Saturday {extra}."
    assert kept(text, 5).points == ()


def test_what_cannot_be_seen_is_taken_away() -> None:
    hidden = "The council\u202e appr\u200boved 3 million kroner for\x07 new\U000e0041 lights on Saturday."
    (point,) = kept(hidden, 5).points
    assert point.text == "The council approved 3 million kroner for new lights on Saturday."


def test_the_same_thing_twice_is_one_point_and_no_more_are_taken_than_wanted() -> None:
    one = Draft("The council approved 3 million kroner for new lights on Saturday.", (5,))
    again = Draft("On Saturday the council approved 3 million kroner for new lights.", (5,))
    other = Draft("The tanker was towed to Sarpsborg, a port in the south of Norway.", (3,))
    found = check.check([one, again, other], sentences(), 5)
    assert [point.text for point in found.points] == [one.text, other.text]
    assert len(found.dropped) == 1
    assert len(check.check([one, other], sentences(), 1).points) == 1


def test_a_rewritten_briefing_says_who_wrote_it_and_keeps_the_headline() -> None:
    of, read = told()
    plain = compose.brief([of], [read], length=Length.NORMAL, now=build.NOW)
    good = [Draft(one.point.text, (number,)) for number, one in enumerate(sentences(), 1)]
    found = check.check([*good[:3], Draft("Nine sailors died off Bergen.", (1,))], sentences(), 5)
    made = check.rewritten(plain, [of], [read], found, "tiny")
    assert (made.method, made.dropped, made.headline, len(made.points)) == ("tiny", 1, plain.headline, 3)
    with pytest.raises(WriterError, match="too little"):
        check.rewritten(plain, [of], [read], check.Checked(found.points[:1], ()), "tiny")


@pytest.mark.parametrize(
    "answer",
    [
        '{"points": [{"text": "A.", "cites": [1, 2]}]}',
        '```json\n{"points": [{"text": "A.", "cites": [1, 2]}]}\n```',
        'Here you are:\n[{"point": "A.", "citations": ["1", "[2]"]}]',
        '<think>{"points": [{"text": "no", "cites": [9]}]}</think>{"points": [{"sentence": "A.", "sources": "1, 2"}]}',
        '{"points": [{"text": "A.", "cites": [1, 2]}, {"text": "B is cut o',
        '{"note": "[sic]", "points": [{"text": "A.", "cites": [1, 2, 1]}]}',
    ],
)
def test_answers_in_many_wrappings_are_read(answer: str) -> None:
    assert drafts(answer) == (Draft("A.", (1, 2)),)


@pytest.mark.parametrize("answer", ["", "No.", "{", "[" * 5000, '{"points": []}', '{"points": "A."}', "null", "[[1]]"])
def test_an_answer_without_points_is_an_error(answer: str) -> None:
    with pytest.raises(WriterError, match=r"understood|empty"):
        drafts(answer)


def test_an_entry_that_makes_no_sense_counts_as_one_that_says_nothing() -> None:
    assert drafts('{"points": [{"text": 5}, "x", {"text": "A.", "cites": [1]}]}') == (
        Draft("", ()),
        Draft("", ()),
        Draft("A.", (1,)),
    )


@given(st.text(max_size=300))
def test_no_answer_breaks_the_reader(answer: str) -> None:
    try:
        found = reply.drafts(answer)
    except WriterError:
        return
    assert all(isinstance(draft.text, str) for draft in found)


@given(st.text(max_size=200))
def test_undressed_text_is_one_visible_line(text: str) -> None:
    line = undressed(text)
    assert line == " ".join(line.split())
    assert line.isprintable() or foreign(line)


EXACT = (
    "About 40 of the 60 ships north of Halden were freed on Friday, Ida Lund claimed, which could not be verified. "
    "The ferry was found in Halden but not in Sarpsborg, and half of the crew was hurt by noon."
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Some 40 of the 60 ships north of Halden were freed, Ida Lund claimed, which could not be verified.", ""),
        ("Half of the crew was injured by noon.", ""),
        ("On Friday 40 of the 60 ships north of Halden were freed, which could not be verified.", "another number"),
        ("More than 40 of the ships were freed, which could not be verified.", "another number"),
        ("About 40 of the 60 ships were freed on Friday, Ida Lund claimed.", "nobody could verify"),
        ("About 40 of the 60 ships south of Halden were freed, which could not be verified.", "lacks 'south'"),
        ("All ships north of Halden were freed, which could not be verified.", "lacks 'all'"),
        ("About 40 of the 60 ships from Halden were freed, which could not be verified.", "before Halden"),
        ("About 40 of the 60 ships were freed by Friday, which could not be verified.", "before Friday"),
        ("The ferry was found in Sarpsborg but not in Halden, which could not be verified.", "of another"),
        ("The crew was hurt by noon, which could not be verified.", "leaves out 'half'"),
        ("Half of the crew was killed by noon, which could not be verified.", "lacks 'killed'"),
        ("The third ship was freed, which could not be verified.", "lacks 'third'"),
        ("About 40 ships were freed because of the ferry, which could not be verified.", "cause"),
        ("About 40 of the ships were freed, Ida Lund promised, which could not be verified.", "promised"),
    ],
)
def test_a_small_word_that_turns_a_sentence_is_noticed(text: str, why: str) -> None:
    shown = EXACT if "verified" in text else EXACT.partition(". ")[2] if "crew" in text else EXACT
    reasons = "; ".join(turned(text, shown))
    assert why in reasons
    assert bool(reasons) == bool(why)


def test_what_it_was_given_is_good_enough_word_for_word() -> None:
    for number, one in enumerate(sentences(), 1):
        assert kept(one.point.text, number).dropped == ()


def test_a_speaker_may_be_kept_by_other_words_than_said() -> None:
    assert kept("The ferry might have turned without a signal, Ida Lund explained.", 2).dropped == ()
