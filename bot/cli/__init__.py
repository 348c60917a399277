"""The ``dateline`` command. Results go to standard output, what goes wrong is a line on standard error and status 1."""

import asyncio
import json
import sys
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from adapters import formats
from adapters.console import CHANNEL
from adapters.screen import digest_view
from bot.app import App, alone, demo, open_app, serve
from bot.cli.chats import discord_cli, slack_cli
from bot.cli.common import ConfigOption, SinceOption, at_a_terminal, fail, load, moment, progress, run, show, with_app
from bot.cli.feeds import feeds_cli
from bot.cli.gazetteer import gazetteer_cli
from bot.cli.store import store_cli
from bot.config import Config
from bot.errors import DatelineError, FetchError, InputError, NotFound, UnreadableInput
from bot.news import files
from bot.types import Article, Digest, Length


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


cli: Final = typer.Typer(
    name="dateline",
    help="Short briefings of the news you follow: what happened, where, and who says so.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.add_typer(feeds_cli, name="feeds")
cli.add_typer(discord_cli)
cli.add_typer(slack_cli)
cli.add_typer(gazetteer_cli, name="gazetteer")
cli.add_typer(store_cli)

FormatOption = Annotated[Format, typer.Option("--format", help="how the result is printed")]


def main() -> None:
    """Runs the command line; every expected error becomes one line and status 1."""
    try:
        cli()
    except DatelineError as error:
        fail(str(error))
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has gone: nobody is left to tell
        sys.exit(1)


@cli.command("demo")
def demo_command(config: ConfigOption = None) -> None:
    """A digest of the sample articles in seeds/, then a prompt: no account, no key, no network."""
    settings = load(config)
    console = Console()

    async def work() -> None:
        with (
            tempfile.TemporaryDirectory(prefix="dateline-demo-") as folder,  # each demo has a store of its own
            progress("Building the place index (once)", everywhere=True) as index,
        ):
            own = settings.model_copy(update={"store": Path(folder) / "dateline.sqlite3"})
            async with open_app(own, workers=own.reading.workers, progress=index) as app:
                with progress("Reading the sample articles", everywhere=True) as reading:
                    await demo(app, app.console(console), _seeds(), reading, talk=at_a_terminal())

    run(work)


@cli.command("run")
def run_command(config: ConfigOption = None) -> None:
    """Starts the configured adapters and keeps to the schedule until stopped."""
    settings = load(config)

    async def work() -> None:
        with progress("Building the place index (once)", everywhere=True) as index:
            async with open_app(settings, workers=settings.reading.workers, progress=index) as app:
                chat = app.console(Console()) if settings.console.enabled else None
                with alone(settings.store):
                    await serve(app, chat, talk=at_a_terminal())

    run(work)


@cli.command("brief")
def brief_command(
    inputs: Annotated[list[str], typer.Argument(help="files, addresses, or - for standard input")],
    form: FormatOption = Format.TEXT,
    length: Annotated[Length | None, typer.Option("--length", help="3, 5 or 8 points")] = None,
    picture: Annotated[Path | None, typer.Option("--map", help="where to write the map of the first briefing")] = None,
    config: ConfigOption = None,
) -> None:
    """A briefing of the articles given; each story among them gets its own.

    What can't be read is named on standard error, and the status is 1; the other articles are briefed all the same.
    """
    settings = load(config)
    problems: list[str] = []
    # Before anything is opened: bad input leaves no trace.
    given = [one for name in inputs if (one := _given(name, settings, problems))]

    async def work(app: App) -> None:
        ids = [ident for one in given if (ident := await _take(app, one, problems))]
        if ids:
            digest = await app.desk.answers.given(list(dict.fromkeys(ids)), CHANNEL.tenant, length)
            _print(digest, form, settings)
            if picture:
                await _write_map(app, digest, picture)

    if given:
        with_app(settings, work)
    if problems:
        raise InputError("\n".join(problems))


@cli.command("where")
def where_command(
    place: Annotated[str, typer.Argument(help="a place's name")], since: SinceOption = None, config: ConfigOption = None
) -> None:
    """What the store knows about a named location."""
    settings = load(config)
    with_app(settings, lambda app: show(app, app.desk.answers.where(CHANNEL.tenant, place, moment(app, since))))


@cli.command("said")
def said_command(
    source: Annotated[str, typer.Argument(help="a source's name")],
    since: SinceOption = None,
    config: ConfigOption = None,
) -> None:
    """What a named source has said, newest first."""
    settings = load(config)
    with_app(settings, lambda app: show(app, app.desk.answers.said(CHANNEL.tenant, source, moment(app, since))))


@cli.command("show")
def show_command(
    article: Annotated[str, typer.Argument(help="an article's id, its first digits, or a file")],
    form: FormatOption = Format.TEXT,
    config: ConfigOption = None,
) -> None:
    """An article as it was taken in: the text that every offset points into."""
    settings = load(config)
    if _is_file(article):
        _print_article(_article(article, settings), form)
        return

    async def work(app: App) -> None:
        _print_article(await app.store.article(None, article), form)

    with_app(settings, work)


@cli.command("version")
def version_command() -> None:
    """The version of Dateline."""
    typer.echo(f"dateline {version('dateline')}")


# --- helpers of the commands


@dataclass(frozen=True, slots=True)
class _Given:
    """One input of `dateline brief`; an address has no article yet."""

    name: str
    article: Article | None


def _given(name: str, settings: Config, problems: list[str]) -> _Given | None:
    """The input, or None with what is wrong with it added to the problems."""
    if name.lower().startswith(("http://", "https://")):
        return _Given(name, None)
    try:
        return _Given("standard input" if name == "-" else name, _article(name, settings))
    except UnreadableInput as error:
        problems.append(str(error))
        return None


def _article(name: str, settings: Config) -> Article:
    """The article in the file, or on standard input for '-'. Raises UnreadableInput."""
    limit = settings.fetch.max_bytes
    if name != "-":
        return files.load(Path(name), limit=limit)
    if sys.stdin is None:
        raise UnreadableInput("standard input: it is closed; give it an article's text")
    data = sys.stdin.buffer.read(limit + 1)
    return files.from_bytes(data, origin="standard input", limit=limit)


async def _take(app: App, given: _Given, problems: list[str]) -> str | None:
    """The id under which the store has the article now, or None with what is wrong with it added to the problems."""
    if given.article is None:
        try:
            return (await app.desk.intake.page(CHANNEL.tenant, given.name)).id
        except (FetchError, InputError) as error:
            problems.append(str(error))
            return None
    taken = await app.desk.intake.add(CHANNEL.tenant, [given.article])
    problems += [f"{given.name}: {why}" for _, why in taken.failures]
    return None if taken.failures else given.article.id


async def _write_map(app: App, digest: Digest, path: Path) -> None:
    drawn = await app.desk.answers.map(digest.briefings[0])
    if drawn is None:
        raise NotFound(f"{path}: no map, since none of the places is located")
    try:
        await asyncio.to_thread(path.write_bytes, drawn)
    except OSError as error:
        raise InputError(f"{path}: the map can't be written: {error.strerror}") from error


def _print(digest: Digest, form: Format, settings: Config) -> None:
    zone = ZoneInfo(settings.zone)
    match form:
        case Format.JSON:
            typer.echo(json.dumps(formats.digest_json(digest), ensure_ascii=False, indent=1))
        case Format.MARKDOWN:
            typer.echo(formats.digest_markdown(digest, zone), nl=False)
        case Format.TEXT:
            Console().print(digest_view(digest, zone))


def _print_article(article: Article, form: Format) -> None:
    if form is Format.JSON:
        typer.echo(json.dumps(formats.article_json(article), ensure_ascii=False, indent=1))
    else:
        text = article.text if not sys.stdout.isatty() else "".join(map(_harmless, article.text))
        typer.echo(text, nl=not text.endswith("\n"), color=True)  # color: else what looks like an escape is cut out


def _harmless(character: str) -> str:
    """The character, or one in its place where a terminal would obey it."""
    return character if character.isprintable() or character in "\n\t" else "\N{REPLACEMENT CHARACTER}"


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except OSError:  # no file can have such a name
        return False


def _seeds() -> Path:
    folder = Path(__file__).parents[2] / "seeds"
    if not folder.is_dir():
        raise UnreadableInput(f"{folder}: the sample articles aren't there; run the demo in a checkout of the project")
    return folder
