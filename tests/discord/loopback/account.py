"""The endpoints of the bot itself: who it is, its gateway, its commands; and of servers and people."""

from collections.abc import Callable

from tests.discord.loopback.refusals import Json, Refusal, unknown
from tests.discord.loopback.requests import Call
from tests.discord.loopback.world import World

COMMANDS = 100  # of an application: docs.discord.com/developers/interactions/application-commands


class Account:
    """Handlers of the endpoints."""

    def __init__(self, world: World, gateway: Callable[[], str]) -> None:
        self._world = world
        self._gateway = gateway
        self.syncs = 0  # how often the commands were overwritten

    def me(self, _call: Call) -> Json:
        """Get Current User."""
        return self._world.bot.payload()

    def application(self, _call: Call) -> Json:
        """Get Current Application."""
        return {
            "id": str(self._world.bot.id),
            "name": "dateline",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": self._world.user("owner of the application").payload(),
            "verify_key": "0" * 64,
            "flags": 0,
            "team": None,
        }

    def gateway(self, _call: Call) -> Json:
        """Get Gateway Bot."""
        starts = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return {"url": self._gateway(), "shards": self._world.sharding, "session_start_limit": starts}

    def commands(self, _call: Call) -> list[Json]:
        """Get Global Application Commands."""
        return self._world.commands

    def overwrite(self, call: Call) -> list[Json]:
        """Bulk Overwrite Global Application Commands: the same name keeps its id."""
        wanted: list[Json] = list(call.body)  # type: ignore[arg-type]  # the one endpoint whose body is a list
        if len([one for one in wanted if one.get("type", 1) == 1]) > COMMANDS:
            raise Refusal(400, 30032, "Maximum number of application commands reached")
        known = {(one["name"], one["type"]): one["id"] for one in self._world.commands}
        self._world.commands = [self._registered(one, known) for one in wanted]
        self.syncs += 1
        return self._world.commands

    def _registered(self, one: Json, known: dict[tuple[str, int], str]) -> Json:
        kind = one.get("type", 1)
        ident = known.get((one["name"], kind)) or str(self._world.new_id())
        defaults: Json = {"description": "", "default_member_permissions": None, "nsfw": False, "dm_permission": True}
        fixed = {"id": ident, "application_id": str(self._world.bot.id), "version": ident, "type": kind}
        return defaults | one | fixed

    def guild(self, call: Call) -> Json:
        """Get Guild."""
        guild = self._world.guilds.get(int(call.names["guild"]))
        if guild is None:
            raise unknown("Guild", 10004)
        return guild.payload(self._world.bot)

    def user(self, call: Call) -> Json:
        """Get User."""
        user = self._world.users.get(int(call.names["user"]))
        if user is None:
            raise unknown("User", 10013)
        return user.payload()

    def member(self, call: Call) -> Json:
        """Get Guild Member."""
        guild, user = self._world.guilds.get(int(call.names["guild"])), self._world.users.get(int(call.names["user"]))
        if guild is None or user is None:
            raise unknown("Member", 10007)
        return guild.member(user)
