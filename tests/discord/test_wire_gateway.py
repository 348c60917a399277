"""Ours on Discord's gateway over real sockets: what is asked is answered, whatever the connection goes through."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.app import App
from bot.errors import ConfigError
from bot.types import DeliveryState
from tests.discord.connected import on_discord, post
from tests.discord.loopback import Channel, Drop, HandTime, Loopback, Lose, broken, custom_ids, serving, texts
from tests.discord.loopback.limits import Fault
from tests.held import held

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
    app: App, loopback: Loopback, news: Channel, time: HandTime
) -> None:
    async with on_discord(app, loopback):
        await post(app, news)
    (shown,) = news.messages.values()
    gate = asyncio.Event()
    async with on_discord(app, loopback, desk=held(app.desk, gate)):
        time.now += 6  # between two identifies
        reader = loopback.world.user("reader")
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
