"""The manifest that an app is made from."""

from pathlib import Path

import pytest
import yaml

from adapters.slack.manifest import EVENTS, ORG_EVENTS, SCOPES, manifest, manifest_yaml, names
from bot.commands import COMMANDS
from bot.errors import ConfigError


def test_every_command_is_in_it_once_under_its_prefix_but_for_help_which_is_slacks_own() -> None:
    slash = manifest("nw-")["features"]["slash_commands"]
    words = {command.name.split()[0] for command in COMMANDS} - {"help"}
    assert [one["command"] for one in slash] == list(names("nw-"))
    assert {one["command"] for one in slash} == {f"/nw-{word}" for word in words}


@pytest.mark.parametrize(("mode", "address"), [("socket", None), ("http", "https://news.example.org/")])
def test_it_keeps_to_slacks_limits_and_the_yaml_says_the_same(mode: str, address: str | None) -> None:
    made = manifest("abcdefgh-", mode, address)
    assert yaml.safe_load(manifest_yaml(made)) == made
    display, features = made["display_information"], made["features"]
    assert len(display["name"]) <= 35
    assert len(display["description"]) <= 140
    for one in features["slash_commands"]:
        assert len(one["command"]) <= 32
        assert len(one["description"]) <= 2000
        assert len(one["usage_hint"]) <= 1000
        assert ("url" in one) == (mode == "http")
    for one in features["shortcuts"]:
        assert len(one["name"]) <= 24
        assert len(one["description"]) <= 150
    settings = made["settings"]
    assert settings["socket_mode_enabled"] == (mode == "socket")
    assert settings["org_deploy_enabled"] == bool(address)
    assert settings["event_subscriptions"]["bot_events"] == sorted([*EVENTS, *(ORG_EVENTS if address else ())])
    asked = {key: value for key, value in settings["interactivity"].items() if key != "is_enabled"}
    events = "https://news.example.org/slack/events"
    assert asked == ({} if mode == "socket" else {"request_url": events, "message_menu_options_url": events})


def test_the_docs_show_it_as_it_is() -> None:
    docs = Path(__file__).parents[2] / "docs" / "slack.md"
    assert f"```yaml\n{manifest_yaml(manifest())}```" in docs.read_text(encoding="utf-8")


def test_browsers_come_back_to_the_address() -> None:
    oauth = manifest("", "socket", "https://news.example.org")["oauth_config"]
    assert oauth["redirect_urls"] == ["https://news.example.org/slack/oauth_redirect"]
    assert "redirect_urls" not in manifest()["oauth_config"]


def test_it_asks_for_no_scope_without_a_reason_and_for_user_groups_only_where_they_may_manage() -> None:
    assert manifest()["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert all(SCOPES.values())
    extra = set(manifest(roles=True)["oauth_config"]["scopes"]["bot"]) - set(SCOPES)
    assert extra == {"usergroups:read"}


def test_what_slack_would_refuse_is_said_before() -> None:
    with pytest.raises(ConfigError, match=r"slack\.address"):
        manifest(mode="http")
    with pytest.raises(ConfigError, match=r"slack\.prefix.*32"):
        manifest("x" * 30)
