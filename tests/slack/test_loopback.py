"""The loopback Slack against plain slack_sdk: that it keeps Slack's rules, and breaks to order."""

import pytest
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes import HandClock
from tests.slack.loopback import ADMIN, CHANNEL, GUEST, Json, Loopback, faults
from tests.slack.plain import refused, section

PNG = b"\x89PNG\r\n\x1a\n"


# --- posting


async def test_a_message_stands_in_the_channel_with_its_metadata_for_who_asks_for_it(
    loopback: Loopback, client: AsyncWebClient
) -> None:
    mark: Json = {"event_type": "mark", "event_payload": {"key": "k"}}
    posted = await client.chat_postMessage(channel=CHANNEL, text="Nine boats", blocks=[section("sank")], metadata=mark)
    (shown,) = loopback.posts()
    assert (shown.ts, shown.words) == (posted["ts"], "sank")
    plain = await client.conversations_history(channel=CHANNEL)
    whole = await client.conversations_history(channel=CHANNEL, include_all_metadata=True)
    assert [("metadata" in page["messages"][0]) for page in (plain, whole)] == [False, True]
    assert whole["messages"][0]["metadata"] == mark


async def test_replies_stand_in_their_thread_and_history_comes_page_by_page(
    client: AsyncWebClient, clock: HandClock
) -> None:
    posted = []
    for number in range(3):
        posted.append(str((await client.chat_postMessage(channel=CHANNEL, text=str(number)))["ts"]))
        clock.advance(seconds=1)
    reply = await client.chat_postMessage(channel=CHANNEL, text="reply", thread_ts=posted[0])
    thread = await client.conversations_replies(channel=CHANNEL, ts=posted[0])
    assert [one["ts"] for one in thread["messages"]] == [posted[0], reply["ts"]]
    first = await client.conversations_history(channel=CHANNEL, limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel=CHANNEL, limit=2, cursor=cursor)
    assert [[one["text"] for one in page["messages"]] for page in (first, second)] == [["2", "1"], ["0"]]
    assert [page["has_more"] for page in (first, second)] == [True, False]
    clock.advance(seconds=1)
    assert await refused(client.chat_postMessage(channel=CHANNEL, text="x", thread_ts=reply["ts"])) == (
        "thread_not_found"
    )


async def test_a_channel_takes_a_message_a_second_and_a_workspace_so_many_a_minute(
    loopback: Loopback, client: AsyncWebClient, clock: HandClock
) -> None:
    loopback.limits.per_minute = 3
    await client.chat_postMessage(channel=CHANNEL, text="one")
    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel=CHANNEL, text="two")
    assert (raised.value.response["error"], raised.value.response.headers["Retry-After"]) == ("ratelimited", "1")
    for _ in range(2):
        clock.advance(seconds=1)
        await client.chat_postMessage(channel=CHANNEL, text="three")
    clock.advance(seconds=1)
    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel=CHANNEL, text="four")
    assert raised.value.response.headers["Retry-After"] == "57"
    assert len(loopback.posts()) == 3


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": [section("x" * 3001)]}, "invalid_blocks"),
        ({"text": "x", "blocks": [section("x")] * 51}, "invalid_blocks"),
        ({"text": "x", "blocks": [section("y" * 2900)] * 5}, "invalid_blocks"),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
        ({"text": "x", "thread_ts": "1.1"}, "thread_not_found"),
        ({"text": "x", "channel": "C404"}, "channel_not_found"),
    ],
)
async def test_what_breaks_a_documented_limit_is_refused(
    loopback: Loopback, client: AsyncWebClient, body: Json, code: str
) -> None:
    assert await refused(client.api_call("chat.postMessage", json={"channel": CHANNEL} | body)) == code
    assert loopback.posts() == []


async def test_who_may_not_is_told_why(loopback: Loopback, client: AsyncWebClient) -> None:
    home = loopback.workspaces["T1"]
    where = home.conversations[CHANNEL]
    said = {}

    async def post() -> str:
        return await refused(client.chat_postMessage(channel=CHANNEL, text="x"))

    where.members.discard(home.bot.id)
    home.scopes -= {"chat:write.public"}
    said["outside"] = await post()
    where.kind = "private"
    said["private"] = await post()
    where.archived, where.kind = True, "public"
    said["archived"] = await post()
    home.scopes -= {"chat:write"}
    said["scope"] = await post()
    for trouble in ("token_revoked", "account_inactive"):
        home.trouble = trouble
        said[trouble] = await post()
    client.token = "xoxb-another"
    said["token"] = await post()
    assert said == {
        "outside": "not_in_channel",
        "private": "channel_not_found",
        "archived": "is_archived",
        "scope": "missing_scope",
        "token_revoked": "token_revoked",
        "account_inactive": "account_inactive",
        "token": "invalid_auth",
    }
    assert await refused(client.api_call("chat.mumble")) == "unknown_method"


async def test_what_one_person_sees_stands_in_no_history(loopback: Loopback, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel=CHANNEL, user=GUEST, text="only you")
    assert (await client.conversations_history(channel=CHANNEL))["messages"] == []
    assert [one.text for one in loopback.told(GUEST)] == ["only you"]
    assert loopback.told(ADMIN) == []


async def test_an_update_changes_words_and_keeps_the_metadata(loopback: Loopback, client: AsyncWebClient) -> None:
    mark: Json = {"event_type": "mark", "event_payload": {}}
    ts = (await client.chat_postMessage(channel=CHANNEL, text="Nine", blocks=[section("nine")], metadata=mark))["ts"]
    await client.chat_update(channel=CHANNEL, ts=ts, text="Five")
    (shown,) = loopback.posts()
    assert (shown.words, shown.metadata, shown.edited) == ("Five", mark, 1)
    theirs = loopback.says("mine")
    assert await refused(client.chat_update(channel=CHANNEL, ts=theirs.ts, text="yours")) == "cant_update_message"


async def test_a_file_can_be_shown_once_it_is_worked_up(loopback: Loopback, client: AsyncWebClient) -> None:
    loopback.processes_files = False
    sent = await client.files_upload_v2(filename="map.png", title="Map", file=PNG)
    ident = sent["files"][0]["id"]
    image = {"type": "image", "slack_file": {"id": ident}, "alt_text": "Map: Lyman"}
    assert await refused(client.chat_postMessage(channel=CHANNEL, text="x", blocks=[image])) == "invalid_blocks"
    file = loopback.workspaces["T1"].files[ident]
    file.processed = True
    await client.chat_postMessage(channel=CHANNEL, text="x", blocks=[image])
    assert (file.content, loopback.posts()[0].words) == (PNG, "Map: Lyman")


# --- faults to order


@pytest.mark.parametrize(
    ("fault", "stands"),
    [
        (faults.DROP_AFTER, True),
        (faults.DROP_BEFORE, False),
        (faults.HANG, True),
        (faults.GARBAGE, True),
        (faults.status(503), False),
        (faults.status(502, done=True), True),
        (faults.ratelimited(30), False),
        (faults.error("fatal_error", done=True), True),
    ],
    ids=lambda one: one.way.name if isinstance(one, faults.Fault) else "",
)
async def test_a_fault_hits_one_call(
    loopback: Loopback, client: AsyncWebClient, clock: HandClock, fault: faults.Fault, stands: bool
) -> None:
    client.timeout = 0.2  # type: ignore[assignment]  # seconds; aiohttp takes a fraction
    loopback.faults.order("chat.postMessage", fault)
    with pytest.raises((SlackApiError, ClientError, TimeoutError)):
        await client.chat_postMessage(channel=CHANNEL, text="x")
    assert len(loopback.posts()) == stands
    clock.advance(seconds=1)
    await client.chat_postMessage(channel=CHANNEL, text="y")
    assert len(loopback.posts()) == stands + 1
