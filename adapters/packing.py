"""Lines cut and grouped so that they fit a platform's limits; nothing is lost on the way."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import regex

from adapters.blocks import Line, Run

Size = Callable[[Line], int]
"""How long a line is once the platform's markup is in it: never less than its characters, and more for more words."""

_CLUSTER: Final = regex.compile(r"\X")  # what a reader takes for one character: https://www.unicode.org/reports/tr29/


def text_of(line: Line) -> str:
    """The line's words without how they look."""
    return "".join(run.text for run in line)


def fit(line: Line, size: Size, most: int) -> list[Line]:
    """The line in as few lines as it takes for each to measure at most ``most``.

    It is cut at spaces, which go, and only where there are none between two characters, so that no accent or part of
    an emoji stands alone. What is cut looks alike, and leads to the same address, on both sides; but an address goes
    that would fill half of each line.

    Raises:
        ValueError: not even one character fits.
    """
    pieces = []
    line = tuple(run for run in line if run.text)  # an address without words would weigh, and say nothing
    if size(line) > most:
        line = tuple(_unburdened(run, size, most) for run in line)
    while size(line) > most:
        piece, line = _cut(line, size, most)
        pieces.append(piece)
    return [*pieces, line] if line or not pieces else pieces


def pack(lines: Iterable[Line], size: Size, most: int) -> list[tuple[Line, ...]]:
    """The lines in groups, as full as they may be: lines too long cut by ``fit``, and each group at most ``most`` with
    one character between any two of its lines.
    """
    groups: list[list[Line]] = []
    room = -1
    for line in (piece for whole in lines for piece in fit(whole, size, most)):
        needed = size(line) + 1
        if needed > room:
            groups.append([])
            room = most + 1
        groups[-1].append(line)
        room -= needed
    return [tuple(group) for group in groups]


def _unburdened(run: Run, size: Size, most: int) -> Run:
    heavy = run.url and size((run,)) > most and size((replace(run, text="-"),)) > most // 2
    return replace(run, url=None) if heavy else run


def _cut(line: Line, size: Size, most: int) -> tuple[Line, Line]:
    """The longest beginning that fits, and the rest."""
    text = text_of(line)[: most + 1]
    for ends in (_spaces(text), _clusters(text), range(1, len(text) + 1)):
        end = _longest(line, ends, size, most)
        if end:
            return _between(line, 0, end), _between(line, end, None)
    raise ValueError(f"no character fits into {most}")


def _longest(line: Line, ends: Sequence[int], size: Size, most: int) -> int:
    """The last of the ends up to which the line fits; 0: none."""
    fitting = bisect_right(ends, most, key=lambda end: size(_between(line, 0, end)))
    while fitting and size(_between(line, 0, ends[fitting - 1])) > most:  # markup that is shorter for more words
        fitting -= 1
    return ends[fitting - 1] if fitting else 0


def _spaces(text: str) -> list[int]:
    return [at for at, character in enumerate(text) if character == " " and text[:at].strip()]


def _clusters(text: str) -> list[int]:
    return [match.end() for match in _CLUSTER.finditer(text)]


def _between(line: Line, start: int, end: int | None) -> Line:
    """The line's part, without spaces at a side where it was cut."""
    return tuple(_trimmed(list(_sliced(line, start, end)), left=start > 0, right=end is not None))


def _sliced(line: Line, start: int, end: int | None) -> Iterator[Run]:
    for run in line:
        if text := run.text[max(0, start) : None if end is None else max(0, end)]:
            yield replace(run, text=text)
        start -= len(run.text)
        end = None if end is None else end - len(run.text)


def _trimmed(runs: list[Run], *, left: bool, right: bool) -> list[Run]:
    while left and runs and (text := runs[0].text.lstrip(" ")) != runs[0].text:
        runs[:1] = [replace(runs[0], text=text)] if text else []
    while right and runs and (text := runs[-1].text.rstrip(" ")) != runs[-1].text:
        runs[-1:] = [replace(runs[-1], text=text)] if text else []
    return runs
