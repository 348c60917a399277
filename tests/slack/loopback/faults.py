"""What goes wrong to order, call by call."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How a call goes wrong."""

    DROP_AFTER = "accepted, then the connection broke"
    DROP_BEFORE = "the connection broke before anything was done"
    HANG = "accepted, and never answered"
    STATUS = "an HTTP status without Slack's JSON"
    ERROR = "an error code of Slack's"
    GARBAGE = "accepted, and answered with a page of HTML"


@dataclass(frozen=True)
class Fault:
    """One call that goes wrong."""

    way: Way
    status: int = 200
    error: str = ""
    retry_after: int | None = None  # seconds
    done: bool = False  # what was asked for happens all the same


DROP_AFTER = Fault(Way.DROP_AFTER, done=True)
DROP_BEFORE = Fault(Way.DROP_BEFORE)
HANG = Fault(Way.HANG, done=True)
GARBAGE = Fault(Way.GARBAGE, done=True)


def status(code: int, *, done: bool = False) -> Fault:
    """An HTTP status such as 503."""
    return Fault(Way.STATUS, code, done=done)


def ratelimited(retry_after: int) -> Fault:
    """429 with Retry-After in seconds (https://docs.slack.dev/apis/web-api/rate-limits)."""
    return Fault(Way.ERROR, 429, "ratelimited", retry_after)


def error(code: str, *, done: bool = False) -> Fault:
    """One of Slack's error codes, such as 'is_archived'."""
    return Fault(Way.ERROR, error=code, done=done)


class Faults:
    """The faults that are still to come, by method ('chat.postMessage', 'response_url', 'upload', 'socket')."""

    def __init__(self) -> None:
        self._ordered: dict[str, list[tuple[Fault, Callable[[dict[str, object]], bool]]]] = defaultdict(list)

    def order(self, method: str, *faults: Fault, when: Callable[[dict[str, object]], bool] = lambda _: True) -> None:
        """The next calls of the method whose arguments are such go wrong so, one after the other."""
        self._ordered[method] += [(fault, when) for fault in faults]

    def next(self, method: str, arguments: dict[str, object]) -> Fault | None:
        """The fault that is this call's lot."""
        ordered = self._ordered[method]
        for place, (fault, when) in enumerate(ordered):
            if when(arguments):
                del ordered[place]
                return fault
        return None
