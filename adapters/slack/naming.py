"""How commands are called in Slack: with the configured prefix, and help as a word, since ``/help`` is Slack's own."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from adapters.blocks import Block, Heading, Line, Text
from bot.commands import COMMANDS

_WORDS: Final = tuple(dict.fromkeys(command.name.split()[0] for command in COMMANDS))
_GROUPS: Final = frozenset(command.name.split()[0] for command in COMMANDS if " " in command.name)
_NAMED: Final = re.compile(rf"(?<![\w/.])/({'|'.join(_WORDS)})\b")


def full(word: str, text: str) -> str:
    """The command as the core reads it, from its first word, without slash and prefix, and what was typed after it.

    ``help`` after any of them asks for help, and a group by itself for its list. What this can't read, the core will
    say in words.
    """
    rest = text.strip()
    if rest.lower() == "help":
        return "/help"
    return f"/{word} {rest or ('list' if word in _GROUPS else '')}".strip()


def typed_here(text: str, prefix: str) -> str:
    """The text, in which the core tells people what to type, with commands called as in this Slack."""
    return _NAMED.sub(lambda found: f"/{prefix}brief help" if found[1] == "help" else f"/{prefix}{found[1]}", text)


def renamed(blocks: Iterable[Block], prefix: str, *, ours: bool) -> tuple[Block, ...]:
    """The blocks with their words so; links lead where they led.

    ``ours``: all words are the core's own. Else those of articles stand among them, and only what is marked as to be
    typed is changed.
    """

    def line(one: Line) -> Line:
        return tuple(replace(run, text=typed_here(run.text, prefix)) if ours or run.code else run for run in one)

    def block(one: Block) -> Block:
        match one:
            case Heading():
                return replace(one, line=line(one.line))
            case Text():
                return replace(one, lines=tuple(map(line, one.lines)))
            case _:
                return one

    return tuple(map(block, blocks))
