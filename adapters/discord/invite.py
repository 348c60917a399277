"""The address that adds the bot to a server."""

from typing import Final

import discord

from bot.errors import ConfigError

# What posting takes and no more: https://discord.com/developers/docs/topics/permissions
PERMISSIONS: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    attach_files=True,
    read_message_history=True,
)


def invite_url(application_id: int) -> str:
    """The address at which somebody who manages a server adds the bot, with the least permissions.

    It is the same with and without the message content intent: that is a switch in the developer portal.
    """
    return discord.utils.oauth_url(application_id, permissions=PERMISSIONS, scopes=("bot", "applications.commands"))


async def application_id(token: str) -> int:
    """The id of the application whose token it is, as Discord says.

    Raises:
        ConfigError: Discord doesn't know the token, or can't be reached.
    """
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token)
        except discord.LoginFailure as error:
            raise ConfigError(NO_SUCH_BOT) from error
        except (discord.HTTPException, OSError) as error:
            raise ConfigError(f"Discord can't be reached: {error}; try again later") from error
        if client.application_id is None:
            raise ConfigError("Discord names no application for this token: copy the bot's token again")
        return client.application_id


NO_SUCH_BOT: Final = (
    "discord.token: Discord doesn't know this token; copy the bot's token again from the Bot page at "
    "https://discord.com/developers/applications"
)
