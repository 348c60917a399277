"""Blocks -> Discord messages within Discord's limits. Pure: what becomes of a message's parts there is ``views``' part.

Nothing is left out or cut: what doesn't fit in a message goes into the next. A story that fits in one message is not
spread over two, and a heading stays with what it is a heading of.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from adapters.blocks import Block, Button, Buttons, Divider, Heading, Line, Picture, Run, Text
from adapters.discord import limits, markdown
from adapters.discord.ids import button_id
from adapters.packing import fit

_HEADINGS: Final = {1: "## ", 2: "### "}
_QUIET: Final = "-# "
_KEPT: Final = "\u200b"  # behind a heading's last '#', which would otherwise be taken for the end of its mark
_LINE: Final = limits.TEXT - max(len(mark) for mark in [*_HEADINGS.values(), _QUIET]) - len("\n") - len(_KEPT)


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of Markdown below one another; the first ``kept`` of them don't stand at the end of a message."""

    lines: tuple[str, ...]
    kept: int = 0

    @property
    def size(self) -> int:
        """How much of a message's text it takes."""
        return sum(limits.size(line) + 1 for line in self.lines)


@dataclass(frozen=True, slots=True)
class Row:
    """At most five buttons beside one another."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """At most 25 buttons as the options of a menu; ``number`` tells it from a message's other menus."""

    options: tuple[Button, ...]
    number: int


Part = Words | Row | Menu | Picture | Divider


@dataclass(frozen=True, slots=True)
class Message:
    """One Discord message."""

    parts: tuple[Part, ...]


def messages(blocks: Iterable[Block]) -> tuple[Message, ...]:
    """The blocks in as few messages as keep stories whole, in their order; none only if there is nothing to show."""
    packer = _Packer()
    pressed: set[str] = set()
    for story in _stories(blocks):
        packer.add_story([part for group in story for part in _parts(group, pressed)])
    return packer.messages()


def _stories(blocks: Iterable[Block]) -> Iterator[list[list[Block]]]:
    """What stands between dividers, in groups: headings with what is below them, each other block on its own."""
    story: list[list[Block]] = []
    for block in blocks:
        if isinstance(block, Divider):
            yield story
            story = []
        elif story and isinstance(story[-1][-1], Heading) and isinstance(block, Heading | Text):
            story[-1].append(block)
        else:
            story.append([block])
    yield story


def _parts(group: Sequence[Block], pressed: set[str]) -> Iterator[Part]:
    match group[0]:
        case Heading() | Text():
            headings = [line for block in group if isinstance(block, Heading) for line in _heading(block)]
            lines = [line for block in group if isinstance(block, Text) for line in _text(block)]
            if any(line.strip() for line in headings + lines):
                yield Words((*headings, *lines), kept=len(headings) if lines else 0)
        case Buttons(buttons):
            new = tuple(button for button in buttons if button_id(button) not in pressed)
            pressed.update(map(button_id, new))
            yield from _pressable(tuple({button_id(button): button for button in new}.values()))
        case Picture() | Divider():
            yield group[0]


def _heading(heading: Heading) -> Iterator[str]:
    mark = _HEADINGS.get(heading.level)
    line = heading.line if mark else tuple(replace(run, bold=True) for run in heading.line)
    return _written(line, mark or "")


def _text(text: Text) -> Iterator[str]:
    for line in text.lines:
        yield from _written(line, _QUIET if text.quiet else "")


def _written(line: Line, mark: str) -> Iterator[str]:
    for piece in fit(line, markdown.size, _LINE):
        written = markdown.markdown(piece, item=not mark)
        end = _KEPT if mark and written.endswith("#") else ""
        yield f"{mark}{written}{end}" if written.strip() else ""


def _pressable(buttons: tuple[Button, ...]) -> Iterator[Part]:
    """Up to five buttons, or, where they are more or their labels long, a menu of 25 as often as it takes; labels that
    are too long for that stand above them, by numbers.
    """
    if len(buttons) <= limits.ROW_BUTTONS and all(limits.size(one.label) <= limits.BUTTON_LABEL for one in buttons):
        yield from [Row(buttons)] if buttons else []
        return
    if any(limits.size(button.label) > limits.OPTION_LABEL for button in buttons):
        named = [(Run(f"{number}. {button.label}"),) for number, button in enumerate(buttons, 1)]
        yield Words(tuple(_text(Text(tuple(named)))))
        buttons = tuple(_numbered(number, button) for number, button in enumerate(buttons, 1))
    for start in range(0, len(buttons), limits.MENU_OPTIONS):
        yield Menu(buttons[start : start + limits.MENU_OPTIONS], start // limits.MENU_OPTIONS)


def _numbered(number: int, button: Button) -> Button:
    return replace(button, label=limits.shortened(f"{number}. {button.label}", limits.OPTION_LABEL))


class _Packer:
    """Fills one message after another."""

    def __init__(self) -> None:
        self._done: list[Message] = []
        self._parts: list[Part] = []

    def messages(self) -> tuple[Message, ...]:
        """All that was added."""
        self._next()
        return tuple(self._done)

    def add_story(self, parts: list[Part]) -> None:
        if self._parts and parts:
            fits = _fits([*self._parts, Divider(), *parts])
            if fits or (not _fits(parts) and _fits([*self._parts, Divider(), *parts[:1]])):
                self._parts.append(Divider())
            else:
                self._next()
        for part in parts:
            self._add(part)

    def _add(self, part: Part) -> None:
        if _fits([*self._parts, part]):
            self._parts.append(part)
        elif isinstance(part, Words):
            self._add_lines(part)
        else:
            self._next()
            self._parts.append(part)

    def _add_lines(self, words: Words) -> None:
        """As many lines as fit into each message: headings and the first line below them together, then one by one."""
        together = words.lines[: words.kept + 1]
        groups = [together] if _fits([Words(together)]) else [(line,) for line in together]
        lines: tuple[str, ...] = ()
        for group in [*groups, *((line,) for line in words.lines[words.kept + 1 :])]:
            if _fits([*self._parts, Words((*lines, *group))]):
                lines += group
            else:
                self._put(lines)
                self._next()
                lines = group
        self._put(lines)

    def _put(self, lines: tuple[str, ...]) -> None:
        if any(line.strip() for line in lines):
            self._parts.append(Words(lines))

    def _next(self) -> None:
        if self._parts:
            self._done.append(Message(tuple(self._parts)))
        self._parts = []


def _fits(parts: Sequence[Part]) -> bool:
    """Whether they are within the limits of one message, in the container that holds them."""
    text = sum(part.size for part in parts if isinstance(part, Words))
    pictures = sum(isinstance(part, Picture) for part in parts)
    return text <= limits.TEXT and 1 + sum(map(_components, parts)) <= limits.COMPONENTS and pictures <= limits.FILES


def _components(part: Part) -> int:
    match part:
        case Row(buttons):
            return 1 + len(buttons)
        case Menu():
            return 2
        case Words() | Picture() | Divider():
            return 1
