"""What of the model's answer may be shown: sentences that follow from exactly the sentences that they cite.

Stricter than ``support.check`` alone, which judges sentences of our own that only lost words: a model joins, swaps and
smooths. What is refused costs a sentence; what is let through costs trust.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.briefing import places, support, words
from bot.briefing.llm.exact import turned
from bot.briefing.llm.prompt import Offered
from bot.briefing.llm.reply import Draft
from bot.briefing.llm.text import english, foreign, undressed
from bot.briefing.phrases import word
from bot.briefing.points import TWICE
from bot.briefing.support.turned import tells
from bot.briefing.trim import stands_alone
from bot.errors import WriterError
from bot.types import Article, Briefing, Point, Reading, Source, SourceKind

MOST_CITED: Final = 3
USED: Final = 0.25  # share of words that a point must have in common with each sentence that it cites
LEAST: Final = 2  # points that must be left, where as many were wanted


@dataclass(frozen=True, slots=True)
class Checked:
    """What held up, in the model's order, and why the rest didn't."""

    points: tuple[Point, ...]
    dropped: tuple[str, ...]  # a reason for each


def check(drafts: Sequence[Draft], sentences: Sequence[Offered], most: int) -> Checked:
    """At most that many points. What the model wrote beyond them isn't looked at."""
    kept: list[Point] = []
    dropped: list[str] = []
    for draft in drafts:
        if len(kept) == most:
            break
        text = _ended(undressed(draft.text))
        cited = _cited(draft, sentences)
        reason = next(_faults(text, cited, kept), None)
        if reason:
            dropped.append(reason)
        else:
            kept.append(_point(text, cited))
    return Checked(tuple(kept), tuple(dropped))


def rewritten(
    briefing: Briefing, articles: Sequence[Article], readings: Sequence[Reading], checked: Checked, model: str
) -> Briefing:
    """The briefing with the checked points in place of its own; the headline stays the articles'.

    Raises:
        WriterError: too few points are left to make a briefing.
    """
    if len(checked.points) < min(LEAST, len(briefing.points)):
        raise WriterError("too little of it was supported by the articles", billed=True)
    return replace(
        briefing,
        points=checked.points,
        places=places.key_places(articles, readings, checked.points),
        method=model,
        dropped=len(checked.dropped),
    )


def _ended(text: str) -> str:
    return text if re.search(r"[.!?…][\"”’'»)]*$", text) else f"{text}." if text else text


def _cited(draft: Draft, sentences: Sequence[Offered]) -> list[Offered]:
    """The sentences that the draft cites; none if one of its numbers stands for none."""
    if not all(0 < number <= len(sentences) for number in draft.cites):
        return []
    return [sentences[number - 1] for number in draft.cites]


def _point(text: str, cited: Sequence[Offered]) -> Point:
    evidence = tuple(dict.fromkeys(piece for one in cited for piece in one.point.evidence))
    sources = tuple(dict.fromkeys(name for one in cited for name in one.point.sources))
    named = [places.label(one) for each in cited for one in each.toponyms if one.name in text]
    return Point(text, evidence, sources, tuple(dict.fromkeys(named)))


# --- what speaks against a sentence


def _faults(text: str, cited: Sequence[Offered], kept: Sequence[Point]) -> Iterator[str]:
    """Every reason not to show it, the plainest first."""
    if not 1 <= len(cited) <= MOST_CITED:
        yield "it doesn't cite one to three of the sentences"
        return
    if foreign(text) or not english(text):
        yield "it holds more than words"
    if [text] != [one.point.text for one in cited]:  # else it is what would be shown without a model
        yield from _reworded(text, cited)
    if any(words.overlap(words.terms(text), words.terms(point.text)) >= TWICE for point in kept):
        yield "it says again what another says"


def _reworded(text: str, cited: Sequence[Offered]) -> Iterator[str]:
    shown = [piece for one in cited for piece in one.shown]
    if not stands_alone(text, own="" if any(one.sources for one in cited) else text):
        yield "it can't stand alone"
    yield from support.check(text, shown, reworded=True).reasons
    yield from turned(text, " ".join(shown))
    yield from _misjoined(text, cited)
    yield from _misquoted(text, cited)
    yield from _misattributed(text, cited)


_CLAUSE: Final = re.compile(r"[,;:]|\b(?:and|but|while|whereas|as|after|before)\b")
_NAME: Final = re.compile(r"\b[A-Z][\w’'-]*\w")


def _misjoined(text: str, cited: Sequence[Offered]) -> Iterator[str]:
    """Whether it puts together what the sentences don't: a clause's names and numbers must stand in one of them."""
    groups = [_facts(" ".join(one.shown)) | set(words.terms(" ".join(one.shown))) for one in cited]
    known = set[str | float]().union(*groups)
    for clause in _CLAUSE.split(text):
        if not any(_facts(clause) & known <= group for group in groups):
            yield "it joins what its sentences keep apart"
    if any(words.overlap(words.terms(text), words.terms(one.shown[0])) < USED for one in cited):
        yield "it cites what it doesn't use"


def _facts(text: str) -> set[str | float]:
    """The names, as stems, and the numbers of the text."""
    names = {words.stem(name) for name in _NAME.findall(text)} - words.STOP
    return names | {value for value, _, _ in words.quantities(text)}


_QUOTATION: Final = re.compile(r"[“\"«]([^“”\"«»]+)[”\"»]")


def _misquoted(text: str, cited: Sequence[Offered]) -> Iterator[str]:
    """Whether it puts in quotation marks what the article doesn't: a paraphrase is no quotation."""
    quoted = " ".join(words_ for one in cited for piece in one.shown for words_ in _QUOTATION.findall(piece))
    for words_ in _QUOTATION.findall(text):
        if " ".join(words.tokens(words_)).lower() not in " ".join(words.tokens(quoted)).lower():
            yield "it quotes what nobody said in these words"


_SAYS: Final = word("says")


def _misattributed(text: str, cited: Sequence[Offered]) -> Iterator[str]:
    """Whether a speaker is lost, or could have got another's words."""
    speakers = list(dict.fromkeys(source for one in cited for source in one.sources))
    shown = " ".join(piece for one in cited for piece in one.shown)
    if _SAYS.search(text) and not speakers and not _SAYS.search(shown):
        yield "it puts words into somebody's mouth"
    if speakers and tells(shown) and not tells(text):  # 'X called it an insult' has no word of saying to keep
        yield "it leaves out who says so"
    if any(not _names(text, source, shown) for source in speakers):
        yield "it leaves out who says so"
    if len({one.point.sources for one in cited if one.sources}) > 1:
        yield "it joins the words of several"
    if len(speakers) > 1 and _order(text, speakers) != _order(cited[0].shown[0], speakers):
        yield "it exchanges the speakers"


def _names(text: str, source: Source, shown: str) -> bool:
    """Whether the text names the source by a word of its name, or, where that stands nowhere, as it is called."""
    parts = {part for name in (source.name, *source.aliases) for part in words.tokens(name) if len(part) > 2}
    if source.kind is not SourceKind.UNNAMED:
        parts = {part for part in parts if part[0].isupper() and part in shown} or parts
    return not {words.stem(part) for part in parts}.isdisjoint(words.terms(text))


def _order(text: str, speakers: Sequence[Source]) -> list[str]:
    """The speakers as they are first named in the text."""
    low = text.lower()
    return sorted((one.name for one in speakers), key=lambda name: low.find(name.split()[-1].lower()))
