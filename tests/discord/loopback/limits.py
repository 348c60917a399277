"""Rate limits as Discord enforces them, and the faults that a test orders.

https://docs.discord.com/developers/topics/rate-limits
"""

import hashlib
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.discord.loopback.refusals import Refusal


@dataclass(frozen=True)
class Limit:
    """So many requests in so many seconds."""

    count: int
    per: float


GLOBAL = Limit(50, 1.0)  # of a bot, but for what answers interactions


@dataclass
class Window:
    """How much of a limit is used up."""

    limit: Limit
    began: float = float("-inf")
    used: int = 0

    def take(self, now: float) -> bool:
        """Whether there was room for one more."""
        if now - self.began >= self.limit.per:
            self.began, self.used = now, 0
        self.used += 1
        return self.used <= self.limit.count

    def rest(self, now: float) -> float:
        """Seconds until it is all free again."""
        return max(0.0, self.began + self.limit.per - now)


class RateLimits:
    """The windows of every bucket, and how many requests were refused because of them."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._global = Window(GLOBAL)
        self._windows: dict[tuple[str, str], Window] = {}
        self.refused: Counter[str] = Counter()  # by scope: 'user' (per route) or 'global'

    def take(self, bucket: str, major: str, limit: Limit, *, bound: bool) -> dict[str, str]:
        """The headers of an answer within the limits. Raises TooMany. ``bound``: the global limit holds too."""
        now = self._clock()
        if bound and not self._global.take(now):
            raise self.too_many(self._global.rest(now), everywhere=True)
        window = self._windows.setdefault((bucket, major), Window(limit))
        within = window.take(now)
        headers = {
            "X-RateLimit-Limit": str(limit.count),
            "X-RateLimit-Remaining": str(max(0, limit.count - window.used)),
            "X-RateLimit-Reset": f"{now + window.rest(now):.3f}",
            "X-RateLimit-Reset-After": f"{window.rest(now):.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(bucket.encode()).hexdigest()[:16],
        }
        if not within:
            raise self.too_many(window.rest(now), headers=headers)
        return headers

    def too_many(self, seconds: float, *, everywhere: bool = False, headers: dict[str, str] | None = None) -> "TooMany":
        """The refusal, counted."""
        self.refused["global" if everywhere else "user"] += 1
        return TooMany(seconds, everywhere, headers or {})


class TooMany(Refusal):
    """429: come back in so many seconds."""

    def __init__(self, seconds: float, everywhere: bool = False, headers: dict[str, str] | None = None) -> None:
        super().__init__(429, 0, "You are being rate limited.", retry_after=seconds)
        self.body["global"] = everywhere
        self.headers = {
            **(headers or {}),
            "Retry-After": f"{seconds:.3f}",
            "Via": "1.1 google",
            "X-RateLimit-Scope": "global" if everywhere else "user",
            **({"X-RateLimit-Global": "true"} if everywhere else {}),
        }


@dataclass(frozen=True)
class Drop:
    """Does what is asked, and breaks the connection before the answer; ``reset``: with a reset, not a plain end."""

    reset: bool = False


@dataclass(frozen=True)
class Lose:
    """Breaks the connection before doing what is asked."""


@dataclass(frozen=True)
class Hang:
    """Does what is asked, and never answers."""


Fault = Drop | Lose | Hang | Refusal


@dataclass
class Orders:
    """Faults to come, by the name of the endpoint; each happens once, in the order in which they were given."""

    waiting: defaultdict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))

    def give(self, endpoint: str, *faults: Fault) -> None:
        """The next requests there meet the faults."""
        self.waiting[endpoint] += faults

    def next(self, endpoint: str) -> Fault | None:
        """What the request at hand meets."""
        return self.waiting[endpoint].popleft() if self.waiting[endpoint] else None


def broken(status: int = 500) -> Refusal:
    """Discord has a fault."""
    return Refusal(status, 0, "Internal Server Error")
