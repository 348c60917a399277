"""Methods for modals and the Home tab: https://docs.slack.dev/surfaces/modals, /surfaces/app-home."""

from typing import Final

from tests.slack.blockkit import Surface, view_problems
from tests.slack.loopback.chat import checked
from tests.slack.loopback.core import Call, Core, method
from tests.slack.loopback.forms import initial
from tests.slack.loopback.world import Json, Refused, View, Workspace

STACK: Final = 3  # modals above one another: https://docs.slack.dev/surfaces/modals


@method("views.open")
def open_view(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/views.open."""
    body = valid(core, call.home, call.arguments.get("view"), "modal")
    trigger = core.take_trigger(call.text("trigger_id"), call.home)
    call.home.modals.clear()
    return _answer(core, call.home, stack(core, call.home, trigger.user, body, trigger.channel))


@method("views.push")
def push(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/views.push: three modals above one another."""
    body = valid(core, call.home, call.arguments.get("view"), "modal")
    trigger = core.take_trigger(call.text("trigger_id"), call.home)
    return _answer(core, call.home, stack(core, call.home, trigger.user, body, trigger.channel))


@method("views.update")
def update(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/views.update."""
    ident, outer = call.arguments.get("view_id"), call.arguments.get("external_id")
    named = (one for one in call.home.modals if one.id == ident or (outer and one.body.get("external_id") == outer))
    view = next(named, None)
    if view is None:
        raise Refused("not_found")
    _same(view, call.arguments.get("hash"))
    replace(core, call.home, view, valid(core, call.home, call.arguments.get("view"), "modal"))
    return _answer(core, call.home, view)


@method("views.publish")
def publish(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/views.publish."""
    user = call.text("user_id")
    if not core.home_tab:
        raise Refused("not_enabled")
    if user not in call.home.users:
        raise Refused("invalid_arguments")
    body = valid(core, call.home, call.arguments.get("view"), "home")
    view = call.home.homes.setdefault(user, View(core.stamps.id("V"), user, body, core.stamps.id("h")))
    _same(view, call.arguments.get("hash"))
    replace(core, call.home, view, body)
    return _answer(core, call.home, view)


def stack(core: Core, workspace: Workspace, user: str, body: Json, here: str | None = None) -> View:
    """A new modal above those that are open; ``here`` is the conversation that it came from. Raises Refused."""
    if len(workspace.modals) >= STACK:
        raise Refused("push_limit_reached")
    view = View(core.stamps.id("V"), user, body, core.stamps.id("h"))
    if workspace.modals:
        below = workspace.modals[-1]
        view.root, view.previous = below.root or below.id, below.id
    view.state = initial(view, here)
    workspace.modals.append(view)
    return view


def replace(core: Core, workspace: Workspace, view: View, body: Json) -> None:
    """Has the view show something else; what is filled in stays where block and action are the same."""
    assert view in workspace.modals or view in workspace.homes.values()
    kept = view.state
    view.body, view.hash, view.errors = body, core.stamps.id("h"), {}
    view.state = initial(view, None)
    for block, held in view.state.items():
        held |= {action: old for action, old in kept.get(block, {}).items() if action in held}


def valid(core: Core, workspace: Workspace, view: object, kind: Surface) -> Json:
    """The view, with ids for the blocks without. Raises Refused."""
    if not isinstance(view, dict) or view.get("type") != kind:
        raise _wrong(f"view type must be {kind}")
    found = view_problems(view)
    if "view_too_large" in found:
        raise Refused("view_too_large")
    if found:
        raise _wrong(*found)
    try:
        return view | {"blocks": checked(core, workspace, view["blocks"], kind)}
    except Refused as refusal:  # a picture that Slack doesn't have
        raise Refused("invalid_arguments", **refusal.more) from refusal


def _same(view: View, known: object) -> None:
    if known and known != view.hash:
        raise Refused("hash_conflict")


def _wrong(*found: str) -> Refused:
    return Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {one}" for one in found]})


def _answer(core: Core, workspace: Workspace, view: View) -> Json:
    return {"view": view.wire(workspace.id, core.app, workspace.bot_id)}
