from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from adapters.wording import article_line, origin, quoted, standing, written
from bot.types import Article, ArticleRef
from tests.adapters.build import NOW, briefing

UTC = ZoneInfo("UTC")


def test_a_briefing_says_who_wrote_it() -> None:
    made = replace(briefing(), method="tiny:8b", dropped=1)
    sentences = len(made.points) + 1
    assert written(made) == f"written with tiny:8b; 1 of {sentences} sentences dropped"
    assert standing(made).endswith(written(made))
    assert written(replace(made, dropped=0)) == "written with tiny:8b"
    assert written(briefing()) == ""


def test_a_briefing_says_why_no_model_wrote_it() -> None:
    slow = replace(briefing(), note="it took too\x07 long")
    assert standing(slow).endswith("not written by the language model: it took too long")


def test_a_briefing_says_how_many_points_nobody_but_the_articles_stands_for() -> None:
    attributed, own = briefing().points
    assert "1 of 2 points are the articles' own statements" in standing(briefing())
    assert standing(replace(briefing(), points=(attributed,))).endswith("; every point is attributed")
    assert "point" not in standing(replace(briefing(), points=()))
    assert "1 of 1 points" in standing(replace(briefing(), points=(own,)))


def test_words_that_quote_others_are_in_single_quotation_marks() -> None:
    assert quoted("The quay is shut.") == "“The quay is shut.”"
    assert quoted("“It is shut,” she\n said.") == "‘“It is shut,” she said.’"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Two bridges were closed on Tuesday after the river rose, the governor's office said.", None),
        ("# KYIV\n\n“Two bridges are closed,” he said.\nMore.", "“Two bridges are closed,” he said"),
        ("Bridges closed", "“Bridges closed”"),
        ("x" * 100, f"“{'x' * 45}…”"),
    ],
)
def test_an_article_without_a_title_is_known_by_its_first_words(text: str, words: str | None) -> None:
    opening = Article("a1", text).opening
    assert len(opening) <= 46
    article = ArticleRef("a1", None, None, None, NOW, opening)
    assert origin(article, UTC).startswith(words or "“Two bridges were closed on Tuesday after the…”, 22 ")
    assert article_line(article, UTC) == origin(article, UTC).replace(", 22 Nov 2026", " · 22 Nov 2026 06:30")
    assert origin(replace(article, outlet="One"), UTC) == "One, 22 Nov 2026"
