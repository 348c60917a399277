"""Folders as the desk handles them."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk import IntakeDesk
from bot.errors import UnreadableInput
from bot.news.fetch import Fetcher
from bot.store import Store
from bot.types import Article, Reading
from tests.fakes import HandClock

TEAM = "fake:w"


class NoReader:
    """Reads nothing: what is stored is all that these tests are about."""

    async def read(self, article: Article) -> Reading:
        return Reading(article.id, "en", (), (), (), ())


@pytest.fixture
def desk(store: Store, clock: HandClock) -> IntakeDesk:
    return IntakeDesk(store, NoReader(), Fetcher(), clock, largest=1_000)


async def test_a_folder_is_followed_as_it_changes(desk: IntakeDesk, store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "a.txt").write_text("Ten were hurt in Batumi.")
    (folder / "b.txt").write_text("The port is shut.")
    first = await desk.folder(TEAM, folder)
    assert len(first.new) == 2
    assert (await desk.folder(TEAM, folder)).articles == ()
    (folder / "a.txt").write_text("Two were hurt in Batumi, not ten.")
    (folder / "b.txt").unlink()
    second = await desk.folder(TEAM, folder)
    assert second.changed == first.new[:1]
    await desk.read()
    assert [article.text for article, _ in await store.articles(TEAM)] == ["Two were hurt in Batumi, not ten."]


async def test_what_cannot_be_read_is_named_once_until_it_changes(desk: IntakeDesk, tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_text("x" * 1_001)
    ((name, why),) = (await desk.folder(TEAM, tmp_path)).failures
    assert (name, "larger than 1,000 bytes" in why) == (str(large), True)
    assert (await desk.folder(TEAM, tmp_path)).failures == ()
    large.write_text("Short enough.")
    assert len((await desk.folder(TEAM, tmp_path)).new) == 1


async def test_a_folder_that_is_missing_takes_nothing_away(desk: IntakeDesk, store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    (folder / "a.txt").write_text("The port is shut.")
    await desk.folder(TEAM, folder)
    folder.rename(tmp_path / "unmounted")
    with pytest.raises(UnreadableInput, match="no such folder"):
        await desk.folder(TEAM, folder)
    assert len(await store.unread()) == 1


async def test_what_has_been_forgotten_does_not_come_in_again_from_its_file(
    desk: IntakeDesk, store: Store, tmp_path: Path, clock: HandClock
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("The port is shut.")
    assert len((await desk.folder(TEAM, tmp_path)).new) == 1
    clock.advance(days=40)
    assert await store.forget_before(clock.now - timedelta(days=30)) == 1
    assert (await desk.folder(TEAM, tmp_path)).articles == ()
    file.write_text("The port is open again.")
    assert len((await desk.folder(TEAM, tmp_path)).new) == 1
