"""What listens: the Web API, uploads, response_urls; each call meets the faults that were ordered for it."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Callable
from typing import Final

from aiohttp import web

# Each enters its methods when it is imported.
from tests.slack.loopback import access, chat, files, lookups, views  # noqa: F401
from tests.slack.loopback.core import METHODS, Call, Core, Method
from tests.slack.loopback.faults import Fault, Way
from tests.slack.loopback.world import Json, Refused, Workspace

_STRUCTURED: Final = {"blocks", "attachments", "metadata", "view", "files", "unfurls"}  # JSON within a form


class Web:
    """The routes, over the state that all share."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._closing = asyncio.Event()
        self.answering = asyncio.Event()  # while it isn't set, calls of the Web API are left waiting
        self.answering.set()
        self.latency = 0.0  # seconds that each call takes besides

    def install(self, site: web.Application) -> None:
        """Adds the routes."""
        site.router.add_route("*", "/api/{method}", self.call)
        site.router.add_route("*", "/upload/{team}/{file}", self.upload)
        site.router.add_get("/files/{team}/{file}", self.download)
        site.router.add_post("/actions/{team}/{response}", self.respond)

    def close(self) -> None:
        """Lets go of the calls that wait."""
        self.answering.set()
        self._closing.set()

    async def call(self, request: web.Request) -> web.StreamResponse:
        """A call of the Web API."""
        name, arguments = request.match_info["method"], await _arguments(request)
        kind, _, held = request.headers.get("Authorization", "").partition(" ")
        if kind == "Basic":  # https://docs.slack.dev/reference/methods/oauth.v2.access: either way will do
            arguments |= zip(("client_id", "client_secret"), b64decode(held).decode().split(":", 1), strict=True)
        token = held if kind == "Bearer" else str(arguments.pop("token", ""))
        home = next((one for one in self._core.workspaces.values() if token and one.token == token), None)
        call = Call(name, arguments, home)
        self._core.calls.append(call)
        await self.answering.wait()
        if self.latency:
            await asyncio.sleep(self.latency)
        return await self._answered(request, name, arguments, lambda: self._run(call, token))

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file, raw or as a form's."""
        content = await _content(request)

        def run() -> web.Response:
            files.receive(self._workspace(request), request.match_info["file"], content)
            return web.Response(text=f"OK - {len(content)}")

        return await self._answered(request, "upload", {"length": len(content)}, run)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file's bytes, for who has the bot's token."""
        home = self._workspace(request)
        file = home.files.get(request.match_info["file"])
        if request.headers.get("Authorization") != f"Bearer {home.token}" or file is None or file.content is None:
            return web.Response(status=404)
        return web.Response(body=file.content)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """What is sent to a response_url."""
        body: Json = await request.json()
        self._core.calls.append(Call("response_url", body, self._workspace(request)))

        def run() -> web.Response:
            try:
                chat.respond(self._core, request.match_info["response"], body)
            except Refused as refusal:
                status = refusal.status if refusal.status != 200 else 400
                return web.Response(status=status, text=refusal.error, headers=_pause(refusal))
            return web.Response(text="ok")

        return await self._answered(request, "response_url", body, run)

    async def _answered(
        self, request: web.Request, name: str, arguments: Json, run: Callable[[], web.Response]
    ) -> web.StreamResponse:
        """What the call comes to, or the fault that is its lot."""
        fault = self._core.faults.next(name, arguments)
        try:
            answer = run() if fault is None or fault.done else web.Response()
        except Refused as refusal:
            answer = _refused(refusal)
        except Exception as error:
            self._core.broken.append(error)
            raise
        finally:
            self._core.change()
        return answer if fault is None else await self._faulty(request, fault)

    def _run(self, call: Call, token: str) -> web.Response:
        method = METHODS.get(call.method)
        if method is None:
            raise Refused("unknown_method", req_method=call.method)
        self._authorise(call, method, token)
        self._core.limits.call(
            call.workspace.id if call.workspace else "", call.method, method.tier, self._core.clock()
        )
        answer = method.run(self._core, call)
        scopes = ",".join(sorted(call.workspace.scopes)) if call.workspace else ""
        return web.json_response({"ok": True} | answer, headers={"x-oauth-scopes": scopes})

    def _authorise(self, call: Call, method: Method, token: str) -> None:
        """Raises Refused: with that token the method can't be called."""
        if method.by == "app" and token != self._core.app_token:
            raise Refused("not_allowed_token_type" if call.workspace else "invalid_auth")
        if method.by != "bot":
            return
        home = self._core.of_token(token)
        if method.scopes and not home.scopes & set(method.scopes):
            raise Refused("missing_scope", needed=method.scopes[0], provided=",".join(sorted(home.scopes)))

    async def _faulty(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        match fault.way:
            case Way.STATUS:
                return web.Response(status=fault.status, text="upstream request failed")
            case Way.ERROR:
                return _refused(Refused(fault.error, status=fault.status, retry_after=fault.retry_after))
            case Way.GARBAGE:
                return web.Response(text="<html><body>A proxy was here.</body></html>", content_type="text/html")
            case Way.HANG:
                await self._closing.wait()
        if request.transport:
            request.transport.abort()
        return web.Response()

    def _workspace(self, request: web.Request) -> Workspace:
        home = self._core.workspaces.get(request.match_info["team"])
        if home is None:
            raise web.HTTPNotFound
        return home


def _refused(refusal: Refused) -> web.Response:
    body = {"ok": False, "error": refusal.error} | refusal.more
    return web.json_response(body, status=refusal.status, headers=_pause(refusal))


def _pause(refusal: Refused) -> dict[str, str]:
    return {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}


async def _arguments(request: web.Request) -> Json:
    """The call's arguments, whether they came as JSON, as a form or in the address."""
    if request.content_type == "application/json":
        given: Json = await request.json()
    else:
        given = dict(await request.post())
    return {name: _value(name, value) for name, value in (dict(request.query) | given).items()}


def _value(name: str, text: object) -> object:
    return json.loads(text) if name in _STRUCTURED and isinstance(text, str) and text else text


async def _content(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    sent = (await request.post()).get("file")
    return sent.file.read() if isinstance(sent, web.FileField) else b""
