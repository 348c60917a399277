"""Who may manage, and what happens where the bot may not post."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import discord
import pytest
from simcord import ChannelHandle, Env, GuildHandle, MemberActor

from adapters.discord.client import DatelineClient
from bot.app import App
from tests.discord.app.test_commands import GIVEN, shown
from tests.discord.seen import pictures, posts, words


@pytest.mark.parametrize("name", ["digest add", "watch add", "feeds add"])
async def test_who_may_not_manage_is_told_so_privately(newsroom: ChannelHandle, reader: MemberActor, name: str) -> None:
    result = await reader.slash(newsroom, name, **GIVEN[name])
    assert shown(result)[0].ephemeral
    assert "may manage" in words(shown(result)[0].message)


async def test_a_role_of_the_configuration_may_manage(
    newsroom: ChannelHandle, server: GuildHandle, simcord_env: Env, app: App
) -> None:
    desk = replace(app.desk, roles=("Desk",))
    await simcord_env.restart_bot(DatelineClient(desk, ZoneInfo("UTC"), shards=1))
    member = server.add_member(simcord_env.create_user("holder"), roles=[server.create_role("Desk")])
    result = await member.slash(newsroom, "digest add", time="07:30")
    assert "added" in words(shown(result)[0].message)


@pytest.mark.parametrize("name", ["digest add", "watch add"])
async def test_nothing_is_planned_for_a_channel_that_the_bot_may_not_post_in(
    server: GuildHandle, editor: MemberActor, simcord_env: Env, app: App, name: str
) -> None:
    me = simcord_env.bot.user
    assert me is not None
    closed = server.create_text_channel("closed", overwrites={me: discord.PermissionOverwrite(send_messages=False)})
    result = await editor.slash(closed, name, **GIVEN[name])
    assert shown(result)[0].ephemeral
    assert "Send Messages" in words(shown(result)[0].message)
    assert not await app.store.subscriptions(f"discord:{server.id}")
    listed = await editor.slash(closed, name.replace("add", "list"))
    assert "None yet" in words(shown(listed)[0].message)


async def test_a_server_that_adds_the_bot_follows_what_the_configuration_shares(
    app: App, server: GuildHandle, simcord_env: Env, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[str] = []

    async def welcome(tenant: str) -> None:
        met.append(tenant)

    monkeypatch.setattr(app.desk.intake, "welcome", welcome)
    guild = simcord_env.bot.get_guild(server.id)
    simcord_env.bot.dispatch("guild_join", guild)
    await simcord_env.settle()
    assert met == [f"discord:{server.id}"]


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize("name", ["brief", "Brief this"])
async def test_where_the_bot_may_not_post_the_answer_is_for_the_one_who_asked(
    server: GuildHandle, editor: MemberActor, simcord_env: Env, name: str
) -> None:
    me = simcord_env.bot.user
    assert me is not None
    closed = server.create_text_channel("closed", overwrites={me: discord.PermissionOverwrite(send_messages=False)})
    linked = await editor.send(closed, "see https://127.0.0.1/a and https://127.0.0.1/b")
    asked = editor.context_menu(closed, name, linked) if name == "Brief this" else editor.slash(closed, name)
    answers = shown(await asked)
    assert "my role lacks Send Messages" in words(answers[0].message)
    assert ("127" if name == "Brief this" else "Lyman") in words(answers[1].message)
    assert all(one.ephemeral for one in answers)
    assert [one.id for one in closed.history() if not one.flags.ephemeral] == [linked.id]


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize("lacking", ["attach_files", "read_message_history"])
async def test_a_mention_is_answered_with_what_the_bot_may_do(
    server: GuildHandle, reader: MemberActor, simcord_env: Env, lacking: str
) -> None:
    me = simcord_env.bot.user
    assert me is not None
    room = server.create_text_channel("room", overwrites={me: discord.PermissionOverwrite(**{lacking: False})})
    await reader.send(room, f"<@{me.id}> bridges")
    (answer,) = [one for one in posts(room) if one.author.id == me.id]
    assert "Lyman" in words(answer)
    assert bool(pictures(answer)) is (lacking != "attach_files")
    assert (answer.reference is None) is (lacking == "read_message_history")
