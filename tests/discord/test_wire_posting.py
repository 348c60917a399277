"""Posts on Discord over real sockets: each stands there once, whatever breaks, and limits are kept to."""

from dataclasses import replace

import pytest

from bot.app import App
from bot.types import DeliveryState
from tests.adapters.build import briefing, digest
from tests.discord.connected import again, heard, on_discord, place, post
from tests.discord.loopback import Channel, Drop, HandTime, Kind, Loopback, Lose, Refusal, TooMany, broken, texts
from tests.discord.loopback.limits import Fault
from tests.fakes import HandClock
from tests.store.build import NOON


@pytest.mark.parametrize(
    "faults",
    [[Drop()], [Drop(reset=True)], [Lose()], [Drop(), Drop()], [Lose(), Drop()], [Drop(), broken(503)], [broken(503)]],
    ids=str,
)
async def test_a_post_whose_answer_is_lost_stands_there_once(
    app: App, loopback: Loopback, news: Channel, clock: HandClock, time: HandTime, faults: list[Fault]
) -> None:
    loopback.orders.give("post", *faults)
    async with on_discord(app, loopback):
        state = await post(app, news)
        time.now += 3600  # by then Discord has forgotten the nonce
        state = state if state is DeliveryState.SETTLED else await again(app, clock)
    assert state is DeliveryState.SETTLED
    assert (await app.store.delivery("k")).message == str(next(iter(news.messages)))
    assert len(news.messages) == 1


async def test_while_nobody_can_say_whether_it_arrived_it_is_not_sent_again(
    app: App, loopback: Loopback, news: Channel, clock: HandClock, time: HandTime
) -> None:
    loopback.orders.give("post", Drop(), Drop())
    loopback.orders.give("messages", broken(503))
    async with on_discord(app, loopback):
        states = [await post(app, news)]
        time.now += 3600
        states += [await again(app, clock), await again(app, clock)]
    assert states == [DeliveryState.SENT, DeliveryState.SENT, DeliveryState.SETTLED]
    assert len(news.messages) == 1


async def test_a_long_digest_stands_there_once_whatever_breaks_on_the_way(
    app: App, loopback: Loopback, news: Channel, clock: HandClock
) -> None:
    story = replace(briefing(), places=())  # no maps: they take time, and are another test's matter
    long = digest(*(replace(story, headline=f"Story {number} of many " + "and more " * 60) for number in range(12)))
    loopback.orders.give("post", Drop(reset=True), broken(500), Drop(), Drop(), Drop())
    loopback.orders.give("thread", Drop(), broken(502))
    async with on_discord(app, loopback) as chat:
        parts = len(chat.parts(long))
        await app.outbox.intend("k", place(news), long)
        for _ in range(6):
            await app.outbox.run_once()
            clock.advance(hours=1)
    (first,) = news.messages.values()
    thread = loopback.world.channels[int(first["id"])]
    assert parts > 2
    assert len(thread.messages) == parts - 1
    shown = "\n".join(texts(message) for message in [first, *thread.messages.values()])
    assert [shown.count(f"Story {number} of many") for number in range(12)] == [2] * 12, "in the overview and once more"
    places = [shown.rindex(f"Story {number} of many") for number in range(12)]
    assert places == sorted(places), "in their order"


async def test_a_forum_gets_one_post(app: App, loopback: Loopback, clock: HandClock) -> None:
    forum = loopback.world.channel(loopback.world.guild(), kind=Kind.FORUM)
    loopback.orders.give("forum post", Drop())
    async with on_discord(app, loopback):
        assert await post(app, forum) is DeliveryState.SENT
        assert await again(app, clock) is DeliveryState.SETTLED
    assert forum.guild is not None
    (begun,) = (one for one in forum.guild.channels if one.parent is forum)
    assert "Lyman changes hands" in texts(begun.messages[begun.id])


@pytest.mark.parametrize("everywhere", [False, True], ids=["route", "global"])
async def test_a_rate_limit_is_waited_for(
    app: App, loopback: Loopback, news: Channel, time: HandTime, everywhere: bool
) -> None:
    loopback.orders.give("post", TooMany(7.5, everywhere=everywhere))
    async with on_discord(app, loopback):
        began = time.now
        assert await post(app, news) is DeliveryState.SETTLED
        assert time.now - began >= 7.5
    assert (loopback.rest.asked["post"], len(news.messages)) == (2, 1)


@pytest.mark.parametrize("refusal", [Refusal(401, 0, "401: Unauthorized"), Refusal(403, 0, "error 1020")], ids=str)
async def test_a_refusal_that_will_pass_neither_loses_the_post_nor_closes_the_channel(
    app: App, loopback: Loopback, news: Channel, clock: HandClock, refusal: Refusal
) -> None:
    loopback.orders.give("post", refusal)
    async with on_discord(app, loopback):
        assert await post(app, news) is DeliveryState.INTENDED
        assert await again(app, clock) is DeliveryState.SETTLED


async def test_a_long_rate_limit_holds_back_no_other_channel(
    app: App, loopback: Loopback, news: Channel, clock: HandClock
) -> None:
    other = loopback.world.channel(loopback.world.guild())
    loopback.orders.give("post", TooMany(600.0))
    async with on_discord(app, loopback):
        assert await post(app, news) is DeliveryState.INTENDED
        assert await post(app, other, "other") is DeliveryState.SETTLED
        assert await again(app, clock, minutes=9) is DeliveryState.INTENDED, "never sooner than Discord asks"
        assert await again(app, clock, minutes=2) is DeliveryState.SETTLED


async def test_a_server_that_removes_the_bot_has_its_digests_paused_and_kept_until_it_is_back(
    app: App, loopback: Loopback, news: Channel
) -> None:
    assert news.guild is not None
    guild = news.guild
    kept = await app.desk.digests.add(place(news), [NOON.time()], "UTC")
    async with on_discord(app, loopback) as chat:
        await loopback.leaves(guild)
        await heard(chat, lambda: chat.client.get_guild(guild.id) is None)
        assert await post(app, news) is DeliveryState.FAILED
        (paused,) = await app.desk.digests.of(place(news))
        assert (paused.id, paused.paused, paused.stopped) == (kept.id, True, (await app.store.delivery("k")).error)
        await loopback.joins(guild)
        await heard(chat, lambda: chat.client.get_guild(guild.id) is not None)
        asked = await loopback.command("digest resume", {"id": kept.id}, news)
        await loopback.until(lambda: asked.answers)
        assert [one.paused for one in await app.desk.digests.of(place(news))] == [False]
        assert await post(app, news, "k2") is DeliveryState.SETTLED
