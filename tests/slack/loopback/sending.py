"""How Slack brings things to the app: over a websocket, or as signed requests to its address."""

import asyncio
import json
import time
from collections.abc import Callable
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier

from tests.slack.loopback.core import Core
from tests.slack.loopback.sent import Kind, Sent
from tests.slack.loopback.sockets import Sockets
from tests.slack.loopback.world import Json

PATIENCE = 20.0  # seconds of the real clock, after which something that never comes fails the test


class Sending:
    """Sends, and waits for the acknowledgement."""

    def __init__(self, core: Core, sockets: Sockets) -> None:
        self._core = core
        self._sockets = sockets
        self.url: str | None = None  # where the app takes requests; None: Socket Mode
        self.log: list[Sent] = []

    async def send(self, kind: Kind, payload: Json, then: Callable[[Json], None] | None = None) -> Sent:
        """What was sent, once it is acknowledged or has failed."""
        sent = Sent(self._core.stamps.id("ENV"), kind, payload, self._core.clock())
        sent.then = then
        self.log.append(sent)
        return await self.again(sent)

    async def again(self, sent: Sent, retry: int = 0) -> Sent:
        """Brings the same thing once more; ``retry`` as Slack counts its own attempts with events."""
        sent.retry = retry
        if self.url is not None:
            await self._request(self.url, sent)
        else:
            await self._by_socket(sent)
        self._core.change()
        return sent

    async def _by_socket(self, sent: Sent) -> None:
        before = sent.acknowledged
        await self._sockets.send(sent)
        async with asyncio.timeout(PATIENCE):
            while sent.acknowledged == before and not sent.refused:
                changed = self._core.changed
                await changed.wait()

    async def _request(self, url: str, sent: Sent) -> None:
        body, kind = encoded(sent)
        headers = {"content-type": kind} | self.signed(body)
        if sent.retry:
            headers |= {"x-slack-retry-num": str(sent.retry), "x-slack-retry-reason": "http_timeout"}
        async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as response:
            text = await response.text()
        if response.status != 200:
            sent.refuse(f"http_{response.status}")
            return
        is_json = response.content_type == "application/json"
        answer = json.loads(text) if is_json and text else {"text": text} if text else {}
        sent.acknowledge(self._core.clock(), answer)

    def signed(self, body: str) -> dict[str, str]:
        """The headers by which Slack proves who it is: https://docs.slack.dev/authentication/verifying-requests."""
        stamp = str(int(time.time()))  # the real one: slack-bolt holds it against the time of day
        signature = SignatureVerifier(self._core.signing_secret).generate_signature(timestamp=stamp, body=body)
        return {"x-slack-request-timestamp": stamp, "x-slack-signature": str(signature)}


def encoded(sent: Sent) -> tuple[str, str]:
    """The body of a request, and its type."""
    if sent.kind == "events_api":
        return json.dumps(sent.payload), "application/json"
    flat = sent.payload if sent.kind == "slash_commands" else {"payload": json.dumps(sent.payload)}
    return urlencode(flat), "application/x-www-form-urlencoded"
