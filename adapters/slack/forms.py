"""The modals: forms for commands, questions that come back, and what came of them.

Limits: https://docs.slack.dev/reference/views/modal-views/.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Self

from adapters.blocks import Line, Run
from adapters.inert import inert
from adapters.packing import pack, text_of
from adapters.slack.fields import ACTION, conversation, fields, fitting, option, plain
from adapters.slack.limits import OPTIONS, units
from adapters.slack.naming import typed_here
from bot.answers import Question, Suggestion
from bot.commands import Command

Json = dict[str, Any]

CHOICE: Final = "choice"  # block and action of a question's answer
POSTS: Final = frozenset({"digest add", "watch add"})  # ask where to post
_SECTION: Final = 3000  # https://docs.slack.dev/reference/block-kit/blocks/section-block/
_LABEL: Final = 2000  # https://docs.slack.dev/reference/block-kit/blocks/input-block/
_TITLE: Final = 24  # characters
_TITLES: Final = {  # titles, and what the button says that sends it
    "brief": ("A briefing", "Brief me"),
    "where": ("A place", "Look up"),
    "said": ("What somebody said", "Look up"),
    "digest add": ("A new digest", "Add"),
    "digest edit": ("Change a digest", "Save"),
    "digest remove": ("End a digest", "Remove"),
    "digest pause": ("Pause a digest", "Pause"),
    "digest resume": ("Resume a digest", "Resume"),
    "watch add": ("A new watch", "Add"),
    "watch remove": ("End a watch", "Remove"),
    "watch pause": ("Pause a watch", "Pause"),
    "watch resume": ("Resume a watch", "Resume"),
    "feeds add": ("Follow a feed", "Follow"),
    "feeds remove": ("Unfollow a feed", "Unfollow"),
    "feeds import": ("Follow a list of feeds", "Follow"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a modal was opened for: goes with it to Slack, and comes back with what was filled in."""

    command: str
    channel: str | None = None  # in which it was asked; None: on the Home tab
    url: str | None = None  # response_url of the slash command
    given: Mapping[str, str] = field(default_factory=dict)  # options that aren't asked for any more

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> Self:
        """What the view was opened for, as Slack sends it back."""
        return cls(**json.loads(view["private_metadata"]))

    def __str__(self) -> str:
        """As the view keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


def form(command: Command, asked: Asked, values: Mapping[str, str], lead: str = "", prefix: str = "") -> Json:
    """The modal that asks for the command's options.

    ``values`` are what stands in it, ``lead`` what it begins with, ``prefix`` that of the commands' names here.
    """
    title, submit = _TITLES.get(command.name, (fitting(f"/{prefix}{command.name}", _TITLE), "Go"))
    blocks = sections(lead)
    if command.name in POSTS and not (asked.channel or "").startswith("D"):
        blocks.append(conversation(here=asked.channel is not None))
    for one in command.options:
        if one.name not in asked.given:
            blocks += fields(replace(one, help=typed_here(one.help, prefix)), values.get(one.name))
    return _modal(title, f"{ACTION}{command.name}", asked, blocks) | {"submit": plain(submit), "close": plain("Cancel")}


def question(asked: Asked, made: Question) -> Json:
    """The modal that asks back which of several is meant; what is chosen has the id of the choice."""
    offered = [option(Suggestion(choice.id or "", choice.label)) for choice in made.choices if choice.id]
    select = {"type": "static_select", "action_id": CHOICE, "options": offered[:OPTIONS]}
    block = {"type": "input", "block_id": CHOICE, "label": plain(fitting(inert(made.text), _LABEL)), "element": select}
    return _modal("Which one?", CHOICE, asked, [block]) | {"submit": plain("This one"), "close": plain("Cancel")}


def said(text: str, title: str = "Done") -> Json:
    """The modal that says something, and asks nothing; what is marked as to be typed has no look of its own there."""
    text = text.replace("`", "")
    return {"type": "modal", "title": plain(title), "close": plain("Close"), "blocks": sections(text) or sections("…")}


def inputs(view: Mapping[str, Any]) -> list[str]:
    """The ids of the view's input blocks, in order."""
    return [str(block["block_id"]) for block in view["blocks"] if block["type"] == "input"]


def sections(text: str) -> list[Json]:
    """The words in as many blocks as they take, a line for each of theirs; nothing in them can format."""
    lines = [(Run(inert(line)),) for line in text.splitlines() if inert(line)]
    groups = pack(lines, _length, _SECTION)
    return [
        {"type": "section", "text": {"type": "plain_text", "text": "\n".join(map(text_of, group)), "emoji": False}}
        for group in groups
    ]


def _length(line: Line) -> int:
    return units(text_of(line))


def _modal(title: str, callback: str, asked: Asked, blocks: Sequence[Json]) -> Json:
    named = {"callback_id": callback, "private_metadata": str(asked)}
    return {"type": "modal", "title": plain(title), "blocks": list(blocks)} | named
