import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.answers import Listing, Notice
from bot.app import App
from bot.commands import answer
from bot.desk import digests
from bot.errors import InputError, NotFound
from bot.news import files
from bot.schedule import missed
from bot.types import Channel, Digest, Subscription, Watch
from tests.fakes import FakePoster, FakeTeller, HandClock

SEEDS = Path(__file__).parents[2] / "seeds"
CHANNEL = Channel("fake", "w", "c")
STORM = (
    "A storm tore the roof off the market hall in Batumi on Sunday night, the city's mayor, Nino Kvaratskhelia, said. "
    "Forty people were taken to shelters in Batumi and Kobuleti."
)
FIRE = (
    "A fire destroyed two warehouses in the port of Piraeus on Monday, the Greek fire service said. "
    "Nobody was hurt, according to the port authority."
)


@pytest.fixture
def poster(app: App) -> FakePoster:
    fake = FakePoster()
    app.posters["fake"] = fake
    return fake


async def test_a_digest_covers_what_came_since_the_last_one_and_nothing_twice(
    app: App, poster: FakePoster, clock: HandClock
) -> None:
    made = await app.desk.digests.add(CHANNEL, [time(7, 30)], "Europe/Kyiv")
    await app.desk.intake.add(CHANNEL.tenant, [files.from_text(STORM, origin="test")])
    first_due, second_due = datetime(2026, 11, 24, 5, 30, tzinfo=UTC), datetime(2026, 11, 25, 5, 30, tzinfo=UTC)
    clock.now = first_due
    await app.desk.digests.post(made, first_due)
    await app.desk.digests.post(made, first_due)  # a second firing of the same slot posts nothing
    await app.desk.intake.add(CHANNEL.tenant, [files.from_text(FIRE, origin="test")])
    clock.now = second_due
    await app.desk.digests.post(made, second_due)
    texts = [[p.text for b in digest.briefings for p in b.points] for digest in poster.digests(CHANNEL)]
    assert len(texts) == 2
    assert any("Batumi" in text for text in texts[0])
    assert not any("Batumi" in text for text in texts[1])
    assert any("Piraeus" in text for text in texts[1])


async def test_a_late_digest_and_the_next_one_do_not_tell_the_same(app: App, poster: FakePoster) -> None:
    made = await app.desk.digests.add(CHANNEL, [time(7, 30), time(18)], "UTC")
    await app.desk.intake.add(CHANNEL.tenant, [files.from_text(STORM, origin="test")])
    late, on_time = datetime(2026, 11, 24, 7, 30, tzinfo=UTC), datetime(2026, 11, 24, 18, tzinfo=UTC)
    await asyncio.gather(app.desk.digests.post(made, late), app.desk.digests.post(made, on_time))
    assert len(poster.digests(CHANNEL)) == 1


async def test_a_platform_that_takes_its_time_holds_back_no_other_channel_s_digest(app: App) -> None:
    class Slow(FakePoster):
        reached = 0
        all_there, go_on = asyncio.Event(), asyncio.Event()

        async def post(self, channel: Channel, digest: Digest, key: str, *, thread: str | None = None) -> str:
            self.reached += 1
            if self.reached == digests.ABREAST + 2:
                self.all_there.set()
            await self.go_on.wait()
            return await super().post(channel, digest, key, thread=thread)

    app.posters["fake"] = slow = Slow()
    rooms = [replace(CHANNEL, id=f"c{number}") for number in range(digests.ABREAST + 2)]
    made = [await app.desk.digests.add(room, [time(7, 30)], "UTC") for room in rooms]
    await app.desk.intake.add(CHANNEL.tenant, [files.from_text(STORM, origin="test")])
    posting = asyncio.gather(*(app.desk.digests.post(one, datetime(2026, 11, 24, 7, 30, tzinfo=UTC)) for one in made))
    async with asyncio.timeout(60):
        await slow.all_there.wait()
    slow.go_on.set()
    await posting
    assert all(len(slow.digests(room)) == 1 for room in rooms)


async def test_a_digest_without_news_is_not_posted(app: App, poster: FakePoster) -> None:
    made = await app.desk.digests.add(CHANNEL, [time(7, 30)], "UTC")
    await app.desk.digests.post(made, datetime(2026, 11, 24, 7, 30, tzinfo=UTC))
    assert poster.digests(CHANNEL) == []


async def test_a_digests_topic_leaves_other_stories_out(app: App, poster: FakePoster) -> None:
    made = await app.desk.digests.add(CHANNEL, [time(7, 30)], "UTC", topic="Piraeus fire")
    await app.desk.intake.add(CHANNEL.tenant, [files.from_text(t, origin="test") for t in (STORM, FIRE)])
    await app.desk.digests.post(made, datetime(2026, 11, 24, 7, 30, tzinfo=UTC))
    (digest,) = poster.digests(CHANNEL)
    assert len(digest.briefings) == 1
    assert "Piraeus" in digest.briefings[0].points[0].text


async def test_a_topics_word_is_not_found_in_the_middle_of_another(app: App, poster: FakePoster) -> None:
    made = await app.desk.digests.add(CHANNEL, [time(7, 30)], "UTC", topic="arm")  # not 'warm', nor 'farm'
    warm = "Warm weather damaged harvests on every farm around Telavi in May, the growers' union said on Tuesday."
    army = "The Georgian army sent two bridges to Telavi on Tuesday, the defence ministry said."
    await app.desk.intake.add(CHANNEL.tenant, [files.from_text(text, origin="test") for text in (warm, army)])
    await app.desk.digests.post(made, datetime(2026, 11, 24, 7, 30, tzinfo=UTC))
    (digest,) = poster.digests(CHANNEL)
    points = " ".join(point.text for briefing in digest.briefings for point in briefing.points)
    assert "army" in points
    assert "farm" not in points


async def test_digests_are_managed_in_words(app: App) -> None:
    added = await answer(app.desk, "/digest add 07:30 days:mon zone:Europe/Kyiv", CHANNEL, manager=True)
    assert isinstance(added, Notice)
    listed = await answer(app.desk, "/digest list", CHANNEL)
    assert isinstance(listed, Listing)
    ((ident, when, about, _next),) = listed.rows
    assert (when, about) == ("07:30 Europe/Kyiv, mon", "everything followed here")
    await answer(app.desk, f"/digest pause {ident}", CHANNEL, manager=True)
    paused = await answer(app.desk, "/digest list", CHANNEL)
    assert isinstance(paused, Listing)
    assert paused.rows[0][3] == "paused"
    with pytest.raises(NotFound, match="no digest"):
        await answer(app.desk, f"/digest remove {ident}", Channel("fake", "elsewhere", "c"), manager=True)
    await answer(app.desk, f"/digest remove {ident}", CHANNEL, manager=True)
    assert (await app.desk.digests.all()) == []


async def test_a_digest_is_changed_and_what_isnt_named_stays(app: App) -> None:
    planned: list[Subscription | None] = []
    app.desk.digests.on_change = lambda made, _ident: planned.append(made)
    made = await app.desk.digests.add(CHANNEL, [time(7, 30)], "Europe/Kyiv", days=(0,), topic="rain", person="ann")
    said = await answer(app.desk, f"/digest edit {made.id} time:18:00,06:15 days:sat", CHANNEL, manager=True)
    assert isinstance(said, Notice)
    assert "06:15,18:00 Europe/Kyiv, sat, about rain" in said.text
    changed = await app.desk.digests.find(CHANNEL, made.id)
    assert changed == replace(made, at=(time(6, 15), time(18)), days=(5,), created=changed.created)
    assert planned[-1] == changed
    await answer(app.desk, f"/digest edit {made.id} zone:UTC topic:everything", CHANNEL, manager=True)
    changed = await app.desk.digests.find(CHANNEL, made.id)
    assert (changed.zone, changed.topic) == ("UTC", None)
    same = await answer(app.desk, f"/digest edit {made.id}", CHANNEL, manager=True)
    assert isinstance(same, Notice)
    assert "is so already" in same.text
    await app.desk.digests.pause(CHANNEL, made.id)
    await answer(app.desk, f"/digest edit {made.id} time:09:00", CHANNEL, manager=True)
    assert planned[-1] is None, "paused it stays"
    with pytest.raises(InputError, match="no time zone"):
        await answer(app.desk, f"/digest edit {made.id} zone:Mars", CHANNEL, manager=True)
    with pytest.raises(NotFound, match="no digest"):
        await answer(app.desk, f"/digest edit {made.id} time:10:00", Channel("fake", "elsewhere", "c"), manager=True)


async def test_a_digest_that_comes_hours_late_says_so_and_is_one(
    app: App, poster: FakePoster, clock: HandClock
) -> None:
    made = await app.desk.digests.add(CHANNEL, [time(7, 30), time(18)], "Europe/Kyiv")
    await app.desk.intake.add(CHANNEL.tenant, [files.from_text(STORM, origin="test")])
    clock.now = datetime(2026, 11, 26, 20, tzinfo=UTC)
    (held,) = await app.desk.digests.all()
    due = missed(held, clock.now)
    assert due == datetime(2026, 11, 26, 16, tzinfo=UTC), "the last of many slots"
    await app.desk.digests.post(made, due)
    (digest,) = poster.digests(CHANNEL)
    assert digest.notes == ("late: it was due on Thu 26 Nov at 18:00 Europe/Kyiv",)
    assert missed((await app.desk.digests.all())[0], clock.now) is None


async def test_nothing_is_made_for_a_platform_that_is_not_connected_and_nothing_is_lost(
    app: App, poster: FakePoster
) -> None:
    made = await app.desk.digests.add(CHANNEL, [time(7, 30)], "UTC")
    await app.desk.intake.add(CHANNEL.tenant, [files.from_text(STORM, origin="test")])
    del app.posters["fake"]
    await app.desk.digests.post(made, datetime(2026, 11, 24, 7, 30, tzinfo=UTC))
    app.posters["fake"] = poster
    await app.desk.digests.post(made, datetime(2026, 11, 25, 7, 30, tzinfo=UTC))
    assert len(poster.digests(CHANNEL)) == 1


async def test_a_digest_over_a_thousand_arrivals_covers_them_all(
    app: App, monkeypatch: pytest.MonkeyPatch, poster: FakePoster
) -> None:
    monkeypatch.setattr(digests, "BITE", 2)
    made = await app.desk.digests.add(CHANNEL, [time(7, 30)], "UTC")
    texts = (STORM, FIRE, STORM.replace("Batumi", "Poti"), FIRE.replace("Piraeus", "Volos"), STORM.upper())
    await app.desk.intake.add(CHANNEL.tenant, [files.from_text(text, origin="test") for text in texts])
    await app.desk.digests.post(made, datetime(2026, 11, 24, 7, 30, tzinfo=UTC))
    (digest,) = poster.digests(CHANNEL)
    told = sum(len(briefing.articles) for briefing in digest.briefings)
    assert told + digest.left_out == len(texts)


async def test_a_closed_channel_pauses_what_posts_there_and_tells_who_made_it(app: App, poster: FakePoster) -> None:
    app.tellers["fake"] = teller = FakeTeller()
    dropped = []
    app.desk.digests.on_change = lambda _made, ident: dropped.append(ident)
    made = await app.desk.digests.add(CHANNEL, [time(7, 30)], "UTC", person="anna")
    watch = await app.desk.watches.add(CHANNEL, "storm", person="anna")
    assert isinstance(watch, Watch)
    elsewhere = await app.desk.digests.add(Channel("fake", "w", "other"), [time(7, 30)], "UTC", person="boris")
    await app.desk.intake.add(CHANNEL.tenant, [files.from_text(STORM, origin="test")])
    poster.misbehave(CHANNEL, ["closed"])
    await app.desk.digests.post(made, datetime(2026, 11, 24, 7, 30, tzinfo=UTC))
    ((workspace, person, text),) = teller.told
    assert (workspace, person) == ("fake:w", "anna")
    assert "channel c is gone" in text
    assert made.id in text
    assert watch.id in text
    assert made.id in dropped
    assert {one.id: one.paused for one in await app.desk.digests.all()} == {made.id: True, elsewhere.id: False}
    listed = await answer(app.desk, "/digest list", CHANNEL)
    assert isinstance(listed, Listing)
    assert listed.rows[0][3] == "paused: channel c is gone"
    await answer(app.desk, f"/watch resume {watch.id}", CHANNEL, manager=True)
    assert not (await app.desk.watches.of(CHANNEL))[0].paused


async def test_without_a_clock_at_work_a_digest_says_that_it_won_t_come(app: App) -> None:
    added = await answer(app.desk, "/digest add 07:30,18:00", CHANNEL, manager=True)
    assert isinstance(added, Notice)
    assert "07:30,18:00 UTC, every day" in added.text
    assert "won't be posted" in added.text


async def test_now_answers_at_once(app: App) -> None:
    await app.desk.intake.add(CHANNEL.tenant, [files.from_text(STORM, origin="test")])
    made = await answer(app.desk, "/digest now", CHANNEL)
    assert isinstance(made, Digest)
    assert made.briefings
