r"""Lines -> Discord's Markdown, in which text from articles is text and nothing else.

Discord takes a backslash before any character that is neither letter, digit nor space as 'this character itself'
(https://support.discord.com/hc/articles/210298617), so whatever could begin a format, a mention, a custom emoji, a
time, a spoiler or a link of an article's own gets one. Not so in the words of a link: there a backslash is shown, and
an emoji, a mention or an address keep the whole from being a link (bugs 6185 and 7673 in
https://github.com/discord/discord-api-docs/issues). Words that have such a thing stand before their link.
"""

import re
from typing import Final

import regex

from adapters.blocks import Line, Run
from adapters.discord import limits

# A '](' would end the words of a link of ours anew, however far behind it.
_SPECIAL: Final = re.compile(r"[\\*_~`|<>\[\]@#]|(?:(?<=\])|^)\(")
# What makes a link, an emoji or an invitation without any bracket: 'https://', ':smile:', 'discord.gg/x'
_LINKING: Final = re.compile(r":(?!\s)|(?<=discord)\.|(?<=discordapp)\.", re.IGNORECASE)
_LINE_START: Final = re.compile(r"^(\s*)(?:([-+])|(\d+)([.)]))")
_LISTED: Final = re.compile(r"(\d{1,9}\.|•) ")  # a first run that is just that is the layout's mark of a list's item
_JOINT: Final = "\u200b"  # between two formats whose marks would run together
_NO_LABEL: Final = regex.compile(
    r"""[`<\\*] | _.*_ | ~~ | \|\| | @everyone | @here | :/ | :\w+: | discord(app)?\.(gg|com)
    | [\p{Emoji_Presentation}\p{Extended_Pictographic}\p{Regional_Indicator}\uFE0F\u20E3]
    | ^[^\[]*\] | \[[^\]]*$ | \[[^\]]*\[ | \][^\[]*\]
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_LINK: Final = "link"
_ENDS_LINK: Final = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C"})


def escaped(text: str) -> str:
    """The text, written so that Discord shows just that; not at a line's start (see ``markdown``) nor in a link."""
    return _LINKING.sub(r"\\\g<0>", _SPECIAL.sub(r"\\\g<0>", text))


def markdown(line: Line, *, item: bool = True) -> str:
    """The line in Discord's Markdown: runs in bold and italics, as code, as links; no heading or quotation.

    With ``item`` it is one of a list, which Discord indents, if it begins with the layout's own number or bullet.
    """
    if item and len(line) > 1 and (match := _LISTED.fullmatch(line[0].text)):
        return f"{match[1].replace('•', '-')} {_protected(line[1:])}"
    return _protected(line)


def size(line: Line) -> int:
    """How long the line may be once it is written."""
    return limits.size(_protected(line))


def _protected(line: Line) -> str:
    """The runs after one another, with nothing at the start that would make them something else than a line."""
    written = ""
    for run in line:
        piece = _run(run)
        joint = _JOINT if piece and written and (written[-1], piece[0]) in {("*", "*"), ("`", "`")} else ""
        written += joint + piece
    return _LINE_START.sub(_not_a_list, written)


def _run(run: Run) -> str:
    if not run.text.strip():
        return run.text
    url = _followable(run.url) if run.url else None
    if url and not _NO_LABEL.search(run.text):
        return f"[{_styled(run, run.text)}]({url})"
    words = _styled(run, run.text if _is_code(run) else escaped(run.text))
    if not url:
        return words
    return f"<{url}>" if run.url == run.text else f"{words} ([{_LINK}]({url}))"


def _styled(run: Run, words: str) -> str:
    """The words between the run's marks, which must touch them: spaces at their ends stay outside."""
    core = words.strip()
    before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    mark = "`" if _is_code(run) else "**" * run.bold + "*" * run.italic
    return f"{before}{mark}{core}{mark}{after}"


def _is_code(run: Run) -> bool:
    return run.code and "`" not in run.text and "](" not in run.text


def _followable(url: str) -> str | None:
    """The address as a link may hold it; None for one that isn't of the web, or too long to be followed."""
    held = url.translate(_ENDS_LINK)
    return held if held.lower().startswith(("http://", "https://")) and limits.size(held) <= limits.LINK else None


def _not_a_list(match: re.Match[str]) -> str:
    space, bullet, number, dot = match.groups()
    return f"{space}\\{bullet}" if bullet else f"{space}{number}\\{dot}"
