"""The Home tab: what is followed in the workspace, which digests come next, what is watched; and its buttons."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from adapters.slack.faults import EXPECTED
from adapters.slack.forms import Asked
from adapters.slack.home_view import ACTION, MOST, Entry, Shelf, home_view
from adapters.slack.incoming import PLATFORM, Spot, team
from adapters.slack.modals import Modals
from adapters.slack.people import Person
from adapters.slack.replies import words
from adapters.slack.rooms import Rooms
from adapters.slack.service import Body, Service
from adapters.slack.suggestions import Suggestions
from bot.commands.digests import FOLLOWED
from bot.commands.feeds import state
from bot.commands.phrases import when
from bot.errors import DatelineError, NotFound
from bot.news.identity import shown_url
from bot.schedule import next_due, zone
from bot.types import Channel, Feed, Subscription, Watch

log: Final = structlog.get_logger()

Item = Subscription | Watch

_LOOKED_AT: Final = 100  # of each kind: of whose channels Slack is asked; it answers 50 times a minute


class Home:
    """Publishes the tab, does what its buttons say, and keeps the forms that they and commands open."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._desk = service.desk
        self._rooms = Rooms(service.desk.clock)
        self._modals = Modals(service, Suggestions(service.desk), self.publish)
        self.opens = self._modals.opens  # for slash commands: ``adapters.slack.commands.Opens``

    def register(self, app: AsyncApp) -> None:
        """Enters the listeners, those of the forms too."""
        app.event("app_home_opened")(self.opened)
        app.action(re.compile(f"^{ACTION}"))(self.press)
        self._modals.register(app)

    async def opened(self, body: Body) -> None:
        """Shows the tab as things stand: https://docs.slack.dev/reference/events/app_home_opened/."""
        if body["event"].get("tab", "home") == "home":
            await self.publish(team(body), body["event"]["user"])

    async def publish(self, workspace: str, user: str) -> None:
        """Shows the tab to the person as things stand now. That Slack doesn't take it is logged."""
        client = await self._service.clients(workspace)
        spot = Spot(Channel(PLATFORM, workspace, user), user)
        person = await self._service.person(spot)
        manager = self._desk.may_manage(person.manages, person.roles)
        where = self._zone(person)
        view = home_view(
            await self._shelf(spot, await self._digests(spot), person, manager=manager),
            await self._shelf(spot, await self._desk.watches.all(spot.channel.tenant), person, manager=manager),
            [_feed(one.feed) for one in await self._desk.intake.followings(spot.channel.tenant)],
            where,
            manager=manager,
            prefix=self._service.prefix,
        )
        try:
            await client.views_publish(user_id=user, view=view)
        except EXPECTED as error:
            log.warning("the Home tab can't be shown", team=workspace, user=user, error=str(error))

    async def press(self, ack: AsyncAck, body: Body) -> None:
        """A button of the tab, or an entry of a menu: 'digest add', 'digest pause 12ab34'."""
        await ack()
        action = body["actions"][0]
        first, second, *rest = str((action.get("selected_option") or action)["value"]).split()
        user, trigger = str(body["user"]["id"]), str(body["trigger_id"])
        spot = Spot(Channel(PLATFORM, team(body), user), user)
        try:
            await self._pressed(spot, trigger, first, second, rest[0] if rest else None)
        except EXPECTED as error:
            log.warning("a form can't be opened", command=f"{first} {second}", error=str(error))
        except Exception as fault:  # noqa: BLE001 (told in words, and logged where it was not expected)
            await self._modals.say(spot, trigger, words(fault))
        await self.publish(spot.team, user)

    async def _pressed(self, spot: Spot, trigger: str, kind: str, change: str, ident: str | None) -> None:
        name = f"{kind} {change}"
        if ident is None:
            await self._modals.open(spot, trigger, Asked(name))
        elif change == "edit":
            await self._modals.edit(spot, trigger, ident)
        else:
            item = await self._find(spot, kind, ident)
            there = Spot(Channel.of(item.channel), spot.person)
            if change == "remove":
                asked = Asked(name, there.channel.id, given={"id": ident})
                await self._modals.open(there, trigger, asked, lead=f"{_head(item)}\n{_about(item)}\nIt ends for all.")
            else:
                await self._service.perform(there, name, {"id": ident})

    # --- what there is

    async def _digests(self, spot: Spot) -> list[Subscription]:
        """Those of the workspace, the next first, those that are paused last."""
        now = self._desk.clock()
        held = [one for one in await self._desk.digests.all() if one.workspace == spot.channel.tenant]
        return sorted(held, key=lambda one: (one.paused, next_due(one, now)))

    async def _find(self, spot: Spot, kind: str, ident: str) -> Item:
        """The digest or watch of that id, as the person may see it. Raises NotFound."""
        every: Sequence[Item] = (
            await self._digests(spot) if kind == "digest" else await self._desk.watches.all(spot.channel.tenant)
        )
        for one in every:
            if one.id == ident and not _is_private(one, spot.person):
                return one
        raise NotFound(f"There is no {kind} {ident} any more")

    async def _shelf(self, spot: Spot, items: Sequence[Item], person: Person, *, manager: bool) -> Shelf:
        """As many as the tab has room for, of those that the person may see; those that are hidden aren't counted."""
        mine = [one for one in items if not _is_private(one, spot.person)]
        where, entries, hidden = self._zone(person), list[Entry](), 0
        for one in mine[:_LOOKED_AT]:
            if len(entries) == MOST:
                break
            if manager or await self._may_see(spot, person, one):
                entries.append(self._entry(one, where, changes=manager or _is_direct(one)))
            else:
                hidden += 1
        return Shelf(tuple(entries), len(mine) - len(entries) - hidden)

    async def _may_see(self, spot: Spot, person: Person, item: Item) -> bool:
        """Who has made it may; and every member but guests, where it goes to a public channel."""
        if item.created_by == spot.person or person.guest:
            return item.created_by == spot.person
        return await self._rooms.public(await self._service.clients(spot.team), Channel.of(item.channel))

    def _entry(self, item: Item, where: ZoneInfo, *, changes: bool) -> Entry:
        kind = "digest" if isinstance(item, Subscription) else "watch"
        lines = (f"{_about(item)} · {kind} {item.id}", _next(item, self._desk.clock(), where))
        return Entry(
            kind, item.id, Channel.of(item.channel).id, _head(item), tuple(filter(None, lines)), item.paused, changes
        )

    def _zone(self, person: Person) -> ZoneInfo:
        """The person's own; the configured one where Slack knows none, or one that isn't known here."""
        try:
            return zone(person.zone or self._desk.zone)
        except DatelineError:
            return zone(self._desk.zone)


def _is_direct(item: Item) -> bool:
    """Whether it posts to the bot's own conversation with one person."""
    return Channel.of(item.channel).id.startswith("D")


def _is_private(item: Item, person: str) -> bool:
    """Whether it is in somebody else's own conversation with the bot: none of the person's business."""
    return _is_direct(item) and item.created_by != person


def _head(item: Item) -> str:
    return when(item) if isinstance(item, Subscription) else item.label


def _about(item: Item) -> str:
    if isinstance(item, Subscription):
        return item.topic or FOLLOWED
    quiet = item.quiet
    return f"quiet from {quiet.start:%H:%M} to {quiet.end:%H:%M} {quiet.zone}" if quiet else "as soon as it is read"


def _next(item: Item, now: datetime, where: ZoneInfo) -> str:
    """When it posts next, by the person's clock; or that it is paused, and why."""
    if item.paused:
        return f"paused: {item.stopped}" if item.stopped else "paused"
    return f"next: {next_due(item, now).astimezone(where):%a %d %b %H:%M}" if isinstance(item, Subscription) else ""


def _feed(feed: Feed) -> str:
    """What it is called, and how it does unless it does well."""
    how = state(feed)
    return f"{feed.title or shown_url(feed.url)}{'' if how == 'ok' else f': {how}'}"
