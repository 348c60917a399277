"""``dateline discord`` and ``dateline slack``, run as a process runs them."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from bot.cli.chats import discord_cli, slack_cli
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


def test_the_manifest_is_the_same_in_both_forms_and_takes_a_prefix(runner: CliRunner) -> None:
    made = json.loads(runner.invoke(slack_cli, ["manifest", "--format", "json", "--prefix", "dl-"]).stdout)
    commands = [command["command"] for command in made["features"]["slash_commands"]]
    assert commands[:3] == ["/dl-brief", "/dl-where", "/dl-said"]
    text = runner.invoke(slack_cli, ["manifest", "--prefix", "dl-"]).stdout
    for command in commands:
        assert f"command: {command}\n" in text
    assert made["settings"]["socket_mode_enabled"] is True


def test_http_mode_needs_an_address(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[slack]\nmode = "http"\n')
    failed = runner.invoke(slack_cli, ["manifest"])
    assert isinstance(failed.exception, ConfigError)
    assert "slack.address" in str(failed.exception)
