"""``dateline backup``, ``restore`` and ``export``: the store as files."""

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, TextIO

import typer

from adapters import formats
from bot.app import alone, utc_now
from bot.cli.common import ConfigOption, load, progress, run
from bot.errors import InputError
from bot.news import opml
from bot.store import Following, Store, backup
from bot.types import Article, Reading

PAGE: Final = 200  # articles that are in memory at a time

store_cli: Final = typer.Typer()


@store_cli.command("backup")
def backup_command(
    file: Annotated[Path, typer.Argument(help="where the copy goes")], config: ConfigOption = None
) -> None:
    """Copies the store to a file, also while `dateline run` is at work."""
    settings = load(config)
    with progress("Copying the store") as report:
        backup.backup(settings.store, file, report)
    typer.echo(f"{file}: a copy of {settings.store}")


@store_cli.command("restore")
def restore_command(
    file: Annotated[Path, typer.Argument(help="a copy that `dateline backup` made")], config: ConfigOption = None
) -> None:
    """Puts a copy in the store's place; not while `dateline run` is at work."""
    settings = load(config)
    with alone(settings.store), progress("Copying the store") as report:
        backup.restore(file, settings.store, report)
    typer.echo(f"{settings.store}: now what {file} holds")


@store_cli.command("export")
def export_command(
    file: Annotated[Path, typer.Argument(help="where the lines go; - for standard output")] = Path("-"),
    feeds: Annotated[Path | None, typer.Option(help="where the feeds that are followed go as well, as OPML")] = None,
    config: ConfigOption = None,
) -> None:
    """Writes every article with what was found in it as a line of JSON; `docs/store.md` says what is in one."""
    settings = load(config)

    async def work() -> None:
        async with await Store.open(settings.store) as store:
            with _open(file) as lines:
                async for article, reading in store.everything(PAGE):
                    await asyncio.to_thread(_write, lines, article, reading)
            if feeds is not None:
                with _open(feeds) as listed:
                    listed.write(_opml(await store.followings(None)))

    run(work)


@contextmanager
def _open(file: Path) -> Iterator[TextIO]:
    if str(file) == "-":
        yield sys.stdout
        return
    try:
        with file.open("w", encoding="utf-8") as lines:
            yield lines
    except OSError as error:
        raise InputError(f"{file}: can't be written: {error.strerror}") from error


def _opml(followings: Sequence[Following]) -> str:
    """What is followed, in its folders; where several workspaces do, each of them is a folder around its own."""
    several = len({one.workspace for one in followings}) > 1
    levels = [(one.workspace if several else None, one.folder) for one in followings]
    lines = [
        opml.Listed(one.feed.location or one.feed.url, one.feed.title, opml.PARTING.join(filter(None, level)) or None)
        for one, level in zip(followings, levels, strict=True)
    ]
    return opml.write(lines, "Feeds followed in Dateline", utc_now())


def _write(lines: TextIO, article: Article, reading: Reading | None) -> None:
    found = formats.reading_json(reading) if reading else None
    line = {"article": formats.article_json(article), "reading": found}
    lines.write(json.dumps(line, ensure_ascii=False) + "\n")
