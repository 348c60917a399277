"""Briefings in a language model's words, where there is one, it holds up, and the day's budget allows it."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Self
from weakref import WeakValueDictionary

import structlog

from bot.briefing.llm import check, prompt, reply
from bot.errors import BudgetSpent, WriterError
from bot.ports import Clock, Writer
from bot.store import Cost, Store
from bot.types import Article, Briefing, Digest, Length, Prompt, Reading, Reply

log: Final = structlog.get_logger()

Read = tuple[Article, Reading]

UNLIMITED: Final = Cost()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the model may take. Limits are for a day of UTC; 0 is no limit."""

    seconds: float = 20.0  # for all briefings of a digest together
    whole: Cost = UNLIMITED  # of all workspaces
    each: Cost = UNLIMITED  # of one workspace
    price_in: float = 0.0  # money for a million tokens that are sent
    price_out: float = 0.0  # likewise that come back
    keep: timedelta = timedelta(days=30)  # how long a reply is used again

    def cost(self, tokens_in: int, tokens_out: int) -> Cost:
        """What so many tokens cost; a price for a million is one of millionths for each."""
        return Cost(tokens_in + tokens_out, round(tokens_in * self.price_in + tokens_out * self.price_out))


class Rewriting:
    """Puts what the model writes in place of extractive points. A failure leaves the briefing as it is, with a note."""

    def __init__(self, store: Store, writer: Writer, bounds: Bounds, clock: Clock) -> None:
        self._store = store
        self._writer = writer
        self._bounds = bounds
        self._clock = clock
        self._rests_until = clock()  # after a failure that the next question would only repeat
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def digest(self, workspace: str, digest: Digest, pairs: Collection[Read], length: Length) -> Digest:
        """The digest with each briefing rewritten if that works in the time there is; ``workspace`` pays for it."""
        by_id = {article.id: (article, reading) for article, reading in pairs}
        material = [_Material.of(one, by_id) for one in digest.briefings]
        sentences = await asyncio.to_thread(lambda: [prompt.offered(one.articles, one.readings) for one in material])
        deadline = asyncio.get_running_loop().time() + self._bounds.seconds
        made = (
            self._briefing(workspace, one, offered, length.points, deadline)
            for one, offered in zip(material, sentences, strict=True)
        )
        return replace(digest, briefings=tuple(await asyncio.gather(*made)))

    async def _briefing(
        self, workspace: str, of: "_Material", sentences: Sequence[prompt.Offered], most: int, deadline: float
    ) -> Briefing:
        if not sentences:  # another language, or nothing that stands alone
            return of.briefing
        try:
            answer = await self._answer(workspace, prompt.ask(sentences, most), deadline)
            made = await asyncio.to_thread(of.rewritten, answer, sentences, most, self._writer.model)
        except WriterError as error:
            log.warning("not written by the model", model=self._writer.model, reason=str(error))
            return replace(of.briefing, note=str(error))
        log.info("written", model=made.method, points=len(made.points), dropped=made.dropped)
        return made

    async def _answer(self, workspace: str, question: Prompt, deadline: float) -> str:
        """The model's answer, asked for once however many want it and however often they come back."""
        key = prompt.key(question, self._writer.model)
        async with self._turns.setdefault(key, asyncio.Lock()):
            kept = await self._store.llm_reply(key)
            if kept is not None:
                return kept
            answer = await self._paid(workspace, question, deadline)
            await self._store.keep_llm_reply(key, answer, self._bounds.keep)
            return answer

    async def _paid(self, workspace: str, question: Prompt, deadline: float) -> str:
        """A fresh answer. What it may cost at most is set aside first, so that many at once can't overspend."""
        if self._clock() < self._rests_until:
            raise WriterError("it failed a moment ago")
        asked = prompt.tokens(question.system) + prompt.tokens(question.data)
        most = self._bounds.cost(asked, question.most_tokens)
        reserved = await self._store.reserve_llm(workspace, most, whole=self._bounds.whole, each=self._bounds.each)
        if reserved is None:
            raise BudgetSpent("the day's budget is spent")
        try:
            answer = await self._asked(question, deadline)
        except WriterError as error:
            self._rests_until = self._clock() + timedelta(seconds=error.rest)
            if not error.billed:
                await self._store.settle_llm(reserved, Cost())
            raise
        await self._store.settle_llm(reserved, self._bounds.cost(answer.tokens_in, answer.tokens_out))
        return answer.text

    async def _asked(self, question: Prompt, deadline: float) -> Reply:
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            raise WriterError("it took too long")
        return await self._writer.write(question, within=left)


@dataclass(frozen=True, slots=True)
class _Material:
    """An extractive briefing with the articles that it rests on."""

    briefing: Briefing
    articles: tuple[Article, ...]
    readings: tuple[Reading, ...]

    @classmethod
    def of(cls, briefing: Briefing, by_id: Mapping[str, Read]) -> Self:
        members = [by_id[one.id] for one in briefing.articles]
        return cls(briefing, tuple(article for article, _ in members), tuple(reading for _, reading in members))

    def rewritten(self, answer: str, sentences: Sequence[prompt.Offered], most: int, model: str) -> Briefing:
        """The briefing with what holds up of the model's answer. Raises WriterError where that is too little."""
        checked = check.check(reply.drafts(answer), sentences, most)
        log.debug("sentences dropped", model=model, reasons=checked.dropped)
        return check.rewritten(self.briefing, self.articles, self.readings, checked, model)
