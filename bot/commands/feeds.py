"""``/feeds``: what a workspace follows."""

from bot.answers import Answer, Listing, Notice
from bot.commands.model import Command, Kind, Option, Request
from bot.commands.phrases import stamp
from bot.desk import Desk
from bot.errors import InputError
from bot.news.identity import shown_url
from bot.types import Feed


async def _add(desk: Desk, request: Request) -> Answer:
    channel = request.channel
    feed = await desk.intake.follow(channel.tenant, request.get("url"), person=request.person, channel=channel.key)
    return Notice(
        f"Following {_name(feed)} from now on. What it has now can be asked for; digests begin with what is new."
    )


async def _list(desk: Desk, request: Request) -> Answer:
    rows = [
        (one.feed.title or "", shown_url(one.feed.url), one.folder or "", *_polls(one.feed, desk), state(one.feed))
        for one in await desk.intake.followings(request.channel.tenant)
    ]
    columns = ("title", "address", "folder", "last poll", "next", "state")
    return Listing("Feeds", columns, tuple(rows), "None yet: /feeds add https://…")


async def _remove(desk: Desk, request: Request) -> Answer:
    given = shown_url(request.get("url"))
    if not await desk.intake.unfollow(request.channel.tenant, request.get("url")):
        raise InputError(f"{given} isn't followed here; /feeds list shows what is")
    return Notice(f"No longer following {given}.")


async def _import(desk: Desk, request: Request) -> Answer:
    channel = request.channel
    made = await desk.intake.import_list(
        channel.tenant, request.get("list"), person=request.person, channel=channel.key
    )
    refused = f" Not understood: {', '.join(made.refused[:5])}." if made.refused else ""
    known = f", {len(made.known)} were followed already" if made.known else ""
    return Notice(f"{len(made.added)} feeds are followed from now on{known}.{refused} /feeds list shows how they do.")


async def _export(desk: Desk, request: Request) -> Answer:
    return Notice(await desk.intake.export_list(request.channel.tenant), file="feeds.opml")


def state(feed: Feed) -> str:
    """How the feed does, in words."""
    if feed.gone:
        return "gone for good; not asked any more"
    if feed.error:
        times = f"failed {feed.failures} times" if feed.failures > 1 else "failed once"
        return f"{times}: {feed.error}"
    return f"moved to {shown_url(feed.location)}" if feed.location else "ok" if feed.polled else "not polled yet"


def _polls(feed: Feed, desk: Desk) -> tuple[str, str]:
    """When the feed was polled last, and when it is to be next."""
    last = stamp(feed.polled, desk) if feed.polled else "not yet"
    return last, "" if feed.gone else stamp(feed.due, desk) if feed.due else "now"


def _name(feed: Feed) -> str:
    return feed.title or shown_url(feed.url)


_ADDRESS = Option("url", Kind.URL, "the address", required=True)
_FOLLOWED = Option("url", Kind.FEED, "the address, as /feeds list shows it", required=True)
_LIST = Option("list", Kind.TEXT, "an address of an OPML file, or its text", required=True)

FEEDS = (
    Command("feeds add", "follows a feed; a site's address finds its feed", _add, (_ADDRESS,), manages=True),
    Command("feeds list", "the feeds followed here, and how they do", _list),
    Command("feeds remove", "no longer follows a feed", _remove, (_FOLLOWED,), manages=True),
    Command("feeds import", "follows all feeds of a list (OPML)", _import, (_LIST,), manages=True),
    Command("feeds export", "the feeds followed here as a list (OPML)", _export, manages=True),
)
