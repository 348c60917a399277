"""A real article, pasted from the web, where one lies beside the checkout: what an editor would insist on."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.briefing import compose
from bot.news import files
from bot.reading.gazetteer import Gazetteer
from bot.reading.read import ArticleReader
from bot.types import Briefing, Length

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(shared: Path, gazetteer: Gazetteer) -> Briefing:
    path = next(iter(sorted((shared / "seeds").glob("*.txt"))), None)
    if path is None:
        # A real article is somebody's: it can only lie beside the checkout. Our own seeds are tested elsewhere.
        pytest.skip("no article lies in the folder with public test data")
    article = files.load(path)
    return compose.brief([article], [ArticleReader(gazetteer).read(article)], length=Length.LONG, now=NOW)


def test_the_places_are_where_they_are(made: Briefing) -> None:
    at = {p.name: (round(p.place.lat), round(p.place.lon)) for p in made.places if p.place}
    assert at["Lyman"] == (49, 38)
    assert at["Petropavlivka"] == (50, 38)
    assert at["Lysychansk"] == (49, 38)
    assert {"Donbas", "Luhansk Oblast", "Kharkiv Oblast"} <= at.keys()
    assert {"Kupyansk", "Kupiansk"} & at.keys()
    assert any(name.startswith("Kherson") for name in at)
    assert any(name.startswith("Zaporizhzhia") for name in at)
    assert {p.name for p in made.places if p.place is None} == {"Synkivka", "Zahorukivka"}
    assert not {"Eastern", "Wikimedia", "Map Draft"} & {p.name for p in made.places}


def test_the_sources_are_named_once_and_with_their_roles(made: Briefing) -> None:
    roles = {s.source.name: s.source.role or "" for s in made.sources}
    named = {"Institute for the Study of War", "The New York Times", "Sean Spoonts", "Ramzan Kadyrov"}
    assert named <= roles.keys()
    assert "spokesperson" in roles["Dmitri Peskov"]
    assert "militia representative" in roles["Andrei Marochko"]
    assert not {"ISW", "NY Times", "Peskov", "Marochko"} & roles.keys()


def test_claims_wear_their_speaker_and_furniture_is_left_out(made: Briefing) -> None:
    assert "Lyman" in made.points[0].text
    for point in made.points:
        assert not point.text.startswith(("Meanwhile", "However", "Also", "He ", "Then"))
        assert "Read Next" not in point.text
        assert "Source:" not in point.text
    claims = [point for point in made.points if "Andrei Marochko" in point.sources]
    assert claims
    assert all("Marochko" in point.text for point in claims)
