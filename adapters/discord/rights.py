"""What the bot may do in a channel, by the names that Discord's settings have for it.

Permissions: https://docs.discord.com/developers/topics/permissions
"""

from typing import Final

import discord

_NAMES: Final = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "read_message_history": "Read Message History",
}


def posting(*, thread: bool) -> tuple[str, str]:
    """What a post takes; without the right to attach files or to make threads it comes without map and thread."""
    return ("view_channel", "send_messages_in_threads" if thread else "send_messages")


def missing(held: discord.Permissions, *needed: str) -> list[str]:
    """The names of those permissions that aren't held."""
    return [_NAMES[permission] for permission in needed if not getattr(held, permission)]
