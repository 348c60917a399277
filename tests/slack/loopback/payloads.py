"""What Slack sends, as it is documented: https://docs.slack.dev/reference/interaction-payloads."""

from tests.slack.loopback.core import Core
from tests.slack.loopback.world import Json, Message, User, View, Workspace

TOKEN = "verification-token-of-the-loopback"  # deprecated, and still sent


def command(core: Core, home: Workspace, user: User, channel: str, name: str, text: str) -> Json:
    """https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling."""
    where = home.conversations[channel]
    return {
        "token": TOKEN,
        "team_id": home.id,
        "team_domain": home.name.lower(),
        **({"enterprise_id": home.enterprise, "enterprise_name": "Enterprise"} if home.enterprise else {}),
        "channel_id": channel,
        "channel_name": where.name,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": core.app,
        "is_enterprise_install": "false",
        "response_url": core.response_url(home, channel, user.id),
        "trigger_id": core.trigger(home, user.id, channel),
    }


def interaction(core: Core, home: Workspace, user: User, kind: str) -> Json:
    """What all interactions have in common."""
    return {
        "type": kind,
        "token": TOKEN,
        "api_app_id": core.app,
        "team": {"id": home.id, "domain": home.name.lower()},
        "enterprise": {"id": home.enterprise, "name": "Enterprise"} if home.enterprise else None,
        "is_enterprise_install": False,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": home.id},
    }


def pressed_message(core: Core, home: Workspace, user: User, message: Message, action: Json) -> Json:
    """https://docs.slack.dev/reference/interaction-payloads/block_actions-payload: an ephemeral message isn't told."""
    box: Json = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
    box |= {"is_ephemeral": message.seen_by is not None} | ({"thread_ts": message.thread} if message.thread else {})
    body = interaction(core, home, user, "block_actions") | {"container": box, "actions": [action]}
    if message.seen_by is None:
        body["message"] = message.wire(home.bot, home.bot_id, core.app)
    return body | _place(core, home, user, message)


def pressed_view(core: Core, home: Workspace, user: User, view: View, action: Json) -> Json:
    """As ``pressed_message``, in a view: without a response_url."""
    body = interaction(core, home, user, "block_actions") | {"actions": [action], "view": shown(core, home, view)}
    body |= {"container": {"type": "view", "view_id": view.id}, "trigger_id": core.trigger(home, user.id)}
    return body


def submitted(core: Core, home: Workspace, user: User, view: View) -> Json:
    """https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload#view_submission."""
    body = interaction(core, home, user, "view_submission") | {"view": shown(core, home, view), "response_urls": []}
    return body | {"trigger_id": core.trigger(home, user.id)}


def closed(core: Core, home: Workspace, user: User, view: View) -> Json:
    """https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload#view_closed."""
    return interaction(core, home, user, "view_closed") | {"view": shown(core, home, view), "is_cleared": False}


def suggestion(core: Core, home: Workspace, user: User, view: View, place: tuple[str, str], typed: str) -> Json:
    """https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload, for a select in a view."""
    body = interaction(core, home, user, "block_suggestion") | {"view": shown(core, home, view), "value": typed}
    box = {"type": "view", "view_id": view.id}
    return body | {"block_id": place[0], "action_id": place[1], "container": box}


def shortcut(core: Core, home: Workspace, user: User, message: Message, callback: str) -> Json:
    """https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload#message_shortcuts."""
    body = interaction(core, home, user, "message_action") | {"callback_id": callback, "message_ts": message.ts}
    body |= {"action_ts": core.stamps.ts(core.clock()), "message": message.wire(home.bot, home.bot_id, core.app)}
    return body | _place(core, home, user, message)


def event(core: Core, home: Workspace, event: Json) -> Json:
    """https://docs.slack.dev/apis/events-api#event-type-structure."""
    authorised = {"enterprise_id": home.enterprise, "team_id": home.id, "user_id": home.bot.id, "is_bot": True}
    return {
        "type": "event_callback",
        "token": TOKEN,
        "team_id": home.id,
        **({"enterprise_id": home.enterprise} if home.enterprise else {}),
        "api_app_id": core.app,
        "event": {"event_ts": core.stamps.ts(core.clock())} | event,
        "event_id": core.stamps.id("Ev"),
        "event_time": int(core.clock().timestamp()),
        "authorizations": [authorised | {"is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": core.stamps.id("4-"),
    }


def shown(core: Core, home: Workspace, view: View) -> Json:
    """The view with what has been filled in."""
    return view.wire(home.id, core.app, home.bot_id) | {"state": {"values": view.state}}


def _place(core: Core, home: Workspace, user: User, message: Message) -> Json:
    """Where a message is that somebody does something with."""
    where = home.conversations[message.channel]
    return {
        "channel": {"id": where.id, "name": where.name},
        "response_url": core.response_url(home, where.id, user.id, message),
        "trigger_id": core.trigger(home, user.id, where.id),
    }
