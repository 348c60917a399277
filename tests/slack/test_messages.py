"""Mentions, direct messages and the shortcut on messages."""

import asyncio
from typing import Any

import pytest

from bot.answers import Answer
from bot.app import App
from bot.desk import AnswerDesk
from bot.types import Channel
from tests.slack.chatting import ADDRESS, chatting
from tests.slack.loopback import ADMIN, CHANNEL, GUEST, TEAM, Loopback, Message, faults


async def answers(slack: Loopback, user: str = GUEST, count: int = 1) -> list[Message]:
    """What the person alone was shown, once it is so much."""
    return await slack.until(lambda: told if len(told := slack.told(user)) >= count else [])


async def test_a_mention_is_answered_in_its_thread_once(newsroom: Loopback) -> None:
    sent = await newsroom.mention("what is happening in Lyman?", user=GUEST)
    for retry in (1, 2):
        await newsroom.sending.again(sent, retry)
    (post,) = await newsroom.until(newsroom.posts)
    assert post.thread == sent.payload["event"]["ts"]
    assert "bridges" in post.words
    await newsroom.direct("/digest list", user=GUEST)
    await answers(newsroom)
    assert newsroom.posts() == [post]


async def test_a_command_may_be_typed_beside_the_mention(slack: Loopback, app: App) -> None:
    await slack.mention("/digest add 07:30")
    (told,) = await answers(slack, ADMIN)
    assert "added" in told.words
    assert len(await app.desk.digests.of(Channel("slack", TEAM, CHANNEL))) == 1


@pytest.mark.parametrize("text", ["", "help", "Help"])
async def test_a_mention_without_a_question_is_told_what_can_be_asked(slack: Loopback, text: str) -> None:
    await slack.mention(text, user=GUEST)
    assert "/digest add" in (await answers(slack))[0].words


async def test_a_direct_message_is_answered_where_it_was_written(newsroom: Loopback) -> None:
    own = newsroom.workspaces[TEAM].direct(GUEST).id
    await newsroom.direct("what is happening in Lyman?", user=GUEST)
    (told,) = await answers(newsroom)
    assert (told.channel, told.thread) == (own, None)
    assert "bridges" in told.words
    await newsroom.direct("/feeds add https://news.example/feed", user=GUEST)
    assert "may manage" in (await answers(newsroom, count=2))[1].words


async def test_bots_edits_and_other_peoples_talk_are_no_questions(newsroom: Loopback) -> None:
    written = newsroom.says("<@U0BOT> hello", user=GUEST)
    event = {"type": "app_mention", "user": GUEST, "text": written.text, "ts": written.ts, "channel": CHANNEL}
    await newsroom.event(event | {"bot_id": "B0OTHER"})
    await newsroom.event(event | {"subtype": "message_changed", "ts": "1.1"})
    await newsroom.event(event | {"type": "message", "channel_type": "channel", "ts": "1.2"})
    await newsroom.direct("/digest list", user=ADMIN)
    await answers(newsroom, ADMIN)
    assert newsroom.posts() == []
    assert newsroom.told(GUEST) == []


@pytest.fixture
def go(app: App, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Questions are answered once this is set."""
    event, real = asyncio.Event(), type(app.desk.answers).ask

    async def slow(self: AnswerDesk, *given: Any) -> Answer:
        await event.wait()
        return await real(self, *given)

    monkeypatch.setattr(type(app.desk.answers), "ask", slow)
    return event


async def test_one_question_at_a_time_is_answered_and_the_person_is_told_so(slack: Loopback, go: asyncio.Event) -> None:
    await slack.direct("what is happening in Lyman?", user=GUEST)
    await slack.direct("and in Kharkiv?", user=GUEST)
    (busy,) = await answers(slack)
    assert "still at your last question" in busy.words
    go.set()
    await answers(slack, count=2)


async def test_who_has_asked_is_answered_before_the_service_ends(
    app: App, loopback: Loopback, go: asyncio.Event
) -> None:
    async with chatting(app, loopback):
        await loopback.direct("what is happening in Lyman?", user=GUEST)
        asyncio.get_running_loop().call_later(0.05, go.set)  # while the chat is being left
    assert len(loopback.told(GUEST)) == 1


async def test_a_command_that_was_copied_as_code_is_one(slack: Loopback) -> None:
    await slack.mention("`/digest list`", user=GUEST)
    assert "None yet" in (await answers(slack))[0].words


async def test_what_concerns_who_asked_alone_is_where_they_see_it(newsroom: Loopback) -> None:
    await newsroom.mention("/digest list", user=GUEST)
    (told,) = await answers(newsroom)
    assert told.thread is None, "in a thread that nobody has written in Slack shows nobody what is for them alone"
    first = newsroom.says("what is all this?")
    newsroom.says("who knows", thread=first.ts)
    await newsroom.mention("/digest list", user=GUEST, thread=first.ts)
    assert (await answers(newsroom, count=2))[1].thread == first.ts


async def test_an_answer_waits_for_the_pause_that_slack_asks_for(newsroom: Loopback) -> None:
    newsroom.faults.order("chat.postMessage", faults.ratelimited(0), faults.ratelimited(0))
    await newsroom.mention("what is happening in Lyman?", user=GUEST)
    (post,) = await newsroom.until(newsroom.posts)
    assert "Lyman" in post.words
    newsroom.faults.order("chat.postMessage", faults.ratelimited(3600))
    await newsroom.mention("what is happening in Lyman?", user=GUEST)
    assert "asks for a pause" in (await answers(newsroom))[0].words


async def test_where_the_bot_may_not_answer_the_person_is_told_so_alone(newsroom: Loopback) -> None:
    newsroom.faults.order("chat.postMessage", faults.error("restricted_action"))
    await newsroom.mention("what is happening in Lyman?", user=GUEST)
    (told,) = await answers(newsroom)
    assert "restricted_action" in told.words
    assert newsroom.posts() == []


# --- the shortcut


@pytest.fixture
def on_the_web(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The article's address leads to it."""
    real = type(app.desk.answers).brief

    async def brief(self: AnswerDesk, tenant: str, about: str | None, *given: Any) -> Answer:
        return await real(self, tenant, "bridges" if about == ADDRESS else about, *given)

    monkeypatch.setattr(type(app.desk.answers), "brief", brief)


@pytest.mark.usefixtures("on_the_web")
async def test_brief_this_briefs_the_link_of_a_message_for_the_person_alone(newsroom: Loopback) -> None:
    message = newsroom.says(f"worth reading: <{ADDRESS}>", user=GUEST)
    await newsroom.shortcut(message, user=GUEST)
    (told,) = await answers(newsroom)
    assert "Lyman" in told.words
    assert newsroom.posts() == []


@pytest.mark.usefixtures("on_the_web")
async def test_brief_this_asks_which_of_several_links_is_meant(newsroom: Loopback) -> None:
    message = newsroom.says(f"<{ADDRESS}|one> and <https://news.example/other>", user=GUEST)
    await newsroom.shortcut(message, user=GUEST)
    (question,) = await answers(newsroom)
    await newsroom.press(question, ADDRESS, user=GUEST)
    await newsroom.until(lambda: question.edited)
    assert "Lyman" in question.words
    assert newsroom.posts() == [], "who asked alone is answered alone"


async def test_brief_this_says_how_many_links_it_leaves_out(slack: Loopback) -> None:
    message = slack.says(" ".join(f"<https://news.example/{number}>" for number in range(7)), user=GUEST)
    await slack.shortcut(message, user=GUEST)
    (question,) = await answers(slack)
    assert "5 of 7" in question.words


async def test_brief_this_says_where_there_is_no_link(slack: Loopback) -> None:
    await slack.shortcut(slack.says("good morning"), user=GUEST)
    assert "no link" in (await answers(slack))[0].words
