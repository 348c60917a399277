"""The workspaces that have the bot: one by its token in the configuration, or those that have installed the app.

In an organisation (Enterprise Grid) the app is installed in single workspaces, or once for many of them:
https://docs.slack.dev/enterprise/developing-for-enterprise-orgs/.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.faults import EXPECTED
from bot.errors import NotFound

log: Final = structlog.get_logger()

ASKED_AGAIN: Final = 60.0  # seconds after which an organisation is asked again which workspaces it lets the bot into
MET_WITHIN: Final = 1.0  # seconds that an acknowledgement waits for what is done when a workspace is met

Met = Callable[[str], Awaitable[None]]
"""Called with a workspace's id when it is met for the first time."""


@dataclass(frozen=True, slots=True)
class Installed:
    """The bot in a workspace, or in an organisation's workspaces."""

    token: str
    bot: str | None
    bot_user: str | None
    enterprise: str | None = None


class Workspaces:
    """Has a client for each workspace."""

    def __init__(self, base_url: str | None) -> None:
        """``base_url``: of the Web API, where it isn't Slack's own."""
        self._base_url = base_url or AsyncWebClient.BASE_URL
        self._held: dict[str, Installed] = {}
        self._orgs: dict[str, Installed] = {}
        self._teams: dict[str, str] = {}  # workspaces into which an organisation lets the bot -> the organisation
        self._clients: dict[str, AsyncWebClient] = {}  # by token
        self._asked: float | None = None  # when the organisations were asked, by the loop's clock
        self.met: Met = _nobody
        self._meeting: set[asyncio.Future[None]] = set()

    async def client(self, team: str) -> AsyncWebClient:
        """The client that speaks for the bot there. Raises NotFound: the app isn't installed."""
        if (found := self._of(team)) is None:
            await self._ask()
            found = self._of(team)
        if found is None:
            raise NotFound(f"Slack workspace {team} hasn't installed the app, or has taken it away")
        return self._clients.setdefault(found.token, self.bare(found.token))

    async def authorize(self, enterprise: str | None, team: str | None) -> AuthorizeResult | None:
        """Whose the bot is in the workspace; None: not installed. Slack isn't asked: an acknowledgement can't wait."""
        if team and team not in self._held and team not in self._teams and enterprise in self._orgs:
            self._teams[team] = enterprise
            await self._meet(team)
        found = self._of(team or "") or self._orgs.get(enterprise or "")
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise or found.enterprise,
            team_id=team,
            bot_id=found.bot,
            bot_user_id=found.bot_user,
            bot_token=found.token,
        )

    async def _meet(self, team: str) -> None:
        """Has it known that there is a new workspace; what takes long goes on while it is acknowledged."""
        meeting = asyncio.ensure_future(self.met(team))
        self._meeting.add(meeting)
        meeting.add_done_callback(self._meeting.discard)
        done, _ = await asyncio.wait({meeting}, timeout=MET_WITHIN)
        for one in done:
            one.result()

    def bare(self, token: str | None = None) -> AsyncWebClient:
        """A client that repeats nothing but what Slack has refused: a repeated post would stand there twice."""
        handlers: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler(max_retry_count=2)]
        return AsyncWebClient(token, self._base_url, retry_handlers=handlers)

    def hold(self, team: str, token: str, bot: str | None, bot_user: str | None, enterprise: str | None) -> None:
        """Knows the workspace from now on."""
        self._held[team] = Installed(token, bot, bot_user, enterprise)

    async def hold_org(self, enterprise: str, token: str, bot: str | None, bot_user: str | None) -> None:
        """Knows the organisation's workspaces from now on, those into which it lets the bot."""
        self._orgs[enterprise] = Installed(token, bot, bot_user, enterprise)
        self._asked = None
        await self._ask()

    def let_go(self, ident: str) -> tuple[str, ...]:
        """Knows the workspace no longer, or those of the organisation with that id; which have no bot any more."""
        before = self.all()
        self._orgs.pop(ident, None)
        self._held.pop(ident, None)
        self._teams = {team: org for team, org in self._teams.items() if ident not in (team, org)}
        return tuple(team for team in before if team not in self.all())

    def all(self) -> tuple[str, ...]:
        """The ids of the workspaces that are known."""
        return tuple(dict.fromkeys([*self._held, *self._teams]))

    def _of(self, team: str) -> Installed | None:
        return self._held.get(team) or self._orgs.get(self._teams.get(team, ""))

    async def _ask(self) -> None:
        """Asks the organisations into which workspaces they let the bot, once a minute at most."""
        now = asyncio.get_running_loop().time()
        if not self._orgs or (self._asked is not None and now - self._asked < ASKED_AGAIN):
            return
        self._asked = now
        for enterprise, one in self._orgs.items():
            try:
                teams = await self._teams_of(one.token)
            except EXPECTED as error:
                log.warning("an organisation doesn't say where the bot is", enterprise=enterprise, error=str(error))
            else:
                for team in teams:
                    self._teams.setdefault(team, enterprise)

    async def _teams_of(self, token: str) -> list[str]:
        """https://docs.slack.dev/reference/methods/auth.teams.list/."""
        found: list[str] = []
        pages = await self.bare(token).auth_teams_list(limit=200)
        async for page in pages:
            found += [str(team["id"]) for team in page["teams"]]
        return found


async def _nobody(_team: str) -> None:
    """Nobody wants to know."""
