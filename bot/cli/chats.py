"""``dateline discord`` and ``dateline slack``: what setting up a chat platform takes."""

import asyncio
import json
from enum import StrEnum
from typing import Annotated, Final

import typer

from bot.cli.common import ConfigOption, load

discord_cli: Final = typer.Typer(name="discord", help="Setting Discord up.", no_args_is_help=True)
slack_cli: Final = typer.Typer(name="slack", help="Setting Slack up.", no_args_is_help=True)


class ManifestForm(StrEnum):
    """How a manifest is written."""

    YAML = "yaml"
    JSON = "json"


@discord_cli.callback()
@slack_cli.callback()
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


@slack_cli.command("manifest")
def manifest_command(
    form: Annotated[ManifestForm, typer.Option("--format", help="how it is written")] = ManifestForm.YAML,
    prefix: Annotated[
        str | None, typer.Option("--prefix", help="before the commands' names, where another app has them")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """The app's manifest, to be pasted where Slack makes a new app."""
    from adapters.slack.manifest import manifest, manifest_yaml  # as above

    settings = load(config)
    slack = settings.slack
    made = manifest(
        slack.prefix if prefix is None else prefix,
        slack.mode,
        slack.address or None,
        roles=bool(settings.permissions.roles),
    )
    text = json.dumps(made, indent=2, ensure_ascii=False) + "\n" if form is ManifestForm.JSON else manifest_yaml(made)
    typer.echo(text, nl=False)
