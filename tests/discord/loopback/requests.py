"""A request as the endpoints get it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from tests.discord.loopback.refusals import Json
from tests.discord.loopback.world import Channel, World


@dataclass(frozen=True)
class File:
    """One that came with a request."""

    field: str  # files[0]
    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """One request, understood."""

    endpoint: str
    names: dict[str, str]  # of the path
    query: Mapping[str, str]
    body: Json
    files: list[File] = field(default_factory=list)

    def uploads(self, world: World, channel: Channel) -> list[Json]:
        """The files as attachments of a message."""
        told = {str(one.get("id")): one for one in self.body.get("attachments") or []}
        shown = []
        for number, file in enumerate(self.files):
            about = told.get(str(number), {})
            name, words = about.get("filename", file.name), about.get("description")
            shown.append(world.upload(channel, number, name, len(file.content), "image/png", words))
        return shown


async def understood(endpoint: str, request: web.Request) -> Call:
    """The request's body, whether it is JSON alone or comes with files."""
    body, files = {}, []
    if request.content_type == "multipart/form-data":
        for name, part in (await request.post()).items():
            if isinstance(part, web.FileField):
                with part.file as file:
                    files.append(File(name, part.filename, part.content_type, file.read()))
            elif name == "payload_json":
                body = json.loads(str(part))
    elif request.can_read_body:
        body = await request.json()
    return Call(endpoint, dict(request.match_info), request.query, body, files)
