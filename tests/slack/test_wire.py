"""The Slack adapter over real sockets: posts arrive once, and each closed door is told of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.slack.app import SlackChat
from adapters.slack.pace import Pace
from bot.app import App
from bot.types import Channel, DeliveryState, Digest
from tests.adapters.build import briefing, digest
from tests.fakes import HandClock
from tests.slack.chatting import settings
from tests.slack.loopback import ADMIN, CHANNEL, TEAM, Loopback, Workspace, faults
from tests.slack.loopback.faults import Fault

HERE = Channel("slack", TEAM, CHANNEL)
NEWS = digest(replace(briefing(), places=()))  # without a map, which is another test's matter


@asynccontextmanager
async def posting(app: App, loopback: Loopback, clock: HandClock) -> AsyncIterator[SlackChat]:
    """The chat at Slack's own pace, by a clock that moves on when it waits."""

    async def sleep(seconds: float) -> None:
        clock.advance(seconds=seconds)
        await asyncio.sleep(0)

    pace = Pace(clock=lambda: clock().timestamp(), sleep=sleep)
    config = settings(loopback)
    async with SlackChat(app.desk, config, app.store, ZoneInfo("UTC"), base_url=loopback.base_url, pace=pace) as chat:
        app.posters[chat.platform] = app.tellers[chat.platform] = chat
        yield chat


async def post(app: App, channel: Channel = HERE, key: str = "k", news: Digest = NEWS) -> DeliveryState:
    """How far the post has come after one round of the outbox."""
    await app.outbox.intend(key, channel, news)
    await app.outbox.run_once()
    return (await app.store.delivery(key)).state


async def again(app: App, clock: HandClock, key: str = "k", **later: float) -> DeliveryState:
    """How far it has come after another round, later."""
    clock.advance(**(later or {"hours": 1}))
    await app.outbox.run_once()
    return (await app.store.delivery(key)).state


# --- each once


@pytest.mark.parametrize(
    "lost",
    [
        [faults.DROP_AFTER],
        [faults.DROP_BEFORE],
        [faults.status(502, done=True)],
        [faults.status(503)],
        [faults.error("internal_error", done=True)],
        [faults.GARBAGE],
        [faults.DROP_BEFORE, faults.DROP_AFTER],
        [faults.status(500), faults.error("ratelimited"), faults.DROP_AFTER],
    ],
    ids=lambda orders: "+".join(one.way.name for one in orders),
)
async def test_a_post_whose_answer_is_lost_stands_there_once(
    app: App, loopback: Loopback, clock: HandClock, lost: list[Fault]
) -> None:
    loopback.faults.order("chat.postMessage", *lost)
    async with posting(app, loopback, clock):
        states = [await post(app)] + [await again(app, clock) for _ in lost]
    assert states[-1] is DeliveryState.SETTLED
    (shown,) = loopback.posts()
    assert (await app.store.delivery("k")).message == shown.ts


async def test_while_nobody_can_say_whether_it_arrived_it_is_not_sent_again(
    app: App, loopback: Loopback, clock: HandClock
) -> None:
    loopback.faults.order("chat.postMessage", faults.DROP_AFTER)
    loopback.faults.order("conversations.history", faults.status(503), faults.error("ratelimited"))
    async with posting(app, loopback, clock):
        states = [await post(app), *[await again(app, clock) for _ in range(3)]]
    assert states == [DeliveryState.SENT] * 3 + [DeliveryState.SETTLED]
    assert (len(loopback.posts()), loopback.called("chat.postMessage")) == (1, 1)


async def test_a_pause_that_slack_asks_for_is_kept_and_holds_back_no_other_channel(
    app: App, loopback: Loopback, clock: HandClock
) -> None:
    other = replace(HERE, id=loopback.workspaces[TEAM].channel("C2").id)
    loopback.faults.order("chat.postMessage", faults.ratelimited(600), when=lambda sent: sent["channel"] == CHANNEL)
    async with posting(app, loopback, clock):
        assert await post(app) is DeliveryState.INTENDED
        assert await post(app, other, "other") is DeliveryState.SETTLED
        assert await again(app, clock, minutes=9) is DeliveryState.INTENDED
        assert await again(app, clock, minutes=2) is DeliveryState.SETTLED


async def test_a_channel_is_never_sent_more_than_a_message_a_second(
    app: App, loopback: Loopback, clock: HandClock
) -> None:
    story = replace(briefing(point="word " * 700), places=())
    long = digest(*(replace(story, headline=f"Story {number}") for number in range(6)))
    async with posting(app, loopback, clock) as chat:
        parts = len(chat.parts(long))
        assert await post(app, news=long) is DeliveryState.SETTLED
        await post(app, key="l")
    assert parts > 1
    assert (len(loopback.posts()), loopback.limits.refused) == (parts + 1, 0)


async def test_a_message_that_reaches_slack_late_has_the_next_one_wait_for_it(
    app: App, loopback: Loopback, clock: HandClock
) -> None:
    def late(_: object) -> bool:
        clock.advance(seconds=0 if loopback.posts() else 0.9)  # the first one, on the way there
        return False

    loopback.faults.order("chat.postMessage", faults.HANG, when=late)
    story = replace(briefing(point="word " * 700), places=())
    async with posting(app, loopback, clock):
        assert await post(app, news=digest(*([story] * 6))) is DeliveryState.SETTLED
    assert len(loopback.posts()) > 1
    assert loopback.limits.refused == 0


async def test_a_workspace_that_takes_so_many_messages_a_minute_gets_all_its_digests_once(
    app: App, loopback: Loopback, clock: HandClock
) -> None:
    loopback.limits.per_minute = 5
    channels = [replace(HERE, id=loopback.workspaces[TEAM].channel(f"C{number}").id) for number in range(2, 14)]
    async with posting(app, loopback, clock):
        for channel in channels:
            await app.outbox.intend(channel.id, channel, NEWS)
        for _ in range(12):
            await app.outbox.run_once()
            clock.advance(seconds=30)
    assert [len(loopback.posts(channel.id)) for channel in channels] == [1] * len(channels)
    assert loopback.limits.refused > 0


# --- closed doors


def archived(home: Workspace) -> None:
    home.conversations[CHANNEL].archived = True


def removed(home: Workspace) -> None:
    home.conversations[CHANNEL].members.discard(home.bot.id)
    home.scopes -= {"chat:write.public"}


def removed_from_a_private_channel(home: Workspace) -> None:
    removed(home)
    home.conversations[CHANNEL].kind = "private"


def deleted(home: Workspace) -> None:
    del home.conversations[CHANNEL]


def scopeless(home: Workspace) -> None:
    home.scopes -= {"chat:write"}


def nothing(_: Workspace) -> None:
    pass


@pytest.mark.parametrize(
    ("happens", "code", "words"),
    [
        (archived, "", "archived"),
        (removed, "", "/invite"),
        (removed_from_a_private_channel, "", "/invite"),
        (deleted, "", "gone"),
        (nothing, "restricted_action_read_only_channel", "read-only"),
        (nothing, "team_access_not_granted", "belongs to a workspace of the organisation"),
        (nothing, "org_login_required", "moving to another organisation"),
    ],
)
async def test_where_a_channel_takes_no_posts_its_digests_pause_and_who_made_them_is_told(
    app: App, loopback: Loopback, clock: HandClock, happens: Any, code: str, words: str
) -> None:
    home = loopback.workspaces[TEAM]
    if code:
        loopback.faults.order("chat.postMessage", faults.error(code))
    async with posting(app, loopback, clock):
        made = await app.desk.digests.add(HERE, [time(7, 30)], "UTC", person=ADMIN)
        happens(home)
        assert await post(app) is DeliveryState.FAILED
        (held,) = await app.desk.digests.of(HERE)
    assert held.paused
    assert words in (held.stopped or "")
    (told,) = home.direct(ADMIN).messages
    assert words in told.words
    assert made.id in told.words


@pytest.mark.parametrize("trouble", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_token_that_is_worth_nothing_any_more_pauses_what_posts_there(
    app: App, loopback: Loopback, clock: HandClock, trouble: str
) -> None:
    async with posting(app, loopback, clock):
        await app.desk.digests.add(HERE, [time(7, 30)], "UTC", person=ADMIN)
        loopback.workspaces[TEAM].trouble = trouble
        assert await post(app) is DeliveryState.FAILED
        (held,) = await app.desk.digests.of(HERE)
    assert held.paused
    assert "install" in (held.stopped or "")
    assert trouble in (held.stopped or "")


async def test_a_channel_that_opens_again_gets_posts_again(app: App, loopback: Loopback, clock: HandClock) -> None:
    where = loopback.workspaces[TEAM].conversations[CHANNEL]
    async with posting(app, loopback, clock):
        made = await app.desk.digests.add(HERE, [time(7, 30)], "UTC", person=ADMIN)
        where.archived = True
        await post(app)
        where.archived = False
        clock.advance(minutes=2)
        await loopback.command("digest", f"resume {made.id}")
        await loopback.until(lambda: len(loopback.told()) == 2)
        assert not (await app.desk.digests.of(HERE))[0].paused
        assert await post(app, key="next") is DeliveryState.SETTLED
    assert len(loopback.posts()) == 1
