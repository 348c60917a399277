"""Feeds: who follows them, when they are due, and what their followers have to be told."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, case, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.store.database import Database
from bot.store.schema import feeds, follows, origins
from bot.store.tenancy import origin_number, seen_by
from bot.types import Feed

WORKS: Final = "works"
BROKEN: Final = "broken"
GONE: Final = "gone"


@dataclass(frozen=True, slots=True)
class Following:
    """That a workspace follows a feed."""

    workspace: str  # Channel.tenant
    feed: Feed
    person: str | None = None  # who asked for it: the platform's id
    channel: str | None = None  # where: Channel.key
    folder: str | None = None  # of the list that it came in; levels parted by slashes
    told: str = WORKS  # the state of the feed that the person was last told of


class Feeds(Database):
    """What is polled. A feed is followed as the origin that its URL names, and polled while anyone follows it."""

    async def add_feed(self, feed: Feed) -> bool:
        """Whether the feed wasn't known; one that is keeps what its polls have left."""
        async with self._writing() as connection:
            added = await connection.execute(insert(feeds).values(asdict(feed)).on_conflict_do_nothing())
            return added.rowcount > 0

    async def follow_feed(self, following: Following) -> bool:
        """Whether the workspace didn't follow the feed before; it does from now on.

        A feed that is known keeps what its polls have left, and one that had gone for good is tried again. One that
        nobody followed any more is taken in anew: what came in the meantime isn't news.
        """
        feed = feeds.c.url == following.feed.url
        followed = select(follows).join(origins).where(origins.c.name == following.feed.url).exists()
        anew = {"pace": None, "etag": None, "last_modified": None, "due": None}
        async with self._writing() as connection:
            await connection.execute(update(feeds).where(feed, ~followed).values(anew))
            await connection.execute(insert(feeds).values(asdict(following.feed)).on_conflict_do_nothing())
            await connection.execute(update(feeds).where(feed, feeds.c.gone).values(gone=False, due=None))
            number = await origin_number(connection, following.feed.url)
            row = {name: getattr(following, name) for name in ("workspace", "person", "channel", "folder")}
            made = insert(follows).values(row | {"origin": number}).on_conflict_do_nothing()
            return (await connection.execute(made)).rowcount > 0

    async def feed_at(self, address: str) -> Feed | None:
        """The feed of that URL, or the one that has moved there; None if there is none."""
        at = or_(feeds.c.url == address, feeds.c.location == address)
        query = select(feeds).where(at).order_by(case((feeds.c.url == address, 0), else_=1)).limit(1)
        async with self._reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return feed_of(row) if row else None

    async def feeds(self, workspace: str | None = None) -> list[Feed]:
        """The feeds that the workspace follows, or that anyone follows, by URL."""
        query = _followed(seen_by(origins.c.number, workspace)).order_by(feeds.c.url)
        async with self._reading() as connection:
            return [feed_of(row) for row in (await connection.execute(query)).all()]

    async def followings(self, workspace: str | None) -> list[Following]:
        """What the workspace follows, by folder and title; None: what each of them does."""
        query = _followings() if workspace is None else _followings().where(follows.c.workspace == workspace)
        async with self._reading() as connection:
            rows = (await connection.execute(query.order_by(follows.c.folder, feeds.c.title, feeds.c.url))).all()
        return [_following(row) for row in rows]

    async def due_feeds(self, now: datetime, limit: int = 1000, but: Collection[str] = ()) -> list[Feed]:
        """The feeds whose time to be polled has come, longest waiting first, without those in ``but``."""
        due = and_(~feeds.c.gone, or_(feeds.c.due.is_(None), feeds.c.due <= now))
        query = _followed().where(due).order_by(feeds.c.due).limit(limit + len(but))
        async with self._reading() as connection:
            found = [feed_of(row) for row in (await connection.execute(query)).all()]
        return [feed for feed in found if feed.url not in but][:limit]

    async def feed_news(self, failures: int) -> list[Following]:
        """Whom to tell that a feed has broken (so many failures in a row), has gone for good, or works again."""
        told = case((follows.c.told.is_(None), WORKS), else_=follows.c.told)
        query = _followings().where(state_of(failures) != told, or_(feeds.c.failures == 0, state_of(failures) != WORKS))
        async with self._reading() as connection:
            return [_following(row) for row in (await connection.execute(query.order_by(feeds.c.url))).all()]

    async def feed_news_told(self, news: Following, state: str) -> None:
        """Notes that the follower knows of the state now: 'works', 'broken' or 'gone'."""
        named = select(origins.c.number).where(origins.c.name == news.feed.url).scalar_subquery()
        mine = and_(follows.c.workspace == news.workspace, follows.c.origin == named)
        async with self._writing() as connection:
            await connection.execute(update(follows).where(mine).values(told=state))


def state_of(failures: int) -> ColumnElement[str]:
    """The state of a feed of which so many failures in a row make a broken one."""
    return case((feeds.c.gone, GONE), (feeds.c.failures >= failures, BROKEN), else_=WORKS)


def _followed(by: ColumnElement[bool] | None = None) -> Select[Any]:
    followed = select(follows).where(follows.c.origin == origins.c.number)
    if by is not None:
        followed = followed.where(by)
    return select(feeds).join(origins, origins.c.name == feeds.c.url).where(followed.exists())


def _followings() -> Select[Any]:
    columns = (follows.c.workspace, follows.c.person, follows.c.channel, follows.c.folder, follows.c.told)
    query = select(feeds, *columns).join(origins, origins.c.name == feeds.c.url)
    return query.join(follows, follows.c.origin == origins.c.number)


def _following(row: Row[Any]) -> Following:
    return Following(row.workspace, feed_of(row), row.person, row.channel, row.folder, row.told or WORKS)


def feed_of(row: Row[Any]) -> Feed:
    """The feed of a row that has its columns."""
    return Feed(**{name: getattr(row, name) for name in feeds.c.keys()})  # noqa: SIM118 (columns, no dict)
