from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.errors import NotFound
from bot.store import Store
from bot.types import Delivery, DeliveryState, Subscription
from tests.store.build import NOON, article, digest, reading

DAILY = Subscription("d1", "fake:w:1", "fake:w", (time(7, 30), time(18)), "Europe/Kyiv", (0, 4), "grain", "anna", NOON)


async def test_the_parts_of_a_post_are_written_down_together_once(store: Store) -> None:
    parts = [Delivery(f"k/{part}", "fake:w:1", digest(f"part {part}")) for part in (0, 1)]
    assert await store.intend(*parts)
    assert not await store.intend(replace(parts[0], key="k/2"), parts[1])
    kept = await store.delivery("k/1")
    assert kept == replace(parts[1], created=NOON)
    with pytest.raises(NotFound):
        await store.delivery("k/2")


async def test_a_digest_and_how_far_it_has_come_are_kept_together(store: Store) -> None:
    await store.add_subscription(DAILY)
    done = replace(DAILY, last_until=NOON + timedelta(days=1), arrival=7)
    assert await store.intend(Delivery("k", DAILY.channel, digest("news")), covering=done)
    assert await store.subscriptions() == [done]
    again = replace(done, arrival=9)
    assert not await store.intend(Delivery("k", DAILY.channel, digest("other news")), covering=again)
    assert await store.subscriptions() == [done]
    assert await store.intend(covering=again), "nothing to post is progress too"
    assert (await store.subscriptions())[0].arrival == 9


async def test_a_channel_offers_its_first_open_post_when_its_time_has_come(store: Store) -> None:
    for key, channel in (("a1", "fake:w:a"), ("b1", "fake:w:b"), ("a2", "fake:w:a")):
        await store.intend(Delivery(key, channel, digest(key)))
    assert await store.due_channels(NOON) == ["fake:w:a", "fake:w:b"]
    later = NOON + timedelta(minutes=5)
    await store.mark_sent("a1")
    await store.fail("a1", "busy", later)
    assert await store.due_channels(NOON) == ["fake:w:b"], "what comes after a waiting post waits with it"
    assert await store.next_delivery("fake:w:a", NOON) is None
    first = await store.next_delivery("fake:w:a", later)
    assert first is not None
    assert (first.key, first.state, first.attempts, first.error) == ("a1", DeliveryState.INTENDED, 1, "busy")
    await store.settle("a1", "message 9")
    second = await store.next_delivery("fake:w:a", NOON)
    assert second is not None
    assert second.key == "a2"
    await store.fail("a2", "the channel is gone", None)
    assert (await store.delivery("a2")).state is DeliveryState.FAILED
    assert await store.next_delivery("fake:w:a", later) is None


async def test_marking_what_was_never_intended_is_an_error(store: Store) -> None:
    with pytest.raises(NotFound, match="intend"):
        await store.mark_sent("nothing")


async def test_subscriptions_belong_to_their_workspace(store: Store) -> None:
    other = replace(DAILY, id="d2", channel="fake:w:2", topic=None, last_until=None)
    await store.add_subscription(DAILY)
    await store.add_subscription(other)
    assert await store.subscriptions("fake:w") == [DAILY, other]
    assert await store.subscriptions("fake:w", "fake:w:2") == [other]
    assert await store.subscriptions("fake:elsewhere") == []
    for change in (store.pause_subscription, store.resume_subscription, store.remove_subscription):
        with pytest.raises(NotFound, match="d1"):
            await change("fake:elsewhere", "d1")
    await store.pause_subscription("fake:w", "d1")
    assert (await store.subscriptions())[0].paused
    await store.remove_subscription("fake:w", "d2")
    assert (await store.subscription("d1")).paused
    with pytest.raises(NotFound, match="d2"):
        await store.subscription("d2")


async def test_a_new_or_resumed_subscription_starts_from_now(store: Store) -> None:
    async def arrive(name: str) -> None:
        await store.add_article(article(name), "feed")
        await store.add_reading(article(name), reading(article(name)))

    await store.follow("fake:w", "feed")
    await arrive("before")
    await store.add_subscription(DAILY)
    (made,) = await store.subscriptions()
    assert (await store.arrivals("fake:w", made.arrival))[0] == []
    await store.pause_subscription("fake:w", "d1")
    await arrive("while paused")
    await store.resume_subscription("fake:w", "d1")
    (resumed,) = await store.subscriptions()
    assert not resumed.paused
    assert resumed.last_until == NOON
    assert (await store.arrivals("fake:w", resumed.arrival))[0] == []
