from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.blocks import Action, Block, Button, Buttons, Divider, Heading, Line, Picture, Run, Text
from adapters.inert import inert
from adapters.layout import layout, overview
from adapters.packing import text_of
from bot.answers import (
    Answer,
    Choice,
    Coverage,
    Listing,
    Notice,
    Page,
    PlaceReport,
    Question,
    Quote,
    SourceReport,
    Support,
    Voice,
    Voices,
    Why,
)
from bot.types import (
    ArticleRef,
    Briefing,
    BriefingPlace,
    BriefingSource,
    Importance,
    Place,
    Point,
    Said,
    Source,
    SourceKind,
    Span,
    Statement,
)
from tests.adapters.build import LYMAN, NOW, briefing, digest

UTC = ZoneInfo("UTC")
IDENT = "0123456789abcdef"
ARTICLE = ArticleRef("a1", "https://one.example/a", "One", "A town", NOW)
SAID = (
    Said("“We hold the town,”", Statement("a1", Span(0, 18), direct=True), ARTICLE),
    Said("the town had fallen", Statement("a1", Span(30, 49), direct=False), ARTICLE),
)


def lines(blocks: tuple[Block, ...]) -> list[Line]:
    return [line for block in blocks for line in _lines(block)]


def _lines(block: Block) -> Iterator[Line]:
    if isinstance(block, Heading):
        yield block.line
    if isinstance(block, Text):
        yield from block.lines


def words(answer: Answer, ident: str | None = None) -> str:
    return "\n".join(text_of(line) for line in lines(layout(answer, UTC, ident)))


def runs(answer: Answer) -> list[Run]:
    return [run for line in lines(layout(answer, UTC)) for run in line]


# --- a digest


def test_a_story_reads_from_what_happened_to_what_it_rests_on() -> None:
    assert words(digest(briefing(), left_out=2)).splitlines() == [
        "Digest",
        "Lyman changes hands",
        "1. Lyman changed hands, Olena Hrytsenko said. [1][2]",
        "2. Trains run again. [1]",
        "Disagreement: who holds Lyman",
        "• Lyman changed hands (Olena Hrytsenko) [1]",
        "• the article itself: Lyman did not fall [2]",
        "Places Lyman 🇺🇦 Donetsk Oblast",
        "Sources Olena Hrytsenko, brigade spokeswoman: claims, denies",
        "Not located: Synkivka (near Lyman)",
        "2 articles, 2 outlets; 1 of 2 points are the articles' own statements, attributed to nobody",
        "[1] One · A town · 22 Nov 2026 06:30",
        "[2] article b2",
        "2 more stories: /brief a topic",
    ]


def test_places_are_bold_speakers_italic_and_citations_lead_to_the_articles() -> None:
    made = runs(digest(briefing()))
    assert Run("Lyman", bold=True) in made
    assert Run("Olena Hrytsenko", italic=True) in made
    assert Run("[1]", url="https://one.example/a") in made
    assert Run("[2]") in made  # that article has no address
    assert Run("Lyman changes hands", url="https://one.example/a") in made
    assert Run("/brief", code=True) in runs(digest(briefing(), left_out=1))


def test_a_place_is_bold_as_the_article_spells_it_and_only_as_a_word_of_its_own() -> None:
    point = Point("Liman, not Limanska.", briefing().points[0].evidence, places=("Lyman",))
    made = runs(digest(replace(briefing(), points=(point,))))
    assert [run.text for run in made if run.bold] == ["Liman", "Places", "Sources"]


def test_a_speaker_whom_the_words_do_not_name_stands_behind_them() -> None:
    anonymous = replace(briefing().points[0], text="It changed hands.")
    assert "1. It changed hands. (Olena Hrytsenko) [1][2]" in words(digest(replace(briefing(), points=(anonymous,))))
    opening = replace(briefing().points[0], text="The prefecture says so.", sources=("the prefecture",))
    assert "1. The prefecture says so. [1][2]" in words(digest(replace(briefing(), points=(opening,))))


def placed(name: str, code: str | None, admin1: str | None, feature: str = "PPL") -> BriefingPlace:
    place = Place(1, name, feature, code, admin1, 1.0, 1.0)
    return BriefingPlace(name, (name,), Importance.KEY, place)


def test_places_that_lie_in_the_same_stand_together_and_nothing_is_said_twice() -> None:
    places = (
        placed("Podoly", "UA", "Kharkiv Oblast"),
        placed("Lyman", "UA", "Donetsk Oblast"),
        placed("Kupiansk", "UA", "Kharkiv Oblast"),
        placed("Kharkiv Oblast", "UA", None, "ADM1"),
        placed("Black Sea", None, None, "SEA"),
        placed("Russia", "RU", None, "PCLI"),
        BriefingPlace("Synkivka", ("Synkivka",), Importance.KEY, None, near="Podoly"),
        *(placed(f"Town {number}", "UA", "Kyiv Oblast") for number in range(3)),
    )
    made = words(digest(replace(briefing(), places=places)))
    assert (
        "Places Podoly, Kupiansk 🇺🇦 Kharkiv Oblast · Lyman 🇺🇦 Donetsk Oblast · Black Sea · Russia 🇷🇺 · "
        "Town 0 🇺🇦 Kyiv Oblast · not located: Synkivka (near Podoly)\n"
    ) in made
    assert "Other places: Town 1, Town 2\n" in made
    several = words(digest(replace(briefing(), places=places), briefing()))
    assert "Podoly" in several
    assert "Other places" not in several, "beside other stories it keeps to what its points are about"


def test_a_town_stays_where_others_lie_in_the_region_of_its_name() -> None:
    places = (placed("New York", "US", "New York"), placed("Albany", "US", "New York"))
    assert "Places New York 🇺🇸 · Albany 🇺🇸 New York\n" in words(digest(replace(briefing(), places=places)))


def test_those_who_speak_in_the_points_or_disagree_come_first_and_the_unnamed_apart() -> None:
    def source(name: str, kind: SourceKind = SourceKind.PERSON) -> BriefingSource:
        return BriefingSource(Source(name, kind), (Statement("a1", Span(0, 1), direct=False),))

    sources = (
        *(source(f"Person {number}") for number in range(6)),
        source("an officer", SourceKind.UNNAMED),
        source("bloggers", SourceKind.UNNAMED),
        source("Olena Hrytsenko"),
    )
    spoken = replace(briefing().points[0], sources=("Person 5", "bloggers"))
    told = replace(briefing(), sources=sources, points=(spoken,))
    made = words(digest(told))
    assert "Sources Person 5: says · Olena Hrytsenko: says · Person 0: says" in made  # she disagrees
    assert "Person 3: says · unnamed: bloggers\n" in made
    assert "Other sources: Person 4\nUnnamed: an officer\n" in made
    several = words(digest(told, briefing()))
    assert "Sources Person 5: says · Olena Hrytsenko: says · unnamed: bloggers\n" in several
    silent = replace(told, points=(replace(spoken, sources=()),), disagreements=())
    assert "Sources Person 0: says" in words(digest(silent, briefing())), "nobody speaks: all are shown"


def test_an_articles_title_that_is_the_headline_is_not_said_again() -> None:
    assert "\n[1] One · 22 Nov 2026 06:30\n[2] article b2" in words(digest(briefing(headline="A town")))
    nameless = replace(briefing(), headline="A town", articles=(replace(ARTICLE, outlet=None), briefing().articles[1]))
    assert "[1] A town · 22 Nov 2026 06:30\n" in words(digest(nameless))


def test_stories_are_apart_and_each_has_its_map_and_its_buttons() -> None:
    blocks = layout(digest(briefing(), briefing()), UTC, IDENT)
    assert sum(isinstance(block, Divider) for block in blocks) == 1
    assert [block for block in blocks if isinstance(block, Picture)] == [Picture(0), Picture(1)]
    buttons = [button for block in blocks if isinstance(block, Buttons) for button in block.buttons]
    assert buttons[3:] == [
        Button(Action.WHY, "Why?", IDENT, 1),
        Button(Action.MORE, "More", IDENT, 1),
        Button(Action.FOLLOW, "Follow", IDENT, 1),
    ]


def test_there_is_no_button_without_something_to_show() -> None:
    assert not [block for block in layout(digest(briefing()), UTC) if isinstance(block, Buttons)]
    empty = replace(briefing(), points=(), places=(), sources=(), disagreements=())
    blocks = layout(digest(empty), UTC, IDENT)
    assert Buttons((Button(Action.MORE, "More", IDENT),)) in blocks
    assert not [block for block in blocks if isinstance(block, Picture)]
    assert "nothing to brief" in words(digest(empty))


def test_an_overview_has_the_headlines_and_comes_after_title_and_notes() -> None:
    several = replace(digest(briefing(headline="A"), briefing(headline="B")), notes=("late",))
    assert lines(overview(several)) == [(Run("• "), Run("A")), (Run("• "), Run("B"))]
    assert [text_of(line) for line in lines(layout(several, UTC, listed=True))][:5] == [
        "Digest",
        "late",
        "• A",
        "• B",
        "A",
    ]
    assert overview(digest(briefing())) == ()


def test_an_empty_digest_says_what_to_do() -> None:
    assert "/feeds add" in [run.text for run in runs(digest()) if run.code]


# --- the other answers


def test_a_place_has_what_it_lies_in_its_coverage_its_stories_and_its_voices() -> None:
    report = PlaceReport(
        LYMAN,
        ("Donetsk Oblast", "Ukraine"),
        digest(briefing()),
        ("Depot",),
        (Voice("Olena Hrytsenko", SAID),),
        Coverage(NOW, timedelta(days=1), (0, 1, 2)),
    )
    made = words(report).splitlines()
    assert made[:5] == [
        "Lyman 🇺🇦",
        "in Donetsk Oblast, Ukraine · 48.99 N, 37.81 E",
        "in it: Depot",
        "▁▅█ 3 articles since 22 Nov 2026",
        "Lyman changes hands",
    ]
    assert made[-4:-1] == ["Who speaks about it", "Olena Hrytsenko", "• says: “We hold the town” (One, 22 Nov 2026)"]
    assert [block for block in layout(report, UTC, IDENT) if isinstance(block, Buttons)]


def test_a_place_without_news_says_so() -> None:
    assert "Nothing about it" in words(PlaceReport(LYMAN, ("Ukraine",), digest()))


def test_only_the_very_words_of_a_source_get_quotation_marks() -> None:
    source = Source("Olena Hrytsenko", SourceKind.PERSON, "brigade spokeswoman", ("Hrytsenko",))
    assert words(SourceReport(source, SAID)).splitlines() == [
        "Olena Hrytsenko",
        "brigade spokeswoman · also written Hrytsenko",
        "• says: “We hold the town” (One, 22 Nov 2026)",
        "• says: the town had fallen (One, 22 Nov 2026)",
    ]
    assert Run("One, 22 Nov 2026", url="https://one.example/a") in runs(SourceReport(source, SAID))
    assert "since:30d" in words(SourceReport(source))


def test_who_said_what_has_each_voice_with_its_words() -> None:
    made = layout(Voices("Lyman", (Voice("Olena Hrytsenko", SAID), Voice("Bloggers", SAID[1:]))), UTC)
    assert [text_of(block.lines[0]) for block in made if isinstance(block, Text)] == ["Olena Hrytsenko", "Bloggers"]


def test_a_question_has_buttons_or_else_what_to_type() -> None:
    choices = (
        Choice("Lyman, Donetsk Oblast", "/where #702320", IDENT),
        Choice("Lyman, Kharkiv Oblast", "/where #703071"),
    )
    blocks = layout(Question("Lyman: which one?", choices), UTC)
    assert [text_of(line) for line in lines(blocks)] == [
        "Lyman: which one?",
        "• /where #703071 Lyman, Kharkiv Oblast",
    ]
    assert blocks[-1] == Buttons((Button(Action.CHOOSE, "Lyman, Donetsk Oblast", IDENT),))


def test_a_table_is_a_line_for_each_row_and_addresses_stay_whole() -> None:
    address = "https://a.example/" + "long/" * 100
    columns = ("title", "address", "folder", "next")
    feeds = Listing("Feeds", columns, (("Post", address, "", "13:00"), ("", address, "war", "14:00")), "None")
    assert words(feeds).splitlines() == [
        "Feeds",
        f"• Post · {address} · next: 13:00",
        f"• {address} · folder: war · next: 14:00",
    ]
    assert Run(address, code=True) in runs(feeds)
    assert Run("Post", bold=True) in runs(feeds)


def test_an_empty_table_says_what_to_type() -> None:
    made = runs(Page((Listing("Feeds", ("title",), (), "None yet: /feeds add https://…"),)))
    assert made == [Run("Feeds"), Run("None yet: "), Run("/feeds add https://…", code=True)]


def test_why_shows_the_words_of_the_articles_with_a_link_to_each() -> None:
    quotes = (
        Quote("Lyman changed hands at dawn.", ARTICLE, "https://one.example/a#:~:text=Lyman"),
        Quote("It fell.", replace(ARTICLE, outlet="Two"), None),
    )
    same = Support("Trains run again.", (Quote("Trains run again.", ARTICLE, None),))
    why = Why("Lyman changes hands", (Support("Lyman changed hands.", quotes), same))
    assert words(why).splitlines() == [
        "Why? Lyman changes hands",
        "1. Lyman changed hands.",
        "• “Lyman changed hands at dawn.” (One, 22 Nov 2026)",
        "• “It fell.” (Two, 22 Nov 2026)",
        "2. “Trains run again.” (One, 22 Nov 2026)",
    ]
    assert Run("One, 22 Nov 2026", url="https://one.example/a#:~:text=Lyman") in runs(why)


def test_a_notice_keeps_its_lines_and_marks_what_to_type() -> None:
    made = layout(Notice("Added.\nNow run `dateline run`."), UTC)
    assert made == (Text(((Run("Added."),), (Run("Now run "), Run("dateline run", code=True), Run(".")))),)


# --- text from outside

HOSTILE = st.lists(
    st.sampled_from(["a", " ", "\n", "**", "`", "\u202e", "\u200b", "\x1b[31m", "<@1>", "Lyman", "\u2028", "[x](y)"]),
    min_size=1,
).map("".join)


@given(HOSTILE)
def test_nothing_from_an_article_leaves_its_line_or_hides(text: str) -> None:
    made: Briefing = briefing(text, text)
    reference = replace(made.articles[0], title=text, outlet=text, url=f"javascript:{text}")
    hostile = replace(made, articles=(reference, *made.articles[1:]), note=text)
    for run in runs(replace(digest(hostile), title=text, notes=(text,))):
        assert " ".join(run.text.split()) == inert(run.text)
        assert run.url is None
        assert run.text == run.text.strip() or not (run.bold or run.italic or run.code or run.url)


@pytest.mark.parametrize("country", [None, "", "ua", "ZQ", "UKR"])
def test_a_country_that_is_none_has_no_flag(country: str | None) -> None:
    assert "Places X" in words(digest(replace(briefing(), places=(placed("X", country, None),)))).splitlines()
