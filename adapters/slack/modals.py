"""Modals: commands filled in as forms.

A form opens at once, since Slack lets it for three seconds, and what is wrong in it is said at the field. What changes
something is answered in the modal; what asks for news, in the channel.
"""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError

from adapters.inert import inert
from adapters.slack import fields, forms
from adapters.slack.faults import EXPECTED, code
from adapters.slack.forms import CHOICE, Asked
from adapters.slack.incoming import PLATFORM, Spot, of_command, team
from adapters.slack.naming import typed_here
from adapters.slack.people import NOBODY, Person
from adapters.slack.replies import words
from adapters.slack.service import Body, Service
from adapters.slack.suggestions import Suggestions
from bot import commands
from bot.answers import Answer, Notice, Question
from bot.commands import COMMANDS, Command, Kind, named
from bot.commands.digests import EVERYTHING
from bot.commands.phrases import DAYS
from bot.errors import DatelineError, NotAllowed, NotFound
from bot.schedule import shown, zone
from bot.types import Channel

log: Final = structlog.get_logger()

Changed = Callable[[str, str], Awaitable[None]]
"""Called with the workspace and the person who has changed something in it."""

KNOWN_IN: Final = 1.5  # seconds that a form waits for Slack to say who opens it: it must be open within three
DONE_IN: Final = 2.0  # seconds that a form waits for what comes of it: it must be acknowledged within three
SHOWN_AFTER: Final = (0.1, 0.3, 1.0)  # seconds after which Slack is given again what a form waits for
_WAIT: Final = "This takes a moment. What comes of it is shown here."
_FORMS: Final = frozenset({"brief"})  # commands that lack nothing, and have a form all the same
_NO_FORMS: Final = frozenset({"digest edit"})  # has one for a digest that is named
_EDIT: Final = re.compile(r"/digest edit (\w+)", re.IGNORECASE)


class Modals:
    """Opens forms, and has what is filled in done."""

    def __init__(self, service: Service, suggestions: Suggestions, changed: Changed) -> None:
        self._service = service
        self._suggestions = suggestions
        self._changed = changed

    def register(self, app: AsyncApp) -> None:
        """Enters the listeners."""
        app.view(re.compile(f"^({fields.ACTION}|{CHOICE}$)"))(self.submitted)
        self._suggestions.register(app)

    async def opens(self, body: Body, text: str) -> bool:
        """Whether the slash command has been dealt with by a form, or by saying why there is none.

        There is none for a command that lacks nothing, nor where Slack takes none: it is answered in words then.
        """
        spot, trigger, edited = of_command(body), str(body["trigger_id"]), _EDIT.fullmatch(text)
        try:
            if edited:
                await self.edit(spot, trigger, edited[1], spot.url)
            elif command := wanted(text):
                await self.open(spot, trigger, Asked(command.name, spot.channel.id, spot.url))
            else:
                return False
        except EXPECTED as error:
            log.warning("a form can't be opened", command=text, error=str(error))
            return False
        except Exception as fault:  # noqa: BLE001 (told in words, and logged where it was not expected)
            await self._service.replies.tell(spot, words(fault))
        return True

    async def open(
        self, spot: Spot, trigger: str, asked: Asked, values: Mapping[str, str] | None = None, lead: str = ""
    ) -> None:
        """Opens the form. ``values`` are what stands in its fields, ``lead`` what it begins with.

        Raises:
            NotAllowed: the person may not do that here.
            EXPECTED: Slack doesn't take it, or can't be reached.
        """
        command = named(asked.command)
        zones = [one.name for one in command.options if one.kind is Kind.ZONE]
        person = await self._known(spot) if command.manages or zones else None
        if person is not None and not own(spot.channel, command):
            commands.require(self._service.desk, command, self._service.desk.may_manage(person.manages, person.roles))
        preset = dict.fromkeys(zones, self._zone(person))
        client, prefix = await self._service.clients(spot.team), self._service.prefix
        view = forms.form(command, asked, preset | dict(values or {}), lead, prefix)
        await client.views_open(trigger_id=trigger, view=view)

    async def edit(self, spot: Spot, trigger: str, ident: str, url: str | None = None) -> None:
        """Opens the form of the digest as it is. Raises NotFound, and as ``open`` does."""
        held = await self._service.desk.digests.find(spot.channel, ident)
        days = ",".join(DAYS[day] for day in held.days)
        values = {"time": shown(held.at), "days": days, "zone": held.zone, "topic": held.topic or ""}
        where = Channel.of(held.channel)
        if where.id.startswith("D") and where != spot.channel and held.created_by != spot.person:
            raise NotFound(f"no digest {ident!r} here: /digest list shows those that there are")
        asked = Asked("digest edit", where.id, url, {"id": ident})
        await self.open(replace(spot, channel=where), trigger, asked, values, f"Digest {ident}")

    async def say(self, spot: Spot, trigger: str, text: str) -> None:
        """Says something to who has pressed a button where there is no channel to say it in."""
        client = await self._service.clients(spot.team)
        try:
            await client.views_open(trigger_id=trigger, view=forms.said(self._here(text), "That isn't possible"))
        except EXPECTED as error:
            log.warning("a person can't be told", text=text, error=str(error))

    async def submitted(self, ack: AsyncAck, body: Body) -> None:
        """A form that was filled in, or the answer to what was asked back."""
        view = body["view"]
        asked, state = Asked.of(view), view["state"]["values"]
        channel = Channel(PLATFORM, team(body), fields.channel(state) or asked.channel or str(body["user"]["id"]))
        spot = Spot(channel, str(body["user"]["id"]), url=asked.url)
        command = named(asked.command)
        if view["callback_id"] == CHOICE:
            ident = str(state[CHOICE][CHOICE]["selected_option"]["value"])
            await self._change(ack, view, spot, lambda: self._service.choose(spot, ident))
            return
        given, half = await self._given(command, asked, state, spot.channel), fields.halves(command, state)
        whole = {name: text for name, text in given.items() if fields.block_of(name, list(half)) is None}
        if wrong := self._faults(command, whole, view) | half | _misplaced(state):
            await ack(response_action="errors", errors=wrong)
        elif command.manages:
            await self._change(ack, view, spot, lambda: self._service.perform(spot, command.name, given))
        else:
            await ack()
            await self._service.replies.give(spot, lambda: self._service.perform(spot, command.name, given))

    # --- what a form comes to

    async def _given(self, command: Command, asked: Asked, state: fields.State, channel: Channel) -> dict[str, str]:
        """The options' texts, those that were given before among them."""
        filled = fields.filled(command, state)
        if command.name == "digest edit":
            filled = {"topic": EVERYTHING} | filled  # an empty field says so, as an option that isn't given can't
        return dict(asked.given) | await self._suggestions.meant(command.name, filled, channel)

    def _faults(self, command: Command, given: Mapping[str, str], view: Mapping[str, Any]) -> dict[str, str]:
        """What is wrong, in the core's words, by the block in which it is filled in."""
        desk, blocks = self._service.desk, forms.inputs(view)
        found = commands.faults(command, given, desk.clock(), zone(desk.zone))
        placed = {fields.block_of(name, blocks): inert(self._here(text)) for name, text in found.items()}
        return {block: text for block, text in placed.items() if block is not None}

    async def _change(
        self, ack: AsyncAck, view: Mapping[str, Any], spot: Spot, do: Callable[[], Awaitable[Answer]]
    ) -> None:
        """Has it done, and says in the modal what came of it: at once, or as soon as that is known."""
        work = asyncio.ensure_future(self._outcome(view, spot, do))
        done, _ = await asyncio.wait({work}, timeout=DONE_IN)
        if done:
            await ack(**work.result())
        else:
            waiting = secrets.token_hex(8)
            await ack(response_action="update", view=forms.said(_WAIT, "Please wait") | {"external_id": waiting})
            await self._shown_late(waiting, spot, await work)
        await self._changed(spot.team, spot.person)

    async def _outcome(
        self, view: Mapping[str, Any], spot: Spot, do: Callable[[], Awaitable[Answer]]
    ) -> dict[str, Any]:
        """What Slack is answered: https://docs.slack.dev/surfaces/modals/#displaying_errors, .../#updating_response."""
        try:
            made = await do()
        except Exception as fault:  # noqa: BLE001 (told in words, and logged where it was not expected)
            return _refused(self._here(words(fault)), isinstance(fault, NotAllowed), forms.inputs(view))
        return {"response_action": "update", "view": self._answered(made, view, spot)}

    def _answered(self, made: Answer, view: Mapping[str, Any], spot: Spot) -> dict[str, Any]:
        match made:
            case Question() if any(choice.id for choice in made.choices):
                return forms.question(replace(Asked.of(view), channel=spot.channel.id), made)
            case Question() | Notice():
                return forms.said(self._here(made.text))
            case _:
                raise TypeError(f"a command that changes something answers with a {type(made).__name__}")

    async def _shown_late(self, waiting: str, spot: Spot, outcome: Mapping[str, Any]) -> None:
        """Shows what was not known in time in the modal that waits for it, or to the person where it has been closed.

        Slack may get it before it has got that modal: then there is none yet, and it is tried again.
        """
        late = outcome.get("view") or forms.said("\n".join(outcome["errors"].values()), "That isn't possible")
        client = await self._service.clients(spot.team)
        for wait in (*SHOWN_AFTER, None):
            try:
                await client.views_update(external_id=waiting, view=late)
            except EXPECTED as error:
                if wait is None or not isinstance(error, SlackApiError) or code(error) != "not_found":
                    await self._service.replies.tell(spot, _words_of(late))
                    return
                await asyncio.sleep(wait)
            else:
                return

    # --- who opens it

    async def _known(self, spot: Spot) -> Person | None:
        """Who opens the form; None where Slack takes too long to say so: rights are looked at when it is sent, too."""
        try:
            async with asyncio.timeout(KNOWN_IN):
                return await self._service.person(spot)
        except TimeoutError:
            log.warning("Slack takes long to say who somebody is", team=spot.team, user=spot.person)
            return None

    def _here(self, text: str) -> str:
        """The core's words, with commands called as in this Slack."""
        return typed_here(text, self._service.prefix)

    def _zone(self, person: Person | None) -> str:
        """The person's own time zone; the configured one where Slack knows none, or one that isn't known here."""
        name = (person or NOBODY).zone or self._service.desk.zone
        try:
            return zone(name).key
        except DatelineError:
            return self._service.desk.zone


def wanted(text: str) -> Command | None:
    """The command that was typed without anything of what it needs, so that a form asks for it; None: it needs none."""
    name = text.strip().removeprefix("/").lower()
    command = next((one for one in COMMANDS if one.name == name), None)
    lacks = (
        command is not None
        and name not in _NO_FORMS
        and (name in _FORMS or any(one.required for one in command.options))
    )
    return command if lacks else None


def own(channel: Channel, command: Command) -> bool:
    """Whether it is about what is posted in a conversation between the bot and one person, where that person may."""
    return channel.id.startswith("D") and command.name.split()[0] in {"digest", "watch"}


def _misplaced(state: fields.State) -> dict[str, str]:
    """Nobody chooses for others what is posted to them alone; Slack's own menu doesn't offer it."""
    chosen = fields.channel(state) or ""
    return {fields.CHANNEL: "Choose a channel: this is somebody's own conversation"} if chosen[:1] == "D" else {}


def _refused(text: str, not_there: bool, blocks: list[str]) -> dict[str, Any]:
    """The words at their field, that of the channel if ``not_there``; in place of a form that has none."""
    if not blocks:
        return {"response_action": "update", "view": forms.said(text, "That isn't possible")}
    main = next((one for one in blocks if one != fields.CHANNEL), blocks[0])
    block = fields.CHANNEL if not_there and fields.CHANNEL in blocks else main
    return {"response_action": "errors", "errors": {block: inert(text)}}


def _words_of(view: Mapping[str, Any]) -> str:
    """What the modal says and asks."""
    texts = [block.get("text") or block.get("label") for block in view["blocks"]]
    return "\n".join(one["text"] for one in texts if one)
