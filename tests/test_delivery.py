import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery import Backoff, GiveUp, Outbox, Retry
from bot.errors import DeliveryError
from bot.store import Store
from bot.types import ArticleRef, Channel, Delivery, DeliveryState, Digest
from tests.adapters.build import briefing
from tests.fakes import FakePoster, HandClock
from tests.store.build import NOON, article, digest, reading

HERE, THERE = Channel("fake", "w", "here"), Channel("fake", "w", "there")


@pytest.fixture
def poster() -> FakePoster:
    return FakePoster()


@pytest.fixture
def outbox(store: Store, poster: FakePoster, clock: HandClock) -> Outbox:
    return Outbox(store, {"fake": poster}, clock, jitter=lambda: 1.0)


async def test_what_is_intended_arrives_once_in_order(outbox: Outbox, poster: FakePoster, store: Store) -> None:
    for number in range(5):
        assert await outbox.intend(f"k{number}", HERE, digest(f"news {number}"))
    assert not await outbox.intend("k1", HERE, digest("the same, made again"))
    outcome = await outbox.run_once()
    assert outcome.settled == poster.posts[HERE.key] == ["k0", "k1", "k2", "k3", "k4"]
    assert poster.titles[1] == "news 1"
    assert (await store.delivery("k3")).message == "message of k3"
    assert (await outbox.run_once()).settled == []


async def test_a_failing_channel_keeps_its_order_and_holds_back_no_other(
    outbox: Outbox, poster: FakePoster, clock: HandClock
) -> None:
    for key, channel in (("h1", HERE), ("h2", HERE), ("t1", THERE)):
        await outbox.intend(key, channel, digest(key))
    poster.misbehave(HERE, ["error"])
    outcome = await outbox.run_once()
    assert (outcome.settled, outcome.waiting) == (["t1"], ["h1"])
    clock.advance(seconds=6)
    assert (await outbox.run_once()).settled == ["h1", "h2"]


@pytest.mark.parametrize(("fault", "asked"), [("drop", True), ("lost", True), ("error", False), ("busy", False)])
async def test_an_unclear_outcome_is_asked_for_before_sending_again(
    outbox: Outbox, poster: FakePoster, clock: HandClock, fault: str, asked: bool
) -> None:
    await outbox.intend("k", HERE, digest("news"))
    poster.misbehave(HERE, [fault])
    assert (await outbox.run_once()).waiting == ["k"]
    assert poster.asked == [], "the platform gets time to make up its mind"
    clock.advance(minutes=2)
    assert (await outbox.run_once()).settled == ["k"]
    assert bool(poster.asked) is asked
    assert poster.posts[HERE.key] == ["k"]


async def test_while_nobody_answers_the_question_nothing_is_sent(
    outbox: Outbox, poster: FakePoster, clock: HandClock
) -> None:
    await outbox.intend("k", HERE, digest("news"))
    poster.misbehave(HERE, ["drop", "mute", "mute"])
    for _ in range(3):
        await outbox.run_once()
        clock.advance(hours=1)
    assert (await outbox.run_once()).settled == ["k"]
    assert poster.posts[HERE.key] == ["k"]


async def test_a_post_cut_off_by_the_end_of_the_process_is_asked_for(
    outbox: Outbox, poster: FakePoster, store: Store
) -> None:
    for key in ("arrived", "never left"):
        await outbox.intend(key, HERE if key == "arrived" else THERE, digest(key))
        await store.mark_sent(key)
    poster.posts[HERE.key].append("arrived")
    assert sorted((await outbox.run_once()).settled) == ["arrived", "never left"]
    assert poster.posts == {HERE.key: ["arrived"], THERE.key: ["never left"]}


async def test_a_permanent_failure_is_given_up_and_reported(outbox: Outbox, poster: FakePoster, store: Store) -> None:
    for key in ("k1", "k2"):
        await outbox.intend(key, HERE, digest(key))
    poster.misbehave(HERE, ["gone"])
    outcome = await outbox.run_once()
    assert [(failed.key, failed.error) for failed in outcome.failed] == [("k1", "the platform refuses this post")]
    assert (await store.delivery("k1")).state is DeliveryState.FAILED
    assert outcome.settled == ["k2"]


async def test_a_closed_channel_takes_nothing_more_and_is_reported(
    outbox: Outbox, poster: FakePoster, store: Store, clock: HandClock
) -> None:
    for key, channel in (("h1", HERE), ("h2", HERE), ("t1", THERE)):
        await outbox.intend(key, channel, digest(key))
    reports = []

    async def note(channel: Channel, why: str) -> None:
        reports.append((channel, why))

    outbox.on_closed = note
    poster.misbehave(HERE, ["closed"])
    assert (await outbox.run_once()).settled == ["t1"]
    assert reports == [(HERE, "channel here is gone")]
    clock.advance(days=1)
    assert (await outbox.run_once()).settled == []
    assert [failed.key for failed in await store.given_up(HERE.key, NOON - timedelta(hours=1))] == ["h2", "h1"]


async def test_a_long_digest_goes_out_in_parts_in_one_thread_and_nothing_is_lost(
    store: Store, clock: HandClock
) -> None:
    poster = FakePoster(most=2)
    outbox = Outbox(store, {"fake": poster}, clock, jitter=lambda: 0.5)
    stories = tuple(briefing(headline=f"story {number}") for number in range(5))
    poster.misbehave(HERE, ["drop", "lost", "error", "drop"])
    await outbox.intend("k", HERE, replace(digest("news"), briefings=stories))
    assert not await outbox.intend("k", HERE, replace(digest("made again"), briefings=stories))
    for _ in range(8):
        await outbox.run_once()
        clock.advance(hours=1)
    assert poster.posts[HERE.key] == ["k", "k+1", "k+2"]
    assert poster.threads == {"k": None, "k+1": "message of k", "k+2": "message of k"}
    assert [one.headline for part in poster.digests(HERE) for one in part.briefings] == [s.headline for s in stories]


async def test_a_first_part_that_never_arrives_takes_no_other_with_it(store: Store, clock: HandClock) -> None:
    poster = FakePoster(most=1)
    outbox = Outbox(store, {"fake": poster}, clock)
    await outbox.intend("k", HERE, replace(digest("news"), briefings=(briefing(), briefing())))
    poster.misbehave(HERE, ["gone"])
    assert (await outbox.run_once()).settled == ["k+1"]
    assert poster.threads == {"k+1": None}


async def test_a_corrected_post_is_edited_until_the_platform_shows_it(
    outbox: Outbox, poster: FakePoster, store: Store, clock: HandClock
) -> None:
    await store.follow(HERE.tenant, "feed")
    old, new = article("a", "Nine boats sank."), article("a", "Five boats sank.")
    for text in (old, new):
        if text is new:
            made = replace(briefing(), articles=(ArticleRef(old.id, None, None, None, None),))
            await outbox.intend("k", HERE, replace(digest("news"), briefings=(made,)))
            await outbox.run_once()
        await store.add_article(text, "feed")
        await store.add_reading(text, reading(text))
    (correction,) = await store.corrections()
    assert (correction.before, correction.article.text) == (old.text, new.text)
    assert [post.key for post in await store.citing(old.id, NOON)] == ["k"]
    await store.corrected(correction, [("k", replace(digest("corrected news"), notes=("updated",)))])
    await outbox.intend("later", HERE, digest("later"))
    poster.misbehave(HERE, ["busy", "error"])
    for _ in range(4):
        await outbox.run_once()
        clock.advance(hours=1)
    assert poster.posts[HERE.key] == ["k", "later"]
    assert [shown.title for shown in poster.edits["message of k"]] == ["corrected news"]
    assert (await store.delivery("k")).state is DeliveryState.SETTLED
    assert await store.corrections() == []


async def test_a_fault_in_an_adapter_surfaces_and_is_not_repeated_at_once(
    outbox: Outbox, poster: FakePoster, clock: HandClock
) -> None:
    for key, channel in (("h1", HERE), ("t1", THERE)):
        await outbox.intend(key, channel, digest(key))
    poster.misbehave(HERE, ["bug"])
    with pytest.raises(ExceptionGroup) as raised:
        await outbox.run_once()
    assert isinstance(raised.value.exceptions[0], KeyError)
    assert poster.posts[THERE.key] == ["t1"]
    assert (await outbox.run_once()).settled == []
    clock.advance(minutes=1)
    assert (await outbox.run_once()).settled == ["h1"]
    assert poster.posts[HERE.key] == ["h1"]


class Silent(FakePoster):
    """Never answers on one channel."""

    async def post(self, channel: Channel, digest: Digest, key: str, *, thread: str | None = None) -> str:
        if channel == HERE:
            await asyncio.Event().wait()
        return await super().post(channel, digest, key, thread=thread)


async def test_a_silent_platform_is_not_waited_for(store: Store, clock: HandClock) -> None:
    poster = Silent()
    outbox = Outbox(store, {"fake": poster}, clock, patience=timedelta(milliseconds=20))
    for key, channel in (("h1", HERE), ("t1", THERE)):
        await outbox.intend(key, channel, digest(key))
    outcome = await outbox.run_once()
    assert (outcome.settled, outcome.waiting) == (["t1"], ["h1"])
    assert (await store.delivery("h1")).state is DeliveryState.SENT


async def test_rounds_may_overlap(outbox: Outbox, poster: FakePoster) -> None:
    for number in range(6):
        await outbox.intend(f"k{number}", (HERE, THERE)[number % 2], digest("news"))
    await asyncio.gather(*(outbox.run_once() for _ in range(4)))
    assert poster.posts == {HERE.key: ["k0", "k2", "k4"], THERE.key: ["k1", "k3", "k5"]}


async def test_posts_for_a_platform_that_is_not_connected_wait(
    store: Store, clock: HandClock, poster: FakePoster
) -> None:
    await store.intend(Delivery("k", HERE.key, digest("news")))
    with pytest.raises(DeliveryError, match="isn't connected"):
        await Outbox(store, {}, clock).intend("l", HERE, digest("more news"))
    assert (await Outbox(store, {}, clock).run_once()).failed == []
    assert (await Outbox(store, {"fake": poster}, clock).run_once()).settled == ["k"]


def test_waits_grow_and_never_undercut_the_platform() -> None:
    backoff = Backoff(first=timedelta(seconds=4), longest=timedelta(seconds=20), tries=5)

    def wait(error: DeliveryError, attempts: int, jitter: float = 1.0) -> float:
        decision = backoff.decide(error, attempts, NOON, jitter)
        assert isinstance(decision, Retry)
        return (decision.at - NOON).total_seconds()

    plain = DeliveryError("no")
    assert [wait(plain, attempts) for attempts in (1, 2, 3, 4)] == [4, 8, 16, 20]
    assert wait(plain, 1, jitter=0.0) == 2
    assert wait(DeliveryError("slow down", retry_after=timedelta(seconds=90)), 1) == 90
    assert backoff.decide(plain, 5, NOON, 1.0) == GiveUp("no (5 attempts)")
    assert backoff.decide(DeliveryError("gone", permanent=True), 1, NOON, 1.0) == GiveUp("gone")


FAULTS = st.lists(st.sampled_from(["drop", "lost", "busy", "error", "mute"]), max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(here=FAULTS, there=FAULTS)
async def test_whatever_goes_wrong_every_post_arrives_once_in_order(
    blank: Path, tmp_path_factory: pytest.TempPathFactory, here: Sequence[str], there: Sequence[str]
) -> None:
    path = tmp_path_factory.mktemp("faults") / "store.db"
    shutil.copy(blank, path)
    clock, poster = HandClock(NOON), FakePoster()
    poster.misbehave(HERE, here)
    poster.misbehave(THERE, there)
    async with await Store.open(path, clock=clock) as store:
        outbox = Outbox(store, {"fake": poster}, clock, jitter=lambda: 0.5)
        for number in range(6):
            await outbox.intend(f"k{number}", (HERE, THERE)[number % 2], digest("news"))
        for _ in range(8):
            await outbox.run_once()
            clock.advance(hours=1)
    assert poster.posts == {HERE.key: ["k0", "k2", "k4"], THERE.key: ["k1", "k3", "k5"]}
