"""The guarded fetcher: the only way out. No other module opens a connection to a page or feed.

What it guards against: addresses that aren't public (each host is resolved once, every answer checked, and the
connection made to a checked address, so that a name can't change its meaning in between), redirects there, bodies that
grow without end or when unpacked, servers that dawdle, cookies, proxies from the environment, secrets in messages.

It speaks to httpx's connection pool (httpcore) itself, for httpx's client adds what isn't wanted here: a cookie jar,
the environment, redirects, a log line with the whole URL. Header fields over 100 KB are cut off by the pool.
"""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from types import TracebackType
from typing import Self

import httpcore
import httpx

from bot.errors import ConfigError, FetchError, RefusedAddress
from bot.news.addresses import Allowed
from bot.news.connect import CheckedBackend, Resolver, resolve
from bot.news.identity import shown_url
from bot.news.turns import Turns
from bot.news.unpack import Unpacker

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_NOT_MODIFIED = 304
_KEEPALIVE = 30.0  # seconds that an unused connection is kept for
_KEPT = 10  # unused connections; feeds lie on many hosts, and the pool looks through all it has for each request
_LAST_PORT = 65_535
_ACCEPT = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/feed+json, */*;q=0.5"
)


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """The fetcher's limits. Times are in seconds, sizes in bytes."""

    allow: tuple[str, ...] = ()  # hosts, addresses and networks that may be visited although they aren't public
    connect_timeout: float = 5.0  # for each of: the name, the connection, the TLS handshake
    read_timeout: float = 10.0  # between two pieces of an answer
    total_timeout: float = 30.0  # for an address with all its redirects
    max_bytes: int = 5_000_000  # of a body, unpacked
    max_header_bytes: int = 65_536  # of an answer's header fields
    max_redirects: int = 5
    max_connections: int = 20  # addresses that are fetched at the same time
    per_host: int = 2  # of them on one host
    proxy: str | None = None  # 'http://[user:password@]host:port'; it resolves names once more, so trust its own checks
    contact: str = ""  # an address (web or mail) for the User-Agent, so that a publisher can complain

    @property
    def user_agent(self) -> str:
        """How the fetcher names itself to servers."""
        about = f"+{self.contact}" if self.contact else "self-hosted briefing bot"
        return f"Dateline/{_version()} ({about})"


@cache
def _version() -> str:
    return version("dateline")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back from an address: a body, or the word that it hasn't changed."""

    url: str  # where it was found in the end
    status: int
    headers: httpx.Headers
    body: bytes  # unpacked
    not_modified: bool = False
    moved: str | None = None  # where the address has moved for good, if every redirect that led there says so

    @property
    def content_type(self) -> str | None:
        """The Content-Type header as sent."""
        value: str | None = self.headers.get("content-type")
        return value


class Fetcher:
    """Fetches pages and feeds within ``settings``. An async context manager; one for the whole process will do."""

    def __init__(
        self, settings: FetchSettings | None = None, *, resolver: Resolver = resolve, tls: ssl.SSLContext | None = None
    ) -> None:
        self.settings = settings or FetchSettings()
        self._turns = Turns(self.settings.max_connections, self.settings.per_host)
        self._guard = CheckedBackend(Allowed.parse(self.settings.allow), resolver)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls or httpx.create_ssl_context(),
            proxy=_proxy(self.settings.proxy),
            max_connections=self.settings.max_connections,
            max_keepalive_connections=min(_KEPT, self.settings.max_connections),
            keepalive_expiry=_KEEPALIVE,
            network_backend=None if self.settings.proxy else self._guard,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.aclose()

    async def get(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, accept: str = _ACCEPT
    ) -> Fetched:
        """The answer to a GET of ``url``: its body with a status of 2xx, or ``not_modified`` with an empty one.

        It waits for its turn first: so many addresses are fetched at a time, and so many of one host.
        ``etag`` and ``last_modified`` are what an earlier answer's headers said (RFC 9110, 13.1).

        Raises:
            RefusedAddress: the address, or one that it redirects to, isn't http(s) or isn't public.
            FetchError: no answer, not in time, too large, or a status that isn't success (then with ``status``).
        """
        headers = {"User-Agent": self.settings.user_agent, "Accept": accept, "Accept-Encoding": "gzip, deflate"}
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers |= {name: value for name, value in conditions.items() if value and value.isprintable()}
        first = _checked_url(url)
        try:
            async with self._turns.of(first.host), asyncio.timeout(self.settings.total_timeout):
                return await self._follow(first, headers)
        except TimeoutError as error:
            limit = self.settings.total_timeout
            raise FetchError(f"{shown_url(url)}: not answered in full within {limit:g} s") from error

    async def _follow(self, url: httpx.URL, headers: dict[str, str]) -> Fetched:
        moved, permanent = None, True
        for _ in range(self.settings.max_redirects + 1):
            answer = await self._ask(url, headers)
            if isinstance(answer, Fetched):
                return _with_move(answer, moved)
            permanent = permanent and answer.permanent
            url, moved = answer.target, str(answer.target) if permanent else moved
        raise FetchError(f"{shown_url(str(url))}: more than {self.settings.max_redirects} redirects; is it a loop?")

    async def _ask(self, url: httpx.URL, headers: dict[str, str]) -> "Fetched | _Redirect":
        async with _translated(url), self._answer(url, headers) as answer:
            fields = httpx.Headers(answer.headers)
            if sum(len(name) + len(value) for name, value in answer.headers) > self.settings.max_header_bytes:
                raise FetchError(f"{shown_url(str(url))}: header fields over {self.settings.max_header_bytes:,} bytes")
            if answer.status in _REDIRECTS and "location" in fields:
                return _Redirect(_joined(url, fields["location"]), answer.status in _PERMANENT)
            if answer.status == _NOT_MODIFIED:
                return Fetched(str(url), answer.status, fields, b"", not_modified=True)
            if not 200 <= answer.status < 300:  # 2xx is success (RFC 9110, 15.3)
                raise _refusal(url, answer.status, fields)
            body = await self._body(url, fields, answer)
            return Fetched(str(url), answer.status, fields, body)

    @asynccontextmanager
    async def _answer(self, url: httpx.URL, headers: dict[str, str]) -> AsyncIterator[httpcore.Response]:
        limits = self.settings
        request = httpcore.Request(
            "GET",
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=[(b"Host", url.netloc), *httpx.Headers({**headers, **_credentials(url)}).raw],
            extensions={
                "timeout": {
                    "connect": limits.connect_timeout,
                    "read": limits.read_timeout,
                    "write": limits.read_timeout,
                    "pool": limits.total_timeout,
                }
            },
        )
        if limits.proxy:  # it makes the connection, so that the check can only come before
            await self._guard.addresses(url.raw_host.decode("ascii"), limits.connect_timeout)
        answer = await self._pool.handle_async_request(request)
        try:
            yield answer
        finally:
            await answer.aclose()

    async def _body(self, url: httpx.URL, fields: httpx.Headers, answer: httpcore.Response) -> bytes:
        body = Unpacker(fields.get("content-encoding", ""), self.settings.max_bytes, shown_url(str(url)))
        async for piece in answer.aiter_stream():
            body.feed(piece)
        return body.close()


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: httpx.URL
    permanent: bool


def _checked_url(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url.strip())
    except httpx.InvalidURL as error:
        raise FetchError(f"{shown_url(url)}: this is not a valid URL") from error
    if parsed.scheme not in {"http", "https"}:
        raise RefusedAddress(f"{shown_url(url)}: only http and https addresses are fetched")
    if not parsed.host or not 0 < (parsed.port or 80) <= _LAST_PORT:
        raise FetchError(f"{shown_url(url)}: the URL names no host, or no port that exists")
    return parsed.copy_with(fragment=None)


def _proxy(address: str | None) -> httpcore.Proxy | None:
    if not address:
        return None
    try:
        proxy = httpx.Proxy(address)
    except (ValueError, httpx.InvalidURL) as error:
        raise ConfigError("fetch.proxy: this is no proxy's address; write it as 'http://host:port'") from error
    return httpcore.Proxy(str(proxy.url), auth=proxy.raw_auth)


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return _checked_url(str(url.join(location)))
    except httpx.InvalidURL as error:
        raise FetchError(f"{shown_url(str(url))}: it redirects to something that is no URL") from error


def _with_move(answer: Fetched, moved: str | None) -> Fetched:
    return Fetched(answer.url, answer.status, answer.headers, answer.body, answer.not_modified, moved)


def _credentials(url: httpx.URL) -> dict[str, str]:
    if not url.userinfo:
        return {}
    plain = f"{url.username}:{url.password}".encode()
    return {"Authorization": f"Basic {base64.b64encode(plain).decode('ascii')}"}


def _refusal(url: httpx.URL, status: int, fields: httpx.Headers) -> FetchError:
    meaning = httpx.codes.get_reason_phrase(status).lower() or "no known status"
    error = FetchError(f"{shown_url(str(url))}: the server answered {status} ({meaning})")
    error.status, error.retry_after = status, fields.get("retry-after")
    return error


@asynccontextmanager
async def _translated(url: httpx.URL) -> AsyncIterator[None]:
    shown = shown_url(str(url))
    try:
        yield
    except httpcore.ConnectTimeout as error:
        raise FetchError(f"{shown}: no connection in time") from error
    except httpcore.TimeoutException as error:
        raise FetchError(f"{shown}: the server stopped answering") from error
    except httpcore.ConnectError as error:
        raise FetchError(f"{shown}: no connection ({error})") from error
    except httpcore.ProxyError as error:
        raise FetchError(f"{shown}: the proxy refused ({error})") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise FetchError(f"{shown}: the answer broke off or was malformed ({error})") from error
