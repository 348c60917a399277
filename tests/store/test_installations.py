"""Installations of the bot in workspaces."""

from datetime import timedelta

import pytest

from bot.store import Store
from tests.fakes import HandClock

LIVES = timedelta(minutes=10)


async def test_an_installation_replaces_the_workspaces_former_one_and_can_be_ended_once(store: Store) -> None:
    await store.install("slack", "T1", "old")
    await store.install("slack", "T2", "other")
    await store.install("slack", "T1", "new")
    assert await store.installation("slack", "T1") == "new"
    assert await store.installation("elsewhere", "T1") is None
    assert await store.installed("slack") == [("T1", "new"), ("T2", "other")]
    assert await store.uninstall("slack", "T1")
    assert not await store.uninstall("slack", "T1")
    assert await store.installed("slack") == [("T2", "other")]


async def test_a_state_is_good_once_and_not_for_ever(store: Store, clock: HandClock) -> None:
    await store.issue_state("a", LIVES)
    assert not await store.consume_state("b")
    assert await store.consume_state("a")
    assert not await store.consume_state("a")
    await store.issue_state("late", LIVES)
    clock.advance(minutes=10)
    assert not await store.consume_state("late")


async def test_who_begins_again_and_again_fills_no_disk(
    store: Store, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.installations.MOST_STATES", 3)
    for state in "abcd":
        await store.issue_state(state, LIVES)
        clock.advance(seconds=1)
    assert [state for state in "abcd" if await store.consume_state(state)] == ["b", "c", "d"]
