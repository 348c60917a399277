"""Who somebody in a workspace is: whether they may manage, and which time zone they live in."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import Clock

log: Final = structlog.get_logger()

FRESH: Final = timedelta(minutes=1)  # so long a right that was taken away may still be had
KNOWN: Final = 2000  # people who are remembered


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack says of somebody: https://docs.slack.dev/reference/objects/user-object/."""

    manages: bool  # an admin or owner of the workspace
    zone: str | None  # IANA
    roles: tuple[str, ...] = ()  # ids and handles of the user groups that they are in
    guest: bool = False  # sees only the channels that they were let into


NOBODY: Final = Person(False, None, guest=True)


class People:
    """Asks Slack who people are, and remembers it for a minute."""

    def __init__(self, roles: Collection[str], clock: Clock) -> None:
        self._roles = frozenset(role.removeprefix("@") for role in roles)
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], tuple[datetime, Person]] = OrderedDict()

    async def of(self, client: AsyncWebClient, team: str, user: str) -> Person:
        """Who the user is; where Slack doesn't say, somebody without any right."""
        asked, person = self._known.get((team, user), (None, NOBODY))
        now = self._clock()
        if asked is not None and now - asked < FRESH:
            return person
        try:
            person = await self._ask(client, team, user)
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            log.warning("Slack doesn't say who somebody is", team=team, user=user, error=str(error))
            return NOBODY
        self._known[team, user] = (now, person)
        while len(self._known) > KNOWN:
            self._known.popitem(last=False)
        return person

    async def _ask(self, client: AsyncWebClient, team: str, user: str) -> Person:
        found: dict[str, Any] = (await client.users_info(user=user))["user"]
        if not belongs(found, team):
            return Person(False, found.get("tz"), guest=True)
        manages = any(found.get(right) for right in ("is_admin", "is_owner", "is_primary_owner"))
        roles = await self._groups(client, team, user) if self._roles and not manages else ()
        return Person(manages, found.get("tz"), roles, guest=bool(found.get("is_restricted")))

    async def _groups(self, client: AsyncWebClient, team: str, user: str) -> tuple[str, ...]:
        """Those of the configured user groups that the user is in, by id and by handle."""
        groups: list[dict[str, Any]] = (await client.usergroups_list(include_users=True, team_id=team))["usergroups"]
        mine = [group for group in groups if user in group.get("users", ())]
        names = {name for group in mine for name in (group["id"], group["handle"], f"@{group['handle']}")}
        return tuple(sorted(names))


def belongs(user: dict[str, Any], team: str) -> bool:
    """Whether the user is of the workspace: in a shared channel somebody may be admin of another one.

    https://docs.slack.dev/apis/slack-connect/
    """
    teams = (user.get("enterprise_user") or {}).get("teams") or ()
    return user.get("team_id") in {None, team} or team in teams
