"""``dateline gazetteer``: the place index."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.cli.common import ConfigOption, load, progress
from bot.config import Config
from bot.errors import NotFound

if TYPE_CHECKING:  # the reader takes a while to load: other commands are spared it
    from bot.reading.gazetteer import Gazetteer
    from bot.reading.place_explain import Explained, Reason
    from bot.types import Place

gazetteer_cli: Final = typer.Typer(help="The place index.", no_args_is_help=True)

_SPELLINGS: Final = 12  # other names shown of a record
_REASONS: Final = 6

LimitOption = Annotated[int, typer.Option("--limit", min=1, help="how many records to show")]


@gazetteer_cli.command("find")
def gazetteer_find(
    name: str,
    near: Annotated[str | None, typer.Option("--near", help="another place that is spoken of")] = None,
    text: Annotated[str | None, typer.Option("--in", help="a sentence or more that the name stands in")] = None,
    limit: LimitOption = 5,
    config: ConfigOption = None,
) -> None:
    """What the place index knows under a name, likeliest first, and why the first comes first."""
    from bot.reading.place_explain import explain
    from bot.reading.tagger import NameKind, NameTag, Tagger
    from bot.types import Span

    index = _index(load(config))
    told = f"{near}. {text or ''}" if near else text or ""
    names = list(Tagger().tag(told).names) if text else []
    if near:
        names.insert(0, NameTag(Span(0, len(near)), NameKind.PLACE, 1.0))
    found = explain(name, index, told, names)
    if found is None:
        close = index.complete(name, 3)
        hint = f"; close to it: {', '.join(close)}" if close else ""
        raise NotFound(f"no place called {name!r} in the index{hint}", close)
    shown = found.candidates[:limit]
    typer.echo(f"{name}: {_count(len(found.candidates), 'record')}; confidence in the first {found.confidence:.2f}")
    for number, candidate in enumerate(shown, 1):
        typer.echo("\n" + "\n".join(_lines(number, candidate, index)))
    if len(found.candidates) > 1:
        typer.echo(f"\n1 is ahead of 2 by {_reasons(found.candidates[0].ahead_of(found.candidates[1]))}")


@gazetteer_cli.command("import")
def gazetteer_import(file: Path, config: ConfigOption = None) -> None:
    """Adds the places of a GeoNames dump: a country's file, allCountries or cities500, .zip or .txt."""
    from bot.reading import gazetteer_import as dumps

    settings = load(config)
    with progress(f"Reading {file.name}", everywhere=True) as reading:
        added = dumps.add(settings.cache, file, reading)
    _index(settings)
    typer.echo(f"{added.name}: {_count(added.rows, 'place')} taken; the place index has them from now on")


@gazetteer_cli.command("list")
def gazetteer_list(config: ConfigOption = None) -> None:
    """What has been imported, the newest first."""
    from bot.reading import gazetteer_import as dumps

    known = dumps.imports(load(config).cache)
    if not known:
        typer.echo("nothing has been imported")
    for each in known:
        typer.echo(f"{each.name}: {_count(each.rows, 'place')}")


@gazetteer_cli.command("remove")
def gazetteer_remove(name: str, config: ConfigOption = None) -> None:
    """Takes an import out of the place index again."""
    from bot.reading import gazetteer_import as dumps

    settings = load(config)
    removed = dumps.remove(settings.cache, name)
    _index(settings)
    typer.echo(f"{removed.name}: {_count(removed.rows, 'place')} removed")


def _index(settings: Config) -> "Gazetteer":
    from bot.reading.gazetteer import open_gazetteer

    with progress("Building the place index", everywhere=True) as index:
        return open_gazetteer(settings.cache, index)


def _lines(number: int, candidate: "Explained", index: "Gazetteer") -> list[str]:
    """What to say of one record."""
    place = candidate.place
    people = f", {place.population:,} people" if place.population else ""
    record = f"{place.feature_code} {place.geonameid}, at {place.lat:.3f}, {place.lon:.3f}{people}"
    lines = [
        f"{number}  {_where(place, index)}  ({candidate.share:.0%})",
        f"   {record}; found by {candidate.match.name.lower()}",
    ]
    if around := index.containers(place.geonameid):
        lines.append(f"   lies in {', '.join(p.name for p in around)}")
    others = index.spellings(place.geonameid)[1:]
    if others:
        more = f" and {len(others) - _SPELLINGS} more" if len(others) > _SPELLINGS else ""
        lines.append(f"   also found as {', '.join(others[:_SPELLINGS])}{more}")
    lines.append(f"   scores {_reasons(candidate.reasons)}")
    return lines


def _where(place: "Place", index: "Gazetteer") -> str:
    country = index.countries.get(place.country_code or "")
    parts = (place.name, place.admin1, index.name_at(country) if country is not None else None)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _reasons(reasons: "Sequence[Reason]") -> str:
    told = ", ".join(f"{r.feature} {r.adds:+.1f}" for r in reasons[:_REASONS])
    return told or "nothing: their scores are alike"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
