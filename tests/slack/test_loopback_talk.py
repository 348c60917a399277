"""The loopback Slack against a plain slack-bolt: what people do, modals, connections, requests, installing."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession
from aiohttp.test_utils import TestServer
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes import HandClock
from tests.slack.loopback import ADMIN, CHANNEL, GUEST, Json, Loopback, Refused, faults, impatient
from tests.slack.plain import listening, refused, section

BUTTON = {"type": "button", "action_id": "why", "text": {"type": "plain_text", "text": "Why?"}, "value": "1"}


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with impatient():
        yield


# --- Socket Mode


async def test_a_command_is_answered_over_its_response_url_five_times_in_half_an_hour(
    loopback: Loopback, clock: HandClock
) -> None:
    urls: list[str] = []

    def listen(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any, body: Json) -> None:
            await ack()
            urls.append(body["response_url"])

    async with listening(loopback, listen):
        sent = await loopback.command("brief", "Lyman", user=GUEST)
        await loopback.command("/brief", "Kyiv", user=GUEST)
    assert (sent.acknowledged, sent.late, sent.refused) == (1, False, "")
    first, second = (AsyncWebhookClient(url, retry_handlers=[]) for url in urls)
    answers = [await first.send(text=str(number)) for number in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [404]
    assert [one.text for one in loopback.told(GUEST)] == ["0", "1", "2", "3", "4"]
    await second.send(text="for all", response_type="in_channel")
    assert [one.text for one in loopback.posts()] == ["for all"]
    clock.advance(minutes=31)
    assert (await second.send(text="late")).status_code == 404


async def test_three_seconds_are_all_there_is_for_an_acknowledgement_and_for_a_modal(
    loopback: Loopback, clock: HandClock
) -> None:
    wait = 3.1
    said: list[str] = []

    def listen(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any, body: Json, client: AsyncWebClient) -> None:
            clock.advance(seconds=wait)
            await ack("here")
            said.append(await refused(client.views_open(trigger_id=body["trigger_id"], view=form())))
            loopback.change()  # who waits for it looks again

    async with listening(loopback, listen):
        late = await loopback.command("brief")
        assert (late.late, late.refused, loopback.told()) == (True, "operation_timeout", [])
        await loopback.until(lambda: said)
        wait = 0
        early = await loopback.command("brief")
        assert (early.refused, [one.text for one in loopback.told()]) == ("", ["here"])
    assert said == ["expired_trigger_id"]


def form(*errors: str) -> Json:
    """A modal with a select that is filled from outside, and words."""
    place: Json = {"type": "external_select", "action_id": "place", "min_query_length": 2}
    blocks: list[Json] = [
        {"type": "input", "block_id": "where", "label": {"type": "plain_text", "text": "Place"}, "element": place},
        {
            "type": "input",
            "block_id": "topic",
            "optional": True,
            "label": {"type": "plain_text", "text": "Topic"},
            "element": {"type": "plain_text_input", "action_id": "words", "initial_value": "grain"},
        },
        *(section(one) for one in errors),
    ]
    said = {key: {"type": "plain_text", "text": key} for key in ("title", "submit")}
    return {"type": "modal", "callback_id": "form", "blocks": blocks, **said}


async def test_a_modal_is_filled_in_suggested_to_refused_and_sent(loopback: Loopback) -> None:
    taken: list[Json] = []

    def listen(app: AsyncApp) -> None:
        @app.command("/watch")
        async def watch(ack: Any, body: Json, client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=form())

        @app.options("place")
        async def places(ack: Any, payload: Json) -> None:
            text = {"type": "plain_text", "text": payload["value"].title()}
            await ack(options=[{"text": text, "value": "1"}] if payload["value"] != "bad" else [{"value": "1"}])

        @app.view("form")
        async def sent(ack: Any, view: Json) -> None:
            values = view["state"]["values"]
            words = values["topic"]["words"]["value"]
            if words == "rye":
                await ack(response_action="errors", errors={"topic": "Not rye"})
            else:
                await ack()
                taken.append(values)
                loopback.change()

    async with listening(loopback, listen):
        await loopback.command("watch")
        view = await loopback.until(loopback.modal)
        assert "Topic" in view.words
        with pytest.raises(Refused, match="option"):
            await loopback.suggest(view, "Place", "bad")
        (lyman,) = await loopback.suggest(view, "Place", "lyman")
        with pytest.raises(AssertionError, match="can't be left empty"):
            await loopback.submit(view, {"Topic": "grain"})
        await loopback.submit(view, {"Place": lyman, "Topic": "rye"})
        assert view.errors == {"topic": "Not rye"}
        await loopback.submit(view, {"Topic": "grain"})
        await loopback.until(lambda: taken)
    assert taken[0]["where"]["place"]["selected_option"] == lyman
    assert loopback.modal() is None


async def test_views_keep_their_limits_and_know_their_hash(loopback: Loopback, client: AsyncWebClient) -> None:
    async def publish(blocks: list[Json], **more: Any) -> Any:
        return await client.views_publish(user_id=ADMIN, view={"type": "home", "blocks": blocks} | more)

    shown = await publish([section("one")] * 100)
    home = loopback.home()
    assert home is not None
    assert home.words.startswith("one")
    assert await refused(publish([section("one")] * 101)) == "invalid_arguments"
    assert await refused(publish([section("x")], private_metadata="x" * 3001)) == "invalid_arguments"
    assert await refused(publish([section("x" * 2900)] * 90)) == "view_too_large"
    await client.views_publish(user_id=ADMIN, view={"type": "home", "blocks": [section("two")]}, hash=home.hash)
    stale = client.views_publish(
        user_id=ADMIN, view={"type": "home", "blocks": [section("three")]}, hash=shown["view"]["hash"]
    )
    assert await refused(stale) == "hash_conflict"


async def test_what_people_do_reaches_the_app_as_slack_words_it(loopback: Loopback, client: AsyncWebClient) -> None:
    heard: list[tuple[str, Json]] = []

    def listen(app: AsyncApp) -> None:
        async def note(ack: Any, body: Json) -> None:
            await ack()
            heard.append((body["event"]["type"] if "event" in body else body["type"], body))
            loopback.change()

        for event in ("app_mention", "message", "app_home_opened", "app_uninstalled", "tokens_revoked"):
            app.event(event)(note)
        app.action("why")(note)
        app.shortcut("brief_this")(note)

    await client.chat_postMessage(channel=CHANNEL, text="x", blocks=[{"type": "actions", "elements": [BUTTON]}])
    (post,) = loopback.posts()
    async with listening(loopback, listen):
        await loopback.mention("who says so?", user=GUEST)
        await loopback.direct("Lyman")
        await loopback.press(post, "Why?", user=GUEST)
        await loopback.shortcut(loopback.says("<https://example.org/a>"))
        await loopback.open_home()
        await loopback.remove_app()
        await loopback.until(lambda: len(heard) == 7)
    said = dict(heard)
    assert said["app_mention"]["event"]["text"] == "<@U0BOT> who says so?"
    assert said["message"]["event"]["channel_type"] == "im"
    pressed = said["block_actions"]
    assert (pressed["actions"][0]["value"], pressed["user"]["id"], pressed["message"]["ts"]) == ("1", GUEST, post.ts)
    assert said["message_action"]["message"]["text"] == "<https://example.org/a>"
    assert await refused(client.auth_test()) == "account_inactive"


# --- connections


def helpful(app: AsyncApp) -> None:
    @app.command("/help")
    async def brief(ack: Any) -> None:
        await ack("help")

    @app.event("app_mention")
    async def mention(say: Any, event: Json) -> None:
        await say(event["text"])


@pytest.mark.parametrize("how", ["refresh_requested", "warning", "cut", "close"])
async def test_an_app_whose_connection_ends_comes_back(loopback: Loopback, how: str) -> None:
    async with listening(loopback, helpful):
        if how == "cut":
            loopback.sockets.cut()
        elif how == "close":
            await loopback.sockets.close()
        else:
            await loopback.sockets.disconnect(how)
        await loopback.connected(2)
        assert (await loopback.command("help")).refused == ""
    assert [one.text for one in loopback.told()] == ["help"]


async def test_without_a_connection_a_person_is_told_and_an_event_comes_again(loopback: Loopback) -> None:
    assert (await loopback.command("help")).refused == "dispatch_failed"
    missed = await loopback.mention("hello")
    async with listening(loopback, helpful):
        missed.refused = ""
        await loopback.sending.again(missed, retry=1)
        await loopback.until(loopback.posts)
    assert missed.envelope()["retry_attempt"] == 1
    assert [one.text for one in loopback.posts()] == ["<@U0BOT> hello"]


async def test_a_connection_that_is_refused_is_tried_again(loopback: Loopback) -> None:
    loopback.faults.order("apps.connections.open", faults.status(503), faults.DROP_AFTER)
    loopback.faults.order("hello", faults.HANG)
    async with listening(loopback, helpful):
        assert (await loopback.command("help")).refused == ""
    assert loopback.called("apps.connections.open") == 3


async def test_there_is_an_end_to_connections_and_an_address_opens_one(loopback: Loopback) -> None:
    loopback.sockets.most = 1
    async with listening(loopback, helpful):
        web = AsyncWebClient(base_url=loopback.base_url)
        opened = await web.apps_connections_open(app_token=loopback.app_token)
        async with ClientSession() as session:
            async with session.ws_connect(opened["url"]) as second:
                assert json.loads(await second.receive_str())["reason"] == "too_many_websockets"
            with pytest.raises(ClientError):
                await session.ws_connect(opened["url"])
    assert loopback.sockets.made == 1


# --- requests, and installing


async def test_requests_are_signed_and_say_when_they_come_again(loopback: Loopback) -> None:
    web = AsyncWebClient(loopback.bot_token, base_url=loopback.base_url)
    app = AsyncApp(client=web, token=loopback.bot_token, signing_secret=loopback.signing_secret)
    helpful(app)
    seen: list[Any] = []

    @app.middleware
    async def note(request: Any, next: Any) -> Any:  # noqa: A002 (slack-bolt passes it by that name)
        seen.append(request.headers.get("x-slack-retry-num"))
        return await next()

    server = app.server(port=0, path="/slack/events", host="127.0.0.1")
    async with TestServer(server.web_app) as site:
        loopback.sending.url = str(site.make_url("/slack/events"))
        await loopback.command("help")
        sent = await loopback.mention("hello")
        await loopback.sending.again(sent, retry=1)
        await loopback.until(lambda: len(loopback.posts()) == 1)
        loopback.signing_secret = "another"
        assert (await loopback.command("help")).refused == "http_401"
    assert [one.text for one in loopback.told()] == ["help"]
    assert seen == [None, None, ["1"]]


async def test_an_installation_s_code_is_good_once_for_ten_minutes(loopback: Loopback, clock: HandClock) -> None:
    loopback.workspace("T2", "Second", installed=False)
    asked = (
        f"https://slack.com/oauth/v2/authorize?client_id={loopback.client_id}"
        "&scope=chat:write&state=s&redirect_uri=http://x/y"
    )
    web = AsyncWebClient(base_url=loopback.base_url)

    async def code() -> Json:
        back = loopback.approve(asked, "T2")
        assert back.startswith("http://x/y?code=")
        assert back.endswith("&state=s")
        found = back.split("code=")[1].split("&")[0]
        return {"client_id": loopback.client_id, "client_secret": loopback.client_secret, "code": found}

    given = await code()
    installed = await web.oauth_v2_access(**given)
    token = installed["access_token"]
    assert (installed["team"]["id"], installed["scope"]) == ("T2", "chat:write")
    assert (await AsyncWebClient(token, base_url=loopback.base_url).auth_test())["team_id"] == "T2"
    assert await refused(web.oauth_v2_access(**given)) == "invalid_code"
    late = await code()
    clock.advance(minutes=11)
    assert await refused(web.oauth_v2_access(**late)) == "code_expired"
    assert await refused(web.oauth_v2_access(**(late | {"client_secret": "guess"}))) == "bad_client_secret"
