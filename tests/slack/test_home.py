"""The Home tab: what it shows to whom, and what its buttons do."""

from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.home_view import MOST, Entry, Shelf, home_view
from bot.app import App
from bot.store.feeds import Following
from bot.types import Channel, Feed
from tests.slack.blockkit import view_problems
from tests.slack.chatting import chatting
from tests.slack.loopback import ADMIN, CHANNEL, GUEST, TEAM, Json, Loopback, View
from tests.slack.loopback.forms import elements

TENANT = f"slack:{TEAM}"
HERE = Channel("slack", TEAM, CHANNEL)


async def seen(slack: Loopback, user: str = ADMIN) -> View:
    """The tab, as somebody sees it who opens it now."""
    before = slack.called("views.publish")
    await slack.open_home(user)
    return await published(slack, before, user)


async def published(slack: Loopback, before: int, user: str = ADMIN) -> View:
    """The tab once it has been published again."""
    await slack.until(lambda: slack.called("views.publish") > before)
    view = await slack.until(lambda: slack.home(user))
    assert view_problems(view.body) == []
    return view


async def pressed(slack: Loopback, what: str) -> View:
    """The tab after somebody has chosen that in a menu of it."""
    view, before = slack.home(), slack.called("views.publish")
    assert view is not None
    kind, _, ident = what.split()
    await slack.choose(view, f"{kind}:{ident}", what)
    return await published(slack, before)


def used(view: View) -> list[Json]:
    """All that can be pressed in it."""
    return [element for _, element in elements(view.body["blocks"])]


async def test_it_shows_what_is_posted_where_and_when_in_the_persons_own_zone(slack: Loopback, app: App) -> None:
    await app.desk.digests.add(HERE, [time(7, 30)], "Europe/Kyiv", topic="<!channel> *grain*", person=ADMIN)
    await app.desk.watches.add(HERE, '"Black Sea"', person=ADMIN)
    await app.store.follow_feed(Following(TENANT, Feed("https://news.example/rss", "The <@U1> Example")))
    said = (await seen(slack, GUEST)).words
    assert "07:30 Europe/Kyiv, every day* in <#C1>" in said
    assert "next: Tue 04 Mar 00:30" in said
    assert "America/New_York" in said
    assert "Black Sea" in said
    assert "The <@U1> Example" in said  # in plain text, where it means nothing
    assert "<!channel>" not in said
    assert "*grain*" not in said


async def test_only_who_may_manage_has_buttons_and_private_things_stay_private(slack: Loopback, app: App) -> None:
    home = slack.workspaces[TEAM]
    home.channel("C2", "closed", kind="private")
    own = Channel("slack", TEAM, home.direct(GUEST).id)
    await app.desk.digests.add(HERE, [time(8)], "UTC", topic="harvest", person=ADMIN)
    await app.desk.digests.add(Channel("slack", TEAM, "C2"), [time(9)], "UTC", topic="layoffs", person=ADMIN)
    await app.desk.digests.add(own, [time(10)], "UTC", topic="chess", person=GUEST)
    guests = await seen(slack, GUEST)
    assert "harvest" in guests.words
    assert "chess" in guests.words
    assert "layoffs" not in guests.words
    assert "more:" not in guests.words, "nor how many there are"
    assert [one["type"] for one in used(guests)] == ["overflow"], "of their own digest"
    admins = await seen(slack, ADMIN)
    assert "layoffs" in admins.words
    assert "chess" not in admins.words
    assert [one["type"] for one in used(admins)] == ["button"] * 3 + ["overflow"] * 2


async def test_its_menus_pause_resume_edit_and_remove_and_it_is_current_afterwards(slack: Loopback, app: App) -> None:
    digest = await app.desk.digests.add(HERE, [time(7, 30)], "UTC", person=ADMIN)
    await app.desk.watches.add(HERE, '"Black Sea"', person=ADMIN)
    (watch,) = await app.desk.watches.of(HERE)
    await seen(slack)
    assert "paused" in (await pressed(slack, f"digest pause {digest.id}")).words
    assert (await app.desk.digests.find(HERE, digest.id)).paused
    assert "next:" in (await pressed(slack, f"digest resume {digest.id}")).words
    await pressed(slack, f"digest edit {digest.id}")
    form = slack.modal()
    assert form is not None
    before = slack.called("views.publish")
    await slack.submit(form, {"time:0": "21:45"})
    assert "21:45 UTC" in (await published(slack, before)).words
    await pressed(slack, f"watch remove {watch.id}")
    form = slack.modal()
    assert form is not None
    assert "Black Sea" in form.words
    before = slack.called("views.publish")
    await slack.submit(form)
    assert "Black Sea" not in (await published(slack, before)).words
    assert await app.desk.watches.of(HERE) == []


async def test_a_digest_of_an_archived_channel_isnt_resumed_into_nowhere(slack: Loopback, app: App) -> None:
    digest = await app.desk.digests.add(HERE, [time(7, 30)], "UTC", person=ADMIN)
    await app.desk.digests.pause(HERE, digest.id)
    slack.workspaces[TEAM].conversations[CHANNEL].archived = True
    await seen(slack)
    assert "paused" in (await pressed(slack, f"digest resume {digest.id}")).words
    assert "archived" in (said := slack.modal() or pytest.fail("nothing is said")).words
    assert "unarchive it" in said.words


async def test_its_buttons_open_forms_that_ask_for_the_channel(slack: Loopback, app: App) -> None:
    view = await seen(slack)
    await slack.press(view, "Add a watch")
    form = await slack.until(slack.modal)
    (words,) = await slack.suggest(form, "about", "harvest")
    before = slack.called("views.publish")
    await slack.submit(form, {"channel": CHANNEL, "about": words})
    assert "harvest" in (await published(slack, before)).words
    (made,) = await app.desk.watches.of(HERE)
    assert made.created_by == ADMIN


async def test_what_has_gone_meanwhile_is_said_and_the_tab_is_current(slack: Loopback, app: App) -> None:
    digest = await app.desk.digests.add(HERE, [time(7, 30)], "UTC", person=ADMIN)
    await seen(slack)
    await app.desk.digests.remove(HERE, digest.id)
    view = await pressed(slack, f"digest pause {digest.id}")
    said = slack.modal()
    assert said is not None
    assert f"no digest {digest.id} any more" in said.words
    assert digest.id not in view.words


@given(st.lists(st.text(max_size=400), min_size=1, max_size=3), st.booleans())
@settings(max_examples=30, deadline=None)
def test_whatever_it_shows_it_stays_within_slacks_limits(texts: list[str], manager: bool) -> None:
    long = [text * 20 for text in texts]

    def shelf(kind: str) -> Shelf:
        entry = Entry(kind, "0" * 6, "C1", long[0], tuple(long), paused=False, changes=True)
        return Shelf(tuple(replace(entry, id=f"{number:06x}") for number in range(MOST)), more=1000)

    zone = ZoneInfo("America/Argentina/ComodRivadavia")
    view = home_view(shelf("digest"), shelf("watch"), [*long, "feed"] * 100, zone, manager=manager)
    assert view_problems(view) == []


async def test_what_there_is_no_room_for_is_counted(slack: Loopback, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.home.MOST", 1)
    monkeypatch.setattr("adapters.slack.home_view.MOST_FEEDS", 1)
    for number in range(3):
        await app.desk.digests.add(HERE, [time(7, 30 - number)], "UTC", person=ADMIN)
        await app.desk.watches.add(HERE, f'"words {number}"', person=ADMIN)
        await app.store.follow_feed(Following(TENANT, Feed(f"https://news.example/{number}", f"Feed {number}")))
    view = await seen(slack)
    assert "07:28 UTC" in view.words, "the next to come"
    for command in ("/digest", "/watch", "/feeds"):
        assert f"… and 2 more: {command} list" in view.words


async def test_commands_are_called_as_in_this_slack(app: App, loopback: Loopback) -> None:
    async with chatting(app, loopback, prefix="nw-"):
        said = (await seen(loopback)).words
        assert "/nw-digest add" in said
        assert "/nw-brief help" in said
        await loopback.command("nw-digest", "remove")
        form = await loopback.until(loopback.modal)
        assert "as /nw-digest list shows it" in form.words
        await app.desk.digests.add(HERE, [time(7)], "UTC", person=ADMIN)
        (chosen,) = await loopback.suggest(form, "id", "")
        await app.desk.digests.remove(HERE, chosen["value"])
        await loopback.submit(form, {"id": chosen})
        assert "/nw-digest list shows" in form.errors["id"]


async def test_guests_see_what_they_have_made_alone(slack: Loopback, app: App) -> None:
    slack.workspaces[TEAM].users[GUEST].guest = True
    await app.desk.digests.add(HERE, [time(8)], "UTC", topic="harvest", person=ADMIN)
    await app.desk.digests.add(HERE, [time(9)], "UTC", topic="chess", person=GUEST)
    guests = (await seen(slack, GUEST)).words
    assert "chess" in guests
    assert "harvest" not in guests


async def test_nobody_is_told_to_do_what_they_may_not(slack: Loopback) -> None:
    mine, theirs = (await seen(slack)).words, (await seen(slack, GUEST)).words
    assert "/digest add in a channel" in mine
    assert "/feeds add" in mine
    assert "/digest add in our own conversation" in theirs
    assert "/feeds add" not in theirs


async def test_where_slack_doesnt_take_it_life_goes_on(slack: Loopback) -> None:
    slack.home_tab = False
    before = slack.called("views.publish")
    await slack.open_home()
    await slack.until(lambda: slack.called("views.publish") > before)
    slack.home_tab = True
    await seen(slack)
