"""Messages as discord.py sends them: Components V2, the maps attached with their alternative texts."""

from collections.abc import Mapping
from io import BytesIO
from typing import Final

import discord
from discord import ui

from adapters.blocks import Button, Divider, Picture
from adapters.discord import limits
from adapters.discord.ids import button_id, menu_id
from adapters.discord.pictures import Map
from adapters.discord.render import Menu, Message, Part, Row, Words

NO_PINGS: Final = discord.AllowedMentions.none()
_ACCENT: Final = discord.Colour(0x3B6EA5)
_NO_MAP: Final = "-# There is no map to show here."


def view(message: Message, maps: Mapping[int, Map], mark: int | None = None) -> ui.LayoutView:
    """The message's components, in one container; send ``files`` with them. Needs a running event loop.

    ``maps`` are those of the answer's briefings, by their numbers; a picture without one is left out. ``mark`` becomes
    the container's id, by which the message is known again. The view is finished: buttons are answered by the client's
    dynamic items, also after a restart, so that discord.py need not keep the view of each message.
    """
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=_ACCENT, id=mark)
    for part in message.parts:
        item = _item(part, maps)
        if item is not None:
            container.add_item(item)
    if not container.children:
        container.add_item(ui.TextDisplay(_NO_MAP))
    whole = ui.LayoutView(timeout=None)
    whole.add_item(container)
    whole.stop()
    return whole


def files(message: Message, maps: Mapping[int, Map]) -> list[discord.File]:
    """The pictures that the message shows, to be attached to it; new ones each time, since sending closes them."""
    shown = [part.briefing for part in message.parts if isinstance(part, Picture) and part.briefing in maps]
    return [discord.File(BytesIO(maps[number].png), _name(number), description=_alt(maps[number])) for number in shown]


def _name(briefing: int) -> str:
    return f"map-{briefing + 1}.png"


def _alt(picture: Map) -> str:
    return limits.shortened(picture.alt, limits.DESCRIPTION)


def _item(part: Part, maps: Mapping[int, Map]) -> ui.Item[ui.LayoutView] | None:
    match part:
        case Words(lines):
            return ui.TextDisplay("\n".join(lines).strip("\n"))
        case Row(buttons):
            return ui.ActionRow(*map(_button, buttons))
        case Menu():
            return ui.ActionRow(_menu(part))
        case Divider():
            return ui.Separator()
        case Picture(briefing):
            return _gallery(briefing, maps[briefing]) if briefing in maps else None


def _gallery(briefing: int, picture: Map) -> ui.MediaGallery[ui.LayoutView]:
    item = discord.MediaGalleryItem(f"attachment://{_name(briefing)}", description=_alt(picture))
    return ui.MediaGallery(item)


def _button(button: Button) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=button.label or "…", custom_id=button_id(button), style=discord.ButtonStyle.secondary)


def _menu(menu: Menu) -> ui.Select[ui.LayoutView]:
    options = [discord.SelectOption(label=option.label or "…", value=button_id(option)) for option in menu.options]
    first = menu.number * limits.MENU_OPTIONS + 1
    words = f"Choose ({first} to {first + len(options) - 1})" if menu.number else "Choose"
    return ui.Select(custom_id=menu_id(menu.options[0], menu.number), placeholder=words, options=options)
