"""What Slack's answers to a post mean for the delivery.

The codes are those of https://docs.slack.dev/reference/methods/chat.postMessage/ (errors) and chat.update.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import DeliveryError

EXPECTED: Final = (SlackClientError, ClientError, TimeoutError, OSError)
"""What a call may raise that ``refusal`` knows to read."""

_INSTALL: Final = "install the app in the workspace again"
_CLOSED: Final = {
    "account_inactive": f"the bot was removed from the workspace: {_INSTALL}",
    "access_denied": "Slack denies the bot access to the channel: ask the workspace's admins",
    "channel_not_found": "the channel is gone, or private without the bot: /invite it there",
    "ekm_access_denied": "the workspace's admins have suspended posting",
    "enterprise_is_restricted": "the organisation doesn't let the app in: ask its admins",
    "channel_is_limited_access": "only some people may post in the channel: let the bot post too, in its settings",
    "invalid_auth": f"Slack doesn't accept the bot's token: {_INSTALL}",
    "is_archived": "the channel is archived: unarchive it",
    "is_inactive": "the channel is frozen: ask the workspace's admins",
    "messages_tab_disabled": "the app's messages are switched off: switch them on in its App Home settings",
    "method_not_supported_for_channel_type": "Slack lets no app post in a channel of this kind: choose another",
    "missing_scope": f"the bot lacks a permission that its manifest has: {_INSTALL}",
    "no_permission": "the bot may not post in the channel: ask the workspace's admins",
    "not_allowed_token_type": f"the token isn't a bot's: {_INSTALL}",
    "not_authed": f"Slack sees no token: {_INSTALL}",
    "not_in_channel": "the bot isn't in the channel: /invite it there",
    "org_login_required": "the workspace is moving to another organisation: resume once it has",
    "restricted_action": "only some people may post in the channel: let the bot post too, in the channel's settings",
    "restricted_action_non_threadable_channel": "the channel takes no threads: choose another",
    "restricted_action_read_only_channel": "the channel is read-only: choose another",
    "restricted_action_thread_only_channel": "the channel takes posts in threads only: choose another",
    "team_access_not_granted": "the channel belongs to a workspace of the organisation where the app isn't installed: "
    "install it there",
    "team_not_found": f"the workspace is gone, or has moved: {_INSTALL}",
    "token_expired": f"the bot's token has expired: {_INSTALL}",
    "token_revoked": f"the bot's token was revoked: {_INSTALL}",
    "two_factor_setup_required": "the workspace asks for two-factor authentication first: ask its admins",
}
_PERMANENT: Final = {
    "cannot_dm_bot": "bots can't be written to",
    "cannot_reply_to_message": "the post can't be answered in a thread",
    "cant_update_message": "the post isn't the bot's to edit",
    "edit_window_closed": "the workspace lets nobody edit a post that old",
    "invalid_blocks": "Slack refuses how the post is made",
    "invalid_thread_ts": "the post whose thread it continues is gone",
    "message_not_found": "the post is gone",
    "metadata_too_large": "Slack refuses the post's mark as too long",
    "msg_blocks_too_long": "Slack refuses the post as too long",
    "msg_too_long": "Slack refuses the post as too long",
    "restricted_action_thread_locked": "the post's thread is locked",
    "thread_not_found": "the post whose thread it continues is gone",
    "user_disabled": "the person's account is deactivated",
    "user_not_found": "Slack doesn't know the person",
    "user_not_visible": "the bot may not see the person",
}
_MOVING: Final = {
    "external_channel_migrating": "the channel is being moved",
    "team_added_to_org": "the workspace is being moved into an organisation",
}
# "Some aspect of the operation" may have succeeded, say the first two.
_UNCLEAR: Final = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
_BUSY: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})


@contextmanager
def translated() -> Iterator[None]:
    """Has errors of Slack and of the way to it leave as DeliveryError."""
    try:
        yield
    except EXPECTED as error:
        raise refusal(error) from error


def refusal(error: BaseException) -> DeliveryError:
    """What delivery does about an error of ``EXPECTED``."""
    if isinstance(error, SlackApiError):
        return _answered(code(error), _status(error), _headers(error))
    if isinstance(error, ClientConnectorError):
        return DeliveryError("Slack can't be reached")
    return DeliveryError(f"the connection to Slack broke ({type(error).__name__})", unclear=True)


def code(error: SlackApiError) -> str:
    """Slack's word for what is wrong; empty where it gave none."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def _answered(word: str, status: int, headers: Mapping[str, str]) -> DeliveryError:
    if status == 429 or word in _BUSY:
        return DeliveryError("Slack asks for a pause", retry_after=retry_after(headers))
    if status >= 500 or not word or word in _UNCLEAR:
        return DeliveryError(f"Slack has a fault (status {status}{', ' * bool(word)}{word})", unclear=True)
    if word in _CLOSED:
        return DeliveryError(f"{_CLOSED[word]} ({word})", closed=True)
    if word in _PERMANENT:
        return DeliveryError(f"{_PERMANENT[word]} ({word})", permanent=True)
    return DeliveryError(f"{_MOVING.get(word, 'Slack refuses')} ({word})")


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """The pause that Slack asks for: https://docs.slack.dev/apis/web-api/rate-limits/."""
    given = next((text for name, text in headers.items() if name.lower() == "retry-after"), "")
    return timedelta(seconds=int(given)) if given.isascii() and given.isdigit() else None


def _status(error: SlackApiError) -> int:
    response: Any = error.response  # where the answer was no JSON, slack_sdk hands on aiohttp's own
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)


def _headers(error: SlackApiError) -> Mapping[str, str]:
    return getattr(error.response, "headers", None) or {}
