"""Connecting: tokens, Socket Mode, HTTP mode, and what happens while Slack is away."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from adapters.slack import app as slack_app
from adapters.slack import connection
from bot.answers import Answer
from bot.app import App, chats
from bot.config import Config
from bot.desk.answers import AnswerDesk
from bot.errors import ConfigError, DeliveryError
from bot.types import Channel, Digest
from tests.slack.chatting import chat_of, chatting, follow, settings
from tests.slack.loopback import CHANNEL, TEAM, Loopback, faults, impatient
from tests.store.build import NOON

HERE = Channel("slack", TEAM, CHANNEL)
XAPP, XOXB = SecretStr("xapp-wrong"), SecretStr("xoxb-wrong")


async def told(slack: Loopback, count: int = 1) -> str:
    """What the admin alone was shown last, once it is so much."""
    shown = await slack.until(lambda: found if len(found := slack.told()) >= count else [])
    return shown[-1].words


# --- tokens


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"bot_token": XOXB}, r"^slack\.bot_token: .*invalid_auth.*OAuth & Permissions.*xoxb-"),
        ({"app_token": XAPP}, r"^slack\.app_token: .*invalid_auth.*connections:write.*xapp-"),
        ({"bot_token": SecretStr("")}, r"^slack\.bot_token: is missing.*DATELINE_SLACK_BOT_TOKEN"),
        ({"app_token": SecretStr("")}, r"^slack\.app_token: is missing.*DATELINE_SLACK_APP_TOKEN"),
        ({"mode": "http", "signing_secret": SecretStr("")}, r"^slack\.signing_secret: is missing"),
    ],
)
async def test_a_wrong_or_missing_token_is_one_line_that_says_where_to_get_it(
    app: App, loopback: Loopback, wrong: dict[str, object], said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as raised:
        await chat_of(app, loopback, **wrong).__aenter__()
    assert "\n" not in str(raised.value)
    assert "wrong" not in str(raised.value)
    assert loopback.sockets.live == []


async def test_an_app_token_without_its_scope_is_told_by_the_scope(app: App, loopback: Loopback) -> None:
    loopback.faults.order("apps.connections.open", faults.error("missing_scope"))
    with pytest.raises(ConfigError, match=r"slack\.app_token.*connections:write"):
        await chat_of(app, loopback).__aenter__()


async def test_a_removed_app_is_told_at_the_start(app: App, loopback: Loopback) -> None:
    loopback.workspaces[TEAM].trouble = "account_inactive"
    with pytest.raises(ConfigError, match=r"slack\.bot_token.*account_inactive"):
        await chat_of(app, loopback).__aenter__()


async def test_a_port_that_is_taken_is_named(app: App, loopback: Loopback) -> None:
    port = int(loopback.address.rpartition(":")[2])
    with pytest.raises(ConfigError, match=rf"slack\.port: can't listen on 127\.0\.0\.1:{port}"):
        await chat_of(app, loopback, mode="http", port=port).__aenter__()


# --- Socket Mode


async def test_another_connection_is_made_where_slack_ends_one_or_it_breaks(app: App, loopback: Loopback) -> None:
    with impatient():
        async with chatting(app, loopback):
            await loopback.sockets.disconnect()
            await loopback.connected(2)
            await loopback.command("digest", "list")
            assert "None yet" in await told(loopback)
            loopback.sockets.cut()
            await loopback.connected(3)
            await loopback.command("digest", "list")
            assert "None yet" in await told(loopback, 2)


async def test_what_is_being_done_when_the_connection_breaks_is_answered_once(
    app: App, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, real = asyncio.Event(), type(app.desk.answers).ask

    async def slow(self: AnswerDesk, *given: Any) -> Answer:
        await gate.wait()
        return await real(self, *given)

    monkeypatch.setattr(type(app.desk.answers), "ask", slow)
    with impatient():
        async with chatting(app, loopback):
            await follow(app)
            asked = await loopback.mention("what is happening in Lyman?")
            loopback.sockets.cut()
            await loopback.connected(2)
            await loopback.sending.again(asked, 1)
            gate.set()
            (post,) = await loopback.until(loopback.posts)
            await loopback.command("digest", "list")
            assert "None yet" in await told(loopback)
            assert loopback.posts() == [post]


async def test_an_address_that_leads_nowhere_any_more_is_given_up(
    app: App, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_ONE_ADDRESS", 0.2)
    with impatient():
        async with chatting(app, loopback):
            loopback.faults.order("socket", *[faults.status(503)] * 30)
            loopback.sockets.cut()
            await loopback.connected(2)
    assert loopback.called("apps.connections.open") > 2


async def test_a_slack_that_is_away_at_the_start_is_tried_on_while_the_service_runs(
    app: App, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_AGAIN_AFTER", 0.0)
    monkeypatch.setattr(slack_app, "_READY_WITHIN", 0.0)
    loopback.faults.order("auth.test", faults.DROP_BEFORE, faults.status(503))
    loopback.faults.order("apps.connections.open", faults.status(503))
    async with chatting(app, loopback) as chat:
        with pytest.raises(DeliveryError) as refused:
            await chat.post(HERE, Digest("Digest", None, NOON, ()), "key")
        assert not refused.value.permanent  # the digests of all workspaces would be paused
        await loopback.connected()
        await loopback.command("digest", "list")
        assert "None yet" in await told(loopback)


# --- HTTP mode


@pytest.fixture
async def over_http(app: App, loopback: Loopback) -> AsyncIterator[Loopback]:
    """The loopback, with the chat listening for it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    loopback.sending.url = f"http://127.0.0.1:{port}/slack/events"
    async with chatting(app, loopback, mode="http", port=port, app_token=SecretStr("")):
        yield loopback


async def test_in_http_mode_everything_is_answered_too_and_once(over_http: Loopback, app: App) -> None:
    sent = await over_http.command("digest", "add 07:30")
    await over_http.sending.again(sent, 1)
    assert "added" in await told(over_http)
    mention = await over_http.mention("/digest list")
    await over_http.sending.again(mention, 1)
    assert "07:30" in await told(over_http, 2)
    await over_http.shortcut(over_http.says("good morning"))
    assert "no link" in await told(over_http, 3)
    assert len(over_http.told()) == 3
    assert len(await app.desk.digests.of(HERE)) == 1


async def test_what_isnt_signed_by_slack_is_refused(over_http: Loopback, app: App) -> None:
    over_http.signing_secret = "another"
    assert (await over_http.command("digest", "add 07:30")).refused == "http_401"
    assert over_http.sending.url
    forged = {"command": "/digest", "text": "add 07:30"}
    async with aiohttp.ClientSession() as session, session.post(over_http.sending.url, data=forged) as unsigned:
        assert unsigned.status == 401
    assert await app.desk.digests.of(HERE) == []


# --- the configuration


async def test_with_a_prefix_commands_are_called_so_and_people_are_told_so(app: App, loopback: Loopback) -> None:
    async with chatting(app, loopback, prefix="nw-"):
        await loopback.command("nw-digest", "list")
        assert "/nw-digest add 07:30" in await told(loopback)
        await loopback.mention("/nw-where help")
        assert "/nw-watch add <about>" in await told(loopback, 2)
        await loopback.command("nw-where", "Kharkiv")
        assert "/nw-feeds add" in (await loopback.until(loopback.posts))[0].words


async def test_slack_is_a_chat_of_the_service_only_where_it_is_switched_on(app: App, loopback: Loopback) -> None:
    assert chats(app) == []
    app.config = Config(slack=settings(loopback))
    assert [chat.platform for chat in chats(app)] == ["slack"]


async def test_a_token_with_too_few_scopes_is_told_by_the_log(
    app: App, loopback: Loopback, capsys: pytest.CaptureFixture[str]
) -> None:
    loopback.workspaces[TEAM].scopes -= {"files:write"}
    async with chatting(app, loopback):
        assert "files:write" in capsys.readouterr().out


# --- leaving


async def test_where_the_app_is_removed_its_posts_are_paused(slack: Loopback, app: App) -> None:
    await slack.command("digest", "add 07:30")
    await told(slack)
    closed: list[str] = []

    def changed(_made: object, ident: str) -> None:
        closed.append(ident)
        slack.change()

    app.desk.digests.on_change = changed
    await slack.remove_app()
    await slack.until(lambda: closed)
    (made,) = await app.desk.digests.of(HERE)
    assert made.paused
    assert "removed" in (made.stopped or "")
    assert closed == [made.id]
