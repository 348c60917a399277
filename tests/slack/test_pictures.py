import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from tests.fakes import HandClock
from tests.slack.loopback import Loopback, faults
from tests.slack.posting import HERE, PNG, Stand, news, standing


@pytest.fixture
async def stand(loopback: Loopback, clock: HandClock) -> AsyncIterator[Stand]:
    async with standing(loopback, clock) as made:
        yield made


async def test_a_map_follows_its_post_with_words_for_who_cannot_see_it(stand: Stand) -> None:
    stand.slack.processes_files = False
    await stand.poster.post(HERE, news("Lyman changes hands", places=True), "k")
    assert "image" not in json.dumps(stand.posts[0].blocks), "the post doesn't wait for its map"
    await stand.pictures.finished()
    (post,) = stand.posts
    (shown,) = (block for block in post.blocks if block["type"] == "image")
    assert shown["alt_text"].startswith("Map: Lyman")
    assert stand.slack.workspaces["T1"].files[shown["slack_file"]["id"]].content == PNG
    assert post.metadata == {"event_type": "dateline_delivery", "event_payload": {"key": "k"}}
    assert stand.waits[0] == 1.0, "Slack takes a moment to work a file up"


async def test_a_map_is_uploaded_once_for_all_channels(stand: Stand) -> None:
    stand.slack.workspaces["T1"].channel("C2")
    digest = news("Lyman changes hands", places=True)
    await stand.poster.post(HERE, digest, "k")
    await stand.pictures.finished()
    await stand.poster.post(replace(HERE, id="C2"), digest, "l")
    (there,) = stand.slack.workspaces["T1"].conversations["C2"].messages
    assert "image" in json.dumps(there.blocks)
    assert (len(stand.slack.workspaces["T1"].files), stand.called("chat.update")) == (1, 1)


async def test_each_of_the_posts_that_go_out_at_once_gets_its_map(stand: Stand) -> None:
    team = stand.slack.workspaces["T1"]
    there = [team.channel(f"C{number}") for number in range(2, 8)]
    digest = news("Lyman changes hands", places=True)
    await asyncio.gather(*(stand.poster.post(replace(HERE, id=one.id), digest, one.id) for one in there))
    await stand.pictures.finished()
    assert all("image" in json.dumps(one.messages[0].blocks) for one in there)
    assert len(team.files) == 1


async def test_a_map_that_slack_has_worked_up_while_a_post_was_on_its_way_is_shown_there_too(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = stand.slack.workspaces["T1"].channel("C2")
    digest = news("Lyman changes hands", places=True)
    await stand.poster.post(HERE, digest, "k")
    await stand.pictures.finished()
    monkeypatch.setattr(stand.pictures, "ready", lambda *_: {})  # as it was when the post set out
    await stand.poster.post(replace(HERE, id="C2"), digest, "l")
    await stand.pictures.finished()
    assert "image" in json.dumps(there.messages[0].blocks)


async def test_a_story_that_is_nowhere_has_no_map_and_its_post_is_left_alone(stand: Stand) -> None:
    for key in ("k", "l"):
        await stand.poster.post(HERE, news("Boats sink"), key)
        await stand.pictures.finished()
    assert (stand.called("chat.update"), stand.called("files.getUploadURLExternal")) == (0, 0)


async def test_a_fault_in_the_drawing_is_logged_and_costs_the_map_only(stand: Stand) -> None:
    stand.faulty.append(ValueError("no such projection"))
    with capture_logs() as logs:
        await stand.poster.post(HERE, news("Lyman changes hands", places=True), "k")
        await stand.pictures.finished()
    assert [entry["event"] for entry in logs] == ["a map isn't shown"]
    assert len(stand.posts) == 1


async def test_a_map_that_somebody_deleted_holds_up_no_post(stand: Stand) -> None:
    digest = news("Lyman changes hands", places=True)
    await stand.poster.post(HERE, digest, "k")
    await stand.pictures.finished()
    stand.slack.workspaces["T1"].files.clear()
    await stand.poster.post(HERE, digest, "l")
    await stand.pictures.finished()
    assert len(stand.posts) == 2
    assert "image" in json.dumps(stand.posts[1].blocks), "it was uploaded anew"


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal", "chat.update"])
async def test_a_post_stands_without_its_map_where_slack_does_not_take_it(stand: Stand, method: str) -> None:
    stand.slack.faults.order(method, faults.error("missing_scope"))
    await stand.poster.post(HERE, news("Lyman changes hands", places=True), "k")
    await stand.pictures.finished()
    (post,) = stand.posts
    assert "Lyman changes hands" in post.words
    assert "image" not in json.dumps(post.blocks)


async def test_an_edit_shows_the_corrected_digest_and_keeps_its_mark_and_map(stand: Stand) -> None:
    digest = news("Nine boats sink", places=True)
    ts = await stand.poster.post(HERE, digest, "k")
    await stand.pictures.finished()
    corrected = replace(digest, briefings=(replace(digest.briefings[0], headline="Five boats sink"),))
    for _ in range(2):
        await stand.poster.edit(HERE, ts, corrected, "k")
    (post,) = stand.posts
    assert "Five boats sink" in post.words
    assert "Nine boats" not in post.words + post.text
    assert "image" in json.dumps(post.blocks)
    assert await stand.poster.find(HERE, "k") == ts


async def test_a_map_on_its_way_does_not_bring_back_what_was_corrected(stand: Stand) -> None:
    digest = news("Nine boats sink", places=True)
    ts = await stand.poster.post(HERE, digest, "k")
    await asyncio.sleep(0)
    corrected = replace(digest, briefings=(replace(digest.briefings[0], headline="Five boats sink"),))
    await stand.poster.edit(HERE, ts, corrected, "k")
    await stand.pictures.finished()
    (post,) = stand.posts
    assert "Nine boats" not in post.words + post.text
    assert "image" in json.dumps(post.blocks)


async def test_what_went_out_as_text_is_not_made_blocks_again_by_its_map(stand: Stand) -> None:
    stand.slack.faults.order("chat.postMessage", faults.error("invalid_blocks"))
    await stand.poster.post(HERE, news("Lyman changes hands", places=True), "k")
    await stand.pictures.finished()
    assert (stand.posts[0].blocks, stand.called("chat.update")) == ([], 0)
