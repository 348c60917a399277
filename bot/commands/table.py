"""All commands."""

from typing import Final

from bot.commands.asking import ASKING
from bot.commands.digests import DIGESTS
from bot.commands.feeds import FEEDS
from bot.commands.help import help_of
from bot.commands.model import Command
from bot.commands.watches import WATCHES

_NEWS: Final = (*ASKING, *DIGESTS, *WATCHES, *FEEDS)

COMMANDS: Final = (*_NEWS, Command("help", "how to use it, and how things stand", help_of(_NEWS)))
