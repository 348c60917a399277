"""Which addresses count as public, and what an operator may add."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.news.addresses import Allowed, is_public, literal


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", [
    "0.0.0.1", "10.0.0.1", "100.100.100.200", "127.9.9.9", "168.63.129.16",
    "169.254.169.254", "172.31.0.1", "192.0.0.192", "192.168.0.1", "198.18.0.1",
    "224.0.0.1", "255.255.255.255", "::", "::1", "::8.8.8.8",
    "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2001:0:1::1", "2001:db8::1",
    "2002:7f00:1::", "fc00::1", "fd00:ec2::254", "fe80::1", "ff02::1",
])  # fmt: skip
def test_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_is_public(address: object) -> None:
    plain = ip_address(str(address))
    mapped = getattr(plain, "ipv4_mapped", None) or plain
    assert not (is_public(plain) and (mapped.is_private or mapped.is_loopback or mapped.is_multicast))


def test_an_operator_allows_hosts_addresses_and_networks() -> None:
    allowed = Allowed.parse(["Intranet.example", "10.1.0.0/16", "::1"])
    assert allowed.permits("intranet.example.", ip_address("192.168.0.9"))
    assert allowed.permits("other.example", ip_address("10.1.2.3"))
    assert allowed.permits("other.example", ip_address("::ffff:10.1.2.3"))
    assert allowed.permits("other.example", ip_address("::1"))
    assert not allowed.permits("sub.intranet.example", ip_address("192.168.0.9"))
    assert not allowed.permits("other.example", ip_address("10.2.0.1"))


def test_a_rule_that_means_nothing_is_named() -> None:
    with pytest.raises(ConfigError, match=r"10\.0\.0\.0/99"):
        Allowed.parse(["10.0.0.0/99"])


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "017700000001", "127.1", "0x7f.1"])
def test_all_spellings_of_an_ipv4_address(host: str) -> None:
    assert literal(host) == ip_address("127.0.0.1")


@pytest.mark.parametrize("host", ["paper.example", "1e3", "", "dead.beef"])
def test_names_are_no_addresses(host: str) -> None:
    assert literal(host) is None
