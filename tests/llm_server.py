"""A loopback server that speaks as OpenAI-compatible ones do, well or badly, and remembers what it was asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

NEVER = b""  # the answer of a server that takes the question and says nothing

Answer = Callable[[dict[str, Any]], bytes]  # of the request's JSON: the bytes that go over the wire


@dataclass
class Server:
    """Gives its answers in turn, the last one again and again."""

    answers: list[Answer | bytes] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)  # names in lower case
    port: int = 0
    serving: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def says(self, *answers: Answer | bytes) -> None:
        """What it answers from now on."""
        self.answers = list(answers)

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self.handle(reader, writer))
        self.serving.add(task)
        task.add_done_callback(self.serving.discard)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
            fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
            self.headers.append(fields)
            self.asked.append(json.loads(await reader.readexactly(int(fields["content-length"]))))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            sent = answer if isinstance(answer, bytes) else answer(self.asked[-1])
            if sent is NEVER:
                await asyncio.Event().wait()
            writer.write(sent)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # the client has seen enough
        finally:
            writer.close()


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    """A server on a free port of 127.0.0.1."""
    server = Server()
    listener = await asyncio.start_server(server.accept, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        left = list(server.serving)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def http(body: bytes, status: str = "200 OK", kind: str = "application/json", **fields: str) -> bytes:
    """An answer as it goes over the wire; underscores in field names stand for hyphens."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def completion(content: object, *, usage: tuple[int, int] | None = (100, 50), kind: str = "application/json") -> bytes:
    """A chat completion with that content, as https://platform.openai.com/docs/api-reference/chat shows it."""
    body: dict[str, Any] = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "tiny",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}],
    }
    if usage:
        body["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    return http(json.dumps(body).encode(), kind=kind)


def points(*entries: tuple[str, list[int]], **options: Any) -> bytes:
    """A completion of points with what they cite."""
    return completion(json.dumps({"points": [{"text": text, "cites": cites} for text, cites in entries]}), **options)


def offered(request: dict[str, Any]) -> list[str]:
    """The sentences of the request, in their order."""
    return [one["text"] for one in json.loads(request["messages"][-1]["content"])["sentences"]]


def echo(request: dict[str, Any]) -> bytes:
    """The points of a model that repeats what it is given."""
    return points(*((text, [number]) for number, text in enumerate(offered(request)[:5], 1)))
