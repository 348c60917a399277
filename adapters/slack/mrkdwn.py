"""Slack's own markup, for the two places that take nothing else: small print with links, and notifications.

Everything that is read goes into rich text, whose words Slack doesn't look into. Here it does, and has no way to escape
a star: https://docs.slack.dev/messaging/formatting-message-text/. So each sign that could format, link or ping is
replaced by one that looks like it and means nothing.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from adapters.blocks import Run

# The last three after Slack's own rule; a quotation begins with '>' even when that is escaped.
ALIKE: Final = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ", "|": "∣", ">": "›", "&": "&amp;", "<": "&lt;"}
_ALIKE: Final = str.maketrans(ALIKE)
_EMOJI: Final = re.compile(r":(?=[\w'+-]+:)")
EMOJI_COLON: Final = "꞉"


def escape(text: str) -> str:
    """The text without anything that Slack could take for markup, a mention, an emoji or a quotation."""
    return _EMOJI.sub(EMOJI_COLON, text).translate(_ALIKE)


def write(line: Iterable[Run]) -> str:
    """The line with its links, in one plain weight."""
    return "".join(_link(run) if run.url else escape(run.text) for run in line)


def _link(run: Run) -> str:
    """An address keeps all its signs but these two (``adapters.inert.inert_url`` has taken the others)."""
    url = (run.url or "").replace("&", "&amp;").replace("|", "%7C").replace("<", "%3C").replace(">", "%3E")
    return f"<{url}|{escape(run.text)}>"


def of_blocks(blocks: Iterable[Mapping[str, Any]]) -> str:
    """All words and links of blocks of ours, for where Slack doesn't take the blocks."""
    return "\n".join(part for part in map(_of_block, blocks) if part)


def _of_block(block: Mapping[str, Any]) -> str:
    match block["type"]:
        case "rich_text":
            spans = [span for part in block["elements"] for span in part["elements"]]
            return write([Run(span["text"], url=span.get("url")) for span in spans])
        case "context":
            (text,) = block["elements"]
            return str(text["text"]) if text["type"] == "mrkdwn" else escape(text["text"])
        case "header":
            return escape(block["text"]["text"])
        case _:
            return ""
