"""Whatever the blocks are: every message is within Discord's limits, and together they say all that the blocks say."""

import asyncio
import re
from collections.abc import Iterable
from typing import Any, cast

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simcord.components import validate_message_state, walk_components

from adapters.blocks import Action, Block, Button, Buttons, Divider, Heading, Line, Picture, Run, Text
from adapters.discord import limits, views
from adapters.discord.ids import BUTTON, MENU, Press, press
from adapters.discord.pictures import Map
from adapters.discord.render import Menu, Message, Row, Words, messages
from adapters.inert import inert
from tests.discord.reading import read
from tests.discord.test_markdown import RUNS, squeezed

V2 = 1 << 15
LONG = [
    "Слово" * 3000, "a" * 9000, "é" * 5000, "Z̸̢̛͖a̷l̴g̵o̶ " * 900, "👩‍👩‍👧‍👦" * 1500, "🇺🇦 " * 2000,
    "مرحبا بالعالم " * 700, "*_`~|" * 2000, "word " * 3000, "https://a.example/" + "x" * 10_000,
]  # fmt: skip
LONG_RUNS = st.builds(Run, text=st.sampled_from(LONG).map(inert), bold=st.booleans(), italic=st.booleans())
LINES = st.lists(st.one_of(RUNS, LONG_RUNS), max_size=4).map(tuple)
LABELS = st.text(max_size=40).map(inert)
IDENTS = st.integers(min_value=0, max_value=2**64 - 1).map(lambda number: f"{number:016x}")
BUTTONS = st.builds(Button, st.sampled_from(Action), LABELS, IDENTS, st.integers(0, 30))
BLOCKS = st.one_of(
    st.builds(Heading, LINES, st.integers(1, 3)),
    st.builds(Text, st.lists(LINES, max_size=8).map(tuple), quiet=st.booleans()),
    st.builds(Text, st.integers(1, 3000).map(lambda count: tuple((Run(f"Point {n}"),) for n in range(count)))),
    st.builds(Picture, st.integers(0, 12)),
    st.builds(Buttons, st.lists(BUTTONS, max_size=7).map(tuple)),
    st.just(Divider()),
)
STORY: list[Block] = [
    Heading((Run("Lyman changes hands", url="https://one.example/a"),)),
    Text(((Run("1. "), Run("Lyman", bold=True), Run(" fell.")),)),
    Picture(0),
    Buttons((Button(Action.WHY, "Why?", "0" * 16), Button(Action.MORE, "More", "0" * 16))),
]


@settings(max_examples=20, deadline=None)
@given(st.lists(BLOCKS, max_size=12))
def test_absurd_blocks_stay_within_every_limit_and_lose_nothing(blocks: list[Block]) -> None:
    made = messages(blocks)
    for payload in _payloads(made):
        validate_message_state(payload, flags=V2, content=None, embeds=[])
        texts = [part["content"] for part in walk_components(payload) if part["type"] == 10]
        assert sum(map(limits.size, texts)) <= limits.TEXT
        assert sum(1 for _ in walk_components(payload)) <= limits.COMPONENTS
    assert _said(made) == squeezed(_asked(blocks))
    assert _pressable(made) == {(b.action, b.ident, b.briefing) for block in blocks for b in _buttons(block)}
    assert _pictured(made) == [block.briefing for block in blocks if isinstance(block, Picture)]


@pytest.mark.parametrize("count", [1, 5, 6, 25, 26, 300])
def test_many_choices_are_buttons_or_menus_and_each_can_be_chosen(count: int) -> None:
    made = messages([Buttons(tuple(Button(Action.CHOOSE, f"Place {n}", f"{n:016x}") for n in range(count)))])
    (payload,) = _payloads(made)
    kinds = [part["type"] for part in walk_components(payload)]
    assert kinds.count(2) == (count if count <= 5 else 0)
    assert kinds.count(3) == (0 if count <= 5 else -(-count // 25))
    assert len(_pressable(made)) == count
    ids = [part["custom_id"] for part in walk_components(payload) if "custom_id" in part]
    assert all(BUTTON.fullmatch(ident) or MENU.fullmatch(ident) for ident in ids)


def test_labels_that_a_phone_would_cut_are_a_menus_and_longer_ones_stand_above_it_in_full() -> None:
    def shown(label: str) -> tuple[str, list[str]]:
        made = messages([Buttons((Button(Action.CHOOSE, label, "0" * 16),))])
        (payload,) = _payloads(made)
        return _said(made), [option["label"] for part in walk_components(payload) for option in part.get("options", ())]

    assert shown("Springfield, Illinois, United States") == ("", [])
    name = "Springfield, Greene County, Missouri, United States"
    assert shown(name) == ("", [name])
    endless = "The very long name of a place that goes on and on " * 3
    said, (option,) = shown(endless.strip())
    assert said == squeezed(f"1. {endless}")
    assert option.startswith("1. The very long")
    assert len(option) <= 100


def test_stories_stay_whole_and_breaks_between_messages_need_no_line() -> None:
    points = Text(tuple((Run(f"{n}. A point that says so much and then some."),) for n in range(30)))
    story: list[Block] = [STORY[0], points, *STORY[2:]]
    made = messages([*story, Divider(), *story, Divider(), *story, Divider(), *story])
    assert [[type(part).__name__ for part in message.parts] for message in made] == [
        ["Words", "Picture", "Row", "Divider", "Words", "Picture"],
        ["Words", "Picture", "Divider", "Words", "Picture"],
    ]


def test_a_heading_is_never_the_last_thing_in_a_message() -> None:
    filler = Text(tuple((Run("word " * 19 + "end."),) for _ in range(39)))
    made = messages([filler, Heading((Run("Sources"),)), Text(((Run("Olena Hrytsenko " * 10),),) * 3)])
    assert [words.lines[0][:11] for message in made for words in message.parts if isinstance(words, Words)] == [
        "word word w",
        "### Sources",
    ]


def test_one_address_of_ten_thousand_characters_does_no_harm() -> None:
    made = messages([Text(((Run("Here", url="https://a.example/" + "x" * 10_000), Run(" it is.")),))])
    assert _said(made) == "Hereitis."


def test_pictures_come_with_their_words_and_none_is_left_out_without_a_trace() -> None:
    made = messages([Text(((Run("Lyman."),),)), Picture(0), Picture(1)])
    (payload,) = _payloads(made, {1: Map(b"png", "Map: Lyman " + "and Kupiansk " * 200)})
    (gallery,) = [part for part in walk_components(payload) if part["type"] == 12]
    assert gallery["items"][0]["media"]["url"] == "attachment://map-2.png"
    assert len(gallery["items"][0]["description"]) <= limits.DESCRIPTION
    (alone,) = _payloads(messages([Picture(0)]), {})
    assert "no map" in alone[0]["components"][0]["content"]


def test_a_message_is_marked_and_not_kept_by_the_library() -> None:
    async def made() -> discord.ui.LayoutView:
        return views.view(messages(STORY)[0], {}, mark=77)

    view = asyncio.run(made())
    assert _wire(view)[0]["id"] == 77
    assert view.is_finished()


def test_what_a_button_asks_for_is_read_back_and_nothing_else() -> None:
    assert press("dl:why:00000000000000ab:3") == Press(Action.WHY, "00000000000000ab", 3)
    assert press("dl:why:00000000000000ab:3x") is None
    assert press("dl:menu:00000000000000ab:3") is None


def _payloads(made: Iterable[Message], maps: dict[int, Map] | None = None) -> list[list[dict[str, Any]]]:
    shown = {number: Map(b"png", "Map") for number in range(20)} if maps is None else maps

    async def payloads() -> list[list[dict[str, Any]]]:
        return [_wire(views.view(message, shown)) for message in made]

    return asyncio.run(payloads())


def _wire(view: discord.ui.LayoutView) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", view.to_components())  # type: ignore[no-untyped-call] # discord.py's has no types


def _lines(made: Iterable[Message]) -> list[str]:
    return [line for message in made for part in message.parts if isinstance(part, Words) for line in part.lines]


def _said(made: Iterable[Message]) -> str:
    """All that is written, as people see it, without the marks that we put at a line's beginning."""
    seen = [part for line in _lines(made) for part in read(re.sub("^(##|###|-#) ", "", line))]
    assert {look for part in seen for look in part.looks} <= {"bold", "italic", "code", "link", "autolink"}
    return squeezed("".join(part.text for part in seen))


def _asked(blocks: Iterable[Block]) -> str:
    lines = [line for block in blocks for line in ([block.line] if isinstance(block, Heading) else _below(block))]
    return "".join(run.text for line in lines for run in line)


def _below(block: Block) -> tuple[Line, ...]:
    return block.lines if isinstance(block, Text) else ()


def _pressable(made: Iterable[Message]) -> set[tuple[str, str, int]]:
    parts = [part for message in made for part in message.parts]
    rows = [button for part in parts if isinstance(part, Row) for button in part.buttons]
    menus = [button for part in parts if isinstance(part, Menu) for button in part.options]
    assert len({(b.action, b.ident, b.briefing) for b in rows + menus}) == len(rows + menus)
    return {(button.action, button.ident, button.briefing) for button in rows + menus}


def _buttons(block: Block) -> tuple[Button, ...]:
    return block.buttons if isinstance(block, Buttons) else ()


def _pictured(made: Iterable[Message]) -> list[int]:
    return [part.briefing for message in made for part in message.parts if isinstance(part, Picture)]
