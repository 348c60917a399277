"""Mentions and direct messages: plain words to the bot, answered below them.

Discord gives a bot the words of messages that mention it and of direct messages, whatever its intents:
https://discord.com/developers/docs/events/gateway#message-content-intent
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import discord
import structlog

from adapters.discord.asker import channel_of
from adapters.discord.faults import BROKEN
from adapters.discord.front import DiscordFront
from adapters.discord.interactions import words
from adapters.discord.rights import missing, posting
from adapters.discord.rooms import allowed
from adapters.discord.showing import Sheet, Show, told
from adapters.inert import inert
from bot import commands
from bot.answers import Notice
from bot.desk import Desk

log: Final = structlog.get_logger()

_NOT_FOR_ALL: Final = "This is for you alone: pick the command from the list that appears when you type a slash."


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
        if _lacking(message):
            await _tell_why(message)
        elif message.author.id in self._busy:
            await _reply(message, told("I am still at your last question: this one isn't answered, ask it again then."))
        elif _role_alone(message):
            await _reply(message, told(f"That was my role's name: write @{me.name}, then Discord gives me your words."))
        else:
            await self._answer(message, _question(message, me))

    async def _answer(self, message: discord.Message, text: str) -> None:
        self._busy.add(message.author.id)
        try:
            async with message.channel.typing():
                sheets = await self._sheets(message, text)
            await _reply(message, sheets)
        except (discord.DiscordException, *BROKEN) as fault:
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
            if guild and isinstance(answer, Notice) and answer.file:
                return told(_NOT_FOR_ALL)  # addresses may hold keys
            return await self._show.sheets(answer, channel)
        except Exception as fault:  # noqa: BLE001 (told in words, and logged where it was not expected)
            return told(words(fault))


def _meant(message: discord.Message, me: discord.ClientUser) -> bool:
    """Whether the message is to the bot: direct, with its name in it, or an answer to what it wrote.

    Of an answer that doesn't ping, only a bot with the message content intent is given the words.
    """
    if message.guild is None or _named(message, me).search(message.content) or _role_alone(message):
        return True
    answered = message.reference.resolved if message.reference else None
    return isinstance(answered, discord.Message) and answered.author.id == me.id and bool(message.content.strip())


def _role_alone(message: discord.Message) -> bool:
    """Whether the message names the bot's role, and Discord keeps its words back, as it does not for the bot's name."""
    return not message.content and message.guild is not None and message.guild.self_role in message.role_mentions


def _question(message: discord.Message, me: discord.ClientUser) -> str:
    return inert(_named(message, me).sub(" ", message.content))


def _named(message: discord.Message, me: discord.ClientUser) -> re.Pattern[str]:
    """The bot's name in a message's words, or its role's, which is offered beside it under the same name."""
    role = message.guild.self_role if message.guild else None
    return re.compile(rf"<@!?{me.id}>|<@&{role.id}>" if role else rf"<@!?{me.id}>")


def _held(message: discord.Message) -> discord.Permissions:
    """What the bot may do where the message is; everything, where that isn't known."""
    where = message.channel
    if isinstance(where, discord.DMChannel | discord.GroupChannel | discord.PartialMessageable):
        return discord.Permissions.all()
    return allowed(where)


def _lacking(message: discord.Message) -> list[str]:
    """The permissions that the bot lacks for answering in the channel."""
    return missing(_held(message), *posting(thread=isinstance(message.channel, discord.Thread)))


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
    """The first message answers the person's, without a ping; the others follow it.

    An answer takes Read Message History: without it the first follows, too, and without Attach Files the maps stay out.
    """
    held = _held(message)
    for number, sheet in enumerate(sheets):
        given = (sheet if held.attach_files else replace(sheet, maps={})).send()
        if number or not held.read_message_history:
            await message.channel.send(**given)
        else:
            await message.reply(mention_author=False, **given)
