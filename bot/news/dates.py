"""Dates as the world writes them -> aware datetimes in UTC."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def parse(text: str | None) -> datetime | None:
    """The moment that ``text`` names, in UTC, or None if it can't be told.

    Reads ISO 8601 ('2026-11-20T08:30:00+02:00', '2026-11-20 08:30', '2026-11-20') and e-mail dates (RFC 5322). A date
    alone is its midnight; without a zone it is taken for UTC.
    """
    written = (text or "").strip()
    if not written:
        return None
    moment = _iso(written) or _email(written)
    return as_utc(moment) if moment else None


def as_utc(moment: datetime) -> datetime | None:
    """``moment`` in UTC, a naive one taken for UTC; None beyond the years that a datetime can hold."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None


def _iso(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def _email(written: str) -> datetime | None:
    try:
        return parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
