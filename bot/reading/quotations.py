"""Where a text stands inside quotation marks, however they are written and whether or not they are closed."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from bot.types import Span

_CLOSER = {"“": "”", "„": "“”", "«": "»", "‟": "”", "〝": "〞", "「": "」", '"': '"', "‘": "’", "'": "'"}
# The marks stand first, as a search skips to them; what may be before one is looked at from behind it.
_MARK = re.compile(
    r"[“„«‟〝「\"”»〞」‘’'](?:(?<=[“„«‟〝「\"”»〞」])|(?<![\w’'].)(?<=[‘'])(?=\w)|(?<=[\w.,!?…][’'])(?!\w))"
)
_WORD = re.compile(r"[^\W_]")
_BREAK = re.compile(r"\n\s*")
SINGLE = frozenset("‘'")


def find(text: str) -> tuple[Span, ...]:
    """The quoted stretches of a text with their marks, in text order; a quotation within a quotation is part of it.

    A double mark that is never closed quotes to its paragraph's end, as in a quotation of several paragraphs. A single
    one must be closed in its paragraph, else it is an apostrophe.
    """
    return tuple(span for paragraph in _paragraphs(text) for span in _in_paragraph(text, paragraph))


def covers(quoted: tuple[Span, ...], text: str, span: Span) -> bool:
    """Whether every letter and digit of the span stands in quotation marks."""
    end, k = span.end, bisect_left(quoted, (span.end, 0))
    while k and quoted[k - 1].end > span.start:
        k -= 1
        if _WORD.search(text, quoted[k].end, end):
            return False
        end = quoted[k].start
    return not _WORD.search(text, span.start, end)


def _paragraphs(text: str) -> Iterator[Span]:
    start = 0
    for gap in _BREAK.finditer(text):
        yield Span(start, gap.start())
        start = gap.end()
    yield Span(start, len(text))


def _in_paragraph(text: str, paragraph: Span) -> Iterator[Span]:
    marks = [(m.start(), m[0]) for m in _MARK.finditer(text, paragraph.start, paragraph.end)]
    skip = -1
    for k, (at, mark) in enumerate(marks):
        if at < skip or not _may_open(text, at, mark, paragraph):
            continue
        end = next((a for a, m in marks[k + 1 :] if m in _CLOSER[mark] and _may_close(text, a, m, paragraph)), None)
        if end is None and mark in SINGLE:
            continue
        skip = paragraph.end if end is None else end + 1
        yield Span(at, skip)


def _may_open(text: str, at: int, mark: str, paragraph: Span) -> bool:
    """Whether a quotation can begin here: an opening mark, or a straight one that doesn't lean on the word before."""
    if mark not in _CLOSER:
        return False
    before = text[at - 1] if at > paragraph.start else " "
    return not (before.isalnum() and mark in "\"'")


def _may_close(text: str, at: int, mark: str, paragraph: Span) -> bool:
    """Whether a quotation can end here: straight marks don't lean on the word after."""
    after = text[at + 1] if at + 1 < paragraph.end else " "
    return not (after.isalnum() and mark in "\"'’")
