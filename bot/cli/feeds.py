"""``dateline feeds``: what the console's workspace follows, as a table and as OPML."""

from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.console import CHANNEL
from bot.app import App
from bot.cli.common import ConfigOption, load, show, with_app
from bot.commands import answer
from bot.errors import InputError
from bot.news import files

feeds_cli: Final = typer.Typer(help="The feeds that are followed.", no_args_is_help=True)


@feeds_cli.command("list")
def feeds_list(config: ConfigOption = None) -> None:
    """The feeds, when they were polled, and how they do."""
    with_app(load(config), lambda app: show(app, answer(app.desk, "/feeds list", CHANNEL)))


@feeds_cli.command("import")
def feeds_import(
    given: Annotated[str, typer.Argument(metavar="LIST", help="an OPML file, or the address of one")],
    config: ConfigOption = None,
) -> None:
    """Follows all feeds of a list (OPML), in its folders; they are polled when the service runs."""
    settings = load(config)
    fetched = given.lower().startswith(("http://", "https://"))
    text = given if fetched else files.text_of_file(Path(given), limit=settings.fetch.max_bytes)

    async def work(app: App) -> None:
        made = await app.desk.intake.import_list(CHANNEL.tenant, text)
        typer.echo(f"{len(made.added)} feeds are followed from now on, {len(made.known)} were already")
        if made.refused:
            raise InputError("\n".join(f"{given}: no feed's address: {address}" for address in made.refused))

    with_app(settings, work)


@feeds_cli.command("export")
def feeds_export(config: ConfigOption = None) -> None:
    """The feeds as OPML, with their whole addresses, secrets included."""

    async def work(app: App) -> None:
        typer.echo(await app.desk.intake.export_list(CHANNEL.tenant), nl=False)

    with_app(load(config), work)
