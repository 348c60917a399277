import asyncio
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import InputError
from bot.schedule import Schedule, delivery_key, last_due, missed, moment, next_due, zone
from bot.types import Subscription
from tests.fakes import HandClock
from tests.store.build import NOON

EVERY_DAY = tuple(range(7))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = (
    "UTC", "Europe/Kyiv", "Europe/London", "Europe/Dublin", "America/New_York", "America/St_Johns", "America/Havana",
    "America/Sao_Paulo", "America/Santiago", "America/Asuncion", "America/Caracas", "Africa/Cairo", "Africa/Casablanca",
    "Africa/Khartoum", "Asia/Beirut", "Asia/Gaza", "Asia/Tehran", "Asia/Amman", "Asia/Kathmandu", "Asia/Pyongyang",
    "Asia/Kolkata", "Asia/Tokyo", "Europe/Moscow", "Europe/Istanbul", "Australia/Lord_Howe", "Australia/Adelaide",
    "Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati", "Antarctica/Troll",
)  # fmt: skip


def daily(at: str, zone_name: str, days: tuple[int, ...] = EVERY_DAY) -> Subscription:
    times = tuple(map(time.fromisoformat, at.split(",")))
    return Subscription("d1", "fake:w:1", "fake:w", times, zone_name, days, created=NOON - 30 * DAY)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock_time", "zone_name", "after", "due"),
    [
        ("08:00", "Europe/Kyiv", "2025-03-29 12:00", "2025-03-30 05:00"),  # an hour earlier in UTC from that night on
        ("08:00", "Europe/Kyiv", "2025-03-28 12:00", "2025-03-29 06:00"),
        ("02:30", "America/New_York", "2025-03-09 00:00", "2025-03-09 07:00"),  # 02:00 is followed by 03:00
        ("01:30", "America/New_York", "2025-11-02 00:00", "2025-11-02 05:30"),  # comes again an hour later
        ("01:30", "America/New_York", "2025-11-02 05:30", "2025-11-03 06:30"),  # and isn't due again then
        ("00:30", "Africa/Cairo", "2025-04-24 12:00", "2025-04-24 22:00"),  # a gap at midnight
        ("02:15", "Australia/Lord_Howe", "2025-10-04 12:00", "2025-10-04 15:30"),  # a gap of half an hour
        ("09:00", "Pacific/Apia", "2011-12-29 20:00", "2011-12-30 10:00"),  # a day that was left out altogether
        ("00:00", "UTC", "2025-01-01 00:00", "2025-01-02 00:00"),
    ],
)
def test_the_wall_clock_is_kept_to_when_clocks_change(clock_time: str, zone_name: str, after: str, due: str) -> None:
    assert next_due(daily(clock_time, zone_name), at(after)) == at(due)


def test_only_the_days_asked_for_count_in_the_zone_of_the_subscription() -> None:
    mondays = daily("07:30", "Pacific/Kiritimati", days=(0,))
    due = next_due(mondays, at("2025-03-05 00:00"))
    assert due == at("2025-03-09 17:30"), "Sunday still in UTC"
    assert last_due(mondays, due) == due
    assert last_due(mondays, due - MINUTE) == due - 7 * DAY


def by_waiting(subscription: Subscription, after: datetime) -> datetime:
    """The next due moment, found by watching the clock on the wall minute by minute: the first to reach the time."""
    where = ZoneInfo(subscription.zone)
    now = after.replace(second=0, microsecond=0) - 2 * DAY
    waiting = list(targets(subscription, now.astimezone(where).date()))
    waiting = [target for target in waiting if target > now.astimezone(where).replace(tzinfo=None)]
    while True:
        now += MINUTE
        if now.astimezone(where).replace(tzinfo=None) >= waiting[0]:
            waiting.pop(0)
            if now > after:
                return now


def targets(subscription: Subscription, start: date) -> Iterator[datetime]:
    days = (start + ahead * DAY for ahead in range(20))
    return (datetime.combine(day, at) for day in days if day.weekday() in subscription.days for at in subscription.at)


def near_a_change(zone_name: str, year: int) -> list[datetime]:
    """Noons, in UTC, of days on which the zone's clocks are changed."""
    where = ZoneInfo(zone_name)
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + day * DAY for day in range(365)]
    return [
        noon for noon in noons if noon.astimezone(where).utcoffset() != (noon + DAY).astimezone(where).utcoffset()
    ] or noons[:1]


@st.composite
def questions(draw: st.DrawFn) -> tuple[Subscription, datetime]:
    zone_name = draw(st.sampled_from(ZONES))
    change = draw(st.sampled_from(near_a_change(zone_name, draw(st.integers(2000, 2035)))))
    after = change + timedelta(seconds=draw(st.integers(-2 * 86400, 2 * 86400)))
    days = tuple(sorted(draw(st.sets(st.sampled_from(EVERY_DAY), min_size=1))))
    hour = draw(st.integers(0, 3) | st.integers(0, 23))
    return daily(f"{hour:02}:{draw(st.integers(0, 59)):02}", zone_name, days), after


@settings(max_examples=150, deadline=None)
@example((daily("23:30", "Pacific/Apia", (4,)), at("2011-12-29 12:00")))
@given(questions())
def test_due_moments_agree_with_watching_the_clock(question: tuple[Subscription, datetime]) -> None:
    subscription, after = question
    due = next_due(subscription, after)
    assert due == by_waiting(subscription, after)
    assert last_due(subscription, due) == due
    assert last_due(subscription, after) <= after


def test_a_time_given_twice_means_the_first() -> None:
    assert moment(date(2025, 10, 26), time(3, 30), zone("Europe/Kyiv")) == at("2025-10-26 00:30")


def test_a_zone_that_does_not_exist_is_refused_in_words() -> None:
    for wrong in ("Europe/Kiyv", "", "../etc/passwd", "CEST"):
        with pytest.raises(InputError, match="Europe/Kyiv"):
            zone(wrong)


def test_what_was_missed_is_one_digest() -> None:
    subscription = replace(daily("08:00", "UTC"), last_until=at("2025-03-01 08:00"))
    assert missed(subscription, at("2025-03-02 07:59")) is None
    assert missed(subscription, at("2025-03-02 08:00")) == at("2025-03-02 08:00")
    assert missed(subscription, at("2025-03-09 12:00")) == at("2025-03-09 08:00")
    assert missed(replace(subscription, last_until=at("2025-03-09 12:00")), at("2025-03-09 12:01")) is None
    assert missed(replace(subscription, paused=True), at("2025-03-09 12:00")) is None
    made_today = replace(subscription, last_until=None, created=at("2025-03-09 11:00"))
    assert missed(made_today, at("2025-03-09 12:00")) is None


def test_the_key_of_a_slot_is_the_same_in_every_zone() -> None:
    subscription = daily("08:00", "Europe/Kyiv")
    due = next_due(subscription, NOON)
    local = due.astimezone(ZoneInfo("Europe/Kyiv"))
    assert delivery_key(subscription, due) == "d1/2025-03-04T06:00:00+00:00"
    assert delivery_key(subscription, local) == delivery_key(subscription, due)


QUARTER = timedelta(minutes=15)  # no zone has been off by less since 1972
YEAR = [at("2025-01-01 00:00") + number * QUARTER for number in range(365 * 96)]


@pytest.mark.parametrize("zone_name", ZONES)
def test_a_year_of_schedules_agrees_with_walking_through_it(zone_name: str) -> None:
    """Every quarter of an hour the wall's clock is looked at: what it has reached since then is due, once a moment."""
    subscription = daily("00:00,01:30,02:15,02:45,07:30,23:45", zone_name, days=(0, 2, 5, 6))
    where = ZoneInfo(zone_name)
    walls = [now.astimezone(where).replace(tzinfo=None) for now in YEAR]
    slots = (datetime.combine((walls[0] + ahead * DAY).date(), at) for ahead in range(370) for at in subscription.at)
    waiting = [slot for slot in slots if slot.weekday() in subscription.days and slot > walls[0]]
    expected = []
    for now, wall in zip(YEAR, walls, strict=True):
        reached = bisect_right(waiting, wall)
        expected += [now] if reached else []
        del waiting[:reached]
    found, now = [], YEAR[0]
    while (now := next_due(subscription, now)) <= YEAR[-1]:
        found.append(now)
    assert found == expected
    assert len(found) > 1200


class Digests:
    """Notes which digests are made, and fails for one subscription."""

    def __init__(self, expected: int) -> None:
        self.made: list[tuple[str, datetime]] = []
        self._expected = expected
        self._all = asyncio.Event()

    async def __call__(self, subscription: Subscription, due: datetime) -> None:
        self.made.append((subscription.id, due))
        if len(self.made) == self._expected:
            self._all.set()
        if subscription.id == "broken":
            raise ValueError("no such topic")

    async def wait(self) -> None:
        async with asyncio.timeout(20):
            await self._all.wait()


async def test_a_start_catches_up_once_and_one_failure_holds_back_no_other() -> None:
    digests, clock = Digests(expected=3), HandClock(NOON)
    schedule = Schedule(digests, clock)
    late = replace(daily("08:00", "UTC"), last_until=NOON - 3 * DAY)
    subscriptions = [replace(late, id=name) for name in ("broken", "fine", "also fine")]
    served = [replace(late, id="up to date", last_until=NOON), replace(late, id="paused", paused=True)]
    schedule.start([*subscriptions, *served])
    await digests.wait()
    schedule.stop()
    assert sorted(digests.made) == [(name, at("2025-03-03 08:00")) for name in ("also fine", "broken", "fine")]


async def test_plans_can_be_changed_and_dropped() -> None:
    schedule = Schedule(Digests(0), HandClock(NOON))
    morning, evening = daily("08:00", "UTC"), replace(daily("20:00", "UTC"), id="d2")
    schedule.plan(morning)
    schedule.plan(evening)
    schedule.plan(replace(morning, at=(time(20),)))
    assert schedule.planned() == {"20:00 UTC 0123456": NOON + 8 * timedelta(hours=1)}
    schedule.drop("d1")
    schedule.drop("never planned")
    schedule.plan(replace(evening, paused=True))
    assert schedule.planned() == {}


async def test_a_slot_that_fires_makes_all_of_its_digests_with_the_moment_they_are_due_for() -> None:
    digests, clock = Digests(expected=10_000), HandClock(NOON)
    schedule = Schedule(digests, clock)
    for number in range(10_000):
        schedule.plan(replace(daily("12:00", "UTC"), id=str(number)))
    clock.advance(seconds=40)
    (job,) = schedule._scheduler.get_jobs()
    await job.func(*job.args)
    assert {due for _, due in digests.made} == {NOON}
    assert len({ident for ident, _ in digests.made}) == 10_000


async def test_jobs_run_at_once_and_then_again() -> None:
    ran = asyncio.Event()

    async def poll() -> None:
        ran.set()

    schedule = Schedule(Digests(0), lambda: datetime.now(UTC))
    schedule.every("poll", timedelta(minutes=15), poll)
    schedule.start([])
    async with asyncio.timeout(20):
        await ran.wait()
    again = schedule.planned()["poll"] - datetime.now(UTC)
    schedule.stop()
    assert timedelta(minutes=14) < again <= timedelta(minutes=15)
