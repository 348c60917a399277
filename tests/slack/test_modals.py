"""Forms: what opens one, what stands in it, what is offered, and what comes of it."""

import asyncio
from datetime import time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.forms import Asked, form, question, said
from bot.answers import Choice, Question
from bot.app import App
from bot.commands import COMMANDS, Command, Kind
from bot.types import Channel
from tests.fakes import HandClock
from tests.slack.blockkit import view_problems
from tests.slack.chatting import chatting
from tests.slack.loopback import ADMIN, CHANNEL, GUEST, TEAM, Json, Loopback, View, faults

HERE = Channel("slack", TEAM, CHANNEL)


async def opened(slack: Loopback, command: str, text: str = "", *, user: str = ADMIN, channel: str = CHANNEL) -> View:
    """The form that the command opens for who has typed it."""
    slack.workspaces[TEAM].modals.clear()
    await slack.command(command, text, user=user, channel=channel)
    view = await slack.until(slack.modal)
    assert view_problems(view.body) == []
    return view


def of(view: View, name: str) -> Json:
    """What stands in the field."""
    held: Json
    (held,) = (element for block, elements in view.state.items() for element in elements.values() if block == name)
    return held


async def test_a_digest_is_filled_in_with_the_persons_own_zone_and_the_channel_they_are_in(
    slack: Loopback, app: App
) -> None:
    view = await opened(slack, "digest", "add")
    assert of(view, "zone")["selected_option"]["value"] == "Europe/Amsterdam"
    assert of(view, "channel")["selected_conversation"] == CHANNEL
    assert len(of(view, "days")["selected_options"]) == 7
    (topic,) = await slack.suggest(view, "topic", "grain deal")
    await slack.submit(
        view, {"time:0": "07:30", "time:1": "18:00", "days": ["Monday", "Friday"], "topic": topic, "channel": CHANNEL}
    )
    (made,) = await app.desk.digests.of(HERE)
    assert (made.at, made.days, made.zone) == ((time(7, 30), time(18)), (0, 4), "Europe/Amsterdam")
    assert (made.topic, made.created_by) == ("grain deal", ADMIN)
    done = slack.modal()
    assert done is not None
    assert f"Digest {made.id} added" in done.words
    assert view_problems(done.body) == []


async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(slack: Loopback, app: App) -> None:
    view = await opened(slack, "watch", "add")
    (grain,) = await slack.suggest(view, "about", 'grain AND "')
    await slack.submit(view, {"about": grain, "quiet:0": "22:00"})
    assert "both" in view.errors["quiet:1"], "the field that is empty"
    await slack.submit(view, {"about": grain, "quiet:1": "07:00"})
    assert list(view.errors) == ["about"]
    assert await app.desk.watches.of(HERE) == []
    (grain,) = await slack.suggest(view, "about", "grain")
    await slack.submit(view, {"about": grain})
    (made,) = await app.desk.watches.of(HERE)
    assert (made.label, made.quiet and made.quiet.start) == ("grain", time(22))


async def test_a_place_that_several_bear_is_asked_about_in_the_form(newsroom: Loopback, app: App) -> None:
    view = await opened(newsroom, "watch", "add")
    (name, *_) = await newsroom.suggest(view, "about", "Springfield")
    await newsroom.submit(view, {"about": name, "as": "Place"})
    asked = newsroom.modal()
    assert asked is not None
    assert asked.body["callback_id"] == "choice"
    options = asked.body["blocks"][0]["element"]["options"]
    assert len(options) > 1
    await newsroom.submit(asked, {"choice": options[1]["text"]["text"]})
    (made,) = await app.desk.watches.of(HERE)
    assert made.label.startswith("Springfield")
    assert options[1]["text"]["text"].split(",")[1].strip() in made.label


async def test_a_bare_brief_asks_what_about_and_answers_in_the_channel(newsroom: Loopback) -> None:
    view = await opened(newsroom, "brief", user=GUEST)
    (since, *_) = await newsroom.suggest(view, "since", "never")
    await newsroom.submit(view, {"since": since}, user=GUEST)
    assert "'never' is no time" in view.errors["since"]
    offered = await newsroom.suggest(view, "about", "slov", user=GUEST)
    assert [one["value"] for one in offered] == ["Slovyansk", "slov"]
    await newsroom.submit(view, {"about": offered[0], "since": None, "length": "Short"}, user=GUEST)
    assert newsroom.modal() is None
    (post,) = await newsroom.until(newsroom.posts)
    assert "Sloviansk until Friday" in post.words


async def test_who_may_not_manage_gets_no_form_but_words_and_a_form_kept_open_does_nothing(
    slack: Loopback, app: App, clock: HandClock
) -> None:
    await slack.command("digest", "add", user=GUEST)
    (told,) = await slack.until(lambda: slack.told(GUEST))
    assert "may manage" in told.words
    assert slack.modal() is None
    view = await opened(slack, "digest", "add")
    slack.workspaces[TEAM].users[ADMIN].admin = False
    clock.now += timedelta(minutes=2)
    await slack.submit(view, {"time:0": "07:30"})
    assert "may manage" in view.errors["channel"]
    assert await app.desk.digests.of(HERE) == []


async def test_where_the_bot_cant_post_the_channels_field_says_so(slack: Loopback, app: App) -> None:
    slack.workspaces[TEAM].channel("C2", "closed", kind="private", bot=False)
    view = await opened(slack, "digest", "add")
    await slack.submit(view, {"time:0": "07:30", "channel": "C2"})
    assert "/invite" in view.errors["channel"]
    await slack.submit(view, {"channel": slack.workspaces[TEAM].direct(GUEST).id})
    assert "somebody" in view.errors["channel"]
    assert await app.desk.digests.all() == []


async def test_everybody_has_a_form_for_digests_of_their_own(slack: Loopback, app: App) -> None:
    own = slack.workspaces[TEAM].direct(GUEST).id
    view = await opened(slack, "digest", "add", user=GUEST, channel=own)
    assert of(view, "zone")["selected_option"]["value"] == "America/New_York"
    assert "channel" not in view.state
    await slack.submit(view, {"time:0": "06:00"}, user=GUEST)
    (made,) = await app.desk.digests.all()
    assert made.channel == f"slack:{TEAM}:{own}"


async def test_a_digest_is_changed_in_a_form_that_has_what_it_is(slack: Loopback, app: App) -> None:
    made = await app.desk.digests.add(HERE, [time(7, 30), time(18)], "Asia/Tokyo", days=(0, 2), topic="grain")
    view = await opened(slack, "digest", f"edit {made.id}")
    assert of(view, "time:1")["selected_time"] == "18:00"
    assert [one["value"] for one in of(view, "days")["selected_options"]] == ["mon", "wed"]
    assert of(view, "zone")["selected_option"]["value"] == "Asia/Tokyo"
    await slack.submit(view, {"time:1": None, "time:2": "21:15", "topic": None})
    changed = await app.desk.digests.find(HERE, made.id)
    assert (changed.at, changed.days, changed.topic) == ((time(7, 30), time(21, 15)), (0, 2), None)
    assert changed.created == made.created


async def test_nobody_changes_a_digest_in_somebody_elses_conversation(slack: Loopback, app: App) -> None:
    own = Channel("slack", TEAM, slack.workspaces[TEAM].direct(GUEST).id)
    made = await app.desk.digests.add(own, [time(7, 30)], "UTC", person=GUEST)
    await slack.command("digest", f"edit {made.id}")
    (told,) = await slack.until(slack.told)
    assert f"no digest '{made.id}' here" in told.words


async def test_in_their_own_conversation_people_change_only_what_is_posted_there(slack: Loopback, app: App) -> None:
    own = slack.workspaces[TEAM].direct(GUEST).id
    made = await app.desk.digests.add(HERE, [time(7, 30)], "UTC", person=ADMIN)
    mine = await app.desk.digests.add(Channel("slack", TEAM, own), [time(7, 30)], "UTC", person=GUEST)
    for change in ("pause", "remove", "edit"):
        await slack.command(
            "digest", f"{change} {made.id} {'time:09:00' * (change == 'edit')}", user=GUEST, channel=own
        )
    told = await slack.until(lambda: found if len(found := slack.told(GUEST)) == 3 else [])
    assert all("may manage" in one.words for one in told)
    assert await app.desk.digests.find(HERE, made.id) == made
    await slack.command("digest", f"pause {mine.id}", user=GUEST, channel=own)
    await slack.until(lambda: len(slack.told(GUEST)) == 4)
    assert (await app.desk.digests.find(HERE, mine.id)).paused


@pytest.mark.parametrize(("command", "text"), [("where", ""), ("said", ""), ("feeds", "add"), ("feeds", "import")])
async def test_a_command_that_lacks_what_it_needs_has_a_form(slack: Loopback, command: str, text: str) -> None:
    view = await opened(slack, command, text)
    assert view.body["callback_id"] == f"form:{f'{command} {text}'.strip()}"


async def test_what_takes_long_is_shown_as_soon_as_it_is_known(
    slack: Loopback, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.modals.DONE_IN", 0.0)
    view = await opened(slack, "digest", "add")
    sent = await slack.submit(view, {"time:0": "07:30"})
    assert not sent.refused
    await slack.until(lambda: "added" in view.words)
    slack.faults.order("views.update", faults.error("not_found"))  # Slack doesn't know yet that it waits
    view = await opened(slack, "digest", "add")
    await slack.submit(view, {"time:0": "08:00"})
    await slack.until(lambda: "added" in view.words)
    monkeypatch.setattr("adapters.slack.modals.SHOWN_AFTER", ())
    slack.faults.order("views.update", faults.error("not_found"))  # closed meanwhile
    await slack.submit(await opened(slack, "digest", "add"), {"time:0": "08:30"})
    (told,) = await slack.until(slack.told)
    assert "added: 08:30" in told.words
    assert len(await app.desk.digests.of(HERE)) == 3


async def test_what_is_being_done_is_finished_before_the_chat_ends_and_broken_off_if_it_never_would(
    loopback: Loopback, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("adapters.slack.modals.DONE_IN", 0.0)
    async with chatting(app, loopback):
        done = await opened(loopback, "digest", "add")
        await loopback.submit(done, {"time:0": "07:30"})
    assert "added" in done.words
    monkeypatch.setattr("adapters.slack.running.FINISH_WITHIN", 0.0)
    monkeypatch.setattr(type(app.desk.digests), "add", never)
    async with chatting(app, loopback):
        await loopback.connected(2)
        stuck = await opened(loopback, "digest", "add")
        await loopback.submit(stuck, {"time:0": "07:30"})
    assert "takes a moment" in stuck.words


async def test_long_values_come_back_whole(newsroom: Loopback, app: App) -> None:
    long = "grain " * 40 + "deal"
    await app.desk.digests.add(HERE, [time(7)], "UTC", topic=long)
    view = await opened(newsroom, "brief")
    offered = await newsroom.suggest(view, "about", "grain grain")
    assert len(offered[0]["value"]) <= 150
    (made, *_) = await app.desk.digests.of(HERE)
    view = await opened(newsroom, "digest", f"edit {made.id}")
    await newsroom.submit(view, {"time:0": "09:00"})
    assert (await app.desk.digests.find(HERE, made.id)).topic == long


async def test_where_completion_takes_too_long_the_typed_words_are_offered(
    newsroom: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("adapters.slack.suggestions.WITHIN", 0.0)
    monkeypatch.setattr("bot.commands.complete", never)
    (offered,) = await newsroom.suggest(await opened(newsroom, "where"), "place", "Lyman")
    assert offered["value"] == "Lyman"


@given(st.sampled_from([one for one in COMMANDS if one.options]), st.text(min_size=1, max_size=300), st.booleans())
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_a_form_it_is_within_slacks_limits(command: Command, text: str, here: bool) -> None:
    text = text * 9
    values = {one.name: text for one in command.options if one.kind in {Kind.TOPIC, Kind.FILTER, Kind.PLACE, Kind.FEED}}
    asked = Asked(command.name, CHANNEL if here else None, "https://hooks.slack.example/commands/1/2")
    assert view_problems(form(command, asked, values, text)) == []
    assert view_problems(question(asked, Question(text, (Choice(text, "/help", "0" * 16),)))) == []
    assert view_problems(said(text)) == []


async def test_a_fault_is_said_with_a_number_and_nothing_more(
    slack: Loopback, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    view = await opened(slack, "digest", "add")
    monkeypatch.setattr(type(app.desk.digests), "add", broken)
    monkeypatch.setattr("adapters.slack.modals.DONE_IN", 20)  # writing the fault down takes seconds on a busy machine
    await slack.submit(view, {"time:0": "07:30"})
    assert "Something went wrong (id " in view.errors["time:0"]
    assert "secret" not in str(view.errors)


async def test_where_slack_takes_no_form_the_command_is_answered_in_words(slack: Loopback) -> None:
    slack.faults.order("views.open", faults.error("expired_trigger_id"))
    await slack.command("digest", "add")
    (told,) = await slack.until(slack.told)
    assert "needs time" in told.words
    assert slack.modal() is None


async def test_a_zone_that_nobody_knows_is_the_configured_one(slack: Loopback) -> None:
    slack.workspaces[TEAM].users[ADMIN].zone = "Nowhere/Known"
    assert of(await opened(slack, "digest", "add"), "zone")["selected_option"]["value"] == "UTC"
