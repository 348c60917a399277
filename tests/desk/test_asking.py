"""What people type and get, through the whole desk."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.console import CHANNEL
from bot.answers import Page, PlaceReport, SourceReport, Voices
from bot.app import App
from bot.commands import COMMANDS, answer, complete, perform
from bot.errors import NotAllowed, NotFound, UnknownCommand
from bot.types import Channel, Digest, Feed
from tests.adapters.build import LYMAN
from tests.fakes import HandClock
from tests.store.build import KOVAL, KYIV, article, reading

SEEDS = Path(__file__).parents[2] / "seeds"
ELSEWHERE = Channel("discord", "1", "2")


@pytest.fixture
async def news(app: App, clock: HandClock) -> App:
    """Three articles of our own about two places and somebody who speaks."""
    clock.now = datetime(2025, 3, 5, 12, tzinfo=UTC)  # a Wednesday
    await app.store.add_feed(Feed("https://news.example/feed", "The Example"))
    await app.store.follow(CHANNEL.tenant, "https://news.example/feed")
    for name, text, said, hours in (
        ("quay", "Maria Koval said the quay of Lyman is shut.", "the quay of Lyman is shut", 30),
        ("grain", "Grain prices fell in Kyiv, and Maria Koval said the grain deal holds.", "the grain deal holds", 20),
        ("ships", "Ships wait at Lyman. Maria Koval said nobody is hurt.", "nobody is hurt", 47),
    ):
        made = article(name, text, hours=hours)
        places = tuple(place for place in (LYMAN, KYIV) if place.name in text)
        await app.store.add_article(made, "https://news.example/feed")
        await app.store.add_reading(made, reading(made, places=places, speaker=KOVAL, said=said))
    return app


async def test_who_said_what_about_something(news: App) -> None:
    told = await answer(news.desk, "who said what about the grain deal?", CHANNEL)
    assert isinstance(told, Voices)
    ((name, lines),) = [(voice.name, [said.text for said in voice.said]) for voice in told.voices]
    assert (name, lines) == ("Maria Koval", ["the grain deal holds"])
    with pytest.raises(NotFound, match="Nobody is quoted about 'penguins'"):
        await answer(news.desk, "who said what about penguins", CHANNEL)


async def test_what_somebody_has_said_since_then_and_about_that(news: App) -> None:
    today = await answer(news.desk, "what has Koval said today?", CHANNEL)
    assert isinstance(today, SourceReport)
    assert [said.text for said in today.said] == ["nobody is hurt"]
    week = await answer(news.desk, "What did Maria Koval say about the quay this week?", CHANNEL)
    assert isinstance(week, SourceReport)
    assert [said.text for said in week.said] == ["the quay of Lyman is shut"]


async def test_a_place_is_told_with_who_speaks_of_it_and_how_coverage_went(news: App) -> None:
    told = await answer(news.desk, "what is happening in Donetsk Oblast?", CHANNEL)
    assert isinstance(told, PlaceReport)
    assert "Ukraine" in told.contained_in
    assert told.contains == ("Lyman",)
    assert [(voice.name, voice.said[0].text) for voice in told.voices] == [("Maria Koval", "the quay of Lyman is shut")]
    assert told.coverage is not None
    assert sum(told.coverage.counts) == 2
    assert told.coverage.since + 14 * told.coverage.step == news.clock()
    newest = [max(a.published for a in b.articles if a.published) for b in told.digest.briefings]
    assert newest == sorted(newest, reverse=True)
    today = await answer(news.desk, "/where Lyman since:today", CHANNEL)
    assert isinstance(today, PlaceReport)
    assert today.voices == ()


async def test_a_place_that_no_article_mentions_says_so(news: App) -> None:
    told = await answer(news.desk, "what is happening in Timbuktu", CHANNEL)
    assert isinstance(told, PlaceReport)
    assert told.digest.briefings == ()
    assert told.coverage is None


async def test_a_topic_in_plain_words_is_briefed(news: App) -> None:
    told = await answer(news.desk, "any news on grain prices?", CHANNEL)
    assert isinstance(told, Digest)


async def test_managing_needs_the_right_or_a_role_and_asking_needs_neither(app: App) -> None:
    for command in COMMANDS:
        if command.manages:
            with pytest.raises(NotAllowed, match=f"/{command.name} is for people who may manage"):
                await perform(app.desk, command.name, _filled(command.name), CHANNEL, "anna", manager=False)
    assert not {command.name for command in COMMANDS if command.manages} & {
        "brief",
        "where",
        "said",
        "help",
        "digest now",
    }
    assert app.desk.may_manage(True, ())
    assert not app.desk.may_manage(False, ("readers",))


def _filled(name: str) -> dict[str, str]:
    values = {"time": "07:30", "about": "grain", "url": "https://news.example/feed", "id": "x"}
    (command,) = (one for one in COMMANDS if one.name == name)
    return {option.name: values.get(option.name, "x") for option in command.options if option.required}


async def test_help_shows_examples_that_have_answers_here_and_how_things_stand(news: App) -> None:
    await answer(news.desk, "/digest add 07:30,18:00 zone:Europe/Kyiv", CHANNEL, manager=True)
    page = await answer(news.desk, "/help", CHANNEL)
    assert isinstance(page, Page)
    examples, state, commands = page.listings
    assert len(commands.rows) == len(COMMANDS) - 1
    for typed, _ in examples.rows:
        if typed.startswith(("/where", "/said", "what")):
            assert await answer(news.desk, typed, CHANNEL)
    assert ("/where Lyman", "what is known about a place") in examples.rows
    assert any("1 followed" in now for _, now in state.rows)
    assert any("07:30,18:00 Europe/Kyiv" in now and "Wed 05 Mar" in now for _, now in state.rows)


async def test_completion_offers_what_the_workspace_has(news: App) -> None:
    await answer(news.desk, "/digest add 07:30 topic:Grain exports", CHANNEL, manager=True)
    made = (await news.desk.digests.of(CHANNEL))[0]

    async def offered(command: str, option: str, typed: str, channel: Channel = CHANNEL) -> list[str]:
        return [one.value for one in await complete(news.desk, command, option, typed, channel)]

    assert (await offered("where", "place", "lym"))[0] == "Lyman"
    assert "Lymington" in await offered("where", "place", "lymin"), "the whole world's places come after one's own"
    assert await offered("said", "source", "kov") == ["Maria Koval"]
    assert await offered("said", "source", "kov", ELSEWHERE) == []
    assert await offered("brief", "about", "gra") == ["Grain exports"]
    assert await offered("brief", "about", "gra", ELSEWHERE) == []
    assert await offered("digest remove", "id", "") == [made.id]
    assert await offered("digest remove", "id", "", ELSEWHERE) == []
    assert "Europe/Kyiv" in await offered("digest add", "zone", "kyi")
    assert "America/New_York" in await offered("digest add", "zone", "new yo")
    assert await offered("brief", "length", "s") == ["short"]
    assert await offered("brief", "since", "y") == ["yesterday"]
    assert len(await offered("where", "place", "")) <= 25
    with pytest.raises(UnknownCommand):
        await offered("brief", "colour", "r")


async def test_a_place_far_back_needs_a_longer_look(news: App, clock: HandClock) -> None:
    clock.now += timedelta(days=40)
    told = await answer(news.desk, "/where Lyman", CHANNEL)
    assert isinstance(told, PlaceReport)
    assert told.digest.briefings
    assert told.coverage is None, "nothing in the last two weeks"
