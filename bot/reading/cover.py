"""Stretches of a text that are taken: whether a span shares a character with one of them, without going through all."""

from bisect import bisect_left, insort
from collections.abc import Iterable

from bot.types import Span


class Cover:
    """What some spans cover together. They may overlap, and come in any order; none of them is empty."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._runs: list[tuple[int, int]] = []  # in text order, none overlaps another
        for span in sorted(spans):
            if self._runs and span.start < self._runs[-1][1]:
                low, high = self._runs[-1]
                self._runs[-1] = (low, max(high, span.end))
            else:
                self._runs.append(span)

    def touches(self, span: Span) -> bool:
        """Whether one of the spans and this one overlap."""
        k = bisect_left(self._runs, (span.end, 0))
        return k > 0 and self._runs[k - 1][1] > span.start

    def holds(self, span: Span) -> bool:
        """Whether all of the span is taken."""
        k = bisect_left(self._runs, (span.start + 1, 0))
        return k > 0 and self._runs[k - 1][1] >= span.end

    def add(self, span: Span) -> None:
        """Takes a span in that touches none so far."""
        insort(self._runs, span)
