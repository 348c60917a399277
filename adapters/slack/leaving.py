"""What is done when a workspace takes the app away, or lets it in: https://docs.slack.dev/reference/events/."""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from slack_bolt.async_app import AsyncApp

from adapters.slack.incoming import PLATFORM
from adapters.slack.service import Body
from adapters.slack.workspaces import Workspaces
from bot.desk import Desk
from bot.types import Channel

log: Final = structlog.get_logger()

GONE: Final = "the app was removed from the Slack workspace, or its token was revoked"

Forget = Callable[[str], Awaitable[None]]
"""Forgets the tokens of the workspace or organisation with that id."""


class Leaving:
    """Pauses what posts to workspaces that are gone, and welcomes those that an organisation opens."""

    def __init__(self, desk: Desk, workspaces: Workspaces, forget: Forget) -> None:
        self._desk = desk
        self._workspaces = workspaces
        self._forget = forget

    def register(self, app: AsyncApp) -> None:
        """Enters the listeners."""
        app.event("app_uninstalled")(self.uninstalled)
        app.event("tokens_revoked")(self.revoked)
        app.event("team_access_revoked")(self.shut)
        app.event("team_access_granted")(self.opened)

    async def uninstalled(self, body: Body) -> None:
        """Somebody has removed the app from a workspace, or an organisation from all of its own."""
        granted: Body = next(iter(body.get("authorizations") or ()), {})
        ident = str(body.get("enterprise_id" if granted.get("is_enterprise_install") else "team_id"))
        if gone := self._workspaces.let_go(ident):
            await self._forget(ident)
            await self._pause(gone)

    async def revoked(self, body: Body) -> None:
        """The bot's token is revoked; those of people are none of ours."""
        if (body["event"].get("tokens") or {}).get("bot"):
            await self.uninstalled(body)

    async def shut(self, body: Body) -> None:
        """An organisation no longer lets the bot into some of its workspaces."""
        for team in map(str, body["event"].get("team_ids") or ()):
            await self._pause(self._workspaces.let_go(team))

    async def opened(self, body: Body) -> None:
        """An organisation lets the bot into more of its workspaces."""
        for team in map(str, body["event"].get("team_ids") or ()):
            await self._workspaces.authorize(str(body.get("enterprise_id")), team)

    async def _pause(self, teams: tuple[str, ...]) -> None:
        for team in teams:
            tenant = Channel(PLATFORM, team, "").tenant
            log.warning("a Slack workspace has removed the app", workspace=tenant)
            held = [one.channel for one in await self._desk.digests.all() if one.workspace == tenant]
            held += [one.channel for one in await self._desk.watches.all(tenant)]
            for key in dict.fromkeys(held):
                for ident in await self._desk.telling.closed(Channel.of(key), GONE):
                    self._desk.digests.on_change(None, ident)
