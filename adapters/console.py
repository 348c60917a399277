"""The console as a chat platform: rendering for a terminal, posting to it, and the prompt."""

import asyncio
import atexit
import hashlib
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from adapters.inert import inert, inert_url
from adapters.wording import article_line, citation, coordinates, described, located, numbers_of, standing
from bot import commands
from bot.answers import Answer, Listing, Notice, PlaceReport, Question, SourceReport
from bot.desk import Desk
from bot.errors import DatelineError
from bot.types import Briefing, Channel, Digest, Disagreement, Importance, Point, SourceKind

with suppress(ImportError):  # not on Windows
    import readline  # noqa: F401 (importing it gives the prompt its line editing and history)
if sys.platform != "win32":
    import termios

log: Final = structlog.get_logger()

CHANNEL: Final = Channel("console", "local", "main")
QUOTES: Final = "“”\"'‘’«»„ "
MOST_PLACES: Final = 8  # rows of a briefing's table of places
MOST_SOURCES: Final = 6  # likewise of sources
QUIT: Final = frozenset({"/quit", "/exit", "quit", "exit"})


# --- rendering: pure


def digest_view(digest: Digest, zone: ZoneInfo, maps: Iterable[Path | None] = ()) -> RenderableType:
    """The digest as the console shows it; ``maps`` are the paths of its briefings' pictures, in their order."""
    pictures = list(maps) or [None] * len(digest.briefings)
    parts: list[RenderableType] = [Rule(Text(inert(digest.title), "bold"), style="dim")]
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
    """A place, what it lies in, and what is said of it."""
    title = Text.assemble((report.place.name, "bold cyan"), "  ", (coordinates(report.place), "dim"))
    around = Text("in " + ", ".join(report.contained_in) if report.contained_in else "", "dim")
    if not report.digest.briefings:
        return Group(
            title, around, Text("Nothing about it in what is followed here: a longer time, or /feeds add, may help.")
        )
    return Group(title, around, digest_view(report.digest, zone, maps))


def source_view(report: SourceReport, zone: ZoneInfo) -> RenderableType:
    """A source and its statements, newest first; quotation marks only around its very words."""
    source = report.source
    about = inert(f"{source.kind.value}{f', {source.role}' if source.role else ''}")
    parts: list[RenderableType] = [Text.assemble((inert(source.name), "bold cyan"), f"  {about}")]
    if source.aliases:
        parts.append(Text(inert("also written " + ", ".join(source.aliases)), "dim"))
    for said in report.said:
        words = inert(said.text)
        quoted = f"“{words.strip(QUOTES).rstrip(',')}”" if said.statement.direct else words
        parts.append(Text.assemble("  • ", (said.statement.stance.value, "italic"), f": {quoted}"))
        parts.append(Text("    " + article_line(said.article, zone), "dim"))
    if not report.said:
        parts.append(Text("Nothing in that time; try since:30d."))
    return Group(*parts)


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
    key = [place for place in briefing.places if place.importance is Importance.KEY][:MOST_PLACES]
    table = _table("Places", "in", "at")
    for place in key:
        at = coordinates(place.place) if place.place else ""
        table.add_row(Text(inert(place.name), "bold"), Text(located(place)), Text(at, "dim"))
    others = [place for place in briefing.places if place not in key]
    pinned = ", ".join(place.name for place in others if place.place)
    unknown = ", ".join(f"{p.name} (near {p.near})" if p.near else p.name for p in others if not p.place)
    return Group(table, *_more("also", pinned), *_more("not located", unknown))


def _sources(briefing: Briefing) -> RenderableType:
    """Those who speak in the points first, as many as are read; the others' names in a line."""
    voices = {name for point in briefing.points for name in point.sources}
    named = [s for s in briefing.sources if s.source.kind is not SourceKind.UNNAMED]
    shown = sorted(named, key=lambda source: source.source.name not in voices)[:MOST_SOURCES]
    table = _table("Sources", "who", "statements")
    for source in shown:
        count = Text(str(len(source.statements)), "dim")
        table.add_row(Text(inert(source.source.name)), Text(described(source)), count)
    others = ", ".join(source.source.name for source in named if source not in shown)
    unnamed = ", ".join(s.source.name for s in briefing.sources if s.source.kind is SourceKind.UNNAMED)
    rows = [table] if shown else [Text("Sources", "bold")]
    return Group(*rows, *_more("also", others), *_more("unnamed", unnamed))


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


# --- posting and the prompt


class ConsoleChat:
    """The console as a platform with one channel: a ``bot.ports.Poster``, and a prompt for commands."""

    platform = CHANNEL.platform

    def __init__(self, console: Console, desk: Desk, pictures: Path) -> None:
        self._console = console
        self._desk = desk
        self._pictures = pictures
        self._zone = ZoneInfo(desk.zone)

    async def post(self, channel: Channel, digest: Digest, key: str) -> str:  # noqa: ARG002 (the port's signature)
        """Shows the digest; the id of the message is the delivery's key."""
        self._console.print(await self.view(digest))
        return key

    async def find(self, channel: Channel, key: str) -> str | None:  # noqa: ARG002 (the port's signature)
        """None: a terminal can't be asked what it has shown, so a post that was cut off is shown again."""
        return None

    async def view(self, answer: Answer) -> RenderableType:
        """The answer as the console shows it, with maps drawn where it has places."""
        match answer:
            case Digest():
                return digest_view(answer, self._zone, await self._maps(answer))
            case PlaceReport():
                return place_view(answer, self._zone, await self._maps(answer.digest))
            case SourceReport():
                return source_view(answer, self._zone)
            case Question():
                return question_view(answer)
            case Listing():
                return listing_view(answer)
            case Notice():
                return Text(inert(answer.text))

    async def converse(self) -> None:
        """Takes commands and questions until /quit or the end of input."""
        self._console.print(Text("Type /help, a question, or /quit.", "dim"))
        _keep_terminal()
        while (line := await self._typed()) is not None and line.strip().lower() not in QUIT:
            if line.strip():
                await self.respond(line)

    async def respond(self, line: str) -> None:
        """Shows the answer to what was typed, or in words what is wrong with it."""
        try:
            answer = await commands.answer(self._desk, line, CHANNEL)
        except DatelineError as error:
            self._console.print(Text(inert(str(error)), "yellow"))
        else:
            self._console.print(await self.view(answer))

    async def _typed(self) -> str | None:
        """The next line, or None at the end of input. Its thread is a daemon: nothing can interrupt a read, and a
        pool's thread would keep a process that is told to stop until somebody presses Enter.
        """
        loop = asyncio.get_running_loop()
        line: asyncio.Future[str | None] = loop.create_future()

        def settle(typed: str | None) -> None:
            if not line.done():
                line.set_result(typed)

        def read() -> None:
            typed = self._ask()
            with suppress(RuntimeError):  # the loop has gone: nobody waits for the line
                loop.call_soon_threadsafe(settle, typed)

        threading.Thread(target=read, daemon=True).start()
        return await line

    def _ask(self) -> str | None:
        """The line; None at the end of input, or where the terminal has gone."""
        try:
            return self._console.input("[bold cyan]dateline>[/] ")
        except (EOFError, OSError):
            return None
        except UnicodeError:
            return "/"  # bytes that are no text: no command, and the answer says so

    async def _maps(self, digest: Digest) -> list[Path | None]:
        return [await self._map(briefing) for briefing in digest.briefings]

    async def _map(self, briefing: Briefing) -> Path | None:
        picture = await self._desk.answers.map(briefing)
        if picture is None:
            return None
        path = self._pictures / f"{hashlib.sha256(picture).hexdigest()[:12]}.png"
        try:
            await asyncio.to_thread(_write, path, picture)
        except OSError as error:  # a full disk costs the picture, not the briefing
            log.warning("the map can't be written", path=str(path), error=error.strerror)
            return None
        return path


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _keep_terminal() -> None:
    """Has the terminal's modes put back when the process ends: a prompt that is left in the middle keeps its own.

    Only then is it certain that the prompt's thread, which can't be stopped, doesn't change them afterwards.
    """
    if sys.platform == "win32" or sys.stdin is None or not sys.stdin.isatty():
        return
    modes = termios.tcgetattr(sys.stdin)

    def put_back() -> None:
        with suppress(termios.error):  # the terminal has gone
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, modes)

    atexit.register(put_back)
