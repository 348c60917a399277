from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.desk.moments import since
from bot.desk.questions import understand
from bot.errors import InputError

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # a Wednesday
KYIV = ZoneInfo("Europe/Kyiv")


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("24h", "2026-11-24T09:00"),
        ("6 hours", "2026-11-25T03:00"),
        ("the last 3 days", "2026-11-22T09:00"),
        ("in the past week", "2026-11-18T09:00"),
        ("since Monday", "2026-11-22T22:00"),
        ("wed", "2026-11-24T22:00"),  # today
        ("last Thursday", "2026-11-18T22:00"),
        ("this week", "2026-11-22T22:00"),
        ("last week", "2026-11-15T22:00"),
        ("This  Month", "2026-10-31T22:00"),
        ("since 2026-11-20", "2026-11-19T22:00"),
    ],
)
def test_words_for_a_time_are_understood_in_the_zone(words: str, moment: str) -> None:
    assert since(words, NOW, KYIV) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize("words", ["", "h", "day", "soon", "last", "since", "Mondays", "13:00"])
def test_other_words_are_refused_with_what_would_do(words: str) -> None:
    with pytest.raises(InputError, match="write 24h"):
        since(words, NOW, KYIV)


def test_a_question_says_who_and_since_when() -> None:
    asked = understand("what has Peskov said about the talks this week?")
    assert (asked.speaker, asked.about, asked.since) == ("Peskov", "talks", "this week")
    assert understand("What did the Kremlin say?").speaker == "Kremlin"


def test_a_question_says_what_about() -> None:
    asked = understand("who said what about the grain deal since Monday")
    assert (asked.voices, asked.since) == ("grain deal", "since Monday")


def test_a_question_names_places_first() -> None:
    asked = understand("What is happening in Lyman today?")
    assert asked.names[0] == "Lyman"
    assert asked.since == "today"
    assert asked.words == ("Lyman",)
    assert understand("Black Sea shipping").names == ("Black Sea shipping", "Black Sea")


def test_an_address_is_found_in_what_is_said() -> None:
    assert understand("please read https://news.example/a?b=1 for me").url == "https://news.example/a?b=1"
