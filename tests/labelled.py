"""Articles with the truth marked in them by hand; ``tests/agreement.py`` measures readings against them.

``tests/data/labelled/`` holds one TOML file per article; its README says what is marked and how. Words are given, not
offsets: the loader looks them up and refuses a label whose words don't stand in the text as often as it says.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.news import files
from bot.types import Article, Furniture, MentionKind, Source, SourceKind, Span, Stance

PROJECT = Path(__file__).parents[1]
FOLDER = PROJECT / "tests" / "data" / "labelled"
SAME_PLACE_KM = 161.0  # 100 miles: the customary tolerance of geoparsing, https://arxiv.org/abs/1810.12368


class LabelError(Exception):
    """A label that doesn't fit its article; the message names the file and the words."""


@dataclass(frozen=True, slots=True)
class LabelledPlace:
    """A place, and every mention of it in the body of the article."""

    name: str
    kind: MentionKind
    spans: tuple[Span, ...]
    located: bool  # False: too small for the index; a reading does right to leave it unlocated
    at: tuple[float, float] | None  # latitude and longitude in degrees
    within_km: float  # a reading is right when it puts the place no farther off
    optional: bool  # a landmark or the like: neither asked for nor held against a reading


@dataclass(frozen=True, slots=True)
class LabelledSource:
    """A source, and the canonical names besides its own that are as good."""

    source: Source
    accept: tuple[str, ...] = ()
    optional: bool = False  # says nothing but what is optional


@dataclass(frozen=True, slots=True)
class LabelledStatement:
    """Who said what."""

    source: str  # a labelled source's name
    content: tuple[Span, ...]
    direct: bool
    stance: Stance
    optional: bool  # people may differ on whether it is a statement: neither asked for nor held against a reading


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article and what a careful reader finds in it, each part in text order."""

    name: str
    article: Article
    headline: Span | None  # when the text begins with one
    furniture: tuple[tuple[Span, Furniture], ...]
    places: tuple[LabelledPlace, ...]
    sources: tuple[LabelledSource, ...]
    statements: tuple[LabelledStatement, ...]

    @property
    def surroundings(self) -> tuple[Span, ...]:
        """The headline and the page furniture: what isn't body text."""
        return (*([self.headline] if self.headline else []), *(span for span, _ in self.furniture))


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Place(_Row):
    name: str
    surfaces: dict[
        str, int | list[int]
    ]  # spelling -> how often it stands in the body, or which of its occurrences count
    at: tuple[float, float] | None = None
    located: bool = True
    kind: MentionKind = MentionKind.LITERAL
    within: float = SAME_PLACE_KM
    optional: bool = False

    @model_validator(mode="after")
    def _located_somewhere(self) -> Self:
        if self.located and self.at is None:
            raise ValueError(f"place {self.name!r} needs 'at' or 'located = false'")
        return self


class _Source(_Row):
    name: str
    kind: SourceKind
    role: str | None = None
    aliases: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    optional: bool = False


class _Statement(_Row):
    source: str
    content: str | tuple[str, ...]  # 'first words … last words', once or per piece
    direct: bool = False
    stance: Stance = Stance.SAYS
    nth: int | None = None  # which occurrence of the first words, when there are several
    optional: bool = False


class _File(_Row):
    seed: str | None = None  # a file of seeds/
    text: str | None = None  # or the article itself
    title: str | None = None
    headline: str | None = None
    furniture: dict[Furniture, tuple[str, ...]] = Field(default_factory=dict)
    place: tuple[_Place, ...]
    source: tuple[_Source, ...]
    statement: tuple[_Statement, ...]

    @model_validator(mode="after")
    def _one_text(self) -> Self:
        if (self.seed is None) == (self.text is None):
            raise ValueError("give either 'seed' or 'text'")
        return self


def every() -> tuple[Labelled, ...]:
    """All labelled articles, by file name.

    Raises:
        LabelError: for the first label that doesn't fit its article.
    """
    return tuple(load(path) for path in sorted(FOLDER.glob("*.toml")))


def load(path: Path) -> Labelled:
    """The labelled article of one file.

    Raises:
        LabelError: the file isn't a labelled article, or its words aren't found in the text as it says.
    """
    try:
        row = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        return _aligned(path.stem, row, _article(path.stem, row))
    except (tomllib.TOMLDecodeError, ValidationError, LabelError) as error:
        raise LabelError(f"{path.name}: {error}") from error


def _article(name: str, row: _File) -> Article:
    if row.seed:
        return files.load(PROJECT / "seeds" / row.seed)
    return Article(id=name, text=row.text or "", title=row.title, language="en")


def _aligned(name: str, row: _File, article: Article) -> Labelled:
    text = article.text
    headline = _only(text, row.headline) if row.headline else None
    furniture = tuple(sorted((span, kind) for kind, lines in row.furniture.items() for span in _lines(text, lines)))
    outside = [*([headline] if headline else []), *(span for span, _ in furniture)]
    _check_sources(text, row)
    return Labelled(
        name=name,
        article=article,
        headline=headline,
        furniture=furniture,
        places=_places(text, row.place, outside),
        sources=tuple(
            LabelledSource(Source(s.name, s.kind, s.role, s.aliases), s.accept, s.optional) for s in row.source
        ),
        statements=tuple(sorted((_statement(text, s) for s in row.statement), key=lambda s: s.content)),
    )


def _check_sources(text: str, row: _File) -> None:
    names = {s.name: s.optional for s in row.source}
    for statement in row.statement:
        if names.get(statement.source, True) > statement.optional:
            raise LabelError(f"{statement.source!r} is no source, or an optional one of a statement that isn't")
    for name in names.keys() - {s.source for s in row.statement}:
        raise LabelError(f"{name!r} says nothing")
    for words in (words for s in row.source for words in (*s.aliases, *([s.role] if s.role else []))):
        if words not in text:
            raise LabelError(f"{words!r} is not in the text")


def _places(text: str, rows: Sequence[_Place], outside: Sequence[Span]) -> tuple[LabelledPlace, ...]:
    """Longer spellings are looked up first, so that 'Lyman' isn't counted inside 'Lyman district'."""
    taken, found = list(outside), dict[str, list[Span]]()
    for spelling in sorted({s for row in rows for s in row.surfaces}, key=len, reverse=True):
        found[spelling] = list(_free(text, spelling, taken))
        taken += found[spelling]
    return tuple(_place(row, found) for row in rows)


def _free(text: str, words: str, taken: Sequence[Span]) -> Iterator[Span]:
    for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text):
        span = Span(*match.span())
        if not any(span.overlaps(other) for other in taken):
            yield span


def _place(row: _Place, found: dict[str, list[Span]]) -> LabelledPlace:
    spans = (span for spelling, wanted in row.surfaces.items() for span in _chosen(spelling, found[spelling], wanted))
    return LabelledPlace(row.name, row.kind, tuple(sorted(spans)), row.located, row.at, row.within, row.optional)


def _chosen(words: str, found: Sequence[Span], wanted: int | list[int]) -> list[Span]:
    if isinstance(wanted, int):
        if len(found) != wanted:
            raise LabelError(f"{words!r} stands in the body {len(found)} times, not {wanted}")
        return list(found)
    if not wanted or max(wanted) > len(found):
        raise LabelError(f"{words!r} stands in the body {len(found)} times: no occurrences {wanted}")
    return [found[n - 1] for n in wanted]


def _statement(text: str, row: _Statement) -> LabelledStatement:
    pieces = (row.content,) if isinstance(row.content, str) else row.content
    content = tuple(_between(text, piece, row.nth) for piece in pieces)
    return LabelledStatement(row.source, content, row.direct, row.stance, row.optional)


def _between(text: str, piece: str, nth: int | None) -> Span:
    """From the first words up to and with the last ones, which follow an ellipsis if they are given apart."""
    first, _, last = (part.strip() for part in piece.partition("…"))
    start = _only(text, first, nth)
    end = text.find(last, start.end) if last else start.end
    if end < 0:
        raise LabelError(f"{last!r} doesn't follow {first!r}")
    return Span(start.start, end + len(last))


def _only(text: str, words: str, nth: int | None = None) -> Span:
    found = [match.start() for match in re.finditer(re.escape(words), text)]
    if len(found) < (nth or 1) or (nth is None and len(found) > 1):
        raise LabelError(f"{words!r} stands in the text {len(found)} times: make it unique or say 'nth'")
    start = found[(nth or 1) - 1]
    return Span(start, start + len(words))


def _lines(text: str, lines: Sequence[str]) -> Iterator[Span]:
    for line in lines:
        found = list(re.finditer(rf"^[ \t]*({re.escape(line)})[ \t]*$", text, re.MULTILINE))
        if not found:
            raise LabelError(f"{line!r} is not a line of the text")
        yield from (Span(*m.span(1)) for m in found)
