"""Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode."""

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from aiohttp import WSMsgType, web

from tests.slack.loopback.core import Core
from tests.slack.loopback.faults import Way
from tests.slack.loopback.sent import Sent
from tests.slack.loopback.world import Json

MOST: Final = 10  # connections of one app


@dataclass(eq=False)
class Connection:
    """One websocket of the app."""

    request: web.Request
    ws: web.WebSocketResponse = field(default_factory=web.WebSocketResponse)
    sent: dict[str, Sent] = field(default_factory=dict)  # by envelope

    async def send(self, body: Json) -> None:
        """Sends it, if anybody is there to take it."""
        try:
            await self.ws.send_str(json.dumps(body))
        except (ConnectionError, RuntimeError):
            return  # it is closing; what was sent stays unacknowledged

    def cut(self) -> None:
        """Breaks it off without a word."""
        if self.request.transport:
            self.request.transport.abort()


class Sockets:
    """The app's connections."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._turn = count()
        self.live: list[Connection] = []
        self.made = 0  # how many there have been
        self.most = MOST

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, to its end."""
        ticket = request.match_info["ticket"]
        fault = self._core.faults.next("socket", {})
        if fault and fault.way is Way.STATUS:
            if fault.done:  # the address is of no use any more
                self._core.tickets.discard(ticket)
            return web.Response(status=fault.status)
        if ticket not in self._core.tickets:
            return web.Response(status=408)
        self._core.tickets.discard(ticket)
        connection = Connection(request)
        await connection.ws.prepare(request)
        if len(self.live) >= self.most:
            await connection.send(_goodbye("too_many_websockets"))
            await connection.ws.close()
            return connection.ws
        await self._serve(connection)
        return connection.ws

    async def send(self, sent: Sent) -> None:
        """Sends it over one of the connections, in turn; without any it is refused."""
        if not self.live:
            sent.refuse("dispatch_failed")
            return
        connection = self.live[next(self._turn) % len(self.live)]
        connection.sent[sent.id] = sent
        await connection.send(sent.envelope())

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tells each connection that it ends soon, so that the app makes another: 'warning', 'refresh_requested'."""
        for connection in list(self.live):
            await connection.send(_goodbye(reason))

    def cut(self) -> None:
        """Breaks all connections off without a word."""
        for connection in list(self.live):
            self._lost(connection)
            connection.cut()

    async def close(self) -> None:
        """Closes all connections."""
        for connection in list(self.live):
            await connection.ws.close()

    async def _serve(self, connection: Connection) -> None:
        hello = self._core.faults.next("hello", {})
        if hello is None:
            await connection.send(self._hello())
        self.live.append(connection)
        self.made += 1
        self._core.change()
        async for message in connection.ws:
            if message.type is WSMsgType.TEXT:
                self._take(connection, json.loads(message.data))
        self._lost(connection)
        self._core.change()

    def _hello(self) -> Json:
        debug = {"host": "applink", "build_number": 1, "approximate_connection_time": 18_060}
        about = {"connection_info": {"app_id": self._core.app}, "num_connections": len(self.live) + 1}
        return {"type": "hello", "debug_info": debug} | about

    def _take(self, connection: Connection, message: Json) -> None:
        """An acknowledgement, with what it carries."""
        sent = connection.sent.get(str(message.get("envelope_id")))
        if sent is None:
            return
        try:
            sent.acknowledge(self._core.clock(), message.get("payload") or {})
        except Exception as error:
            self._core.broken.append(error)
            raise
        finally:
            self._core.change()

    def _lost(self, connection: Connection) -> None:
        """What was on its way is lost, but for events, which Slack sends again."""
        if connection in self.live:
            self.live.remove(connection)
        for sent in connection.sent.values():
            if sent.kind != "events_api":
                sent.refuse("operation_timeout")


def _goodbye(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink"}}
