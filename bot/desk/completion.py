"""What a person who types may mean, from what the workspace has."""

from collections.abc import Iterable
from typing import Final
from zoneinfo import available_timezones

from bot.answers import Suggestion
from bot.news.identity import shown_url
from bot.reading.gazetteer import Gazetteer
from bot.store import Store
from bot.store.values import fold
from bot.types import Channel, WatchKind

MOST: Final = (
    25  # suggestions: what Discord takes (https://discord.com/developers/docs/interactions/application-commands)
)
SHORTEST: Final = 2  # letters from which on the whole place index is looked through


class CompletionDesk:
    """Completes names; each answer takes milliseconds, however much is stored."""

    def __init__(self, store: Store, gazetteer: Gazetteer, zone: str) -> None:
        self._store = store
        self._gazetteer = gazetteer
        self._zone = zone

    async def places(self, channel: Channel, typed: str) -> list[Suggestion]:
        """Places that the workspace's articles mention, the most mentioned first; then others of the world."""
        held = [place.name for place in await self._store.mentioned_places(channel.tenant, typed, MOST)]
        known = self._gazetteer.complete(typed, MOST) if len(typed) >= SHORTEST else ()
        return _plain([*held, *known])

    async def sources(self, channel: Channel, typed: str) -> list[Suggestion]:
        """Sources that the workspace's articles quote, the most quoted first."""
        return _plain(await self._store.complete_sources(channel.tenant, typed, MOST))

    async def topics(self, channel: Channel, typed: str) -> list[Suggestion]:
        """What the workspace's digests and watches are about, then places and sources."""
        workspace = channel.tenant
        about = [digest.topic for digest in await self._store.subscriptions(workspace) if digest.topic]
        about += [one.target for one in await self._store.watches(workspace) if one.kind is WatchKind.WORDS]
        asked = [topic for topic in about if _begins(topic, typed)]
        places = await self._store.mentioned_places(workspace, typed, MOST // 2)
        sources = await self._store.complete_sources(workspace, typed, MOST // 2)
        return _plain([*asked, *(place.name for place in places), *sources])

    async def feeds(self, channel: Channel, typed: str) -> list[Suggestion]:
        """The feeds that the workspace follows, by title or address."""
        feeds = await self._store.feeds(channel.tenant)
        found = [feed for feed in feeds if typed.casefold() in f"{feed.title or ''} {feed.url}".casefold()]
        shown = [shown_url(feed.url) for feed in found[:MOST]]  # an address may hold a key
        return [Suggestion(url, feed.title or url) for url, feed in zip(shown, found, strict=False)]

    async def digests(self, channel: Channel, typed: str) -> list[Suggestion]:
        """The digests of the channel."""
        held = await self._store.subscriptions(channel.tenant, channel.key)
        found = [Suggestion(one.id, f"{one.id}: {one.topic or 'everything'}") for one in held]
        return [one for one in found if _begins(one.label, typed)][:MOST]

    async def watches(self, channel: Channel, typed: str) -> list[Suggestion]:
        """The watches of the channel."""
        held = await self._store.watches(channel.tenant, channel.key)
        found = [Suggestion(one.id, f"{one.id}: {one.label}") for one in held]
        return [one for one in found if _begins(one.label, typed)][:MOST]

    async def zones(self, _channel: Channel, typed: str) -> list[Suggestion]:
        """Time zones with a part that begins so; the configured one first."""
        names = sorted(available_timezones(), key=lambda name: (name != self._zone, "/" not in name, name))
        return _plain(name for name in names if _begins(name, typed))


def _begins(name: str, typed: str) -> bool:
    """Whether a word of the name begins so."""
    return f" {fold(typed.replace('_', ' '))}" in f" {fold(name.replace('_', ' '))}"


def _plain(names: Iterable[str]) -> list[Suggestion]:
    return [Suggestion(name, name) for name in list(dict.fromkeys(names))[:MOST]]
