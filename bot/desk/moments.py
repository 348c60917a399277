"""How far back: words for a moment, as people write and say them."""

import re
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import InputError
from bot.schedule import moment

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
HELP: Final = "write 24h, 3d, 2w, today, yesterday, Monday, this week or 2026-11-20"
_COUNTED: Final = re.compile(r"(?:(?:in )?the )?(?:(?:last|past) )?(\d{1,4})? ?(h|d|w|hours?|days?|weeks?)")


def since(text: str, now: datetime, where: ZoneInfo) -> datetime:
    """The moment, in UTC, from which on the words mean: '24h', '3 days', 'since Monday', 'last week', an ISO date.

    A day means its midnight in the zone ``where``; a weekday the last one, which may be today.

    Raises:
        InputError: they mean none; says what would do.
    """
    words = " ".join(text.lower().split())
    for opening in ("since ", "from "):
        words = words.removeprefix(opening)
    counted = _COUNTED.fullmatch(words)
    if counted and (counted[1] or "last" in words or "past" in words) and words != "last week":
        return now - int(counted[1] or 1) * UNITS[counted[2][0]]
    day = _day(words, now.astimezone(where).date())
    if day is not None:
        return moment(day, time(0), where)
    try:
        given = datetime.fromisoformat(text.strip().removeprefix("since "))
        return (given if given.tzinfo else given.replace(tzinfo=where)).astimezone(now.tzinfo)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{text!r} is no time: {HELP}") from error


def _day(words: str, today: date) -> date | None:
    """The day that the words name, if they name one."""
    monday = today - timedelta(days=today.weekday())
    named = {
        "today": today,
        "yesterday": today - timedelta(days=1),
        "this week": monday,
        "last week": monday - timedelta(weeks=1),
        "this month": today.replace(day=1),
    }
    for number, weekday in enumerate(WEEKDAYS):
        ago = timedelta(days=(today.weekday() - number) % 7)
        named |= dict.fromkeys((weekday, weekday[:3], f"last {weekday}"), today - ago)
    return named.get(words)
