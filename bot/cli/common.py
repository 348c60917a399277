"""What the commands share: options, running the app, showing answers and progress."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, NoReturn
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot import config as configuration
from bot import logs
from bot.answers import Answer
from bot.app import App, open_app
from bot.commands import since as parse_since
from bot.config import Config
from bot.ports import Progress as Report

UNFINISHED: Final = 130  # a shell's status for a command that Ctrl-C ended

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="the configuration file", show_default="config.toml, here or the user's")
]
SinceOption = Annotated[str | None, typer.Option("--since", help="how far back: 24h, 3d, yesterday or a date")]


def load(path: Path | None) -> Config:
    """The settings, from the file or the usual places; logging is set up as they say. Raises ConfigError."""
    settings = configuration.load(path)
    logs.set_up(settings.log.level, settings.log.form)
    return settings


def fail(message: str) -> NoReturn:
    """Ends the command with status 1 and the message on standard error."""
    for line in message.splitlines():
        typer.echo(f"dateline: {line}", err=True)
    raise SystemExit(1)


def at_a_terminal() -> bool:
    """Whether somebody is there to talk to; Python has None for a stream that was closed."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def run(work: Callable[[], Awaitable[None]], *, stopped: int = 0) -> None:
    """Runs the work; SIGTERM and Ctrl-C end it in good order, with status ``stopped``."""

    async def until_stopped() -> int:
        task = asyncio.ensure_future(work())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            if not task.cancelled():  # it has ended by itself, as rich does when nobody reads the output any more
                raise
            typer.echo("stopped", err=True)
            return stopped
        return 0

    if status := asyncio.run(until_stopped()):
        raise SystemExit(status)


def with_app(settings: Config, work: Callable[[App], Awaitable[None]]) -> None:
    """Does the work with an app on these settings, which is closed afterwards."""

    async def opened() -> None:
        with progress("Building the place index (once)") as index:
            async with open_app(settings, progress=index) as app:
                await work(app)

    run(opened, stopped=UNFINISHED)


async def show(app: App, pending: Awaitable[Answer]) -> None:
    """Prints the answer as the console adapter would."""
    console = Console()
    console.print(await app.console(console).view(await pending))


def moment(app: App, since: str | None) -> datetime | None:
    """The moment that the words stand for in the configured zone; None for none."""
    return parse_since(since, app.clock(), ZoneInfo(app.config.zone)) if since else None


@contextmanager
def progress(what: str, *, everywhere: bool = False) -> Iterator[Report]:
    """A progress bar on standard error from the first report on; on a terminal only, unless ``everywhere``."""
    bar = Progress(
        TextColumn(what),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    task = bar.add_task(what, total=None)

    def report(done: int, total: int) -> None:
        if not bar.live.is_started and done < total and (everywhere or bar.console.is_terminal):
            bar.start()
        bar.update(task, completed=done, total=total)
        if bar.live.is_started and done >= total:
            bar.stop()  # what is printed from now on is not the bar's to redraw

    try:
        yield report
    finally:
        if bar.live.is_started:  # a bar that was never shown would still end its line
            bar.stop()
