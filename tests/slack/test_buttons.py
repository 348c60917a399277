"""Buttons and menus below posts, pressed by people of the workspace."""

import pytest

from bot.answers import Choice, Question
from bot.app import App
from bot.errors import NotFound
from bot.types import Channel
from tests.slack.chatting import chatting, follow
from tests.slack.loopback import ADMIN, CHANNEL, GUEST, TEAM, Loopback, Message

HERE = Channel("slack", TEAM, CHANNEL)


async def briefed(slack: Loopback) -> Message:
    """A briefing that stands in the channel."""
    await slack.command("brief", "bridges")
    (post,) = await slack.until(slack.posts)
    return post


async def answers(slack: Loopback, user: str = ADMIN, count: int = 1) -> list[Message]:
    """What the person alone was shown, once it is so much."""
    return await slack.until(lambda: told if len(told := slack.told(user)) >= count else [])


async def test_why_and_more_are_for_who_presses_alone(newsroom: Loopback) -> None:
    post = await briefed(newsroom)
    await newsroom.press(post, "Why?", user=GUEST)
    (why,) = await answers(newsroom, GUEST)
    assert "“Two bridges near Lyman" in why.words
    await newsroom.press(post, "More", user=GUEST)
    assert "Lyman" in (await answers(newsroom, GUEST, 2))[1].words
    assert newsroom.posts() == [post]
    assert post.edited <= 1  # its map, not what was pressed


async def test_buttons_work_after_a_restart(app: App, loopback: Loopback) -> None:
    async with chatting(app, loopback):
        await follow(app)
        post = await briefed(loopback)
    async with chatting(app, loopback):
        await loopback.press(post, "Why?", user=GUEST)
        assert "Two bridges" in (await answers(loopback, GUEST))[0].words


async def test_who_may_manage_follows_a_place_of_the_story_and_the_answer_replaces_the_question(
    newsroom: Loopback, app: App
) -> None:
    post = await briefed(newsroom)
    await newsroom.press(post, "Follow", user=GUEST)
    assert "may manage" in (await answers(newsroom, GUEST))[0].words
    await newsroom.press(post, "Follow")
    (question,) = await answers(newsroom)
    await newsroom.press(question, "Lyman")
    await newsroom.until(lambda: question.edited)
    assert "every new story" in question.words
    assert newsroom.told() == [question]
    (made,) = await app.desk.watches.of(HERE)
    assert made.label.startswith("Lyman")


async def take(slack: Loopback, question: Message) -> None:
    """Somebody takes the first of the choices."""
    choices = [element for block in question.blocks for element in block.get("elements", []) if "value" in element]
    menus = [element for block in question.blocks for element in block.get("elements", []) if "options" in element]
    if choices:
        await slack.press(question, choices[0]["value"])
    else:
        (menu, *_) = menus
        await slack.choose(question, menu["action_id"], menu["options"][0]["value"])


async def test_a_choice_whose_answer_is_for_all_is_posted_once_and_its_question_goes(newsroom: Loopback) -> None:
    await newsroom.command("where", "Springfield")
    (question,) = await answers(newsroom)
    assert newsroom.posts() == []
    for _ in range(3):  # a double click, and one more
        await take(newsroom, question)
    (post,) = await newsroom.until(newsroom.posts)
    assert "Springfield" in post.words
    await newsroom.until(lambda: not newsroom.told())
    await newsroom.command("digest", "list")
    await answers(newsroom)
    assert newsroom.posts() == [post]


async def test_a_choice_that_came_to_nothing_may_be_made_again(
    newsroom: Loopback, monkeypatch: pytest.MonkeyPatch, app: App
) -> None:
    await newsroom.command("where", "Springfield")
    (question,) = await answers(newsroom)
    real = type(app.desk.choices).chosen

    async def broken(*_: object) -> str:
        raise NotFound("The library is closed")

    monkeypatch.setattr(type(app.desk.choices), "chosen", broken)
    await take(newsroom, question)
    assert "closed" in (await answers(newsroom, count=2))[1].words
    monkeypatch.setattr(type(app.desk.choices), "chosen", real)
    await take(newsroom, question)
    (post,) = await newsroom.until(newsroom.posts)
    assert "Springfield" in post.words


@pytest.mark.parametrize("action", ["why", "more", "follow", "choose"])
async def test_an_old_button_says_so_to_who_pressed_it(slack: Loopback, action: str) -> None:
    old = {"type": "button", "action_id": f"dl:{action}:0", "value": f"{action}:0011223344556677:0"}
    shown = slack.says("an old post")
    shown.blocks = [
        {"type": "actions", "block_id": "b", "elements": [old | {"text": {"type": "plain_text", "text": "?"}}]}
    ]
    await slack.press(shown, f"dl:{action}:0")
    assert "too old" in (await answers(slack))[0].words


async def test_a_button_of_another_version_says_what_to_do(slack: Loopback) -> None:
    shown = slack.says("a strange post")
    odd = {"type": "button", "action_id": "dl:why:0", "value": "v9", "text": {"type": "plain_text", "text": "?"}}
    shown.blocks = [{"type": "actions", "block_id": "b", "elements": [odd]}]
    await slack.press(shown, "dl:why:0")
    assert "ask again" in (await answers(slack))[0].words


async def test_a_press_that_slack_sends_again_is_answered_once(newsroom: Loopback, app: App) -> None:
    asked = Question("Which?", (Choice("half past seven", "/digest add 07:30"),))
    offered = await app.desk.choices.offer(HERE.tenant, asked)
    shown = newsroom.says("a question")
    value = f"choose:{offered.choices[0].id}:0"
    button = {"type": "button", "action_id": "dl:choose:0", "value": value}
    shown.blocks = [
        {"type": "actions", "block_id": "b", "elements": [button | {"text": {"type": "plain_text", "text": "7:30"}}]}
    ]
    sent = await newsroom.press(shown, "dl:choose:0")
    await newsroom.sending.again(sent, 1)
    await newsroom.until(lambda: shown.edited)
    assert len(await app.desk.digests.of(HERE)) == 1
