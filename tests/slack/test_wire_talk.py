"""The Slack adapter over real sockets: acknowledged at once, done once, and back after each break."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import time

import pytest
from pydantic import SecretStr

import adapters.slack.connection
from adapters.slack.manifest import names
from bot.app import App
from bot.errors import ConfigError
from bot.types import Channel, DeliveryState
from tests.adapters.build import briefing, digest
from tests.fakes import HandClock
from tests.held import held
from tests.slack.chatting import chatting, follow
from tests.slack.loopback import CHANNEL, GUEST, TEAM, Loopback, Sent, faults, impatient
from tests.slack.loopback.faults import Fault

HERE = Channel("slack", TEAM, CHANNEL)
NEWS = digest(briefing())

Deed = Callable[[Loopback], Awaitable[Sent]]


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with impatient(adapters.slack.connection):
        yield


async def posted(app: App, key: str = "k") -> DeliveryState:
    """How far a post has come after one round of the outbox."""
    await app.outbox.intend(key, HERE, NEWS)
    await app.outbox.run_once()
    return (await app.store.delivery(key)).state


def answers(loopback: Loopback) -> int:
    """How many answers there are, for all or for one person."""
    return len(loopback.posts()) + len(loopback.told()) + len(loopback.told(GUEST))


def typed(name: str, text: str = "") -> Deed:
    return lambda slack: slack.command(name, text)


@asynccontextmanager
async def slowly(app: App, loopback: Loopback, **more: object) -> AsyncIterator[Callable[[], None]]:
    """The chat over a desk that takes its time, and a Slack that answers nothing, until what it gives is called."""
    gate = asyncio.Event()
    gate.set()
    desk, app.desk = app.desk, held(app.desk, gate)

    def go() -> None:
        gate.set()
        loopback.web.answering.set()

    try:
        async with chatting(app, loopback, **more):
            gate.clear()
            loopback.web.answering.clear()
            yield go
    finally:
        app.desk = desk


DEEDS: dict[str, Deed] = {
    **{name: typed(name) for name in names()},
    "an option": typed("/digest", "add 07:30"),
    "a mention": lambda slack: slack.mention("what happened in Lyman?"),
    "a direct message": lambda slack: slack.direct("Lyman"),
    "the shortcut": lambda slack: slack.shortcut(slack.says("<https://news.example/floods>")),
    "the Home tab": lambda slack: slack.open_home(),
}


@pytest.mark.parametrize("name", DEEDS)
async def test_it_is_acknowledged_before_anything_is_looked_up_or_asked_of_slack(
    app: App, loopback: Loopback, clock: HandClock, name: str
) -> None:
    async with slowly(app, loopback) as go:
        sent = await DEEDS[name](loopback)
        assert (sent.acknowledged, sent.late, sent.refused) == (1, False, "")
        assert (answers(loopback), loopback.modal(), loopback.home()) == (0, None, None)
        if not name.startswith("/"):  # one with nothing after it may open a modal, which Slack takes for three seconds
            clock.advance(minutes=1)
        go()
        await loopback.until(lambda: answers(loopback) or loopback.modal() or loopback.home())


@pytest.mark.parametrize("name", ["an option", "a mention", "the shortcut", "the Home tab"])
async def test_requests_are_answered_before_anything_is_looked_up_or_asked_of_slack(
    app: App, loopback: Loopback, clock: HandClock, name: str
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    loopback.sending.url = f"http://127.0.0.1:{port}/slack/events"
    async with slowly(app, loopback, mode="http", port=port) as go:
        sent = await DEEDS[name](loopback)
        assert (sent.late, sent.refused, answers(loopback)) == (False, "", 0)
        clock.advance(minutes=1)
        go()
        await loopback.until(lambda: answers(loopback) or loopback.home())


async def test_a_form_that_slack_sends_again_is_acknowledged_again_and_done_once(app: App, loopback: Loopback) -> None:
    async with chatting(app, loopback):
        await loopback.command("digest", "add")
        view = await loopback.until(loopback.modal)
        sent = await loopback.submit(view, {"time:0": "07:30"})
        await loopback.sending.again(sent, 1)
        await loopback.until(lambda: (done := loopback.modal()) and "added" in done.words)
        assert sent.acknowledged == 2
        assert len(await app.desk.digests.of(HERE)) == 1


async def test_buttons_are_acknowledged_at_once_and_work_after_a_restart(
    app: App, loopback: Loopback, clock: HandClock
) -> None:
    async with chatting(app, loopback):
        await follow(app)
        await loopback.command("brief", "Lyman")
        (shown,) = await loopback.until(loopback.posts)
        clock.advance(hours=1)
    async with slowly(app, loopback) as go:
        pressed = [await loopback.press(shown, words, user=GUEST) for words in ("Why?", "More")]
        assert [(one.acknowledged, one.late) for one in pressed] == [(1, False)] * 2
        go()
        await loopback.until(lambda: len(loopback.told(GUEST)) >= 2)
        assert all("too old" not in one.words for one in loopback.told(GUEST))
    assert loopback.posts() == [shown]


@pytest.mark.parametrize("name", ["an option", "a mention", "a direct message", "the shortcut"])
async def test_what_slack_sends_again_is_acknowledged_again_and_done_once(
    app: App, loopback: Loopback, name: str
) -> None:
    async with chatting(app, loopback):
        sent = await DEEDS[name](loopback)
        await loopback.until(lambda: answers(loopback))
        for retry in (1, 2, 3):
            await loopback.sending.again(sent, retry)
        await loopback.command("where", "help", user=GUEST)
        await loopback.until(lambda: loopback.told(GUEST))
        assert sent.acknowledged == 4
        assert answers(loopback) == 2
        assert len(await app.desk.digests.of(HERE)) <= 1


# --- connections


@pytest.mark.parametrize("how", ["cut", "close", "refresh_requested", "warning", "handshake", "address", "late hello"])
async def test_an_app_whose_connection_ends_comes_back_and_misses_no_question(
    app: App, loopback: Loopback, how: str
) -> None:
    async with chatting(app, loopback):
        if how == "handshake":
            loopback.faults.order("socket", faults.status(503), faults.status(502))
        if how == "address":
            loopback.faults.order("apps.connections.open", faults.status(500), faults.ratelimited(0), faults.DROP_AFTER)
        if how == "late hello":
            loopback.faults.order("hello", faults.HANG)
        if how in {"refresh_requested", "warning"}:
            await loopback.sockets.disconnect(how)
        elif how == "close":
            await loopback.sockets.close()
        else:
            loopback.sockets.cut()
            missed = await loopback.mention("Lyman", user=GUEST)
            assert missed.refused == "dispatch_failed"
            missed.refused = ""
        await loopback.connected(2)
        if how not in {"refresh_requested", "warning", "close"}:
            await loopback.sending.again(missed, retry=1)
            await loopback.until(lambda: answers(loopback))
        before = answers(loopback)
        assert (await loopback.command("where", "help")).refused == ""
        await loopback.until(lambda: answers(loopback) > before)
        assert await posted(app) is DeliveryState.SETTLED


async def test_an_address_of_a_websocket_that_never_opens_is_given_up_for_another(
    app: App, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters.slack.connection, "_ONE_ADDRESS", 0.1)  # seconds
    async with chatting(app, loopback):
        asked = loopback.called("apps.connections.open")
        loopback.faults.order("socket", faults.status(408, done=True))
        loopback.sockets.cut()
        await loopback.connected(2)
        assert (await loopback.command("where", "help")).refused == ""
    assert loopback.called("apps.connections.open") >= asked + 2


async def test_while_there_are_too_many_connections_it_is_tried_on(app: App, loopback: Loopback) -> None:
    async with chatting(app, loopback):
        loopback.sockets.most = 0
        loopback.sockets.cut()
        asked = loopback.called("apps.connections.open")
        await loopback.until(lambda: loopback.called("apps.connections.open") > asked + 1)
        assert await posted(app) is DeliveryState.SETTLED, "posts need no websocket"
        loopback.sockets.most = 10
        async with asyncio.timeout(10):
            while (await loopback.command("where", "help")).refused:
                await loopback.connected()  # once more: slack_sdk takes a farewell and a close for two reasons to go


# --- starting


@pytest.mark.parametrize(
    ("given", "trouble", "words"),
    [
        ({"bot_token": SecretStr("xoxb-another")}, None, "bot_token"),
        ({"app_token": SecretStr("xapp-another")}, None, "app_token"),
        ({}, "token_revoked", "bot_token"),
        ({}, "account_inactive", "bot_token"),
    ],
)
async def test_a_token_that_slack_refuses_is_one_line_that_says_which(
    app: App, loopback: Loopback, given: dict[str, object], trouble: str | None, words: str
) -> None:
    loopback.workspaces[TEAM].trouble = trouble
    with pytest.raises(ConfigError, match=rf"^slack\.{words}: ") as raised:
        async with chatting(app, loopback, **given):
            pass
    said = str(raised.value)
    assert "\n" not in said
    assert not [secret for secret in (loopback.bot_token, loopback.app_token, "another") if secret in said]


@pytest.mark.parametrize(
    ("method", "troubles"),
    [
        ("auth.test", [faults.DROP_BEFORE, faults.status(503)]),
        ("auth.test", [faults.ratelimited(0), faults.error("internal_error")]),
        ("apps.connections.open", [faults.DROP_AFTER, faults.status(502)]),
        ("socket", [faults.status(503)]),
    ],
)
async def test_a_slack_that_cannot_be_reached_at_the_start_is_tried_on(
    app: App, loopback: Loopback, method: str, troubles: list[Fault]
) -> None:
    loopback.faults.order(method, *troubles)
    async with chatting(app, loopback):
        await loopback.connected()
        assert await posted(app) is DeliveryState.SETTLED


async def test_who_removes_the_app_stops_its_posts_and_who_has_it_again_hears_from_it(
    app: App, loopback: Loopback
) -> None:
    async with chatting(app, loopback):
        made = await app.desk.digests.add(HERE, [time(7, 30)], "UTC", person=GUEST)
        stopped = asyncio.Event()
        app.desk.digests.on_change = lambda _, ident: stopped.set() if ident == made.id else None
        await loopback.remove_app()
        async with asyncio.timeout(10):
            await stopped.wait()
        assert (await app.desk.digests.of(HERE))[0].paused
        assert await posted(app) is DeliveryState.FAILED
    loopback.workspaces[TEAM].trouble = None
    async with chatting(app, loopback):
        assert await posted(app, "next") is DeliveryState.SETTLED
