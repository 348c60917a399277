"""Plain words to the bot: mentions in servers and direct messages, without the message content intent."""

import asyncio
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from simcord import ChannelHandle, Env, GuildHandle, MemberActor

from adapters.discord.client import DatelineClient
from bot.app import App
from tests.discord.app.conftest import follow
from tests.discord.seen import posts, words


def by_bot(messages: Iterable[discord.Message]) -> list[discord.Message]:
    return [one for one in messages if one.author.bot]


def me(env: Env) -> int:
    """The bot's id."""
    assert env.bot.user is not None
    return env.bot.user.id


async def test_a_mention_is_answered_below_it_without_a_ping(
    newsroom: ChannelHandle, reader: MemberActor, simcord_env: Env
) -> None:
    asked = await reader.send(newsroom, f"<@{me(simcord_env)}> what is happening in Lyman?")
    (answer,) = by_bot(posts(newsroom))
    assert "Lyman" in words(answer)
    assert answer.reference is not None
    assert answer.reference.message_id == asked.id
    assert not answer.mentions


async def test_other_messages_are_left_alone(
    newsroom: ChannelHandle, reader: MemberActor, server: GuildHandle, simcord_env: Env
) -> None:
    await reader.send(newsroom, "what is happening in Lyman?")
    await reader.send(newsroom, "@everyone look")
    robot = server.add_member(simcord_env.create_user("robot", bot=True))
    await robot.send(newsroom, f"<@{me(simcord_env)}> bridges")
    assert not [one for one in posts(newsroom) if one.author.id == me(simcord_env)]


async def test_a_direct_message_is_answered_from_what_the_person_follows(simcord_env: Env, app: App) -> None:
    user = simcord_env.create_user("writer")
    await follow(app, f"discord:@{user.id}")
    await user.send_dm("bridges")
    (answer,) = by_bot(posts(user.dm_channel))
    assert "Lyman" in words(answer)
    await user.send_dm("/digest add 07:30")
    assert "Digest" in words(by_bot(posts(user.dm_channel))[-1])


async def test_what_goes_wrong_is_said_in_words(newsroom: ChannelHandle, reader: MemberActor, simcord_env: Env) -> None:
    await reader.send(newsroom, f"<@{me(simcord_env)}> /said Nobody Known")
    assert "Nobody Known" in words(by_bot(posts(newsroom))[0])


async def test_a_mention_alone_gets_help(newsroom: ChannelHandle, reader: MemberActor, simcord_env: Env) -> None:
    await reader.send(newsroom, f"<@{me(simcord_env)}>")
    assert "/brief" in words(by_bot(posts(newsroom))[0]).replace("\\", "")


async def test_only_one_question_of_a_person_is_answered_at_a_time(
    newsroom: ChannelHandle, reader: MemberActor, simcord_env: Env, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, ask = simcord_env.bot, app.desk.answers.ask
    assert isinstance(client, DatelineClient)
    again = asyncio.Event()

    async def slow(*given: Any) -> Any:
        """Sees to it that the person asks again in the meantime."""
        if not again.is_set():
            again.set()
            (first,) = [one for one in posts(newsroom) if not one.author.bot]
            await client.on_message(first)
        return await ask(*given)

    monkeypatch.setattr(app.desk.answers, "ask", slow)
    await reader.send(newsroom, f"<@{me(simcord_env)}> bridges")
    answers = [words(one) for one in by_bot(posts(newsroom))]
    assert "still at your last question" in answers[0]
    assert "Lyman" in answers[1]


async def test_a_channel_that_is_closed_to_the_bot_is_explained_to_the_person_alone(
    server: GuildHandle, reader: MemberActor, simcord_env: Env
) -> None:
    user = simcord_env.bot.user
    assert user is not None
    closed = server.create_text_channel("closed", overwrites={user: discord.PermissionOverwrite(send_messages=False)})
    await reader.send(closed, f"<@{me(simcord_env)}> bridges")
    assert not by_bot(posts(closed))
    assert "Send Messages" in words(by_bot(posts(reader.user.dm_channel))[0])


async def test_what_only_managers_should_see_is_not_shown_to_the_channel(
    newsroom: ChannelHandle, editor: MemberActor, simcord_env: Env
) -> None:
    await editor.send(newsroom, f"<@{me(simcord_env)}> /feeds export")
    assert "for you alone" in words(by_bot(posts(newsroom))[0])
    await editor.user.send_dm("/feeds export")
    (answer,) = by_bot(posts(editor.user.dm_channel))
    assert [file.filename for file in answer.attachments] == ["feeds.opml"]


async def test_the_bots_role_is_named_where_the_bot_was_meant(
    newsroom: ChannelHandle, server: GuildHandle, reader: MemberActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = server.create_role("Dateline")
    monkeypatch.setattr(discord.Guild, "self_role", property(lambda guild: guild.get_role(made.id)))
    await reader.send(newsroom, f"<@&{made.id}> bridges")
    first = by_bot(posts(newsroom))[0]
    assert "my role's name" in words(first)


async def test_with_the_message_content_intent_an_answer_to_its_post_needs_no_ping(
    newsroom: ChannelHandle, reader: MemberActor, simcord_env: Env, app: App
) -> None:
    await simcord_env.restart_bot(DatelineClient(app.desk, ZoneInfo("UTC"), shards=2, message_content=True))
    await reader.send(newsroom, "bridges in Lyman")
    assert not by_bot(posts(newsroom))
    await reader.send(newsroom, f"<@{me(simcord_env)}> bridges")
    (post,) = by_bot(posts(newsroom))
    await reader.send(newsroom, "buses", reply_to=post)
    assert "Buses are going round" in words(by_bot(posts(newsroom))[-1])
