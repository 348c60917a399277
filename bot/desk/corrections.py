"""Posts set right when an article that they rest on is corrected."""

import asyncio
import difflib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from bot.delivery import Outbox
from bot.desk.answers import AnswerDesk
from bot.errors import NotFound
from bot.ports import Clock
from bot.store import Correction, Store
from bot.types import Briefing, Channel, Delivery, Digest, Span

log: Final = structlog.get_logger()

REACH: Final = timedelta(days=3)  # how old a post may be and still be edited: nobody reads it again after that
_LIKE: Final = 0.6  # likeness of two sentences from which on one is taken for the correction of the other
_LONGEST: Final = 200  # characters of the words that a note quotes


class CorrectionDesk:
    """Looks at what was corrected, and has the posts edited in which a point's own words have changed."""

    def __init__(self, store: Store, answers: AnswerDesk, outbox: Outbox, clock: Clock, zone: ZoneInfo) -> None:
        self._store = store
        self._answers = answers
        self._outbox = outbox
        self._clock = clock
        self._zone = zone  # in which the time of an update is shown

    async def run(self) -> int:
        """How many posts are to be edited now, for corrections that have been read since the last time."""
        count = 0
        for correction in await self._store.corrections():
            posts = await self._store.citing(correction.article.id, self._clock() - REACH)
            restated = [(post, made) for post in posts if (made := await self._restated(post, correction))]
            await self._keep(correction, restated)
            count += len(restated)
        return count

    async def _restated(self, post: Delivery, correction: Correction) -> Digest | None:
        """What the post should show; None if it may stay as it is."""
        workspace = Channel.of(post.channel).tenant
        if not await self._seen(workspace, correction):
            return None
        sentences = await self._sentences(workspace, correction)
        briefings, notes = [], []
        for briefing in post.digest.briefings:
            if changed := _changed(briefing, correction):
                notes += [await asyncio.to_thread(self._note, words, sentences) for words in changed]
                briefings.append(await self._anew(workspace, briefing))
            else:
                briefings.append(briefing)
        if not notes:
            return None
        return replace(post.digest, briefings=tuple(briefings), notes=(*post.digest.notes, *notes))

    async def _seen(self, workspace: str, correction: Correction) -> bool:
        """Whether the corrected words are those that the workspace sees: another feed may give it others."""
        try:
            seen = await self._store.article(workspace, correction.article.id)
        except NotFound:
            return False
        return seen.text == correction.article.text

    async def _anew(self, workspace: str, briefing: Briefing) -> Briefing:
        pairs = await self._answers.pairs(workspace, [article.id for article in briefing.articles])
        return await self._answers.story(workspace, pairs) if pairs else replace(briefing, points=())

    async def _sentences(self, workspace: str, correction: Correction) -> list[str]:
        """The sentences of the corrected text; none if it can't be read."""
        pairs = await self._answers.pairs(workspace, [correction.article.id])
        return [" ".join(one.span.of(a.text).split()) for a, reading in pairs for one in reading.sentences]

    def _note(self, words: str, sentences: Sequence[str]) -> str:
        """What has become of the words: the sentence that is most like them, if one is, stands in their place."""
        near = difflib.get_close_matches(words, sentences, n=1, cutoff=_LIKE)
        now = f"is now “{_short(near[0])}”" if near else "is no longer in the article"
        return f"updated {self._clock().astimezone(self._zone):%H:%M}: “{_short(words)}” {now}"

    async def _keep(self, correction: Correction, restated: Sequence[tuple[Delivery, Digest]]) -> None:
        """Has the posts edited; what no longer fits into a post goes into its thread."""
        edits: list[tuple[str, Digest]] = []
        more: list[Delivery] = []
        for post, digest in restated:
            key = f"{post.key}/updated {self._clock().isoformat()}"
            parts = self._outbox.parts(key, Channel.of(post.channel), digest, post.owner)
            edits.append((post.key, _same_part(post.digest, [part.digest for part in parts])))
            if post.digest.part == post.digest.parts - 1:  # the last one: what the posts don't hold follows it
                more += [replace(part, root=post.root or post.key) for part in parts[post.digest.parts :]]
        await self._store.corrected(correction, edits, more)
        if edits:
            log.info("posts to be edited", article=correction.article.id, posts=len(edits))


def _same_part(shown: Digest, parts: Sequence[Digest]) -> Digest:
    """The digest that stands where ``shown`` stood; where there are fewer parts now, one past the last."""
    return parts[shown.part] if shown.part < len(parts) else replace(parts[0], part=shown.part, parts=shown.parts)


def _changed(briefing: Briefing, correction: Correction) -> list[str]:
    """The words of the article that points rest on and that it no longer has."""
    now = " ".join(correction.article.text.split())
    spans: dict[Span, None] = {
        one.span: None for point in briefing.points for one in point.evidence if one.article == correction.article.id
    }
    words = (" ".join(span.of(correction.before).split()) for span in spans)
    return [one for one in words if one and one not in now]


def _short(words: str) -> str:
    if len(words) <= _LONGEST:
        return words
    return words[:_LONGEST].rsplit(" ", 1)[0] + " …"
