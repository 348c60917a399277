"""What counts as a statement, whose it is, how far it goes and whether it is quoted."""

import pytest

from bot.types import SourceKind
from tests.reading.marked import read


@pytest.mark.parametrize("cue", ["is hoping", "believes", "wants", "has decided"])
def test_wishes_and_beliefs_are_not_said(cue: str) -> None:
    _, _, said = read(
        f"[p:Peter Lang] {cue} that the bridge will open soon.", ("Peter Lang", cue, "that the bridge will open")
    )
    assert said == ()


@pytest.mark.parametrize("cue", ["declined to comment on", "refused to discuss", "called a strike over"])
def test_silence_and_deeds_are_not_said(cue: str) -> None:
    _, _, said = read(
        f"[p:Peter Lang] {cue} the new pay scale.",
        ("Peter Lang", cue.split()[0], f"{cue.split(' ', 1)[1]} the new pay scale"),
    )
    assert said == ()


@pytest.mark.parametrize(
    "silence",
    ["has not spoken about the matter since", "asked not to be named in the report", "could not agree on a day"],
)
def test_silence_is_no_statement(silence: str) -> None:
    cue, content = silence.rsplit(" ", 3)[0], " ".join(silence.split()[-3:])
    _, _, said = read(f"[p:Ann Roe] {silence}.", ("Ann Roe", cue, content))
    assert not said


def test_a_pictures_credit_and_a_splinter_are_not_said() -> None:
    _, _, said = read(
        "The dam held on Monday.\n\nMap of the lower river (Source: [o:Lowland River Board])\n\n[p:Lang] said it can.",
        ("Lowland River Board", "Source", "Map of the lower river"),
        ("Lang", "said", "can"),
    )
    assert said == ()


@pytest.mark.parametrize(
    ("opening", "source"),
    [
        ("[p:Ana Kovac] shrugged", "Ana Kovac"),
        ("Its captain, [p:Marko Peric], was blunt", "Marko Peric"),
    ],
)
def test_a_quotation_after_a_colon_is_whose_the_sentence_is(opening: str, source: str) -> None:
    _, _, said = read(f"The ship is aground. {opening}: “We sang until the boats came.”")
    assert [(a.source, a.direct) for a in said] == [(source, True)]


def test_a_quotation_after_a_colon_that_names_nobody_is_nobodys() -> None:
    _, _, said = read("[p:Ana Kovac] left. The sign on the door was old: “Back in five minutes, please.”")
    assert said == ()


def test_a_report_that_cites_somebody_is_the_reporter_s_too() -> None:
    _, _, said = read(
        "The [o:Chubu Keizai] newspaper reported on Tuesday, citing two executives, that Meiko was in talks to sell.",
        ("The Chubu Keizai newspaper", "citing", "that Meiko was in talks to sell"),
    )
    assert [(a.source, a.via) for a in said] == [("Chubu Keizai", None), ("two executives", "Chubu Keizai")]


def test_a_quotation_in_a_paragraph_where_somebody_speaks_is_not_a_later_speaker_s() -> None:
    _, _, said = read(
        "A guard said he had seen children arrive. “Yesterday there were fourteen of them.”\n\n"
        "“But there is no school there,” [p:Zahra Ahmadi] said.",
        ("A guard", "said", "he had seen children arrive"),
        ("Zahra Ahmadi", "said", "“Yesterday there were fourteen of them.”\n\n“But there is no school there,”"),
    )
    assert not any("fourteen" in piece for a in said if a.source == "Zahra Ahmadi" for piece in [str(a.content)])


def test_pieces_of_one_quotation_are_one_statement() -> None:
    text, _, said = read(
        "“The wall held,” [p:Peter Lang] said in [l:Linz]. “We were lucky.”\n\n"
        "“It may not hold again,” he added. “We need pumps.\n\n“And we need them now.”\n\nThe rain stopped.",
        ("Peter Lang", "said", "“The wall held,”"),
        ("he", "added", "“It may not hold again,”"),
    )
    assert [[piece.of(text) for piece in a.content] for a in said] == [
        ["“The wall held,”", "“We were lucky.”"],
        ["“It may not hold again,”", "“We need pumps.", "“And we need them now.”"],
    ]
    assert all(a.direct for a in said)


@pytest.mark.parametrize(
    ("quoted", "direct"),
    [
        ("“all is well”", True),
        ('"all is well"', True),
        ("‘all is well’", True),
        ("«all is well»", True),
        ("“all is well", True),
        ("all is “well”", False),
        ("the firm’s all is well", False),
    ],
)
def test_a_statement_is_direct_when_all_of_it_is_quoted(quoted: str, direct: bool) -> None:
    _, _, said = read(f"[p:Lang] said {quoted}", ("Lang", "said", quoted))
    assert [a.direct for a in said] == [direct]


def test_a_paraphrase_ends_with_its_paragraph() -> None:
    text, _, said = read(
        "[p:Peter Lang] said the wall held.\n\nThe rain stopped at noon.",
        ("Peter Lang", "said", "the wall held.\n\nThe rain stopped at noon"),
    )
    assert [a.span.of(text) for a in said] == ["the wall held."]


def test_a_paraphrase_and_the_quotation_after_it_are_told_apart() -> None:
    text, _, said = read(
        "[p:Peter Lang] said the wall had held. “We were lucky this time.”",
        ("Peter Lang", "said", "the wall had held. “We were lucky this time.”"),
    )
    assert [(a.span.of(text), a.direct) for a in said] == [
        ("the wall had held.", False),
        ("“We were lucky this time.”", True),
    ]


def test_a_quotation_in_the_next_paragraph_is_whose_cue_stands_there() -> None:
    text, _, said = read(
        "“Nobody has ever parked there,” [p:Simon Rae] told us.\n\nCr [p:Marama Dell] said the plan was rushed. "
        "“We got forty pages on a Friday.”",
        ("Simon Rae", "told", "“We got forty pages on a Friday.”"),
        ("Marama Dell", "said", "the plan was rushed"),
    )
    assert [(a.source, a.direct) for a in said] == [("Simon Rae", True), ("Marama Dell", False), ("Marama Dell", True)]
    assert said[-1].content[0].of(text).strip("“”") == "We got forty pages on a Friday."


def test_a_sentence_that_opens_with_its_own_source_is_not_the_last_speakers() -> None:
    _, _, said = read(
        "[p:Peter Lang] said the wall had held. Villagers in [l:Linz] said they had not been paid.",
        ("Peter Lang", "said", "the wall had held"),
        ("Peter Lang", "said", "they had not been paid"),
    )
    assert [a.source for a in said] == ["Peter Lang", "villagers in Linz"]


def test_what_the_tagger_missed_but_anybody_sees() -> None:
    text, _, said = read(
        "The bridge, according to [p:Maria Koval], is unsafe. “Nobody should drive over it,” [p:Koval] warned. "
        "“We will close it tonight,” said [p:Peter Lang].",
    )
    assert [(a.source, a.span.of(text)) for a in said] == [
        ("Maria Koval", "The bridge, according to Maria Koval, is unsafe."),
        ("Maria Koval", "“Nobody should drive over it,”"),
        ("Peter Lang", "“We will close it tonight,”"),
    ]


def test_a_headline_names_its_speaker() -> None:
    text, _, said = read("[p:Lang]: dam will hold until spring\n\nThe river rose. [p:Peter Lang] was calm.")
    assert [(a.source, a.span.of(text)) for a in said] == [("Peter Lang", "dam will hold until spring")]


def test_a_sentence_that_opens_or_ends_with_who_says_it_needs_no_tag() -> None:
    text, _, said = read(
        "Across the river, residents of [l:Linz] said that the sirens had been silent. "
        "The pumps will be mended, said the mayor, [p:Ann Roe]."
    )
    assert [(a.source, a.span.of(text)) for a in said] == [
        ("residents of Linz", "the sirens had been silent."),
        ("Ann Roe", "The pumps will be mended"),
    ]


def test_counts_documents_and_sentences_that_end_in_their_source() -> None:
    text, found, said = read(
        "The [o:Lowland River Board], however, put the damage at 40 million crowns. A memo seen by [o:Delta News] "
        "speaks of “two long winters”. The dam will be drained in May, board member [p:Ann Lund] said."
    )
    assert [(a.source, a.span.of(text)) for a in said] == [
        ("Lowland River Board", "the damage at 40 million crowns"),
        ("a memo", "“two long winters”"),
        ("Ann Lund", "The dam will be drained in May"),
    ]
    assert found["a memo"].kind is SourceKind.DOCUMENT
