"""robots.txt, as RFC 9309 reads it: whether a page may be fetched by a program."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from bot.errors import FetchError, RefusedByRobots
from bot.news.fetch import Fetcher
from bot.news.identity import shown_url
from bot.ports import Clock

PRODUCT = "dateline"  # the product token that a robots.txt names us by
_LIMIT = 500_000  # bytes; RFC 9309, 2.5 asks for at least 500 KiB
_KEPT = timedelta(hours=24)  # RFC 9309, 2.4: no longer than that
_TROUBLE = timedelta(hours=1)  # after which a site whose robots.txt could not be had is asked again
_SILENCE = timedelta(minutes=5)  # the same for one that doesn't answer at all: that may be over in a moment
_HOSTS = 2_000  # whose rules are remembered
_SERVER_ERROR = 500
_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#]*?)\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a robots.txt says to one program: patterns with whether they allow, the longest first."""

    patterns: tuple[tuple[re.Pattern[str], bool], ...] = ()

    def allow(self, path: str) -> bool:
        """Whether the path (with its query) may be fetched: what the longest matching pattern says, else yes."""
        return next((allows for pattern, allows in self.patterns if pattern.match(path)), True)


def parse(text: str, product: str = PRODUCT) -> Rules:
    """The rules for ``product`` in a robots.txt: those of the groups that name it, else those for everyone ('*').

    Of patterns of one length the allowing one counts (RFC 9309, 2.2.2). Lines that mean nothing are passed over.
    """
    own: list[tuple[str, bool]] = []
    everyone: list[tuple[str, bool]] = []
    named = False
    for agents, rules in _groups(text.splitlines()):
        if product in agents:
            named = True
            own += rules
        elif "*" in agents:
            everyone += rules
    ranked = sorted(own if named else everyone, key=lambda rule: (-len(rule[0]), not rule[1]))
    return Rules(tuple((_compiled(pattern), allows) for pattern, allows in ranked))


class Robots:
    """Asks each site for its rules, once a day at most."""

    def __init__(self, fetcher: Fetcher, clock: Clock) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._known: dict[str, tuple[Rules | FetchError, datetime]] = {}  # by origin, with when to ask again
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def check(self, url: str) -> None:
        """Returns if the page may be fetched.

        Raises:
            RefusedByRobots: the site asks that it isn't.
            FetchError: the site has rules, but doesn't tell them for now (RFC 9309, 2.3.1.4).
        """
        parts = urlsplit(url)
        rules = await self._rules(f"{parts.scheme}://{parts.netloc}")
        if not rules.allow((parts.path or "/") + (f"?{parts.query}" if parts.query else "")):
            raise RefusedByRobots(
                f"{shown_url(url)}: the site's robots.txt asks programs not to fetch it; paste its text instead"
            )

    async def _rules(self, site: str) -> Rules:
        async with self._asking.setdefault(site, asyncio.Lock()):  # one asks, and the others wait for the answer
            known, until = self._known.get(site, (None, self._clock()))
            if known is None or self._clock() >= until:
                if len(self._known) >= _HOSTS:
                    self._known.clear()
                known, kept = await self._ask(f"{site}/robots.txt")
                self._known[site] = known, self._clock() + kept
        if isinstance(known, FetchError):
            raise known.with_traceback(None)
        return known

    async def _ask(self, url: str) -> tuple[Rules | FetchError, timedelta]:
        """The rules, or why they can't be had for now, with how long to hold to that."""
        try:
            answer = await self._fetcher.get(url, accept="text/plain, */*;q=0.5")
        except FetchError as error:
            if error.status is None:
                return error, _SILENCE
            return (error, _TROUBLE) if error.status >= _SERVER_ERROR else (Rules(), _KEPT)
        return parse(answer.body[:_LIMIT].decode("utf-8", "replace")), _KEPT


def _groups(lines: Iterable[str]) -> list[tuple[set[str], list[tuple[str, bool]]]]:
    """Each group's agents, in lower case, with its rules: (pattern, whether it allows)."""
    groups: list[tuple[set[str], list[tuple[str, bool]]]] = []
    opening = False  # among the user-agent lines that begin a group
    for name, value in (found.groups() for line in lines if (found := _LINE.match(line))):
        match name.lower():
            case "user-agent":
                if not opening:
                    groups.append((set(), []))
                groups[-1][0].add(value.partition("/")[0].strip().lower())
                opening = True
            case "allow" | "disallow":
                opening = False
                if groups and value:
                    groups[-1][1].append((value, name.lower() == "allow"))
    return groups


def _compiled(pattern: str) -> re.Pattern[str]:
    """'*' stands for anything, '$' at the end for the end. Atomic, so that no pattern takes longer than it should."""
    bare, end = (pattern[:-1], r"\Z") if pattern.endswith("$") else (pattern, "")
    pieces = [re.escape(piece) for piece in re.split(r"\*+", bare)]
    if len(pieces) == 1:
        return re.compile(pieces[0] + end)
    first, *middle, last = pieces
    steps = "".join(f"(?>.*?{piece})" for piece in middle if piece)
    return re.compile(f"{first}{steps}.*{last}{end}" if end else f"{first}{steps}.*?{last}", re.DOTALL)
