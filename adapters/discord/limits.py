"""What Discord takes in one message; and how it counts.

Where a number comes from stands beside it. Discord's documentation says 'characters'; its server counts code points
(https://github.com/discord/discord-api-docs/issues/1315), a browser UTF-16 units. Texts are measured in UTF-16 units
here, of which there are never fewer.
"""

from typing import Final

# https://docs.discord.com/developers/components/reference (Text Display, Button, String Select, Media Gallery), and
# https://docs.discord.com/developers/components/using-message-components for the limits of a whole message
TEXT: Final = 4000  # characters in all text displays of a message together
COMPONENTS: Final = 40  # of a message, nested ones counted in
BUTTON_LABEL: Final = 38  # 80 are taken, but not shown whole on a phone: Discord's advice for buttons there
ROW_BUTTONS: Final = 5
MENU_OPTIONS: Final = 25
OPTION_LABEL: Final = 100
DESCRIPTION: Final = 1024  # of a picture: its alternative text

# https://docs.discord.com/developers/resources/message#create-message
FILES: Final = 10
NONCE: Final = 25

# https://docs.discord.com/developers/resources/channel#start-thread-from-message
THREAD_NAME: Final = 100

# Browsers and servers disagree about longer addresses (RFC 9110, 4.1, asks for 8,000 octets to be understood), and one
# must leave room in its message for the words that it is the address of.
LINK: Final = 2000


def size(text: str) -> int:
    """How long a text is in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, most: int) -> str:
    """The text, or as much of its beginning as fits, with an ellipsis: for what stands in full elsewhere."""
    if size(text) <= most:
        return text
    kept = text[: most - 1]
    while size(kept) > most - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"
