"""What a workspace has asked for, and what it gets."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from bot.types.briefing import ArticleRef, Digest, Statement


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to post in."""

    platform: str  # 'console', 'discord', 'slack'
    workspace: str  # the platform's id of the server or workspace
    id: str

    @property
    def key(self) -> str:
        """The channel in one string, unique over all platforms."""
        return f"{self.platform}:{self.workspace}:{self.id}"

    @classmethod
    def of(cls, key: str) -> "Channel":
        """The channel whose ``key`` this is: no platform has a colon in its own name or in a workspace's id."""
        platform, workspace, ident = key.split(":", 2)
        return cls(platform, workspace, ident)

    @property
    def tenant(self) -> str:
        """The workspace in one string, unique over all platforms: what the store calls a workspace."""
        return f"{self.platform}:{self.workspace}"


class DeliveryState(StrEnum):
    """How far a post has come."""

    INTENDED = "intended"  # written down, not yet sent
    SENT = "sent"  # handed to the platform, answer not yet known
    SETTLED = "settled"  # the platform has it
    STALE = "stale"  # the platform has an older version of it, which is to be edited
    FAILED = "failed"  # given up, with the reason


@dataclass(frozen=True, slots=True)
class Delivery:
    """One post to one channel."""

    key: str  # subscription, due time and part: unique in the store
    channel: str  # Channel.key
    digest: Digest
    state: DeliveryState = DeliveryState.INTENDED
    attempts: int = 0
    created: datetime | None = None
    message: str | None = None  # the platform's id of the post
    error: str | None = None
    owner: str | None = None  # id of the subscription or watch that it was made for
    root: str | None = None  # key of the post in whose thread it goes; None: it stands in the channel itself


@dataclass(frozen=True, slots=True)
class Subscription:
    """A scheduled digest of a channel."""

    id: str
    channel: str  # Channel.key
    workspace: str  # Channel.tenant
    at: tuple[time, ...]  # of the wall clock in ``zone``, without one of their own; earliest first, at least one
    zone: str  # IANA: 'Europe/Kyiv'
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)  # 0 Monday to 6 Sunday, as datetime.weekday() counts
    topic: str | None = None  # None: all that the workspace follows
    created_by: str | None = None  # the platform's id of the person
    created: datetime | None = None
    paused: bool = False
    last_until: datetime | None = None  # up to when its digests have covered the news
    arrival: int = 0  # the last arrival that its digests have covered; arrivals are counted by the store
    stopped: str | None = None  # why it was paused by itself, in words; None: a person did, or it isn't


class WatchKind(StrEnum):
    """What a watch looks out for."""

    PLACE = "place"  # and all that it contains
    SOURCE = "source"
    WORDS = "words"  # with AND, OR, NOT and "phrases"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the day in which nothing is posted; ``start`` after ``end`` goes over midnight."""

    start: time
    end: time  # not included
    zone: str  # IANA


@dataclass(frozen=True, slots=True)
class Watch:
    """A wish to hear of every new story that touches a place, a source or words, as soon as it is read."""

    id: str
    channel: str  # Channel.key
    workspace: str  # Channel.tenant
    kind: WatchKind
    target: str  # a geonameid, a source's canonical name, or the words
    label: str  # as people are shown it: 'Lyman, Donetsk Oblast, Ukraine'
    quiet: Quiet | None = None
    created_by: str | None = None  # the platform's id of the person
    created: datetime | None = None
    paused: bool = False
    arrival: int = 0  # the last arrival that it has looked at
    stopped: str | None = None  # why it was paused by itself, in words


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of a source with where it stands: a line of the answer to /said."""

    text: str  # the content's words
    statement: Statement
    article: ArticleRef
    cue: str | None = None
