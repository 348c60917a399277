from contextlib import suppress
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import COMMANDS, faults, named, parse, since
from bot.errors import DatelineError, InputError, UnknownCommand
from bot.types import Length, WatchKind

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KYIV = ZoneInfo("Europe/Kyiv")


def test_words_without_an_option_are_the_first_options_value() -> None:
    command, values = parse("/brief the grain deal since:3d length:long", NOW, KYIV)
    assert command.name == "brief"
    assert values == {"about": "the grain deal", "since": datetime(2026, 11, 20, 9, tzinfo=UTC), "length": Length.LONG}


def test_a_name_with_an_apostrophe_or_quotes_is_one_value() -> None:
    assert parse("/where Kup'yans'k", NOW, KYIV)[1] == {"place": "Kup'yans'k"}
    assert parse('/said "Institute for the Study of War"', NOW, KYIV)[1] == {"source": "Institute for the Study of War"}
    assert parse('/where "Lyman', NOW, KYIV)[1] == {"place": "Lyman"}


def test_a_filter_keeps_its_phrases() -> None:
    wanted = 'grain AND (deal OR "Black Sea")'
    assert parse(f"/watch add {wanted} as:words", NOW, KYIV)[1] == {"about": wanted, "as": WatchKind.WORDS}
    assert parse("/watch add “Black Sea”", NOW, KYIV)[1] == {"about": '"Black Sea"'}


def test_a_digest_may_come_several_times_a_day() -> None:
    assert parse("/digest add 18:00, 07:30", NOW, KYIV)[1] == {"time": (time(7, 30), time(18))}


def test_quiet_hours_are_written_with_a_dash() -> None:
    _, values = parse("/watch add grain AND (deal OR prices) as:words quiet:22:00-07:00", NOW, KYIV)
    assert values == {"about": "grain AND (deal OR prices)", "as": WatchKind.WORDS, "quiet": (time(22), time(7))}


def test_an_address_keeps_its_colon() -> None:
    url = "https://example.org/a?b=c:d"
    assert parse(f"/brief {url}", NOW, KYIV)[1] == {"about": url}


def test_a_digest_is_scheduled_in_words() -> None:
    command, values = parse("/digest add 07:30 days:mon,Friday zone:Europe/Kyiv topic:Black Sea", NOW, KYIV)
    assert command.manages
    assert values == {"time": (time(7, 30),), "days": (0, 4), "zone": "Europe/Kyiv", "topic": "Black Sea"}


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("/breif Lyman", "/breif: no such command; did you mean /brief?"),
        ("/digest", "/digest: say which; there is /digest add, /digest list"),
        ("/digest add time:7.30", "/digest add: time:7.30: write 07:30"),
        ("/digest add 07:30,8.15", "time:8.15: write 08:15"),
        ("/watch add rice quiet:late", "'late' are no hours: write them like 22:00-07:00"),
        ("/watch add rice as:smell", "write place, source or words"),
        ("/digest add 25:00", "'25:00' is no time of day: write it like 07:30"),
        ("/digest add 07:30 days:sometimes", "names no days: write them like mon,wed,fri"),
        ("/where", "/where needs place: its name in any usual spelling. Type /where <place> [since:…]"),
        ("/brief Lyman since:lately", "'lately' is no time: write 24h, 3d"),
        ("/brief Lyman length:huge", "write short, normal or long"),
        ("/help me", "/help takes no 'me'"),
        ("/", "/help lists them"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_type(typed: str, complaint: str) -> None:
    with pytest.raises(UnknownCommand) as caught:
        parse(typed, NOW, KYIV)
    assert complaint in str(caught.value)


def test_all_that_is_wrong_with_what_was_filled_in_is_said_by_option() -> None:
    command = named("digest add")
    wrong = faults(command, {"days": "sometimes", "zone": "UTC"}, NOW, KYIV)
    assert list(wrong) == ["time", "days"]
    assert "like 07:30" in wrong["time"]
    assert wrong["days"] == "'sometimes' names no days: write them like mon,wed,fri"
    assert faults(command, {"time": "07:30", "days": "mon"}, NOW, KYIV) == {}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("24h", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ("2w", datetime(2026, 11, 9, 9, tzinfo=UTC)),
        ("yesterday", datetime(2026, 11, 21, 22, tzinfo=UTC)),  # Kyiv's midnight
        ("2026-11-20", datetime(2026, 11, 19, 22, tzinfo=UTC)),
        ("2026-11-20T10:00+00:00", datetime(2026, 11, 20, 10, tzinfo=UTC)),
    ],
)
def test_times_are_meant_in_the_given_zone(text: str, moment: datetime) -> None:
    assert since(text, NOW, KYIV) == moment


def test_a_time_before_the_calendar_is_refused() -> None:
    with pytest.raises(InputError, match="write 24h"):
        since("0001-01-01", NOW, KYIV)


@given(st.text(max_size=80))
def test_any_text_gives_a_command_or_an_error_in_words(text: str) -> None:
    with suppress(DatelineError):  # any other error fails the test
        assert parse(text, NOW, KYIV)[0] in COMMANDS


def test_each_command_says_how_it_is_used() -> None:
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    for command in COMMANDS:
        assert command.help
        assert command.usage.startswith(f"/{command.name}")
        assert all(option.help for option in command.options)
