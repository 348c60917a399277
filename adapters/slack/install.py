"""Workspaces that install the app by themselves (OAuth): https://docs.slack.dev/authentication/installing-with-oauth/.

Their tokens lie encrypted in the store: https://cryptography.io/en/latest/fernet/.
"""

import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import structlog
from aiohttp import web
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.faults import EXPECTED
from adapters.slack.incoming import PLATFORM
from adapters.slack.manifest import REDIRECT_PATH
from adapters.slack.workspaces import Workspaces
from bot.config import SlackConfig
from bot.errors import ConfigError
from bot.store import Store

log: Final = structlog.get_logger()

INSTALL_PATH: Final = "/slack/install"
STATE_LIVES: Final = timedelta(minutes=10)
_KEY_HINT: Final = (
    'make one with: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
)


class Box:
    """Seals installations, so that who reads the store's file can't speak for the bot."""

    def __init__(self, keys: str) -> None:
        """``keys``: Fernet keys with commas between them; the first seals, the others open what they have sealed.

        Raises:
            ConfigError: there is none, or one isn't a key.
        """
        try:
            held = [Fernet(key.strip()) for key in keys.split(",") if key.strip()]
            self._all, self._first = MultiFernet(held), held[0]
        except (ValueError, IndexError) as error:
            raise ConfigError(f"slack.key: is no key for tokens at rest; {_KEY_HINT}") from error

    def seal(self, workspace: str, values: dict[str, Any]) -> str:
        """The values, encrypted; only under the same workspace they can be opened again."""
        return self._first.encrypt(json.dumps([workspace, values]).encode()).decode()

    def open(self, workspace: str, sealed: str) -> dict[str, Any]:
        """The values.

        Raises:
            ConfigError: they were sealed with a key that isn't there any more, or for another workspace.
        """
        try:
            held, values = json.loads(self._all.decrypt(sealed.encode()))
        except InvalidToken as error:
            raise ConfigError(
                f"slack.key: doesn't open the tokens of workspace {workspace}; add the key that sealed them, "
                "after a comma, or have the app installed there again"
            ) from error
        if held != workspace:
            raise ConfigError(f"the tokens of workspace {workspace} were sealed for {held}: install the app again")
        return dict(values)

    def is_old(self, sealed: str) -> bool:
        """Whether another than the first key has sealed it."""
        try:
            self._first.decrypt(sealed.encode())
        except InvalidToken:
            return True
        return False


class Installations(AsyncInstallationStore):
    """Where slack-bolt keeps installations: the bot's only, as nobody's own token is asked for."""

    def __init__(
        self, store: Store, box: Box, workspaces: Workspaces, welcome: Callable[[str], Awaitable[None]]
    ) -> None:
        self._store = store
        self._box = box
        self._workspaces = workspaces
        self._welcome = welcome

    @property
    def logger(self) -> logging.Logger:
        """Where slack-bolt's own words about it go."""
        return logging.getLogger(__name__)

    async def load(self) -> None:
        """Knows all workspaces that have installed the app; what an older key sealed is sealed with the first.

        Raises:
            ConfigError: a key is missing.
        """
        for ident, sealed in await self._store.installed(PLATFORM):
            values = self._box.open(ident, sealed)
            await self._hold(ident, values)
            if self._box.is_old(sealed):
                await self._store.install(PLATFORM, ident, self._box.seal(ident, values))

    async def async_save(self, installation: Installation) -> None:
        """Keeps it, sealed, and lets the workspaces follow what the configuration shares.

        Raises:
            BoltError: Slack hasn't said which workspace it is, or has given no token.
        """
        org = bool(installation.is_enterprise_install)
        ident = installation.enterprise_id if org else installation.team_id
        if not ident or not installation.bot_token:
            raise BoltError("Slack's answer names no workspace, or has no token for the bot")
        values = {
            "token": installation.bot_token,
            "bot": installation.bot_id,
            "bot_user": installation.bot_user_id,
            "enterprise": installation.enterprise_id,
            "org": org,
        }
        await self._store.install(PLATFORM, ident, self._box.seal(ident, values))
        await self._hold(ident, values)
        log.info("the app is installed", workspace=ident)
        for team in self._workspaces.all() if org else (ident,):
            await self._welcome(team)

    async def remove(self, ident: str) -> None:
        """Forgets the tokens of the workspace or of the organisation."""
        await self._store.uninstall(PLATFORM, ident)

    async def _hold(self, ident: str, values: dict[str, Any]) -> None:
        token, bot, bot_user = values["token"], values["bot"], values["bot_user"]
        if values["org"]:
            await self._workspaces.hold_org(ident, token, bot, bot_user)
        else:
            self._workspaces.hold(ident, token, bot, bot_user, values["enterprise"])


class States(AsyncOAuthStateStore):
    """The states by which an installation's beginning and end know each other; each is good once, for ten minutes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def logger(self) -> logging.Logger:
        """Where slack-bolt's own words about it go."""
        return logging.getLogger(__name__)

    async def async_issue(self, *_args: Any, **_kwargs: Any) -> str:
        """A new state."""
        state = secrets.token_urlsafe(32)
        await self._store.issue_state(state, STATE_LIVES)
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether the state was issued, and neither used nor too old."""
        return await self._store.consume_state(state)


def add_pages(
    site: web.Application,
    config: SlackConfig,
    client: AsyncWebClient,
    kept: Installations,
    states: States,
    scopes: list[str],
) -> None:
    """Has the site take browsers that install the app: they begin at ``INSTALL_PATH``, and Slack sends them back.

    Raises:
        ConfigError: the address, or the app's secret, is missing.
    """
    flow = AsyncOAuthFlow(client=client, settings=_settings(config, kept, states, scopes))

    async def begin(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await flow.handle_installation(await to_bolt_request(request)))

    async def end(request: web.Request) -> web.Response:
        try:
            return await to_aiohttp_response(await flow.handle_callback(await to_bolt_request(request)))
        except EXPECTED as error:
            log.warning("an installation couldn't be ended", error=type(error).__name__)
            return web.Response(status=502, text=f"Slack can't be reached just now. Begin again at {INSTALL_PATH}")

    site.router.add_get(INSTALL_PATH, begin)
    site.router.add_get(REDIRECT_PATH, end)


def _settings(config: SlackConfig, kept: Installations, states: States, scopes: list[str]) -> AsyncOAuthSettings:
    if not config.address:
        raise ConfigError("slack.address: is missing; OAuth needs the address at which browsers reach this service")
    return AsyncOAuthSettings(
        client_id=config.client_id,
        client_secret=config.required("client_secret"),
        scopes=scopes,
        redirect_uri=config.address.rstrip("/") + REDIRECT_PATH,
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        installation_store=kept,
        state_store=states,
        state_expiration_seconds=int(STATE_LIVES.total_seconds()),
        logger=logging.getLogger(__name__),
    )
