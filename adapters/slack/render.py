"""Blocks -> Slack's Block Kit, in as many messages as that takes; nothing is left out.

What is read goes into rich text: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block/. Slack takes its
words as they are, so that nothing in an article's can format, link or ping, and its links are no markup that an odd
address could break. Small print is a context block, which has no rich text (``adapters.slack.mrkdwn``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any, Final

from adapters.blocks import Action, Block, Button, Buttons, Divider, Heading, Line, Picture, Run, Text
from adapters.packing import fit, pack, text_of
from adapters.slack import limits, mrkdwn
from adapters.slack.ids import action_id, known, menu_id, private, value

Json = dict[str, Any]

_FEW: Final = 5  # choices that are buttons; more are a menu, which takes one line on a phone
_DIVIDER: Final[Json] = {"type": "divider"}
_NO_WORDS: Final = "Dateline"  # the text of a message that has buttons only


@dataclass(frozen=True, slots=True)
class Message:
    """One message, as ``chat.postMessage`` and a ``response_url`` take it."""

    text: str  # all its words: what a notification begins with, and all that a screen reader reads
    blocks: tuple[Json, ...]  # without pictures
    pictures: tuple[tuple[int, int], ...] = ()  # (place in ``blocks`` before which it goes, number of the briefing)

    def known(self, ident: str) -> "Message":
        """The message that was made with ``ids.UNKNOWN``, with buttons that know the ident."""
        blocks = tuple(known(block, ident) if block["type"] == "actions" else block for block in self.blocks)
        return replace(self, blocks=blocks)

    def private(self) -> "Message":
        """The message of which all that comes of its buttons is for who presses them alone."""
        return replace(self, blocks=tuple(private(one) if one["type"] == "actions" else one for one in self.blocks))

    def illustrated(self, images: Mapping[int, Json]) -> list[Json]:
        """The blocks with those pictures that there are, by the numbers of their briefings."""
        shown: list[Json] = []
        for place in range(len(self.blocks) + 1):
            shown += [images[briefing] for at, briefing in self.pictures if at == place and briefing in images]
            shown += self.blocks[place : place + 1]
        return shown


@dataclass(frozen=True)
class _Piece:
    """What can't be divided any more: a block, or the room for a picture."""

    block: Json | None
    says: str = ""
    title: bool = False
    picture: int = 0

    @property
    def opens(self) -> bool:
        """Whether it stays with what follows."""
        return self.title or self.block is _DIVIDER

    @cached_property
    def weight(self) -> int:
        return limits.weight(self.block) if self.block else limits.PICTURE + limits.CONTAINER

    @cached_property
    def text(self) -> int:
        """What its words take of the message's ``text``."""
        return len(self.says.encode()) + 1


def messages(blocks: Iterable[Block]) -> tuple[Message, ...]:
    """The blocks in as few messages as keep stories whole, in their order; none where there are no words.

    A story isn't torn apart where it fits in a message of its own, nor a heading from what it stands above.
    """
    packed: list[list[_Piece]] = [[]]
    for story in _stories(blocks):
        if not _fits(packed[-1] + story) and _fits(story):
            packed.append([])
        for group in _kept_together(story):
            if not _fits(packed[-1] + group):
                packed.append([])
            packed[-1] += group
    written = map(_message, packed)
    return tuple(message for message in written if message.blocks)


def _message(pieces: Sequence[_Piece]) -> Message:
    shown = list(pieces)
    while shown and shown[0].block is _DIVIDER:
        shown = shown[1:]
    while shown and shown[-1].block is _DIVIDER:
        shown = shown[:-1]
    blocks = tuple(piece.block for piece in shown if piece.block)
    places = ((sum(1 for before in shown[:at] if before.block), piece) for at, piece in enumerate(shown))
    pictures = tuple((at, piece.picture) for at, piece in places if not piece.block)
    return Message("\n".join(piece.says for piece in shown if piece.says) or _NO_WORDS, blocks, pictures)


def _fits(pieces: Sequence[_Piece]) -> bool:
    weight, text = sum(piece.weight for piece in pieces), sum(piece.text for piece in pieces)
    return len(pieces) <= limits.BLOCKS and weight <= limits.JSON and text <= limits.TEXT


def _stories(blocks: Iterable[Block]) -> Iterator[list[_Piece]]:
    """The pieces, story by story: each but the first begins with its divider."""
    story: list[_Piece] = []
    for block in blocks:
        if isinstance(block, Divider) and story:
            yield story
            story = []
        story += _pieces(block)
    yield story


def _kept_together(story: Sequence[_Piece]) -> list[list[_Piece]]:
    """Headings with what follows them and pictures with what they follow, if a message can hold them."""
    groups: list[list[_Piece]] = []
    for piece in story:
        if groups and (groups[-1][-1].opens or not piece.block) and _fits([*groups[-1], piece]):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _pieces(block: Block) -> Iterable[_Piece]:
    match block:
        case Heading(line, level):
            return _heading(line, level)
        case Text(lines, quiet):
            return _small_print(lines) if quiet and _fits_small_print(lines) else _rich(lines)
        case Picture(briefing):
            return [_Piece(None, picture=briefing)]
        case Buttons(buttons):
            return _buttons(buttons)
        case Divider():
            return [_Piece(_DIVIDER)]


def _heading(line: Line, level: int) -> Iterable[_Piece]:
    text = text_of(line)
    if level == 1 and 0 < _length(line) <= limits.HEADER and not any(run.url or run.code for run in line):
        return [_Piece({"type": "header", "text": _plain_text(text)}, mrkdwn.escape(text), title=True)]
    return _rich([tuple(replace(run, bold=True) for run in line)], title=True)


def _rich(lines: Iterable[Line], *, title: bool = False) -> Iterator[_Piece]:
    for packed in pack(_worth_a_line(lines), _rich_size, limits.PIECE):
        elements = [_element(run) for run in _below_one_another(packed)]
        block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}
        yield _Piece(block, _words(packed), title)


def _words(lines: Iterable[Line]) -> str:
    return "\n".join(mrkdwn.escape(text_of(line)) for line in lines)


def _below_one_another(lines: Iterable[Line]) -> Iterator[Run]:
    """The lines as one; words that look alike are one element, which takes less of the message."""
    runs = [run for line in lines for run in (_NEW_LINE, *line)][1:]
    for look, alike in groupby(runs, key=lambda run: replace(run, text="")):
        yield replace(look, text="".join(run.text for run in alike))


_NEW_LINE: Final = Run("\n")


def _element(run: Run) -> Json:
    style = {name: True for name in ("bold", "italic", "code") if getattr(run, name)}
    made: Json = {"type": "link", "url": run.url, "text": run.text} if run.url else {"type": "text", "text": run.text}
    return made | ({"style": style} if style else {})


def _worth_a_line(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines that have words, without links to where Slack can't lead."""
    for line in lines:
        if text_of(line).strip():
            yield tuple(run if _leads(run.url) else replace(run, url=None) for run in line if run.text)


def _leads(url: str | None) -> bool:
    return url is not None and url.startswith(("http://", "https://")) and len(url.encode()) <= limits.URL


def _rich_size(line: Line) -> int:
    json = sum(limits.weight(_element(run)) - limits.CONTAINER + 2 for run in line) + 40
    return max(json, len(_words([line]).encode()))


def _fits_small_print(lines: Iterable[Line]) -> bool:
    return all(limits.units(mrkdwn.write((run,))) <= limits.SMALL_URL for line in lines for run in line if run.url)


def _small_print(lines: Iterable[Line]) -> Iterator[_Piece]:
    for packed in pack(_worth_a_line(lines), _small_size, limits.CONTEXT):
        yield _Piece({"type": "context", "elements": [_small_text(packed)]}, _words(packed))


def _small_text(lines: Sequence[Line]) -> Json:
    """Plain where nothing leads anywhere: then Slack takes the words as they are."""
    if not any(run.url for line in lines for run in line):
        return _plain_text("\n".join(map(text_of, lines)))
    return {"type": "mrkdwn", "text": "\n".join(map(mrkdwn.write, lines)), "verbatim": True}


def _small_size(line: Line) -> int:
    return len(mrkdwn.write(line).encode()) + 1


def _buttons(buttons: Sequence[Button]) -> Iterator[_Piece]:
    """A row of buttons, or menus where there are many choices. A label that is too long is said in full above them."""
    yield from _rich([(Run(button.label),) for button in buttons if limits.units(button.label) > limits.LABEL])
    as_menu = len(buttons) > _FEW and all(button.action is Action.CHOOSE for button in buttons)
    for row in _rows(buttons, limits.OPTIONS if as_menu else limits.BUTTONS):
        elements = [_menu(row)] if as_menu else [_button(button, number) for number, button in enumerate(row)]
        yield _Piece({"type": "actions", "elements": elements})


def _rows(buttons: Sequence[Button], most: int) -> Iterator[list[Button]]:
    row: list[Button] = []
    for button in buttons:
        if row and (len(row) == most or sum(map(_button_size, [*row, button])) > limits.PIECE):
            yield row
            row = []
        row.append(button)
    if row:
        yield row


def _button(button: Button, number: int) -> Json:
    text = _plain_text(_label(button))
    return {"type": "button", "action_id": action_id(button, number), "text": text, "value": value(button)}


def _menu(buttons: Sequence[Button]) -> Json:
    options = [{"text": _plain_text(_label(button)), "value": value(button)} for button in buttons]
    placeholder = _plain_text("Choose one")
    return {"type": "static_select", "action_id": menu_id(0), "placeholder": placeholder, "options": options}


def _button_size(button: Button) -> int:
    return limits.weight(_button(button, 0)) - limits.CONTAINER


def _label(button: Button) -> str:
    if limits.units(button.label) <= limits.LABEL:
        return button.label or button.action.value
    return text_of(fit((Run(button.label),), _length, limits.LABEL - 1)[0]) + "…"


def _plain_text(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def _length(line: Line) -> int:
    return limits.units(text_of(line))
