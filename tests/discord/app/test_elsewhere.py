"""Digests and watches of another channel than the one in which somebody asks for them."""

import discord
import pytest
from simcord import ChannelHandle, Env, GuildHandle, MemberActor

from bot.app import App
from tests.discord.app.test_commands import shown
from tests.discord.seen import buttons, words


@pytest.fixture
def forum(server: GuildHandle) -> ChannelHandle:
    """A forum, in which nobody can give a command."""
    return server.create_forum_channel("briefings")


async def test_a_forum_gets_its_digest_from_a_command_given_elsewhere(
    newsroom: ChannelHandle, forum: ChannelHandle, editor: MemberActor, app: App, server: GuildHandle
) -> None:
    made = await editor.slash(newsroom, "digest add", time="07:30", channel=forum)
    assert words(shown(made)[0].message).startswith("\\#briefings: Digest")
    (kept,) = await app.store.subscriptions(f"discord:{server.id}")
    assert kept.channel == f"discord:{server.id}:{forum.id}"
    listed = await editor.slash(newsroom, "digest list", channel=forum)
    assert "Digests of \\#briefings" in words(shown(listed)[0].message)
    assert kept.id in words(shown(listed)[0].message)
    assert kept.id not in words(shown(await editor.slash(newsroom, "digest list"))[0].message)
    offered = await editor.autocomplete(newsroom, "digest remove", "id", "", channel=forum)
    assert [one["value"] for one in offered] == [kept.id]


async def test_nothing_is_planned_where_the_bot_may_not_post(
    server: GuildHandle, newsroom: ChannelHandle, editor: MemberActor, simcord_env: Env, app: App
) -> None:
    me = simcord_env.bot.user
    assert me is not None
    for right in ("send_messages", "view_channel"):
        other = server.create_text_channel(right, overwrites={me: discord.PermissionOverwrite(**{right: False})})
        refused = shown(await editor.slash(newsroom, "watch add", about="Lyman", channel=other))
        assert "my role lacks" in words(refused[0].message)
    assert not await app.store.watches(f"discord:{server.id}")


async def test_a_choice_for_another_channel_is_to_be_typed_since_a_button_means_this_one(
    newsroom: ChannelHandle, forum: ChannelHandle, editor: MemberActor
) -> None:
    (asked,) = shown(await editor.slash(newsroom, "watch add", about="Springfield", channel=forum))
    assert "channel:#briefings`" in words(asked.message)
    assert not buttons(asked.message)
