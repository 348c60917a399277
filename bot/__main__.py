"""``python -m bot``: the same as the command ``dateline``."""

from bot.cli import main

main()
