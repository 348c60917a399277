"""Who says so: the sources of a text, each under one name, and what they are said to have said."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.reading import chains, figures, roles, stance, statements
from bot.reading.figures import Figure
from bot.reading.hearing import Speaker
from bot.reading.page import Page
from bot.reading.tagger import NameKind, StatementTag, Tags
from bot.reading.who import Cast
from bot.types import Attribution, Sentence, Source, SourceKind, Span


def attribute(
    text: str, sentences: Sequence[Sentence], tags: Tags, *, published: datetime | None = None
) -> tuple[tuple[Source, ...], tuple[Attribution, ...]]:
    """The sources of a text by first appearance, and its attributions in text order.

    Every attribution's source is the name of one of the sources, or None where the text names nobody. People who are
    only talked about are no sources. A person's role is as of ``published``.
    """
    page = Page.of(text, sentences)
    names = figures.tidied(text, tags.names)
    said = statements.check(page, tags.statements, names)
    passed = [chains.passed_by(page, s) for s in said]
    told = sorted({s.source for s in said if s.source})
    known = figures.find(text, names, sorted({*told, *filter(None, passed)}))
    cast = Cast(page, known, [tag.span for tag in names if tag.kind is NameKind.PLACE])
    speakers = {words: cast.speakers(words) for words in told}  # in text order, since pronouns look back
    attributions = tuple(
        a for s, by in zip(said, passed, strict=True) for a in _attributions(page, cast, s, by, speakers)
    )
    return _sources(page, known, speakers, published), attributions


def _attributions(
    page: Page,
    cast: Cast,
    statement: StatementTag,
    passed: Span | None,
    speakers: Mapping[Span, Mapping[Span, Speaker]],
) -> Iterator[Attribution]:
    """One for each who says it: 'Roe and Bloggs said' gives two."""
    meant = speakers.get(statement.source, {}) if statement.source else {}
    via = next((speaker.name for speaker in speakers.get(passed, {}).values()), None) if passed else None
    via = via or (cast.outlet(passed) if passed else None)
    if not meant:
        yield _attribution(page, statement, statement.source, None, via)
    for words, speaker in meant.items():
        by = via or (cast.publisher(words) if speaker.kind is SourceKind.DOCUMENT else None)
        yield _attribution(page, statement, words, speaker, None if by == speaker.name else by)


def _attribution(
    page: Page, statement: StatementTag, words: Span | None, speaker: Speaker | None, via: str | None
) -> Attribution:
    return Attribution(
        source=speaker.name if speaker else None,
        source_span=words,
        cue=statement.cue,
        content=statement.content,
        direct=all(page.is_quoted(piece) for piece in statement.content),
        stance=stance.of_cue(statement.cue.of(page.text)),
        via=via,
    )


def _sources(
    page: Page, known: Sequence[Figure], speakers: Mapping[Span, Mapping[Span, Speaker]], published: datetime | None
) -> tuple[Source, ...]:
    """One source for each speaker, by first appearance."""
    spans: dict[Speaker, list[Span]] = {}
    for words, speaker in (pair for meant in speakers.values() for pair in meant.items()):
        spans.setdefault(speaker, []).append(words)
    named = {Speaker(figure.name, figure.kind): figure for figure in known}
    return tuple(_source(page, speaker, named.get(speaker), said, published) for speaker, said in spans.items())


def _source(
    page: Page, speaker: Speaker, figure: Figure | None, said: Sequence[Span], published: datetime | None
) -> Source:
    if figure is None:
        return Source(speaker.name, speaker.kind)
    role = roles.role_of(page.text, figure, said)
    aliases = dict.fromkeys(m.of(page.text) for m in figure.mentions if m.of(page.text) != figure.name)
    return Source(speaker.name, speaker.kind, role, tuple(aliases), published if role and figure.is_person else None)
