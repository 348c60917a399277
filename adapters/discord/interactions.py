"""Answering an interaction: acknowledged at once, filled in when the answer is there; errors are told privately.

Discord waits three seconds for the acknowledgement and takes answers for fifteen minutes:
https://discord.com/developers/docs/interactions/receiving-and-responding
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import discord
import structlog

from adapters.discord.faults import BROKEN
from adapters.discord.showing import Sheet, told
from bot.errors import DatelineError

log: Final = structlog.get_logger()

_ACKNOWLEDGED: Final = 40060  # https://discord.com/developers/docs/topics/opcodes-and-status-codes#json

Ask = Callable[[], Awaitable[Sequence[Sheet]]]
"""Gives what is to be sent; raises DatelineError for what the person has to be told."""


def words(fault: Exception) -> str:
    """What to tell a person of a fault: an expected one says it itself, another is logged under an id."""
    if isinstance(fault, DatelineError):
        return str(fault)
    ident = secrets.token_hex(4)
    log.error("an answer failed in a way that was not expected", id=ident, exc_info=fault)
    return f"Something went wrong (id {ident}). Whoever runs this bot finds it in its log under that id."


async def answer(interaction: discord.Interaction, ask: Ask, *, private: bool) -> None:
    """Answers in a message of its own, for the person alone where it is ``private``; an error always is."""
    if await _acknowledged(interaction, private=private, thinking=True):
        sheets = await _asked(interaction, ask, placeholder=not private)
        await _send(interaction, sheets, private=private, placeholder=True)


async def replace(interaction: discord.Interaction, ask: Ask) -> None:
    """Answers in the place of the message whose button was pressed, so that pressing twice changes nothing."""
    private = interaction.message is not None and interaction.message.flags.ephemeral
    if not await _acknowledged(interaction, private=private, thinking=False):
        return
    sheets = await _asked(interaction, ask, placeholder=False)
    if sheets:
        try:
            await interaction.edit_original_response(**sheets[0].edit())
        except (discord.DiscordException, *BROKEN) as fault:
            await _refuse(interaction, words(fault))
        else:
            await _send(interaction, sheets[1:], private=private)


async def _acknowledged(interaction: discord.Interaction, *, private: bool, thinking: bool) -> bool:
    """Whether Discord has the acknowledgement; it takes none that comes too late, and no answer then.

    A connection that breaks is tried once more: Discord may have it already, and says so.
    """
    for _ in range(2):
        try:
            await interaction.response.defer(ephemeral=private, thinking=thinking)
        except BROKEN as fault:
            log.warning("acknowledging an interaction failed", interaction=interaction.id, error=str(fault))
        except discord.HTTPException as fault:
            if fault.code != _ACKNOWLEDGED:
                log.warning("Discord takes no answer any more", interaction=interaction.id, error=str(fault))
            return fault.code == _ACKNOWLEDGED
        else:
            return True
    return False


async def _asked(interaction: discord.Interaction, ask: Ask, *, placeholder: bool) -> Sequence[Sheet]:
    """What is to be sent; nothing where the person has been told instead why there is no answer."""
    try:
        return await ask()
    except Exception as fault:  # noqa: BLE001 (told in words, and logged where it was not expected)
        if placeholder and not interaction.is_expired():
            await _forgiving(_cleared(interaction))
        await _refuse(interaction, words(fault))
        return ()


async def _send(
    interaction: discord.Interaction, sheets: Sequence[Sheet], *, private: bool, placeholder: bool = False
) -> None:
    """Sends them in order; the first fills the placeholder in, if there is one."""
    try:
        for number, sheet in enumerate(sheets):
            try:
                await _followed_up(interaction, sheet, private=private)
            except BROKEN:
                if number or not placeholder:
                    raise  # it may have arrived, and would come twice
                await interaction.edit_original_response(**sheet.edit())  # the same, whether it had arrived or not
    except (discord.DiscordException, *BROKEN) as fault:
        await _refuse(interaction, words(fault))


async def _cleared(interaction: discord.Interaction) -> None:
    """Takes the public placeholder away, so that what follows can be private.

    The first answer after an acknowledgement fills the placeholder in, with its visibility: so that comes first.
    """
    await interaction.edit_original_response(**told("…")[0].edit())
    await interaction.delete_original_response()


async def _refuse(interaction: discord.Interaction, text: str) -> None:
    for sheet in told(text):
        await _forgiving(_followed_up(interaction, sheet, private=True))


async def _followed_up(interaction: discord.Interaction, sheet: Sheet, *, private: bool) -> None:
    """Sends it under the interaction; later than Discord allows, to the channel, or to the person alone."""
    if not interaction.is_expired():
        await interaction.followup.send(ephemeral=private, wait=True, **sheet.send())
    elif private or not isinstance(interaction.channel, discord.abc.Messageable):
        await interaction.user.send(**sheet.send())
    else:
        await interaction.channel.send(**sheet.send())


async def _forgiving(sending: Awaitable[None]) -> None:
    """Awaits it; that Discord refuses even this is logged, as there is nobody left to tell."""
    try:
        await sending
    except (discord.DiscordException, *BROKEN) as fault:
        log.warning("Discord took no answer", error=str(fault))
