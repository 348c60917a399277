"""A reading narrowed to what somebody asked about, so that a briefing of it speaks of nothing else."""

import re
from collections.abc import Collection
from dataclasses import replace

from bot.types import Reading, Sentence, Span


def on_places(reading: Reading, geonameids: Collection[int]) -> Reading:
    """The reading with only those sentences that mention one of the places."""
    spans = [t.span for t in reading.toponyms if t.place is not None and t.place.geonameid in geonameids]
    return _keep(reading, [s for s in reading.sentences if any(s.span.overlaps(span) for span in spans)])


def on_words(reading: Reading, text: str, words: Collection[str]) -> Reading:
    """The reading with only those sentences that hold one of the words, in any case; all of them if none does."""
    if not words:
        return reading
    any_word = re.compile(r"\b(?:" + "|".join(re.escape(word) for word in words) + r")", re.IGNORECASE)
    kept = [s for s in reading.sentences if any_word.search(s.span.of(text))]
    return _keep(reading, kept) if kept else reading


def _keep(reading: Reading, sentences: list[Sentence]) -> Reading:
    def inside(span: Span) -> bool:
        return any(sentence.span.overlaps(span) for sentence in sentences)

    return replace(
        reading,
        sentences=tuple(sentences),
        toponyms=tuple(t for t in reading.toponyms if inside(t.span)),
        attributions=tuple(a for a in reading.attributions if inside(a.span)),
    )
