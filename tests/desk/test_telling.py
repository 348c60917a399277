"""Who is told what, and when that is done with."""

import pytest

from bot.desk import TellDesk
from bot.errors import DeliveryError
from bot.store import Store
from tests.fakes import FakeTeller


@pytest.mark.parametrize(
    ("error", "done"),
    [(DeliveryError("the platform is down"), False), (DeliveryError("no such person", permanent=True), True)],
)
async def test_it_is_tried_again_while_that_may_help(store: Store, error: DeliveryError, done: bool) -> None:
    telling = TellDesk(store, {"fake": FakeTeller(error)})
    assert await telling.tell("fake:w", "anna", "The feed has failed.") is done


async def test_it_waits_for_a_platform_that_is_not_connected(store: Store) -> None:
    assert not await TellDesk(store, {}).tell("fake:w", "anna", "The feed has failed.")


async def test_what_nobody_asked_for_is_told_to_the_log_alone(store: Store) -> None:
    assert await TellDesk(store, {}).tell("fake:w", None, "The feed has failed.")
