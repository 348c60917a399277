"""``dateline discord``: what setting up a chat platform takes."""

import asyncio
from typing import Annotated, Final

import typer

from bot.cli.common import ConfigOption, load

discord_cli: Final = typer.Typer(name="discord", help="Setting Discord up.", no_args_is_help=True)


@discord_cli.callback()
def _group() -> None:
    """Keeps a group with one command a group."""


@discord_cli.command("invite")
def invite_command(
    application: Annotated[
        int | None, typer.Option("--application", help="the application's id; without it Discord is asked")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """The address that adds the bot to a server, with the least permissions."""
    from adapters.discord import invite  # its library takes a moment to import

    settings = load(config).discord
    ident = application or asyncio.run(invite.application_id(settings.required("token")))
    typer.echo(invite.invite_url(ident))
