"""Replies that are kept and spending that is bounded."""

import asyncio
from datetime import timedelta

from bot.store import Cost, Store
from tests.fakes import HandClock

NONE = Cost()
DAY = timedelta(days=1)


async def test_a_reply_is_kept_as_long_as_wanted(store: Store, clock: HandClock) -> None:
    assert await store.llm_reply("k") is None
    await store.keep_llm_reply("k", "old", DAY)
    await store.keep_llm_reply("k", "new", DAY)
    assert await store.llm_reply("k") == "new"
    clock.advance(days=2)
    await store.keep_llm_reply("other", "text", DAY)
    assert await store.llm_reply("k") is None


async def test_of_many_who_ask_at_once_no_two_get_the_same_money(store: Store) -> None:
    asked = [store.reserve_llm(f"w{n % 2}", Cost(100, 7), whole=Cost(tokens=350), each=NONE) for n in range(8)]
    got = [one for one in await asyncio.gather(*asked) if one]
    assert len(got) == 3
    assert await store.llm_spent() == Cost(300, 21)


async def test_two_processes_share_one_budget(store: Store, clock: HandClock) -> None:
    async with await Store.open(store._path, clock=clock) as other:
        asked = [
            one.reserve_llm("w", Cost(100), whole=Cost(tokens=350), each=NONE)
            for one in (store, other)
            for _ in range(4)
        ]
        assert sum(one is not None for one in await asyncio.gather(*asked)) == 3


async def test_a_workspace_has_a_limit_of_its_own_and_money_counts_like_tokens(store: Store) -> None:
    each = Cost(micros=10)
    assert await store.reserve_llm("w", Cost(1, 10), whole=NONE, each=each)
    assert await store.reserve_llm("w", Cost(1, 1), whole=NONE, each=each) is None
    assert await store.reserve_llm("v", Cost(1, 10), whole=NONE, each=each)


async def test_what_it_really_cost_takes_the_place_of_what_was_set_aside(store: Store, clock: HandClock) -> None:
    reserved = await store.reserve_llm("w", Cost(1_000, 50), whole=NONE, each=NONE)
    assert reserved
    clock.advance(days=1)  # asked before midnight, answered after: it is the day's on which it was asked
    await store.settle_llm(reserved, Cost(120, 6))
    assert await store.llm_spent("w") == NONE
    clock.advance(days=-1)
    assert await store.llm_spent("w") == Cost(120, 6)
