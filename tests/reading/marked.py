"""Articles of our own with tags made by hand, as a good tagger would give them, and what the rules make of them."""

import re
from datetime import datetime

from bot.reading import sentences, sources
from bot.reading.tagger import NameKind, NameTag, StatementTag, Tags
from bot.types import Attribution, Source, Span

KINDS = {"p": NameKind.PERSON, "o": NameKind.ORGANISATION, "l": NameKind.PLACE}
SAID = tuple[str | None, str, str]


def read(
    marked: str, *said: SAID, published: datetime | None = None
) -> tuple[str, dict[str, Source], tuple[Attribution, ...]]:
    """Text, sources by name and attributions of '[p:Ann Roe] said ...'; ``said``: sources, cues, contents in words."""
    text, names = "", []
    for piece in re.split(r"(\[[pol]:[^\]]*\])", marked):
        tag = re.fullmatch(r"\[([pol]):([^\]]*)\]", piece)
        words = tag[2] if tag else piece
        if tag:
            names.append(NameTag(Span(len(text), len(text) + len(words)), KINDS[tag[1]], 0.9))
        text += words
    tags = Tags(tuple(names), tuple(_statement(text, *parts) for parts in said))
    found, attributions = sources.attribute(text, sentences.split(text), tags, published=published)
    return text, {source.name: source for source in found}, attributions


def _statement(text: str, source: str | None, cue: str, content: str) -> StatementTag:
    what = Span(text.index(content), text.index(content) + len(content))
    at = _nearest(text, cue, what)
    return StatementTag(_nearest(text, source, at) if source else None, at, (what,), 0.9)


def _nearest(text: str, words: str, to: Span) -> Span:
    spans = [Span(*m.span()) for m in re.finditer(rf"\b{re.escape(words)}", text)]
    return min(
        (s for s in spans if not s.overlaps(to)), key=lambda s: min(abs(s.start - to.end), abs(to.start - s.end))
    )
