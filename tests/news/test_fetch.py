"""What the guarded fetcher fetches, and what it will not be talked into."""

import gzip
import logging
import ssl
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bot.errors import ConfigError, FetchError, RefusedAddress
from bot.news.fetch import Fetcher, FetchSettings
from tests.news.conftest import LOOPBACK, everything_is_here
from tests.news.server import Server, answer, dripping, endless, redirect, reset, serving, silent


async def test_a_page_comes_back_with_its_headers(server: Server, fetcher: Fetcher) -> None:
    server.routes["/a"] = answer(b"hello", Content_Type="text/html; charset=utf-8", ETag='"1"')
    page = await fetcher.get(server.url("/a"))
    assert (page.body, page.status, page.headers["etag"]) == (b"hello", 200, '"1"')
    assert page.content_type == "text/html; charset=utf-8"


async def test_the_server_learns_who_asks_and_nothing_else(server: Server, fetcher: Fetcher) -> None:
    server.routes["/a"] = answer(b"hello", Set_Cookie="id=1; Path=/")
    for _ in range(2):
        await fetcher.get(server.url("/a", host="paper.example"))
    assert server.asked[1].headers["user-agent"].startswith("Dateline/")
    assert server.asked[1].headers["host"] == f"paper.example:{server.port}"
    assert set(server.asked[1].headers) == {"host", "user-agent", "accept", "accept-encoding"}


async def test_an_unchanged_feed_costs_no_body(server: Server, fetcher: Fetcher) -> None:
    server.routes["/feed"] = b'HTTP/1.1 304 Not Modified\r\nETag: "2"\r\n\r\n'
    answer = await fetcher.get(server.url("/feed"), etag='"1"', last_modified="Fri, 20 Nov 2026 08:00:00 GMT")
    assert (answer.not_modified, answer.body) == (True, b"")
    assert server.asked[0].headers["if-none-match"] == '"1"'
    assert server.asked[0].headers["if-modified-since"] == "Fri, 20 Nov 2026 08:00:00 GMT"


@pytest.mark.parametrize("packed", [
    ("gzip", gzip.compress(b"hello " * 1000, mtime=0)),
    ("gzip", gzip.compress(b"hello " * 400, mtime=0) + gzip.compress(b"hello " * 600, mtime=0) + b"\0" * 10),
    ("deflate", zlib.compress(b"hello " * 1000)),
    ("deflate", zlib.compress(b"hello " * 1000)[2:-4]),
])  # fmt: skip
async def test_packed_answers_are_unpacked(server: Server, fetcher: Fetcher, packed: tuple[str, bytes]) -> None:
    server.routes["/a"] = answer(packed[1], Content_Encoding=packed[0])
    assert (await fetcher.get(server.url("/a"))).body == b"hello " * 1000


@pytest.mark.parametrize(("url", "why"), [
    ("file:///etc/passwd", "only http and https"),
    ("ftp://paper.example/a", "only http and https"),
    ("http://10.0.0.1/", "not a public address"),
    ("http://2130706433/", "not a public address"),
    ("http://0x7f.1/", "not a public address"),
    ("http://0177.0.0.1/", "not a valid URL"),
    ("http://[::1]/", "not a public address"),
    ("http://[::ffff:169.254.169.254]/latest/meta-data", "not a public address"),
    ("http://169.254.169.254/latest/meta-data", "not a public address"),
    ("http://paper.example/", "not a public address"),
])  # fmt: skip
async def test_addresses_inside_are_refused(url: str, why: str) -> None:
    async with Fetcher(resolver=everything_is_here) as fetcher:
        with pytest.raises(FetchError, match=why):
            await fetcher.get(url)


async def test_one_private_answer_among_public_ones_is_refused() -> None:
    async def mixed(_: str) -> Sequence[str]:
        return ["93.184.215.14", "192.168.0.1"]

    async with Fetcher(resolver=mixed) as fetcher:
        with pytest.raises(RefusedAddress, match=r"192\.168\.0\.1"):
            await fetcher.get("http://paper.example/")


async def test_a_name_that_changes_its_meaning_is_checked_at_each_connection(server: Server) -> None:
    meanings = iter([["127.0.0.1"], ["127.0.0.2"]])

    async def rebinding(_: str) -> Sequence[str]:
        return next(meanings)

    server.routes["/a"] = answer(b"hello")
    async with Fetcher(FetchSettings(allow=("127.0.0.1",)), resolver=rebinding) as fetcher:
        assert (await fetcher.get(server.url("/a", host="paper.example"))).body == b"hello"
        with pytest.raises(RefusedAddress):
            await fetcher.get(server.url("/a", host="paper.example"))
    assert len(server.asked) == 1


async def test_redirects_are_followed_and_permanent_ones_told(server: Server, fetcher: Fetcher) -> None:
    server.routes |= {"/a": redirect("/b", "301 Moved"), "/b": redirect("c", "308 Moved"), "/c": redirect("/d")}
    server.routes["/d"] = answer(b"hello")
    page = await fetcher.get(server.url("/a"))
    assert (page.body, page.url, page.moved) == (b"hello", server.url("/d"), server.url("/c"))


@pytest.mark.parametrize(("target", "why"), [
    ("/loop", "more than 5 redirects"),
    ("http://192.168.1.1/admin", "not a public address"),
    ("http://[fd00:ec2::254]/", "not a public address"),
    ("file:///etc/passwd", "only http and https"),
    ("http://paper.example:99999/", "no port that exists"),
])  # fmt: skip
async def test_redirects_lead_nowhere_forbidden(server: Server, fetcher: Fetcher, target: str, why: str) -> None:
    server.routes["/loop"] = redirect(target)
    with pytest.raises(FetchError, match=why):
        await fetcher.get(server.url("/loop"))


@pytest.mark.parametrize(("behaviour", "why"), [
    (endless, "larger than 200,000 bytes"),
    (answer(gzip.compress(b"\0" * 50_000_000, mtime=0), Content_Encoding="gzip"), "larger than 200,000 bytes"),
    (answer(gzip.compress(b"hello", mtime=0)[:-9], Content_Encoding="gzip"), "broke off"),
    (answer(b"hello", Content_Encoding="gzip"), "not packed as it says"),
    (answer(gzip.compress(gzip.compress(b"hello", mtime=0), mtime=0), Content_Encoding="gzip, gzip"), "not asked for"),
    (silent, "stopped answering"),
    (dripping, "within 1 s"),
    (reset, "broke off"),
    (answer(b"hello", length=50), "broke off"),
    (b"SSH-2.0-OpenSSH\r\n", "malformed"),
    (answer(b"hello", X_Big="x" * 80_000), "header fields over"),
    (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000, "malformed"),
])  # fmt: skip
async def test_a_misbehaving_server_costs_no_more_than_the_limits(
    server: Server, fetcher: Fetcher, behaviour: bytes, why: str
) -> None:
    server.routes |= {"/bad": behaviour, "/good": answer(b"hello")}
    with pytest.raises(FetchError, match=why):
        await fetcher.get(server.url("/bad"))
    assert (await fetcher.get(server.url("/good"))).body == b"hello"


async def test_a_refusal_carries_status_and_waiting_time(server: Server, fetcher: Fetcher) -> None:
    server.routes["/busy"] = answer(b"", status="503 Busy", Retry_After="120")
    with pytest.raises(FetchError, match=r"503 \(service unavailable\)") as caught:
        await fetcher.get(server.url("/busy"))
    assert (caught.value.status, caught.value.retry_after) == (503, "120")


async def test_secrets_of_a_url_go_to_the_server_only(
    server: Server, fetcher: Fetcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    url = server.url("/feed?token=hush").replace("//", "//reader:whisper@")
    with pytest.raises(FetchError) as caught:
        await fetcher.get(url)
    assert server.asked[0].path == "/feed?token=hush"
    assert server.asked[0].headers["authorization"] == "Basic cmVhZGVyOndoaXNwZXI="
    for secret in ("hush", "whisper"):
        assert secret not in str(caught.value) + caplog.text


async def test_an_unknown_host_is_said_to_be_unknown(fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match=r"http://nowhere\.invalid/a\?…: no connection \(no such host\)"):
        await fetcher.get("http://nowhere.invalid/a?b")


async def test_proxies_of_the_environment_are_not_used(
    server: Server, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server.routes["/a"] = answer(b"hello")
    assert (await fetcher.get(server.url("/a"))).body == b"hello"


async def test_a_configured_proxy_is_used_and_targets_are_checked_before(server: Server) -> None:
    settings = FetchSettings(proxy=server.url("", host="me:pw@127.0.0.1"), allow=("paper.example",))
    target = "http://paper.example/a"
    server.routes[target] = answer(b"hello")
    async with Fetcher(settings, resolver=everything_is_here) as fetcher:
        assert (await fetcher.get(target)).body == b"hello"
        with pytest.raises(RefusedAddress):
            await fetcher.get("http://other.example/a")
    assert [(asked.path, asked.headers["proxy-authorization"]) for asked in server.asked] == [
        (target, "Basic bWU6cHc=")
    ]


def test_a_proxy_that_is_none_is_named() -> None:
    with pytest.raises(ConfigError, match=r"fetch\.proxy"):
        Fetcher(FetchSettings(proxy="nonsense"))


async def test_the_pinned_connection_proves_the_hosts_name(tmp_path: Path) -> None:
    key, certificate = _certificate(tmp_path, "paper.example")
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate, key)
    ours = ssl.create_default_context(cafile=str(certificate))
    async with serving(theirs) as server, Fetcher(LOOPBACK, resolver=everything_is_here, tls=ours) as fetcher:
        server.routes["/a"] = answer(b"hello")
        page = await fetcher.get(server.url("/a", host="paper.example", scheme="https"))
        assert page.body == b"hello"
        with pytest.raises(FetchError, match="certificate"):
            await fetcher.get(server.url("/a", host="other.example", scheme="https"))


def _certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """A key, and a certificate for the host that nobody but its own maker vouches for."""
    secret, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, secret.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False).sign(
        secret, SHA256()
    )
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    key.write_bytes(secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    certificate.write_bytes(signed.public_bytes(Encoding.PEM))
    return key, certificate
