"""Which channels everybody in a workspace may look into."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.faults import EXPECTED
from bot.ports import Clock
from bot.types import Channel

FRESH: Final = timedelta(minutes=10)  # so long a channel that was made private may still count as public
KNOWN: Final = 5000  # channels that are remembered


class Rooms:
    """Asks Slack about channels, and remembers it for ten minutes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: OrderedDict[str, tuple[datetime, bool]] = OrderedDict()

    async def public(self, client: AsyncWebClient, channel: Channel) -> bool:
        """Whether everybody may look into the channel; no, where Slack doesn't say.

        https://docs.slack.dev/reference/methods/conversations.info/: of private channels the bot may know nothing.
        """
        asked, public = self._known.get(channel.key, (None, False))
        now = self._clock()
        if asked is not None and now - asked < FRESH:
            return public
        public = await _is_public(client, channel.id)
        self._known[channel.key] = (now, public)
        while len(self._known) > KNOWN:
            self._known.popitem(last=False)
        return public


async def _is_public(client: AsyncWebClient, ident: str) -> bool:
    try:
        found = (await client.conversations_info(channel=ident))["channel"]
    except EXPECTED:
        return False
    return not (found.get("is_private") or found.get("is_im") or found.get("is_mpim"))
