"""Block Kit's documented rules, to hold what we send against: https://docs.slack.dev/reference/block-kit/.

``problems`` and ``view_problems`` say what Slack would refuse as ``invalid_blocks`` or ``invalid_arguments``.
Lengths are counted in UTF-16 units, the larger of the two ways in which a server may count characters.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Literal

Json = dict[str, Any]
Surface = Literal["message", "home", "modal"]

MOST_BLOCKS: Final = {"message": 50, "home": 100, "modal": 100}
# Slack refuses more with msg_blocks_too_long; the figures are measured by others, not documented: 13,297 characters in
# one block, 125 less for each divider beside it (https://github.com/slackapi/bolt-js/issues/2509).
MOST_JSON: Final = 13_400
CONTAINER: Final = 105
_FILE_ID: Final = re.compile(r"F[A-Z0-9]{8,}")  # https://github.com/slackapi/python-slack-sdk/issues/1521
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_ANY: Final = {"type": "plain_text", "text": "anything"}
_LINK: Final = re.compile(r"https?://[^\s<>|]+")


def problems(blocks: object, surface: Surface = "message") -> list[str]:
    """What is wrong with the blocks, as 'where: what'; empty where Slack would take them."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return ["blocks: not an array of objects"]
    found = list(_blocks(blocks, surface))
    if len(blocks) > MOST_BLOCKS[surface]:
        found.append(f"blocks: no more than {MOST_BLOCKS[surface]} items allowed")
    if surface == "message" and sum(_weight(block) for block in blocks) > MOST_JSON:
        found.append("msg_blocks_too_long")
    return found


def _weight(block: Json) -> int:
    return len(json.dumps(block, ensure_ascii=False, separators=(",", ":"))) + CONTAINER


def view_problems(view: Json) -> list[str]:
    """What is wrong with a modal or a Home tab: https://docs.slack.dev/reference/views/."""
    surface: Surface = "modal" if view.get("type") == "modal" else "home"
    found = problems(view.get("blocks"), surface)
    if view.get("type") not in {"modal", "home"}:
        found.append("view: type")
    if surface == "modal":
        found += _plain(view.get("title"), 24, "title")
        for key in ("submit", "close"):
            found += _plain(view[key], 24, key) if key in view else []
        has_input = any(block.get("type") == "input" for block in view.get("blocks", []))
        found += ["view: submit is missing"] if has_input and "submit" not in view else []
    for key, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        found += _string(view.get(key, ""), most, key, least=0)
    if len(json.dumps(view)) > 250_000:
        found.append("view_too_large")
    return found


def _blocks(blocks: Sequence[Json], surface: Surface) -> Iterator[str]:
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield "blocks: block_id is not unique"
    for number, block in enumerate(blocks):
        kind, where = str(block.get("type")), f"/blocks/{number}"
        check = _BLOCKS.get(kind)
        if check is None:
            yield f"{where}: unsupported type {kind!r}"
            continue
        yield from _string(block.get("block_id", "x"), 255, f"{where}/block_id")
        yield from _unknown(block, {"type", "block_id", *_FIELDS[kind]}, where)
        yield from check(block, where)
        if kind == "input" and surface == "message":
            yield f"{where}: no input in a message"


def _section(block: Json, where: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield f"{where}: text or fields"
    if "text" in block:
        yield from _text(block["text"], 3000, f"{where}/text")
    if "fields" in block:
        yield from _count(block["fields"], 10, f"{where}/fields")
        for field in block["fields"]:
            yield from _text(field, 2000, f"{where}/fields")
    if "accessory" in block:
        yield from _element(block["accessory"], f"{where}/accessory")


def _header(block: Json, where: str) -> Iterator[str]:
    yield from _plain(block.get("text"), 150, f"{where}/text")


def _context(block: Json, where: str) -> Iterator[str]:
    yield from _count(block.get("elements"), 10, f"{where}/elements")
    for element in block.get("elements") or []:
        if element.get("type") == "image":
            yield from _image(element, where)
        else:
            yield from _text(element, 2000, f"{where}/elements")


def _actions(block: Json, where: str) -> Iterator[str]:
    yield from _count(block.get("elements"), 25, f"{where}/elements")
    elements = block.get("elements") or []
    ids = [element.get("action_id") for element in elements]
    if len(ids) != len(set(ids)):
        yield f"{where}: action_id is not unique"
    for element in elements:
        yield from _element(element, f"{where}/elements")


def _divider(_block: Json, _where: str) -> Iterator[str]:
    return iter(())


def _image(block: Json, where: str) -> Iterator[str]:
    yield from _string(block.get("alt_text"), 2000, f"{where}/alt_text")
    if ("image_url" in block) == ("slack_file" in block):
        yield f"{where}: either image_url or slack_file"
    if "image_url" in block:
        yield from _string(block["image_url"], 3000, f"{where}/image_url")
    file = block.get("slack_file", {"id": "F00000000"})
    if len(file) != 1 or ("id" in file and not _FILE_ID.fullmatch(str(file["id"]))):
        yield f"{where}: invalid slack file"
    if "title" in block:
        yield from _plain(block["title"], 2000, f"{where}/title")


def _input(block: Json, where: str) -> Iterator[str]:
    yield from _plain(block.get("label"), 2000, f"{where}/label")
    if "hint" in block:
        yield from _plain(block["hint"], 2000, f"{where}/hint")
    element = block.get("element")
    yield from _element(element if isinstance(element, dict) else {}, f"{where}/element")


def _rich_text(block: Json, where: str) -> Iterator[str]:
    yield from _count(block.get("elements"), 1000, f"{where}/elements")
    for number, part in enumerate(block.get("elements") or []):
        here = f"{where}/elements/{number}"
        match part.get("type"):
            case "rich_text_section" | "rich_text_quote" | "rich_text_preformatted":
                yield from _spans(part, here)
            case "rich_text_list":
                if part.get("style") not in {"bullet", "ordered"}:
                    yield f"{here}: style"
                for section in part.get("elements", []):
                    yield from _spans(section, here)
            case other:
                yield f"{here}: unsupported type {other!r}"


def _spans(part: Json, where: str) -> Iterator[str]:
    yield from _count(part.get("elements"), 100_000, where)
    for span in part.get("elements") or []:
        match span.get("type"):
            case "text":
                yield from _string(span.get("text"), 100_000, f"{where}/text")
            case "link":
                yield from _string(span.get("text", "x"), 100_000, f"{where}/text")
                yield from [] if _LINK.fullmatch(str(span.get("url"))) else [f"{where}: url {span.get('url')!r}"]
            case other:
                yield f"{where}: a {other!r} element, which we never send"
        yield from _unknown(span, {"type", "text", "url", "style"}, where)
        if (
            not set(span.get("style", {"bold": True})) <= {"bold", "italic", "strike", "code"}
            or span.get("style") == {}
        ):
            yield f"{where}: style"


def _element(element: Json, where: str) -> Iterator[str]:
    kind = str(element.get("type"))
    if kind not in _ELEMENTS:
        yield f"{where}: unsupported type {kind!r}"
        return
    yield from _string(element.get("action_id", "x"), 255, f"{where}/action_id")
    yield from _plain(element.get("placeholder", _ANY), 150, f"{where}/placeholder")
    yield from _confirm(element["confirm"], where) if "confirm" in element else ()
    match kind:
        case "button":
            yield from _button(element, where)
        case "image":
            yield from _image(element, where)
        case "plain_text_input":
            yield from _string(element.get("initial_value", ""), 3000, f"{where}/initial_value", least=0)
        case "timepicker":
            yield from [] if _TIME.fullmatch(element.get("initial_time", "00:00")) else [f"{where}: initial_time"]
        case _ if kind in _MOST_OPTIONS:
            yield from _menu(element, _MOST_OPTIONS[kind], where)
        case _ if "initial_option" in element:
            yield from _option(element["initial_option"], where)


def _button(element: Json, where: str) -> Iterator[str]:
    yield from _plain(element.get("text"), 75, f"{where}/text")
    yield from _string(element.get("value", "x"), 2000, f"{where}/value")
    yield from _string(element.get("url", "x"), 3000, f"{where}/url")
    yield from _string(element.get("accessibility_label", "x"), 75, f"{where}/accessibility_label")
    if element.get("style", "primary") not in {"primary", "danger"}:
        yield f"{where}: style"


def _menu(element: Json, most: int, where: str) -> Iterator[str]:
    if "option_groups" in element:
        yield from _count(element["option_groups"], 100, f"{where}/option_groups")
        groups = element["option_groups"]
        for group in groups:
            yield from _plain(group.get("label"), 75, f"{where}/label")
    else:
        groups = [element]
    for group in groups:
        yield from _count(group.get("options"), most, f"{where}/options")
        for option in group.get("options") or []:
            yield from _option(option, where)
    offered = [option for group in groups for option in group.get("options") or []]
    chosen = element.get("initial_options", []) + ([element["initial_option"]] if "initial_option" in element else [])
    if any(option not in offered for option in chosen):
        yield f"{where}: an initial option that is none of the options"


def _option(option: Json, where: str) -> Iterator[str]:
    yield from _text(option.get("text"), 75, f"{where}/option/text")
    yield from _string(option.get("value"), 150, f"{where}/option/value")
    if "description" in option:
        yield from _text(option["description"], 75, f"{where}/option/description")


def _confirm(confirm: Json, where: str) -> Iterator[str]:
    for key, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        yield from _plain(confirm.get(key), most, f"{where}/confirm/{key}")


def _text(text: object, most: int, where: str) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in {"plain_text", "mrkdwn"}:
        yield f"{where}: a text object is needed"
        return
    allowed = {"emoji"} if text["type"] == "plain_text" else {"verbatim"}
    yield from _unknown(text, {"type", "text", *allowed}, where)
    yield from _string(text.get("text"), most, where)


def _plain(text: object, most: int, where: str) -> list[str]:
    found = list(_text(text, most, where))
    return found or ([] if isinstance(text, dict) and text["type"] == "plain_text" else [f"{where}: only plain_text"])


def _string(value: object, most: int, where: str, least: int = 1) -> list[str]:
    if not isinstance(value, str):
        return [f"{where}: a string is needed"]
    length = len(value.encode("utf-16-le", "surrogatepass")) // 2
    if length < least:
        return [f"{where}: must be at least {least} characters"]
    return [f"{where}: must be at most {most} characters, is {length}"] if length > most else []


def _count(items: object, most: int, where: str) -> list[str]:
    if not isinstance(items, list) or not items:
        return [f"{where}: an array with at least one item is needed"]
    return [f"{where}: no more than {most} items allowed"] if len(items) > most else []


def _unknown(value: Json, known: set[str], where: str) -> list[str]:
    return [f"{where}: unknown field {key!r}" for key in value if key not in known]


_BLOCKS: Final[dict[str, Callable[[Json, str], Iterator[str]]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
    "image": _image,
    "input": _input,
    "rich_text": _rich_text,
}
_FIELDS: Final = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text"},
    "context": {"elements"},
    "actions": {"elements"},
    "divider": set[str](),
    "image": {"alt_text", "image_url", "slack_file", "title"},
    "input": {"label", "element", "dispatch_action", "hint", "optional"},
    "rich_text": {"elements"},
}
_MOST_OPTIONS: Final = {
    "static_select": 100,
    "multi_static_select": 100,
    "checkboxes": 10,
    "radio_buttons": 10,
    "overflow": 5,
}
_ELEMENTS: Final = {
    *_MOST_OPTIONS,
    "button",
    "image",
    "plain_text_input",
    "url_text_input",
    "number_input",
    "email_text_input",
    "timepicker",
    "datepicker",
    *(f"{many}{what}_select" for many in ("", "multi_") for what in ("external", "users", "conversations", "channels")),
}
