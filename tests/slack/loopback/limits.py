"""How often Slack lets an app call it: https://docs.slack.dev/apis/web-api/rate-limits, by a clock that tests set."""

from collections import Counter, defaultdict, deque
from datetime import datetime, timedelta

from tests.slack.loopback.world import Refused

MINUTE = timedelta(minutes=1)


class Limits:
    """Counts calls. ``pace`` is the time between two messages in one channel; zero lets any number through."""

    def __init__(self) -> None:
        self.pace = timedelta(seconds=1)  # chat.postMessage: "one message per second per channel"
        self.per_minute = 300  # chat.postMessage in a workspace: "several hundred messages per minute"
        self.tiers = {2: 20, 3: 50, 4: 100}  # calls a minute, by method and workspace
        self.refusals: Counter[str] = Counter()  # by method
        self._posted: dict[tuple[str, str], datetime] = {}
        self._calls: dict[tuple[str, str], deque[datetime]] = defaultdict(deque)

    @property
    def refused(self) -> int:
        """How many calls were too many."""
        return self.refusals.total()

    def call(self, workspace: str, method: str, tier: int | None, now: datetime) -> None:
        """Lets a call through. Raises Refused with Retry-After."""
        if tier is not None:
            self._window(workspace, method, self.tiers[tier], now)

    def post(self, workspace: str, channel: str, now: datetime) -> None:
        """Lets a message through. Raises Refused with Retry-After."""
        last = self._posted.get((workspace, channel))
        if last is not None and now - last < self.pace:
            self._refuse("chat.postMessage", timedelta(seconds=1))
        self._window(workspace, "chat.postMessage", self.per_minute, now)
        self._posted[workspace, channel] = now

    def _window(self, workspace: str, method: str, most: int, now: datetime) -> None:
        calls = self._calls[workspace, method]
        while calls and now - calls[0] >= MINUTE:
            calls.popleft()
        if len(calls) >= most:
            self._refuse(method, MINUTE - (now - calls[0]))
        calls.append(now)

    def _refuse(self, method: str, wait: timedelta) -> None:
        self.refusals[method] += 1
        raise Refused("ratelimited", status=429, retry_after=max(1, -(-wait // timedelta(seconds=1))))
