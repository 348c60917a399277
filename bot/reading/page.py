"""A text with what is known of its layout: what the rules about statements and sources ask of it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading import quotations
from bot.types import Furniture, Sentence, Span

_REPORT = frozenset({None, Furniture.HEADING})
_WORD = re.compile(r"[^\W_]")
_EDGE = " \t\n\u00a0,;:–—-"
_OPENING_EDGE = _EDGE + "."


@dataclass(frozen=True, slots=True)
class Page:
    """A text, its sentences in order, and its quotations."""

    text: str
    sentences: Sequence[Sentence]  # one without words, where a text has none
    quoted: tuple[Span, ...]
    starts: tuple[int, ...]  # of the sentences; the first counts from the beginning of the text

    @classmethod
    def of(cls, text: str, sentences: Sequence[Sentence]) -> "Page":
        """The page of a text that was split into these sentences."""
        sentences = sentences or (Sentence(Span(0, len(text)), 0),)
        return cls(text, sentences, quotations.find(text), (0, *(s.span.start for s in sentences[1:])))

    def index_at(self, at: int) -> int:
        """Which sentence is the last to begin at or before a character; 0 before the first."""
        return bisect_right(self.starts, at) - 1

    def sentence_at(self, at: int) -> Sentence:
        """The last sentence that begins at or before a character, or the first."""
        return self.sentences[bisect_right(self.starts, at) - 1]

    def is_report(self, span: Span) -> bool:
        """Whether the span begins in the report or one of its headings rather than in a caption, credit or teaser."""
        return self.sentence_at(span.start).furniture in _REPORT

    def is_quoted(self, span: Span) -> bool:
        """Whether all of its words stand in quotation marks."""
        return quotations.covers(self.quoted, self.text, span)

    def has_quote(self, span: Span) -> bool:
        """Whether a quotation shares a character with the span."""
        k = bisect_left(self.quoted, (span.end, 0))
        return k > 0 and self.quoted[k - 1].end > span.start

    def has_words(self, start: int, end: int) -> bool:
        """Whether a letter or digit stands between two places."""
        return _WORD.search(self.text, start, end) is not None

    def trimmed(self, span: Span) -> Span | None:
        """The span without the spaces, commas and dashes at its ends; None without a word left."""
        words = span.of(self.text).rstrip(_EDGE)
        inner = words.lstrip(_OPENING_EDGE)
        start = span.start + len(words) - len(inner)
        return Span(start, start + len(inner)) if _WORD.search(inner) else None
