"""A text with what is known of its layout: what the rules about statements and sources ask of it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading import quotations
from bot.types import Furniture, Sentence, Span

_EDGE = " \t\n\u00a0,;:–—-"


@dataclass(frozen=True, slots=True)
class Page:
    """A text, its sentences in order, and its quotations."""

    text: str
    sentences: Sequence[Sentence]
    quoted: tuple[Span, ...]
    starts: tuple[int, ...]  # of the sentences

    @classmethod
    def of(cls, text: str, sentences: Sequence[Sentence]) -> "Page":
        """The page of a text that was split into these sentences."""
        return cls(text, sentences, quotations.find(text), tuple(s.span.start for s in sentences))

    def index_at(self, at: int) -> int:
        """Which sentence is the last to begin at or before a character; -1 before the first."""
        return bisect_right(self.starts, at) - 1

    def sentence_at(self, at: int) -> Sentence:
        """The last sentence that begins at or before a character, or the first; of an empty text one without words."""
        k = self.index_at(at)
        return self.sentences[max(k, 0)] if self.sentences else Sentence(Span(0, len(self.text)), 0)

    def is_report(self, span: Span) -> bool:
        """Whether the span begins in the report or one of its headings rather than in a caption, credit or teaser."""
        return self.sentence_at(span.start).furniture in {None, Furniture.HEADING}

    def is_quoted(self, span: Span) -> bool:
        """Whether all of its words stand in quotation marks."""
        return quotations.covers(self.quoted, self.text, span)

    def trimmed(self, span: Span) -> Span | None:
        """The span without the spaces, commas and dashes at its ends; None without a word left."""
        words = span.of(self.text)
        inner = words.lstrip(_EDGE + ".").rstrip(_EDGE)
        start = span.start + len(words) - len(words.lstrip(_EDGE + "."))
        return Span(start, start + len(inner)) if any(c.isalnum() for c in inner) else None
