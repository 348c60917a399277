from datetime import UTC, datetime, time

import pytest

from bot.app import App
from bot.news import files
from bot.types import Article, Channel
from tests.fakes import FakePoster, HandClock

CHANNEL = Channel("fake", "w", "c")
DUE = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
BOATS = (
    "Nine boats sank off Batumi on Sunday night, the coast guard said. Rescuers from Poti searched until the morning."
)
FEED = "feed"


@pytest.fixture
def poster(app: App) -> FakePoster:
    fake = FakePoster()
    app.posters["fake"] = fake
    return fake


def report(text: str) -> Article:
    """The report under its one address, in these words."""
    made = files.from_text(text, origin="test")
    return Article("0123456789ab", text, "https://news.example/boats", "The Example", None, language=made.language)


async def take(app: App, text: str) -> None:
    await app.store.follow(CHANNEL.tenant, FEED)
    await app.store.add_article(report(text), FEED)
    await app.desk.intake.read()


async def posted(app: App, poster: FakePoster, clock: HandClock) -> None:
    clock.now = DUE
    made = await app.desk.digests.add(CHANNEL, [time(7, 30)], "UTC")
    await take(app, BOATS)
    await app.desk.digests.post(made, DUE)
    assert len(poster.digests(CHANNEL)) == 1


async def test_a_post_is_edited_when_what_a_point_rests_on_has_changed(
    app: App, poster: FakePoster, clock: HandClock
) -> None:
    await posted(app, poster, clock)
    clock.now = DUE.replace(hour=9, minute=40)
    await take(app, BOATS.replace("Nine", "Five"))
    assert await app.desk.corrections.run() == 1
    assert await app.desk.corrections.run() == 0
    await app.outbox.run_once()
    ((edited,),) = poster.edits.values()
    (note,) = [one for one in edited.notes if one.startswith("updated")]
    assert note.startswith("updated 09:40: “Nine boats sank")
    assert "is now “Five boats sank" in note
    points = " ".join(point.text for briefing in edited.briefings for point in briefing.points)
    assert "Five boats" in points
    assert "Nine" not in points
    for point in edited.briefings[0].points:
        text = (await app.store.article(CHANNEL.tenant, "0123456789ab")).text
        assert all(one.span.of(text).strip() for one in point.evidence)


async def test_a_change_that_no_point_rests_on_edits_nothing(app: App, poster: FakePoster, clock: HandClock) -> None:
    await posted(app, poster, clock)
    await take(app, BOATS + " Photographs by our own reporters.")
    assert await app.desk.corrections.run() == 0
    assert await app.store.corrections() == []


async def test_what_is_taken_out_altogether_is_said_to_be_gone(app: App, poster: FakePoster, clock: HandClock) -> None:
    await posted(app, poster, clock)
    await take(app, "Rescuers from Poti searched until the morning, and found that every sailor had reached the shore.")
    assert await app.desk.corrections.run() == 1
    await app.outbox.run_once()
    ((edited,),) = poster.edits.values()
    assert any("“Nine boats sank" in note and "no longer in the article" in note for note in edited.notes)


async def test_another_workspace_s_version_edits_nothing(app: App, poster: FakePoster, clock: HandClock) -> None:
    """Two feeds give one address: what changes in the one that the workspace doesn't follow is none of its business."""
    await app.store.add_article(report(BOATS), "elsewhere")
    await posted(app, poster, clock)
    await app.store.add_article(report(BOATS.replace("Nine", "Three")), "elsewhere")
    await app.desk.intake.read()
    assert await app.desk.corrections.run() == 0
