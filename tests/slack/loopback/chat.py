"""Methods that post: chat.* and what a ``response_url`` takes."""

import json
from typing import Final

from tests.slack.blockkit import Surface, problems
from tests.slack.loopback.core import RESPONSE_LIVES, RESPONSES, Call, Core, Response, method
from tests.slack.loopback.world import Conversation, Json, Message, Refused, Workspace

LONGEST_TEXT: Final = 40_000  # https://docs.slack.dev/changelog/2018-truncating-really-long-messages
LONGEST_UPDATE: Final = 4_000  # likewise, for chat.update
LONGEST_BLOCKS: Final = 12_000  # not documented: https://github.com/slackapi/bolt-js/issues/2509


@method("chat.postMessage", "chat:write", tier=None)
def post_message(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.postMessage."""
    conversation = writable(core, call)
    message = composed(core, call.home, conversation, call.arguments)
    core.limits.post(call.home.id, conversation.id, core.clock())
    conversation.messages.append(message)
    return _posted(core, call.home, message)


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.postEphemeral."""
    conversation = writable(core, call)
    user = call.text("user")
    if call.home.bot.id not in conversation.members:
        raise Refused("not_in_channel")
    if user not in conversation.members:
        raise Refused("user_not_in_channel")
    message = composed(core, call.home, conversation, call.arguments)
    message.seen_by = user
    if message.thread is None or any(one.thread == message.thread for one in conversation.messages):
        call.home.ephemerals.append(message)  # else nobody sees it: "only shown if there is already an active thread"
    return {"message_ts": message.ts}


@method("chat.update", "chat:write", tier=3)
def update(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.update: blocks stay only where no text comes, metadata stays."""
    message = _own(core, call)
    arguments = call.arguments
    if len(arguments.get("text") or "") > LONGEST_UPDATE:
        raise Refused("msg_too_long")
    if arguments.get("blocks") is not None:
        message.blocks = checked(core, call.home, arguments["blocks"], "message")
        _not_too_long(message.blocks)
    elif arguments.get("text"):
        message.blocks = []
    if arguments.get("metadata") is not None:
        message.metadata = _metadata(arguments["metadata"]) if arguments["metadata"] else None
    message.text = arguments.get("text") or message.text
    message.edited += 1
    return {"channel": message.channel, "ts": message.ts, "text": message.text}


@method("chat.delete", "chat:write", tier=3)
def delete(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.delete."""
    message = _own(core, call)
    core.conversation(call.home, message.channel).messages.remove(message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink", tier=None)
def permalink(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.getPermalink."""
    conversation = core.conversation(call.home, call.text("channel"))
    ts = call.text("message_ts")
    if not any(message.ts == ts for message in conversation.messages):
        raise Refused("message_not_found")
    link = f"https://{call.home.name.lower()}.slack.com/archives/{conversation.id}/p{ts.replace('.', '')}"
    return {"channel": conversation.id, "permalink": link}


def respond(core: Core, ident: str, body: Json) -> None:
    """What a response_url does: https://docs.slack.dev/interactivity/handling-user-interaction.

    Raises:
        Refused: with the words that Slack answers, as text.
    """
    response = core.responses.get(ident)
    if response is None:
        raise Refused("no_service", status=404)
    if core.clock() - response.made > RESPONSE_LIVES:
        raise Refused("expired_url", status=404)
    if response.uses >= RESPONSES:
        raise Refused("used_url", status=404)
    response.uses += 1
    deliver(core, response, body)


def deliver(core: Core, response: Response, body: Json) -> None:
    """Shows what answers an interaction: to the person alone, unless it says 'in_channel'. Raises Refused."""
    workspace, old = response.workspace, response.message
    where = workspace.conversations[response.channel]
    kept = workspace.ephemerals if old and old.seen_by else where.messages
    if old and body.get("delete_original"):
        kept.remove(old)
        return
    message = composed(core, workspace, where, body, longest_blocks=None)
    if old and body.get("replace_original"):
        old.text, old.blocks, old.edited = message.text, message.blocks, old.edited + 1
        return
    if body.get("response_type") == "in_channel":
        where.messages.append(message)
    else:
        message.seen_by = response.user
        workspace.ephemerals.append(message)


def writable(core: Core, call: Call) -> Conversation:
    """The conversation that the call may write in. Raises Refused."""
    conversation = core.conversation(call.home, call.text("channel"))
    if conversation.archived:
        raise Refused("is_archived")
    if call.home.bot.id not in conversation.members and "chat:write.public" not in call.home.scopes:
        raise Refused("not_in_channel")
    return conversation


def composed(
    core: Core,
    workspace: Workspace,
    conversation: Conversation,
    body: Json,
    longest_blocks: int | None = LONGEST_BLOCKS,
) -> Message:
    """The message that the arguments make. Raises Refused."""
    text, blocks = body.get("text") or "", body.get("blocks") or []
    if not (text or blocks or body.get("attachments")):
        raise Refused("no_text")
    if len(text) > LONGEST_TEXT:
        raise Refused("msg_too_long")
    blocks = checked(core, workspace, blocks, "message")
    if longest_blocks is not None:
        _not_too_long(blocks, longest_blocks)
    thread = _thread(conversation, body.get("thread_ts"))
    metadata = _metadata(body["metadata"]) if body.get("metadata") else None
    ts = core.stamps.ts(core.clock())
    made = Message(conversation.id, ts, workspace.bot.id, text, blocks, metadata, thread, sent=body)
    made.broadcast = bool(body.get("reply_broadcast"))
    return made


def checked(core: Core, workspace: Workspace, blocks: object, surface: Surface) -> list[Json]:
    """The blocks with the ids that Slack gives those without. Raises Refused: they are against its rules."""
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    found = problems(blocks, surface) or [line for block in blocks for line in _file_problems(workspace, block)]
    if found:
        # Slack says where; an adapter's log should too.
        said = {"messages": [f"[ERROR] {one}" for one in found]}
        raise Refused("invalid_blocks", errors=found, response_metadata=said)
    made: list[Json] = json.loads(json.dumps(blocks))
    for block in made:
        block.setdefault("block_id", core.stamps.id("blk"))
        _name(core, block)
    return made


def _name(core: Core, block: Json) -> None:
    """Gives an action_id to each element that can be used and has none."""
    if block["type"] in {"input", "section", "actions"}:
        for element in (block.get("element"), block.get("accessory"), *block.get("elements", [])):
            if element is not None:
                element.setdefault("action_id", core.stamps.id("act"))


def _file_problems(workspace: Workspace, block: Json) -> list[str]:
    """What is wrong with the Slack files that the block shows."""
    found = []
    for image in (block, *block.get("elements", []), block.get("accessory") or {}):
        shown = image.get("slack_file") if isinstance(image, dict) else None
        if shown is None:
            continue
        file = workspace.files.get(shown.get("id") or shown.get("url", "").rpartition("/")[2])
        if file is None or not (file.complete and file.processed and file.image):
            found.append("invalid slack file")
    return found


def _not_too_long(blocks: list[Json], most: int = LONGEST_BLOCKS) -> None:
    if _length(blocks) > most:
        raise Refused("msg_blocks_too_long")


def _length(part: object) -> int:
    if isinstance(part, list):
        return sum(map(_length, part))
    if isinstance(part, dict):
        counted = {"text", "url", "alt_text", "value"}
        return sum(len(v) if isinstance(v, str) and k in counted else _length(v) for k, v in part.items())
    return 0


def _thread(conversation: Conversation, ts: str | None) -> str | None:
    """The ts of the message whose thread it is. Raises Refused: there is no such message, or it is itself a reply."""
    if ts is None:
        return None
    parent = next((message for message in conversation.messages if message.ts == ts), None)
    if parent is None or parent.thread not in (None, parent.ts):
        raise Refused("thread_not_found")
    return ts


def _metadata(metadata: object) -> Json:
    """https://docs.slack.dev/messaging/message-metadata. Raises Refused."""
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise Refused("invalid_metadata_format")
    if not isinstance(metadata["event_payload"], dict) or not isinstance(metadata["event_type"], str):
        raise Refused("invalid_metadata_schema")
    return metadata


def _own(core: Core, call: Call) -> Message:
    """The bot's message that the call names. Raises Refused."""
    conversation = core.conversation(call.home, call.text("channel"))
    ts = call.text("ts")
    message = next((one for one in conversation.messages if one.ts == ts), None)
    if message is None:
        raise Refused("message_not_found")
    if message.user != call.home.bot.id:
        raise Refused("cant_update_message" if call.method == "chat.update" else "cant_delete_message")
    if conversation.archived:
        raise Refused("is_archived")
    return message


def _posted(core: Core, workspace: Workspace, message: Message) -> Json:
    wire = message.wire(workspace.bot, workspace.bot_id, core.app, metadata=True)
    return {"channel": message.channel, "ts": message.ts, "message": wire}
