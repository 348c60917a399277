from dataclasses import replace
from datetime import timedelta

import pytest

from bot.briefing import compose, support
from bot.briefing.headline import LONGEST, shorten
from bot.errors import UnreadableInput
from bot.types import Article, Importance, Length, MentionKind, Reading, Source, SourceKind, Toponym
from tests.briefing import build

TEXT = (
    "A tanker and a ferry collided off Halden on Friday, killing two sailors. "
    "Ida Lund, the pilot, said that the ferry had turned without a signal. "
    "The tanker was towed to Sarpsborg, a port in the south of Norway. "
    "Norwegian divers found the bell of the ferry near Skjæløy on Saturday."
)


def whole() -> tuple[Article, Reading]:
    of = build.article(TEXT, title="Two die as ships collide - The Fjord Post", outlet="The Fjord Post")
    places = build.toponyms(
        TEXT, {"Halden": build.HALDEN, "Sarpsborg": build.SARP, "Norway": build.NORWAY, "Skjæløy": None}
    )
    norwegian = Toponym(build.span(TEXT, "Norwegian"), "Norwegian", MentionKind.ASSOCIATIVE, build.NORWAY)
    spoken = [build.said(TEXT, "Ida Lund", "Ida Lund", "said", "that the ferry had turned without a signal")]
    return of, build.reading(
        of, places=[*places, norwegian], sources=[build.person("Ida Lund", "pilot")], attributions=spoken
    )


def test_a_briefing_has_headline_points_places_and_sources() -> None:
    of, read = whole()
    made = compose.brief([of], [read], length=Length.NORMAL, now=build.NOW)
    assert made.headline == "Two die as ships collide"
    assert made.points[0].text.startswith("A tanker and a ferry collided off Halden")
    assert {place.name: place.importance for place in made.places} == {
        "Halden": Importance.KEY,
        "Sarpsborg": Importance.KEY,
        "Skjæløy": Importance.KEY,
        "Norway": Importance.MINOR,
    }
    assert [(one.source.name, one.source.role) for one in made.sources] == [("Ida Lund", "pilot")]
    assert made.disagreements == ()
    assert (made.method, made.generated, made.articles[0].outlet) == ("extractive", build.NOW, "The Fjord Post")


def test_every_point_is_supported_by_its_evidence() -> None:
    of, read = whole()
    for point in compose.brief([of], [read], length=Length.LONG, now=build.NOW).points:
        assert support.check(point.text, [piece.span.of(TEXT) for piece in point.evidence]).supported
        assert set(point.places) <= {"Halden", "Sarpsborg", "Norway", "Skjæløy"}


def test_length_limits_points() -> None:
    of, read = whole()
    assert len(compose.brief([of], [read], length=Length.SHORT, now=build.NOW).points) == 3


def test_one_source_over_two_articles_named_before_unnamed() -> None:
    texts = [
        "HRI said that two ships sank. A pilot said that three ships sank.",
        "The institute said that both ships were old.",
    ]
    one, other = (build.article(text, ident) for text, ident in zip(texts, "ab", strict=True))
    hri, pilot = build.organisation("Harbour Research Institute", "HRI"), Source("a pilot", SourceKind.UNNAMED)
    first = build.reading(
        one,
        sources=[pilot, hri],
        attributions=[
            build.said(texts[0], "a pilot", "A pilot", "said", "that three ships sank"),
            build.said(texts[0], hri.name, "HRI", "said", "that two ships sank"),
        ],
    )
    second = build.reading(
        other,
        sources=[hri],
        attributions=[build.said(texts[1], hri.name, "The institute", "said", "that both ships were old")],
    )
    sources = compose.brief([one, other], [first, second], length=Length.NORMAL, now=build.NOW).sources
    assert [(entry.source.name, len(entry.statements)) for entry in sources] == [
        ("Harbour Research Institute", 2),
        ("a pilot", 1),
    ]


def test_nothing_to_brief_is_an_error_in_words() -> None:
    with pytest.raises(UnreadableInput, match="at least one article"):
        compose.brief([], [], length=Length.NORMAL, now=build.NOW)


def test_a_digest_puts_the_weightier_story_first_and_counts_the_rest() -> None:
    of, read = whole()
    again = replace(
        of,
        id="b",
        outlet="B",
        title="Ferry and tanker collide off Halden",
        text=TEXT.replace("on Friday", "Friday night"),
    )
    quake = build.article(
        "An earthquake shook the hills near Arvik in June, and 40 houses fell in Stenmo.", "c", outlet="C"
    )
    old = replace(
        quake,
        id="d",
        text="The parliament in Lomark passed a tax on sugar by 80 votes to 61.",
        published=build.NOW - timedelta(days=3),
    )
    articles = [old, quake, of, again]
    readings = [build.reading(old), build.reading(quake), read, build.reading(again)]
    made = compose.digest("Morning", articles, readings, length=Length.SHORT, most=2, since=None, now=build.NOW)
    assert [len(one.articles) for one in made.briefings] == [2, 1]
    assert made.briefings[1].articles[0].id == "c"
    assert made.left_out == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Two ships collided off Halden on Friday.", "Two ships collided off Halden on Friday"),
        (
            (
                "On Monday, the two companies held a long meeting and signed a contract in Halden, a small port "
                "on the border, after years of talks."
            ),
            "The two companies held a long meeting and signed a contract in Halden",
        ),
    ],
)
def test_a_headline_is_cut_at_a_joint(text: str, line: str) -> None:
    assert shorten(text) == line
    assert len(shorten(text)) <= LONGEST


def test_a_headline_never_ends_in_a_word_that_leads_on() -> None:
    made = shorten(
        "The harbour office of the municipality of Halden has decided that the fairway between the two "
        "islands and the quay of the"
    )
    assert len(made) <= LONGEST
    assert made.split()[-1] not in {"the", "of", "and", "that", "between"}


@pytest.mark.parametrize("title", ["The Fjord Letter, Monday edition", "From the papers: a grey day in Halden"])
def test_the_name_of_a_letter_is_no_headline(title: str) -> None:
    text = "Two ships collided off Halden on Friday, police said."
    of = build.article(text, title=title)
    made = compose.brief([of], [build.reading(of)], length=Length.NORMAL, now=build.NOW)
    assert made.headline == "Two ships collided off Halden on Friday, police said"


def test_a_headline_loses_its_live_label_and_a_cut_one_shows_it() -> None:
    of = build.article("Two ships collided.", title="LIVE: ferry aground off Halden")
    made = compose.brief([of], [build.reading(of)], length=Length.NORMAL, now=build.NOW)
    assert made.headline == "Ferry aground off Halden"
    assert shorten("The " + "very " * 30 + "long line has no joint.").endswith("…")


def test_a_headline_keeps_the_speaker_who_follows() -> None:
    line = "The Coast List has won all four town halls, its leader, Ida Lund-Hansen, said"
    assert shorten(f"{line} before midnight on Sunday.") == line


def test_a_headline_never_ends_in_a_number_of_nothing() -> None:
    text = (
        "Flooding along the river has killed at least 38 people and driven 90,000 from their poor wooden homes, "
        "the ministry of the interior said on Thursday."
    )
    assert shorten(text) == "Flooding along the river has killed at least 38 people"


def _listed(text: str, *names: str, sources: tuple[Source, ...] = ()) -> list[str]:
    of = build.article(text)
    found = build.toponyms(text, {name: build.HALDEN if name == "Halden" else None for name in names})
    reading = build.reading(of, places=found, sources=sources)
    return [one.name for one in compose.brief([of], [reading], length=Length.NORMAL, now=build.NOW).places]


def test_those_who_act_are_no_places() -> None:
    assert _listed("Halden and Oslo welcomed the vote. Ships left Vik.", "Halden", "Oslo", "Vik") == ["Vik"]


def test_agencies_initials_and_surnames_are_no_places() -> None:
    assert _listed("VIK, Nov 18 (Fjord Wire) - Ships left Halden.", "Fjord Wire", "Halden") == ["Halden"]
    assert _listed("The Board of Fish (BOFI) met in Halden.", "BOFI", "Halden") == ["Halden"]
    per = build.person("Per Moss")
    assert _listed("Per Moss rang from Halden. Voters like Moss.", "Moss", "Halden", sources=(per,)) == ["Halden"]
    assert _listed("Per Moss rang from Moss.", "Moss", sources=(per,)) == ["Moss"]


def test_a_town_and_its_district_of_one_name_are_one_place() -> None:
    text = "Ships left Halden. The district of Halden was dark."
    of = build.article(text)
    town, district = build.toponyms(text, {"Halden": build.HALDEN})
    district = replace(district, place=replace(build.HALDEN, geonameid=9, lat=59.2))
    made = compose.brief([of], [build.reading(of, places=[town, district])], length=Length.NORMAL, now=build.NOW)
    assert [one.name for one in made.places] == ["Halden"]


def test_the_place_of_filing_is_no_key_place_of_what_happened_elsewhere() -> None:
    of = build.article("HALDEN — A tanker and a ferry collided off Sarpsborg on Friday, killing two sailors.")
    read = build.reading(of, places=build.toponyms(of.text, {"HALDEN": build.HALDEN, "Sarpsborg": build.SARP}))
    briefing = compose.brief([of], [read], length=Length.NORMAL, now=build.NOW)
    assert [one.name for one in briefing.places if one.importance is Importance.KEY] == ["Sarpsborg"]
