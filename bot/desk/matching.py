"""Whether an article touches what is watched."""

from collections.abc import Collection
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.desk.wordfilter import Words, parse
from bot.errors import NotFound
from bot.reading.gazetteer import Gazetteer
from bot.store.values import fold
from bot.types import Article, MentionKind, Quiet, Reading, Watch, WatchKind


class Touched:
    """What one article touches; asked of by every watch on it."""

    def __init__(self, article: Article, reading: Reading, gazetteer: Gazetteer) -> None:
        self._article = article
        self._gazetteer = gazetteer
        self._words = Words(f"{article.title or ''}\n{article.text}")
        literal = (one.place for one in reading.toponyms if one.kind is MentionKind.LITERAL)
        self._places = {place.geonameid for place in literal if place is not None}
        speaking = {one.source for one in reading.attributions}
        self._sources = {
            fold(name) for one in reading.sources if one.name in speaking for name in (one.name, *one.aliases)
        }

    def by(self, watch: Watch) -> bool:
        """Whether the watch is to hear of the article: it touches what is watched, and isn't older than the watch.

        A place is touched where it, or what it contains, is named as a place; a source where it says something.
        """
        if not self._new_to(watch):
            return False
        match watch.kind:
            case WatchKind.PLACE:
                return any(self._within(int(watch.target), place) for place in self._places)
            case WatchKind.SOURCE:
                return fold(watch.target) in self._sources
            case WatchKind.WORDS:
                return parse(watch.target).matches(self._words)

    def _new_to(self, watch: Watch) -> bool:
        published, made = self._article.published, watch.created
        if published is None or made is None:
            return True
        day_only = published.time() == time(0)  # many publishers give no hour
        return published.date() >= made.date() if day_only else published >= made

    def _within(self, outer: int, inner: int) -> bool:
        try:
            return outer == inner or self._gazetteer.contains(outer, inner)
        except NotFound:  # a record of an older index
            return False


def watched(pairs: Collection[tuple[Article, Reading]], watches: Collection[Watch], gazetteer: Gazetteer) -> set[str]:
    """The ids of the articles that touch what one of the watches looks out for."""
    if not watches:
        return set()
    touched = ((article.id, Touched(article, reading, gazetteer)) for article, reading in pairs)
    return {ident for ident, one in touched if any(one.by(watch) for watch in watches)}


def is_quiet(quiet: Quiet | None, now: datetime) -> bool:
    """Whether the moment lies in the quiet hours, by the clock on the wall of their zone."""
    if quiet is None:
        return False
    clock = now.astimezone(ZoneInfo(quiet.zone)).time()
    if quiet.start <= quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end
