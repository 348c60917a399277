"""Whether Discord would take a message: the limits that its documentation gives.

https://docs.discord.com/developers/components/reference and
https://docs.discord.com/developers/resources/message#create-message
"""

from collections import Counter
from collections.abc import Iterator

from tests.discord.loopback.refusals import Json, Refusal, invalid

COMPONENTS_V2 = 1 << 15
CONTENT, TEXT, COMPONENTS, EMBEDS, FILES = 2_000, 4_000, 40, 10, 10
NONCE = 25

_ROW, _BUTTON, _SELECT, _TEXT, _GALLERY = 1, 2, 3, 10, 12


def check(body: Json, files: int = 0) -> None:
    """Nothing. Raises Refusal for a message that is over a limit, empty, or mixes what can't be mixed."""
    components = list(every(body.get("components") or []))
    problems = [*_of_message(body, components, files), *(problem for one in components for problem in _of_one(one))]
    problems += _twice(components)
    if problems:
        raise invalid(*problems)
    if not (body.get("content") or components or body.get("embeds") or files):
        raise Refusal(400, 50006, "Cannot send an empty message")


def every(components: list[Json]) -> Iterator[Json]:
    """The components and all that are within them."""
    for one in components:
        yield one
        yield from every(one.get("components") or [])
        if "accessory" in one:
            yield from every([one["accessory"]])


def length(text: str) -> int:
    """Characters as Discord's clients count them, in UTF-16 code units: never fewer than code points."""
    return len(text.encode("utf-16-le")) // 2


def _of_message(body: Json, components: list[Json], files: int) -> Iterator[tuple[str, str]]:
    new = bool(body.get("flags", 0) & COMPONENTS_V2)
    texts = sum(length(one["content"]) for one in components if one["type"] == _TEXT)
    if new and (body.get("content") or body.get("embeds")):
        yield "content", "the flag IS_COMPONENTS_V2 allows neither content nor embeds"
    if not new and any(one["type"] >= _TEXT for one in components):
        yield "components", "this kind of component needs the flag IS_COMPONENTS_V2"
    for name, found, most in (
        ("content", length(body.get("content") or ""), CONTENT),
        ("components", texts, TEXT),
        ("components", len(components), COMPONENTS),
        ("embeds", len(body.get("embeds") or []), EMBEDS),
        ("attachments", files, FILES),
        ("nonce", len(str(body.get("nonce") or "")), NONCE),
    ):
        if found > most:
            yield name, f"{found} where {most} are the most"


def _of_one(one: Json) -> Iterator[tuple[str, str]]:
    inner, options = one.get("components") or [], one.get("options") or []
    for name, text, least, most in (
        ("custom_id", one.get("custom_id"), 1, 100),
        ("label", one.get("label"), 0, 80),
        ("url", one.get("url"), 1, 512),
        ("placeholder", one.get("placeholder"), 0, 150),
        ("content", one.get("content"), 1, TEXT),
        *(("options", option.get(key), 1, 100) for option in options for key in ("label", "value")),
        *(("items", item.get("description"), 0, 1024) for item in one.get("items") or []),
    ):
        if text is not None and not least <= length(text) <= most:
            yield name, f"{length(text)} characters: must be {least} to {most}"
    if one["type"] == _ROW and (not inner or sum(5 if part["type"] == _SELECT else 1 for part in inner) > 5):
        yield "components", "a row takes five buttons or one menu"
    if one["type"] == _SELECT and not 1 <= len(options) <= 25:
        yield "options", f"{len(options)} options: must be 1 to 25"
    if one["type"] == _GALLERY and not 1 <= len(one["items"]) <= 10:
        yield "items", "must be 1 to 10"


def _twice(components: list[Json]) -> list[tuple[str, str]]:
    seen = Counter(one["custom_id"] for one in components if "custom_id" in one)
    return [("custom_id", f"{ident} stands there twice") for ident, count in seen.items() if count > 1]
