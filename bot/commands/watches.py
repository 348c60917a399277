"""``/watch``: what is posted as soon as it is read."""

from typing import Any, Final

from bot.answers import Answer, Listing, Notice, Question
from bot.commands.model import Command, Kind, Option, Request
from bot.desk import Desk
from bot.types import Quiet, Watch, WatchKind

_WHAT: Final = {
    WatchKind.PLACE: "the place {} and what it contains",
    WatchKind.SOURCE: "what {} says",
    WatchKind.WORDS: "the words {}",
}


async def _add(desk: Desk, request: Request) -> Answer:
    hours = request.get("quiet")
    quiet = Quiet(hours[0], hours[1], request.get("zone") or desk.zone) if hours else None
    made = await desk.watches.add(
        request.channel,
        request.get("about"),
        kind=request.get("as"),
        quiet=quiet,
        person=request.person,
        command=_again(request),
    )
    if isinstance(made, Question):
        return made
    posted = f"every new story that touches {_what(made)} is posted here{_hours(made)}."
    if not desk.digests.clocked:
        posted += " Nothing is looking out at the moment, though: `dateline run` does."
    return Notice(f"Watch {made.id} added: {posted}")


async def _list(desk: Desk, request: Request) -> Answer:
    rows = [
        (one.id, _what(one), _hours(one).removeprefix(", but "), one.stopped or ("paused" if one.paused else "on"))
        for one in await desk.watches.of(request.channel)
    ]
    return Listing("Watches of this channel", ("id", "of", "quiet", "state"), tuple(rows), "None yet: /watch add Kyiv")


async def _remove(desk: Desk, request: Request) -> Answer:
    await desk.watches.remove(request.channel, request.get("id"))
    return Notice(f"Watch {request.get('id')} removed.")


async def _pause(desk: Desk, request: Request) -> Answer:
    await desk.watches.pause(request.channel, request.get("id"))
    return Notice(f"Watch {request.get('id')} paused: /watch resume {request.get('id')} sets it going again.")


async def _resume(desk: Desk, request: Request) -> Answer:
    await desk.watches.resume(request.channel, request.get("id"))
    return Notice(f"Watch {request.get('id')} resumed, with what is new from now on.")


def _again(request: Request) -> str:
    """The command as it was given, with room for another place."""
    options: dict[str, Any] = {"quiet": request.get("quiet"), "zone": request.get("zone")}
    if options["quiet"]:
        options["quiet"] = "-".join(f"{clock:%H:%M}" for clock in options["quiet"])
    return " ".join(["/watch add {}", *(f"{name}:{value}" for name, value in options.items() if value)])


def _what(watch: Watch) -> str:
    return _WHAT[watch.kind].format(watch.label)


def _hours(watch: Watch) -> str:
    if watch.quiet is None:
        return ""
    return f", but not from {watch.quiet.start:%H:%M} to {watch.quiet.end:%H:%M} {watch.quiet.zone}"


_ID: Final = Option("id", Kind.WATCH, "as /watch list shows it", required=True)

WATCHES: Final = (
    Command(
        "watch add",
        "posts a new story as soon as it touches a place, a source or words",
        _add,
        (
            Option(
                "about", Kind.FILTER, 'a place, a source, or words like grain AND (deal OR "Black Sea")', required=True
            ),
            Option("as", Kind.WATCHED, "place, source or words; without it what the name is known as"),
            Option("quiet", Kind.HOURS, "hours without posts, like 22:00-07:00"),
            Option("zone", Kind.ZONE, "an IANA time zone, like Europe/Kyiv"),
        ),
        manages=True,
    ),
    Command("watch list", "the watches of this channel", _list),
    Command("watch remove", "ends a watch", _remove, (_ID,), manages=True),
    Command("watch pause", "keeps a watch from posting", _pause, (_ID,), manages=True),
    Command("watch resume", "sets a paused watch going again", _resume, (_ID,), manages=True),
)
