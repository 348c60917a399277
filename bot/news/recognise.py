"""Which entries of a feed are new, which are old acquaintances, and which of those say something else now.

Feeds rewrite what ought to be fixed: dates, ids, links. So an entry that is offered under an unknown id is looked for
by its address and by its words too, before it counts as new.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import chain
from urllib.parse import urlsplit

from bot.news.identity import article_id, canonical_url
from bot.types import FeedEntry

_TAGS = re.compile(r"<[^>]*>")
_TELLING = 80  # characters of title and text together; fewer may well be said twice: 'Weather warning'
_FEW = 0.5  # of the known entries: more that claim an update at once are a feed that rewrites its dates


@dataclass(frozen=True, slots=True)
class Trace:
    """What is remembered of an entry, to know it again."""

    id: str
    link: str | None  # the id that its address would give an article; a front page gives none
    digest: str | None  # of its words; None: not known; empty: it is still to be taken in
    updated: datetime | None = None
    article: str | None = None  # the id of the article that it became; None: of none
    background: bool = False  # it was there before the feed was followed


class State(Enum):
    """How an entry stands to what is remembered."""

    NEW = "new"
    CHANGED = "changed"
    RENAMED = "renamed"  # the same words under another id
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Recognised:
    """An entry, its trace, and what was remembered of it."""

    entry: FeedEntry
    trace: Trace  # as it is to be remembered
    state: State
    shared: bool = False  # entries that say something else have its address too, or had: a live report


def trace_of(entry: FeedEntry) -> Trace:
    """What is to be remembered of the entry."""
    words = " ".join(_TAGS.sub(" ", f"{entry.title or ''}\n{entry.html or ''}").split())
    digest = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32] if words else None
    link = article_id(entry.url) if entry.url and not _is_front_page(entry.url) else None
    return Trace(entry.id, link, digest, entry.updated)


def recognise(entries: Sequence[FeedEntry], traces: Sequence[Trace], known: Iterable[Trace]) -> list[Recognised]:
    """Each of a feed's entries, of which these are the ``traces``, with how it stands to the ``known`` ones.

    An entry is the one of the same id; else the one of the same address, if no other entry has or had that; else
    the one with the same words, if they are enough to tell. A known entry whose own id the feed still has is taken.
    It has changed when its words have, or when it says that it was updated and few others say so at once.
    """
    known = list(known)
    finder = _Finder(traces, known, entries)
    pairs = [(entry, trace, finder.find(entry, trace)) for entry, trace in zip(entries, traces, strict=True)]
    claims = [bool(was and _claims_update(trace, was)) for _, trace, was in pairs]
    credible = sum(claims) <= max(1, _FEW * sum(was is not None for _, _, was in pairs))
    now, ever = _said_at(traces), _said_at(traces, known)
    return [
        Recognised(
            entry,
            _carried(trace, was),
            _state(trace, was, updated=claim and credible),
            shared=trace.link is not None and len((now if was else ever)[trace.link]) > 1,
        )
        for (entry, trace, was), claim in zip(pairs, claims, strict=True)
    ]


def _is_front_page(url: str) -> bool:
    """Whether the address names a site, and no page of it."""
    parts = urlsplit(canonical_url(url))
    return not parts.path.strip("/") and not parts.query


def _said_at(*groups: Iterable[Trace]) -> dict[str, set[str | None]]:
    """The digests of what the entries of each address say."""
    said: dict[str, set[str | None]] = {}
    for trace in chain(*groups):
        if trace.link is not None:
            said.setdefault(trace.link, set()).add(trace.digest)
    return said


class _Finder:
    """Finds what is remembered of an entry; each memory serves one entry."""

    def __init__(self, traces: Sequence[Trace], known: Sequence[Trace], entries: Sequence[FeedEntry]) -> None:
        present = {trace.id for trace in traces}
        free = [trace for trace in known if trace.id not in present]
        self._by_id = {trace.id: trace for trace in known}
        articles = Counter(link for link, _ in {(trace.link, trace.article) for trace in known})
        self._by_link = {trace.link: trace for trace in free if trace.link and articles[trace.link] == 1}
        self._by_words = {trace.digest: trace for trace in free if trace.digest}
        self._links = Counter(trace.link for trace in traces)
        self._telling = {
            trace.id for trace, entry in zip(traces, entries, strict=True) if len(entry.html or "") >= _TELLING
        }

    def find(self, entry: FeedEntry, trace: Trace) -> Trace | None:
        """What is remembered of the entry, or None."""
        if same := self._by_id.get(entry.id):
            return same
        found = self._by_link.get(trace.link or "") if self._links[trace.link] == 1 else None
        if found is None and trace.id in self._telling:
            found = self._by_words.get(trace.digest or "")
        if found is not None:  # its memory is spent: the next entry that looks like it is another
            self._by_link.pop(found.link or "", None)
            self._by_words.pop(found.digest or "", None)
        return found


def _claims_update(trace: Trace, was: Trace) -> bool:
    return bool(trace.updated and was.updated and trace.updated > was.updated)


def _carried(trace: Trace, was: Trace | None) -> Trace:
    """The trace with what only memory knows."""
    if was is None:
        return trace
    return Trace(trace.id, trace.link, trace.digest, trace.updated, was.article, was.background)


def _state(trace: Trace, was: Trace | None, *, updated: bool) -> State:
    if was is None:
        return State.NEW
    if updated or (was.digest is not None and trace.digest != was.digest):
        return State.CHANGED
    return State.SAME if (was.id, was.link, was.digest) == (trace.id, trace.link, trace.digest) else State.RENAMED
