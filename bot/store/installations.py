"""Workspaces that have installed the bot by themselves. What opens them to the bot is kept encrypted."""

import hashlib
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.store.database import Database
from bot.store.schema import install_states, installations

MOST_STATES: Final = 1000


class Installations(Database):
    """One installation for each workspace of a platform, sealed by who keeps it: the store has no key."""

    async def install(self, platform: str, workspace: str, sealed: str) -> None:
        """Keeps the installation, in place of the workspace's former one."""
        row = upsert(installations).values(
            platform=platform, workspace=workspace, sealed=sealed, installed=self._clock()
        )
        newer = {"sealed": row.excluded.sealed, "installed": row.excluded.installed}
        async with self._writing() as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["platform", "workspace"], set_=newer))

    async def installation(self, platform: str, workspace: str) -> str | None:
        """The workspace's installation, sealed; None where there is none."""
        mine = (installations.c.platform == platform) & (installations.c.workspace == workspace)
        async with self._reading() as connection:
            sealed: str | None = (await connection.execute(select(installations.c.sealed).where(mine))).scalar()
        return sealed

    async def installed(self, platform: str) -> list[tuple[str, str]]:
        """(workspace, sealed) of each, in the order of installing."""
        query = select(installations.c.workspace, installations.c.sealed).where(installations.c.platform == platform)
        async with self._reading() as connection:
            rows = await connection.execute(query.order_by(installations.c.installed, installations.c.workspace))
            return [(row.workspace, row.sealed) for row in rows]

    async def uninstall(self, platform: str, workspace: str) -> bool:
        """Whether there was an installation; it is forgotten."""
        mine = (installations.c.platform == platform) & (installations.c.workspace == workspace)
        async with self._writing() as connection:
            return (await connection.execute(delete(installations).where(mine))).rowcount > 0

    async def issue_state(self, state: str, lives: timedelta) -> None:
        """Keeps the state of an installation that begins now, for so long; those that have expired are forgotten, and
        the oldest of more than ``MOST_STATES``: anybody may begin one.
        """
        now = self._clock()
        newest = select(install_states.c.id).order_by(install_states.c.expires.desc()).limit(MOST_STATES - 1)
        async with self._writing() as connection:
            await connection.execute(delete(install_states).where(install_states.c.expires <= now))
            await connection.execute(delete(install_states).where(install_states.c.id.not_in(newest)))
            await connection.execute(insert(install_states).values(id=_hashed(state), expires=now + lives))

    async def consume_state(self, state: str) -> bool:
        """Whether an installation with that state has begun and not yet ended; once only."""
        mine = (install_states.c.id == _hashed(state)) & (install_states.c.expires > self._clock())
        async with self._writing() as connection:
            return (await connection.execute(delete(install_states).where(mine))).rowcount > 0


def _hashed(state: str) -> str:
    """What is kept of a state: whoever reads the store can't end an installation with it."""
    return hashlib.sha256(state.encode()).hexdigest()
