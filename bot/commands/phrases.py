"""How commands put times in words."""

from datetime import datetime

from bot.desk import Desk
from bot.schedule import next_due, shown, zone
from bot.types import Subscription

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def when(subscription: Subscription) -> str:
    """The subscription's schedule: '07:30 Europe/Kyiv, every day'."""
    days = "every day" if len(subscription.days) == len(DAYS) else ", ".join(DAYS[d] for d in subscription.days)
    return f"{shown(subscription.at)} {subscription.zone}, {days}"


def upcoming(subscription: Subscription, desk: Desk) -> str:
    """When it is due next, by the clock of its zone; or that it is paused, and why."""
    if subscription.paused:
        return f"paused: {subscription.stopped}" if subscription.stopped else "paused"
    return _stamped(next_due(subscription, desk.clock()), subscription.zone)


def stamp(moment: datetime, desk: Desk) -> str:
    """The moment in the configured zone: 'Mon 23 Nov 07:30'."""
    return _stamped(moment, desk.zone)


def _stamped(moment: datetime, where: str) -> str:
    return f"{moment.astimezone(zone(where)):%a %d %b %H:%M}"
