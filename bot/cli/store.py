"""``dateline backup``, ``restore`` and ``export``: the store as files."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, TextIO

import typer

from adapters import formats
from bot.app import alone
from bot.cli.common import ConfigOption, load, progress, run
from bot.errors import InputError
from bot.store import Store, backup
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
    config: ConfigOption = None,
) -> None:
    """Writes every article with what was found in it as a line of JSON; `docs/store.md` says what is in one."""
    settings = load(config)

    async def work() -> None:
        with _open(file) as lines:
            async with await Store.open(settings.store) as store:
                async for article, reading in store.everything(PAGE):
                    await asyncio.to_thread(_write, lines, article, reading)

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


def _write(lines: TextIO, article: Article, reading: Reading | None) -> None:
    found = formats.reading_json(reading) if reading else None
    line = {"article": formats.article_json(article), "reading": found}
    lines.write(json.dumps(line, ensure_ascii=False) + "\n")
