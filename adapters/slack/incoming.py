"""What Slack sends -> plain values; nothing is looked up or sent here."""

import html
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.types import Channel

PLATFORM: Final = "slack"
REMEMBERED: Final = 5000  # events and presses: far more than come in the hour for which Slack repeats one
# What Slack puts in angle brackets: somebody, a channel, a group or a link, perhaps with what is read there.
_ANGLED: Final = re.compile(r"<((?:[@#!]|https?://|mailto:|tel:)[^<>|]*)(?:\|([^<>]*))?>")

_LEADS_OUT: Final = re.compile(r"https?://(?![\w.-]+\.slack\.com/archives/)")  # not to a message that is shared
_WRITTEN: Final = frozenset({None, "file_share", "me_message", "thread_broadcast"})  # subtypes of what people write


@dataclass(frozen=True, slots=True)
class Spot:
    """Who asked, and where an answer goes."""

    channel: Channel
    person: str
    thread: str | None = None  # the message in whose thread it was asked
    url: str | None = None  # response_url: reaches channels too in which the bot is not; five times in half an hour
    direct: bool = False  # in the bot's own conversation with the person: nobody else reads it
    opens: bool = False  # nobody has written in the thread yet: it begins with the answer

    @property
    def team(self) -> str:
        """The workspace's id."""
        return self.channel.workspace


def of_command(body: Mapping[str, Any]) -> Spot:
    """Where a slash command was typed: https://docs.slack.dev/interactivity/implementing-slash-commands/."""
    return Spot(Channel(PLATFORM, team(body), body["channel_id"]), body["user_id"], url=body["response_url"])


def of_press(body: Mapping[str, Any]) -> Spot:
    """Where a button was pressed, or a shortcut chosen.

    https://docs.slack.dev/reference/interaction-payloads/block_actions-payload/
    """
    box, message, user = body.get("container") or {}, body.get("message") or {}, body["user"]["id"]
    channel = (body.get("channel") or {}).get("id") or box.get("channel_id") or user
    thread = message.get("thread_ts") or box.get("thread_ts")
    return Spot(Channel(PLATFORM, team(body), channel), user, thread, body.get("response_url"))


def of_message(body: Mapping[str, Any]) -> Spot:
    """Where a message was written: https://docs.slack.dev/reference/events/message.im/, .../app_mention/."""
    event = body["event"]
    direct, thread = event.get("channel_type") == "im", event.get("thread_ts")
    channel, opens = Channel(PLATFORM, team(body), event["channel"]), not (direct or thread)
    return Spot(channel, event["user"], event["ts"] if opens else thread, direct=direct, opens=opens)


def spot_of(body: Mapping[str, Any]) -> Spot | None:
    """Where whatever it is was done, if who did it can be answered there."""
    if body.get("command"):
        return of_command(body)
    return of_press(body) if body.get("response_url") else None


def is_from_a_person(event: Mapping[str, Any]) -> bool:
    """Whether somebody wrote the message just now: no bot, no edit, no note of somebody's coming.

    https://docs.slack.dev/reference/events/message/#subtypes
    """
    return not event.get("bot_id") and bool(event.get("user")) and event.get("subtype") in _WRITTEN


def typed(text: str, bot: str | None = None) -> str:
    """What a person has typed, without Slack's escapes and without the mention of the bot.

    https://docs.slack.dev/messaging/formatting-message-text/#escaping
    """

    words = text.replace(f"<@{bot}>", " ").strip()
    asks = not words.startswith("/")  # a command may take any address, also one that Slack has made of a name

    def plain(found: re.Match[str]) -> str:
        target, label = found[1], found[2]
        if target.startswith(("http://", "https://")) and not (asks and _is_a_name(target, label)):
            return target
        return label or target.removeprefix("mailto:")

    return html.unescape(_ANGLED.sub(plain, words)).strip()


def _is_a_name(target: str, label: str | None) -> bool:
    """Whether Slack alone has made it a link: 'Booking.com' in a question is no address to brief."""
    return bool(label) and "/" not in str(label) and target == f"http://{label}"


def links(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The addresses that a message holds, each once, in order: in its text, its blocks and what it shows of them."""
    found = [target for text in _texts(message) for target, _ in _ANGLED.findall(text)]
    addresses = [html.unescape(target) for target in found] + list(_urls(message.get("blocks", ())))
    return tuple(dict.fromkeys(one for one in addresses if _LEADS_OUT.match(one)))


def _texts(message: Mapping[str, Any]) -> Iterable[str]:
    yield message.get("text") or ""
    for shown in message.get("attachments") or ():
        yield f"<{shown.get('from_url') or shown.get('title_link') or ''}>"
        yield shown.get("text") or ""


def _urls(value: object) -> Iterable[str]:
    """The links of rich text, however deep they lie."""
    if isinstance(value, dict):
        if value.get("type") == "link":
            yield value.get("url", "")
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _urls(part)


def team(body: Mapping[str, Any]) -> str:
    """The workspace's id: the one that has the app, where people of several meet in one channel.

    Where an organisation has the app, only the person's own may be given, and for an event that of the channel.
    """
    granted: Mapping[str, Any] = next(iter(body.get("authorizations") or ()), {})
    sent, view, user = body.get("team") or {}, body.get("view") or {}, body.get("user") or {}
    found = (view.get("app_installed_team_id"), sent.get("id"), granted.get("team_id"), body.get("team_id"))
    return next((str(one) for one in (*found, user.get("team_id")) if one), "")


def key(body: Mapping[str, Any]) -> str | None:
    """What is the same whenever Slack sends it again; None for what may come again and again.

    Events have an id (https://docs.slack.dev/apis/events-api/#retries); commands, presses and forms a trigger.
    """
    if event := body.get("event"):
        if event.get("type") in {"app_mention", "message"}:
            return f"{body.get('team_id')}/{event.get('channel')}/{event.get('ts')}"
        return body.get("event_id")
    return None if body.get("type") == "block_suggestion" else body.get("trigger_id")


def press_key(body: Mapping[str, Any]) -> str:
    """What is the same whenever the same person presses the same button, or chooses the same in a menu."""
    box, action = body.get("container") or {}, body["actions"][0]
    meant = (action.get("selected_option") or action).get("value")
    return "/".join(map(str, (team(body), box.get("channel_id"), box.get("message_ts"), body["user"]["id"], meant)))


class Once:
    """Remembers what has come, so that nothing that Slack repeats is done twice."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._most = most

    def first(self, name: str | None) -> bool:
        """Whether what is so called comes for the first time; what has no name always does."""
        if name is None:
            return True
        if name in self._seen:
            return False
        self._seen[name] = None
        while len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return True

    def forget(self, name: str) -> None:
        """Has it come for the first time again."""
        self._seen.pop(name, None)
