"""What a reader of a Discord message sees: the words, the buttons and the pictures of its components."""

from collections.abc import Iterator
from typing import Any

import discord
from simcord import ChannelHandle, Env


def components(message: discord.Message) -> Iterator[Any]:
    """The message's components with those nested in them, in their order."""
    yield from _walk(message.components)


def words(message: discord.Message) -> str:
    """All that is written in the message, as Markdown; each text display on lines of its own."""
    texts = [part.content for part in components(message) if isinstance(part, discord.TextDisplay)]
    return "\n".join([message.content, *texts] if message.content else texts)


def buttons(message: discord.Message) -> dict[str, str]:
    """The custom ids of the message's buttons by their labels."""
    found = [part for part in components(message) if isinstance(part, discord.Button)]
    return {part.label or "": part.custom_id or "" for part in found}


def menus(message: discord.Message) -> list[discord.SelectMenu]:
    """The message's menus."""
    return [part for part in components(message) if isinstance(part, discord.SelectMenu)]


def pictures(message: discord.Message) -> list[tuple[str, str]]:
    """File name and alternative text of each picture that the message shows."""
    galleries = [part for part in components(message) if isinstance(part, discord.MediaGalleryComponent)]
    items = [item for gallery in galleries for item in gallery.items]
    return [(item.media.url.rsplit("/", 1)[-1], item.description or "") for item in items]


def posts(channel: ChannelHandle) -> list[discord.Message]:
    """The messages that were written in the channel, oldest first; not what Discord says there itself."""
    return [message for message in channel.history() if not message.is_system()]


def requests(env: Env, method: str, path: str) -> list[Any]:
    """The bodies of the bot's calls of that kind; ``path`` is how the path ends."""
    return [call.json for call in env.http_requests if call.method == method and call.path.endswith(path)]


def _walk(parts: Any) -> Iterator[Any]:
    for part in parts:
        yield part
        yield from _walk(getattr(part, "children", ()))
