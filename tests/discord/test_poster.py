"""Posts in a simulated Discord: where they go, that they come once, and what is said when they can't."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import discord
import pytest
from aiohttp.client_reqrep import ConnectionKey
from simcord import ChannelHandle, Env, GuildHandle, MemberActor

from adapters.discord.poster import DiscordPoster, mark
from bot.delivery import Outbox
from bot.errors import DeliveryError
from bot.store import Store
from bot.types import Briefing, Channel, Digest
from tests.adapters.build import briefing, digest
from tests.discord.seen import buttons, pictures, posts, requests, words
from tests.fakes import HandClock

IDENT = "0123456789abcdef"
SHORT = digest(briefing())
LONG = digest(*(briefing(f"Story {n}: " + "the town changed hands again " * 40, f"Headline {n}") for n in range(6)))


async def keep(_channel: Channel, shown: Digest) -> str:
    assert (shown.part, shown.parts) == (0, 1), "the whole digest has one ident, whatever part is posted"
    return IDENT


async def draw(made: Briefing) -> bytes | None:
    return b"\x89PNG" if made.places else None


@pytest.fixture
def poster(simcord_env: Env) -> DiscordPoster:
    return DiscordPoster(simcord_env.bot, ZoneInfo("UTC"), keep=keep, draw=draw)


def at(room: ChannelHandle) -> Channel:
    return Channel("discord", str(room.guild.id) if room.guild else "@1", str(room.id))


def own(env: Env) -> discord.ClientUser:
    """The bot itself."""
    assert env.bot.user is not None
    return env.bot.user


# --- what is posted


async def test_a_digest_is_posted_with_its_buttons_and_its_map(poster: DiscordPoster, room: ChannelHandle) -> None:
    assert [part.parts for part in poster.parts(SHORT)] == [1]
    ident = await poster.post(at(room), SHORT, "k")
    (post,) = posts(room)
    assert str(post.id) == ident
    assert "**Lyman** changed hands" in words(post)
    assert list(buttons(post)) == ["Why?", "More", "Follow"]
    assert buttons(post)["Why?"] == f"dl:why:{IDENT}:0"
    ((name, alt),) = pictures(post)
    assert name == "map-1.png"
    assert alt.startswith("Map: Lyman (Donetsk Oblast, Ukraine)")


async def test_nobody_is_pinged_by_an_article(simcord_env: Env, poster: DiscordPoster, room: ChannelHandle) -> None:
    await poster.post(at(room), digest(briefing(f"@everyone look, <@{own(simcord_env).id}> @here")), "k")
    (sent,) = requests(simcord_env, "POST", "/messages")
    assert sent["allowed_mentions"]["parse"] == []
    (post,) = posts(room)
    assert (post.mention_everyone, post.mentions) == (False, [])


async def test_a_long_digest_goes_on_in_the_thread_of_its_first_message(
    poster: DiscordPoster, room: ChannelHandle
) -> None:
    parts = poster.parts(LONG)
    assert len(parts) > 2
    root = await poster.post(at(room), parts[0], "k")
    ids = [await poster.post(at(room), part, f"k+{part.part}", thread=root) for part in parts[1:]]
    (first,) = posts(room)
    assert [f"- Headline {n}" in words(first) for n in range(6)] == [True] * 6, "an overview comes first"
    (thread,) = room.threads
    assert (thread.name, thread.id) == ("Digest", int(root))
    below = posts(thread)
    assert [str(post.id) for post in below] == ids
    assert all(any(f"Story {n}:" in words(post) for post in [first, *below]) for n in range(6))


async def test_where_threads_may_not_be_made_it_goes_on_below(
    simcord_env: Env, poster: DiscordPoster, server: GuildHandle
) -> None:
    may = discord.PermissionOverwrite(create_public_threads=False)
    room = server.create_text_channel("quiet", overwrites={own(simcord_env): may})
    first, second, *_ = poster.parts(LONG)
    root = await poster.post(at(room), first, "k")
    below = await poster.post(at(room), second, "k+1", thread=root)
    assert [str(post.id) for post in posts(room)] == [root, below]
    assert posts(room)[1].reference.message_id == int(root)  # type: ignore[union-attr] # it is a reply
    assert await poster.find(at(room), "k+1", thread=root) == below
    await poster.edit(at(room), below, second, "k+1", thread=root)


async def test_in_a_thread_it_goes_on_in_the_same_thread(
    simcord_env: Env, poster: DiscordPoster, room: ChannelHandle
) -> None:
    text = simcord_env.bot.get_channel(room.id)
    assert isinstance(text, discord.TextChannel)
    await text.create_thread(name="talk", type=discord.ChannelType.public_thread)
    (thread,) = room.threads
    first, second, *_ = poster.parts(LONG)
    root = await poster.post(at(thread), first, "k")
    await poster.post(at(thread), second, "k+1", thread=root)
    written = posts(thread)
    assert len(written) == 2
    assert await poster.find(at(thread), "k+1", thread=root) == str(written[1].id)


@pytest.fixture
def forum(simcord_env: Env, server: GuildHandle, monkeypatch: pytest.MonkeyPatch) -> ChannelHandle:
    """A forum, in which a post has the number of its first message, as on Discord; the simulation numbers both."""
    backend = simcord_env.backend
    make = backend.create_forum_post

    def create_forum_post(forum_id: int, name: str, starter: Any, **given: Any) -> Any:
        numbered = partial(type(backend).create_thread, backend, message_id=starter.id)
        monkeypatch.setattr(backend, "create_thread", numbered)
        return make(forum_id, name, starter, **given)

    monkeypatch.setattr(backend, "create_forum_post", create_forum_post)
    return server.create_forum_channel("briefings")


async def test_a_forum_gets_a_post_and_the_rest_below_it(poster: DiscordPoster, forum: ChannelHandle) -> None:
    first, second, *_ = poster.parts(LONG)
    root = await poster.post(at(forum), first, "k")
    below = await poster.post(at(forum), second, "k+1", thread=root)
    (thread,) = forum.threads
    assert thread.name == "Digest"
    assert [str(post.id) for post in posts(thread)][-1] == below
    assert await poster.find(at(forum), "k") == root
    assert await poster.find(at(forum), "k+1", thread=root) == below
    assert await poster.find(at(forum), "another") is None
    await poster.edit(at(forum), root, SHORT, "k")
    assert "**Lyman**" in words(posts(thread)[0])


async def test_a_voice_channel_and_an_announcement_channel_are_posted_in(
    poster: DiscordPoster, server: GuildHandle
) -> None:
    first, second, *_ = poster.parts(LONG)
    for room in (server.create_voice_channel("voice"), server.create_news_channel("news")):
        root = await poster.post(at(room), first, "k")
        below = await poster.post(at(room), second, "k+1", thread=root)
        assert await poster.find(at(room), "k+1", thread=root) == below


async def test_direct_messages(simcord_env: Env, poster: DiscordPoster, reader: MemberActor) -> None:
    chat = await simcord_env.bot.create_dm(discord.Object(reader.id))
    here = Channel("discord", f"@{reader.id}", str(chat.id))
    first, second, *_ = poster.parts(LONG)
    root = await poster.post(here, first, "k")
    below = await poster.post(here, second, "k+1", thread=root)
    assert await poster.find(here, "k+1", thread=root) == below
    await poster.tell("discord:1", str(reader.id), "The feed *One* is broken: @everyone")
    last = await anext(chat.history(limit=1))
    assert words(last) == r"The feed \*One\* is broken: \@everyone"


async def test_a_post_without_its_map_where_files_may_not_be_attached(
    simcord_env: Env, poster: DiscordPoster, server: GuildHandle
) -> None:
    may = discord.PermissionOverwrite(attach_files=False)
    room = server.create_text_channel("plain", overwrites={own(simcord_env): may})
    await poster.post(at(room), SHORT, "k")
    (post,) = posts(room)
    assert (pictures(post), post.attachments) == ([], [])
    assert "Lyman" in words(post)


# --- once


async def test_after_a_restart_a_post_is_found_by_its_key(
    simcord_env: Env, poster: DiscordPoster, room: ChannelHandle, reader: MemberActor
) -> None:
    root = await poster.post(at(room), SHORT, "k")
    await reader.send(room, "thanks")
    await simcord_env.restart_bot(discord.Client(intents=discord.Intents(guilds=True)))
    anew = DiscordPoster(simcord_env.bot, ZoneInfo("UTC"), keep=keep, draw=draw)
    assert await anew.find(at(room), "k") == root
    assert await anew.find(at(room), "k2") is None
    assert await anew.find(at(room), "k+1", thread=root) is None, "the thread isn't there yet"


async def test_a_lost_answer_is_asked_for_once_more_with_the_same_nonce(
    poster: DiscordPoster, room: ChannelHandle, wire: "Wire"
) -> None:
    wire.break_after("POST", [aiohttp.ServerDisconnectedError()])
    ident = await poster.post(at(room), SHORT, "k")
    assert [str(post.id) for post in posts(room)] == [ident]
    (one, two) = wire.nonces
    assert one == two
    assert len(one) <= 25
    await poster.post(at(room), SHORT, "another")
    assert wire.nonces[2] != one


async def test_lost_twice_it_is_unclear_and_the_outbox_finds_it(
    store: Store, clock: HandClock, poster: DiscordPoster, room: ChannelHandle, wire: "Wire"
) -> None:
    outbox = Outbox(store, {"discord": poster}, clock, jitter=lambda: 1.0)
    await outbox.intend("k", at(room), LONG)
    wire.break_after("POST", [ConnectionResetError(), aiohttp.ServerDisconnectedError()])
    assert (await outbox.run_once()).waiting == ["k"]
    assert len(posts(room)) == 1
    clock.advance(minutes=1)
    outcome = await outbox.run_once()
    assert outcome.settled == ["k", *(f"k+{part.part}" for part in poster.parts(LONG)[1:])]
    assert len(posts(room)) == 1
    (thread,) = room.threads
    assert len(posts(thread)) == len(outcome.settled) - 1


async def test_corrected_it_shows_the_new_words_and_keeps_its_mark(poster: DiscordPoster, room: ChannelHandle) -> None:
    ident = await poster.post(at(room), SHORT, "k")
    for _ in range(2):
        await poster.edit(at(room), ident, digest(briefing("Nine boats sank.", "Boats")), "k")
    (post,) = posts(room)
    assert "Nine boats sank." in words(post)
    assert "changed hands, Olena" not in words(post)
    assert len(post.attachments) == len(pictures(post)) == 1
    assert await poster.find(at(room), "k") == ident


async def test_a_part_that_a_correction_made_needless_says_where_its_news_is(
    poster: DiscordPoster, room: ChannelHandle
) -> None:
    first, second, *_ = poster.parts(LONG)
    root = await poster.post(at(room), first, "k")
    below = await poster.post(at(room), second, "k+1", thread=root)
    shorter = Digest(SHORT.title, None, SHORT.until, SHORT.briefings, part=1, parts=len(poster.parts(LONG)))
    await poster.edit(at(room), below, shorter, "k+1", thread=root)
    (thread,) = room.threads
    assert [words(post) for post in posts(thread)] == ["-# Corrected: what stood here is in the post above now."]


async def test_a_thread_that_is_refused_or_has_just_been_deleted_closes_nothing(
    simcord_env: Env, poster: DiscordPoster, room: ChannelHandle
) -> None:
    first, second, third, *_ = poster.parts(LONG)
    root = await poster.post(at(room), first, "k")
    simcord_env.inject_error("POST", "/channels/*/messages/*/threads", status=400, code=160006)
    below = await poster.post(at(room), second, "k+1", thread=root)
    simcord_env.inject_error("POST", f"/channels/{root}/messages", status=404, code=10003)
    last = await poster.post(at(room), third, "k+2", thread=root)
    assert [str(post.id) for post in posts(room)] == [root, below, last]


async def test_a_forums_post_that_has_been_deleted_ends_only_what_belongs_to_it(
    simcord_env: Env, poster: DiscordPoster, forum: ChannelHandle
) -> None:
    first, second, *_ = poster.parts(LONG)
    root = await poster.post(at(forum), first, "k")
    simcord_env.inject_error("POST", f"/channels/{root}/messages", status=404, code=10003)
    with pytest.raises(DeliveryError, match="deleted") as caught:
        await poster.post(at(forum), second, "k+1", thread=root)
    assert (caught.value.permanent, caught.value.closed) == (True, False)


# --- what can't be done


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (403, 50001, {"closed": True, "says": "View Channel"}),
        (403, 50013, {"closed": True, "says": "Send Messages"}),
        (404, 10003, {"closed": True, "says": "channel is gone"}),
        (400, 160005, {"closed": True, "says": "unlock"}),
        (400, 50035, {"permanent": True, "says": "50035"}),
        (403, 50007, {"permanent": True, "says": "no direct messages"}),
        (500, 0, {"unclear": True, "says": "fault"}),
        (503, 0, {"unclear": True, "says": "fault"}),
        (429, 0, {"says": "come back"}),
        (401, 0, {"says": "refuses"}),
    ],
)
async def test_each_refusal_is_told_in_words(
    simcord_env: Env, poster: DiscordPoster, room: ChannelHandle, status: int, code: int, expected: dict[str, Any]
) -> None:
    simcord_env.inject_error("POST", "/channels/*/messages", status=status, code=code)
    with pytest.raises(DeliveryError) as caught:
        await poster.post(at(room), SHORT, "k")
    assert expected.pop("says") in str(caught.value)
    outcome = {name: True for name in ("closed", "permanent", "unclear") if getattr(caught.value, name)}
    assert outcome == expected | ({"permanent": True} if "closed" in expected else {})


async def test_how_long_to_wait_is_what_discord_says(poster: DiscordPoster, room: ChannelHandle, wire: "Wire") -> None:
    wire.break_before("POST", discord.RateLimited(90))
    with pytest.raises(DeliveryError) as caught:
        await poster.post(at(room), SHORT, "k")
    assert caught.value.retry_after == timedelta(seconds=90)
    assert not caught.value.unclear


async def test_unreachable_is_not_unclear(poster: DiscordPoster, room: ChannelHandle, wire: "Wire") -> None:
    address = ConnectionKey(
        "discord.com", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None
    )
    wire.break_before("POST", aiohttp.ClientConnectorError(address, OSError("down")))
    with pytest.raises(DeliveryError, match="can't be reached") as caught:
        await poster.post(at(room), SHORT, "k")
    assert not caught.value.unclear


async def test_a_missing_permission_is_named(simcord_env: Env, poster: DiscordPoster, server: GuildHandle) -> None:
    may = discord.PermissionOverwrite(send_messages=False, read_message_history=False)
    room = server.create_text_channel("silent", overwrites={own(simcord_env): may})
    with pytest.raises(DeliveryError, match="needs Send Messages in silent") as caught:
        await poster.post(at(room), SHORT, "k")
    assert caught.value.closed
    assert requests(simcord_env, "POST", "/messages") == [], "Discord isn't asked in vain"
    with pytest.raises(DeliveryError, match="needs Read Message History"):
        await poster.find(at(room), "k")


async def test_a_channel_that_is_gone_or_none_or_of_another_kind(poster: DiscordPoster, server: GuildHandle) -> None:
    for ident in ("123", "general", str(server.create_category("all").id)):
        with pytest.raises(DeliveryError) as caught:
            await poster.post(Channel("discord", str(server.id), ident), SHORT, "k")
        assert caught.value.closed


async def test_a_deleted_message_is_not_edited_again(poster: DiscordPoster, room: ChannelHandle) -> None:
    ident = await poster.post(at(room), SHORT, "k")
    await posts(room)[0].delete()
    with pytest.raises(DeliveryError, match="deleted") as caught:
        await poster.edit(at(room), ident, SHORT, "k")
    assert caught.value.permanent


async def test_without_a_connection_nothing_is_sent(room: ChannelHandle) -> None:
    offline = DiscordPoster(discord.Client(intents=discord.Intents.none()), ZoneInfo("UTC"), keep=keep, draw=draw)
    with pytest.raises(DeliveryError, match="isn't connected") as caught:
        await offline.post(at(room), SHORT, "k")
    assert not caught.value.unclear
    assert not caught.value.permanent


async def test_an_archived_thread_is_opened_for_a_correction(
    simcord_env: Env, poster: DiscordPoster, room: ChannelHandle
) -> None:
    first, second, *_ = poster.parts(LONG)
    root = await poster.post(at(room), first, "k")
    below = await poster.post(at(room), second, "k+1", thread=root)
    simcord_env.inject_error("PATCH", f"/channels/{root}/messages/*", status=400, code=50083)
    await poster.edit(at(room), below, second, "k+1", thread=root)
    assert {"archived": False} in requests(simcord_env, "PATCH", f"/channels/{root}")


def test_marks_differ_and_stay_above_the_numbers_that_discord_gives() -> None:
    marks = {mark(f"k{n}") for n in range(1000)}
    assert len(marks) == 1000
    assert min(marks) >= 2**30
    assert max(marks) < 2**31


class Wire:
    """Stands between the library and the simulated Discord: breaks, and as Discord does, takes a nonce only once."""

    def __init__(self, request: Callable[..., Any]) -> None:
        self._request = request
        self._before: list[tuple[str, Exception]] = []
        self._after: list[tuple[str, Exception]] = []
        self._taken: dict[str, Any] = {}
        self.nonces: list[str] = []

    def break_before(self, method: str, error: Exception) -> None:
        self._before.append((method, error))

    def break_after(self, method: str, errors: list[Exception]) -> None:
        self._after += [(method, error) for error in errors]

    async def request(self, route: discord.http.Route, **given: Any) -> Any:
        if self._before and self._before[0][0] == route.method:
            raise self._before.pop(0)[1]
        answer = await self._once(route, given)
        if self._after and self._after[0][0] == route.method:
            raise self._after.pop(0)[1]
        return answer

    async def _once(self, route: discord.http.Route, given: dict[str, Any]) -> Any:
        body = (
            given.get("json") or discord.utils._from_json(given["form"][0]["value"]) if route.method == "POST" else {}
        )
        if not body.get("enforce_nonce"):
            return await self._request(route, **given)
        self.nonces.append(body["nonce"])
        if body["nonce"] not in self._taken:
            self._taken[body["nonce"]] = await self._request(route, **given)
        return self._taken[body["nonce"]]


@pytest.fixture
def wire(simcord_env: Env, monkeypatch: pytest.MonkeyPatch) -> Wire:
    between = Wire(simcord_env.bot.http.request)
    monkeypatch.setattr(simcord_env.bot.http, "request", between.request)
    return between
