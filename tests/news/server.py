"""A loopback server for the tests. It says what it is told to, broken or not, and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext

Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]  # names in lower case


@dataclass
class Server:
    """Routes by path; what has none is answered with 404."""

    port: int = 0
    routes: dict[str, Behaviour | bytes] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    serving: set[asyncio.Task[None]] = field(default_factory=set)  # the connections that are open

    def url(self, path: str, *, host: str = "127.0.0.1", scheme: str = "http") -> str:
        """The address of ``path`` here."""
        return f"{scheme}://{host}:{self.port}{path}"

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a connection."""
        task = asyncio.ensure_future(self.handle(reader, writer))
        self.serving.add(task)
        task.add_done_callback(self.serving.discard)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        try:
            request, *fields = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
            path = request.split(" ")[1]
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in fields)}
            self.asked.append(Asked(path, headers))
            behaviour = self.routes.get(path.partition("?")[0], answer(b"", status="404 Not Found"))
            if isinstance(behaviour, bytes):
                writer.write(behaviour)
            else:
                await behaviour(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # the client has seen enough: that is what many of these tests are about
        finally:
            writer.close()


@asynccontextmanager
async def serving(tls: SSLContext | None = None) -> AsyncIterator[Server]:
    """A server on a free port of 127.0.0.1."""
    server = Server()
    listener = await asyncio.start_server(server.accept, "127.0.0.1", 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        left = list(server.serving)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def answer(body: bytes, *, status: str = "200 OK", length: int | None = None, **fields: str) -> bytes:
    """An answer as it goes over the wire; underscores in field names stand for hyphens."""
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {size}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(target: str, status: str = "302 Found") -> bytes:
    """An answer that sends the client on."""
    return answer(b"", status=status, Location=target)


async def endless(writer: asyncio.StreamWriter) -> None:
    """A body without a length that goes on for as long as someone listens."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def silent(writer: asyncio.StreamWriter) -> None:
    """The head of an answer, and then nothing."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
    await writer.drain()
    await asyncio.Event().wait()


async def dripping(writer: asyncio.StreamWriter) -> None:
    """One byte at a time, each in time, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


async def reset(writer: asyncio.StreamWriter) -> None:
    """A connection that breaks in the middle of the answer."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
    await writer.drain()
    writer.transport.abort()
