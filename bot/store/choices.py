"""What questions offered: an id that fits on a button stands for a command, also after a restart."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from bot.errors import NotFound
from bot.store.database import Database
from bot.store.schema import choices


def choice_id(workspace: str, command: str) -> str:
    """The id under which a workspace's choice of that command is kept: 16 hexadecimal digits."""
    return hashlib.sha256(f"{workspace}\0{command}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Choices(Database):
    """Commands that were offered as answers."""

    async def offer(self, workspace: str, commands: Iterable[str]) -> None:
        """Keeps the commands under their ids."""
        asked = self._clock()
        rows = [{"id": choice_id(workspace, c), "workspace": workspace, "command": c, "asked": asked} for c in commands]
        row = insert(choices)
        row = row.on_conflict_do_update(index_elements=["id"], set_={"asked": row.excluded.asked})
        async with self._writing() as connection:
            await connection.execute(row, rows)

    async def chosen(self, workspace: str, ident: str) -> str:
        """The command that the workspace was offered under the id. Raises NotFound."""
        query = select(choices.c.command).where(choices.c.workspace == workspace, choices.c.id == ident)
        async with self._reading() as connection:
            command: str | None = (await connection.execute(query)).scalar()
        if command is None:
            raise NotFound("This choice is too old: ask again")
        return command
