import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.inert import inert, web_url


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo\u2028three\tfour", "one two three four"),
        ("\x1b[31mred", "[31mred"),
        ("abc\u202edcba", "abcdcba"),
        ("pass\u00adword\ufeff", "password"),
        ("in\u200bvis\u2060ible", "invisible"),
        ("a\u200db\u200cc", "abc"),  # joiners join nothing here
        ("hi\U000e0068\U000e0069\U000e007f", "hi"),  # words in tags
        ("x\ufff9y\ufffaz\ufffb", "xyz"),
        ("x\ufe0f\ufe0e\U000e0101", "x"),
        ("❤\ufe0f\ufe0f\ufe0f", "❤\ufe0f"),
        ("\u3164\uffa0", ""),  # letters of nothing
    ],
)
def test_what_nobody_sees_goes(text: str, shown: str) -> None:
    assert inert(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian, with a non-joiner
        "ක්\u200dරී ලංකා",  # Sinhala, with a joiner
        "👩🏽\u200d🚀 🏳\ufe0f\u200d🌈 👨\u200d👩\u200d👧",
        "1\ufe0f\u20e3 🇺🇦",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f wins",  # the flag of Scotland
        "葛\U000e0100飾区",
        "Kyïv, Győr, Đà Nẵng, ירושלים",
    ],
)
def test_what_a_script_or_an_emoji_needs_stays(text: str) -> None:
    assert inert(text) == text


PIECES = [
    "a",
    " ",
    "\x00",
    "\u200b",
    "\u200c",
    "\u200d",
    "\ufe0f",
    "ب",
    "👩",
    "🏽",
    "🏴",
    "\U000e0067",
    "\U000e007f",
    "葛",
    "\u202e",
]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert inert(inert(text)) == inert(text)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "ftp://a.example", "https://me:secret@a.example/", "https://[x", "/a", "https:", None, ""],
)
def test_what_may_not_be_a_link_is_none(url: str | None) -> None:
    assert web_url(url) is None


def test_an_address_of_the_web_is_a_harmless_link() -> None:
    assert web_url(" https://a.example/é?q=1#:~:text=of%20it") == "https://a.example/é?q=1#:~:text=of%20it"
    assert web_url("HTTP://a.example/> <b>\n") == "HTTP://a.example/%3E%20%3Cb%3E"
