"""An answer as the Discord messages that show it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import discord

from adapters.blocks import Run, Text
from adapters.discord import render
from adapters.discord.pictures import Map, drawn
from adapters.discord.poster import rendered
from adapters.discord.views import NO_PINGS, files, view
from adapters.inert import inert
from adapters.layout import layout
from bot.answers import Answer, Notice, PlaceReport
from bot.desk import Desk
from bot.types import Channel, Digest


@dataclass(frozen=True, slots=True)
class Sheet:
    """One message, not yet sent; what is sent is made anew each time, as sending uses files up."""

    message: render.Message
    maps: Mapping[int, Map] = field(default_factory=dict)
    document: tuple[str, str] | None = None  # name and text of a file to attach

    def send(self) -> dict[str, Any]:
        """Keyword arguments of discord.py's ``send``."""
        return {"view": self._view(), "files": self._files(), "allowed_mentions": NO_PINGS}

    def edit(self) -> dict[str, Any]:
        """Keyword arguments of discord.py's ``edit``: nothing of the earlier message stays."""
        return {"view": self._view(), "attachments": self._files(), "allowed_mentions": NO_PINGS}

    def _view(self) -> discord.ui.LayoutView:
        made = view(self.message, self.maps)
        if self.document:
            made.add_item(discord.ui.File(f"attachment://{self.document[0]}"))
        return made

    def _files(self) -> list[discord.File]:
        attached = files(self.message, self.maps)
        if self.document:
            name, text = self.document
            attached.append(discord.File(BytesIO(text.encode()), name))
        return attached


def told(text: str) -> tuple[Sheet, ...]:
    """The words as messages."""
    lines = tuple((Run(inert(line)),) for line in text.splitlines() or [text])
    return tuple(Sheet(message) for message in render.messages([Text(lines)]))


def _file(name: str, text: str) -> tuple[Sheet, ...]:
    """The text as a file."""
    return tuple(replace(sheet, document=(name, text)) for sheet in told(name))


class Show:
    """Makes messages of answers: keeps what their buttons need, draws their maps."""

    def __init__(self, desk: Desk, zone: ZoneInfo) -> None:
        self._desk = desk
        self._zone = zone

    async def sheets(self, answer: Answer, channel: Channel) -> tuple[Sheet, ...]:
        """The answer whole, in as many messages as it takes, in order."""
        if isinstance(answer, Notice) and answer.file:
            return _file(answer.file, answer.text)
        digest = _digest(answer)
        ident = await self._desk.shown.keep(channel, digest) if digest and digest.briefings else None
        made = await asyncio.to_thread(_rendered, answer, self._zone, ident)  # commands are acknowledged meanwhile
        maps = await drawn(made, digest.briefings, self._desk.answers.map) if digest else {}
        return tuple(Sheet(message, maps) for message in made)


def _rendered(answer: Answer, zone: ZoneInfo, ident: str | None) -> tuple[render.Message, ...]:
    if ident and isinstance(answer, Digest):
        return rendered(answer, zone, ident)
    return render.messages(layout(answer, zone, ident))


def _digest(answer: Answer) -> Digest | None:
    """The digest of an answer that has one."""
    if isinstance(answer, PlaceReport):
        return answer.digest
    return answer if isinstance(answer, Digest) else None
