import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.blocks import Action, Button, Run
from adapters.slack.ids import ACTION_ID, Pressed, action_id, parse, value
from adapters.slack.mrkdwn import escape, write
from bot.errors import NotFound

IDENT = "00112233aabbccdd"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!channel> & <@U012AB3CD>", "&lt;!channel› &amp; &lt;@U012AB3CD›"),
        ("*bold* _it_ ~s~ `code`", "∗bold∗ ˍitˍ ∼s∼ ˋcodeˋ"),
        ("> a quotation", "› a quotation"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        (":tada: at 07:30:15, ratio 3:1", "꞉tada: at 07꞉30:15, ratio 3:1"),
        ("a::b:: c", "a:꞉b:: c"),
    ],
)
def test_what_could_format_or_ping_means_nothing_and_still_reads(text: str, shown: str) -> None:
    assert escape(text) == shown


@given(st.text())
def test_no_text_keeps_a_sign_that_slack_looks_for(text: str) -> None:
    assert not set("*_~`|<>") & set(escape(text))


def test_a_link_leads_where_it_should_whatever_its_title() -> None:
    odd = Run("a|b> *c*", url="https://example.org/?a=1&b=<x>|y", bold=True)
    assert write((Run("see "), odd)) == "see <https://example.org/?a=1&amp;b=%3Cx%3E%7Cy|a∣b› ∗c∗>"


@pytest.mark.parametrize("action", Action)
def test_a_button_is_read_back_as_it_was_meant(action: Action) -> None:
    button = Button(action, "Press", IDENT, 12)
    assert parse({"value": value(button)}) == Pressed(action, IDENT, 12)
    assert parse({"selected_option": {"value": value(button)}}) == Pressed(action, IDENT, 12)
    assert ACTION_ID.fullmatch(action_id(button, 3))


@pytest.mark.parametrize("forged", ["", "why", f"why:{IDENT}", f"drop:{IDENT}:0", f"why:{IDENT}:-1", "why:zz:0", None])
def test_a_forged_button_is_refused_in_words(forged: str | None) -> None:
    with pytest.raises(NotFound, match="ask again"):
        parse({"value": forged})
