"""Ours on Discord over real sockets: what happens when the connection, Discord or the desk isn't at its best."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

import adapters.discord.client
from adapters.discord.client import DiscordChat
from bot.app import App, open_app
from bot.config import Config
from bot.desk import Desk
from bot.errors import ConfigError
from bot.types import Channel as Place
from bot.types import DeliveryState
from tests.adapters.build import briefing, digest
from tests.discord.loopback import (
    Channel,
    Drop,
    HandTime,
    Kind,
    Loopback,
    Lose,
    Refusal,
    TooMany,
    User,
    broken,
    custom_ids,
    serving,
    texts,
    waiting,
)
from tests.discord.loopback.limits import Fault
from tests.discord.loopback.serving import PATIENCE
from tests.fakes import HandClock
from tests.store.build import NOON

NEWS = digest(briefing())
BEGUN = ("discord.py: on_", "CommandTree-invoker")  # names of discord.py's tasks


@pytest.fixture
def time() -> Iterator[HandTime]:
    hand = HandTime()
    with waiting(hand, adapters.discord.client):
        yield hand


@pytest.fixture
async def loopback(time: HandTime) -> AsyncIterator[Loopback]:
    async with serving(time) as server:
        yield server


@pytest.fixture
async def app(tmp_path: Path, clock: HandClock, index_folder: Path, blank: Path) -> AsyncIterator[App]:
    shutil.copy(blank, tmp_path / "store.sqlite3")
    config = Config(store=tmp_path / "store.sqlite3", cache=index_folder)
    async with open_app(config, clock=clock) as opened:
        yield opened


@pytest.fixture
def news(loopback: Loopback) -> Channel:
    return loopback.world.channel(loopback.world.guild())


@pytest.fixture
def reader(loopback: Loopback) -> User:
    return loopback.world.user("reader")


@asynccontextmanager
async def on_discord(
    app: App, loopback: Loopback, *, desk: Desk | None = None, token: str = "", content: bool = False
) -> AsyncIterator[DiscordChat]:
    """The service's way onto Discord, and off again."""
    chat = DiscordChat(desk or app.desk, token or loopback.token, app.config.tzinfo, content)
    chat.client._connection.guild_ready_timeout = 0.01  # seconds without a further server: there are few here
    async with chat:
        app.posters[chat.platform] = chat
        yield chat
        await done()


async def done() -> None:
    """Waits until all is done that discord.py has begun because of an event."""
    async with asyncio.timeout(PATIENCE):
        while begun := [task for task in asyncio.all_tasks() if task.get_name().startswith(BEGUN)]:
            await asyncio.wait(begun)


def place(channel: Channel) -> Place:
    assert channel.guild is not None
    return Place("discord", str(channel.guild.id), str(channel.id))


# --- posts


async def post(app: App, channel: Channel, key: str = "k") -> DeliveryState:
    """How far the post has come after one round of the outbox."""
    await app.outbox.intend(key, place(channel), NEWS)
    await app.outbox.run_once()
    return (await app.store.delivery(key)).state


async def again(app: App, clock: HandClock, key: str = "k", **later: float) -> DeliveryState:
    """How far it has come after another round, later."""
    clock.advance(**(later or {"hours": 1}))
    await app.outbox.run_once()
    return (await app.store.delivery(key)).state


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


async def heard(chat: DiscordChat, so: Any) -> None:
    """Waits until the client has taken in what the gateway said."""
    async with asyncio.timeout(10):
        while not so():
            await chat.client.wait_for("socket_event_type")


# --- interactions


class Held:
    """A part of the desk where everything that is asked for waits until the gate opens."""

    def __init__(self, part: Any, gate: asyncio.Event) -> None:
        self._part, self._gate = part, gate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        if not asyncio.iscoroutinefunction(found):
            return Held(found, self._gate) if hasattr(found, "__dict__") and not callable(found) else found

        async def later(*args: Any, **options: Any) -> Any:
            await self._gate.wait()
            return await found(*args, **options)

        return later


def held(desk: Desk, gate: asyncio.Event) -> Desk:
    """The desk, where nothing that takes time is done before the gate opens."""
    plain = {"clock", "zone", "hours", "roles"}
    parts = {one.name: Held(getattr(desk, one.name), gate) for one in fields(desk) if one.name not in plain}
    return replace(desk, **parts)  # type: ignore[arg-type]  # stand-ins that do as the parts do, later


ASKED: Mapping[str, dict[str, str]] = {
    "help": {},
    "brief": {"about": "Lyman"},
    "where": {"place": "Kyiv"},
    "digest list": {},
    "feeds list": {},
    "watch list": {},
}


@pytest.mark.parametrize("name", ASKED)
async def test_a_command_is_acknowledged_before_anything_is_looked_up(
    app: App, loopback: Loopback, news: Channel, time: HandTime, name: str
) -> None:
    gate = asyncio.Event()
    async with on_discord(app, loopback, desk=held(app.desk, gate)):
        asked = await loopback.settled(await loopback.command(name, ASKED[name], news))
        assert (asked.after, asked.late, asked.thinking) == (0.0, 0, True)
        time.now += 60  # long after Discord's three seconds
        gate.set()
    assert [len(texts(answer)) > 20 for answer in asked.answers] == [True], "more than a placeholder"


async def test_buttons_are_acknowledged_at_once_and_work_after_a_restart(
    app: App, loopback: Loopback, news: Channel, time: HandTime, reader: User
) -> None:
    async with on_discord(app, loopback):
        await post(app, news)
    (shown,) = news.messages.values()
    gate = asyncio.Event()
    async with on_discord(app, loopback, desk=held(app.desk, gate)):
        time.now += 6  # between two identifies
        pressed = [await loopback.press(shown, ident, reader) for ident in custom_ids(shown).values()]
        assert len(pressed) >= 3
        for one in pressed:
            await loopback.settled(one)
        assert [one.after for one in pressed] == [0.0] * len(pressed)
        gate.set()
    assert all(one.answers for one in pressed)
    assert all(answer["flags"] & 64 for one in pressed for answer in one.answers), "for the person alone"
    assert len(news.messages) == 1


@pytest.mark.parametrize("fault", [Drop(), Lose()], ids=str)
async def test_an_acknowledgement_that_breaks_off_is_made_good(
    app: App, loopback: Loopback, news: Channel, fault: Fault
) -> None:
    loopback.orders.give("acknowledge", fault)
    async with on_discord(app, loopback):
        asked = await loopback.command("help", {}, news)
        await loopback.until(lambda: asked.answers)
        assert asked.late == 0
    assert "wrong" not in texts(asked.answers[0])


@pytest.mark.parametrize("fault", [Drop(), Lose()], ids=str)
async def test_an_answer_that_breaks_off_does_not_leave_the_person_waiting(
    app: App, loopback: Loopback, news: Channel, fault: Fault
) -> None:
    loopback.orders.give("follow-up", fault)
    async with on_discord(app, loopback):
        asked = await loopback.command("help", {}, news)
        await loopback.until(lambda: asked.answers)
    assert [len(asked.answers), "wrong" in texts(asked.answers[0])] == [1, False]


@pytest.mark.parametrize("how", ["cut", "4000", "4009", "reconnect"])
async def test_what_is_asked_while_the_connection_is_down_is_answered_after_it(
    app: App, loopback: Loopback, news: Channel, how: str
) -> None:
    async with on_discord(app, loopback):
        await loopback.break_off(how)
        asked = [await loopback.command("help", {}, news) for _ in range(2)]
        for one in asked:
            await loopback.until(lambda one=one: one.answers)  # type: ignore[misc]  # mypy can't type a default
        (session,) = loopback.gateway.live
        assert (session.resumes, loopback.gateway.identifies) == (1, 1)
        assert await post(app, news) is DeliveryState.SETTLED


async def test_a_session_that_discord_has_forgotten_begins_anew(app: App, loopback: Loopback, news: Channel) -> None:
    async with on_discord(app, loopback):
        loopback.gateway.cut()
        loopback.gateway.forget()
        await loopback.until(lambda: loopback.gateway.live)
        asked = await loopback.command("help", {}, news)
        await loopback.until(lambda: asked.answers)
    assert loopback.gateway.identifies == 2


@pytest.mark.parametrize(("code", "words"), [(4004, "token"), (4014, "Intent")])
async def test_a_bot_that_is_shut_out_while_it_runs_says_so_and_keeps_its_posts(
    app: App, loopback: Loopback, news: Channel, code: int, words: str
) -> None:
    with capture_logs() as logs:
        async with on_discord(app, loopback) as chat:
            await loopback.break_off(str(code))
            assert chat._running is not None
            await asyncio.wait([chat._running])
            assert await post(app, news) is DeliveryState.INTENDED
    assert [words in line["error"] for line in logs if line["log_level"] == "error"] == [True]
    assert "isn't connected" in str((await app.store.delivery("k")).error)


async def test_every_shard_is_served(app: App, time: HandTime) -> None:
    async with serving(time, sharding=2) as loopback:
        rooms = [loopback.world.channel(loopback.world.guild(shard=shard)) for shard in (0, 1)]
        async with on_discord(app, loopback):
            for number, room in enumerate(rooms):
                asked = await loopback.command("help", {}, room)
                await loopback.until(lambda asked=asked: asked.answers)  # type: ignore[misc]  # mypy can't type a default
                assert await post(app, room, f"k{number}") is DeliveryState.SETTLED
        assert len(loopback.gateway.sessions) == 2
        assert [len(room.messages) for room in rooms] == [1, 1]


# --- starting


@pytest.mark.parametrize(
    ("token", "code", "content", "words"),
    [
        ("another", None, False, "token"),
        ("", 4004, False, "token"),
        ("", None, True, "Message Content Intent"),
    ],
    ids=["wrong token", "token revoked", "missing intent"],
)
async def test_what_discord_refuses_is_one_clear_line(
    app: App, loopback: Loopback, token: str, code: int | None, content: bool, words: str
) -> None:
    loopback.gateway.privileged = 0
    loopback.gateway.refusal = code
    with pytest.raises(ConfigError, match=words) as refused:
        async with on_discord(app, loopback, token=token, content=content):
            pass
    assert str(refused.value).startswith("discord.")
    assert "\n" not in str(refused.value)
    assert loopback.token not in str(refused.value)


@pytest.mark.parametrize(
    ("endpoint", "faults"),
    [("me", [Drop()] * 2), ("me", [broken(503)]), ("application", [Lose()] * 2), ("gateway", [broken(503)])],
    ids=str,
)
async def test_a_discord_that_cannot_be_reached_is_tried_on(
    app: App, loopback: Loopback, news: Channel, endpoint: str, faults: list[Fault]
) -> None:
    loopback.orders.give(endpoint, *faults)
    async with on_discord(app, loopback):
        assert await post(app, news) is DeliveryState.SETTLED


async def test_commands_are_registered_only_when_they_have_changed(
    app: App, loopback: Loopback, time: HandTime
) -> None:
    synced = []
    for changed in (False, False, True):
        if changed:
            loopback.world.commands[0]["description"] = "Something else"
        async with on_discord(app, loopback):
            synced.append(loopback.rest.account.syncs)
        time.now += timedelta(seconds=6).total_seconds()
    assert synced == [1, 1, 2]
    assert {"brief", "where", "said", "digest", "watch", "feeds", "help"} <= {
        one["name"] for one in loopback.world.commands
    }
