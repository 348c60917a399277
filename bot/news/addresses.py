"""Which addresses the fetcher may visit: those of the public internet, and what the operator allows besides.

The tables follow IANA's registries of special-purpose addresses
(https://www.iana.org/assignments/iana-ipv4-special-registry, .../iana-ipv6-special-registry).
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from bot.errors import ConfigError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_REFUSED_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by a carrier's customers (RFC 6598)
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # a public address at which Azure's machines reach their host
            "169.254.0.0/16",  # link-local; the metadata services of most clouds
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; Oracle's metadata service
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays, deprecated (RFC 7526)
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")  # the only part of the space that is handed out (RFC 4291, 2.4)
_REFUSED_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments; Teredo (2001::/32) carries an IPv4 address
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4 carries an IPv4 address
            "3fff::/20",  # documentation (RFC 9637)
        ),
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")  # how a network without IPv4 reaches an IPv4 address (RFC 6052)


def is_public(address: Address) -> bool:
    """Whether ``address`` is one of the public internet's.

    An IPv6 address that stands for an IPv4 one (mapped, NAT64) is as public as that; other tunnels are not.
    """
    plain = _unwrapped(address)
    if isinstance(plain, IPv4Address):
        return not any(plain in network for network in _REFUSED_V4)
    return plain in _GLOBAL_V6 and not any(plain in network for network in _REFUSED_V6)


def literal(host: str) -> Address | None:
    """The address that ``host`` is written as, or None for a name.

    IPv4 also in the forms of inet_aton, which resolvers take: ``2130706433``, ``0x7f.1`` and ``0177.0.0.1`` are all
    127.0.0.1.
    """
    bare = host.strip("[]").rstrip(".")
    try:
        return ip_address(bare.partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(bare))
    except (OSError, UnicodeEncodeError):
        return None


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be visited although it isn't public."""

    hosts: frozenset[str] = frozenset()  # lower case, without a final dot
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, entries: Sequence[str]) -> "Allowed":
        """The rules that ``entries`` spell: host names, addresses and networks ('10.1.0.0/16').

        Raises:
            ConfigError: an entry is none of these.
        """
        networks, hosts = [], set()
        for entry in entries:
            network = _network(entry)
            if network is not None:
                networks.append(network)
            elif "/" in entry or not entry.strip("."):
                raise ConfigError(f"fetch allow-list: {entry!r} is no host, address or network such as '10.1.0.0/16'")
            else:
                hosts.add(_folded(entry))
        return cls(frozenset(hosts), tuple(networks))

    def permits(self, host: str, address: Address) -> bool:
        """Whether ``host`` at ``address`` may be visited: public, or allowed by name or network."""
        if is_public(address) or _folded(host) in self.hosts:
            return True
        plain = _unwrapped(address)
        return any(form in network for network in self.networks for form in {address, plain})


def _unwrapped(address: Address) -> Address:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _network(entry: str) -> Network | None:
    try:
        return ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return None


def _folded(host: str) -> str:
    return host.lower().rstrip(".")
