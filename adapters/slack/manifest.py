"""The app's manifest: what to paste at https://api.slack.com/apps, so that nothing has to be clicked together.

The format: https://docs.slack.dev/reference/app-manifest/.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from bot.commands import COMMANDS, Command
from bot.errors import ConfigError

NAME: Final = "Dateline"
DESCRIPTION: Final = "Short briefings of the news you follow: what happened, where, and who says so."
SHORTCUT: Final = "brief_this"
EVENTS_PATH: Final = "/slack/events"
REDIRECT_PATH: Final = "/slack/oauth_redirect"
LONGEST_NAME: Final = 32  # characters of a command, with its slash
LONGEST_HINT: Final = 1000

SCOPES: Final[Mapping[str, str]] = {  # each with what it is needed for
    "app_mentions:read": "to be asked by a mention",
    "channels:history": "to find out whether a post whose answer was lost has arrived",
    "channels:join": "to look for such a post in a public channel that it isn't in",
    "channels:read": "to know which channels are public: the Home tab shows everybody what is posted there",
    "chat:write": "to post",
    "chat:write.public": "to post in public channels without being invited first",
    "commands": "slash commands and the shortcut",
    "files:write": "maps",
    "groups:history": "as channels:history, in private channels that it was invited to",
    "im:history": "to be asked in a direct message",
    "im:write": "to tell people what concerns them alone",
    "users:read": "the asker's time zone, and whether they may manage",
}
ROLES_SCOPE: Final = "usergroups:read"  # only where [permissions] names roles
_ABOUT: Final = {
    "digest": "Scheduled digests of this channel",
    "watch": "Posts as soon as something is read",
    "feeds": "What is followed here",
}
EVENTS: Final = ("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked")
ORG_EVENTS: Final = ("team_access_granted", "team_access_revoked")  # of an organisation that has installed the app


def manifest(
    prefix: str = "", mode: str = "socket", address: str | None = None, *, roles: bool = False
) -> dict[str, Any]:
    """The manifest, as Slack takes it in JSON.

    ``prefix`` goes before each command's name. ``address`` is where Slack reaches the service in HTTP mode, and where
    browsers reach it to install the app; with it a whole organisation may install the app too. ``roles``: whether user
    groups may manage.

    Raises:
        ConfigError: HTTP mode without an address, or a prefix that makes a command's name too long.
    """
    if mode == "http" and not address:
        raise ConfigError("slack.address: is missing; HTTP mode needs the address at which Slack reaches this service")
    base = (address or "").rstrip("/")
    url = f"{base}{EVENTS_PATH}" if mode == "http" else None
    oauth: dict[str, Any] = {"redirect_urls": [base + REDIRECT_PATH]} if base else {}
    return {
        "display_information": {"name": NAME, "description": DESCRIPTION, "background_color": "#1d3c34"},
        "features": _features(prefix, url),
        "oauth_config": oauth | {"scopes": {"bot": scopes(roles=roles)}},
        "settings": {
            "event_subscriptions": _at("request_url", url)
            | {"bot_events": sorted([*EVENTS, *ORG_EVENTS] if base else EVENTS)},
            # External selects ask a second address, which may be the same.
            "interactivity": {"is_enabled": True} | _at("request_url", url) | _at("message_menu_options_url", url),
            "org_deploy_enabled": bool(base),
            "socket_mode_enabled": mode != "http",
            "token_rotation_enabled": False,
        },
    }


def scopes(*, roles: bool = False) -> list[str]:
    """What the bot has to be allowed, no more; with ``roles`` user groups may manage."""
    return sorted([*SCOPES, ROLES_SCOPE] if roles else SCOPES)


def manifest_yaml(made: Mapping[str, Any]) -> str:
    """The manifest in YAML, in the order in which it is made."""
    return yaml.safe_dump(dict(made), sort_keys=False, allow_unicode=True, width=120)


def names(prefix: str = "") -> tuple[str, ...]:
    """The slash commands, each once: '/brief', '/digest'. ``/help`` is Slack's own: it is a word after any of them."""
    words = dict.fromkeys(command.name.split()[0] for command in COMMANDS if command.name != "help")
    return tuple(f"/{prefix}{word}" for word in words)


def _features(prefix: str, url: str | None) -> dict[str, Any]:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": NAME, "always_online": True},
        "shortcuts": [
            {
                "name": "Brief this",
                "type": "message",
                "callback_id": SHORTCUT,
                "description": "A briefing on the article that this message links to",
            }
        ],
        "slash_commands": [_slash(name, prefix) | _at("url", url) for name in names(prefix)],
    }


def _slash(name: str, prefix: str) -> dict[str, Any]:
    if len(name) > LONGEST_NAME:
        raise ConfigError(f"slack.prefix: {prefix!r} makes {name} longer than Slack's {LONGEST_NAME} characters")
    word = name.removeprefix(f"/{prefix}")
    mine = [command for command in COMMANDS if command.name.split()[0] == word]
    return {"command": name, "description": _description(mine), "usage_hint": _hint(mine), "should_escape": False}


def _description(commands: Sequence[Command]) -> str:
    """What the command does; of one with subcommands, what they do."""
    if len(commands) == 1:
        return commands[0].help[0].upper() + commands[0].help[1:]
    word = commands[0].name.split()[0]
    return f"{_ABOUT.get(word, word)}: {', '.join(command.name.split()[1] for command in commands)}"


def _hint(commands: Sequence[Command]) -> str:
    """What comes after the name."""
    return " | ".join(command.usage.partition(" ")[2] for command in commands)[:LONGEST_HINT]


def _at(key: str, url: str | None) -> dict[str, str]:
    return {} if url is None else {key: url}
