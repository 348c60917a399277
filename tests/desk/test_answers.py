import asyncio
from pathlib import Path

import pytest

from adapters.console import CHANNEL
from bot.answers import PlaceReport, Question, SourceReport
from bot.app import App
from bot.commands import answer
from bot.errors import NotFound
from bot.news import files
from bot.types import Digest
from tests.fakes import HandClock

SEEDS = Path(__file__).parents[2] / "seeds"
WORKSPACE = CHANNEL.tenant


@pytest.fixture
async def read(app: App) -> App:
    await app.desk.intake.folder(WORKSPACE, SEEDS)
    taken = await app.desk.intake.read()
    assert taken.failures == ()
    return app


async def test_a_briefing_of_everything_tells_each_story_once(read: App) -> None:
    made = await read.desk.answers.brief(WORKSPACE)
    ids = [article.id for briefing in made.briefings for article in briefing.articles]
    assert len(ids) == len(set(ids))
    assert len(made.briefings) + made.left_out <= 8
    for briefing in made.briefings:
        assert briefing.points
        for point in briefing.points:
            assert point.evidence
            for evidence in point.evidence:
                text = (await read.store.article(WORKSPACE, evidence.article)).text
                assert evidence.span.of(text).strip()


async def test_a_place_is_answered_with_what_contains_it_and_what_it_contains(read: App) -> None:
    lyman = await answer(read.desk, "/where Lyman", CHANNEL)
    assert isinstance(lyman, PlaceReport)
    assert abs(lyman.place.lat - 49.0) < 0.1
    assert "Ukraine" in lyman.contained_in
    assert lyman.digest.briefings
    donbas = await answer(read.desk, "/where Donbas", CHANNEL)
    assert isinstance(donbas, PlaceReport)
    about = {point.text for briefing in donbas.digest.briefings for point in briefing.points}
    assert any("Lyman" in text or "Liman" in text for text in about)


async def test_plain_questions_find_places_sources_and_topics(read: App) -> None:
    where = await answer(read.desk, "what is happening in Lyman?", CHANNEL)
    assert isinstance(where, PlaceReport)
    topic = await answer(read.desk, "earthquake buildings collapsed", CHANNEL)
    assert isinstance(topic, Digest)
    assert topic.briefings


async def test_what_a_source_has_said_is_found_by_a_short_name(read: App) -> None:
    known = await read.store.complete_sources(WORKSPACE, "AFAD")
    said = await answer(read.desk, f"/said {known[0]}", CHANNEL)
    assert isinstance(said, SourceReport)
    assert said.said
    for line in said.said:
        text = (await read.store.article(WORKSPACE, line.statement.article)).text
        assert line.text.split()[0] in line.statement.span.of(text)


async def test_what_is_unknown_suggests_what_is_near(read: App) -> None:
    with pytest.raises(NotFound, match="Nobody called 'Nobody Atall' is quoted"):
        await answer(read.desk, "/said Nobody Atall", CHANNEL)
    with pytest.raises(NotFound, match="No place called 'Xyzzyplugh' is known"):
        await answer(read.desk, "/where Xyzzyplugh", CHANNEL)
    with pytest.raises(NotFound, match="Nothing about 'penguins'"):
        await answer(read.desk, "/brief penguins", CHANNEL)


async def test_another_workspace_sees_nothing(read: App) -> None:
    assert (await read.desk.answers.brief("discord:1")).briefings == ()
    with pytest.raises(NotFound):
        await read.desk.answers.said("discord:1", "AFAD")


async def test_two_places_of_one_name_are_a_question(app: App) -> None:
    texts = (
        (
            "Officials in Paris, Texas, said on Friday that the bridge over the creek would stay closed until spring. "
            "The mayor of Paris told residents of Lamar County to use the other road to Dallas."
        ),
        (
            "The French government met in Paris on Friday to discuss the budget. "
            "Ministers left the Élysée after midnight, and protesters filled the streets of Paris, Lyon and Marseille."
        ),
    )
    await app.desk.intake.add(WORKSPACE, [files.from_text(text, origin="test") for text in texts])
    asked = await answer(app.desk, "/where Paris", CHANNEL)
    assert isinstance(asked, Question)
    assert len(asked.choices) == 2
    chosen = await answer(app.desk, asked.choices[0].command, CHANNEL)
    assert isinstance(chosen, PlaceReport)


async def test_a_briefing_looks_back_as_far_as_it_is_told(read: App, clock: HandClock) -> None:
    clock.advance(days=30)
    recent = await answer(read.desk, "/brief", CHANNEL)
    assert isinstance(recent, Digest)
    assert recent.briefings == ()
    older = await answer(read.desk, "/brief since:60d", CHANNEL)
    assert isinstance(older, Digest)
    assert older.briefings


async def test_a_name_that_no_article_has_is_asked_about_where_several_places_bear_it(app: App) -> None:
    asked = await answer(app.desk, "/where Springfield", CHANNEL)
    assert isinstance(asked, Question)
    sea = await answer(app.desk, "/where Red Sea", CHANNEL)
    assert isinstance(sea, PlaceReport)
    assert sea.place.feature_code == "SEA"
    city = await answer(app.desk, "/where Paris", CHANNEL)
    assert isinstance(city, PlaceReport)
    assert city.place.country_code == "FR"


async def test_a_name_spelt_wrong_is_answered_with_what_is_spelt_alike(app: App) -> None:
    with pytest.raises(NotFound) as unknown:
        await answer(app.desk, "/where Kyivv", CHANNEL)
    assert "Kyiv" in unknown.value.suggestions


async def test_the_name_of_a_city_means_the_city_not_the_region_called_after_it(app: App, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Two people were hurt in Kharkiv on Monday, the mayor said. Fields burned across Kharkiv Oblast, in Ukraine."
    )
    article = await asyncio.to_thread(files.load, tmp_path / "a.txt")
    await app.desk.intake.add(WORKSPACE, [article])
    assert {place.name for place in await app.store.mentioned_places(WORKSPACE, "Kharkiv")} > {"Kharkiv"}
    told = await answer(app.desk, "what is happening in Kharkiv?", CHANNEL)
    assert isinstance(told, PlaceReport)
    assert told.place.feature_code.startswith("PPL")


async def test_a_speaker_who_is_not_quoted_is_not_taken_for_a_place(read: App) -> None:
    with pytest.raises(NotFound, match="Nobody called 'Koval' is quoted"):
        await answer(read.desk, "What did Koval say about grain?", CHANNEL)
