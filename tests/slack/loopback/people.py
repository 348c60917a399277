"""What people do in Slack; each returns once the app has acknowledged it, or hasn't."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.slack.blockkit import problems
from tests.slack.loopback import forms, payloads
from tests.slack.loopback.chat import deliver
from tests.slack.loopback.core import Core, Response
from tests.slack.loopback.sending import Sending
from tests.slack.loopback.sent import Sent
from tests.slack.loopback.views import replace, stack, valid
from tests.slack.loopback.world import Json, Message, Refused, View, Workspace

ADMIN, GUEST = "U0ADMIN", "U0GUEST"
TEAM, CHANNEL = "T1", "C1"
MOST_OPTIONS = 100  # https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select


class People(Core):
    """The people of all workspaces. Where nothing else is said, an admin does it in the first workspace's channel."""

    sending: Sending

    async def command(
        self, name: str, text: str = "", *, user: str = ADMIN, channel: str = CHANNEL, team: str = TEAM
    ) -> Sent:
        """Somebody types ``/brief Lyman``: the command's name, and the rest."""
        home = self.workspaces[team]
        payload = payloads.command(self, home, home.users[user], channel, f"/{name.lstrip('/')}", text)

        def shown(answer: Json) -> None:
            if answer.get("text") or answer.get("blocks"):
                deliver(self, Response(home, channel, user, self.clock(), None), answer)

        return await self.sending.send("slash_commands", payload, shown)

    async def mention(
        self, text: str, *, user: str = ADMIN, channel: str = CHANNEL, thread: str | None = None, team: str = TEAM
    ) -> Sent:
        """Somebody writes '@dateline' and the text."""
        bot = self.workspaces[team].bot.id
        message = self.says(f"<@{bot}> {text}", user=user, channel=channel, thread=thread, team=team)
        return await self.event(_written("app_mention", message), team=team)

    async def direct(self, text: str, *, user: str = ADMIN, thread: str | None = None, team: str = TEAM) -> Sent:
        """Somebody writes to the bot itself."""
        where = self.workspaces[team].direct(user).id
        message = self.says(text, user=user, channel=where, thread=thread, team=team)
        return await self.event(_written("message", message) | {"channel_type": "im"}, team=team)

    def says(
        self, text: str, *, user: str = ADMIN, channel: str = CHANNEL, thread: str | None = None, team: str = TEAM
    ) -> Message:
        """Somebody writes a message; the app hears nothing of it."""
        where = self.workspaces[team].conversations[channel]
        message = Message(channel, self.stamps.ts(self.clock()), user, text, thread=thread, bot=False)
        where.messages.append(message)
        return message

    async def press(self, shown: Message | View, what: str, *, user: str = ADMIN, team: str = TEAM) -> Sent:
        """Somebody presses the button with those words on it, or that value or action_id."""
        block, element = forms.find(_blocks(shown), what)
        assert element["type"] == "button", f"{what!r} is no button"
        return await self._act(shown, _action(block, element, {"text": element["text"]}), user, team)

    async def choose(
        self, shown: Message | View, what: str, value: object, *, user: str = ADMIN, team: str = TEAM
    ) -> Sent:
        """Somebody chooses in a menu, or another input that tells of it at once: ``what`` finds it."""
        block, element = forms.find(_blocks(shown), what)
        held = forms.put(element, value)
        if isinstance(shown, View):
            shown.state[block["block_id"]][element["action_id"]] = held
        return await self._act(shown, _action(block, element, held), user, team)

    async def submit(
        self, view: View, values: Mapping[str, object] | None = None, *, user: str = ADMIN, team: str = TEAM
    ) -> Sent:
        """Somebody fills in the modal and sends it. What the app finds wrong stands in ``view.errors``."""
        home = self.workspaces[team]
        view.state, view.errors = forms.filled(view, values or {}), {}
        payload = payloads.submitted(self, home, home.users[user], view)
        return await self.sending.send("interactive", payload, lambda answer: self._submitted(home, view, answer))

    async def suggest(self, view: View, what: str, typed: str, *, user: str = ADMIN, team: str = TEAM) -> list[Json]:
        """The options that somebody is offered who types in an external select.

        Raises:
            Refused: the app's answer is none, or against Slack's rules.
        """
        home = self.workspaces[team]
        block, element = forms.find(view.body["blocks"], what)
        assert len(typed) >= element.get("min_query_length", 3), "Slack asks for nothing before that"
        place = (block["block_id"], element["action_id"])
        payload = payloads.suggestion(self, home, home.users[user], view, place, typed)
        sent = await self.sending.send("interactive", payload, _check_options)
        if sent.refused:
            raise Refused(sent.refused)
        groups = sent.answer.get("option_groups") or [sent.answer]
        return [option for group in groups for option in group["options"]]

    async def shortcut(
        self, message: Message, callback: str = "brief_this", *, user: str = ADMIN, team: str = TEAM
    ) -> Sent:
        """Somebody chooses a shortcut of the message's menu."""
        home = self.workspaces[team]
        payload = payloads.shortcut(self, home, home.users[user], message, callback)
        return await self.sending.send("interactive", payload)

    async def open_home(self, user: str = ADMIN, *, team: str = TEAM, tab: str = "home") -> Sent:
        """Somebody opens the app's own page."""
        home = self.workspaces[team]
        event: Json = {"type": "app_home_opened", "user": user, "channel": home.direct(user).id, "tab": tab}
        if view := home.homes.get(user):
            event["view"] = payloads.shown(self, home, view)
        return await self.event(event, team=team)

    async def remove_app(self, *, team: str = TEAM) -> list[Sent]:
        """Somebody takes the app out of the workspace."""
        home = self.workspaces[team]
        home.trouble = "account_inactive"
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [home.bot.id]}}
        return [await self.event(one, team=team) for one in (revoked, {"type": "app_uninstalled"})]

    async def event(self, event: Json, *, team: str = TEAM) -> Sent:
        """Something that the app has subscribed to."""
        return await self.sending.send("events_api", payloads.event(self, self.workspaces[team], event))

    def approve(self, asked: str, team: str = TEAM) -> str:
        """Somebody allows what the app asks for at Slack's own address: where Slack sends the browser then.

        https://docs.slack.dev/authentication/installing-with-oauth
        """
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
        assert query["client_id"] == self.client_id
        home = self.workspaces[team]
        home.scopes = frozenset(query["scope"].split(","))
        code = self.stamps.id("CODE")
        self.codes[code] = (home, self.clock())
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    # --- within

    async def _act(self, shown: Message | View, action: Json, user: str, team: str) -> Sent:
        home = self.workspaces[team]
        action = action | {"action_ts": self.stamps.ts(self.clock())}
        if isinstance(shown, View):
            payload = payloads.pressed_view(self, home, home.users[user], shown, action)
        else:
            payload = payloads.pressed_message(self, home, home.users[user], shown, action)
        return await self.sending.send("interactive", payload)

    def _submitted(self, home: Workspace, view: View, answer: Json) -> None:
        """https://docs.slack.dev/surfaces/modals#response_actions. Raises Refused."""
        match answer.get("response_action"):
            case "errors":
                inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
                if not answer["errors"] or not set(answer["errors"]) <= inputs:
                    raise Refused("invalid_errors")
                view.errors = answer["errors"]
            case "update":
                replace(self, home, view, valid(self, home, answer["view"], "modal"))
            case "push":
                stack(self, home, view.user, valid(self, home, answer["view"], "modal"))
            case "clear":
                home.modals.clear()
            case _:
                home.modals.remove(view)


def _written(kind: str, message: Message) -> Json:
    """https://docs.slack.dev/reference/events/app_mention, .../message.im."""
    event: Json = {"type": kind, "user": message.user, "text": message.text, "ts": message.ts}
    event |= {"channel": message.channel, "event_ts": message.ts}
    return event | ({"thread_ts": message.thread} if message.thread else {})


def _blocks(shown: Message | View) -> list[Json]:
    return shown.blocks if isinstance(shown, Message) else shown.body["blocks"]


def _action(block: Json, element: Json, held: Json) -> Json:
    action = {"type": element["type"], "block_id": block["block_id"], "action_id": element["action_id"]}
    return action | ({"value": element["value"]} if "value" in element else {}) | held


def _check_options(answer: Json) -> None:
    """Raises Refused: https://docs.slack.dev/reference/block-kit/composition-objects/option-object."""
    element = {"type": "static_select", "action_id": "a", "placeholder": {"type": "plain_text", "text": "x"}}
    groups = answer.get("option_groups") or [answer]
    options = [option for group in groups for option in group.get("options") or ()]
    if "options" not in answer and "option_groups" not in answer:
        raise Refused("no options")
    wrong = problems([{"type": "actions", "elements": [element | {"options": options}]}]) if options else []
    if wrong or len(options) > MOST_OPTIONS:
        raise Refused(f"invalid options: {wrong}")
