"""What is done with each thing that comes from Discord: commands, completion, buttons and the menu entry."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import discord
import structlog

from adapters.blocks import Action
from adapters.discord import elsewhere, ids, interactions
from adapters.discord.asker import manages, roles
from adapters.discord.commands import FILE, whole
from adapters.discord.elsewhere import Elsewhere
from adapters.discord.ids import Press
from adapters.discord.showing import Sheet, Show, told
from bot import commands
from bot.answers import Notice, Suggestion
from bot.commands import Command, Kind, Option
from bot.desk import Desk
from bot.errors import DatelineError, InputError
from bot.news.encoding import decode
from bot.types import Channel

log: Final = structlog.get_logger()

LINKS: Final = 3  # of a message that are briefed
_PUBLIC: Final = frozenset({"brief", "where", "said", "digest now"})  # answers for the channel
_POSTING: Final = frozenset({"digest add", "digest resume", "watch add", "watch resume"})  # have the bot post there
_FILE_BYTES: Final = 1_000_000
# A bracket ends an address: '[https://a.example](https://b.example)' has two.
_LINK: Final = re.compile(r"https?://[^\s<>|\[\]]+", re.IGNORECASE)
_UNSEEN: Final = "Only you see this: I may not post in this channel, as my role lacks {} here."


class DiscordFront:
    """Answers what Discord brings; an ``adapters.discord.commands.Front``."""

    def __init__(self, desk: Desk, show: Show) -> None:
        self._desk = desk
        self._show = show
        self._met: set[str] = set()

    def may_manage(self, right: bool, person: discord.User | discord.Member) -> bool:
        """Whether the person may manage: by Discord's right, or by a role of the configuration."""
        return self._desk.may_manage(right, roles(person))

    async def meet(self, tenant: str) -> None:
        """Has a server, or a person who writes directly, follow what the configuration shares, once in a run."""
        if tenant not in self._met:
            await self._desk.intake.welcome(tenant)
            self._met.add(tenant)

    async def command(self, interaction: discord.Interaction, command: Command, given: Mapping[str, Any]) -> None:
        """Answers a slash command."""

        async def ask() -> Sequence[Sheet]:
            other = elsewhere.named(given)
            channel = await self._channel(interaction, other)
            if command.name in _POSTING:
                elsewhere.check_posting(interaction, other)
            texts = {name: await self._text(command, name, value, channel) for name, value in _texts(command, given)}
            person, manager = str(interaction.user.id), self._manages(interaction)
            answer = await commands.perform(self._desk, command.name, texts, channel, person, manager=manager)
            answer = elsewhere.said_of(answer, other)
            return await self._show.sheets(answer, channel)

        await self._answer(interaction, ask, public=command.name in _PUBLIC)

    async def completion(
        self, interaction: discord.Interaction, command: Command, option: Option, typed: str
    ) -> list[Suggestion]:
        """What may follow; nothing, with a line in the log, where that can't be said."""
        try:
            channel = elsewhere.being_asked_for(interaction)
            return await commands.complete(self._desk, command.name, option.name, typed, channel)
        except Exception:
            log.exception("completion failed", command=command.name, option=option.name)
            return []

    async def pressed(self, interaction: discord.Interaction, press: Press) -> None:
        """Answers a button or a menu below an earlier post."""

        async def ask() -> Sequence[Sheet]:
            channel, manager = await self._channel(interaction), self._manages(interaction)
            if press.action is Action.CHOOSE:
                person = str(interaction.user.id)
                answer = await commands.choose(self._desk, press.ident, channel, person, manager=manager)
            else:
                if press.action is Action.FOLLOW:
                    elsewhere.check_posting(interaction)
                answer = await commands.press(
                    self._desk, press.action, press.ident, press.briefing, channel, manager=manager
                )
            return await self._show.sheets(answer, channel)

        if press.action is Action.CHOOSE:
            await interactions.replace(interaction, ask)
        else:
            await interactions.answer(interaction, ask, private=True)

    async def message(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Briefs the links of a message; Discord sends the message along, whatever the bot may read otherwise."""
        found = links(message)
        taken = found[:LINKS]

        async def ask() -> Sequence[Sheet]:
            if not found:
                raise InputError("This message has no link to brief, and files aren't read: try it on one with a link")
            channel = await self._channel(interaction)
            sheets = [sheet for link in taken for sheet in await self._briefed(interaction, link, channel, len(taken))]
            if len(found) > LINKS:
                sheets += told(f"These are the first {LINKS} of its {len(found)} links: /brief takes the others.")
            return sheets

        await self._answer(interaction, ask, public=bool(found))

    async def _answer(self, interaction: discord.Interaction, ask: interactions.Ask, *, public: bool) -> None:
        """Answers, for all to see where it is ``public`` and the bot may post; else for the person alone, who is told
        why.
        """
        lacking = elsewhere.closed(interaction) if public else []

        async def explained() -> Sequence[Sheet]:
            return (*told(_UNSEEN.format(" and ".join(lacking))), *await ask())

        await interactions.answer(interaction, explained if lacking else ask, private=not public or bool(lacking))

    async def _briefed(
        self, interaction: discord.Interaction, link: str, channel: Channel, among: int
    ) -> Sequence[Sheet]:
        """The briefing of the link; where it is one of several, or else in words why there is none."""
        person, manager = str(interaction.user.id), self._manages(interaction)
        try:
            answer = await commands.perform(self._desk, "brief", {"about": link}, channel, person, manager=manager)
        except DatelineError as error:
            if among == 1:
                raise
            answer = Notice(str(error))
        return await self._show.sheets(answer, channel)

    async def _channel(self, interaction: discord.Interaction, other: Elsewhere | None = None) -> Channel:
        channel = elsewhere.asked_for(interaction, other)
        await self.meet(channel.tenant)
        return channel

    def _manages(self, interaction: discord.Interaction) -> bool:
        return self.may_manage(manages(interaction), interaction.user)

    async def _text(self, command: Command, name: str, value: Any, channel: Channel) -> str:
        """The option's text: of a file what it holds, of a shortened choice what it stood for."""
        if isinstance(value, discord.Attachment):
            return await _read(value)
        option = next(option for option in command.options if option.name == name)
        if option.kind in {Kind.TEXT, Kind.URL}:
            return str(value)
        return await whole(lambda typed: commands.complete(self._desk, command.name, name, typed, channel), str(value))


def chosen(interaction: discord.Interaction) -> Press | None:
    """What a pressed button or the chosen option of a menu asks for; None: it isn't one of ours."""
    data: Mapping[str, Any] = interaction.data or {}
    values = data.get("values") or [data.get("custom_id", "")]
    return ids.press(values[0])


def links(message: discord.Message) -> list[str]:
    """The addresses in a message, or in what it forwards, each once: in its words, then in its embeds."""
    parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    said = [text for part in parts for text in (part.content, *_shown(part.components))]
    embedded = [text for part in parts for embed in part.embeds for text in _written(embed)]
    return list(dict.fromkeys(_trimmed(link) for text in said + embedded for link in _LINK.findall(text)))


def _shown(components: Iterable[Any]) -> Iterator[str]:
    """The words of a message that is made of components."""
    for part in components:
        if isinstance(part, discord.TextDisplay):
            yield part.content
        yield from _shown(getattr(part, "children", ()))


def _written(embed: discord.Embed) -> Iterator[str]:
    """Where an embed leads, and what it says."""
    yield from (text for text in (embed.url, embed.title, embed.description) if text)
    yield from (field.value for field in embed.fields if field.value)


def _trimmed(link: str) -> str:
    """The address without what a sentence or a masked link puts behind it; brackets that it opens itself stay."""
    while link and (link[-1] in ".,;:!?'\"*_~`" or (link[-1] == ")" and link.count(")") > link.count("("))):
        link = link[:-1]
    return link


def _texts(command: Command, given: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The core's options; a file stands for the document that it is given instead of."""
    document = next((option.name for option in command.options if option.kind is Kind.TEXT), FILE)
    if document != FILE and not given.keys() & {document, FILE}:
        raise InputError(f"Give the {document}: as a file, or an address where it is")
    return [(document if name == FILE else name, value) for name, value in given.items() if name != elsewhere.OPTION]


async def _read(file: discord.Attachment) -> str:
    if file.size > _FILE_BYTES:
        raise InputError(f"{file.filename} is larger than {_FILE_BYTES // 1000} kB: give a shorter list")
    try:
        data = await file.read()
    except discord.HTTPException as error:
        raise InputError(f"{file.filename} can't be had from Discord ({error.status}): attach it again") from error
    return decode(data, file.filename)
