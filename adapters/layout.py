"""Answers as blocks, once for all chat platforms: what is shown, in which order, and what leads where."""

from collections.abc import Iterable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

from adapters.blocks import Action, Block, Button, Buttons, Divider, Heading, Line, Run, Text
from adapters.inert import inert
from adapters.lines import joined, labelled, plain, run, told
from adapters.stories import opening, overview, stories
from adapters.wording import coordinates, day, flag, origin, quoted, sparkline, words_of
from bot.answers import (
    Answer,
    Coverage,
    Listing,
    Notice,
    Page,
    PlaceReport,
    Question,
    Quote,
    SourceReport,
    Support,
    Voice,
    Voices,
    Why,
)
from bot.types import Digest, Said

__all__ = ["layout", "overview"]

_TYPED: Final = {"command", "type", "id"}  # columns whose cells are something to type


def layout(answer: Answer, zone: ZoneInfo, ident: str | None = None, *, listed: bool = False) -> tuple[Block, ...]:
    """The answer as blocks, with times in the zone.

    ``ident`` is what its digest is kept under (``Desk.shown``); None: it gets no buttons. With ``listed`` a digest of
    several stories begins with their headlines, for a digest that takes more than one message.
    """
    match answer:
        case Digest():
            return (*opening(answer), *(overview(answer) if listed else ()), *stories(answer, zone, ident))
        case PlaceReport():
            return tuple(_place(answer, zone, ident))
        case SourceReport():
            return tuple(_source(answer, zone))
        case Voices():
            return (Heading(plain(f"Who said what about {answer.about}"), 1), *_voices(answer.voices, zone))
        case Why():
            return tuple(_why(answer, zone))
        case _:
            return tuple(_said_by_us(answer))


def _said_by_us(answer: Question | Listing | Page | Notice) -> Iterator[Block]:
    match answer:
        case Question():
            yield from _question(answer)
        case Listing():
            yield from _listing(answer, 1)
        case Page():
            yield from (block for listing in answer.listings for block in _listing(listing, 2))
        case Notice():
            yield Text(told(answer.text))


# --- places


def _place(report: PlaceReport, zone: ZoneInfo, ident: str | None) -> Iterator[Block]:
    yield Heading(plain(f"{report.place.name} {flag(report.place.country_code)}"), 1)
    within = [plain(f"in {', '.join(report.contained_in)}")] if report.contained_in else []
    yield Text((joined([*within, plain(coordinates(report.place))], " · "),), quiet=True)
    if report.contains:
        yield Text(labelled("in it:", [plain(name) for name in report.contains], ", "))
    if not report.digest.briefings:
        yield Text(told("Nothing about it in what is followed here: a longer time, or `/feeds add`, may help."))
        return
    if report.coverage:
        yield Text((_coverage(report.coverage, zone),))
    yield from stories(report.digest, zone, ident)
    if report.voices:
        yield from (Divider(), Heading(plain("Who speaks about it")), *_voices(report.voices, zone))


def _coverage(coverage: Coverage, zone: ZoneInfo) -> Line:
    count = sum(coverage.counts)
    articles = f" {count} article{'s' * (count != 1)} since {day(coverage.since, zone)}"
    return (run(sparkline(coverage.counts), code=True), Run(articles))


# --- those who speak


def _source(report: SourceReport, zone: ZoneInfo) -> Iterator[Block]:
    source = report.source
    yield Heading(plain(source.name), 1)
    about = [plain(source.role or source.kind.value)]
    if source.aliases:
        about.append(plain(f"also written {', '.join(source.aliases)}"))
    yield Text((joined(about, " · "),), quiet=True)
    yield Text(tuple(_said(said, zone) for said in report.said) or told("Nothing in that time; try `since:30d`."))


def _voices(voices: Iterable[Voice], zone: ZoneInfo) -> Iterator[Block]:
    for voice in voices:
        yield Text(((run(voice.name, bold=True),), *(_said(said, zone) for said in voice.said)))


def _said(said: Said, zone: ZoneInfo) -> Line:
    """'• denies: “…” (The Harbour Times, 18 Nov 2026)'."""
    stance = run(said.statement.stance.value, italic=True)
    return (Run("• "), stance, Run(f": {words_of(said)} "), *_origin(said, zone))


def _origin(passage: Said | Quote, zone: ZoneInfo) -> Line:
    link = passage.link if isinstance(passage, Quote) else passage.article.url
    return (Run("("), run(origin(passage.article, zone), url=link), Run(")"))


# --- what a briefing rests on


def _why(why: Why, zone: ZoneInfo) -> Iterator[Block]:
    yield Heading(plain(f"Why? {why.headline}"), 1)
    for number, support in enumerate(why.supports, 1):
        yield Text(tuple(_support(support, number, zone)))


def _support(support: Support, number: int, zone: ZoneInfo) -> Iterator[Line]:
    """The point with what it rests on below it; one line where it has the article's very words."""
    quotes = [_quote(quote, zone) for quote in support.quotes]
    if len(quotes) == 1 and inert(support.quotes[0].text) == inert(support.point):
        yield (Run(f"{number}. "), *quotes[0])
        return
    yield (run(f"{number}. {support.point}", bold=True),)
    yield from ((Run("• "), *quote) for quote in quotes)


def _quote(quote: Quote, zone: ZoneInfo) -> Line:
    return (Run(f"{quoted(quote.text)} "), *_origin(quote, zone))


# --- questions and tables


def _question(question: Question) -> Iterator[Block]:
    typed = [choice for choice in question.choices if choice.id is None]
    lines = [(Run("• "), run(choice.command, code=True), Run(f" {inert(choice.label)}")) for choice in typed]
    yield Text((*told(question.text), *lines))
    buttons = [Button(Action.CHOOSE, inert(choice.label), choice.id) for choice in question.choices if choice.id]
    if buttons:
        yield Buttons(tuple(buttons))


def _listing(listing: Listing, level: int) -> Iterator[Block]:
    yield Heading(plain(listing.title), level)
    if not listing.rows:
        yield Text(told(_to_type(listing.empty)))
        return
    yield Text(tuple(_row(listing.columns, row) for row in listing.rows))


def _row(columns: tuple[str, ...], row: tuple[str, ...]) -> Line:
    """The row as a line without its empty cells; from the third column on with the columns' names, as nobody sees those
    above.
    """
    cells = [(at, column, cell) for at, (column, cell) in enumerate(zip(columns, row, strict=True)) if inert(cell)]
    parts = [_cell(column, cell, first=nth == 0, named=at > 1) for nth, (at, column, cell) in enumerate(cells)]
    return (Run("• "), *joined(parts, " · "))


def _cell(column: str, cell: str, *, first: bool, named: bool) -> Line:
    typed = column in _TYPED or cell.startswith(("http://", "https://"))
    name = (Run(f"{column}: "),) if named else ()
    return (*name, run(cell, code=typed, bold=first and not typed))


def _to_type(text: str) -> str:
    """The text with the command at its end, if there is one, marked as something to type."""
    words, colon, command = text.rpartition(": /")
    return f"{words}: `/{command}`" if colon else text
