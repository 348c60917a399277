"""Slash commands, as somebody in a workspace types them."""

from dataclasses import replace

import pytest

from bot.app import App
from bot.commands import COMMANDS
from bot.types import Channel, Digest
from tests.adapters.build import NOW, briefing
from tests.slack.chatting import chatting
from tests.slack.loopback import ADMIN, CHANNEL, GUEST, TEAM, Loopback, Message, faults

HERE = Channel("slack", TEAM, CHANNEL)
GIVEN = {
    "brief": "bridges",
    "where": "Sloviansk",
    "said": "Olena Hrytsenko",
    "digest add": "07:30",
    "digest edit": "none days:mon",
    "digest remove": "none",
    "digest pause": "none",
    "digest resume": "none",
    "digest now": "topic:bridges",
    "watch add": "Sloviansk",
    "watch remove": "none",
    "watch pause": "none",
    "watch resume": "none",
    "feeds add": "http://127.0.0.1/feed",
    "feeds remove": "https://unknown.example/feed",
    "feeds import": "no list",
}
FOR_ALL = {"brief", "where", "said", "digest now"}


async def answers(slack: Loopback, user: str = ADMIN, count: int = 1) -> list[Message]:
    """What the person alone was shown, once it is so much."""
    return await slack.until(lambda: told if len(told := slack.told(user)) >= count else [])


async def posted(slack: Loopback, after: int) -> list[Message]:
    """What was posted in the channel after so many posts."""
    return await slack.until(lambda: slack.posts()[after:])


async def test_each_command_is_answered(newsroom: Loopback) -> None:
    for name in (command.name for command in COMMANDS if command.name != "help"):
        posts, told = len(newsroom.posts()), len(newsroom.told())
        first, _, rest = name.partition(" ")
        sent = await newsroom.command(first, f"{rest} {GIVEN.get(name, '')}")
        assert not sent.refused, name
        if name in FOR_ALL:
            shown = await posted(newsroom, posts)
        else:
            shown = (await answers(newsroom, count=told + 1))[told:]
            assert len(newsroom.posts()) == posts, name
        said = " ".join(one.words for one in shown)
        assert said.strip(), name
        assert "Something went wrong" not in said, name
        assert "none" not in GIVEN.get(name, "") or "none" in said, name


async def test_a_briefing_is_for_all_with_its_buttons_and_no_previews(newsroom: Loopback) -> None:
    await newsroom.command("brief", "bridges", user=GUEST)
    (post,) = await newsroom.until(newsroom.posts)
    assert "Lyman" in post.words
    assert {"Why?", "More", "Follow"} <= set(post.words.splitlines())
    assert post.sent["unfurl_links"] in {False, "0", "false"}
    assert newsroom.told(GUEST) == []


async def test_a_long_briefing_goes_on_in_its_thread(
    slack: Loopback, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = tuple(briefing("word " * 500, f"headline {number}") for number in range(8))

    async def long(*_: object) -> Digest:
        return Digest("Briefing", None, NOW, stories)

    monkeypatch.setattr(type(app.desk.answers), "brief", long)
    await slack.command("brief", "everything")
    await slack.until(lambda: any("headline 7" in post.words for post in slack.posts()[1:]))
    first, *others = slack.posts()
    assert first.thread is None
    assert "headline 7" in first.words  # among the headlines
    assert {post.thread for post in others} == {first.ts}


async def test_where_the_bot_may_not_post_a_briefing_comes_all_the_same(newsroom: Loopback) -> None:
    newsroom.workspaces[TEAM].channel("C2", "closed", kind="private", bot=False)
    await newsroom.command("brief", "bridges", channel="C2")
    (post,) = await newsroom.until(lambda: newsroom.posts("C2"))
    assert "Lyman" in post.words


async def test_a_manager_adds_a_digest_and_is_told_alone(slack: Loopback, app: App) -> None:
    await slack.command("digest", "add 07:30 zone:Europe/Kyiv")
    (told,) = await answers(slack)
    assert "07:30 Europe/Kyiv" in told.words
    (made,) = await app.desk.digests.of(HERE)
    assert made.created_by == ADMIN
    assert slack.posts() == []


async def test_others_may_look_but_not_change(slack: Loopback, app: App) -> None:
    await slack.command("digest", "add 07:30", user=GUEST)
    (refused,) = await answers(slack, GUEST)
    assert "may manage" in refused.words
    assert await app.desk.digests.of(HERE) == []
    await slack.command("digest", user=GUEST)
    assert "None yet" in (await answers(slack, GUEST, 2))[1].words


async def test_everybody_may_have_digests_of_their_own_but_not_change_what_is_followed(
    slack: Loopback, app: App
) -> None:
    own = slack.workspaces[TEAM].direct(GUEST).id
    await slack.command("digest", "add 07:30", user=GUEST, channel=own)
    assert "added" in (await answers(slack, GUEST))[0].words
    assert len(await app.desk.digests.of(Channel("slack", TEAM, own))) == 1
    await slack.command("feeds", "add https://news.example/feed", user=GUEST, channel=own)
    assert "may manage" in (await answers(slack, GUEST, 2))[1].words


async def test_a_user_group_of_the_configuration_may_manage(loopback: Loopback, app: App) -> None:
    home = loopback.workspaces[TEAM]
    home.groups["S1"] = ("editors", [GUEST])
    with_roles = replace(app, desk=replace(app.desk, roles=("@editors",)))
    async with chatting(with_roles, loopback):
        await loopback.command("digest", "add 07:30", user=GUEST)
        assert "added" in (await answers(loopback, GUEST))[0].words


async def test_where_the_bot_cant_post_no_digest_is_added_and_the_person_is_told_why(slack: Loopback, app: App) -> None:
    slack.workspaces[TEAM].channel("C2", "closed", kind="private", bot=False)
    await slack.command("digest", "add 07:30", channel="C2")
    assert "/invite" in (await answers(slack))[0].words
    assert await app.desk.digests.of(Channel("slack", TEAM, "C2")) == []
    slack.workspaces[TEAM].channel("C3", "open", bot=False)  # public: the bot may post without being in it
    await slack.command("digest", "add 07:30", channel="C3")
    assert "added" in (await answers(slack, count=2))[1].words


async def test_a_command_that_slack_sends_again_is_done_once(slack: Loopback, app: App) -> None:
    sent = await slack.command("digest", "add 07:30")
    for retry in (1, 2):
        await slack.sending.again(sent, retry)
    assert sent.acknowledged == 3
    await slack.command("digest", "add 09:30")
    await answers(slack, count=2)
    assert len(await app.desk.digests.of(HERE)) == 2


async def test_help_is_a_word_after_any_command_and_what_is_wrong_is_said_in_words(slack: Loopback) -> None:
    await slack.command("where", "help")
    assert "/digest add" in (await answers(slack))[0].words
    await slack.command("digest", "dance")
    assert "/digest add" in (await answers(slack, count=2))[1].words


async def test_a_fault_is_told_with_an_id_and_nothing_more(
    slack: Loopback, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(type(app.desk.digests), "of", broken)
    await slack.command("digest", "list")
    (told,) = await answers(slack)
    assert "Something went wrong (id " in told.words
    assert "secret" not in told.words


async def test_a_fault_before_anything_is_answered_is_told_too(
    slack: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.commands.of_command", lambda _body: [][0])
    await slack.command("digest", "list")
    (told,) = await answers(slack)
    assert "Something went wrong (id " in told.words


async def test_the_list_of_feeds_comes_as_a_file_to_the_person_alone(newsroom: Loopback) -> None:
    await newsroom.command("feeds", "export")
    assert any("feeds.opml" in one.words for one in await answers(newsroom, count=2))
    (file,) = newsroom.workspaces[TEAM].files.values()
    assert file.name == "feeds.opml"
    assert b"<opml" in (file.content or b"")
    own = newsroom.workspaces[TEAM].direct(ADMIN).id
    assert [channel for channel, _ in file.shared] == [own]


@pytest.mark.parametrize("fault", [faults.error("expired_url"), faults.status(404), faults.DROP_BEFORE])
async def test_an_answer_that_the_response_url_takes_no_more_comes_another_way(
    slack: Loopback, fault: faults.Fault
) -> None:
    slack.faults.order("response_url", fault)
    await slack.command("digest", "list")
    assert "None yet" in (await answers(slack))[0].words


async def test_who_may_have_been_answered_is_told_to_look_first(newsroom: Loopback) -> None:
    newsroom.faults.order("chat.postMessage", faults.DROP_AFTER)
    await newsroom.command("brief", "bridges")
    assert "look before you ask again" in (await answers(newsroom))[0].words
    assert len(newsroom.posts()) == 1


async def test_where_nothing_else_is_left_an_answer_comes_in_the_persons_own_conversation(slack: Loopback) -> None:
    slack.workspaces[TEAM].channel("C2", "closed", kind="private", bot=False)
    slack.faults.order("response_url", faults.status(404))
    await slack.command("digest", "list", channel="C2")
    (told,) = await answers(slack)
    assert told.channel == slack.workspaces[TEAM].direct(ADMIN).id
    assert "None yet" in told.words
