"""When a feed is to be polled next: what the server asks, what the feed's own habits suggest, what failures cost.

Nothing here reads a clock or rolls dice: ``now`` and the jitter (0 to 1) are given.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.news import dates
from bot.types import Feed

_QUICKER = 0.5  # times the pace, after a poll that found something new
_SLOWER = 1.25  # times the pace, after one that found nothing: four of these take back one of those
_JITTER = 0.1  # of the wait at most, added so that feeds which were added together drift apart
_FAILURE_JITTER = 0.5
_MOST_PATIENCE = timedelta(days=1)  # between two polls of a feed that keeps failing
_MOST_ASKED = timedelta(days=7)  # that a server's Retry-After is believed for
_MOST_DOUBLINGS = 16
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Between which limits a feed is polled, as the operator has them."""

    shortest: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=6)


def after_success(feed: Feed, rhythm: Rhythm, now: datetime, jitter: float, *, news: bool, fresh: timedelta) -> Feed:
    """The feed with its new pace and the time of its next poll.

    It is polled twice as often after ``news``, and a quarter less often without, between the rhythm's limits. What the
    server asks for is kept to up to the longest of them: ``fresh``, for which it says that nothing changes.
    """
    before = feed.pace or rhythm.shortest.total_seconds()
    pace = before * (_QUICKER if news else _SLOWER if feed.pace else 1)
    pace = min(max(pace, rhythm.shortest.total_seconds()), rhythm.longest.total_seconds())
    wait = max(timedelta(seconds=pace), min(fresh, rhythm.longest))
    return replace(feed, pace=pace, due=now + wait * (1 + _JITTER * jitter))


def after_failure(feed: Feed, rhythm: Rhythm, now: datetime, jitter: float, asked: timedelta | None = None) -> Feed:
    """The feed with the time of its next poll: later by twice with each failure in a row, up to a day.

    ``feed.failures`` counts this one already. ``asked`` is the server's Retry-After: never sooner than that (RFC 9110,
    10.2.3), up to a week.
    """
    patience = rhythm.shortest * 2 ** min(max(feed.failures - 1, 0), _MOST_DOUBLINGS)
    wait = min(patience, max(_MOST_PATIENCE, rhythm.longest)) * (1 + _FAILURE_JITTER * jitter)
    return replace(feed, due=now + max(wait, min(asked or timedelta(), _MOST_ASKED)))


def freshness(headers: Mapping[str, str], ttl: int | None) -> timedelta:
    """How long the answer stays fresh: the longest of Cache-Control's max-age (less Age), Expires, and RSS's ttl.

    RFC 9111, 4.2; https://www.rssboard.org/rss-specification. ``headers`` must find names in any case. Nothing is
    said: zero.
    """
    control = headers.get("cache-control", "")
    if "no-cache" in control.lower() or "no-store" in control.lower():
        stated = timedelta()
    elif found := _MAX_AGE.search(control):
        stated = timedelta(seconds=int(found[1])) - _seconds(headers.get("age"))
    else:
        stated = _until_expiry(headers)
    return max(stated, timedelta(seconds=ttl or 0), timedelta())


def retry_after(written: str | None, now: datetime) -> timedelta | None:
    """The wait that a Retry-After header asks for, in seconds or by a date (RFC 9110, 10.2.3); None for nonsense."""
    text = (written or "").strip()
    if text.isascii() and text.isdigit():
        return _seconds(text)
    moment = dates.parse(text)
    return max(moment - now, timedelta()) if moment else None


def _until_expiry(headers: Mapping[str, str]) -> timedelta:
    expires, sent = dates.parse(headers.get("expires")), dates.parse(headers.get("date"))
    return expires - sent if expires and sent else timedelta()


def _seconds(written: str | None) -> timedelta:
    text = (written or "").strip()
    return timedelta(seconds=int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else timedelta()
