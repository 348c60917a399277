"""The gateway's side of the websocket: sessions that outlive their connection, so that nothing is missed.

https://docs.discord.com/developers/events/gateway and .../topics/opcodes-and-status-codes#gateway
"""

import asyncio
import json
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from aiohttp import WSMsgType, web

from tests.discord.loopback.refusals import Json
from tests.discord.loopback.world import World

HEARTBEAT = 41_250  # milliseconds
GUILDS, MESSAGES, DIRECT_MESSAGES, CONTENT = 1 << 0, 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = (1 << 1) | (1 << 8) | CONTENT  # members, presences, message content
PACE = 5.0  # seconds between two identifies, with a concurrency of 1


class Op(IntEnum):
    """What a payload is."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    RECONNECT = 7
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Socket:
    """One connection: JSON, in a zlib stream if the address asks for it."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self._stream = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self.ws = web.WebSocketResponse(autoping=True, compress=False)

    async def send(self, op: Op, data: object = None, event: str | None = None, seq: int | None = None) -> None:
        """Sends it, if anybody is there to take it."""
        text = json.dumps({"op": op, "d": data, "t": event, "s": seq})
        try:
            if self._stream:
                chunk = self._stream.compress(text.encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)
                await self.ws.send_bytes(chunk)
            else:
                await self.ws.send_str(text)
        except (ConnectionError, RuntimeError):
            return  # it is closing: what matters is in the session's log

    def cut(self) -> None:
        """Breaks the connection off without a word."""
        if self._request.transport:
            self._request.transport.abort()


@dataclass(eq=False)
class Session:
    """A shard that has identified, with all that it was to hear."""

    id: str
    shard: int
    intents: int
    log: list[tuple[str, Json]] = field(default_factory=list)
    socket: Socket | None = None
    resumes: int = 0

    async def tell(self, event: str, data: Json) -> None:
        """Logs the event, and sends it if connected."""
        self.log.append((event, data))
        if self.socket:
            await self.socket.send(Op.DISPATCH, data, event, len(self.log))

    async def replay(self, after: int) -> None:
        """Sends again what came after the event of that number."""
        for seq, (event, data) in enumerate(self.log[after:], after + 1):
            if self.socket:
                await self.socket.send(Op.DISPATCH, data, event, seq)


class Gateway:
    """All sessions of the one application."""

    def __init__(self, world: World, token: str, changed: Callable[[], None]) -> None:
        self._world = world
        self._token = token
        self._changed = changed
        self._identified = float("-inf")
        self.url = ""  # known once it listens
        self.privileged = PRIVILEGED  # intents that the application has been granted
        self.resumable = True
        self.refusal: int | None = None  # the close code that every identify meets
        self.sessions: dict[str, Session] = {}
        self.identifies = 0

    @property
    def live(self) -> list[Session]:
        """The sessions that are connected."""
        return [one for one in self.sessions.values() if one.socket]

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, to its end."""
        socket = Socket(request)
        await socket.ws.prepare(request)
        await socket.send(Op.HELLO, {"heartbeat_interval": HEARTBEAT})
        async for message in socket.ws:
            if message.type is WSMsgType.TEXT:
                await self._take(socket, json.loads(message.data))
                self._changed()
        for session in self.sessions.values():
            if session.socket is socket:
                session.socket = None
        self._changed()
        return socket.ws

    async def _take(self, socket: Socket, payload: Json) -> None:
        match payload["op"]:
            case Op.HEARTBEAT:
                await socket.send(Op.HEARTBEAT_ACK)
            case Op.IDENTIFY:
                await self._identify(socket, payload["d"])
            case Op.RESUME:
                await self._resume(socket, payload["d"])

    async def _identify(self, socket: Socket, data: Json) -> None:
        if self.refusal:
            await socket.ws.close(code=self.refusal)
        elif data["token"] != self._token:
            await socket.ws.close(code=4004, message=b"Authentication failed.")
        elif data["intents"] & PRIVILEGED & ~self.privileged:
            await socket.ws.close(code=4014, message=b"Disallowed intent(s).")
        elif self._world.clock() - self._identified < PACE:
            await socket.send(Op.INVALID_SESSION, False)
        else:
            self._identified = self._world.clock()
            self.identifies += 1
            await self._welcome(socket, data)

    async def _welcome(self, socket: Socket, data: Json) -> None:
        shard, shards = data.get("shard", [0, 1])
        session = Session(secrets.token_hex(8), shard, data["intents"], socket=socket)
        self.sessions[session.id] = session
        guilds = [one for one in self._world.guilds.values() if (one.id >> 22) % shards == shard]
        ready: Json = {"v": 10, "user": self._world.bot.payload(), "session_id": session.id, "shard": [shard, shards]}
        ready["guilds"] = [{"id": str(guild.id), "unavailable": True} for guild in guilds]
        ready["resume_gateway_url"] = self.url
        ready["application"] = {"id": str(self._world.bot.id), "flags": 0}
        await session.tell("READY", ready)
        for guild in guilds if session.intents & GUILDS else []:
            await session.tell("GUILD_CREATE", guild.payload(self._world.bot))

    async def _resume(self, socket: Socket, data: Json) -> None:
        session = self.sessions.get(data["session_id"])
        if session is None or not self.resumable or data["token"] != self._token:
            await socket.send(Op.INVALID_SESSION, False)
            return
        session.socket = socket
        session.resumes += 1
        await session.replay(data["seq"])
        await session.tell("RESUMED", {})

    # --- what Discord does

    async def tell(self, event: str, data: Json, guild: int | None = None) -> None:
        """Has the shard hear the event that the server of that id belongs to; without one, the first shard."""
        shards = self._world.sharding
        shard = (guild >> 22) % shards if guild is not None else 0
        for session in self.sessions.values():
            if session.shard == shard and _wanted(event, data, session.intents):
                await session.tell(event, self._censored(event, data, session.intents))

    def cut(self) -> None:
        """Breaks every connection off; what happens from now on is heard after a resume."""
        for session in self.live:
            assert session.socket is not None
            session.socket.cut()
            session.socket = None

    async def close(self, code: int) -> None:
        """Closes every connection with the code."""
        for session in self.live:
            assert session.socket is not None
            socket, session.socket = session.socket, None
            # A close waits for the other side's, which has to be read first: by the handler of the connection.
            closing = asyncio.ensure_future(socket.ws.close(code=code))
            await asyncio.wait([closing], timeout=1)

    async def reconnect(self) -> None:
        """Asks every connection to come again."""
        for session in self.live:
            assert session.socket is not None
            await session.socket.send(Op.RECONNECT)

    def forget(self) -> None:
        """Makes every session so far unknown: a resume is answered with INVALID_SESSION."""
        self.sessions = {}

    def _censored(self, event: str, data: Json, intents: int) -> Json:
        """Without the content intent a message is empty, but in direct messages, to the bot and by it."""
        bot = str(self._world.bot.id)
        open_to_all = "guild_id" not in data or any(one["id"] == bot for one in data.get("mentions", []))
        if event != "MESSAGE_CREATE" or intents & CONTENT or open_to_all or data["author"]["id"] == bot:
            return data
        return data | {"content": "", "embeds": [], "attachments": [], "components": []}


def _wanted(event: str, data: Json, intents: int) -> bool:
    needed = {"MESSAGE_CREATE": MESSAGES if "guild_id" in data else DIRECT_MESSAGES, "GUILD_CREATE": GUILDS}
    needed |= {"GUILD_DELETE": GUILDS, "CHANNEL_CREATE": GUILDS, "CHANNEL_DELETE": GUILDS, "THREAD_CREATE": GUILDS}
    return not needed.get(event) or bool(intents & needed[event])
