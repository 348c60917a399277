"""``dateline discord``, run as a process runs them."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from bot.cli.chats import discord_cli
from bot.errors import ConfigError

SEND_MESSAGES, ADMINISTRATOR = 1 << 11, 1 << 3  # https://discord.com/developers/docs/topics/permissions


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    return CliRunner(env={"DATELINE_DISCORD_TOKEN": None})


def test_the_invite_asks_for_little(runner: CliRunner) -> None:
    made = runner.invoke(discord_cli, ["invite", "--application", "1234"])
    asked = parse_qs(urlsplit(made.stdout.strip()).query)
    assert asked["client_id"] == ["1234"]
    assert asked["scope"] == ["bot applications.commands"]
    permissions = int(asked["permissions"][0])
    assert permissions & SEND_MESSAGES
    assert not permissions & ADMINISTRATOR


def test_without_a_token_the_invite_says_where_to_put_it(runner: CliRunner) -> None:
    failed = runner.invoke(discord_cli, ["invite"])
    assert isinstance(failed.exception, ConfigError)
    assert "DATELINE_DISCORD_TOKEN" in str(failed.exception)
