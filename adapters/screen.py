"""Answers as a terminal shows them: pure functions from what the desk gives to what rich prints."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from adapters.inert import inert, inert_url
from adapters.wording import (
    article_line,
    citation,
    coordinates,
    described,
    located,
    numbers_of,
    origin,
    quoted,
    shown_places,
    shown_sources,
    sparkline,
    stamp,
    standing,
    unnamed_sources,
    words_of,
)
from bot.answers import Coverage, Listing, Page, PlaceReport, Question, SourceReport, Voice, Voices, Why
from bot.types import Briefing, Digest, Disagreement, Point, Said


def digest_view(digest: Digest, zone: ZoneInfo, maps: Iterable[Path | None] = ()) -> RenderableType:
    """The digest as the console shows it; ``maps`` are the paths of its briefings' pictures, in their order."""
    pictures = list(maps) or [None] * len(digest.briefings)
    parts: list[RenderableType] = [Rule(Text(inert(digest.title), "bold"), style="dim")]
    parts += [Text(inert(note), "yellow") for note in digest.notes]
    for briefing, picture in zip(digest.briefings, pictures, strict=True):
        parts += [briefing_view(briefing, zone, picture), Text()]
    if not digest.briefings:
        parts.append(Text("Nothing yet. /feeds add an address, or put articles into a folder that is read.", "dim"))
    if digest.left_out:
        parts.append(
            Text(f"{digest.left_out} more {'story' if digest.left_out == 1 else 'stories'}: /brief a topic", "dim")
        )
    return Group(*parts)


def briefing_view(briefing: Briefing, zone: ZoneInfo, picture: Path | None = None) -> RenderableType:
    """One briefing: headline, points, places, sources, disagreements, articles and the picture's path."""
    numbers = numbers_of(briefing)
    parts: list[RenderableType] = [Text(inert(briefing.headline), "bold cyan"), Text()]
    parts += [_point(number, point, numbers) for number, point in enumerate(briefing.points, 1)]
    if not briefing.points:
        parts.append(Text("No sentence in it stands on its own, so there is nothing to brief.", "yellow"))
    if briefing.places:
        parts += [Text(), _places(briefing)]
    if briefing.sources:
        parts += [Text(), _sources(briefing)]
    parts += [_disagreement(d) for d in briefing.disagreements]
    parts += [Text(), Text(standing(briefing), "dim")]
    parts += [_article(numbers[a.id], article_line(a, zone), a.url and inert_url(a.url)) for a in briefing.articles]
    if picture:
        parts.append(Text.assemble("map  ", (str(picture), f"underline link {picture.as_uri()}"), style="dim"))
    return Group(*parts)


def place_view(report: PlaceReport, zone: ZoneInfo, maps: Iterable[Path | None] = ()) -> RenderableType:
    """A place, what it lies in and what lies in it, what is said of it and by whom, and how that has gone on."""
    parts: list[RenderableType] = [
        Text.assemble((report.place.name, "bold cyan"), "  ", (coordinates(report.place), "dim")),
        *([Text(inert("in " + ", ".join(report.contained_in)), "dim")] if report.contained_in else []),
        *([Text(inert("with " + ", ".join(report.contains)), "dim")] if report.contains else []),
    ]
    if not report.digest.briefings:
        nothing = "Nothing about it in what is followed here: a longer time, or /feeds add, may help."
        return Group(*parts, Text(nothing))
    if report.coverage:
        parts.append(_coverage(report.coverage, zone))
    parts.append(digest_view(report.digest, zone, maps))
    if report.voices:
        parts += [Text("Who speaks about it", "bold"), *_voices(report.voices, zone)]
    return Group(*parts)


def source_view(report: SourceReport, zone: ZoneInfo) -> RenderableType:
    """A source and its statements, newest first; quotation marks only around its very words."""
    source = report.source
    about = inert(f"{source.kind.value}{f', {source.role}' if source.role else ''}")
    parts: list[RenderableType] = [Text.assemble((inert(source.name), "bold cyan"), f"  {about}")]
    if source.aliases:
        parts.append(Text(inert("also written " + ", ".join(source.aliases)), "dim"))
    for said in report.said:
        parts += _said(said, zone)
    if not report.said:
        parts.append(Text("Nothing in that time; try since:30d."))
    return Group(*parts)


def voices_view(answer: Voices, zone: ZoneInfo) -> RenderableType:
    """Who has said what about a topic."""
    return Group(Text(f"Who said what about {inert(answer.about)}", "bold"), *_voices(answer.voices, zone))


def why_view(why: Why, zone: ZoneInfo) -> RenderableType:
    """A briefing's points with the words of the articles that support them."""
    parts: list[RenderableType] = [Text(f"Why? {inert(why.headline)}", "bold")]
    for number, support in enumerate(why.supports, 1):
        parts.append(Text(f"{number}. {inert(support.point)}"))
        for quote in support.quotes:
            link = f"link {inert_url(quote.link)}" if quote.link else ""
            parts.append(Text.assemble("  • ", f"{quoted(quote.text)} ", (f"({origin(quote.article, zone)})", link)))
    return Group(*parts)


def _voices(voices: Iterable[Voice], zone: ZoneInfo) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for voice in voices:
        parts.append(Text(inert(voice.name), "bold cyan"))
        for said in voice.said:
            parts += _said(said, zone)
    return parts


def _said(said: Said, zone: ZoneInfo) -> list[RenderableType]:
    line = Text.assemble("  • ", (said.statement.stance.value, "italic"), f": {words_of(said)}")
    return [line, Text("    " + article_line(said.article, zone), "dim")]


def _coverage(coverage: Coverage, zone: ZoneInfo) -> Text:
    count = sum(coverage.counts)
    articles = f"{count} article{'s' * (count != 1)} since {stamp(coverage.since, zone)}"
    return Text.assemble((sparkline(coverage.counts), "cyan"), (f"  {articles}", "dim"))


def page_view(page: Page) -> RenderableType:
    """The tables below one another."""
    parts: list[RenderableType] = []
    for listing in page.listings:
        parts += [listing_view(listing), Text()]
    return Group(*parts[:-1])


def question_view(question: Question) -> RenderableType:
    """The question with what to type for each choice."""
    lines = [Text.assemble("  ", (choice.command, "bold"), f"  {inert(choice.label)}") for choice in question.choices]
    return Group(Text(inert(question.text)), *lines)


def listing_view(listing: Listing) -> RenderableType:
    """The table, or what to do where it is empty."""
    if not listing.rows:
        return Text(f"{listing.title}: {listing.empty}")
    table = Table(title=listing.title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in listing.columns:
        table.add_column(column, style="bold" if column == listing.columns[0] else "")
    for row in listing.rows:
        table.add_row(*(Text(inert(cell)) for cell in row))
    return table


def _point(number: int, point: Point, numbers: dict[str, int]) -> RenderableType:
    cited = citation(sorted({numbers[evidence.article] for evidence in point.evidence}))
    text = Text.assemble(inert(point.text), " ", (cited, "dim"))
    for place in point.places:
        text.highlight_words([inert(place)], "bold")
    row = Table.grid(padding=(0, 1))
    row.add_row(Text(f"{number}.", "cyan"), text)
    return Padding(row, (0, 0, 0, 1))


def _places(briefing: Briefing) -> RenderableType:
    """Key places in a table, as many as are read; the others' names in a line."""
    key, others = shown_places(briefing)
    table = _table("Places", "in", "at")
    for place in key:
        at = coordinates(place.place) if place.place else ""
        table.add_row(Text(inert(place.name), "bold"), Text(located(place)), Text(at, "dim"))
    pinned = ", ".join(place.name for place in others if place.place)
    unknown = ", ".join(f"{p.name} (near {p.near})" if p.near else p.name for p in others if not p.place)
    return Group(table, *_more("also", pinned), *_more("not located", unknown))


def _sources(briefing: Briefing) -> RenderableType:
    """Those who speak in the points first, as many as are read; the others' names in a line."""
    shown, others = shown_sources(briefing)
    table = _table("Sources", "who", "statements")
    for source in shown:
        count = Text(str(len(source.statements)), "dim")
        table.add_row(Text(inert(source.source.name)), Text(described(source)), count)
    rows = [table] if shown else [Text("Sources", "bold")]
    return Group(
        *rows,
        *_more("also", ", ".join(s.source.name for s in others)),
        *_more("unnamed", ", ".join(chain(*unnamed_sources(briefing)))),
    )


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column == "statements" else "left")
    return table


def _more(label: str, names: str) -> list[Text]:
    return [Text(f"{label}: {inert(names)}", "dim")] if names else []


def _disagreement(disagreement: Disagreement) -> RenderableType:
    lines = [Text.assemble("\n", ("Disagreement ", "bold yellow"), inert(disagreement.about))]
    lines += [
        Text.assemble("  • ", (inert(claim.source or "the article itself"), "bold"), f": {inert(claim.text)}")
        for claim in disagreement.claims
    ]
    return Group(*lines)


def _article(number: int, line: str, url: str | None) -> Text:
    return Text.assemble(
        (f"[{number}] ", "dim"), (line, f"link {url}" if url else ""), (f"  {url}" if url else "", "dim underline")
    )
