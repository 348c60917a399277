"""Mentions and direct messages: plain words to the bot, answered below them.

Discord gives a bot the words of messages that mention it and of direct messages, whatever its intents:
https://discord.com/developers/docs/events/gateway#message-content-intent
"""

import re
from collections.abc import Sequence
from typing import Final

import discord
import structlog

from adapters.discord.asker import channel_of, missing
from adapters.discord.front import DiscordFront
from adapters.discord.interactions import words
from adapters.discord.showing import Sheet, Show, told
from bot import commands
from bot.desk import Desk

log: Final = structlog.get_logger()


class Mentions:
    """Answers messages to the bot, one at a time for each person."""

    def __init__(self, desk: Desk, show: Show, front: DiscordFront) -> None:
        self._desk = desk
        self._show = show
        self._front = front
        self._busy: set[int] = set()

    async def heard(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Answers the message if it is to the bot."""
        if message.author.bot or message.webhook_id or not _meant(message, me):
            return
        if not _may_answer(message):
            await _tell_why(message)
        elif message.author.id in self._busy:
            await _reply(message, told("I am still at your last question: this one isn't answered, ask it again then."))
        else:
            await self._answer(message, _question(message, me))

    async def _answer(self, message: discord.Message, text: str) -> None:
        self._busy.add(message.author.id)
        try:
            async with message.channel.typing():
                sheets = await self._sheets(message, text)
            await _reply(message, sheets)
        except discord.DiscordException as fault:
            log.warning("a message can't be answered", channel=message.channel.id, error=str(fault))
        finally:
            self._busy.discard(message.author.id)

    async def _sheets(self, message: discord.Message, text: str) -> Sequence[Sheet]:
        guild, author = message.guild, message.author
        channel = channel_of(guild.id if guild else None, message.channel.id, author.id)
        right = guild is None or (isinstance(author, discord.Member) and author.guild_permissions.manage_guild)
        manager = self._front.may_manage(right, author)
        try:
            await self._front.meet(channel.tenant)
            asked = text or "/help"
            answer = await commands.answer(self._desk, asked, channel, str(author.id), manager=manager)
            return await self._show.sheets(answer, channel)
        except Exception as fault:  # noqa: BLE001 (told in words, and logged where it was not expected)
            return told(words(fault))


def _meant(message: discord.Message, me: discord.ClientUser) -> bool:
    """Whether the message is to the bot: direct, with its name in it, or an answer to what it wrote.

    Of an answer that doesn't ping, only a bot with the message content intent is given the words.
    """
    if message.guild is None or _named(me).search(message.content):
        return True
    answered = message.reference.resolved if message.reference else None
    return isinstance(answered, discord.Message) and answered.author.id == me.id and bool(message.content.strip())


def _question(message: discord.Message, me: discord.ClientUser) -> str:
    return " ".join(_named(me).sub(" ", message.content).split())


def _named(me: discord.ClientUser) -> re.Pattern[str]:
    return re.compile(rf"<@!?{me.id}>")


def _may_answer(message: discord.Message) -> bool:
    return not _lacking(message)


def _lacking(message: discord.Message) -> list[str]:
    """The permissions that the bot lacks for answering in the channel."""
    if message.guild is None or isinstance(message.channel, discord.DMChannel | discord.PartialMessageable):
        return []
    held = message.channel.permissions_for(message.guild.me)
    return missing(held, thread=isinstance(message.channel, discord.Thread))


async def _tell_why(message: discord.Message) -> None:
    """Tells the person alone that the bot may not write where it was asked."""
    lacking = ", ".join(_lacking(message))
    where = f"#{message.channel}" if message.guild else "there"
    try:
        for sheet in told(f"I may not answer in {where}: my role lacks {lacking} there. Commands with a slash work."):
            await message.author.send(**sheet.send())
    except discord.HTTPException as fault:
        log.warning("nobody can be told that a channel is closed", channel=message.channel.id, error=str(fault))


async def _reply(message: discord.Message, sheets: Sequence[Sheet]) -> None:
    """The first message answers the person's, without a ping; the others follow it."""
    for number, sheet in enumerate(sheets):
        if number:
            await message.channel.send(**sheet.send())
        else:
            await message.reply(mention_author=False, **sheet.send())
