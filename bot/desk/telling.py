"""What is told to one person, apart from what is posted to all."""

from collections.abc import Mapping
from typing import Final

import structlog

from bot.errors import DeliveryError
from bot.ports import Teller
from bot.store import Store
from bot.types import Channel

log: Final = structlog.get_logger()


class TellDesk:
    """Tells people what went wrong with what they have asked for."""

    def __init__(self, store: Store, tellers: Mapping[str, Teller]) -> None:
        self._store = store
        self._tellers = tellers  # by platform

    async def tell(self, workspace: str, person: str | None, text: str) -> bool:
        """Whether that is done with: the person was told, or never can be; else it may be tried again.

        ``workspace`` is ``Channel.tenant``, ``person`` None where nobody is known: then only the log has it.
        """
        teller = self._tellers.get(workspace.partition(":")[0])
        if teller is None and person is not None:  # the platform isn't connected now
            return False
        log.warning("to be told", workspace=workspace, person=person, text=text)
        if teller is None or person is None:
            return True
        try:
            await teller.tell(workspace, person, text)
        except DeliveryError as error:
            log.warning("can't be told", workspace=workspace, person=person, error=str(error))
            return error.permanent
        return True

    async def closed(self, channel: Channel, why: str) -> list[str]:
        """The ids of the digests and watches that are paused now since the channel takes no posts.

        Those who made them are told why, once; whom that doesn't reach sees it in the lists.
        """
        digests = await self._store.stop_subscriptions(channel.key, why)
        watches = await self._store.stop_watches(channel.key, why)
        people = [one.created_by for one in digests] + [one.created_by for one in watches]
        for person in dict.fromkeys(people):
            mine = [f"digest {one.id}" for one in digests if one.created_by == person]
            mine += [f"watch {one.id} ({one.label})" for one in watches if one.created_by == person]
            text = f"Nothing can be posted to channel {channel.id} any more: {why}. Paused: {', '.join(mine)}. "
            await self.tell(
                channel.tenant, person, text + "Once that is mended, /digest resume and /watch resume go on."
            )
        return [one.id for one in digests] + [one.id for one in watches]
