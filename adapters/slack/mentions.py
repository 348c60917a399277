"""Mentions and direct messages: plain words to the bot, answered below them."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.incoming import Spot, is_from_a_person, of_message, typed
from adapters.slack.naming import full
from adapters.slack.service import Body, Service

_BUSY = "I am still at your last question: this one isn't answered, ask it again then."


class Mentions:
    """Answers messages to the bot, one at a time for each person. Slack acknowledges events by itself."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._busy: set[tuple[str, str]] = set()  # (workspace, person)

    def register(self, app: AsyncApp) -> None:
        """Enters the listeners."""
        app.event("app_mention")(self.mention)
        app.event("message")(self.message)

    async def mention(self, body: Body, context: Mapping[str, Any]) -> None:
        """A question beside the bot's name, answered in the message's thread."""
        if is_from_a_person(body["event"]):
            text = typed(body["event"].get("text") or "", context.get("bot_user_id"))
            await self._heard(of_message(body), self._asked(text))

    async def message(self, body: Body, context: Mapping[str, Any]) -> None:
        """A question in the bot's own conversation with somebody; what else is said is none of its business."""
        if body["event"].get("channel_type") == "im":
            await self.mention(body, context)

    def _asked(self, text: str) -> str:
        """What the core is asked: a command may be typed as Slack knows it, or copied as code."""
        text = text.strip("` ")
        if text.lower() in {"", "help"}:
            return "/help"
        if not text.startswith("/"):
            return text
        word, _, rest = text.removeprefix("/").removeprefix(self._service.prefix).partition(" ")
        return full(word, rest)

    async def _heard(self, spot: Spot, text: str) -> None:
        person = (spot.team, spot.person)
        if person in self._busy:
            await self._service.replies.tell(spot, _BUSY)
            return
        self._busy.add(person)
        try:
            await self._service.replies.give(spot, lambda: self._service.answer(spot, text))
        finally:
            self._busy.discard(person)
