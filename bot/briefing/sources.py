"""The sources of a briefing: who is quoted or cited in its articles, with all their statements."""

from collections.abc import Sequence

from bot.reading.identity import key_of
from bot.types import BriefingSource, Reading, Source, SourceKind, Statement


def attributed(readings: Sequence[Reading]) -> tuple[BriefingSource, ...]:
    """Everybody to whom the articles attribute a statement; named before unnamed, then by statements, then by
    appearance.

    A source that two articles name alike, or one by the other's alias, is one entry; roles and aliases add up.
    """
    entries: list[tuple[Source, list[Statement]]] = []
    for reading in readings:
        for source in reading.sources:
            statements = [
                Statement(reading.article, one.span, one.direct, one.stance)
                for one in reading.attributions
                if one.source == source.name
            ]
            if statements:
                _add(entries, source, statements)
    ranked = sorted(entries, key=lambda entry: (entry[0].kind is SourceKind.UNNAMED, -len(entry[1])))
    return tuple(BriefingSource(source, tuple(statements)) for source, statements in ranked)


def _add(entries: list[tuple[Source, list[Statement]]], source: Source, statements: list[Statement]) -> None:
    for place, (known, said) in enumerate(entries):
        if same(known, source):
            entries[place] = (_merged(known, source), said + statements)
            return
    entries.append((source, statements))


def same(one: Source, other: Source) -> bool:
    """Whether two articles' sources are one: of a kind, and one bears the other's full name, in any spelling.

    Unnamed ones never are.
    """
    if one.kind is not other.kind or one.kind is SourceKind.UNNAMED:
        return False
    first, second = (
        {key_of(name) for name in (source.name, *source.aliases) if _full(source, name)} for source in (one, other)
    )
    return bool((first & second) - {""})


def _full(source: Source, name: str) -> bool:
    """Whether the name is enough to tell a source from others: a person's surname alone isn't."""
    return name == source.name or (source.kind is not SourceKind.PERSON and len(name) > 2) or " " in name


def _merged(one: Source, other: Source) -> Source:
    aliases = dict.fromkeys((*one.aliases, other.name, *other.aliases))
    return Source(one.name, one.kind, one.role or other.role, tuple(name for name in aliases if name != one.name))
