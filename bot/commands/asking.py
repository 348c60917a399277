"""``/brief``, ``/where`` and ``/said``: questions about the news."""

from datetime import timedelta
from typing import Final

from bot.answers import Answer
from bot.commands.model import Command, Kind, Option, Request
from bot.desk import Desk


async def _brief(desk: Desk, request: Request) -> Answer:
    since = request.get("since")
    if since is None and request.get("about") is None:
        since = desk.clock() - timedelta(hours=desk.hours)
    return await desk.answers.brief(request.channel.tenant, request.get("about"), since, request.get("length"))


async def _where(desk: Desk, request: Request) -> Answer:
    return await desk.answers.where(request.channel.tenant, request.get("place"), request.get("since"))


async def _said(desk: Desk, request: Request) -> Answer:
    return await desk.answers.said(request.channel.tenant, request.get("source"), request.get("since"))


SINCE: Final = Option("since", Kind.SINCE, "how far back: 24h, 3d, yesterday, Monday or 2026-11-20")

ASKING: Final = (
    Command(
        "brief",
        "a briefing on a topic, place, source or address; without one, on everything followed here",
        _brief,
        (
            Option("about", Kind.TOPIC, "a topic, a place or an article's address"),
            SINCE,
            Option("length", Kind.LENGTH, "short, normal or long"),
        ),
    ),
    Command(
        "where",
        "what is known about a named location: map, latest points, who says so",
        _where,
        (Option("place", Kind.PLACE, "its name in any usual spelling", required=True), SINCE),
    ),
    Command(
        "said",
        "what a named source has said, newest first",
        _said,
        (Option("source", Kind.SOURCE, "a person, organisation or outlet", required=True), SINCE),
    ),
)
