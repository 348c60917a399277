"""What somebody fills in: the state of a view's inputs, as Slack sends it.

https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload#view_submission
"""

from collections.abc import Iterator, Mapping

from tests.slack.loopback.world import Json, View, texts

_FIELDS = {
    "timepicker": "selected_time",
    "datepicker": "selected_date",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "users_select": "selected_user",
    "multi_conversations_select": "selected_conversations",
}
_INITIAL = {
    "timepicker": "initial_time",
    "datepicker": "initial_date",
    "conversations_select": "initial_conversation",
    "channels_select": "initial_channel",
    "users_select": "initial_user",
    "multi_conversations_select": "initial_conversations",
}
_MANY = {"checkboxes", "multi_static_select", "multi_external_select"}
_ONE = {"static_select", "external_select", "radio_buttons", "overflow"}
_PRESSED = {"button", "image"}  # elements without a state
_FURTHEST = 150  # characters of an option's value


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each element that can be used, with its block."""
    for block in blocks:
        for element in (block.get("element"), block.get("accessory"), *block.get("elements", [])):
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def find(blocks: list[Json], wanted: str) -> tuple[Json, Json]:
    """The element, with its block, that has these words on it, or that label, action_id, block_id, or value.

    Raises:
        AssertionError: there is none, or more than one.
    """
    every = list(elements(blocks))
    for names in (_ids, _words, _options):
        if found := [(block, element) for block, element in every if wanted in names(block, element)]:
            assert len(found) == 1, f"{len(found)} elements are {wanted!r}"
            return found[0]
    raise AssertionError(f"nothing to use is {wanted!r}: {[(one['action_id'], texts([one])) for _, one in every]}")


def initial(view: View, here: str | None) -> Json:
    """What the inputs hold when the view has just been opened from that conversation: by block and action."""
    state: Json = {}
    for block, element in elements(view.body.get("blocks") or []):
        if element["type"] not in _PRESSED:
            state.setdefault(block["block_id"], {})[element["action_id"]] = _first(element, here)
    return state


def filled(view: View, values: Mapping[str, object]) -> Json:
    """The state of the view with those values put in, by what ``find`` takes.

    Raises:
        AssertionError: Slack's client would not let the person send it so.
    """
    blocks = view.body.get("blocks") or []
    state: Json = {block: dict(held) for block, held in view.state.items()}
    for wanted, value in values.items():
        block, element = find(blocks, wanted)
        state[block["block_id"]][element["action_id"]] = put(element, value)
    for block, element in elements(blocks):
        if block["type"] == "input" and not block.get("optional"):
            held = state[block["block_id"]][element["action_id"]]
            assert any(one for key, one in held.items() if key != "type"), f"{texts([block])} can't be left empty"
    return state


def put(element: Json, value: object) -> Json:
    """The element's state with that value: words that stand on an option, an option of an external select, or text."""
    kind = element["type"]
    if kind in _ONE:
        return {"type": kind, "selected_option": None if value is None else option(element, value)}
    if kind in _MANY:
        assert isinstance(value, list | tuple)
        return {"type": kind, "selected_options": [option(element, one) for one in value]}
    return {"type": kind, _FIELDS.get(kind, "value"): value}


def option(element: Json, value: object) -> Json:
    """The element's option that says so or has that value; one that was suggested is taken as it is."""
    if isinstance(value, dict):
        assert element["type"].endswith("external_select"), "only external selects have options from outside"
        assert len(value["value"]) <= _FURTHEST
        return value
    every = [one for group in element.get("option_groups", [element]) for one in group.get("options", [])]
    found = [one for one in every if value in (one["text"]["text"], one["value"])]
    assert len(found) == 1, f"{len(found)} options are {value!r}: {[one['text']['text'] for one in every]}"
    return dict(found[0])


def _first(element: Json, here: str | None) -> Json:
    kind = element["type"]
    if kind in _ONE:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in _MANY:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    value = element.get(_INITIAL.get(kind, "initial_value"))
    if value is None and element.get("default_to_current_conversation"):
        value = here
    return {"type": kind, _FIELDS.get(kind, "value"): value}


def _ids(block: Json, element: Json) -> list[str]:
    return [element["action_id"], block["block_id"], str(element.get("value"))]


def _words(block: Json, element: Json) -> list[str]:
    said = [element.get("text"), element.get("placeholder"), block.get("label")]
    return [one["text"] for one in said if isinstance(one, dict)]


def _options(_: Json, element: Json) -> list[str]:
    return [name for one in element.get("options", []) for name in (one["text"]["text"], one["value"])]
