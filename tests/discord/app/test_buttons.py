"""Buttons and menus below posts, pressed at once, twice, and after a restart."""

from zoneinfo import ZoneInfo

import discord
import pytest
from simcord import ChannelHandle, Env, GuildHandle, MemberActor
from simcord.results import InteractionResult, ResponseMessage

from adapters.discord.client import DatelineClient
from bot.app import App
from tests.discord.seen import buttons, menus, words


def shown(result: InteractionResult) -> list[ResponseMessage]:
    return [one for one in (result.response, *result.followups) if one is not None]


@pytest.fixture
async def briefing(newsroom: ChannelHandle, reader: MemberActor) -> discord.Message:
    """A briefing in the channel."""
    return shown(await reader.slash(newsroom, "brief"))[0].message


async def test_why_and_more_are_for_the_one_who_presses(briefing: discord.Message, editor: MemberActor) -> None:
    why = shown(await editor.click(briefing, label="Why?"))
    assert why[0].ephemeral
    assert "Two bridges near Lyman" in words(why[0].message).replace("\\", "")
    more = shown(await editor.click(briefing, label="More"))
    assert more[0].ephemeral
    assert "Lyman" in words(more[0].message)


async def test_buttons_work_after_a_restart(
    briefing: discord.Message, reader: MemberActor, simcord_env: Env, app: App, newsroom: ChannelHandle
) -> None:
    assert "Why?" in buttons(briefing)
    await simcord_env.restart_bot(DatelineClient(app.desk, ZoneInfo("UTC"), shards=1))
    message = newsroom.last_message
    assert message is not None
    why = shown(await reader.click(message, label="Why?"))
    assert "Two bridges" in words(why[0].message)


async def test_following_is_for_those_who_may_manage_and_asks_what(
    briefing: discord.Message, reader: MemberActor, editor: MemberActor, app: App, server: GuildHandle
) -> None:
    refused = shown(await reader.click(briefing, label="Follow"))
    assert "/watch add" in words(refused[0].message).replace("\\", "")
    assert refused[0].ephemeral
    question = shown(await editor.click(briefing, label="Follow"))[0]
    assert question.ephemeral
    choices = {label: ident for label, ident in buttons(question.message).items() if ":choose:" in ident}
    if choices:
        picked = shown(await editor.click(question, custom_id=next(iter(choices.values()))))
    else:
        menu = menus(question.message)[0]
        picked = shown(await editor.select(question, [menu.options[0].value], custom_id=menu.custom_id))
    assert [one.id for one in picked] == [question.id]  # in the question's place
    assert "Watch" in words(picked[0].message)
    assert len(await app.store.watches(f"discord:{server.id}")) == 1


async def test_an_ambiguous_place_is_asked_about_and_answered_in_place(
    newsroom: ChannelHandle, reader: MemberActor
) -> None:
    question = shown(await reader.slash(newsroom, "where", place="San Juan"))[0]
    (menu,) = menus(question.message)
    assert any("Puerto Rico" in option.label for option in menu.options)
    picked = await reader.select(question, [menu.options[0].value], custom_id=menu.custom_id)
    assert [one.id for one in shown(picked)] == [question.id]
    assert "San Juan" in words(shown(picked)[0].message)
    assert len(newsroom.history()) == 1


async def test_a_button_of_another_time_says_so(newsroom: ChannelHandle, reader: MemberActor, simcord_env: Env) -> None:
    channel = simcord_env.bot.get_channel(newsroom.id)
    assert isinstance(channel, discord.TextChannel)
    for ident in ("something:else", "dl:why:0123456789abcdef:0", "dl:choose:0123456789abcdef:0"):
        view = discord.ui.View()
        view.add_item(discord.ui.Button(label="Old", custom_id=ident))
        view.stop()
        old = await channel.send("old", view=view)
        answers = shown(await reader.click(old, label="Old"))
        assert answers[-1].ephemeral
        assert "again" in words(answers[-1].message)
