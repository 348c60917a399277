"""The address that adds the bot."""

from urllib.parse import parse_qs, urlsplit

import discord

from adapters.discord.invite import invite_url


def test_the_invite_asks_for_the_least_that_posting_takes() -> None:
    query = parse_qs(urlsplit(invite_url(77)).query)
    assert query["client_id"] == ["77"]
    assert query["scope"] == ["bot applications.commands"]
    asked = discord.Permissions(int(query["permissions"][0]))
    assert asked.view_channel
    assert asked.send_messages
    assert asked.attach_files
    assert not asked.administrator
    assert not asked.mention_everyone
    assert not asked.manage_messages
