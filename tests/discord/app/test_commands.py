"""Slash commands, as somebody in a server gives them."""

from zoneinfo import ZoneInfo

import discord
import pytest
from simcord import ChannelHandle, Env, GuildHandle, MemberActor
from simcord.results import InteractionResult, ResponseMessage

from adapters.discord.client import DatelineClient
from adapters.discord.front import links
from bot.app import App
from bot.commands import COMMANDS
from bot.types import Digest
from tests.adapters.build import briefing, digest
from tests.discord.app.conftest import follow
from tests.discord.seen import buttons, pictures, posts, words

GIVEN = {
    "brief": {"about": "bridges"},
    "where": {"place": "Sloviansk"},
    "said": {"source": "Olena Hrytsenko"},
    "digest add": {"time": "07:30"},
    "digest edit": {"id": "none"},
    "digest remove": {"id": "none"},
    "digest pause": {"id": "none"},
    "digest resume": {"id": "none"},
    "watch add": {"about": "Sloviansk"},
    "watch remove": {"id": "none"},
    "watch pause": {"id": "none"},
    "watch resume": {"id": "none"},
    "feeds add": {"url": "http://127.0.0.1/feed"},
    "feeds remove": {"url": "https://unknown.example/feed"},
    "feeds import": {"list": "no list"},
}
PUBLIC = {"brief", "where", "said", "digest now"}
REFUSED = {name for name, given in GIVEN.items() if "none" in given.values()} | {
    "feeds add",
    "feeds remove",
    "feeds import",
}


def shown(result: InteractionResult) -> list[ResponseMessage]:
    """What the person sees, in order."""
    return [one for one in (result.response, *result.followups) if one is not None]


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
async def test_each_command_is_answered(newsroom: ChannelHandle, editor: MemberActor, name: str) -> None:
    result = await editor.slash(newsroom, name, **GIVEN.get(name, {}))
    answers = shown(result)
    assert answers
    assert all(words(one.message).strip() for one in answers)
    assert all(one.ephemeral is (name not in PUBLIC) for one in answers)
    said = " ".join(words(one.message) for one in answers)
    assert "Something went wrong" not in said
    if name in REFUSED:
        assert any(hint in said for hint in ("none", "unknown", "127", "list")), said


async def test_a_briefing_has_its_map_and_its_buttons(newsroom: ChannelHandle, reader: MemberActor) -> None:
    result = await reader.slash(newsroom, "brief")
    message = shown(result)[0].message
    assert "Lyman" in words(message)
    assert {"Why?", "More", "Follow"} <= set(buttons(message))
    assert pictures(message)


async def test_a_long_answer_comes_whole_and_begins_with_its_headlines(
    newsroom: ChannelHandle, reader: MemberActor, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [briefing(f"Story {n}: " + "the town changed hands again " * 40, f"Headline {n}") for n in range(6)]

    async def long(*_asked: object) -> Digest:
        return digest(*made)

    monkeypatch.setattr(app.desk.answers, "brief", long)
    first, *others = shown(await reader.slash(newsroom, "brief"))
    assert [f"- Headline {n}" in words(first.message) for n in range(6)] == [True] * 6
    assert others
    told = " ".join(words(one.message) for one in [first, *others])
    assert [f"Story {n}" in told for n in range(6)] == [True] * 6
    assert len(posts(newsroom)) == 1 + len(others)


async def test_an_error_is_private_and_leaves_nothing_in_the_channel(
    newsroom: ChannelHandle, reader: MemberActor
) -> None:
    result = await reader.slash(newsroom, "said", source="Nobody Known")
    assert [one.ephemeral for one in shown(result)] == [True]
    assert "Nobody Known" in words(shown(result)[0].message)
    assert not [one for one in newsroom.history() if not one.flags.ephemeral]


async def test_a_fault_is_told_with_an_id_that_the_log_has(
    newsroom: ChannelHandle, reader: MemberActor, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_args: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(app.desk.answers, "brief", broken)
    result = await reader.slash(newsroom, "brief")
    text = words(shown(result)[0].message)
    assert "Something went wrong (id " in text
    assert "secret" not in text
    assert shown(result)[0].ephemeral


async def test_the_answer_is_acknowledged_before_the_store_is_asked(
    newsroom: ChannelHandle, reader: MemberActor, app: App, simcord_env: Env, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    welcome = app.desk.intake.welcome

    async def watched(tenant: str) -> None:
        calls.append(sum(call.path.endswith("/callback") for call in simcord_env.http_requests))
        await welcome(tenant)

    monkeypatch.setattr(app.desk.intake, "welcome", watched)
    user = simcord_env.create_user("writer")
    await user.slash("help")
    await reader.slash(newsroom, "help")
    assert calls == [1, 2]  # each time the acknowledgement had gone out before


async def test_an_acknowledgement_whose_answer_was_lost_is_answered_all_the_same(
    newsroom: ChannelHandle, reader: MemberActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    defer = discord.InteractionResponse.defer
    broken: list[bool] = []

    async def lost(self: discord.InteractionResponse[discord.Client], **given: bool) -> None:
        if not broken:
            broken.append(True)
            await self._parent.client.http.request(  # Discord takes it, and its answer is lost on the way
                discord.http.Route("POST", f"/interactions/{self._parent.id}/{self._parent.token}/callback"),
                json={"type": 5},
            )
            raise ConnectionResetError
        await defer(self, **given)

    monkeypatch.setattr(discord.InteractionResponse, "defer", lost)
    assert "Lyman" in words(shown(await reader.slash(newsroom, "brief"))[0].message)


async def test_completion_offers_what_is_known(newsroom: ChannelHandle, editor: MemberActor) -> None:
    assert "Slovyansk" in [one["value"] for one in await editor.autocomplete(newsroom, "where", "place", "Sloviansk")]
    for command in COMMANDS:
        for option in command.options:
            if option.kind not in {"text", "url", "length", "watched"}:
                offered = await editor.autocomplete(newsroom, command.name, option.name, "")
                assert len(offered) <= 25


async def test_an_address_too_long_for_discord_is_completed_and_works(
    newsroom: ChannelHandle, editor: MemberActor, app: App, server: GuildHandle
) -> None:
    long = f"https://news.example/{'deep/' * 40}feed.xml"
    tenant = f"discord:{server.id}"
    await app.desk.intake.follow_unseen(tenant, long, person="1")
    await app.desk.intake.follow_unseen(tenant, f"{long}2", person="1")
    offered = await editor.autocomplete(newsroom, "feeds remove", "url", "news.example")
    assert len(offered) == 2
    assert all(len(one["value"]) <= 100 and len(one["name"]) <= 100 for one in offered)
    await editor.slash(newsroom, "feeds remove", url=offered[0]["value"])
    assert len(await app.desk.intake.followings(tenant)) == 1


async def test_feeds_are_imported_from_a_file_and_exported_as_one(newsroom: ChannelHandle, editor: MemberActor) -> None:
    opml = b'<opml version="2.0"><body><outline type="rss" xmlUrl="https://news.example/feed"/></body></opml>'
    made = await editor.slash(newsroom, "feeds import", file=("feeds.opml", opml))
    assert "1 feeds are followed" in words(shown(made)[0].message)
    given = await editor.slash(newsroom, "feeds export")
    attached = shown(given)[0].attachments[0]
    assert attached.filename == "feeds.opml"
    assert b"https://news.example/feed" in await attached.read()


async def test_without_a_list_it_is_said_how_to_give_one(newsroom: ChannelHandle, editor: MemberActor) -> None:
    assert "as a file" in words(shown(await editor.slash(newsroom, "feeds import"))[0].message)


async def test_a_file_that_is_too_large_is_refused(newsroom: ChannelHandle, editor: MemberActor) -> None:
    made = await editor.slash(newsroom, "feeds import", file=("feeds.opml", b" " * 1_000_001))
    assert "larger than 1000 kB" in words(shown(made)[0].message)


async def test_an_answer_later_than_discord_waits_goes_to_the_channel_or_to_the_person(
    newsroom: ChannelHandle,
    reader: MemberActor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(discord.Interaction, "is_expired", lambda _self: True)
    await reader.slash(newsroom, "brief")
    assert any("Lyman" in words(one) for one in newsroom.history())
    await reader.slash(newsroom, "feeds list")
    assert any("Feeds" in words(one) for one in reader.user.dm_channel.history())


async def test_a_direct_message_has_commands_of_its_own(simcord_env: Env, app: App) -> None:
    user = simcord_env.create_user("writer")
    await follow(app, f"discord:@{user.id}")
    assert "Lyman" in words(shown(await user.slash("brief"))[0].message)
    assert "Digest" in words(shown(await user.slash("digest add", time="07:30"))[0].message)


async def test_a_message_is_briefed_from_its_menu(newsroom: ChannelHandle, reader: MemberActor) -> None:
    bare = await reader.send(newsroom, "nothing to see")
    none = await reader.context_menu(newsroom, "Brief this", bare)
    assert "no link" in words(shown(none)[0].message)
    assert shown(none)[0].ephemeral
    linked = await reader.send(newsroom, "see http://127.0.0.1/a, and (http://127.0.0.2/b).")
    result = await reader.context_menu(newsroom, "Brief this", linked)
    told = "\n".join(words(one.message) for one in shown(result))
    assert "127" in told
    assert len(shown(result)) == 2


async def test_links_are_found_wherever_a_message_has_them(
    newsroom: ChannelHandle, reader: MemberActor, simcord_env: Env
) -> None:
    room = simcord_env.bot.get_channel(newsroom.id)
    assert isinstance(room, discord.TextChannel)
    embed = discord.Embed(title="News", url="https://a.example/1", description="[more](https://a.example/2_(b)).")
    embed.add_field(name="Also", value="<https://a.example/3>")
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.Container(discord.ui.TextDisplay("[[1]](https://a.example/4)")))
    view.stop()
    masked = "[https://shown.example](https://true.example/) ||https://a.example/5|| https://a.example/5"
    assert links(await room.send(embed=embed)) == [f"https://a.example/{path}" for path in ("1", "2_(b)", "3")]
    assert links(await room.send(view=view)) == ["https://a.example/4"]
    written = await reader.send(newsroom, masked)
    found = ["https://shown.example", "https://true.example/", "https://a.example/5"]
    assert links(written) == found
    assert links(await reader.forward(written, newsroom)) == found


async def test_of_a_message_full_of_links_three_are_briefed_and_that_is_said(
    newsroom: ChannelHandle, reader: MemberActor
) -> None:
    full = await reader.send(newsroom, " ".join(f"http://127.0.0.{number}/" for number in range(1, 6)))
    answers = shown(await reader.context_menu(newsroom, "Brief this", full))
    assert len(answers) == 4
    assert "the first 3 of its 5 links" in words(answers[-1].message)


async def test_commands_are_registered_only_when_they_have_changed(app: App, simcord_env: Env) -> None:
    def told() -> int:
        return sum(call.method == "PUT" for call in simcord_env.http_requests)

    assert told() == 1
    await simcord_env.restart_bot(DatelineClient(app.desk, zone(app), shards=1))
    assert told() == 1
    changed = DatelineClient(app.desk, zone(app), shards=1)
    changed.tree.remove_command("said")
    await simcord_env.restart_bot(changed)
    assert told() == 2


def zone(app: App) -> ZoneInfo:
    return ZoneInfo(app.desk.zone)
