"""A digest as blocks: its stories one after another, each to be taken in at a glance on a phone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from adapters.blocks import Action, Block, Button, Buttons, Divider, Heading, Line, Picture, Run, Text
from adapters.inert import inert
from adapters.lines import highlighted, joined, labelled, names_in, plain, run, told
from adapters.wording import (
    article_line,
    flagged,
    numbers_of,
    shown_places,
    shown_sources,
    stances,
    standing,
    unnamed_sources,
)
from bot.types import Briefing, BriefingPlace, BriefingSource, Claim, Digest, Disagreement

_NOTHING: Final = (
    "Nothing to brief. `/brief since:7d` looks further back; `/feeds list` shows what is followed here, `/feeds add`"
    " follows more."
)
_POINTLESS: Final = "No sentence in it stands on its own, so there is nothing to brief."


def opening(digest: Digest) -> tuple[Block, ...]:
    """The digest's title, and what is to be said beside it."""
    notes = tuple(plain(note) for note in digest.notes if inert(note))
    return (Heading(plain(digest.title), 1), *([Text(notes)] if notes else []))


def overview(digest: Digest) -> tuple[Block, ...]:
    """The headlines of all the digest's stories, and a break: for after ``opening``, where the digest takes several
    messages. Empty for one story.
    """
    if len(digest.briefings) < 2:
        return ()
    return (Text(tuple((Run("• "), run(briefing.headline)) for briefing in digest.briefings)), Divider())


def stories(digest: Digest, zone: ZoneInfo, ident: str | None) -> tuple[Block, ...]:
    """The stories with a break between any two, and how many there are besides; or what to do where there are none."""
    if not digest.briefings:
        return (Text(told(_NOTHING)),)
    alone = len(digest.briefings) == 1  # among others a story keeps to what its points are about: More has the rest
    parts = [_story(briefing, number, zone, ident, alone=alone) for number, briefing in enumerate(digest.briefings)]
    blocks = [*parts[0], *(block for part in parts[1:] for block in (Divider(), *part))]
    if digest.left_out:
        count = f"{digest.left_out} more {'story' if digest.left_out == 1 else 'stories'}"
        blocks += [Divider(), Text(told(f"{count}: `/brief` a topic"), quiet=True)]
    return tuple(blocks)


def _story(briefing: Briefing, number: int, zone: ZoneInfo, ident: str | None, *, alone: bool) -> Iterator[Block]:
    yield Heading((run(briefing.headline, url=_address(briefing)),))
    yield Text(tuple(_points(briefing)) or (plain(_POINTLESS),))
    for disagreement in briefing.disagreements:
        yield from _disagreement(disagreement, briefing)
    about = (*_places(briefing), *_sources(briefing, alone=alone))
    if about:
        yield Text(about)
    others = _others(briefing) if alone else ()
    yield Text((*others, plain(standing(briefing)), *_articles(briefing, zone)), quiet=True)
    if any(place.place for place in briefing.places):
        yield Picture(number)
    if ident and (buttons := tuple(_buttons(briefing, number, ident))):
        yield Buttons(buttons)


def _address(briefing: Briefing) -> str | None:
    return next((article.url for article in briefing.articles if article.url), None)


def _buttons(briefing: Briefing, number: int, ident: str) -> Iterator[Button]:
    if briefing.points:
        yield Button(Action.WHY, "Why?", ident, number)
    yield Button(Action.MORE, "More", ident, number)
    if any(place.place for place in briefing.places) or shown_sources(briefing)[0]:
        yield Button(Action.FOLLOW, "Follow", ident, number)


# --- points and what contradicts them


def _points(briefing: Briefing) -> Iterator[Line]:
    places = {place.name: (place.name, *place.surface) for place in shown_places(briefing)[0] if place.place}
    for number, point in enumerate(briefing.points, 1):
        named = [name for place in point.places for name in places.get(place, ())]
        words = _attributed(point.text, briefing, point.sources, named)
        yield (Run(f"{number}. "), *words, *_cited(briefing, (evidence.article for evidence in point.evidence)))


def _disagreement(disagreement: Disagreement, briefing: Briefing) -> Iterator[Block]:
    yield Heading(plain(f"Disagreement: {disagreement.about}"), 3)
    yield Text(tuple((Run("• "), *_claim(claim, briefing)) for claim in disagreement.claims))


def _claim(claim: Claim, briefing: Briefing) -> Line:
    cited = _cited(briefing, [claim.article])
    if claim.source:
        return (*_attributed(claim.text, briefing, [claim.source], ()), *cited)
    own = next((article.outlet for article in briefing.articles if article.id == claim.article), None)
    return (run(own or "the article itself", italic=True), Run(f": {inert(claim.text)}"), *cited)


def _attributed(text: str, briefing: Briefing, sources: Iterable[str], places: Iterable[str]) -> Line:
    """The words with the places and those who say so set off; a speaker whom they don't name stands behind them."""
    aliases = {source.source.name: source.source.aliases for source in briefing.sources}
    speakers = {name: (name, *aliases.get(name, ())) for name in sources}
    words = highlighted(text, places, chain.from_iterable(speakers.values()))
    unnamed = [plain(name) for name, names in speakers.items() if not names_in(text, names)]
    by = joined(unnamed, ", ")
    return (*words, Run(" ("), *(replace(one, italic=True) for one in by), Run(")")) if by else words


def _cited(briefing: Briefing, articles: Iterable[str]) -> Line:
    """A space and the numbers of the articles, each leading there: ' [1][3]'."""
    urls = {number: article.url for number, article in enumerate(briefing.articles, 1)}
    numbers = numbers_of(briefing)
    cited = sorted({numbers[article] for article in articles})
    return (Run(" "), *(run(f"[{number}]", url=urls[number]) for number in cited))


# --- where, who, and what it rests on


def _places(briefing: Briefing) -> tuple[Line, ...]:
    key, _ = shown_places(briefing)
    return labelled("Places", [*_grouped(key), *_apart("not located:", _unlocated(key))], bold=True)


def _sources(briefing: Briefing, *, alone: bool) -> tuple[Line, ...]:
    named, _ = shown_sources(briefing, only_speaking=not alone)
    speaking, _ = unnamed_sources(briefing)
    return labelled("Sources", [*map(_who, named), *_apart("unnamed:", speaking)], bold=True)


def _others(briefing: Briefing) -> tuple[Line, ...]:
    """Places and sources that take no part in the points, by their names alone."""
    _, places = shown_places(briefing)
    _, named = shown_sources(briefing)
    _, unnamed = unnamed_sources(briefing)
    pinned = [plain(place.name) for place in places if place.place]
    return (
        *labelled("Other places:", pinned, ", "),
        *labelled("Not located:", map(plain, _unlocated(places)), ", "),
        *labelled("Other sources:", [plain(source.source.name) for source in named], ", "),
        *labelled("Unnamed:", map(plain, unnamed), ", "),
    )


def _grouped(places: Sequence[BriefingPlace]) -> Iterator[Line]:
    """The located places, those together that lie in the same: 'Kupiansk, Podoly 🇺🇦 Kharkiv Oblast'; a region only if
    no place is said to lie in it.
    """
    located = [(place.name, place.place) for place in places if place.place]
    named = {(place.country_code, place.admin1) for _, place in located if place.feature_code != "ADM1"}
    groups: dict[str, list[str]] = {}
    for name, place in located:
        if place.feature_code != "ADM1" or (place.country_code, place.name) not in named:
            groups.setdefault(flagged(place), []).append(name)
    for around, names in groups.items():
        yield plain(f"{', '.join(names)} {around}")


def _unlocated(places: Iterable[BriefingPlace]) -> list[str]:
    return [f"{p.name} (near {p.near})" if p.near else p.name for p in places if p.place is None]


def _apart(label: str, names: Iterable[str]) -> Iterator[Line]:
    """The names with what sets them apart before them; nothing where there are none."""
    if words := ", ".join(names):
        yield (Run(label, italic=True), Run(f" {inert(words)}"))


def _who(source: BriefingSource) -> Line:
    """'Dmitri Peskov, Kremlin spokesperson: says, denies'."""
    return plain(f"{', '.join(part for part in (source.source.name, source.source.role) if part)}: {stances(source)}")


def _articles(briefing: Briefing, zone: ZoneInfo) -> Iterator[Line]:
    """What each number stands for; the story's headline isn't said again where it is an outlet's title."""
    for number, article in enumerate(briefing.articles, 1):
        again = article.outlet and inert(article.title or "") == inert(briefing.headline)
        shown = replace(article, title=None) if again else article
        yield (Run(f"[{number}] "), run(article_line(shown, zone), url=article.url))
