"""Methods for tokens and connections: auth.*, apps.*, oauth.*."""

from datetime import datetime

from tests.slack.loopback.core import CODE_LIVES, Call, Core, method
from tests.slack.loopback.world import Json, Refused, Workspace


@method("auth.test", tier=None)
def auth_test(core: Core, call: Call) -> Json:  # noqa: ARG001 (each method has the same signature)
    """https://docs.slack.dev/reference/methods/auth.test."""
    home = call.home
    known = {"url": f"https://{home.name.lower()}.slack.com/", "team": home.name, "user": home.bot.name}
    return known | {
        "team_id": home.id,
        "user_id": home.bot.id,
        "bot_id": home.bot_id,
        "enterprise_id": home.enterprise,
        "is_enterprise_install": False,
    }


@method("auth.teams.list", tier=2)
def teams_list(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/auth.teams.list: those that share an organisation's token."""
    mine = [one for one in core.workspaces.values() if one.token == call.home.token]
    return {"teams": [{"id": one.id, "name": one.name} for one in mine], "response_metadata": {"next_cursor": ""}}


@method("apps.connections.open", tier=None, by="app")
def connections_open(core: Core, call: Call) -> Json:  # noqa: ARG001 (likewise)
    """https://docs.slack.dev/reference/methods/apps.connections.open."""
    ticket = core.stamps.id("TKT")
    core.tickets.add(ticket)
    return {"url": f"ws{core.address.removeprefix('http')}/link/{ticket}"}


@method("oauth.v2.access", tier=None, by="nobody")
def oauth_access(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/oauth.v2.access."""
    if call.arguments.get("client_id") != core.client_id:
        raise Refused("invalid_client_id")
    if call.arguments.get("client_secret") != core.client_secret:
        raise Refused("bad_client_secret")
    workspace = _of_code(core, call.text("code"), core.clock())
    workspace.token = workspace.token or f"xoxb-{workspace.id}-{core.stamps.id('')}"
    workspace.trouble = None
    return {
        "app_id": core.app,
        "authed_user": {"id": next(iter(workspace.users))},
        "scope": ",".join(sorted(workspace.scopes)),
        "token_type": "bot",
        "access_token": workspace.token,
        "bot_user_id": workspace.bot.id,
        "team": {"id": workspace.id, "name": workspace.name},
        "enterprise": {"id": workspace.enterprise, "name": "Enterprise"} if workspace.enterprise else None,
        "is_enterprise_install": False,
    }


@method("auth.revoke", tier=3)
def revoke(core: Core, call: Call) -> Json:  # noqa: ARG001 (likewise)
    """https://docs.slack.dev/reference/methods/auth.revoke."""
    call.home.trouble = "token_revoked"
    return {"revoked": True}


@method("apps.uninstall", tier=None)
def uninstall(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/apps.uninstall."""
    if (call.arguments.get("client_id"), call.arguments.get("client_secret")) != (core.client_id, core.client_secret):
        raise Refused("client_id_token_mismatch")
    call.home.trouble = "account_inactive"
    return {}


def _of_code(core: Core, code: str, now: datetime) -> Workspace:
    """A code is good once, for ten minutes."""
    if code not in core.codes:
        raise Refused("invalid_code")
    workspace, made = core.codes.pop(code)
    if now - made > CODE_LIVES:
        raise Refused("code_expired")
    return workspace
