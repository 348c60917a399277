"""What people were shown, so that its buttons can be pressed later, also after a restart."""

import hashlib
from dataclasses import replace
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from bot.errors import NotFound
from bot.store.database import Database
from bot.store.schema import shown
from bot.store.values import DIGEST, digest_of
from bot.types import Digest

Quoted = tuple[str, str]
"""An article's id, and some of its words."""

Quotes = tuple[tuple[tuple[Quoted, ...], ...], ...]
"""For each briefing of a digest, for each of its points: the words that support it."""

_QUOTES: Final = TypeAdapter(Quotes)


def shown_id(workspace: str, digest: Digest) -> str:
    """The id under which the workspace's digest is kept, whatever part of it is posted: 16 hexadecimal digits."""
    body = DIGEST.dump_json(replace(digest, part=0, parts=1))
    return hashlib.sha256(workspace.encode() + b"\0" + body).hexdigest()[:16]


class Shown(Database):
    """Digests that were shown, with the words that their points rested on then."""

    async def keep_shown(self, workspace: str, digest: Digest, quotes: Quotes) -> str:
        """The id under which the digest is kept."""
        ident = shown_id(workspace, digest)
        body, words = DIGEST.dump_json(digest).decode(), _QUOTES.dump_json(quotes).decode()
        row = insert(shown).values(id=ident, workspace=workspace, digest=body, quotes=words, shown=self._clock())
        async with self._writing() as connection:
            await connection.execute(row.on_conflict_do_nothing())
        return ident

    async def is_shown(self, ident: str) -> bool:
        """Whether a digest is kept under the id."""
        async with self._reading() as connection:
            return (await connection.execute(select(shown.c.id).where(shown.c.id == ident))).first() is not None

    async def shown(self, workspace: str, ident: str) -> tuple[Digest, Quotes]:
        """The digest that the workspace was shown under the id, and what its points rest on. Raises NotFound."""
        query = select(shown.c.digest, shown.c.quotes).where(shown.c.workspace == workspace, shown.c.id == ident)
        async with self._reading() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            raise NotFound("This post is too old for its buttons: ask again")
        return digest_of(row.digest, ident), _QUOTES.validate_json(row.quotes)
