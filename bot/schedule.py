"""When things are done: digests by the wall clock of a zone, and jobs that repeat.

Subscriptions live in the store; jobs are derived from them, and lost with the process. What falls due while nothing
runs is caught up once: ``missed`` finds it at the next start.
"""

import asyncio
import difflib
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import InputError
from bot.ports import Clock
from bot.types import Subscription

log: Final = structlog.get_logger()

WEEK: Final = 10  # days to look at: one before the start, and the same weekday once more if its time has passed
GAP: Final = timedelta(days=1)  # the longest that clocks have been put forward by: Samoa left out a day in 2011

Job = Callable[[], Awaitable[None]]
Digesting = Callable[[Subscription, datetime], Coroutine[None, None, None]]
"""Called with a subscription, as it was when it was planned, and the slot that a digest is due for."""


def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name, such as 'Europe/Kyiv'. Raises InputError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        names = {known.casefold(): known for known in available_timezones() if "/" in known}  # not EST for CEST
        near = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.75)
        hint = f"did you mean {names[near[0]]}?" if near else "write a name such as Europe/Kyiv or America/New_York"
        raise InputError(f"no time zone {name!r}: {hint}") from error


def moment(day: date, at: time, where: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the zone's clock shows the time on that day.

    The first such moment, where clocks are put back; the first after the gap, where they are put forward over it.
    """
    local = datetime.combine(day, at, tzinfo=where)
    shown = local.astimezone(UTC)
    return (
        shown if shown.astimezone(where).replace(tzinfo=None) == local.replace(tzinfo=None) else _change(shown, where)
    )


def _change(shown: datetime, where: ZoneInfo) -> datetime:
    """The moment, to the second, at which the zone's clocks were last changed before ``shown``, in UTC."""
    late, early = shown, shown - GAP
    new = late.astimezone(where).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        early, late = (early, middle) if middle.astimezone(where).utcoffset() == new else (middle, late)
    return late.replace(microsecond=0)


def next_due(subscription: "Subscription | Slot", after: datetime) -> datetime:
    """The first moment, in UTC, after the given one at which the subscription falls due."""
    return next(due for due in _dues(subscription, after, step=1) if due > after)


def last_due(subscription: "Subscription | Slot", now: datetime) -> datetime:
    """The last moment, in UTC, up to and including now at which the subscription fell due."""
    return next(due for due in _dues(subscription, now, step=-1) if due <= now)


def _dues(subscription: "Subscription | Slot", start: datetime, step: int) -> Iterator[datetime]:
    """The due moments in order, forwards or backwards, beginning a day early: a leap of the clock may reach over."""
    where = zone(subscription.zone)
    first = start.astimezone(where).date() - timedelta(days=step)
    days = (first + timedelta(days=step * count) for count in range(WEEK))
    times = subscription.at[::step]
    return (moment(day, at, where) for day in days if day.weekday() in subscription.days for at in times)


def missed(subscription: Subscription, now: datetime) -> datetime | None:
    """The slot, in UTC, that a digest is owed for: the last one due since its digests' end; None if there is none.

    However many slots have gone by, it is one: a digest covers all the time since the one before.
    """
    since = subscription.last_until or subscription.created
    if subscription.paused or since is None:
        return None
    due = last_due(subscription, now)
    return due if due > since else None


def delivery_key(subscription: Subscription, due: datetime) -> str:
    """The key of the post that was due then: the same whenever, and however often, it is made."""
    return f"{subscription.id}/{due.astimezone(UTC).isoformat()}"


def shown(at: Iterable[time]) -> str:
    """The times of day as people write them: '07:30,18:00'."""
    return ",".join(f"{clock:%H:%M}" for clock in at)


@dataclass(frozen=True, slots=True)
class Slot:
    """Times of day, on some days of the week, in a zone: all the subscriptions that fall due together."""

    at: tuple[time, ...]
    zone: str
    days: tuple[int, ...]

    @classmethod
    def of(cls, subscription: Subscription) -> "Slot":
        """The subscription's slot."""
        return cls(subscription.at, subscription.zone, subscription.days)

    def __str__(self) -> str:
        return f"{shown(self.at)} {self.zone} {''.join(map(str, self.days))}"


class WallClock(BaseTrigger):  # type: ignore[misc] # APScheduler ships no types
    """Fires when a slot falls due; APScheduler's cron trigger may do so twice, or not at all, as clocks change."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The next due moment after the previous one; APScheduler's name."""
        return next_due(self._slot, previous_fire_time or now)


class Schedule:
    """Runs digests when they fall due, and jobs again and again, until stopped. One job serves a whole slot."""

    def __init__(self, digest: Digesting, clock: Clock) -> None:
        self._digest = digest
        self._clock = clock
        self._slots: dict[Slot, dict[str, Subscription]] = {}
        self._planned: dict[str, Slot] = {}
        # A late job runs all the same, and once for all the times that it is late.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self._scheduler.add_listener(_report, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)

    def start(self, subscriptions: Iterable[Subscription]) -> None:
        """Plans the subscriptions, catches up once on what they have missed, and sets the clock going."""
        now = self._clock()
        late: list[tuple[Subscription, datetime]] = []
        for subscription in subscriptions:
            self.plan(subscription)
            due = missed(subscription, now)
            late += [] if due is None else [(subscription, due)]
        if late:
            self._scheduler.add_job(self._run, args=[late], id="catch up")
        # Timers stand still while a machine sleeps: a short step lets the scheduler notice that time has moved on.
        self.every("heartbeat", timedelta(seconds=30), _beat)
        self._scheduler.start()

    def plan(self, subscription: Subscription) -> None:
        """Plans the subscription from now on, in place of how it was planned before; a paused one not at all."""
        self.drop(subscription.id)
        if subscription.paused:
            return
        slot = Slot.of(subscription)
        if slot not in self._slots:
            self._scheduler.add_job(self._run_slot, WallClock(slot), [slot], id=str(slot))
        self._slots.setdefault(slot, {})[subscription.id] = subscription
        self._planned[subscription.id] = slot

    def drop(self, ident: str) -> None:
        """Plans the subscription no longer; nothing happens if it isn't planned."""
        slot = self._planned.pop(ident, None)
        if slot is None:
            return
        del self._slots[slot][ident]
        if not self._slots[slot]:
            del self._slots[slot]
            self._scheduler.remove_job(str(slot))

    def every(self, name: str, interval: timedelta, job: Job) -> None:
        """Runs the job now and then at that interval, never two at a time."""

        async def run() -> None:  # APScheduler would run anything but a coroutine function in a thread
            await job()

        seconds = interval.total_seconds()
        trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
        self._scheduler.add_job(run, trigger, id=name, next_run_time=self._clock(), replace_existing=True)

    def planned(self) -> dict[str, datetime]:
        """When each job runs next, in UTC: by its name, or by the time, zone and days of its slot."""
        now = self._clock()
        return {job.id: _next_run(job, now) for job in self._scheduler.get_jobs()}

    def stop(self) -> None:
        """Starts nothing more, and cancels what is running: the store keeps what was done."""
        self._scheduler.shutdown(wait=False)

    async def _run_slot(self, slot: Slot) -> None:
        due = last_due(slot, self._clock())
        await self._run([(subscription, due) for subscription in self._slots.get(slot, {}).values()])

    async def _run(self, owed: Sequence[tuple[Subscription, datetime]]) -> None:
        """Has the digests posted; one that fails is told in the log and leaves the others alone."""
        await asyncio.gather(*(self._posted(subscription, due) for subscription, due in owed))

    async def _posted(self, subscription: Subscription, due: datetime) -> None:
        (error,) = await asyncio.gather(self._digest(subscription, due), return_exceptions=True)
        if error is not None:
            log.error("digest failed", subscription=subscription.id, due=due.isoformat(), exc_info=error)


def _next_run(job: Any, now: datetime) -> datetime:
    """The next run; a job that waits for the scheduler to be started has none yet, only its trigger."""
    planned: datetime = getattr(job, "next_run_time", None) or job.trigger.get_next_fire_time(None, now)
    return planned.astimezone(UTC)


async def _beat() -> None:
    """Nothing: that the scheduler looks at its clock is all that is wanted."""


def _report(event: JobEvent) -> None:
    """Says in the log what would else pass in silence."""
    if event.code == EVENT_JOB_MAX_INSTANCES:
        log.info("job still at work when due again: left out once", job=event.job_id)
        return
    what = "job missed" if event.code == EVENT_JOB_MISSED else "job failed"
    log.error(what, job=event.job_id, exc_info=getattr(event, "exception", None))
