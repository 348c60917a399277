"""What Slack sends the app, and what the app makes of it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from tests.slack.loopback.world import Json, Refused

Kind = Literal["slash_commands", "interactive", "events_api"]

SOON: Final = timedelta(
    seconds=3
)  # https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response


@dataclass(eq=False)
class Sent:
    """A command, something pressed or an event, as it was sent."""

    id: str  # of its envelope
    kind: Kind
    payload: Json
    at: datetime
    retry: int = 0
    after: timedelta | None = None  # until it was acknowledged first
    acknowledged: int = 0  # how often
    answer: Json = field(default_factory=dict)  # what the acknowledgement carried
    refused: str = ""  # what the person sees instead: 'dispatch_failed', 'operation_timeout'
    done: asyncio.Event = field(default_factory=asyncio.Event)
    then: Callable[[Json], None] | None = None  # what Slack does with the first answer

    @property
    def late(self) -> bool:
        """Whether the person has been told that the app doesn't answer."""
        return self.after is None or self.after > SOON

    def envelope(self) -> Json:
        """How it goes over a websocket."""
        made: Json = {"envelope_id": self.id, "type": self.kind, "payload": self.payload}
        made["accepts_response_payload"] = self.kind != "events_api"
        if self.kind == "events_api":
            made |= {"retry_attempt": self.retry, "retry_reason": "timeout" if self.retry else ""}
        return made

    def acknowledge(self, now: datetime, answer: Json) -> None:
        """The app has acknowledged it; too late, its answer has no effect."""
        self.acknowledged += 1
        if self.done.is_set():
            return
        self.after, self.answer = now - self.at, answer
        try:
            if self.late:
                self.refuse("operation_timeout")
            elif self.then:
                self.then(answer)
        except Refused as refusal:
            self.refuse(refusal.error)
        self.done.set()

    def refuse(self, why: str) -> None:
        """The person sees that it hasn't worked."""
        if not self.done.is_set():
            self.refused = why
            self.done.set()
