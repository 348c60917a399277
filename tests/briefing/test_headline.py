import pytest

from bot.briefing.headline import LONGEST, headline, shorten
from bot.types import Evidence, Point, Span
from tests.briefing import build

OF = build.article("A text without a heading of its own.")
READ = build.reading(OF)


def _headline(*points: tuple[str, str | None]) -> str:
    told = [Point(text, (Evidence("a", Span(0, 5)),), (who,) if who else ()) for text, who in points]
    return headline([OF], [READ], told)


def test_a_claim_that_is_cut_keeps_its_speaker() -> None:
    claim = (
        "Three ferries have left the harbour of Halden without their crews since the strike began last week, "
        "the coast guard of Norway said on Monday."
    )
    assert _headline((claim, "the coast guard of Norway")).startswith(
        "The coast guard of Norway: Three ferries have left"
    )


def test_a_claim_that_fits_stays_as_it_is() -> None:
    assert _headline(("Three ferries have left Halden, police said.", "police")) == (
        "Three ferries have left Halden, police said"
    )


def test_a_source_that_does_not_speak_is_no_speaker() -> None:
    text = (
        "Three ferries have left the harbour of Halden without their crews since the beginning of the strike last "
        "week, and nobody at all knows where they were going."
    )
    assert not _headline((text, "Halden")).startswith("Halden:")


def test_a_lesser_point_that_leans_on_the_first_is_no_headline() -> None:
    first = (
        "Two members of the coast guard, a pilot with thirty years at sea and the master of the ferry from Halden were "
        "hurt on Friday."
    )
    found = _headline((first, None), ("The master fled towards Sarpsborg.", None))
    assert "fled" not in found


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (
            "Divers have found a second hole in the hull of the ferry, and it was made from outside with a saw.",
            "it was made",
        ),
        (
            "Fjord Lines will close its yard in Halden, Øst., and move the work over the bridge to Sarpsborg in May.",
            ", Øst",
        ),
    ],
)
def test_no_end_is_left_hanging(text: str, wrong: str) -> None:
    line = shorten(text)
    assert len(line) <= LONGEST
    assert not line.endswith(wrong)


def test_a_title_that_fits_is_not_cut_at_its_last_words() -> None:
    assert (
        shorten("Halden asks who they are and what they might be.") == "Halden asks who they are and what they might be"
    )
