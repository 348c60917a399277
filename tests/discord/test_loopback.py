"""The loopback Discord against plain discord.py clients: that it keeps Discord's rules."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aiohttp
import discord
import pytest
from discord import app_commands

from tests.discord.loopback import Drop, HandTime, Loopback, Lose, TooMany, broken, serving, texts, waiting
from tests.discord.loopback.limits import Fault


@pytest.fixture
def time() -> Iterator[HandTime]:
    hand = HandTime()
    with waiting(hand):
        yield hand


class Plain(discord.AutoShardedClient):
    """A client that answers one command, as late as it is told to, and remembers what it heard."""

    def __init__(self, **options: bool) -> None:
        wanted = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, **options)
        super().__init__(intents=wanted, guild_ready_timeout=0.01)
        self.tree = app_commands.CommandTree(self)
        self.release = asyncio.Event()
        self.heard: asyncio.Queue[str] = asyncio.Queue()
        self.failed: list[BaseException] = []
        self.resumed = 0

        @self.tree.command(name="brief", description="What is new")
        async def brief(interaction: discord.Interaction, about: str) -> None:
            self.heard.put_nowait(about)
            await self.release.wait()
            await interaction.response.defer(thinking=True, ephemeral=True)
            await interaction.followup.send(f"Nothing about {about}")

        @self.tree.error
        async def failed(_: discord.Interaction, error: app_commands.AppCommandError) -> None:
            self.failed.append(error.__cause__ or error)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.heard.put_nowait(message.content)

    async def on_shard_resumed(self, _: int) -> None:
        self.resumed += 1


@asynccontextmanager
async def connected(loopback: Loopback, **options: bool) -> AsyncIterator[Plain]:
    """A client that is ready, or the error that keeps it from getting there."""
    async with Plain(**options) as client:
        running = asyncio.create_task(client.start(loopback.token))
        ready = asyncio.create_task(client.wait_until_ready())
        await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if running.done():
            running.result()
        yield client
    await running


async def test_a_client_connects_posts_and_is_heard(loopback: Loopback) -> None:
    news = loopback.world.channel(loopback.world.guild())
    async with connected(loopback) as client:
        channel = client.get_channel(news.id)
        assert isinstance(channel, discord.TextChannel)
        view = discord.ui.LayoutView()
        view.add_item(discord.ui.Container(discord.ui.TextDisplay("Nine boats"), discord.ui.TextDisplay("sank.")))
        sent = await channel.send(view=view)
        thread = await sent.create_thread(name="More")
        await thread.send("Five, says another.")
        assert [texts(one) for one in news.messages.values()] == ["Nine boats\nsank."]
        assert [message.content async for message in thread.history()] == ["Five, says another."]
        reader = loopback.world.user("reader")
        await loopback.says("hello all", news, reader)
        await loopback.says(f"<@{client.application_id}> Lyman", news, reader)
        await loopback.says("Kyiv", loopback.world.direct(reader), reader)
        heard = [await client.heard.get() for _ in range(3)]
        assert heard == ["", f"<@{client.application_id}> Lyman", "Kyiv"], "content needs its intent"
    assert loopback.rest.unknown == []


async def test_an_answer_is_taken_within_three_seconds_and_not_later(loopback: Loopback, time: HandTime) -> None:
    news = loopback.world.channel(loopback.world.guild())
    async with connected(loopback) as client:
        late = await loopback.command("brief", {"about": "Lyman"}, news)
        await client.heard.get()
        time.now += 3.1
        client.release.set()
        await loopback.settled(late)
        early = await loopback.command("brief", {"about": "Kyiv"}, news)
        await loopback.until(lambda: early.answers)
        assert (late.after, late.late, early.after) == (None, 1, 0.0)
        assert [answer["content"] for answer in early.answers] == ["Nothing about Kyiv"]
        assert [answer["flags"] for answer in early.answers] == [64], "as private as the acknowledgement was"
        (error,) = client.failed
        assert isinstance(error, discord.NotFound)
        assert error.code == 10062
    assert not news.messages


@pytest.mark.parametrize("fault", [Drop(), Drop(reset=True), Lose()])
async def test_a_repeated_nonce_makes_no_second_message(loopback: Loopback, fault: Fault, time: HandTime) -> None:
    news = loopback.world.channel(loopback.world.guild())
    async with connected(loopback) as client:
        channel = client.get_channel(news.id)
        assert isinstance(channel, discord.TextChannel)
        loopback.orders.give("post", fault)
        with pytest.raises((OSError, aiohttp.ClientError)):
            await channel.send("Nine boats sank.", nonce="n1")
        assert len(news.messages) == isinstance(fault, Drop)
        again = [await channel.send("Nine boats sank.", nonce="n1") for _ in range(2)]
        assert [message.id for message in again] == [*news.messages] * 2
        time.now += 3600
        await channel.send("Nine boats sank.", nonce="n1")
        assert len(news.messages) == 2, "a nonce is remembered for minutes only"


async def test_no_more_posts_than_the_limits_allow(loopback: Loopback, time: HandTime) -> None:
    guild = loopback.world.guild()
    rooms = [loopback.world.channel(guild) for _ in range(60)]
    async with connected(loopback) as client:
        channels = [client.get_partial_messageable(room.id) for room in rooms]
        began = time.now
        for number in range(11):
            await channels[0].send(str(number))
        assert sum(loopback.rest.limits.refused.values()) == 0, "discord.py keeps to what the headers say"
        assert 10.0 <= time.now - began <= 15.0
        await asyncio.gather(*(channel.send("all at once") for channel in channels))
        assert loopback.rest.limits.refused["global"] > 0, "it knows nothing of the limit over all routes"
        assert [len(room.messages) for room in rooms] == [12] + [1] * 59


async def test_a_message_over_a_limit_is_refused(loopback: Loopback) -> None:
    news = loopback.world.channel(loopback.world.guild())
    async with connected(loopback) as client:
        channel = client.get_partial_messageable(news.id)
        for texts_ in (["a" * 4001], ["a" * 3999, "😀"], ["a"] * 41):
            view = discord.ui.LayoutView()
            for text in texts_:
                view._children.append(discord.ui.TextDisplay(text))  # past the library's own counting
            with pytest.raises(discord.HTTPException, match="Invalid Form Body") as refused:
                await channel.send(view=view)
            assert refused.value.code == 50035
    assert not news.messages


async def test_errors_of_the_server_are_tried_again_by_the_library(loopback: Loopback, time: HandTime) -> None:
    news = loopback.world.channel(loopback.world.guild())
    async with connected(loopback) as client:
        channel = client.get_partial_messageable(news.id)
        loopback.orders.give("post", broken(500), broken(502), TooMany(7.5), TooMany(9.0, everywhere=True))
        await channel.send("at last")
        assert [wait for wait in time.waits if wait in (1, 3, 7.5, 9.0)] == [1, 3, 7.5, 9.0]
        loopback.orders.give("post", broken(503))
        with pytest.raises(discord.DiscordServerError):
            await channel.send("never")
    assert len(news.messages) == 1


@pytest.mark.parametrize("how", ["cut", "4000", "4009", "reconnect"])
async def test_what_happens_during_a_break_is_heard_after_it(loopback: Loopback, how: str) -> None:
    news = loopback.world.channel(loopback.world.guild())
    async with connected(loopback) as client:
        await loopback.break_off(how)
        await loopback.command("brief", {"about": "Lyman"}, news)
        assert await client.heard.get() == "Lyman"
        (session,) = loopback.gateway.live
        assert (session.resumes, loopback.gateway.identifies) == (1, 1)


async def test_a_session_that_is_forgotten_begins_anew(loopback: Loopback) -> None:
    loopback.world.channel(loopback.world.guild())
    async with connected(loopback):
        loopback.gateway.cut()
        loopback.gateway.forget()
        await loopback.until(lambda: loopback.gateway.live and loopback.gateway.identifies == 2)


async def test_two_shards_hear_of_their_own_servers(time: HandTime) -> None:
    async with serving(time, sharding=2) as loopback:
        rooms = [loopback.world.channel(loopback.world.guild(shard=shard)) for shard in (0, 1)]
        async with connected(loopback) as client:
            assert 5.0 in time.waits, "one identify in five seconds"
            for room in rooms:
                await loopback.command("brief", {"about": room.name}, room)
                await client.heard.get()
            heard = [[event for event, _ in one.log].count("INTERACTION_CREATE") for one in loopback.gateway.live]
            assert heard == [1, 1]


async def test_a_wrong_token_and_a_forbidden_intent_end_the_connection(loopback: Loopback) -> None:
    loopback.gateway.privileged = 0
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with connected(loopback, message_content=True):
            pass
    loopback.token = "another"
    with pytest.raises(discord.LoginFailure):
        async with connected(loopback):
            pass
