"""Connections to checked addresses only: where the guarded fetcher's guard stands."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

import httpcore

from bot.errors import RefusedAddress
from bot.news.addresses import Address, Allowed, literal

Resolver = Callable[[str], Awaitable[Sequence[str]]]
"""Gives all addresses of a host name; raises OSError if there are none."""

_ADDRESSES_TRIED = 4


async def resolve(host: str) -> Sequence[str]:
    """All addresses of ``host`` as the system's resolver gives them, in its order."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True)
class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to checked addresses only. TLS and the Host header keep the name, for the pool knows nothing of this."""

    allowed: Allowed
    resolver: Resolver
    inner: httpcore.AsyncNetworkBackend = field(default_factory=httpcore.AnyIOBackend)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first of the host's addresses that takes one; they share the time."""
        addresses = await self.addresses(host, timeout)
        share = timeout / len(addresses) if timeout else None
        failures = []
        for address in addresses:
            try:
                return await self.inner.connect_tcp(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failures.append(error)
        raise failures[-1]

    async def addresses(self, host: str, limit: float | None) -> list[Address]:
        """The host's addresses, at least one and a few at most, if all of them may be visited.

        Raises:
            RefusedAddress: one may not: a bad answer among good ones is no accident.
            httpcore.ConnectError, httpcore.ConnectTimeout: there is none, or none within ``limit`` seconds.
        """
        written = literal(host)
        addresses = [written] if written is not None else await self._resolved(host, limit)
        for address in addresses:
            if not self.allowed.permits(host, address):
                raise RefusedAddress(
                    f"{host}: refused, because {address} is not a public address; "
                    f"if it is meant, the operator can add it to the fetch allow-list"
                )
        return addresses[:_ADDRESSES_TRIED]

    async def _resolved(self, host: str, limit: float | None) -> list[Address]:
        try:
            async with asyncio.timeout(limit):
                found = await self.resolver(host)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout("its name could not be resolved in time") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("no such host") from error
        if not found:
            raise httpcore.ConnectError("no such host")
        return list(dict.fromkeys(ip_address(address.partition("%")[0]) for address in found))
