from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.answers import Notice, Question
from bot.app import App, open_app
from bot.commands import answer, choose
from bot.config import Config, WatchesConfig
from bot.desk.matching import is_quiet
from bot.errors import InputError, NotAllowed, NotFound
from bot.news import files
from bot.types import Channel, Quiet, Watch, WatchKind
from tests.fakes import FakePoster, HandClock

CHANNEL = Channel("fake", "w", "c")
STORM = "A storm tore the roof off the market hall in Batumi on Sunday night, the mayor, Nino Kvaratskhelia, said."
MORE = "The storm that tore the roof off the market hall in Batumi on Sunday night also sank two boats, the mayor said."
MAYOR = (
    "The market hall will be rebuilt by May, Nino Kvaratskhelia, the mayor of Batumi, said on Sunday. "
    "“We have the money,” Kvaratskhelia said."
)
LATER = (
    "Schools will open late on Tuesday, the mayor of Batumi, Nino Kvaratskhelia, told parents. "
    "“The buses stand still,” Kvaratskhelia said."
)
FIRE = "A fire destroyed two warehouses in the port of Piraeus on Monday, the Greek fire service said."
TALKS = "Ministers met in Tbilisi on Monday to discuss the railway, a government spokeswoman, Eka Lomidze, said."


@pytest.fixture
def poster(app: App) -> FakePoster:
    fake = FakePoster()
    app.posters["fake"] = fake
    return fake


async def watching(app: App, about: str, kind: WatchKind | None = None, quiet: Quiet | None = None) -> Watch:
    made = await app.desk.watches.add(CHANNEL, about, kind=kind, quiet=quiet)
    assert isinstance(made, Watch)
    return made


async def arrive(app: App, *texts: str, published: datetime | None = None) -> None:
    articles = [replace(files.from_text(text, origin="test"), published=published) for text in texts]
    taken = await app.desk.intake.add(CHANNEL.tenant, articles)
    assert taken.failures == ()


def headlines(poster: FakePoster, channel: Channel = CHANNEL) -> list[Sequence[str]]:
    """The first words of the articles of each post."""
    return [
        [" ".join(point.text.split()[:2]) for briefing in digest.briefings for point in briefing.points[:1]]
        for digest in poster.digests(channel)
    ]


async def test_a_new_story_about_a_place_and_what_it_contains_is_posted_once(app: App, poster: FakePoster) -> None:
    await arrive(app, TALKS)  # before there is a watch
    await watching(app, "#614540")  # the country of Georgia
    await arrive(app, STORM, FIRE)
    await app.desk.watches.run()
    assert headlines(poster) == [["A storm"]]
    assert poster.digests(CHANNEL)[0].title == "Watch: Georgia"
    await arrive(app, MORE)
    for _ in range(2):
        await app.desk.watches.run()
    assert len(headlines(poster)) == 1, "what goes on with a story is no new one"


async def test_words_and_sources_are_watched_and_one_story_is_posted_once_for_a_channel(
    app: App, poster: FakePoster, clock: HandClock
) -> None:
    await arrive(app, MAYOR)
    await watching(app, "warehouse AND (port OR harbour) NOT rice")
    clock.advance(minutes=1)
    await watching(app, "Greek fire service", WatchKind.WORDS)
    source = await watching(app, "Nino Kvaratskhelia")
    assert source.kind is WatchKind.SOURCE
    await arrive(app, FIRE, LATER)
    await app.desk.watches.run()
    assert sorted(digest.title for digest in poster.digests(CHANNEL)) == [
        "Watch: Nino Kvaratskhelia",
        "Watch: warehouse AND (port OR harbour) NOT rice · Greek fire service",
    ]


async def test_quiet_hours_are_kept_by_the_clock_on_the_wall(app: App, poster: FakePoster, clock: HandClock) -> None:
    clock.now = datetime(2026, 3, 28, 21, tzinfo=UTC)  # 23:00 in Kyiv, and the clocks are put forward that night
    await watching(app, "storm", quiet=Quiet(time(22), time(7), "Europe/Kyiv"))
    await arrive(app, STORM)
    await app.desk.watches.run()
    clock.now = datetime(2026, 3, 29, 3, 59, tzinfo=UTC)
    await app.desk.watches.run()
    assert headlines(poster) == []
    clock.advance(minutes=1)
    await app.desk.watches.run()
    assert headlines(poster) == [["A storm"]]


@pytest.mark.parametrize(
    ("start", "end", "now", "quiet"),
    [(22, 7, 23, True), (22, 7, 6, True), (22, 7, 7, False), (22, 7, 12, False), (9, 17, 9, True), (9, 17, 17, False)],
)
def test_quiet_hours_may_go_over_midnight(start: int, end: int, now: int, quiet: bool) -> None:
    hours = Quiet(time(start), time(end), "UTC")
    assert is_quiet(hours, datetime(2026, 1, 1, now, tzinfo=UTC)) is quiet


async def test_a_flood_of_stories_is_bundled_and_none_is_lost(
    tmp_path: Path, clock: HandClock, index_folder: Path
) -> None:
    config = Config(store=tmp_path / "store.sqlite3", cache=index_folder, watches=WatchesConfig(hourly=2))
    texts = (
        "The council of Bergen closed a bridge after cracks were found in two of its pillars.",
        "Farmers around Lublin brought in 300 tonnes less wheat than last summer, the growers' council said.",
        "An election for the council of Graz will be held in March, the governor of Styria announced.",
        "The opera in Porto cancelled its winter season because the stage machinery failed, its council said.",
        "Measles was found in four children at a nursery in Kaunas; the health council is looking for others.",
    )
    async with open_app(config, clock=clock) as app:
        app.posters["fake"] = poster = FakePoster()
        await watching(app, "council", WatchKind.WORDS)
        await arrive(app, *texts)
        await app.desk.watches.run()
        posted = poster.digests(CHANNEL)
        assert [len(digest.briefings) for digest in posted] == [1, 4]
        await arrive(app, "A tram hit a wall in Zagreb after dark and nobody was hurt, a member of the council said.")
        clock.advance(minutes=59)
        await app.desk.watches.run()
        assert len(posted) == 2
        clock.advance(minutes=2)
        await app.desk.watches.run()
        assert len(posted) == 3
    told = [article.id for digest in posted for briefing in digest.briefings for article in briefing.articles]
    assert len(told) == len(set(told)) == 6


async def test_what_was_found_survives_a_restart_and_is_posted_once(
    tmp_path: Path, clock: HandClock, index_folder: Path
) -> None:
    config = Config(store=tmp_path / "store.sqlite3", cache=index_folder)
    poster = FakePoster()
    async with open_app(config, clock=clock) as app:
        await watching(app, "storm")
        await arrive(app, STORM)
        await app.desk.watches.run()  # its platform isn't connected yet
    for _ in range(2):
        async with open_app(config, clock=clock) as app:
            app.posters["fake"] = poster
            await app.desk.watches.run()
    assert len(poster.digests(CHANNEL)) == 1


async def test_nothing_older_than_the_watch_is_posted(app: App, poster: FakePoster, clock: HandClock) -> None:
    await watching(app, "storm OR fire")
    await arrive(app, STORM, published=clock.now - timedelta(minutes=1))
    await arrive(app, FIRE, published=clock.now.replace(hour=0))  # a publisher that gives days only
    await app.desk.watches.run()
    assert headlines(poster) == [["A fire"]]


async def test_a_watch_is_managed_in_words(app: App) -> None:
    added = await answer(
        app.desk, "/watch add grain deal as:words quiet:22:00-07:00 zone:Europe/Kyiv", CHANNEL, manager=True
    )
    assert isinstance(added, Notice)
    assert "the words grain deal" in added.text
    assert "not from 22:00 to 07:00 Europe/Kyiv" in added.text
    (watch,) = await app.desk.watches.of(CHANNEL)
    with pytest.raises(InputError, match="watched here already"):
        await app.desk.watches.add(CHANNEL, "grain deal", kind=WatchKind.WORDS)
    with pytest.raises(NotAllowed, match="/watch add is for people who may manage"):
        await answer(app.desk, "/watch add rice", CHANNEL)
    with pytest.raises(NotFound, match="no watch"):
        await answer(app.desk, f"/watch remove {watch.id}", Channel("fake", "elsewhere", "c"), manager=True)
    await answer(app.desk, f"/watch pause {watch.id}", CHANNEL, manager=True)
    assert (await app.desk.watches.of(CHANNEL))[0].paused
    await answer(app.desk, f"/watch remove {watch.id}", CHANNEL, manager=True)
    assert await app.desk.watches.of(CHANNEL) == []


async def test_a_name_of_several_places_is_asked_about_and_a_choice_outlives_a_restart(
    tmp_path: Path, clock: HandClock, index_folder: Path
) -> None:
    config = Config(store=tmp_path / "store.sqlite3", cache=index_folder)
    async with open_app(config, clock=clock) as app:
        asked = await answer(app.desk, "/watch add Springfield quiet:22:00-07:00", CHANNEL, manager=True)
        assert isinstance(asked, Question)
        chosen = asked.choices[1]
        assert chosen.id is not None
        assert len(chosen.id) == 16
    async with open_app(config, clock=clock) as app:
        with pytest.raises(NotFound, match="ask again"):
            await choose(app.desk, chosen.id, Channel("fake", "elsewhere", "c"), None, manager=True)
        await choose(app.desk, chosen.id, CHANNEL, "anna", manager=True)
        (watch,) = await app.desk.watches.of(CHANNEL)
        assert (watch.label, watch.kind) == (chosen.label, WatchKind.PLACE)
        assert watch.quiet == Quiet(time(22), time(7), "UTC")
