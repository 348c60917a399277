"""The custom ids of buttons and menus: all that Discord gives back when one is pressed, also after a restart.

A button's is ``dl:<action>:<ident>:<briefing>``, and so is the value of a menu's option; a menu's own is
``dl:menu:<ident>:<number>`` and says nothing but which of a message's menus it is. At most 100 characters
(https://docs.discord.com/developers/components/reference#anatomy-of-a-component-custom-id).
"""

import re
from dataclasses import dataclass
from typing import Final

from adapters.blocks import Action, Button

_IDENT: Final = r"(?P<ident>[0-9a-f]{16})"
BUTTON: Final = re.compile(rf"dl:(?P<action>{'|'.join(Action)}):{_IDENT}:(?P<briefing>\d{{1,5}})")
MENU: Final = re.compile(rf"dl:menu:{_IDENT}:(?P<number>\d{{1,5}})")


@dataclass(frozen=True, slots=True)
class Press:
    """What a pressed button, or the chosen option of a menu, asks for: the fields of ``adapters.blocks.Button``."""

    action: Action
    ident: str
    briefing: int


def button_id(button: Button) -> str:
    """The custom id of the button, or the value of its option in a menu."""
    return f"dl:{button.action}:{button.ident}:{button.briefing}"


def menu_id(first: Button, number: int) -> str:
    """The custom id of a message's menu; ``first`` is its first option."""
    return f"dl:menu:{first.ident}:{number}"


def press(custom_id: str) -> Press | None:
    """What a button's custom id or an option's value asks for; None: it isn't one of ours."""
    match = BUTTON.fullmatch(custom_id)
    return match and Press(Action(match["action"]), match["ident"], int(match["briefing"]))
