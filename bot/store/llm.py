"""What a language model answered, so that nothing is asked twice, and what it has cost, so that it stays in bounds."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, true, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.schema import llm_replies, llm_spending


@dataclass(frozen=True, slots=True)
class Cost:
    """Tokens, and money in millionths of the currency that prices are given in."""

    tokens: int = 0
    micros: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.tokens + other.tokens, self.micros + other.micros)

    def over(self, limit: "Cost") -> bool:
        """Whether it is more than the limit; a limit of 0 is none."""
        return 0 < limit.tokens < self.tokens or 0 < limit.micros < self.micros


@dataclass(frozen=True, slots=True)
class Reservation:
    """What was set aside before asking, for a workspace and a day of UTC."""

    workspace: str
    day: str
    cost: Cost


class Writings(Database):
    """Replies by what was asked, whoever asks: nobody can ask who doesn't have the sentences. Spending by workspace."""

    async def llm_reply(self, key: str) -> str | None:
        """The reply that is kept under the key, or None."""
        async with self._reading() as connection:
            query = select(llm_replies.c.text).where(llm_replies.c.key == key)
            text: str | None = (await connection.execute(query)).scalar_one_or_none()
            return text

    async def keep_llm_reply(self, key: str, text: str, keep: timedelta) -> None:
        """Keeps the reply in place of an older one, and forgets those that are older than ``keep``."""
        now = self._clock()
        fresh = {"created": now, "text": text}
        row = insert(llm_replies).values(key=key, **fresh)
        async with self._writing() as connection:
            await connection.execute(delete(llm_replies).where(llm_replies.c.created < now - keep))
            await connection.execute(row.on_conflict_do_update(index_elements=["key"], set_=fresh))

    async def reserve_llm(self, workspace: str, cost: Cost, *, whole: Cost, each: Cost) -> Reservation | None:
        """Sets the cost aside for today; None if that would be over the day's limit, ``whole`` for all workspaces
        together or ``each`` for this one. Of several who ask at once none gets what another has.
        """
        day = self._clock().date().isoformat()
        async with self._writing() as connection:
            spent = await _spent(connection, day, true())
            own = await _spent(connection, day, llm_spending.c.workspace == workspace)
            if (spent + cost).over(whole) or (own + cost).over(each):
                return None
            row = insert(llm_spending).values(day=day, workspace=workspace, tokens=cost.tokens, micros=cost.micros)
            await connection.execute(row.on_conflict_do_update(index_elements=["day", "workspace"], set_=_more(cost)))
        return Reservation(workspace, day, cost)

    async def settle_llm(self, reserved: Reservation, cost: Cost) -> None:
        """Puts what it really cost in place of what was set aside."""
        more = Cost(cost.tokens - reserved.cost.tokens, cost.micros - reserved.cost.micros)
        row = (llm_spending.c.day == reserved.day) & (llm_spending.c.workspace == reserved.workspace)
        async with self._writing() as connection:
            await connection.execute(update(llm_spending).where(row).values(_more(more)))

    async def llm_spent(self, workspace: str | None = None) -> Cost:
        """What the workspace has spent today, or all together, with what is set aside at the moment."""
        mine = true() if workspace is None else llm_spending.c.workspace == workspace
        async with self._reading() as connection:
            return await _spent(connection, self._clock().date().isoformat(), mine)


async def _spent(connection: AsyncConnection, day: str, which: ColumnElement[bool]) -> Cost:
    sums = (func.coalesce(func.sum(column), 0) for column in (llm_spending.c.tokens, llm_spending.c.micros))
    row = (await connection.execute(select(*sums).where(llm_spending.c.day == day, which))).one()
    return Cost(*row)


def _more(cost: Cost) -> dict[str, ColumnElement[int]]:
    return {"tokens": llm_spending.c.tokens + cost.tokens, "micros": llm_spending.c.micros + cost.micros}
