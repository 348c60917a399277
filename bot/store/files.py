"""The files of watched folders, as they were when they were last read."""

from dataclasses import asdict

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.news.folders import Changes, Seen
from bot.store.database import Database
from bot.store.putting import Given, put
from bot.store.readings import forget
from bot.store.schema import articles, files, origins
from bot.store.tenancy import origin_number
from bot.store.values import Stored


class Files(Database):
    """What is known of folders. A folder is followed as the origin that its path names."""

    async def seen_files(self, folder: str) -> dict[str, Seen]:
        """What is known of the folder's files, by path."""
        query = select(files).join(origins, origins.c.number == files.c.origin).where(origins.c.name == folder)
        async with self._reading() as connection:
            return {row.path: Seen(row.path, row.stamp, row.article) for row in (await connection.execute(query)).all()}

    async def save_files(self, folder: str, changes: Changes) -> list[tuple[str, Stored]]:
        """The ids of the articles with how they stand to what was there.

        Articles go with their file, unless another file of the folder has them too.
        """
        given = [Given(article, folder) for article in changes.articles]
        async with self._writing() as connection:
            number = await origin_number(connection, folder)
            states = await put(connection, given, self._clock(), self._reader) if given else []
            await _save(connection, number, changes)
        return [(one.article.id, state) for one, state in zip(given, states, strict=True)]


async def _save(connection: AsyncConnection, folder: int, changes: Changes) -> None:
    here = files.c.origin == folder
    touched = [*changes.gone, *(one.path for one in changes.seen)]
    held = select(files.c.article).where(here, files.c.path.in_(touched), files.c.article.is_not(None))
    before = set((await connection.execute(held)).scalars())
    await connection.execute(delete(files).where(here, files.c.path.in_(touched)))
    if changes.seen:
        await connection.execute(insert(files), [{"origin": folder} | asdict(one) for one in changes.seen])
    still = select(files.c.article).where(here, files.c.article.in_(before))
    lost = before - set((await connection.execute(still)).scalars())
    query = select(articles.c.number).where(articles.c.origin == folder, articles.c.id.in_(lost))
    numbers = list((await connection.execute(query)).scalars())
    await forget(connection, numbers)
    await connection.execute(delete(articles).where(articles.c.number.in_(numbers)))
