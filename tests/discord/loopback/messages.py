"""The endpoints of channels: messages, threads, direct messages.

https://docs.discord.com/developers/resources/message and .../resources/channel
"""

from tests.discord.loopback.checks import check
from tests.discord.loopback.refusals import Json, Refusal, unknown
from tests.discord.loopback.requests import Call
from tests.discord.loopback.world import HAS_THREAD, Channel, Kind, World


class Messages:
    """Handlers of the endpoints. ``made`` gathers messages and threads that the gateway has to tell of."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.made: list[tuple[str, Channel, Json]] = []

    def create(self, call: Call) -> Json:
        """Create Message."""
        channel = self._world.find_channel(call.names["channel"])
        check(call.body, len(call.files))
        reference = call.body.get("message_reference")
        if reference and reference.get("fail_if_not_exists", True):
            self._world.find_message(channel, reference["message_id"])
        message, new = self._world.post(channel, call.body, call.uploads(self._world, channel))
        if new:
            self.made.append(("MESSAGE_CREATE", channel, message))
        return message

    def edit(self, call: Call) -> Json:
        """Edit Message."""
        channel = self._world.find_channel(call.names["channel"])
        message = self._world.find_message(channel, call.names["message"])
        if message["author"]["id"] != str(self._world.bot.id):
            raise Refusal(403, 50005, "Cannot edit a message authored by another user")
        check({"flags": message["flags"]} | call.body, len(call.files))
        files = call.uploads(self._world, channel)
        kept = [one for one in message["attachments"] if one["id"] in _kept(call.body, message)]
        made = self._world.message(channel, self._world.bot, call.body, kept + files)
        message |= {name: made[name] for name in ("content", "components", "embeds") if name in call.body}
        message |= {"attachments": kept + files, "edited_timestamp": made["timestamp"]}
        message["flags"] |= call.body.get("flags") or 0
        return message

    def delete(self, call: Call) -> None:
        """Delete Message."""
        channel = self._world.find_channel(call.names["channel"])
        del channel.messages[int(self._world.find_message(channel, call.names["message"])["id"])]

    def one(self, call: Call) -> Json:
        """Get Channel Message."""
        return self._world.find_message(self._world.find_channel(call.names["channel"]), call.names["message"])

    def latest(self, call: Call) -> list[Json]:
        """Get Channel Messages: newest first."""
        channel = self._world.find_channel(call.names["channel"])
        if channel.kind is Kind.FORUM:
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        before = int(call.query.get("before", 1 << 63))
        after = int(call.query.get("after", 0))
        found = [message for ident, message in sorted(channel.messages.items()) if after < ident < before]
        limit = int(call.query.get("limit", 50))
        chosen = found[:limit] if "after" in call.query else found[-limit:]
        return chosen[::-1]

    def type(self, call: Call) -> None:
        """Trigger Typing Indicator."""
        self._world.find_channel(call.names["channel"])

    def channel(self, call: Call) -> Json:
        """Get Channel."""
        return self._world.find_channel(call.names["channel"]).payload()

    def change_channel(self, call: Call) -> Json:
        """Modify Channel: archived threads and names aren't kept here."""
        return self._world.find_channel(call.names["channel"]).payload()

    def start_thread(self, call: Call) -> Json:
        """Start Thread from Message."""
        channel = self._world.find_channel(call.names["channel"])
        message = self._world.find_message(channel, call.names["message"])
        if message["flags"] & HAS_THREAD:
            raise Refusal(400, 160004, "A thread has already been created for this message")
        message["flags"] |= HAS_THREAD
        thread = self._world.thread(channel, _name(call.body), int(message["id"]))
        message["thread"] = thread.payload()
        self.made.append(("THREAD_CREATE", channel, thread.payload()))
        return thread.payload()

    def start_post(self, call: Call) -> Json:
        """Start Thread without Message, or, in a forum, with the message that it begins with."""
        channel = self._world.find_channel(call.names["channel"])
        if channel.kind is not Kind.FORUM:
            return self._world.thread(channel, _name(call.body)).payload()
        check(call.body["message"], len(call.files))
        thread = self._world.thread(channel, _name(call.body))
        uploads = Call(call.endpoint, call.names, call.query, call.body["message"], call.files)
        message, _ = self._world.post(thread, call.body["message"], uploads.uploads(self._world, thread))
        del thread.messages[int(message["id"])]
        message["id"] = str(thread.id)  # a post and the message that it begins with share an id
        thread.messages[thread.id] = message
        self.made.append(("THREAD_CREATE", channel, thread.payload()))
        return thread.payload() | {"message": message}

    def threads(self, call: Call) -> Json:
        """List Active Guild Threads."""
        guild = self._world.guilds.get(int(call.names["guild"]))
        if guild is None:
            raise unknown("Guild", 10004)
        found = [channel.payload() for channel in guild.channels if channel.parent]
        return {"threads": found[::-1], "members": [], "has_more": False}

    def archived(self, call: Call) -> Json:
        """List Public Archived Threads: there are none."""
        self._world.find_channel(call.names["channel"])
        return {"threads": [], "members": [], "has_more": False}

    def direct(self, call: Call) -> Json:
        """Create DM."""
        user = self._world.users.get(int(call.body["recipient_id"]))
        if user is None:
            raise unknown("User", 10013)
        return self._world.direct(user).payload()


def _kept(body: Json, message: Json) -> set[str]:
    if "attachments" not in body:
        return {one["id"] for one in message["attachments"]}
    return {str(one["id"]) for one in body["attachments"]}


def _name(body: Json) -> str:
    name = str(body.get("name", ""))
    if not 1 <= len(name) <= 100:
        raise Refusal(400, 50035, "Invalid Form Body: name must be 1 to 100 characters")
    return name
