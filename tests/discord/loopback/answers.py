"""The endpoints that answer interactions: the callback, and the webhook of each interaction's token.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from tests.discord.loopback.checks import check
from tests.discord.loopback.people import TOKEN_SECONDS, Interaction, People
from tests.discord.loopback.refusals import Json, Refusal, unknown
from tests.discord.loopback.requests import Call
from tests.discord.loopback.world import EPHEMERAL, LOADING, World

MESSAGE, THINKING, SILENT, UPDATE, COMPLETED, FORM = 4, 5, 6, 7, 8, 9


class Answers:
    """Handlers of the endpoints."""

    def __init__(self, world: World, people: People) -> None:
        self._world = world
        self._people = people

    def acknowledge(self, call: Call) -> Json | None:
        """The first answer."""
        interaction = self._people.interactions.get(call.names["token"])
        if interaction is None or interaction.id != call.names["interaction"]:
            raise unknown("interaction", 10062)
        data: Json = call.body.get("data") or {}
        if call.body["type"] in (MESSAGE, UPDATE):
            check(data, len(call.files))
        interaction.acknowledge(self._world.clock(), call.body)
        made = self._begin(interaction, call)
        if call.query.get("with_response", "").lower() not in ("1", "true"):
            return None
        return _response(interaction, call.body["type"], made)

    def _begin(self, interaction: Interaction, call: Call) -> Json | None:
        data: Json = call.body.get("data") or {}
        match call.body["type"]:
            case 4:
                return self._say(interaction, data, call)
            case 5:
                return self._say(interaction, {"flags": data.get("flags", 0) | LOADING}, call)
            case 7 if interaction.message:
                interaction.original = int(interaction.message["id"])
                interaction.messages[interaction.original] = interaction.message
                return self._change(interaction, interaction.message, data, call)
            case 6 if interaction.message:
                interaction.original = int(interaction.message["id"])
                interaction.messages[interaction.original] = interaction.message
        return None

    def follow(self, call: Call) -> Json:
        """A further answer; the first after 'thinking' takes its place, as that was shown or private."""
        interaction = self._of(call)
        check(call.body, len(call.files))
        if interaction.thinking:
            return self._change(interaction, self._original(interaction), call.body, call)
        return self._say(interaction, call.body, call)

    def show(self, call: Call) -> Json:
        """An answer as it is now."""
        return self._message(self._of(call), call)

    def edit(self, call: Call) -> Json:
        """An answer changed."""
        interaction = self._of(call)
        message = self._message(interaction, call)
        check({"flags": message["flags"]} | call.body, len(call.files))
        return self._change(interaction, message, call.body, call)

    def delete(self, call: Call) -> None:
        """An answer taken back."""
        interaction = self._of(call)
        ident = int(self._message(interaction, call)["id"])
        del interaction.messages[ident]
        interaction.channel.messages.pop(ident, None)

    def _of(self, call: Call) -> Interaction:
        interaction = self._people.interactions.get(call.names["token"])
        if interaction is None or interaction.response is None:
            raise unknown("Webhook", 10015)
        if self._world.clock() - interaction.sent > TOKEN_SECONDS:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        return interaction

    def _original(self, interaction: Interaction) -> Json:
        if interaction.original not in interaction.messages:
            raise unknown("Message", 10008)
        return interaction.messages[interaction.original or 0]

    def _message(self, interaction: Interaction, call: Call) -> Json:
        if call.names["message"] == "@original":
            return self._original(interaction)
        if int(call.names["message"]) not in interaction.messages:
            raise unknown("Message", 10008)
        return interaction.messages[int(call.names["message"])]

    def _say(self, interaction: Interaction, body: Json, call: Call) -> Json:
        files = call.uploads(self._world, interaction.channel)
        message = self._world.message(interaction.channel, self._world.bot, body, files)
        message |= {"webhook_id": str(self._world.bot.id), "application_id": str(self._world.bot.id)}
        ident = int(message["id"])
        interaction.messages[ident] = message
        interaction.original = interaction.original or ident
        if not message["flags"] & EPHEMERAL:
            interaction.channel.messages[ident] = message
        return message

    def _change(self, interaction: Interaction, message: Json, body: Json, call: Call) -> Json:
        was = message["flags"]
        files = call.uploads(self._world, interaction.channel)
        made = self._world.message(interaction.channel, self._world.bot, body, files)
        message |= {name: made[name] for name in ("content", "components", "embeds") if name in body}
        if files or "attachments" in body:
            message["attachments"] = files
        message["flags"] = (was | body.get("flags", 0) & ~EPHEMERAL) & ~LOADING  # it stays as private as it was
        message["edited_timestamp"] = made["timestamp"]
        return message


def _response(interaction: Interaction, kind: int, message: Json | None) -> Json:
    shown: Json = {"id": interaction.id, "type": interaction.payload["type"]}
    resource: Json = {"type": kind}
    if message:
        flags = message["flags"]
        shown |= {"response_message_id": message["id"], "response_message_loading": bool(flags & LOADING)}
        shown["response_message_ephemeral"] = bool(flags & EPHEMERAL)
        resource["message"] = message
    return {"interaction": shown, "resource": resource}
