"""The maps that messages show, drawn."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from adapters.blocks import Picture
from adapters.discord.render import Message
from bot.maps import alt_text
from bot.types import Briefing, BriefingPlace

Draw = Callable[[Briefing], Awaitable[bytes | None]]
"""A briefing's map as PNG, or None where none of its places is located: ``desk.answers.map``."""


@dataclass(frozen=True, slots=True)
class Map:
    """The picture of a briefing's places."""

    png: bytes
    alt: str  # what it shows, for those who can't see it


async def drawn(messages: Iterable[Message], briefings: Sequence[Briefing], draw: Draw) -> dict[int, Map]:
    """The maps that the messages show, by their briefings' numbers, each drawn once; none where no place is located."""
    parts = [part for message in messages for part in message.parts]
    maps: dict[int, Map] = {}
    for number in {part.briefing: None for part in parts if isinstance(part, Picture)}:
        png = await draw(briefings[number])
        if png is not None:
            maps[number] = Map(png, await asyncio.to_thread(_alt, briefings[number].places))
    return maps


@lru_cache(maxsize=64)  # a digest goes to many channels at the same minute
def _alt(places: tuple[BriefingPlace, ...]) -> str:
    return alt_text(places)
