"""What Slack sends, as plain values."""

import pytest

from adapters.slack.incoming import Once, is_from_a_person, key, links, team, typed
from adapters.slack.naming import full, typed_here
from adapters.slack.people import belongs


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("<@UBOT> what happened in Lyman?", "what happened in Lyman?"),
        ("grain &amp; ports &lt;3", "grain & ports <3"),
        ("<https://example.org/a?b=1&amp;c=2|example.org>", "https://example.org/a?b=1&c=2"),
        ("<mailto:a@example.org|a@example.org> and <#C1|news>", "a@example.org and news"),
        ("what has <http://Booking.com|Booking.com> said?", "what has Booking.com said?"),
        ("<@UBOT> /feeds add <http://example.org|example.org>", "/feeds add http://example.org"),
        ("<http://example.org/a|example.org/a> <http://example.org>", "http://example.org/a http://example.org"),
    ],
)
def test_what_was_typed_is_read_without_slacks_escapes(sent: str, meant: str) -> None:
    assert typed(sent, "UBOT") == meant


def test_links_are_found_in_text_in_rich_text_and_in_what_is_shown_of_them_each_once() -> None:
    rich = {"type": "rich_text", "elements": [{"elements": [{"type": "link", "url": "https://example.org/two"}]}]}
    message = {
        "text": "see <https://example.org/one|this> and <@U1>",
        "blocks": [rich],
        "attachments": [{"from_url": "https://example.org/one"}, {"title_link": "https://example.org/three"}],
    }
    assert links(message) == ("https://example.org/one", "https://example.org/three", "https://example.org/two")
    assert links({"text": "<mailto:a@example.org> <javascript:alert(1)|x>"}) == ()
    shared = {"from_url": "https://acme.slack.com/archives/C1/p1741003200000100", "text": "<https://example.org/one>"}
    assert links({"text": "", "attachments": [shared]}) == ("https://example.org/one",)


@pytest.mark.parametrize(
    ("word", "text", "command"),
    [
        ("digest", "add 07:30", "/digest add 07:30"),
        ("digest", "", "/digest list"),
        ("brief", "", "/brief"),
        ("where", "Help", "/help"),
        ("said", "a b", "/said a b"),
    ],
)
def test_a_slash_command_is_what_the_core_reads(word: str, text: str, command: str) -> None:
    assert full(word, text) == command


def test_what_comes_again_is_known_and_memory_has_an_end() -> None:
    once = Once(most=2)
    opened = {"event": {"type": "app_home_opened"}, "event_id": "Ev1"}
    assert once.first(key(opened))
    assert not once.first(key(opened))
    assert once.first(key({"trigger_id": "1"}))
    assert once.first(key({"trigger_id": "2"}))
    assert once.first(key(opened))
    assert once.first(key({"type": "block_suggestion", "trigger_id": "2"}))
    once.forget("Ev1")
    assert once.first(key(opened))


def test_bots_edits_and_notes_are_no_questions() -> None:
    assert is_from_a_person({"user": "U1", "text": "hello"})
    assert is_from_a_person({"user": "U1", "text": "hello", "subtype": "thread_broadcast"})
    assert not is_from_a_person({"user": "U1", "bot_id": "B1"})
    assert not is_from_a_person({"user": "U1", "subtype": "message_changed"})
    assert not is_from_a_person({"subtype": "channel_join"})


def test_people_are_told_commands_as_they_are_called_here() -> None:
    said = (
        "None yet: /digest add 07:30; /help lists them, see https://example.org/feeds and https://example.org/a/brief"
    )
    assert typed_here(said, "nw-") == (
        "None yet: /nw-digest add 07:30; /nw-brief help lists them, "
        "see https://example.org/feeds and https://example.org/a/brief"
    )


def test_who_manages_another_workspace_is_nobody_here() -> None:
    assert belongs({"team_id": "T1", "is_admin": True}, "T1")
    assert not belongs({"team_id": "T9", "is_admin": True}, "T1")
    assert belongs({"team_id": "T9", "enterprise_user": {"teams": ["T1", "T9"]}}, "T1")


@pytest.mark.parametrize(
    ("sent", "workspace"),
    [
        ({"team_id": "T1"}, "T1"),
        ({"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T9"}}, "T1"),
        ({"team": None, "user": {"id": "U1", "team_id": "T9"}}, "T9"),
        ({"team_id": "T9", "authorizations": [{"team_id": "T1"}]}, "T1"),
        ({"team_id": "T1", "authorizations": [{"team_id": None, "enterprise_id": "E1"}]}, "T1"),
        ({"view": {"app_installed_team_id": "T1"}, "team": {"id": "T9"}}, "T1"),
    ],
)
def test_what_comes_belongs_to_the_workspace_that_has_the_app(sent: dict[str, object], workspace: str) -> None:
    assert team(sent) == workspace
