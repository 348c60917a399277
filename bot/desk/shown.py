"""What the buttons below a briefing give: why, more, follow."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from bot.answers import Choice, Question, Quote, Support, Why
from bot.desk.answers import AnswerDesk
from bot.desk.fragments import passage_link
from bot.errors import NotFound
from bot.store import Store, shown_id
from bot.types import ArticleRef, Briefing, Channel, Digest, Importance, Length, Point, SourceKind

_PLACES: Final = 5  # places and sources that a story offers to follow
_SOURCES: Final = 5


class ShownDesk:
    """Keeps what was shown, with the words that supported it then: articles change."""

    def __init__(self, store: Store, answers: AnswerDesk) -> None:
        self._store = store
        self._answers = answers

    async def keep(self, channel: Channel, digest: Digest) -> str:
        """The id, 16 hexadecimal digits, under which the digest's buttons find it from now on, also after a restart."""
        ident = shown_id(channel.tenant, digest)
        if await self._store.is_shown(ident):
            return ident
        quotes = [await self._quotes(channel.tenant, briefing) for briefing in digest.briefings]
        return await self._store.keep_shown(channel.tenant, digest, tuple(quotes))

    async def why(self, channel: Channel, ident: str, number: int) -> Why:
        """What the briefing of that number, from 0, rested on when it was shown. Raises NotFound: long ago."""
        digest, quotes = await self._store.shown(channel.tenant, ident)
        briefing = _at(digest.briefings, number)
        cited = {article.id: article for article in briefing.articles}
        supports = (
            Support(point.text, tuple(_quote(cited[article], words) for article, words in supporting))
            for point, supporting in zip(briefing.points, quotes[number], strict=True)
        )
        return Why(briefing.headline, tuple(supports))

    async def more(self, channel: Channel, ident: str, number: int) -> Digest:
        """The story again, at length, from its articles as they are now. Raises NotFound: long ago."""
        briefing = await self._briefing(channel, ident, number)
        pairs = await self._answers.pairs(channel.tenant, [article.id for article in briefing.articles])
        if not pairs:
            raise NotFound("Its articles aren't kept any more: /brief a topic for what is new")
        story = await self._answers.story(channel.tenant, pairs, Length.LONG)
        return Digest("More", None, story.generated, (story,))

    async def follow(self, channel: Channel, ident: str, number: int) -> Question:
        """What of the story may be watched, as commands that do so here. Raises NotFound: nothing, or long ago."""
        briefing = await self._briefing(channel, ident, number)
        located = [p for p in briefing.places if p.place and p.importance is Importance.KEY][:_PLACES]
        named = [s.source for s in briefing.sources if s.source.kind is not SourceKind.UNNAMED][:_SOURCES]
        choices = [Choice(p.name, f"/watch add #{p.place.geonameid} as:place") for p in located if p.place]
        choices += [Choice(source.name, f"/watch add {source.name} as:source") for source in named]
        if not choices:
            raise NotFound("It names no place and no source to follow: /watch add takes words too")
        return Question("Post every new story here that touches …", tuple(choices))

    async def _briefing(self, channel: Channel, ident: str, number: int) -> Briefing:
        digest, _ = await self._store.shown(channel.tenant, ident)
        return _at(digest.briefings, number)

    async def _quotes(self, workspace: str, briefing: Briefing) -> tuple[tuple[tuple[str, str], ...], ...]:
        """For each point the words that support it; none of an article that has been forgotten since."""
        texts = {}
        for article in briefing.articles:
            with suppress(NotFound):
                texts[article.id] = (await self._store.article(workspace, article.id)).text
        return tuple(_supporting(point, texts) for point in briefing.points)


def _supporting(point: Point, texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """(article, words), each once, in order."""
    known = [evidence for evidence in point.evidence if evidence.article in texts]
    words = ((one.article, " ".join(one.span.of(texts[one.article]).split())) for one in known)
    return tuple(dict.fromkeys(words))


def _quote(article: ArticleRef, words: str) -> Quote:
    return Quote(words, article, passage_link(article.url, words) if article.url else None)


def _at(values: tuple[Briefing, ...], number: int) -> Briefing:
    """The value of that number; a button can't be trusted. Raises NotFound."""
    if not 0 <= number < len(values):
        raise NotFound("This post has no such story: ask again")
    return values[number]
