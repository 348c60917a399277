from datetime import timedelta
from types import SimpleNamespace

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from adapters.slack.faults import refusal
from adapters.slack.pace import Pace


def answer(error: str | None = None, status: int = 200, **headers: str) -> SlackApiError:
    data = {"ok": False, "error": error} if error else {}
    response = SimpleNamespace(data=data, status_code=status, headers=headers)
    return SlackApiError("no", response)  # type: ignore[no-untyped-call]  # slack_sdk has no types there


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("not_in_channel", "/invite"),
        ("channel_not_found", "/invite"),
        ("is_archived", "unarchive"),
        ("token_revoked", "install the app"),
        ("account_inactive", "install the app"),
        ("invalid_auth", "install the app"),
        ("team_access_not_granted", "organisation"),
        ("restricted_action_read_only_channel", "choose another"),
    ],
)
def test_a_channel_that_takes_no_posts_is_closed_with_words_on_what_to_do(error: str, words: str) -> None:
    refused = refusal(answer(error))
    assert refused.closed
    assert not refused.unclear
    assert words in str(refused)


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long", "message_not_found", "edit_window_closed"])
def test_a_post_that_is_refused_for_itself_leaves_the_channel_open(error: str) -> None:
    refused = refusal(answer(error))
    assert (refused.permanent, refused.closed, refused.unclear) == (True, False, False)


@pytest.mark.parametrize(
    "error",
    [
        answer("internal_error"),
        answer("fatal_error"),
        answer(None, 502),
        answer("service_unavailable", 503),
        answer(None),
        TimeoutError(),
        aiohttp.ServerDisconnectedError(),
        ConnectionResetError(),
    ],
)
def test_where_nobody_knows_whether_it_was_posted_slack_is_asked_first(error: Exception) -> None:
    refused = refusal(error)
    assert (refused.unclear, refused.permanent) == (True, False)


def test_a_pause_that_slack_asks_for_is_kept() -> None:
    refused = refusal(answer("ratelimited", 429, **{"Retry-After": "37"}))
    assert (refused.retry_after, refused.unclear) == (timedelta(seconds=37), False)
    assert refusal(answer(None, 429)).retry_after is None


def test_a_refusal_that_nobody_has_heard_of_is_tried_again_and_named() -> None:
    refused = refusal(answer("on_a_whim"))
    assert (refused.unclear, refused.permanent, str(refused)) == (False, False, "Slack refuses (on_a_whim)")


async def test_a_channel_gets_a_message_a_second_and_no_channel_waits_for_another() -> None:
    now, waits = [100.0], []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    pace = Pace(1.0, lambda: now[0], sleep)
    for channel in ("a", "b", "a", "a", "b"):
        await pace.turn(channel)
    assert waits == [1.0, 1.0]
    now[0] += 5
    await pace.turn("a")
    assert waits == [1.0, 1.0]
