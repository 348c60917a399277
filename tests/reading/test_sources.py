"""Who says so, on articles of our own with tags made by hand, as a good tagger would give them."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading import sentences, sources
from bot.reading.tagger import NameKind, NameTag, StatementTag, Tags
from bot.types import Attribution, Source, SourceKind, Span, Stance

KINDS = {"p": NameKind.PERSON, "o": NameKind.ORGANISATION, "l": NameKind.PLACE}
SAID = tuple[str | None, str, str]


def read(
    marked: str, *said: SAID, published: datetime | None = None
) -> tuple[str, dict[str, Source], tuple[Attribution, ...]]:
    """Text, sources by name and attributions of '[p:Ann Roe] said ...'; ``said``: sources, cues, contents in words."""
    text, names = "", []
    for piece in re.split(r"(\[[pol]:[^\]]*\])", marked):
        tag = re.fullmatch(r"\[([pol]):([^\]]*)\]", piece)
        words = tag[2] if tag else piece
        if tag:
            names.append(NameTag(Span(len(text), len(text) + len(words)), KINDS[tag[1]], 0.9))
        text += words
    tags = Tags(tuple(names), tuple(_statement(text, *parts) for parts in said))
    found, attributions = sources.attribute(text, sentences.split(text), tags, published=published)
    return text, {source.name: source for source in found}, attributions


def _statement(text: str, source: str | None, cue: str, content: str) -> StatementTag:
    what = Span(text.index(content), text.index(content) + len(content))
    at = _nearest(text, cue, what)
    return StatementTag(_nearest(text, source, at) if source else None, at, (what,), 0.9)


def _nearest(text: str, words: str, to: Span) -> Span:
    spans = [Span(*m.span()) for m in re.finditer(rf"\b{re.escape(words)}", text)]
    return min(
        (s for s in spans if not s.overlaps(to)), key=lambda s: min(abs(s.start - to.end), abs(to.start - s.end))
    )


def test_a_person_has_one_entry_with_role_and_other_names() -> None:
    _, found, said = read(
        "Harbour Authority spokeswoman [p:Ruth S. Adeyemi] said the port would stay shut until Friday. "
        "[p:Adeyemi] denied that fuel had leaked. “It is sealed,” she said.",
        ("Harbour Authority spokeswoman Ruth S. Adeyemi", "said", "the port would stay shut until Friday"),
        ("Adeyemi", "denied", "that fuel had leaked"),
        ("she", "said", "“It is sealed,”"),
        published=datetime(2022, 10, 3, tzinfo=UTC),
    )
    source = found["Ruth Adeyemi"]
    assert len(found) == 1
    assert (source.kind, source.role) == (SourceKind.PERSON, "Harbour Authority spokeswoman")
    assert source.aliases == ("Ruth S. Adeyemi", "Adeyemi")
    assert source.role_as_of == datetime(2022, 10, 3, tzinfo=UTC)
    assert [a.source for a in said] == ["Ruth Adeyemi"] * 3
    assert [a.stance for a in said] == [Stance.SAYS, Stance.DENIES, Stance.SAYS]
    assert [a.direct for a in said] == [False, False, True]


@pytest.mark.parametrize(
    ("opening", "role"),
    [
        (
            "[p:Oleh Bondar], the governor of [l:Kharkiv] and a former judge, said",
            "governor of Kharkiv and a former judge",
        ),
        ("Even Kharkiv governor [p:Oleh Bondar] said", "Kharkiv governor"),
        ("President [p:Oleh Bondar] said", "President"),
        ("Mr. [p:Oleh Bondar] said", None),
    ],
)
def test_a_role_is_given_in_the_articles_words(opening: str, role: str | None) -> None:
    _, found, _ = read(f"{opening} the bridge was closed on Monday.", ("Oleh Bondar", "said", "the bridge was closed"))
    assert found["Oleh Bondar"].role == role


def test_an_institution_has_one_name_however_it_is_written() -> None:
    _, found, said = read(
        "According to the Institute of the Study of War, the front moved. [o:ISW] notes that rain slowed it. "
        "The think tank warned of a second push.",
        ("the Institute of the Study of War", "According to", "the front moved"),
        ("ISW", "notes", "that rain slowed it"),
        ("The think tank", "warned", "of a second push"),
    )
    assert {a.source for a in said} == {"Institute for the Study of War"}
    assert found["Institute for the Study of War"].role == "think tank"
    assert found["Institute for the Study of War"].aliases == ("Institute of the Study of War", "ISW")


def test_an_acronym_in_brackets_names_the_body_before_it() -> None:
    _, found, said = read(
        "The [o:Lowland River Board] (LRB) said the dam held. Later the LRB warned of a second wave.",
        ("The Lowland River Board (LRB)", "said", "the dam held"),
        ("the LRB", "warned", "of a second wave"),
    )
    assert [a.source for a in said] == ["Lowland River Board"] * 2
    assert found["Lowland River Board"].kind is SourceKind.ORGANISATION


def test_an_outlet_is_an_outlet() -> None:
    _, found, _ = read("The strait is closed, according to NY Times.")
    assert [(s.name, s.kind) for s in found.values()] == [("The New York Times", SourceKind.OUTLET)]


def test_spellings_of_one_name_are_one_person_and_two_people_of_one_name_stay_two() -> None:
    _, found, said = read(
        "[p:Valerii Shevchenko] said the road was open. General [p:Shevchenko] was sure. "
        "[p:Valeriy Shevchenko] claimed victory was near. Nurse [p:Olha Shevchenko] said the ward was full. "
        "Ms. [p:Shevchenko] asked for more beds.",
        ("Valerii Shevchenko", "said", "the road was open"),
        ("Valeriy Shevchenko", "claimed", "victory was near"),
        ("Olha Shevchenko", "said", "the ward was full"),
        ("Shevchenko", "asked", "for more beds"),
    )
    assert [a.source for a in said] == ["Valerii Shevchenko"] * 2 + ["Olha Shevchenko"] * 2
    assert len(found) == 2


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


@pytest.mark.parametrize(
    ("marked", "source", "kinds"),
    [
        ("The [p:Linden Star]", "The Linden Star", [SourceKind.OUTLET]),
        ("[p:Aerona] and [o:Lowland Air]", "Aerona and Lowland Air", [SourceKind.ORGANISATION] * 2),
        ("[p:Tarvo Marn], 41,", "Tarvo Marn", [SourceKind.PERSON]),
        ("The investors in [p:Tarvo Copper] were told. [p:Tarvo Copper]", "Tarvo Copper", [SourceKind.ORGANISATION]),
    ],
)
def test_papers_and_firms_are_told_from_people(marked: str, source: str, kinds: list[SourceKind]) -> None:
    _, found, _ = read(f"{marked} said the bridge was closed on Monday.", (source, "said", "the bridge was closed"))
    assert [s.kind for s in found.values()] == kinds


def test_a_sentence_that_opens_or_ends_with_who_says_it_needs_no_tag() -> None:
    text, _, said = read(
        "Across the river, residents of [l:Linz] said that the sirens had been silent. "
        "The pumps will be mended, said the mayor, [p:Ann Roe]."
    )
    assert [(a.source, a.span.of(text)) for a in said] == [
        ("residents of Linz", "the sirens had been silent."),
        ("Ann Roe", "The pumps will be mended"),
    ]


def test_a_name_misspelt_later_is_still_the_same_person() -> None:
    _, found, _ = read(
        "[p:Zaid al-Khuweiri] said the road was open. “It is safe,” [p:Al-Khuwayri] said.",
        ("Zaid al-Khuweiri", "said", "the road was open"),
        ("Al-Khuwayri", "said", "“It is safe,”"),
    )
    assert list(found) == ["Zaid al-Khuweiri"]


def test_people_who_are_only_talked_about_are_no_sources() -> None:
    _, found, _ = read(
        "[p:Peter Lang] met [p:Maria Koval]. [p:Lang] said it went well.", ("Lang", "said", "it went well")
    )
    assert list(found) == ["Peter Lang"]


@pytest.mark.parametrize("cue", ["is hoping", "believes", "wants", "has decided"])
def test_wishes_and_beliefs_are_not_said(cue: str) -> None:
    _, _, said = read(
        f"[p:Peter Lang] {cue} that the bridge will open soon.", ("Peter Lang", cue, "that the bridge will open")
    )
    assert said == ()


def test_a_pictures_credit_and_a_splinter_are_not_said() -> None:
    _, _, said = read(
        "The dam held on Monday.\n\nMap of the lower river (Source: [o:Lowland River Board])\n\n[p:Lang] said it can.",
        ("Lowland River Board", "Source", "Map of the lower river"),
        ("Lang", "said", "can"),
    )
    assert said == ()


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


@pytest.mark.parametrize(
    "opening",
    [
        "Shares in [p:Sonamar] fell on Friday. [p:Sonamar]",
        "[p:Sonamar], which runs the port,",
        "[p:Sonamar] Terminals was closed. [p:Sonamar]",
        "The agency [p:Sonamar]",
    ],
)
def test_a_body_that_only_its_use_shows_is_no_person(opening: str) -> None:
    _, found, _ = read(f"{opening} said the pier had gone.", ("Sonamar", "said", "the pier had gone"))
    assert [s.kind for s in found.values()] == [SourceKind.ORGANISATION]


@pytest.mark.parametrize(
    ("marked", "source", "name", "role"),
    [
        ("[p:Neo Lund], who leads the talks, said", "Neo Lund", "Neo Lund", "who leads the talks"),
        ("[p:Neo Lund] of the [o:Rye Trust] said", "Neo Lund", "Neo Lund", "of the Rye Trust"),
        ("Its rival, [p:Neo Lund], said", "Its rival", "Neo Lund", "rival"),
        (
            "Superintendent of Police [p:Neo Lund] said",
            "Superintendent of Police Neo Lund",
            "Neo Lund",
            "Superintendent of Police",
        ),
        (
            "The research group [o:Delta Monitor] said",
            "The research group Delta Monitor",
            "Delta Monitor",
            "research group",
        ),
        ("A nurse who gave her name only as [l:Awa] said", "A nurse", "Awa", "nurse"),
    ],
)
def test_titles_and_descriptions_are_parted_from_names(marked: str, source: str, name: str, role: str) -> None:
    _, found, _ = read(f"{marked} the bridge was closed on Monday.", (source, "said", "the bridge was closed"))
    assert {s.name: s.role for s in found.values()} == {name: role}


def test_a_country_before_a_body_makes_no_second_body() -> None:
    _, found, said = read(
        "[o:Norway’s Harbour Ministry] said ferries ran. The [o:Norwegian Harbour Ministry] said few were late.",
        ("Norway’s Harbour Ministry", "said", "ferries ran"),
        ("The Norwegian Harbour Ministry", "said", "few were late"),
    )
    assert len(found) == len({a.source for a in said}) == 1


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


@pytest.mark.parametrize("cue", ["declined to comment on", "refused to discuss", "called a strike over"])
def test_silence_and_deeds_are_not_said(cue: str) -> None:
    _, _, said = read(
        f"[p:Peter Lang] {cue} the new pay scale.",
        ("Peter Lang", cue.split()[0], f"{cue.split(' ', 1)[1]} the new pay scale"),
    )
    assert said == ()


def test_a_paraphrase_and_the_quotation_after_it_are_told_apart() -> None:
    text, _, said = read(
        "[p:Peter Lang] said the wall had held. “We were lucky this time.”",
        ("Peter Lang", "said", "the wall had held. “We were lucky this time.”"),
    )
    assert [(a.span.of(text), a.direct) for a in said] == [
        ("the wall had held.", False),
        ("“We were lucky this time.”", True),
    ]


def test_a_sentence_that_opens_with_its_own_source_is_not_the_last_speakers() -> None:
    _, _, said = read(
        "[p:Peter Lang] said the wall had held. Villagers in [l:Linz] said they had not been paid.",
        ("Peter Lang", "said", "the wall had held"),
        ("Peter Lang", "said", "they had not been paid"),
    )
    assert [a.source for a in said] == ["Peter Lang", "villagers in Linz"]


def _spans(limit: int) -> st.SearchStrategy[Span]:
    bounds = st.tuples(st.integers(0, limit - 1), st.integers(1, 40))
    return bounds.map(lambda b: Span(b[0], min(limit, b[0] + b[1])))


@given(st.data())
def test_whatever_the_tags_every_source_is_listed_and_every_span_lies_in_the_text(data: st.DataObject) -> None:
    words = [
        "Ann",
        "Roe",
        "said",
        "“",
        "”",
        "the",
        "spokesman",
        ".",
        "\n\n",
        ",",
        "he",
        "ISW",
        "according to",
        "(",
        "of",
        "’s",
    ]
    text = " ".join(data.draw(st.lists(st.sampled_from(words), min_size=3, max_size=60)))
    spans = _spans(len(text))
    names = st.builds(NameTag, spans, st.sampled_from(NameKind), st.floats(0, 1))
    content = st.lists(spans, min_size=1, max_size=3).map(lambda pieces: tuple(sorted(pieces)))
    statements = st.builds(StatementTag, st.none() | spans, spans, content, st.floats(0, 1))
    tags = Tags(tuple(data.draw(st.lists(names, max_size=8))), tuple(data.draw(st.lists(statements, max_size=6))))
    found, said = sources.attribute(text, sentences.split(text), tags)
    assert {a.source for a in said} - {None} <= {s.name for s in found}
    assert all(0 <= p.start < p.end <= len(text) for a in said for p in a.content)
    assert all(s.name.strip() for s in found)


def test_no_tags_no_sources() -> None:
    assert sources.attribute("", (), Tags((), ())) == ((), ())


def test_a_real_article(shared: Path) -> None:
    text = next((shared / "seeds").glob("000_*.txt")).read_text(encoding="utf-8")
    found, _ = sources.attribute(text, sentences.split(text), Tags((), ()))
    assert {"Institute for the Study of War", "The New York Times"} <= {s.name for s in found}
    assert "Wikimedia" not in " ".join(s.name for s in found)


def test_the_police_and_a_named_body_both_say_it() -> None:
    _, found, said = read(
        "The police and the [o:Red Crescent] said that nine people were safe. "
        "Labor and the [o:Greens] say it will rain.",
        ("The police and the Red Crescent", "said", "that nine people were safe"),
        ("Labor and the Greens", "say", "it will rain"),
    )
    assert [a.source for a in said] == ["the police", "Red Crescent", "Labor", "Greens"]
    assert {found[name].kind for name in ("the police", "Labor", "Greens")} == {SourceKind.ORGANISATION}


def test_initials_that_stand_for_all_first_names_stay() -> None:
    _, found, _ = read("[p:K. P. Menon] said the ward was full.", ("K. P. Menon", "said", "the ward was full"))
    assert list(found) == ["K. P. Menon"]


def test_a_last_name_that_no_tag_covers_is_its_owners() -> None:
    _, found, said = read(
        "[p:Gela Tsereli] had won, the count shows.\n\nTsereli called the protest “a picnic with flags”.",
        ("Tsereli", "called", "the protest “a picnic with flags”"),
    )
    assert said[-1].source == "Gela Tsereli"
    assert found["Gela Tsereli"].kind is SourceKind.PERSON


@pytest.mark.parametrize("scrap", ["the fence followed", "from its press", "the Richter scale", "each side"])
def test_scraps_and_things_are_nobody(scrap: str) -> None:
    _, found, _ = read(f"The wall fell in the night, {scrap} said.", (scrap, "said", "The wall fell in the night"))
    assert not found


def test_a_notice_under_an_act_is_not_the_acts() -> None:
    _, found, _ = read(
        "A notice filed under the [o:Ferry Act] lists nine boats in all.",
        ("A notice filed under the Ferry Act", "lists", "nine boats in all"),
    )
    assert [s.kind for s in found.values()] == [SourceKind.DOCUMENT]


def test_a_quotation_in_the_next_paragraph_is_whose_cue_stands_there() -> None:
    text, _, said = read(
        "“Nobody has ever parked there,” [p:Simon Rae] told us.\n\nCr [p:Marama Dell] said the plan was rushed. "
        "“We got forty pages on a Friday.”",
        ("Simon Rae", "told", "“We got forty pages on a Friday.”"),
        ("Marama Dell", "said", "the plan was rushed"),
    )
    assert [(a.source, a.direct) for a in said] == [("Simon Rae", True), ("Marama Dell", False), ("Marama Dell", True)]
    assert said[-1].content[0].of(text).strip("“”") == "We got forty pages on a Friday."


@pytest.mark.parametrize(
    "silence",
    ["has not spoken about the matter since", "asked not to be named in the report", "could not agree on a day"],
)
def test_silence_is_no_statement(silence: str) -> None:
    cue, content = silence.rsplit(" ", 3)[0], " ".join(silence.split()[-3:])
    _, _, said = read(f"[p:Ann Roe] {silence}.", ("Ann Roe", cue, content))
    assert not said
