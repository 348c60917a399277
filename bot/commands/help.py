"""``/help``: examples that work here, how things stand, and all commands."""

from collections.abc import Iterable, Sequence

from bot.answers import Answer, Listing, Page
from bot.commands.model import Command, Handler, Request
from bot.commands.phrases import stamp, upcoming, when
from bot.desk import Desk
from bot.desk.status import Status
from bot.news.identity import shown_url

FAILING = 5  # feeds and posts in trouble that are named


def help_of(commands: Sequence[Command]) -> Handler:
    """The handler that explains the commands."""

    async def explain(desk: Desk, request: Request) -> Answer:
        status = await desk.status.of(request.channel)
        usage = tuple((command.usage, command.help) for command in commands)
        return Page(
            (
                Listing("For example", ("type", "to learn"), tuple(_examples(status)), ""),
                Listing("How things stand", ("what", "now"), tuple(_state(status, desk)), ""),
                Listing("All commands", ("command", "what it does"), usage, ""),  # last, as it is long
            )
        )

    return explain


def _examples(status: Status) -> Iterable[tuple[str, str]]:
    """Questions that have an answer here."""
    if status.place:
        yield f"/where {status.place}", "what is known about a place"
        yield f"what is happening in {status.place}?", "the same, as a plain question"
        yield f"/watch add {status.place}", "every new story about it, as soon as it is read"
    if status.source:
        yield f"/said {status.source}", "what somebody has said"
    if not status.feeds and not status.place:
        yield "/feeds add https://…", "a site or feed to follow: nothing is followed here yet"
    yield "/brief since:yesterday", "the news since yesterday"
    yield "/digest add 07:30,18:00", "a digest twice a day"


def _state(status: Status, desk: Desk) -> Iterable[tuple[str, str]]:
    polled = [feed.polled for feed in status.feeds if feed.polled]
    last = f", the last one polled {stamp(max(polled), desk)}" if polled else ""
    yield "feeds", f"{len(status.feeds)} followed{last}"
    for feed in [feed for feed in status.feeds if feed.error][:FAILING]:
        yield "feed in trouble", f"{feed.title or shown_url(feed.url)}: {feed.error}"
    for digest in status.digests:
        yield f"digest {digest.id}", f"{when(digest)}; {upcoming(digest, desk)}"
    for watch in status.watches:
        yield f"watch {watch.id}", f"{watch.label}{': ' + (watch.stopped or 'paused') if watch.paused else ''}"
    for post in status.failed[:FAILING]:
        yield "post that failed", f"{post.digest.title}: {post.error}"
