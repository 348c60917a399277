"""When a feed is polled next."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.rhythm import Rhythm, after_failure, after_success, freshness, retry_after
from bot.types import Feed

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
RHYTHM = Rhythm(timedelta(minutes=15), timedelta(hours=3))
NONE = timedelta()


def test_much_news_makes_polls_frequent_and_silence_makes_them_rare() -> None:
    feed = Feed("f", pace=3600.0)
    assert after_success(feed, RHYTHM, NOW, 0.0, news=True, fresh=NONE).due == NOW + timedelta(minutes=30)
    assert after_success(feed, RHYTHM, NOW, 0.0, news=False, fresh=NONE).due == NOW + timedelta(minutes=75)


@given(
    news=st.lists(st.booleans(), min_size=1, max_size=60),
    fresh=st.timedeltas(NONE, timedelta(days=400)),
    jitter=st.floats(0, 1),
)
def test_a_feed_is_always_polled_within_the_limits(news: list[bool], fresh: timedelta, jitter: float) -> None:
    feed = Feed("f")
    for one in news:
        feed = after_success(feed, RHYTHM, NOW, jitter, news=one, fresh=fresh)
        assert feed.due is not None
        assert RHYTHM.shortest <= feed.due - NOW <= RHYTHM.longest * 1.1
        assert feed.due - NOW >= min(fresh, RHYTHM.longest)


def test_failures_are_waited_out_ever_longer_up_to_a_day() -> None:
    waits = [after_failure(Feed("f", failures=n), RHYTHM, NOW, 0.0).due for n in (1, 2, 3, 8, 90, 10_000)]
    minutes = [15, 30, 60, 1440, 1440, 1440]
    assert waits == [NOW + timedelta(minutes=wait) for wait in minutes]


def test_jitter_parts_feeds_that_failed_together() -> None:
    early, late = (after_failure(Feed("f", failures=3), RHYTHM, NOW, jitter).due for jitter in (0.0, 1.0))
    assert (early, late) == (NOW + timedelta(minutes=60), NOW + timedelta(minutes=90))


def test_a_server_is_not_asked_before_it_wants_to_be() -> None:
    asked = after_failure(Feed("f", failures=1), RHYTHM, NOW, 0.0, timedelta(hours=5))
    assert asked.due == NOW + timedelta(hours=5)
    absurd = after_failure(Feed("f", failures=1), RHYTHM, NOW, 0.0, timedelta(days=4000))
    assert absurd.due == NOW + timedelta(days=7)


@pytest.mark.parametrize(("written", "wait"), [
    ("120", timedelta(seconds=120)),
    ("Fri, 20 Nov 2026 10:00:00 GMT", timedelta(hours=1)),
    ("Fri, 20 Nov 2026 08:00:00 GMT", NONE),
    ("soon", None), ("-5", None), ("", None), (None, None), ("9" * 40, NONE),
])  # fmt: skip
def test_retry_after(written: str | None, wait: timedelta | None) -> None:
    assert retry_after(written, NOW) == wait


@pytest.mark.parametrize(("headers", "ttl", "seconds"), [
    ({}, None, 0),
    ({"Cache-Control": "public, max-age=600"}, None, 600),
    ({"Cache-Control": "max-age=600", "Age": "500"}, None, 100),
    ({"Cache-Control": "max-age=600", "Age": "5000"}, None, 0),
    ({"Cache-Control": "no-cache, max-age=600"}, None, 0),
    ({"Cache-Control": "s-maxage=900, max-age=60"}, None, 60),
    ({"Cache-Control": "max-age=soon"}, None, 0),
    ({"Expires": "Fri, 20 Nov 2026 10:00:00 GMT", "Date": "Fri, 20 Nov 2026 09:30:00 GMT"}, None, 1800),
    ({"Expires": "0", "Date": "Fri, 20 Nov 2026 09:30:00 GMT"}, None, 0),
    ({"Cache-Control": "max-age=600"}, 3600, 3600),
    ({}, 60, 60),
])  # fmt: skip
def test_how_long_an_answer_stays_fresh(headers: dict[str, str], ttl: int | None, seconds: int) -> None:
    assert freshness(httpx.Headers(headers), ttl) == timedelta(seconds=seconds)
