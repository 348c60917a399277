"""Who sees what: a workspace follows origins, and every query sees only the articles of those."""

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, select, true
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.schema import articles, follows, origins


def by_hand(workspace: str) -> str:
    """The origin of what people of one workspace add by hand; no other workspace has cause to follow it."""
    return f"by hand: {workspace}"


def followed(workspace: str) -> Select[int]:
    """The numbers of the origins that the workspace follows."""
    return select(follows.c.origin).where(follows.c.workspace == workspace)


def visible(workspace: str | None) -> ColumnElement[bool]:
    """Whether the workspace sees a row of ``articles``.

    It sees each article once: from the origin whose text is the longest of those read. Workspace None is whoever runs
    the store: sees every origin.
    """
    other = articles.alias("other")
    fuller = exists().where(
        other.c.id == articles.c.id,
        other.c.number != articles.c.number,
        other.c.arrival.is_not(None),
        seen_by(other.c.origin, workspace),
        (func.length(other.c.text) > func.length(articles.c.text))
        | and_(func.length(other.c.text) == func.length(articles.c.text), other.c.number < articles.c.number),
    )
    return and_(seen_by(articles.c.origin, workspace), ~fuller)


def seen_by(origin: ColumnElement[int], workspace: str | None) -> ColumnElement[bool]:
    """Whether the workspace follows the origin; None follows all."""
    # The sum keeps SQLite from going through whole origins where the newest few articles are wanted.
    return true() if workspace is None else (origin + 0).in_(followed(workspace))


async def origin_number(connection: AsyncConnection, name: str) -> int:
    """The number of the origin, made if it is new."""
    await connection.execute(insert(origins).values(name=name).on_conflict_do_nothing())
    return int((await connection.execute(select(origins.c.number).where(origins.c.name == name))).scalar_one())


class Tenancy(Database):
    """What each workspace follows. A workspace is named by ``Channel.tenant``."""

    async def follow(self, workspace: str, origin: str) -> bool:
        """Whether the workspace didn't follow the origin before; it does from now on."""
        async with self._writing() as connection:
            number = await origin_number(connection, origin)
            made = insert(follows).values(workspace=workspace, origin=number).on_conflict_do_nothing()
            return (await connection.execute(made)).rowcount > 0

    async def unfollow(self, workspace: str, origin: str) -> bool:
        """Whether the workspace followed the origin; it doesn't from now on."""
        named = select(origins.c.number).where(origins.c.name == origin).scalar_subquery()
        async with self._writing() as connection:
            gone = delete(follows).where(follows.c.workspace == workspace, follows.c.origin == named)
            return (await connection.execute(gone)).rowcount > 0

    async def origins(self, workspace: str) -> list[str]:
        """What the workspace follows, in alphabetical order."""
        query = select(origins.c.name).where(origins.c.number.in_(followed(workspace))).order_by(origins.c.name)
        async with self._reading() as connection:
            return list((await connection.execute(query)).scalars())
