import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from adapters.slack.ids import parse
from adapters.slack.poster import rendered
from adapters.slack.render import Message as Written
from bot.delivery import Outbox
from bot.errors import DeliveryError
from bot.store import Store
from bot.types import Channel, DeliveryState, Digest
from tests.adapters.build import NOW, briefing
from tests.fakes import HandClock
from tests.slack.loopback import Loopback, Workspace, faults
from tests.slack.posting import HERE, SHOWN, Stand, news, standing


@pytest.fixture
async def stand(loopback: Loopback, clock: HandClock) -> AsyncIterator[Stand]:
    async with standing(loopback, clock) as made:
        yield made


def long(count: int = 6) -> Digest:
    """A digest that takes several messages."""
    stories = (replace(briefing(point="word " * 800, headline=f"Story {one}"), places=()) for one in range(count))
    return Digest("Morning", None, NOW, tuple(stories))


async def test_a_digest_is_posted_with_its_mark_and_pings_nobody(stand: Stand) -> None:
    ts = await stand.poster.post(HERE, news("<!channel> *sinks*"), "k")
    (post,) = stand.posts
    assert (post.ts, post.thread) == (ts, None)
    assert post.metadata == {"event_type": "dateline_delivery", "event_payload": {"key": "k"}}
    assert "<!channel> *sinks*" in post.words
    assert "<!" not in post.text
    sent = post.sent
    assert [sent[name] for name in ("unfurl_links", "unfurl_media", "link_names", "parse")] == [
        False,
        False,
        False,
        "none",
    ]


async def test_its_buttons_know_what_they_were_shown_with(stand: Stand) -> None:
    await stand.poster.post(HERE, news("Boats sink", "Cranes stand still"), "k")
    rows = [block["elements"] for block in stand.posts[0].blocks if block["type"] == "actions"]
    pressed = [parse(button) for row in rows for button in row]
    assert {(one.ident, one.briefing) for one in pressed} == {(SHOWN, 0), (SHOWN, 1)}


async def test_a_long_digest_begins_with_its_headlines_and_goes_on_in_the_thread(stand: Stand) -> None:
    parts = stand.poster.parts(long())
    assert [(part.part, part.parts) for part in parts] == [(number, len(parts)) for number in range(len(parts))]
    root = await stand.poster.post(HERE, parts[0], "k")
    for part in parts[1:]:
        await stand.poster.post(HERE, part, f"k+{part.part}", thread=root)
    assert [post.thread for post in stand.posts] == [None] + [root] * (len(parts) - 1)
    assert all(f"Story {number}" in stand.posts[0].words for number in range(6))
    whole = "".join(post.words for post in stand.posts)
    assert whole.count("word") == 6 * 800
    assert stand.waits == [1.0] * (len(parts) - 1), "a second between two messages of a channel"


async def test_a_digest_of_five_stories_is_read_in_three_messages(stand: Stand) -> None:
    article = replace(briefing().articles[0], url="https://one.example/" + "a-headline-in-an-address-" * 2)
    words = "What an outlet writes in one sentence of a news article about an event, with Lyman and who says so in it. "
    one = briefing(point=words)
    story = replace(one, points=one.points[:1] * 5, articles=(article, one.articles[1]))
    digest = replace(news(), briefings=tuple(replace(story, headline=f"Story {number}") for number in range(5)))
    parts = stand.poster.parts(digest)
    assert len(parts) <= 3
    await stand.poster.post(HERE, parts[0], "k")
    assert all(f"Story {number}" in stand.posts[0].words for number in range(5))


async def test_commands_are_answered_while_a_digest_is_written(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []

    def written(digest: Digest, zone: ZoneInfo) -> tuple[Written, ...]:
        threads.append(threading.current_thread())
        return rendered(digest, zone)

    monkeypatch.setattr("adapters.slack.poster.rendered", written)
    await stand.poster.post(HERE, news("Boats sink"), "k")
    assert threads
    assert threading.main_thread() not in threads


async def test_a_post_whose_answer_was_lost_is_sent_once_and_found(stand: Stand) -> None:
    stand.slack.faults.order("chat.postMessage", faults.DROP_AFTER)
    with pytest.raises(DeliveryError) as raised:
        await stand.poster.post(HERE, news("Boats sink"), "k")
    assert raised.value.unclear
    assert (len(stand.posts), stand.called("chat.postMessage")) == (1, 1), "slack_sdk must not repeat it"
    assert await stand.poster.find(HERE, "k") == stand.posts[0].ts
    assert await stand.poster.find(HERE, "another") is None


async def test_a_post_in_a_thread_is_found_there_and_beyond_the_first_page(stand: Stand) -> None:
    root = await stand.poster.post(HERE, news("Boats sink"), "k")
    reply = await stand.poster.post(HERE, news("More boats sink"), "k+1", thread=root)
    for number in range(250):
        stand.channel.messages.append(replace(stand.posts[0], ts=f"{number}.2", metadata=None))
    assert await stand.poster.find(HERE, "k") == root
    assert await stand.poster.find(HERE, "k+1", thread=root) == reply
    assert await stand.poster.find(HERE, "k+1") is None


async def test_a_mark_in_somebody_elses_message_is_not_ours(stand: Stand) -> None:
    await stand.poster.post(HERE, news("Boats sink"), "k")
    stand.posts[0].bot = False
    assert await stand.poster.find(HERE, "k") is None


async def test_a_public_channel_is_joined_to_look_for_a_post(stand: Stand) -> None:
    team = stand.slack.workspaces["T1"]
    stand.channel.members.discard(team.bot.id)
    ts = await stand.poster.post(HERE, news("Boats sink"), "k")
    team.scopes -= {"channels:join"}
    with pytest.raises(DeliveryError, match="/invite"):
        await stand.poster.find(HERE, "k")
    team.scopes |= {"channels:join"}
    assert await stand.poster.find(HERE, "k") == ts
    assert team.bot.id in stand.channel.members


async def test_a_part_that_a_correction_has_left_empty_says_where_its_news_is(stand: Stand) -> None:
    ts = await stand.poster.post(HERE, long(), "k+1")
    await stand.poster.edit(HERE, ts, replace(news("Boats sink"), part=2, parts=3), "k+1")
    assert "in the post above now" in stand.posts[0].words


async def test_a_post_that_is_gone_is_not_edited(stand: Stand) -> None:
    with pytest.raises(DeliveryError, match="the post is gone") as raised:
        await stand.poster.edit(HERE, "1.1", news("Boats sink"), "k")
    assert (raised.value.permanent, raised.value.closed) == (True, False)


async def test_a_closed_channel_is_reported_in_words(stand: Stand) -> None:
    stand.channel.archived = True
    with pytest.raises(DeliveryError, match="archived") as raised:
        await stand.poster.post(HERE, news("Boats sink"), "k")
    assert raised.value.closed
    with pytest.raises(DeliveryError, match="hasn't installed") as raised:
        await stand.poster.post(replace(HERE, workspace="T9"), news("Boats sink"), "k")
    assert raised.value.closed


async def test_where_slack_takes_no_blocks_the_news_goes_out_as_text(stand: Stand) -> None:
    stand.slack.faults.order("chat.postMessage", faults.error("msg_blocks_too_long"))
    await stand.poster.post(HERE, news("<!channel> *sinks*"), "k")
    (post,) = stand.posts
    assert post.blocks == []
    assert "&lt;!channel› ∗sinks∗" in post.text
    assert "<https://one.example/a|[1]>" in post.text
    assert await stand.poster.find(HERE, "k") == post.ts


async def test_what_goes_out_as_text_is_one_message_that_can_be_edited(stand: Stand) -> None:
    article = replace(briefing().articles[0], url="https://one.example/" + "a" * 1500)
    digest = replace(news(), briefings=(replace(briefing(), places=(), articles=(article, briefing().articles[1])),))
    stand.slack.faults.order("chat.postMessage", faults.error("msg_blocks_too_long"))
    stand.slack.faults.order("chat.update", faults.error("msg_blocks_too_long"))
    ts = await stand.poster.post(HERE, digest, "k")
    await stand.poster.edit(HERE, ts, digest, "k")
    (post,) = stand.posts
    assert "Lyman changed hands, Olena Hrytsenko said." in post.text
    assert len(post.text.encode()) <= 4000


async def test_slacks_pause_is_left_to_the_outbox(stand: Stand) -> None:
    stand.slack.faults.order("chat.postMessage", faults.ratelimited(37))
    with pytest.raises(DeliveryError) as raised:
        await stand.poster.post(HERE, news("Boats sink"), "k")
    assert (raised.value.retry_after, raised.value.unclear) == (timedelta(seconds=37), False)
    assert stand.posts == []


async def test_a_person_is_told_alone_in_words_that_format_nothing(stand: Stand) -> None:
    team = stand.slack.workspaces["T1"]
    person = next(iter(team.users))
    await stand.poster.tell("slack:T1", person, "The feed <b>One</b> is broken.\nRemove it: *no*")
    (message,) = team.direct(person).messages
    assert "The feed <b>One</b> is broken.\nRemove it: *no*" in message.words
    with pytest.raises(DeliveryError, match="doesn't know the person"):
        await stand.poster.tell("slack:T1", "U404", "Hello")


def archived(team: Workspace) -> None:
    team.conversations["C1"].archived = True


def removed(team: Workspace) -> None:
    team.conversations["C1"].kind = "private"
    team.conversations["C1"].members.clear()


def revoked(team: Workspace) -> None:
    team.trouble = "token_revoked"


def moved(team: Workspace) -> None:
    team.trouble = "team_access_not_granted"


@pytest.mark.parametrize(
    ("happens", "words"),
    [(archived, "unarchive"), (removed, "/invite"), (revoked, "install the app"), (moved, "organisation")],
)
async def test_where_nothing_can_be_posted_any_more_the_outbox_says_so_and_stops(
    stand: Stand, store: Store, clock: HandClock, happens: Callable[[Workspace], None], words: str
) -> None:
    outbox = Outbox(store, {"slack": stand.poster}, clock)
    told: list[str] = []

    async def closed(_channel: Channel, why: str) -> None:
        told.append(why)

    outbox.on_closed = closed
    await outbox.intend("k", HERE, news("Boats sink"))
    await outbox.intend("l", HERE, news("More boats sink"))
    happens(stand.slack.workspaces["T1"])
    await outbox.run_once()
    assert [words in why for why in told] == [True]
    assert (await store.delivery("l")).state is DeliveryState.FAILED
    assert (stand.posts, stand.called("chat.postMessage")) == ([], 1)


async def test_whatever_goes_wrong_a_digest_arrives_once_in_order_in_its_thread(
    stand: Stand, store: Store, clock: HandClock
) -> None:
    outbox = Outbox(store, {"slack": stand.poster}, clock, jitter=lambda: 1.0)
    stand.slack.faults.order(
        "chat.postMessage",
        *(faults.DROP_AFTER, faults.DROP_BEFORE, faults.status(502, done=True), faults.status(503)),
        *(faults.ratelimited(30), faults.error("internal_error", done=True), faults.GARBAGE, faults.HANG),
    )
    stand.slack.faults.order("conversations.replies", faults.status(500))
    assert await outbox.intend("k", HERE, long())
    assert await outbox.intend("l", HERE, news("Boats sink"))
    for _ in range(20):
        await outbox.run_once()
        clock.advance(hours=1)
    keys = [cast("dict[str, Any]", post.metadata)["event_payload"]["key"] for post in stand.posts]
    count = len(stand.poster.parts(long()))
    assert keys == ["k", *(f"k+{part}" for part in range(1, count)), "l"]
    assert [post.thread for post in stand.posts] == [None] + [stand.posts[0].ts] * (count - 1) + [None]
    assert (await store.delivery("l")).state is DeliveryState.SETTLED
