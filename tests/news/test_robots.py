"""What a site's robots.txt says to us."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.errors import FetchError, RefusedByRobots
from bot.news import pages
from bot.news.fetch import Fetcher
from bot.news.robots import Robots, parse
from tests.fakes import HandClock
from tests.news.server import Server, answer, redirect, reset

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(("rules", "path", "allowed"), [
    ("", "/a", True),
    ("User-agent: *\nDisallow:", "/a", True),
    ("User-agent: *\nDisallow: /", "/a", False),
    ("user-agent: *\ndisallow: /a # not here", "/ab?c", False),
    ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
    ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
    ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
    ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
    ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?v=1", True),
    ("User-agent: *\nDisallow: /*?s=", "/news?s=1", False),
    ("User-agent: *\nDisallow: /a*b*c", "/axxbxxc", False),
    ("User-agent: *\nDisallow: /a*b*c", "/axxcxxb", True),
    ("User-agent: other\nDisallow: /", "/a", True),
    ("User-agent: Dateline/1.0\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", True),
    ("User-agent: x\nUser-agent: dateline\nDisallow: /a\nUser-agent: *\nAllow: /", "/a", False),
    ("User-agent: dateline\nDisallow: /a\nSitemap: x\nUser-agent: dateline\nDisallow: /b", "/b", False),
    ("Disallow: /\nUser-agent: *\nDisallow: /a", "/b", True),
    ("<html>Not found</html>", "/a", True),
])  # fmt: skip
def test_rules(rules: str, path: str, allowed: bool) -> None:
    assert parse(rules).allow(path) == allowed


def test_a_pattern_made_to_be_slow_is_not() -> None:
    rules = parse(f"User-agent: *\nDisallow: /{'*a' * 500}b")
    assert rules.allow("/" + "a" * 5_000)


async def test_a_site_is_asked_once_a_day(server: Server, fetcher: Fetcher) -> None:
    clock = HandClock(NOON)
    robots = Robots(fetcher, clock)
    server.routes["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private")
    for hours in (0, 23, 2):
        clock.advance(hours=hours)
        await robots.check(server.url("/news"))
        with pytest.raises(RefusedByRobots, match="paste its text"):
            await robots.check(server.url("/private/a"))
    assert [asked.path for asked in server.asked] == ["/robots.txt"] * 2


async def test_a_site_without_rules_may_be_read_and_one_in_trouble_not_yet(server: Server, fetcher: Fetcher) -> None:
    clock = HandClock(NOON)
    await Robots(fetcher, clock).check(server.url("/a"))  # 404
    robots = Robots(fetcher, clock)
    server.routes["/robots.txt"] = answer(b"", status="503 Busy")
    with pytest.raises(FetchError, match="answered 503") as raised:
        await robots.check(server.url("/a"))
    assert not isinstance(raised.value, RefusedByRobots)  # that would be for good
    server.routes["/robots.txt"] = answer(b"")
    clock.advance(hours=1)
    await robots.check(server.url("/a"))
    server.routes["/robots.txt"] = reset
    silent = Robots(fetcher, clock)
    server.asked.clear()
    for _ in range(3):
        with pytest.raises(FetchError, match="broke off"):
            await silent.check(server.url("/a"))
    assert len(server.asked) == 1


async def test_many_pages_of_a_site_wait_for_one_answer(server: Server, fetcher: Fetcher) -> None:
    server.routes["/robots.txt"] = answer(b"")
    robots = Robots(fetcher, HandClock(NOON))
    await asyncio.gather(*(robots.check(server.url(f"/{page}")) for page in range(5)))
    assert [asked.path for asked in server.asked] == ["/robots.txt"]


async def test_a_redirect_is_no_way_round(
    server: Server,
    fetcher: Fetcher,
) -> None:
    server.routes |= {
        "/robots.txt": answer(b"User-agent: *\nDisallow: /private"),
        "/short": redirect("/private/a"),
        "/private/a": answer(b"<p>" + b"Eight words at the least are an article. " * 9),
    }
    with pytest.raises(RefusedByRobots):
        await pages.load(server.url("/short"), fetcher, Robots(fetcher, HandClock(NOON)))
