import io
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console, RenderableType

from adapters.screen import digest_view, listing_view, place_view, question_view, source_view, why_view
from bot.answers import Choice, Listing, PlaceReport, Question, Quote, SourceReport, Support, Why
from bot.types import ArticleRef, Said, Source, SourceKind, Span, Statement
from tests.adapters.build import LYMAN, briefing, digest

UTC = ZoneInfo("UTC")


def shown(view: RenderableType, *, terminal: bool = False) -> str:
    screen = Console(
        file=io.StringIO(), width=100, force_terminal=terminal, color_system="truecolor" if terminal else None
    )
    screen.print(view)
    written: io.StringIO = screen.file  # type: ignore[assignment] # the file that was handed over above
    return written.getvalue()


def test_a_digest_shows_points_places_sources_and_disagreements(tmp_path: Path) -> None:
    text = shown(digest_view(digest(briefing(), left_out=2), UTC, [tmp_path / "map.png"]))
    assert "Lyman changes hands" in text
    assert "1. Lyman changed hands, Olena Hrytsenko said. [1][2]" in text
    assert "Donetsk Oblast, Ukraine" in text
    assert "48.99 N, 37.81 E" in text
    assert "not located: Synkivka (near Lyman)" in text
    assert "brigade spokeswoman; claims, denies" in text
    assert "Disagreement who holds Lyman" in text
    assert "https://one.example/a" in text
    assert "map.png" in text.replace("\n", "")
    assert "2 more stories" in text
    assert "1 of 2 points are the articles' own statements" in text


def test_an_empty_digest_says_what_to_do() -> None:
    assert "/feeds add" in shown(digest_view(digest(), UTC))


def test_an_article_can_not_send_escapes_to_the_terminal() -> None:
    hostile = "\x1b]0;owned\x07[bold red]Lyman[/] changed \x9b31mhands"
    text = shown(digest_view(digest(briefing(hostile, hostile)), UTC), terminal=True)
    assert "\x1b]0;" not in text
    assert "\x07" not in text
    assert "\x9b" not in text
    assert "[bold red]Lyman[/]" in text.replace("\x1b[1m", "").replace("\x1b[0m", "").replace("\x1b[1;36m", "")


def test_only_quoted_words_get_quotation_marks() -> None:
    article = ArticleRef("a1", None, "One", None, None)
    said = (
        Said("“We hold the town”", Statement("a1", Span(0, 18), direct=True), article),
        Said("the town had fallen", Statement("a1", Span(30, 49), direct=False), article),
    )
    text = shown(source_view(SourceReport(Source("Olena Hrytsenko", SourceKind.PERSON), said), UTC))
    assert "“We hold the town”" in text
    assert "“the town" not in text


def test_why_shows_the_words_that_support_a_point() -> None:
    article = ArticleRef("a1", None, "One", None, None)
    why = Why("Lyman changes hands", (Support("It fell.", (Quote("The town fell at dawn.", article, None),)),))
    assert "1. It fell.\n  • “The town fell at dawn.” (One)" in shown(why_view(why, UTC))


def test_a_question_shows_what_to_type() -> None:
    text = shown(question_view(Question("Lyman: which one?", (Choice("Lyman, Donetsk Oblast", "/where #702320"),))))
    assert "/where #702320  Lyman, Donetsk Oblast" in text


def test_a_place_without_news_says_so() -> None:
    text = shown(place_view(PlaceReport(LYMAN, ("Donetsk Oblast", "Ukraine"), digest()), UTC))
    assert "in Donetsk Oblast, Ukraine" in text
    assert "Nothing about it" in text


def test_an_empty_listing_says_what_to_do() -> None:
    assert (
        shown(listing_view(Listing("Feeds", ("title",), (), "None yet: /feeds add"))) == "Feeds: None yet: /feeds add\n"
    )
