"""``/digest``: scheduled digests of a channel."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.answers import Answer, Listing, Notice
from bot.commands.asking import SINCE
from bot.commands.model import Command, Kind, Option, Request
from bot.commands.phrases import upcoming, when
from bot.desk import Desk

EVERYTHING: Final = "everything"  # instead of a topic: none any more
FOLLOWED: Final = "everything followed here"


async def _add(desk: Desk, request: Request) -> Answer:
    made = await desk.digests.add(
        request.channel,
        request.get("time"),
        request.get("zone") or desk.zone,
        days=request.get("days") or tuple(range(7)),
        topic=request.get("topic"),
        person=request.person,
    )
    due = f"The first is due {upcoming(made, desk)}."
    if not desk.digests.clocked:
        due = "Nothing here watches the clock, so it won't be posted: `dateline run` does."
    return Notice(f"Digest {made.id} added: {when(made)}. {due}")


async def _edit(desk: Desk, request: Request) -> Answer:
    current = await desk.digests.find(request.channel, request.get("id"))
    topic = request.get("topic") or current.topic
    wanted = replace(
        current,
        at=request.get("time") or current.at,
        days=request.get("days") or current.days,
        zone=request.get("zone") or current.zone,
        topic=None if topic and topic.casefold() == EVERYTHING else topic,
    )
    if wanted == current:
        return Notice(f"Digest {current.id} is so already: name another time, other days, another zone or topic.")
    made = await desk.digests.change(request.channel, wanted)
    return Notice(
        f"Digest {made.id} changed: {when(made)}, about {made.topic or FOLLOWED}. Next: {upcoming(made, desk)}."
    )


async def _list(desk: Desk, request: Request) -> Answer:
    rows = [(s.id, when(s), s.topic or FOLLOWED, upcoming(s, desk)) for s in await desk.digests.of(request.channel)]
    return Listing(
        "Digests of this channel", ("id", "when", "about", "next"), tuple(rows), "None yet: /digest add 07:30"
    )


async def _remove(desk: Desk, request: Request) -> Answer:
    await desk.digests.remove(request.channel, request.get("id"))
    return Notice(f"Digest {request.get('id')} removed.")


async def _pause(desk: Desk, request: Request) -> Answer:
    await desk.digests.pause(request.channel, request.get("id"))
    return Notice(f"Digest {request.get('id')} paused: /digest resume {request.get('id')} sets it going again.")


async def _resume(desk: Desk, request: Request) -> Answer:
    await desk.digests.resume(request.channel, request.get("id"))
    return Notice(f"Digest {request.get('id')} resumed, with what is new from now on.")


async def _now(desk: Desk, request: Request) -> Answer:
    since = desk.clock() - timedelta(hours=desk.hours)
    return await desk.answers.brief(request.channel.tenant, request.get("topic"), request.get("since") or since)


_ID: Final = Option("id", Kind.DIGEST, "as /digest list shows it", required=True)

DIGESTS: Final = (
    Command(
        "digest add",
        "a digest in this channel, every day or on some",
        _add,
        (
            Option("time", Kind.CLOCKS, "of day, like 07:30; several with commas: 07:30,18:00", required=True),
            Option("days", Kind.DAYS, "like mon,wed,fri; every day without it"),
            Option("zone", Kind.ZONE, "an IANA time zone, like Europe/Kyiv"),
            Option("topic", Kind.TOPIC, "words that its articles have"),
        ),
        manages=True,
    ),
    Command("digest list", "the digests of this channel", _list),
    Command(
        "digest edit",
        "changes when a digest comes or what it is about",
        _edit,
        (
            _ID,
            Option("time", Kind.CLOCKS, "other times of day: 07:30,18:00"),
            Option("days", Kind.DAYS, "other days, like mon,wed,fri"),
            Option("zone", Kind.ZONE, "another time zone, like Europe/Kyiv"),
            Option("topic", Kind.TOPIC, f"other words that its articles have; {EVERYTHING}: any article"),
        ),
        manages=True,
    ),
    Command("digest remove", "ends a digest", _remove, (_ID,), manages=True),
    Command("digest pause", "keeps a digest from being posted", _pause, (_ID,), manages=True),
    Command("digest resume", "sets a paused digest going again", _resume, (_ID,), manages=True),
    Command("digest now", "what a digest would say now", _now, (Option("topic", Kind.TOPIC, "its words"), SINCE)),
)
