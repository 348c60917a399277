"""Whom the words of a source mean: names, pronouns, descriptions, documents, and those who pass on what was said."""

import pytest

from bot.types import SourceKind, Stance
from tests.reading.marked import read


@pytest.mark.parametrize(
    "speaker", ["An aide to Oleh Bondar", "Bondar’s lawyer", "A spokesman for Oleh Bondar", "A Bondar supporter"]
)
def test_somebody_beside_a_name_is_not_that_person(speaker: str) -> None:
    name = "Oleh Bondar" if "Oleh" in speaker else "Bondar"
    marked = speaker.replace(name, f"[p:{name}]")
    _, found, _ = read(f"{marked} said the vote was fair.", (speaker, "said", "the vote was fair"))
    assert [s.kind for s in found.values()] == [SourceKind.UNNAMED]


def test_pronouns_mean_whom_a_reader_takes_them_to_mean() -> None:
    _, _, said = read(
        "[p:Maria Koval] met [p:Peter Lang] in [l:Vienna]. He said the loan was agreed. She denied that it was. "
        "The [o:Lowland Bank] called the talks useful. It said that a second round would follow.",
        ("He", "said", "the loan was agreed"),
        ("She", "denied", "that it was"),
        ("It", "said", "that a second round would follow"),
    )
    assert [a.source for a in said] == ["Peter Lang", "Maria Koval", "Lowland Bank"]


def test_a_pronoun_that_points_to_nobody_names_nobody() -> None:
    _, found, said = read("They said the bridge had fallen.", ("They", "said", "the bridge had fallen"))
    assert (found, [a.source for a in said]) == ({}, [None])


def test_descriptions_mean_who_was_introduced_by_them() -> None:
    _, _, said = read(
        "Kremlin spokesman [p:Igor Belov] said talks would go on. The spokesman denied a long delay. "
        "The [o:Ministry of Transport] said trains ran again. The ministry promised many more carriages.",
        ("Kremlin spokesman Igor Belov", "said", "talks would go on"),
        ("The spokesman", "denied", "a long delay"),
        ("The Ministry of Transport", "said", "trains ran again"),
        ("The ministry", "promised", "many more carriages"),
    )
    assert [a.source for a in said] == ["Igor Belov", "Igor Belov", "Ministry of Transport", "Ministry of Transport"]
    assert said[3].stance is Stance.PROMISES


def test_one_ministry_is_not_another() -> None:
    _, _, said = read(
        "The electricity ministry said the gas had stopped. The oil ministry said it had called.",
        ("The electricity ministry", "said", "the gas had stopped"),
        ("The oil ministry", "said", "it had called"),
    )
    assert [a.source for a in said][:2] == ["the electricity ministry", "the oil ministry"]


def test_an_office_means_who_is_soon_named_in_it() -> None:
    _, _, said = read(
        "The pier stays shut, the governor of [l:Linz] said. Governor [p:Ann Roe] added that she had slept on it.",
        ("the governor of Linz", "said", "The pier stays shut"),
        ("Ann Roe", "added", "that she had slept on it"),
    )
    assert [a.source for a in said] == ["Ann Roe", "Ann Roe"]


def test_an_office_that_two_people_hold_is_nobody_s_by_name() -> None:
    _, _, said = read(
        "The pier stays shut, the governor said. Governor [p:Ann Roe] met Governor [p:Joe Bloggs] there.",
        ("the governor", "said", "The pier stays shut"),
    )
    assert [a.source for a in said] == ["the governor"]


@pytest.mark.parametrize(
    ("marked", "source", "name", "kind"),
    [
        ("[o:State-run Radio Split]", "State-run Radio Split", "Radio Split", SourceKind.OUTLET),
        ("[o:Carmaker Volta Drives]", "Carmaker Volta Drives", "Volta Drives", SourceKind.ORGANISATION),
        ("[p:Norvane Offshore]", "Norvane Offshore", "Norvane Offshore", SourceKind.ORGANISATION),
    ],
)
def test_what_says_whose_or_what_a_body_is_is_none_of_its_name(
    marked: str, source: str, name: str, kind: SourceKind
) -> None:
    _, found, _ = read(f"{marked} said two more ships had left.", (source, "said", "two more ships had left"))
    assert [(s.name, s.kind) for s in found.values()] == [(name, kind)]


def test_a_firm_called_by_its_town_is_the_firm_named_before() -> None:
    _, _, said = read(
        "[o:Jadran Lines] said it would pay. The [l:Zadar]-based company added that it was insured.",
        ("Jadran Lines", "said", "it would pay"),
        ("The Zadar", "added", "that it was insured"),
    )
    assert [a.source for a in said] == ["Jadran Lines", "Jadran Lines"]


def test_an_age_means_who_was_just_named() -> None:
    _, _, said = read(
        "[p:Ana Vidmar] lost. “There are 40,000 envelopes that nobody has opened,” the 51-year-old said.",
        ("the 51-year-old", "said", "“There are 40,000 envelopes that nobody has opened,”"),
    )
    assert [a.source for a in said] == ["Ana Vidmar"]


def test_who_does_something_after_a_document_is_not_its_author() -> None:
    _, found, said = read(
        "[p:Corinne Delaney] is on trial. According to an agreed statement of facts, [p:Delaney] deleted the records.",
        ("an agreed statement of facts", "According to", "deleted the records"),
    )
    assert [(a.source, found[a.source or ""].kind) for a in said] == [
        ("an agreed statement of facts", SourceKind.DOCUMENT)
    ]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("The coast guard", SourceKind.ORGANISATION),
        ("A border guard", SourceKind.UNNAMED),
        ("Local authorities", SourceKind.ORGANISATION),
        ("An expert report tendered by the defence", SourceKind.DOCUMENT),
    ],
)
def test_words_without_a_name_say_what_speaks(words: str, kind: SourceKind) -> None:
    _, found, _ = read(f"{words} said the pier was unsafe.", (words, "said", "the pier was unsafe"))
    assert [source.kind for source in found.values()] == [kind]


def test_unnamed_sources_stay_unnamed() -> None:
    _, found, said = read(
        "[p:Oleh Bondar] visited the port. Russian sources claim that the ferry sank. "
        "A senior official said it had not. The official warned that more boats were missing. "
        "Analysts are wary of both reports.",
        ("Russian sources", "claim", "that the ferry sank"),
        ("A senior official", "said", "it had not"),
        ("The official", "warned", "that more boats were missing"),
        ("Analysts", "are wary", "of both reports"),
    )
    assert list(found) == ["Russian sources", "a senior official", "analysts"]
    assert {s.kind for s in found.values()} == {SourceKind.UNNAMED}
    assert [a.source for a in said] == ["Russian sources", "a senior official", "a senior official", "analysts"]


def test_documents_and_whose_they_are() -> None:
    _, found, said = read(
        "A court filing said the firm knew. A report by [o:Amnesty International] found three hidden cells. "
        "Figures from [o:Amnesty International] show eleven more.",
        ("A court filing", "said", "the firm knew"),
        ("A report by Amnesty International", "found", "three hidden cells"),
        ("Figures from Amnesty International", "show", "eleven more"),
    )
    assert [(s.name, s.kind) for s in found.values()] == [
        ("a court filing", SourceKind.DOCUMENT),
        ("a report by Amnesty International", SourceKind.DOCUMENT),
        ("Amnesty International", SourceKind.ORGANISATION),
    ]
    assert [a.via for a in said] == [None, "Amnesty International", None]


def test_a_notice_under_an_act_is_not_the_acts() -> None:
    _, found, _ = read(
        "A notice filed under the [o:Ferry Act] lists nine boats in all.",
        ("A notice filed under the Ferry Act", "lists", "nine boats in all"),
    )
    assert [s.kind for s in found.values()] == [SourceKind.DOCUMENT]


def test_who_passes_a_statement_on_is_kept_beside_its_source() -> None:
    text, _, said = read(
        "The [o:Lowland Board], citing the harbour master, said the quay was shut. "
        "The weekly [o:Harbour Echo] quotes [p:Ann Roe] as saying that it will open soon. "
        "[p:Joe Bloggs] told the [o:Harbour Echo] that it would not.",
        ("The Lowland Board", "citing", "the harbour master"),
        ("The Lowland Board", "said", "the quay was shut"),
        ("The weekly Harbour Echo", "quotes", "Ann Roe"),
        ("The weekly Harbour Echo", "saying", "that it will open soon"),
        ("Joe Bloggs", "told", "that it would not"),
    )
    assert [(a.source, a.via, a.span.of(text)) for a in said] == [
        ("Lowland Board", None, "the quay was shut"),
        ("the harbour master", "Lowland Board", "the quay was shut"),
        ("Ann Roe", "Harbour Echo", "that it will open soon"),
        ("Joe Bloggs", "Harbour Echo", "that it would not"),
    ]


def test_reasons_are_not_cited_as_if_they_spoke() -> None:
    _, found, _ = read(
        "The [o:Lowland Board], citing safety concerns, said the quay was shut.",
        ("The Lowland Board", "said", "the quay was shut"),
    )
    assert list(found) == ["Lowland Board"]


def test_two_who_say_a_thing_together_both_say_it() -> None:
    text, found, said = read(
        "Harbour Minister [p:Ines Lobo] and Mayor [p:Duarte Pinto] said the port was open. "
        "The [o:Lowland Navy] and the [o:Linden Fire Service] said the fire was out.",
        ("Harbour Minister Ines Lobo and Mayor Duarte Pinto", "said", "the port was open"),
        ("The Lowland Navy and the Linden Fire Service", "said", "the fire was out"),
    )
    assert [a.source for a in said] == ["Ines Lobo", "Duarte Pinto", "Lowland Navy", "Linden Fire Service"]
    assert [a.source_span.of(text) for a in said if a.source_span][:2] == [
        "Harbour Minister Ines Lobo",
        "Mayor Duarte Pinto",
    ]
    assert (found["Ines Lobo"].role, found["Duarte Pinto"].role) == ("Harbour Minister", "Mayor")


def test_the_police_and_a_named_body_both_say_it() -> None:
    _, found, said = read(
        "The police and the [o:Red Crescent] said that nine people were safe. "
        "Labor and the [o:Greens] say it will rain.",
        ("The police and the Red Crescent", "said", "that nine people were safe"),
        ("Labor and the Greens", "say", "it will rain"),
    )
    assert [a.source for a in said] == ["the police", "Red Crescent", "Labor", "Greens"]
    assert {found[name].kind for name in ("the police", "Labor", "Greens")} == {SourceKind.ORGANISATION}


@pytest.mark.parametrize("scrap", ["the fence followed", "from its press", "the Richter scale", "each side"])
def test_scraps_and_things_are_nobody(scrap: str) -> None:
    _, found, _ = read(f"The wall fell in the night, {scrap} said.", (scrap, "said", "The wall fell in the night"))
    assert not found
