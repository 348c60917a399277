"""Many workspaces: they install the app themselves, in a browser; one that removes it is left in peace."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Installation

from adapters.slack.app import SlackChat
from adapters.slack.install import Box, Installations
from adapters.slack.workspaces import Workspaces
from bot.app import App
from bot.errors import ConfigError, DeliveryError
from bot.types import Channel
from tests.fakes import HandClock
from tests.slack.chatting import chat_of, chatting, follow
from tests.slack.loopback import ADMIN, CHANNEL, GUEST, TEAM, Loopback, faults
from tests.slack.loopback.payloads import event
from tests.store.build import digest

SECOND = Channel("slack", "T2", CHANNEL)
KEY = Fernet.generate_key().decode()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def many(loopback: Loopback, port: int, **more: object) -> dict[str, object]:
    """What the configuration has besides, where workspaces may install the app."""
    given: dict[str, object] = {"client_id": loopback.client_id, "client_secret": SecretStr(loopback.client_secret)}
    return given | {"key": SecretStr(KEY), "address": "https://news.example.org", "port": port} | more


def files(folder: Path) -> list[bytes]:
    """What all files of the store hold."""
    return [file.read_bytes() for file in folder.rglob("*.sqlite3*")]


class Browser:
    """Somebody's browser: the service as seen through the proxy before it."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self._session = session
        self._base = f"http://127.0.0.1:{port}"
        self.cookie = ""

    async def get(self, path: str) -> tuple[int, str]:
        """The answer's status and its page."""
        headers = {"Cookie": self.cookie} if self.cookie else {}
        async with self._session.get(self._base + path, headers=headers) as response:
            if given := response.headers.get("Set-Cookie"):
                self.cookie = given.partition(";")[0]
            return response.status, await response.text()

    async def begin(self) -> str:
        """Slack's address, to which the page to install the app leads."""
        status, page = await self.get("/slack/install")
        assert status == 200
        (address,) = re.findall(r'href="(https://slack.com/oauth[^"]+)"', page)
        return str(address).replace("&amp;", "&")

    async def back(self, address: str) -> tuple[int, str]:
        """What is shown when Slack has sent the browser back."""
        parts = urlsplit(address)
        assert parts.netloc == "news.example.org"
        return await self.get(f"{parts.path}?{parts.query}")


@asynccontextmanager
async def browsing(port: int) -> AsyncIterator[Browser]:
    """A browser without a past."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Browser(session, port)


@pytest.fixture
async def installing(app: App, loopback: Loopback) -> AsyncIterator[tuple[Loopback, Browser]]:
    """The chat with one workspace of its own, a second one without the app, and a browser."""
    loopback.workspace("T2", "Second", installed=False)
    port = free_port()
    async with chatting(app, loopback, **many(loopback, port)), browsing(port) as browser:
        yield loopback, browser


async def test_a_workspace_installs_the_app_and_is_served_also_after_a_restart(
    app: App, loopback: Loopback, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    loopback.workspace("T2", "Second", installed=False)
    port = free_port()
    async with chatting(app, loopback, **many(loopback, port)), browsing(port) as browser:
        status, page = await browser.back(loopback.approve(await browser.begin(), "T2"))
        assert (status, "Thank you" in page) == (200, True)
        await loopback.command("digest", "add 07:30", team="T2")
        assert "added" in (await loopback.until(lambda: loopback.told(team="T2")))[0].words
        assert loopback.told() == []
    async with chatting(app, loopback, **many(loopback, port)):
        await loopback.connected(2)
        await loopback.command("digest", "list", team="T2")
        assert "07:30" in (await loopback.until(lambda: loopback.told(team="T2")[1:]))[0].words
    token = loopback.workspaces["T2"].token or ""
    assert len(token) > 10
    assert not any(token.encode() in kept for kept in files(tmp_path))
    assert token not in "".join(capfd.readouterr())


async def test_over_http_forms_and_installations_are_served_on_one_port(app: App, loopback: Loopback) -> None:
    loopback.workspace("T2", "Second", installed=False)
    port = free_port()
    async with chatting(app, loopback, **many(loopback, port, mode="http")), browsing(port) as browser:
        assert (await browser.back(loopback.approve(await browser.begin(), "T2")))[0] == 200
        loopback.sending.url = f"http://127.0.0.1:{port}/slack/events"
        await loopback.command("watch", "add", team="T2")
        form = await loopback.until(lambda: loopback.modal(team="T2"))
        (words,) = await loopback.suggest(form, "about", "grain", team="T2")
        await loopback.submit(form, {"about": words, "quiet:0": "22:00"}, team="T2")
        assert list(form.errors) == ["quiet:1"]
        assert "both" in form.errors["quiet:1"]
        await loopback.submit(form, {"quiet:1": "06:00"}, team="T2")
        assert "added" in form.words
    (made,) = await app.desk.watches.of(SECOND)
    assert made.label == "grain"


async def test_no_workspace_sees_what_another_one_has(installing: tuple[Loopback, Browser], app: App) -> None:
    slack, browser = installing
    await browser.back(slack.approve(await browser.begin(), "T2"))
    await follow(app)
    await slack.command("brief", "bridges")
    (post,) = await slack.until(slack.posts)
    await slack.command("where", "Springfield")
    (question,) = await slack.until(slack.told)
    made = await app.desk.digests.add(Channel("slack", TEAM, CHANNEL), [time(7, 30)], "UTC", person=ADMIN)

    async def told(count: int) -> str:
        shown = await slack.until(lambda: found if len(found := slack.told(team="T2")) >= count else [])
        return shown[-1].words

    await slack.command("brief", "bridges", team="T2")
    assert "Nothing about" in await told(1)
    await slack.command("digest", f"remove {made.id}", team="T2")
    assert "no digest" in await told(2)
    for count, of_theirs in enumerate((post, question), 3):
        copied = slack.says("copied", team="T2")
        copied.blocks = of_theirs.blocks
        for block in copied.blocks:
            for element in block.get("elements", []):
                if str(element.get("action_id")).startswith(("dl:why", "dl:choose:0")):
                    await slack.press(copied, element["action_id"], team="T2")
        assert "too old" in await told(count)
    await slack.open_home(team="T2")
    view = await slack.until(lambda: slack.home(team="T2"))
    assert made.id not in view.words
    assert slack.posts(team="T2") == []


async def test_it_asks_for_no_more_than_the_manifest(installing: tuple[Loopback, Browser]) -> None:
    slack, browser = installing
    slack.approve(await browser.begin(), "T2")
    granted = slack.workspaces["T2"].scopes
    assert "chat:write" in granted
    assert not {"usergroups:read", "files:read", "groups:read"} & granted


async def test_an_end_without_its_beginning_is_refused(
    installing: tuple[Loopback, Browser], app: App, clock: HandClock
) -> None:
    slack, browser = installing
    back = slack.approve(await browser.begin(), "T2")
    cookie, browser.cookie = browser.cookie, ""
    assert (await browser.back(back))[0] == 400, "another browser"
    browser.cookie = cookie
    assert (await browser.back(back.replace("state=", "state=x")))[0] == 400
    assert await app.store.installed("slack") == []
    browser.cookie = cookie
    assert (await browser.back(back))[0] == 200
    browser.cookie = cookie
    assert (await browser.back(back))[0] == 401, "a second time"
    late = slack.approve(await browser.begin(), "T2")
    clock.advance(minutes=11)
    assert (await browser.back(late))[0] == 401
    _, page = await browser.back("https://news.example.org/slack/oauth_redirect?error=access_denied%3Cb%3E")
    assert "access_denied" in page
    assert "<b>" not in page
    assert [team for team, _ in await app.store.installed("slack")] == ["T2"]


async def test_where_slack_isnt_reached_the_browser_is_told_to_begin_again(
    installing: tuple[Loopback, Browser], app: App
) -> None:
    slack, browser = installing
    slack.faults.order("oauth.v2.access", faults.DROP_BEFORE)
    status, page = await browser.back(slack.approve(await browser.begin(), "T2"))
    assert (status, "Begin again" in page) == (502, True)
    assert await app.store.installed("slack") == []


async def test_a_workspace_that_removes_the_app_is_forgotten_and_what_posts_there_is_paused(
    installing: tuple[Loopback, Browser], app: App
) -> None:
    slack, browser = installing
    await browser.back(slack.approve(await browser.begin(), "T2"))
    made = await app.desk.digests.add(SECOND, [time(7, 30)], "UTC", person=GUEST)
    await app.desk.watches.add(SECOND, "grain", person=ADMIN)
    other = await app.desk.digests.add(Channel("slack", TEAM, CHANNEL), [time(7, 30)], "UTC", person=ADMIN)
    dropped: list[str] = []

    def drop(_kept: object, ident: str) -> None:
        dropped.append(ident)
        slack.change()

    app.desk.digests.on_change = drop
    await slack.remove_app(team="T2")
    await slack.until(lambda: len(dropped) == 2)
    assert "removed" in ((await app.desk.digests.find(SECOND, made.id)).stopped or "")
    (watch,) = await app.desk.watches.of(SECOND)
    assert watch.paused
    assert dropped == [made.id, watch.id]
    assert not (await app.desk.digests.find(SECOND.of(other.channel), other.id)).paused
    assert await app.store.installed("slack") == []
    with pytest.raises(DeliveryError, match="hasn't installed the app") as refused:
        await app.posters["slack"].post(SECOND, digest("Morning"), "key")
    assert refused.value.closed


async def test_peoples_own_tokens_are_none_of_its_business(installing: tuple[Loopback, Browser], app: App) -> None:
    slack, browser = installing
    await browser.back(slack.approve(await browser.begin(), "T2"))
    await slack.event({"type": "tokens_revoked", "tokens": {"oauth": [GUEST], "bot": []}}, team="T2")
    await slack.command("digest", "list", team="T2")
    assert await slack.until(lambda: slack.told(team="T2"))
    assert len(await app.store.installed("slack")) == 1


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"address": ""}, r"slack\.address"),
        ({"client_secret": SecretStr("")}, r"slack\.client_secret"),
        ({"key": SecretStr("")}, r"slack\.key: is missing"),
        ({"key": SecretStr("short")}, r"slack\.key: is no key.*Fernet"),
    ],
)
async def test_what_is_missing_for_it_is_said_in_one_line(
    app: App, loopback: Loopback, more: dict[str, object], fault: str
) -> None:
    chat: SlackChat = chat_of(app, loopback, **many(loopback, free_port(), **more))
    with pytest.raises(ConfigError, match=fault) as raised:
        await chat.__aenter__()
    assert "\n" not in str(raised.value)


# --- tokens at rest


def test_only_who_has_the_key_opens_what_was_sealed_and_only_for_its_workspace() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed = Box(old).seal("T1", {"token": "xoxb-1"})
    assert "xoxb" not in sealed
    assert Box(f"{new}, {old}").open("T1", sealed) == {"token": "xoxb-1"}
    assert Box(f"{new},{old}").is_old(sealed)
    assert not Box(old).is_old(sealed)
    with pytest.raises(ConfigError, match="workspace T1; add the key"):
        Box(new).open("T1", sealed)
    with pytest.raises(ConfigError, match="sealed for T1"):
        Box(old).open("T2", sealed)


async def test_a_new_key_in_front_seals_everything_anew_at_the_next_start(app: App) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    welcomed: list[str] = []

    async def welcome(team: str) -> None:
        welcomed.append(team)

    kept = Installations(app.store, Box(old), Workspaces(None), welcome)
    await kept.async_save(Installation(user_id="U1", team_id="T5", bot_token="xoxb-5"))
    assert welcomed == ["T5"]
    await Installations(app.store, Box(f"{new},{old}"), Workspaces(None), welcome).load()
    workspaces = Workspaces(None)
    await Installations(app.store, Box(new), workspaces, welcome).load()
    assert (await workspaces.client("T5")).token == "xoxb-5"
    with pytest.raises(BoltError):
        await kept.async_save(Installation(user_id="U1", team_id="T6"))


# --- organisations


async def test_an_organisation_installs_it_once_for_its_workspaces(app: App, loopback: Loopback) -> None:
    met: list[str] = []

    async def welcome(team: str) -> None:
        met.append(team)

    for team in ("T7", "T8"):
        loopback.workspace(team, team, installed=False).enterprise = "E1"
    loopback.workspaces["T7"].token = "xoxb-org"
    workspaces = Workspaces(loopback.base_url)
    workspaces.met = welcome
    kept = Installations(app.store, Box(KEY), workspaces, welcome)
    org = Installation(user_id="U1", enterprise_id="E1", is_enterprise_install=True, bot_token="xoxb-org")
    await kept.async_save(org)
    assert (met, workspaces.all()) == (["T7"], ("T7",))
    loopback.workspaces["T8"].token = "xoxb-org"
    known = await workspaces.authorize("E1", "T8")
    assert known is not None
    assert (known.bot_token, known.team_id, met) == ("xoxb-org", "T8", ["T7", "T8"])
    assert await workspaces.authorize("E2", "T9") is None

    again = Workspaces(loopback.base_url)
    await Installations(app.store, Box(KEY), again, welcome).load()
    assert (await again.client("T8")).token == "xoxb-org"
    assert again.let_go("T8") == ("T8",)
    again.hold("T7", "xoxb-own", None, None, "E1")
    assert again.let_go("E1") == (), "one of its workspaces has the app of its own accord"
    assert again.all() == ("T7",)


async def test_an_organisation_opens_and_shuts_its_workspaces(
    app: App, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    for team in ("T7", "T8"):
        loopback.workspace(team, team, installed=False).enterprise = "E1"
    loopback.workspaces["T7"].token = "xoxb-org"
    sealed = {"token": "xoxb-org", "bot": "B0BOT", "bot_user": "U0BOT", "enterprise": "E1", "org": True}
    await app.store.install("slack", "E1", Box(KEY).seal("E1", sealed))
    welcomed: list[str] = []

    async def welcome(_intake: object, tenant: str) -> None:
        welcomed.append(tenant)
        loopback.change()

    monkeypatch.setattr(type(app.desk.intake), "welcome", welcome)
    there = Channel("slack", "T8", CHANNEL)
    made = await app.desk.digests.add(there, [time(7, 30)], "UTC", person=ADMIN)
    async with chatting(app, loopback, **many(loopback, free_port())):
        assert welcomed == [f"slack:{TEAM}", "slack:T7"]
        await loopback.event({"type": "team_access_granted", "team_ids": ["T8"]}, team="T7")
        await loopback.until(lambda: "slack:T8" in welcomed)
        stopped = asyncio.Event()
        app.desk.digests.on_change = lambda _kept, _ident: stopped.set()
        await loopback.event({"type": "team_access_revoked", "team_ids": ["T8"]}, team="T7")
        async with asyncio.timeout(20):
            await stopped.wait()
        assert (await app.desk.digests.find(there, made.id)).paused
        with pytest.raises(DeliveryError, match="hasn't installed the app"):
            await app.posters["slack"].post(there, digest("Morning"), "key")
        here = await app.desk.digests.add(Channel("slack", "T7", CHANNEL), [time(7, 30)], "UTC", person=ADMIN)
        stopped.clear()
        gone = event(loopback, loopback.workspaces["T7"], {"type": "app_uninstalled"})
        gone["authorizations"][0]["is_enterprise_install"] = True
        await loopback.sending.send("events_api", gone)
        async with asyncio.timeout(20):
            await stopped.wait()
        assert (await app.desk.digests.find(there.of(here.channel), here.id)).paused
        assert await app.store.installed("slack") == []


async def test_nothing_is_held_up_by_what_is_done_when_a_workspace_is_met(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.workspaces.MET_WITHIN", 0.0)
    gate, met = asyncio.Event(), asyncio.Event()

    async def slowly(_team: str) -> None:
        await gate.wait()
        met.set()

    loopback.workspace("T7", "T7", installed=False).token = "xoxb-org"
    workspaces = Workspaces(loopback.base_url)
    workspaces.met = slowly
    await workspaces.hold_org("E1", "xoxb-org", None, None)
    assert await workspaces.authorize("E1", "T8") is not None
    assert not met.is_set()
    gate.set()
    async with asyncio.timeout(20):
        await met.wait()
