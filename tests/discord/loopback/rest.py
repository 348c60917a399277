"""The REST side: who may ask, how often, and which faults there are."""

import asyncio
import json
import socket
import struct
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass

from aiohttp import web

from tests.discord.loopback.account import Account
from tests.discord.loopback.answers import Answers
from tests.discord.loopback.gateway import Gateway
from tests.discord.loopback.limits import Drop, Hang, Limit, Lose, Orders, RateLimits
from tests.discord.loopback.messages import Messages
from tests.discord.loopback.people import People, seen
from tests.discord.loopback.refusals import Json, Refusal
from tests.discord.loopback.requests import Call, understood
from tests.discord.loopback.world import World

Handler = Callable[[Call], Json | list[Json] | None]

SOME = Limit(50, 1.0)  # where Discord tells the limit in its headers only
POSTS = Limit(5, 5.0)  # to one channel
FOLLOW_UPS = Limit(5, 2.0)  # with one token


@dataclass(frozen=True)
class Endpoint:
    """One of the API's; ``name`` is what tests know it by."""

    name: str
    method: str
    path: str
    handler: Handler
    limit: Limit = SOME
    major: str | None = None  # the part of the path that has a bucket of its own
    interaction: bool = False  # needs no token, and isn't bound to the global limit


class Rest:
    """Answers requests."""

    def __init__(self, world: World, people: People, gateway: Gateway, token: str, changed: Callable[[], None]) -> None:
        self._world, self._gateway, self._token, self._changed = world, gateway, token, changed
        self._messages, self._answers = Messages(world), Answers(world, people)
        self.account = Account(world, lambda: gateway.url)
        self.orders = Orders()
        self.limits = RateLimits(world.clock)
        self.asked: Counter[str] = Counter()  # requests by endpoint, however they ended
        self.unknown: list[str] = []  # requests that no endpoint takes
        self.latency = 0.0  # seconds of the real clock that an answer takes, for measurements

    def endpoints(self) -> Iterator[Endpoint]:
        """All that there are."""
        account, channels = self.account, self._messages
        yield Endpoint("me", "GET", "/users/@me", account.me)
        yield Endpoint("application", "GET", "/oauth2/applications/@me", account.application)
        yield Endpoint("application", "GET", "/applications/@me", account.application)
        yield Endpoint("gateway", "GET", "/gateway/bot", account.gateway)
        yield Endpoint("commands", "GET", "/applications/{application}/commands", account.commands)
        yield Endpoint("overwrite commands", "PUT", "/applications/{application}/commands", account.overwrite)
        yield Endpoint("direct", "POST", "/users/@me/channels", channels.direct)
        yield Endpoint("user", "GET", r"/users/{user:\d+}", account.user)
        yield Endpoint("guild", "GET", "/guilds/{guild}", account.guild, major="guild")
        yield Endpoint("member", "GET", "/guilds/{guild}/members/{user}", account.member, major="guild")
        yield Endpoint("threads", "GET", "/guilds/{guild}/threads/active", channels.threads, major="guild")
        yield from self._of_channels()
        yield from self._of_interactions()

    def _of_channels(self) -> Iterator[Endpoint]:
        channels = self._messages
        rows: tuple[tuple[str, str, str, Handler, Limit], ...] = (
            ("channel", "GET", "", channels.channel, SOME),
            ("change channel", "PATCH", "", channels.change_channel, SOME),
            ("typing", "POST", "/typing", channels.type, SOME),
            ("post", "POST", "/messages", channels.create, POSTS),
            ("messages", "GET", "/messages", channels.latest, SOME),
            ("message", "GET", "/messages/{message}", channels.one, SOME),
            ("edit", "PATCH", "/messages/{message}", channels.edit, POSTS),
            ("delete", "DELETE", "/messages/{message}", channels.delete, SOME),
            ("thread", "POST", "/messages/{message}/threads", channels.start_thread, SOME),
            ("forum post", "POST", "/threads", channels.start_post, SOME),
            ("archived", "GET", "/threads/archived/public", channels.archived, SOME),
        )
        for name, method, path, handler, limit in rows:
            yield Endpoint(name, method, f"/channels/{{channel}}{path}", handler, limit, "channel")

    def _of_interactions(self) -> Iterator[Endpoint]:
        answers, hook = self._answers, "/webhooks/{application}/{token}"
        one = f"{hook}/messages/{{message}}"
        rows: tuple[tuple[str, str, str, Handler, Limit], ...] = (
            ("acknowledge", "POST", "/interactions/{interaction}/{token}/callback", answers.acknowledge, SOME),
            ("follow-up", "POST", hook, answers.follow, FOLLOW_UPS),
            ("answer", "GET", one, answers.show, FOLLOW_UPS),
            ("edit answer", "PATCH", one, answers.edit, FOLLOW_UPS),
            ("delete answer", "DELETE", one, answers.delete, FOLLOW_UPS),
        )
        for name, method, path, handler, limit in rows:
            yield Endpoint(name, method, path, handler, limit, "token", interaction=True)

    def install(self, app: web.Application) -> None:
        """Adds all endpoints under the API's root."""
        for endpoint in self.endpoints():
            app.router.add_route(endpoint.method, f"/api/v10{endpoint.path}", self._handler(endpoint))
        app.router.add_route("*", "/api/{rest:.*}", self._unknown)

    def _handler(self, endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                return await self._answer(endpoint, request)
            finally:
                self._changed()

        return handle

    async def _answer(self, endpoint: Endpoint, request: web.Request) -> web.StreamResponse:
        self.asked[endpoint.name] += 1
        call = await understood(endpoint.name, request)
        if self.latency:
            await asyncio.sleep(self.latency)
        fault = self.orders.next(endpoint.name)
        if isinstance(fault, Lose):
            return _broken_off(request)
        try:
            headers = self._admit(endpoint, request, call)
            if isinstance(fault, Refusal):
                raise fault
            body = endpoint.handler(call)
            await self._tell()
        except Refusal as refusal:
            return _json(refusal.body, getattr(refusal, "headers", {}), refusal.status)
        if isinstance(fault, Drop):
            return _broken_off(request, reset=fault.reset)
        if isinstance(fault, Hang):
            self._changed()
            await asyncio.Event().wait()
        if body is None:
            return web.Response(status=204, headers=headers)
        return _json(body, headers)

    def _admit(self, endpoint: Endpoint, request: web.Request, call: Call) -> dict[str, str]:
        """The headers about the limits. Raises Refusal for a wrong token, or too many requests."""
        if not endpoint.interaction and request.headers.get("Authorization") != f"Bot {self._token}":
            raise Refusal(401, 0, "401: Unauthorized")
        major = call.names.get(endpoint.major or "", "")
        return self.limits.take(endpoint.name, major, endpoint.limit, bound=not endpoint.interaction)

    async def _tell(self) -> None:
        """Has the gateway say what was made, to the bot too."""
        made, self._messages.made = self._messages.made, []
        for event, channel, data in made:
            told = seen(data, channel, self._world.bot) if event == "MESSAGE_CREATE" else data
            await self._gateway.tell(event, told, channel.guild.id if channel.guild else None)

    async def _unknown(self, request: web.Request) -> web.Response:
        self.unknown.append(f"{request.method} {request.path}")
        return _json({"code": 0, "message": "404: Not Found"}, {}, 404)


def _json(body: Json | list[Json], headers: Mapping[str, str], status: int = 200) -> web.Response:
    """The answer; its type stands alone, as Discord gives it: discord.py takes none with a charset for JSON."""
    return web.Response(
        body=json.dumps(body).encode(), status=status, headers={**headers, "Content-Type": "application/json"}
    )


def _broken_off(request: web.Request, *, reset: bool = False) -> web.StreamResponse:
    """Ends the connection without an answer."""
    transport = request.transport
    assert transport is not None
    if reset:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    return web.Response()
