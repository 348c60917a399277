"""Connecting: what is wrong with a token or an intent is one clear line, and a network that is down is tried again."""

from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest

from adapters.discord import client as module
from adapters.discord.client import DatelineClient, DiscordChat
from bot.app import App
from bot.errors import ConfigError


def chat(app: App) -> DiscordChat:
    return DiscordChat(app.desk, "token", ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        (discord.LoginFailure("Improper token has been passed."), "token"),
        (discord.PrivilegedIntentsRequired(None), "Message Content Intent"),
    ],
)
async def test_a_wrong_token_or_intent_is_one_line_that_says_where_to_mend_it(
    app: App, monkeypatch: pytest.MonkeyPatch, fault: Exception, hint: str
) -> None:
    async def login(self: DatelineClient, _token: str) -> None:
        await self._async_setup_hook()
        raise fault

    monkeypatch.setattr(DatelineClient, "login", login)
    with pytest.raises(ConfigError, match=hint) as caught:
        async with chat(app):
            pass
    assert "\n" not in str(caught.value)


async def test_a_network_that_is_down_is_tried_again(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    async def login(self: DatelineClient, _token: str) -> None:
        await self._async_setup_hook()
        tries.append(1)
        if len(tries) < 3:
            raise OSError("no route to host")

    async def connect(self: DatelineClient, **_options: Any) -> None:
        self.connected_once.set()

    monkeypatch.setattr(module, "_AGAIN_AFTER", 0)
    monkeypatch.setattr(DatelineClient, "login", login)
    monkeypatch.setattr(DatelineClient, "connect", connect)
    async with chat(app) as connected:
        assert connected.client.connected_once.is_set()
    assert len(tries) == 3


async def test_without_being_told_so_it_asks_for_no_privileged_intent(app: App) -> None:
    intents = chat(app).client.intents
    assert not intents.message_content
    assert not intents.members
    assert not intents.presences
    assert DatelineClient(app.desk, ZoneInfo("UTC"), message_content=True).intents.message_content
