"""Methods that look things up: conversations.*, users.*, usergroups.*, team.*."""

from typing import Any

from tests.slack.loopback.core import Call, Core, method
from tests.slack.loopback.world import Conversation, Json, Message, Refused, User, Workspace

_PREFIX = {"public": "channels", "private": "groups", "im": "im"}


@method("conversations.history", tier=3)
def history(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.history: newest first, without threads' replies."""
    conversation = _readable(core, call)
    found = [one for one in conversation.messages if one.thread in (None, one.ts) or one.broadcast]
    return _page(core, call, found[::-1], 100)


@method("conversations.replies", tier=3)
def replies(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.replies: the message, then its replies, oldest first."""
    conversation = _readable(core, call)
    ts = call.text("ts")
    found = [one for one in conversation.messages if ts in (one.ts, one.thread)]
    if not found:
        raise Refused("thread_not_found")
    return _page(core, call, found, 1000)


@method("conversations.info", tier=3)
def info(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.info."""
    conversation = core.conversation(call.home, call.text("channel"))
    _need(call.home, f"{_PREFIX[conversation.kind]}:read")
    return {"channel": conversation.wire(call.home.bot.id)}


@method("conversations.list", "channels:read", "groups:read", "im:read", tier=2)
def listing(core: Core, call: Call) -> Json:  # noqa: ARG001 (each method has the same signature)
    """https://docs.slack.dev/reference/methods/conversations.list."""
    wanted = str(call.arguments.get("types") or "public_channel").split(",")
    kinds = {"public_channel": "public", "private_channel": "private", "im": "im"}
    bot = call.home.bot.id
    for one in wanted:
        _need(call.home, f"{_PREFIX[kinds[one]]}:read")
    shown = [
        one.wire(bot)
        for one in call.home.conversations.values()
        if one.kind in {kinds[name] for name in wanted} and (one.kind == "public" or bot in one.members)
    ]
    return {"channels": shown, "response_metadata": {"next_cursor": ""}}


@method("conversations.open", "im:write", tier=3)
def open_direct(core: Core, call: Call) -> Json:  # noqa: ARG001 (likewise)
    """https://docs.slack.dev/reference/methods/conversations.open, for one person."""
    user = call.text("users")
    if user not in call.home.users:
        raise Refused("user_not_found")
    return {"channel": {"id": call.home.direct(user).id}}


@method("conversations.join", "channels:join", tier=3)
def join(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.join."""
    conversation = core.conversation(call.home, call.text("channel"))
    if conversation.kind != "public":
        raise Refused("method_not_supported_for_channel_type")
    if conversation.archived:
        raise Refused("is_archived")
    conversation.members.add(call.home.bot.id)
    return {"channel": conversation.wire(call.home.bot.id)}


@method("conversations.members")
def members(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.members."""
    conversation = core.conversation(call.home, call.text("channel"))
    _need(call.home, f"{_PREFIX[conversation.kind]}:read")
    return {"members": sorted(conversation.members), "response_metadata": {"next_cursor": ""}}


@method("users.info", "users:read")
def user_info(core: Core, call: Call) -> Json:  # noqa: ARG001 (likewise)
    """https://docs.slack.dev/reference/methods/users.info."""
    user = call.home.users.get(call.text("user"))
    if user is None:
        raise Refused("user_not_found")
    return {"user": user_wire(user, call.home)}


@method("users.list", "users:read", tier=2)
def users_list(core: Core, call: Call) -> Json:  # noqa: ARG001 (likewise)
    """https://docs.slack.dev/reference/methods/users.list."""
    members = [user_wire(user, call.home) for user in (*call.home.users.values(), call.home.bot)]
    return {"members": members, "response_metadata": {"next_cursor": ""}}


@method("usergroups.list", "usergroups:read", tier=2)
def groups(core: Core, call: Call) -> Json:  # noqa: ARG001 (likewise)
    """https://docs.slack.dev/reference/methods/usergroups.list."""
    listed = [
        {"id": ident, "handle": handle, "name": handle, "is_usergroup": True, "date_delete": 0}
        | ({"users": users} if call.flag("include_users") else {})
        for ident, (handle, users) in call.home.groups.items()
    ]
    return {"usergroups": listed}


@method("usergroups.users.list", "usergroups:read", tier=2)
def group_users(core: Core, call: Call) -> Json:  # noqa: ARG001 (likewise)
    """https://docs.slack.dev/reference/methods/usergroups.users.list."""
    group = call.home.groups.get(call.text("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return {"users": group[1]}


@method("team.info", "team:read", tier=3)
def team_info(core: Core, call: Call) -> Json:  # noqa: ARG001 (likewise)
    """https://docs.slack.dev/reference/methods/team.info."""
    return {"team": {"id": call.home.id, "name": call.home.name, "domain": call.home.name.lower()}}


def user_wire(user: User, workspace: Workspace) -> Json:
    """A person as users.info gives them."""
    return {
        "id": user.id,
        "team_id": workspace.id,
        "name": user.name,
        "real_name": user.name.title(),
        "tz": user.zone,
        "is_admin": user.admin or user.owner,
        "is_owner": user.owner,
        "is_primary_owner": False,
        "is_restricted": user.guest,
        "is_ultra_restricted": False,
        "is_bot": user.bot,
        "deleted": False,
    }


def _readable(core: Core, call: Call) -> Conversation:
    conversation = core.conversation(call.home, call.text("channel"))
    _need(call.home, f"{_PREFIX[conversation.kind]}:history")
    if call.home.bot.id not in conversation.members:
        raise Refused("not_in_channel")
    return conversation


def _need(workspace: Workspace, scope: str) -> None:
    if scope not in workspace.scopes:
        raise Refused("missing_scope", needed=scope, provided=",".join(sorted(workspace.scopes)))


def _page(core: Core, call: Call, found: list[Message], usual: int) -> Json:
    """The messages between ``oldest`` and ``latest``, ``limit`` at a time."""
    found = [one for one in found if _within(one.ts, call.arguments)]
    limit, start = int(call.arguments.get("limit") or usual), int(call.arguments.get("cursor") or 0)
    if not 1 <= limit <= 1000:
        raise Refused("invalid_limit")
    metadata = call.flag("include_all_metadata")
    home = call.home
    shown = [one.wire(home.bot, home.bot_id, core.app, metadata=metadata) for one in found[start : start + limit]]
    more = start + limit < len(found)
    cursor = str(start + limit) if more else ""
    return {"messages": shown, "has_more": more, "response_metadata": {"next_cursor": cursor}}


def _within(ts: str, arguments: dict[str, Any]) -> bool:
    oldest, latest = arguments.get("oldest"), arguments.get("latest")
    at, inclusive = float(ts), arguments.get("inclusive") in (True, 1, "1", "true", "True")
    after = oldest in (None, "", "0") or float(oldest) < at or (inclusive and float(oldest) == at)
    before = latest in (None, "") or at < float(latest) or (inclusive and float(latest) == at)
    return after and before
