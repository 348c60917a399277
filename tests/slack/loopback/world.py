"""What the loopback Slack knows: workspaces, people, channels, messages, files and views."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]

BOT_SCOPES = frozenset(
    {
        *(
            "app_mentions:read",
            "channels:history",
            "channels:join",
            "channels:read",
            "chat:write",
            "chat:write.public",
            "commands",
        ),
        *("files:write", "groups:history", "im:history", "im:write", "usergroups:read", "users:read"),
    }
)
"""What an installation may do unless a test says otherwise: what the manifest asks for, also for user groups."""


class Refused(Exception):
    """Slack's answer to a call that it doesn't fulfil: an error code, and what comes with it."""

    def __init__(self, error: str, *, status: int = 200, retry_after: int | None = None, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.retry_after = retry_after  # seconds
        self.more = more


@dataclass
class User:
    """A person, or the bot."""

    id: str
    name: str
    zone: str = "Europe/Amsterdam"
    admin: bool = False
    owner: bool = False
    guest: bool = False  # 'restricted', as Slack says
    bot: bool = False


@dataclass
class Message:
    """One message; an ephemeral one is seen by one person and stands in no history."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread: str | None = None  # ts of the message that it answers
    broadcast: bool = False
    files: list[str] = field(default_factory=list)  # ids
    bot: bool = True
    edited: int = 0  # how often
    seen_by: str | None = None  # whom an ephemeral one is shown to; None: everybody
    sent: Json = field(default_factory=dict)  # the arguments that it was posted with, as they came

    @property
    def words(self) -> str:
        """All that can be read in it, blocks first, a line for each piece of text."""
        return "\n".join([*texts(self.blocks), *([] if self.blocks else [self.text])])

    def wire(self, bot: "User", bot_id: str, app: str, *, metadata: bool = False) -> Json:
        """The message as the Web API gives it."""
        made: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text, "team": "T"}
        if self.bot:
            made |= {"bot_id": bot_id, "app_id": app, "bot_profile": {"id": bot_id, "name": bot.name, "app_id": app}}
        if self.blocks:
            made["blocks"] = self.blocks
        if self.thread:
            made["thread_ts"] = self.thread
        if self.files:
            made["files"] = [{"id": one} for one in self.files]
        if self.edited:
            made["edited"] = {"user": self.user, "ts": self.ts}
        if metadata and self.metadata:
            made["metadata"] = self.metadata
        return made


@dataclass
class Conversation:
    """A channel or a direct message."""

    id: str
    name: str
    kind: str = "public"  # 'public', 'private', 'im'
    members: set[str] = field(default_factory=set)  # ids of users, the bot's too
    archived: bool = False
    messages: list[Message] = field(default_factory=list)  # oldest first; ephemeral ones not

    def wire(self, bot: str) -> Json:
        """The conversation as the Web API gives it."""
        made: Json = {"id": self.id, "name": self.name, "is_archived": self.archived, "created": 1_700_000_000}
        made |= {"is_channel": self.kind == "public", "is_group": False, "is_private": self.kind != "public"}
        made |= {"is_im": self.kind == "im", "is_mpim": False, "is_member": bot in self.members}
        if self.kind == "im":
            made["user"] = next(iter(self.members - {bot}))
        return made


@dataclass
class StoredFile:
    """An uploaded file."""

    id: str
    name: str
    length: int
    alt: str | None
    content: bytes | None = None  # None: not yet uploaded
    title: str | None = None
    complete: bool = False
    processed: bool = False  # until then it can't be shown in a block
    shared: list[tuple[str, str]] = field(default_factory=list)  # (channel, ts)

    @property
    def image(self) -> bool:
        """Whether a block may show it: png, jpg, jpeg or gif (reference/block-kit/composition-objects/slack-file)."""
        return self.name.rpartition(".")[2].lower() in {"png", "jpg", "jpeg", "gif"}


@dataclass
class View:
    """A modal or a Home tab, as it stands."""

    id: str
    user: str
    body: Json
    hash: str
    root: str | None = None  # the modal below all
    previous: str | None = None
    state: Json = field(default_factory=dict)  # what is filled in, by block and action
    errors: dict[str, str] = field(default_factory=dict)  # that the app has found in it, by block

    @property
    def words(self) -> str:
        """All that can be read in it."""
        return "\n".join(texts([{key: self.body.get(key) for key in ("title", "blocks", "submit", "close")}]))

    def wire(self, team: str, app: str, bot_id: str) -> Json:
        """The view as the Web API gives it."""
        blank: Json = {"private_metadata": "", "callback_id": "", "state": {"values": {}}, "external_id": ""}
        known = {"id": self.id, "team_id": team, "app_id": app, "bot_id": bot_id, "hash": self.hash}
        known["app_installed_team_id"] = team
        links = {"root_view_id": self.root or self.id, "previous_view_id": self.previous}
        return blank | self.body | known | links


@dataclass
class Workspace:
    """A Slack workspace with the app installed, or not (``token`` None)."""

    id: str
    name: str
    token: str | None
    enterprise: str | None = None
    scopes: frozenset[str] = BOT_SCOPES
    trouble: str | None = None  # what every call with its token is answered: 'token_revoked', 'account_inactive'
    bot: User = field(default_factory=lambda: User("U0BOT", "dateline", bot=True))
    bot_id: str = "B0BOT"
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, tuple[str, list[str]]] = field(default_factory=dict)  # id -> (handle, ids of users)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    modals: list[View] = field(default_factory=list)  # the one on top last
    homes: dict[str, View] = field(default_factory=dict)  # by user
    ephemerals: list[Message] = field(default_factory=list)

    def channel(self, ident: str, name: str | None = None, *, kind: str = "public", bot: bool = True) -> Conversation:
        """A new channel with everybody in it, the bot too unless ``bot`` is false."""
        members = set(self.users) | ({self.bot.id} if bot else set())
        made = Conversation(ident, name or ident.lower(), kind, members)
        self.conversations[ident] = made
        return made

    def direct(self, user: str) -> Conversation:
        """The direct message of the bot and the person; made when first asked for."""
        ident = f"D{user[1:]}"
        if ident not in self.conversations:
            self.conversations[ident] = Conversation(ident, "directmessage", "im", {user, self.bot.id})
        return self.conversations[ident]


class Stamps:
    """Makes the ``ts`` of messages and other ids: never the same twice, in order of time."""

    def __init__(self) -> None:
        self._count: Iterator[int] = itertools.count(1)

    def ts(self, now: datetime) -> str:
        """Seconds since 1970, with six places that keep it unique."""
        return f"{int(now.timestamp())}.{next(self._count):06d}"

    def id(self, prefix: str) -> str:
        """An id as Slack makes them: capital letters and digits."""
        return f"{prefix}0{next(self._count):08X}"


def texts(part: object) -> list[str]:
    """Every piece of text in blocks or views, in order: what ``text``, ``alt_text`` and labels say."""
    if isinstance(part, list):
        return [line for one in part for line in texts(one)]
    if not isinstance(part, dict):
        return []
    if part.get("type") == "rich_text_section":
        return ["".join(one.get("text", "") for one in part.get("elements", []))]
    found = []
    for key, value in part.items():
        if isinstance(value, str) and key in {"text", "alt_text"}:
            found.append(value)
        else:
            found += texts(value)
    return found
