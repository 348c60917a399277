"""The middle of the loopback Slack: its state, and the Web API's methods by name."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.ports import Clock
from tests.slack.loopback.faults import Faults
from tests.slack.loopback.limits import Limits
from tests.slack.loopback.world import Conversation, Json, Message, Refused, Stamps, Workspace

TRIGGER_LIVES: Final = timedelta(seconds=3)  # https://docs.slack.dev/interactivity/handling-user-interaction
RESPONSE_LIVES: Final = timedelta(minutes=30)  # likewise: five uses within thirty minutes
RESPONSES: Final = 5
CODE_LIVES: Final = timedelta(minutes=10)  # https://docs.slack.dev/authentication/installing-with-oauth


@dataclass(frozen=True)
class Call:
    """One call of the Web API as it came."""

    method: str
    arguments: Json
    workspace: Workspace | None  # whose token it came with

    @property
    def home(self) -> Workspace:
        """The workspace. Raises Refused: the method takes a bot's token."""
        if self.workspace is None:
            raise Refused("not_allowed_token_type")
        return self.workspace

    def text(self, name: str) -> str:
        """An argument that can't be done without. Raises Refused."""
        value = self.arguments.get(name)
        if value in (None, ""):
            lacking = f"[ERROR] missing required field: {name}"
            raise Refused("invalid_arguments", response_metadata={"messages": [lacking]})
        return str(value)

    def flag(self, name: str) -> bool:
        """Whether an argument is switched on."""
        return self.arguments.get(name) in (True, 1, "1", "true", "True")


@dataclass
class Trigger:
    """A ``trigger_id``: opens one modal within three seconds."""

    workspace: Workspace
    user: str
    made: datetime
    channel: str | None  # where it was done; None: in a view
    used: bool = False


@dataclass
class Response:
    """A ``response_url``: answers to one interaction, five times within half an hour."""

    workspace: Workspace
    channel: str
    user: str
    made: datetime
    message: Message | None  # the one that it came from, which it may replace
    uses: int = 0


@dataclass(frozen=True)
class Method:
    """What a method needs, and what it does."""

    run: Callable[["Core", Call], Json]
    scopes: tuple[str, ...]  # any of them will do
    tier: int | None  # https://docs.slack.dev/apis/web-api/rate-limits
    by: str  # whose token: 'bot', 'app', 'nobody'


METHODS: Final[dict[str, Method]] = {}


def method(
    name: str, *scopes: str, tier: int | None = 4, by: str = "bot"
) -> Callable[[Callable[["Core", Call], Json]], Callable[["Core", Call], Json]]:
    """Enters a function as the Web API's method of that name."""

    def enter(run: Callable[["Core", Call], Json]) -> Callable[["Core", Call], Json]:
        METHODS[name] = Method(run, scopes, tier, by)
        return run

    return enter


@dataclass
class Core:
    """All that the loopback Slack remembers."""

    clock: Clock
    address: str = ""  # http://127.0.0.1:port, once it listens
    app: str = "A0DATELINE"
    app_token: str = "xapp-1-A0DATELINE-1-loopback"
    client_id: str = "1111.2222"
    client_secret: str = "client-secret-of-the-loopback"
    signing_secret: str = "signing-secret-of-the-loopback"
    workspaces: dict[str, Workspace] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    faults: Faults = field(default_factory=Faults)
    stamps: Stamps = field(default_factory=Stamps)
    home_tab: bool = True  # switched on in the app's manifest
    processes_files: bool = True  # at once; False: only when a test says so
    calls: list[Call] = field(default_factory=list)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)
    codes: dict[str, tuple[Workspace, datetime]] = field(default_factory=dict)  # of OAuth
    tickets: set[str] = field(default_factory=set)  # of websockets
    broken: list[Exception] = field(default_factory=list)  # faults of the loopback's own
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def change(self) -> None:
        """Tells whoever waits that something has happened."""
        self.changed.set()
        self.changed = asyncio.Event()

    def of_token(self, token: str) -> Workspace:
        """The workspace whose bot token it is. Raises Refused."""
        if not token:
            raise Refused("not_authed")
        for workspace in self.workspaces.values():
            if workspace.token == token:
                if workspace.trouble:
                    raise Refused(workspace.trouble)
                return workspace
        raise Refused("invalid_auth")

    def conversation(self, workspace: Workspace, ident: str) -> Conversation:
        """The conversation that the bot may know of. Raises Refused."""
        found = workspace.conversations.get(ident)
        if found is None and ident in workspace.users:
            found = workspace.direct(ident)
        if found is None or (found.kind != "public" and workspace.bot.id not in found.members):
            raise Refused("channel_not_found")
        return found

    def trigger(self, workspace: Workspace, user: str, channel: str | None = None) -> str:
        """A new trigger_id."""
        ident = self.stamps.id("TRG")
        self.triggers[ident] = Trigger(workspace, user, self.clock(), channel)
        return ident

    def take_trigger(self, ident: str, workspace: Workspace) -> Trigger:
        """What somebody has done; a trigger opens one modal. Raises Refused."""
        trigger = self.triggers.get(ident)
        if trigger is None or trigger.workspace is not workspace:
            raise Refused("invalid_trigger_id")
        if self.clock() - trigger.made > TRIGGER_LIVES:
            raise Refused("expired_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        trigger.used = True
        return trigger

    def response_url(self, workspace: Workspace, channel: str, user: str, message: Message | None = None) -> str:
        """A new response_url."""
        ident = self.stamps.id("RSP")
        self.responses[ident] = Response(workspace, channel, user, self.clock(), message)
        return f"{self.address}/actions/{workspace.id}/{ident}"
