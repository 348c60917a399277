"""What a button of ours carries, and what is read back from it when somebody presses it.

A button's ``action_id`` is ``dl:why:0``: its action and its place in its row, since no two there may be alike; that of
a menu is ``dl:menu:0``. One that ends in ``:alone`` belongs to a question that was asked privately. The ``value`` of a
button or of a menu's option says it all: ``why:00112233aabbccdd:1``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.blocks import Action, Button
from bot.errors import NotFound

ACTION_ID: Final = re.compile(r"dl:(why|more|follow|choose|menu):\d+(:alone)?")
_ALONE: Final = ":alone"
_VALUE: Final = re.compile(r"(why|more|follow|choose):([0-9a-f]{16}):(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Pressed:
    """What somebody pressed: ``bot.commands.press`` or, for a choice, ``bot.commands.choose`` does it."""

    action: Action
    ident: str  # 16 hexadecimal digits
    briefing: int


def action_id(button: Button, number: int) -> str:
    """The ``action_id`` of the button that is the ``number``-th of its row, from 0."""
    return f"dl:{button.action.value}:{number}"


def menu_id(number: int) -> str:
    """The ``action_id`` of the ``number``-th menu of its row."""
    return f"dl:menu:{number}"


def value(button: Button) -> str:
    """What ``parse`` reads."""
    return f"{button.action.value}:{button.ident}:{button.briefing}"


UNKNOWN: Final = "0" * 16  # an ident that is still to come


def known(row: Mapping[str, Any], ident: str) -> dict[str, Any]:
    """The actions block with the ident in its buttons that were made with ``UNKNOWN``. Menus offer choices, which have
    idents of their own.
    """
    buttons = [
        {**one, "value": one["value"].replace(UNKNOWN, ident)} if "value" in one else one for one in row["elements"]
    ]
    return {**row, "elements": buttons}


def private(row: Mapping[str, Any]) -> dict[str, Any]:
    """The actions block whose choices are answered to who makes them alone."""
    return {**row, "elements": [{**one, "action_id": one["action_id"] + _ALONE} for one in row["elements"]]}


def is_private(action: Mapping[str, Any]) -> bool:
    """Whether what was pressed is such."""
    return str(action["action_id"]).endswith(_ALONE)


def parse(action: Mapping[str, Any]) -> Pressed:
    """What the button or the menu's option means, from the ``actions`` of what Slack sends.

    https://docs.slack.dev/reference/interaction-payloads/block_actions-payload/

    Raises:
        NotFound: it isn't one of ours, or another version's.
    """
    pressed = action.get("selected_option") or action
    if not (found := _VALUE.fullmatch(str(pressed.get("value")))):
        raise NotFound("This button isn't known any more: ask again")
    return Pressed(Action(found[1]), found[2], int(found[3]))
