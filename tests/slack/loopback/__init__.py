"""A small Slack on 127.0.0.1: Web API, Socket Mode, signed requests, response_urls, uploads, for the real slack-bolt.

    async with serving(clock) as slack:                 # the fixture ``loopback``
        chat = SlackChat(..., base_url=slack.base_url)  # with slack.bot_token and slack.app_token
        sent = await slack.command("brief", "Lyman")    # acknowledged when it returns: sent.after, sent.refused
        await slack.until(lambda: slack.told())         # shown to the admin alone; slack.posts() are for all
        await slack.press(slack.posts()[0], "Why?")     # by the button's words
        view = await slack.until(slack.modal)           # then slack.suggest(view, ...), slack.submit(view, {...})

There are two people, ``ADMIN`` and ``GUEST``, in workspace T1 with its channel C1; ``slack.workspaces["T1"]`` has all
of it. Slack's documented limits are kept (``blockkit``, ``limits``), by the clock that is handed in. It misbehaves to
order: ``slack.faults.order("chat.postMessage", faults.DROP_AFTER)``, ``slack.sockets.cut()``, ``slack.sending.again``.
In HTTP mode set ``slack.sending.url`` to the app's address.
"""

from tests.slack.loopback.people import ADMIN, CHANNEL, GUEST, TEAM
from tests.slack.loopback.sent import Sent
from tests.slack.loopback.serving import Loopback, serving
from tests.slack.loopback.waiting import impatient
from tests.slack.loopback.world import Conversation, Json, Message, Refused, View, Workspace

__all__ = [
    "ADMIN",
    "CHANNEL",
    "GUEST",
    "TEAM",
    "Conversation",
    "Json",
    "Loopback",
    "Message",
    "Refused",
    "Sent",
    "View",
    "Workspace",
    "impatient",
    "serving",
]
