"""Methods for files: https://docs.slack.dev/messaging/working-with-files#upload."""

from tests.slack.loopback.chat import writable
from tests.slack.loopback.core import Call, Core, method
from tests.slack.loopback.world import Json, Message, Refused, StoredFile, Workspace


@method("files.getUploadURLExternal", "files:write")
def upload_url(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/files.getUploadURLExternal."""
    length, alt = int(call.text("length")), call.arguments.get("alt_txt")
    if alt and len(alt) > 1000:
        raise Refused("alt_txt_too_large")
    file = StoredFile(core.stamps.id("F"), call.text("filename"), length, alt)
    call.home.files[file.id] = file
    return {"upload_url": f"{core.address}/upload/{call.home.id}/{file.id}", "file_id": file.id}


def receive(workspace: Workspace, ident: str, content: bytes) -> None:
    """The bytes of an upload. Raises Refused."""
    file = workspace.files.get(ident)
    if file is None or file.complete:
        raise Refused("no such upload", status=404)
    if len(content) != file.length:
        raise Refused(f"{len(content)} bytes instead of {file.length}", status=400)
    file.content = content


@method("files.completeUploadExternal", "files:write")
def complete(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/files.completeUploadExternal."""
    wanted = call.arguments.get("files") or []
    files = [_uploaded(call.home, one) for one in wanted]
    if not files:
        raise Refused("invalid_arguments")
    if call.arguments.get("channel_id"):
        _share(core, call, files)
    for file, one in zip(files, wanted, strict=True):
        file.title, file.complete, file.processed = one.get("title"), True, core.processes_files
    return {"files": [file_wire(core, call.home, file) for file in files]}


@method("files.info", "files:read")
def info(core: Core, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/files.info."""
    file = call.home.files.get(call.text("file"))
    if file is None or not file.complete:
        raise Refused("file_not_found")
    return {"file": file_wire(core, call.home, file)}


@method("files.delete", "files:write", tier=3)
def delete(core: Core, call: Call) -> Json:  # noqa: ARG001 (each method has the same signature)
    """https://docs.slack.dev/reference/methods/files.delete."""
    if call.home.files.pop(call.text("file"), None) is None:
        raise Refused("file_not_found")
    return {}


def file_wire(core: Core, workspace: Workspace, file: StoredFile) -> Json:
    """A file as files.info gives it: its type comes when it has been processed."""
    kind = file.name.rpartition(".")[2]
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": f"image/{kind}" if file.processed and file.image else "",
        "filetype": kind if file.processed else "",
        "size": file.length,
        "alt_txt": file.alt,
        "url_private": f"{core.address}/files/{workspace.id}/{file.id}",
        "permalink": f"https://{workspace.name.lower()}.slack.com/files/{workspace.bot.id}/{file.id}/{file.name}",
        "shares": {"public": {channel: [{"ts": ts}] for channel, ts in file.shared}},
    }


def _uploaded(workspace: Workspace, one: Json) -> StoredFile:
    file = workspace.files.get(one.get("id", ""))
    if file is None or file.content is None or file.complete:
        raise Refused("file_not_found")
    return file


def _share(core: Core, call: Call, files: list[StoredFile]) -> None:
    """A message of its own that shows the files."""
    told = Call(call.method, {"channel": call.arguments["channel_id"]}, call.workspace)
    conversation = writable(core, told)
    if call.home.bot.id not in conversation.members:
        raise Refused("not_in_channel")
    thread = call.arguments.get("thread_ts")
    if thread and not any(one.ts == thread for one in conversation.messages):
        raise Refused("invalid_thread_ts")
    ts = core.stamps.ts(core.clock())
    words = call.arguments.get("initial_comment") or ""
    shown = Message(conversation.id, ts, call.home.bot.id, words, thread=thread, files=[file.id for file in files])
    conversation.messages.append(shown)
    for file in files:
        file.shared.append((conversation.id, ts))
