"""Slash commands, the shortcut 'Brief this', and buttons."""

from collections.abc import Awaitable, Callable
from typing import Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from adapters.blocks import Action
from adapters.slack.ids import ACTION_ID, is_private, parse
from adapters.slack.incoming import Once, Spot, links, of_command, of_press, press_key, typed
from adapters.slack.manifest import SHORTCUT, names
from adapters.slack.naming import full
from adapters.slack.service import Body, Service
from bot.answers import Answer, Choice, Question
from bot.errors import InputError

Opens = Callable[[Body, str], Awaitable[bool]]
"""Whether it has opened a modal for the slash command, given as Slack sent it and as the core reads it: '/digest add'.

None is opened for a command that lacks nothing, nor where Slack takes none: it is answered in words then.
"""

_CHOICES: Final = ("dl:choose:", "dl:menu:")
_MOST_LINKS: Final = 5


class Commands:
    """Each listener acknowledges what Slack sends before anything else, and then has it answered."""

    def __init__(self, service: Service, opens: Opens) -> None:
        self._service = service
        self._opens = opens
        self._once = Once()  # a button may be pressed twice before anything has come of it

    def register(self, app: AsyncApp) -> None:
        """Enters the listeners."""
        for name in names(self._service.prefix):
            app.command(name)(self.command)
        app.shortcut({"type": "message_action", "callback_id": SHORTCUT})(self.shortcut)
        app.action(ACTION_ID)(self.press)

    async def command(self, ack: AsyncAck, body: Body) -> None:
        """A slash command: ``/digest add 07:30``. ``help`` is a word after any of them: Slack keeps ``/help``."""
        await ack()
        spot = of_command(body)
        word = str(body["command"]).removeprefix("/").removeprefix(self._service.prefix)
        text = full(word, typed(body.get("text") or ""))
        if not await self._opens(body, text):
            await self._service.replies.give(spot, lambda: self._service.answer(spot, text))

    async def shortcut(self, ack: AsyncAck, body: Body) -> None:
        """'Brief this' on a message: the article that it links to, for the person alone."""
        await ack()
        spot, found = of_press(body), links(body.get("message") or {})
        await self._service.replies.give(spot, lambda: self._brief(spot, found), private=True)

    async def press(self, ack: AsyncAck, body: Body) -> None:
        """A button, or an entry of a menu. The answer to a choice takes the place of its question."""
        await ack()
        spot, action, name = of_press(body), body["actions"][0], press_key(body)
        chooses = str(action["action_id"]).startswith(_CHOICES)

        async def answer() -> Answer:
            pressed = parse(action)
            if pressed.action is Action.CHOOSE:
                return await self._service.choose(spot, pressed.ident)
            return await self._service.press(spot, pressed)

        if self._once.first(name):
            private = not chooses or is_private(action)
            made = await self._service.replies.give(spot, answer, private=private, instead=chooses)
            if made is None or not chooses:
                self._once.forget(name)  # a question that is answered is gone; all else may be pressed again

    async def _brief(self, spot: Spot, found: tuple[str, ...]) -> Answer:
        if not found:
            raise InputError("This message has no link to brief: choose one with the address of an article")
        if len(found) == 1:
            return await self._service.perform(spot, "brief", {"about": found[0]})
        rest = f" These are {_MOST_LINKS} of {len(found)}: /brief takes the others." if len(found) > _MOST_LINKS else ""
        choices = tuple(Choice(url, f"/brief {url}") for url in found[:_MOST_LINKS])
        asked = Question(f"Which of its links?{rest}", choices)
        return await self._service.desk.choices.offer(spot.channel.tenant, asked)
