r"""Lines -> Discord's Markdown, in which text from articles is text and nothing else.

Discord's Markdown takes a backslash before any character that is neither letter, digit nor space as 'this character
itself' (https://support.discord.com/hc/articles/210298617). So whatever could begin a format, a mention, a custom
emoji, a time, a spoiler or a link of an article's own gets one. What must not be touched, an address, is made of
characters that don't end it.
"""

import re
from typing import Final

from adapters.blocks import Line, Run
from adapters.discord import limits

_SPECIAL: Final = re.compile(r"[\\*_~`|<>\[\]@#]")
# What makes a link, an emoji or an invitation without any bracket: 'https://', ':smile:', 'discord.gg/x'
_LINKING: Final = re.compile(r":(?!\s)|(?<=discord)\.|(?<=discordapp)\.", re.IGNORECASE)
_LISTED: Final = re.compile(r"(\d+\.|•) ")  # a line's first run, if it is just that: the layout's mark of a list's item
_LINE_START: Final = re.compile(r"^(\s*)(?:([-+])|(\d+)([.)]))")
_JOINT: Final = "\u200b"  # between two formats whose marks would run together
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_ENDS_LINK: Final = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C"})


def escaped(text: str) -> str:
    """The text, written so that Discord shows just that; not at a line's start (see ``markdown``)."""
    return _LINKING.sub(r"\\\g<0>", _SPECIAL.sub(r"\\\g<0>", text))


def markdown(line: Line) -> str:
    """The line in Discord's Markdown: runs in bold and italics, as code, as links; no heading or quotation.

    It is the item of a list, which Discord indents, where the layout begins it with a number or a bullet of its own.
    """
    if len(line) > 1 and (match := _LISTED.fullmatch(line[0].text)):
        return f"{match[1].replace('•', '-')} {_protected(line[1:])}"
    return _protected(line)


def size(line: Line) -> int:
    """How long the line is once it is written."""
    return limits.size(markdown(line))


def _protected(line: Line) -> str:
    written = ""
    for run in line:
        piece = _run(run)
        joint = _JOINT if piece and written and _run_together(written, piece) else ""
        written += joint + piece
    return _LINE_START.sub(_not_a_list, written)


def _run(run: Run) -> str:
    if not run.text.strip():
        return run.text
    in_the_way = "`[]" if run.url else "`"
    words = _styled(run) if not run.code or any(c in run.text for c in in_the_way) else f"`{run.text}`"
    return _linked(words, run) if run.url else words


def _styled(run: Run) -> str:
    """The run's text between its marks, which must touch the words: spaces at its ends stay outside."""
    text = _in_label(run.text) if run.url else run.text
    core, mark = text.strip(), "**" * run.bold + "*" * run.italic
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{mark}{escaped(core)}{mark[::-1]}{after}"


def _in_label(text: str) -> str:
    """The text with brackets that a link's label can hold: Discord counts them even where they are escaped."""
    return text if _balanced(text) else text.replace("[", "［").replace("]", "］")


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "[") - (character == "]")
        if depth not in (0, 1):
            return False
    return depth == 0


def _linked(words: str, run: Run) -> str:
    """The words as a link.

    Where they look like an address themselves Discord shows no link, so that nobody is misled: then the true address
    follows them, or stands for them if it is the same. One that is too long to follow isn't written.
    """
    url = (run.url or "").translate(_ENDS_LINK)
    if not url.lower().startswith(("http://", "https://")) or limits.size(url) > limits.LINK:
        return words
    if run.url == run.text:
        return f"<{url}>"
    return f"{words} <{url}>" if _ADDRESS.search(run.text) else f"[{words}]({url})"


def _run_together(written: str, piece: str) -> bool:
    """Whether the mark at the end of what is written and the one that begins the piece would be read as one."""
    return (written[-1], piece[0]) in {("*", "*"), ("`", "`")}


def _not_a_list(match: re.Match[str]) -> str:
    space, bullet, number, dot = match.groups()
    return f"{space}\\{bullet}" if bullet else f"{space}{number}\\{dot}"
