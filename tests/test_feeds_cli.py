"""``dateline feeds``, and what ``/feeds`` says in words."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.feeds import feeds_cli
from bot.cli.store import store_cli
from bot.commands.feeds import state
from bot.errors import FeedError, InputError
from bot.news import opml
from bot.types import Feed

LIST = (
    '<opml version="2.0"><body><outline text="North">'
    '<outline text="Fell Gazette" xmlUrl="https://fell.example/rss?token=hush"/></outline></body></opml>'
)


@pytest.fixture
def runner(tmp_path: Path, index_folder: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    return CliRunner(
        env={"DATELINE_STORE": str(tmp_path / "store.sqlite3"), "DATELINE_CACHE": str(index_folder), "COLUMNS": "200"}
    )


def test_a_list_goes_in_is_shown_without_secrets_and_goes_out_whole(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "mine.opml").write_text(LIST)
    done = runner.invoke(feeds_cli, ["import", "mine.opml"])
    assert (done.exit_code, done.stdout) == (0, "1 feeds are followed from now on, 0 were already\n")
    listed = runner.invoke(feeds_cli, ["list"]).stdout
    assert "Fell Gazette" in listed
    assert "North" in listed
    assert "hush" not in listed
    assert 'xmlUrl="https://fell.example/rss?token=hush"' in runner.invoke(feeds_cli, ["export"]).stdout


def test_what_is_wrong_with_a_list_is_said(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "bad.opml").write_text(LIST.replace("https:", "gopher:"))
    assert isinstance(runner.invoke(feeds_cli, ["import", "bad.opml"]).exception, InputError)
    (tmp_path / "none.opml").write_text("<html></html>")
    assert isinstance(runner.invoke(feeds_cli, ["import", "none.opml"]).exception, FeedError)


@pytest.mark.parametrize(("feed", "words"), [
    (Feed("f"), "not polled yet"),
    (Feed("f", failures=1, error="no connection"), "failed once: no connection"),
    (Feed("f", failures=4, error="no connection"), "failed 4 times: no connection"),
    (Feed("f", failures=1, error="410", gone=True), "gone for good; not asked any more"),
    (Feed("f", location="https://me:pw@new.example/rss"), "moved to https://new.example/rss"),
])  # fmt: skip
def test_a_feeds_state_in_words(feed: Feed, words: str) -> None:
    assert state(feed) == words


def test_an_export_of_the_store_has_the_feeds_as_well(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "mine.opml").write_text(LIST)
    assert runner.invoke(feeds_cli, ["import", "mine.opml"]).exit_code == 0
    assert runner.invoke(store_cli, ["export", "articles.jsonl", "--feeds", "feeds.opml"]).exit_code == 0
    (one,) = opml.parse((tmp_path / "feeds.opml").read_text()).feeds
    assert one == opml.Listed("https://fell.example/rss?token=hush", "Fell Gazette", "North")
