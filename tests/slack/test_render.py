import html
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SdkBlock

from adapters.blocks import Action, Block, Button, Buttons, Divider, Heading, Picture, Run, Text
from adapters.inert import inert, inert_url
from adapters.slack import limits
from adapters.slack.ids import ACTION_ID, parse
from adapters.slack.mrkdwn import ALIKE, EMOJI_COLON
from adapters.slack.render import Message, messages
from tests.slack.blockkit import problems

IDENT = "00112233aabbccdd"
LINK = re.compile(r"<([^<>|]*)\|([^<>|]*)>")


def said(message: Message) -> str:
    """What a reader sees of the message, buttons aside, with signs that only look alike turned back."""
    return "".join(text for block in message.blocks for text in _texts(block))


def _texts(block: dict[str, Any]) -> Iterable[str]:
    match block["type"]:
        case "rich_text":
            return [span["text"] for part in block["elements"] for span in part["elements"]]
        case "context":
            return [_read(element) for element in block["elements"]]
        case "header":
            return [block["text"]["text"]]
        case _:
            return []


def _read(text: dict[str, Any]) -> str:
    if text["type"] == "plain_text":
        return str(text["text"])
    return folded(html.unescape(LINK.sub(r"\2", text["text"])))


def folded(text: str) -> str:
    for sign, alike in ALIKE.items():
        text = text.replace(alike, sign) if len(alike) == 1 else text
    return text.replace(EMOJI_COLON, ":")


def buttons_of(shown: Iterable[Message]) -> list[dict[str, Any]]:
    return [
        element
        for one in shown
        for block in one.blocks
        for element in block.get("elements", ())
        if "action_id" in element
    ]


def written(*blocks: Block) -> Message:
    (message,) = messages(blocks)
    assert problems(list(message.blocks)) == []
    return message


HOSTILE = [
    "<!channel> <!here|here> <@U012AB3CD> <#C012AB3CD|general> <!subteam^S012AB3CD> <!date^1392734382^{date}^x|never>",
    "*bold* _italic_ ~struck~ `code` ```block``` :tada: :+1: > quoted &gt; quoted • - 1. one",
    "@channel @here @everyone #general https://example.org/a?b=c example.org mail@example.org",
    "<https://example.org|innocent words> &lt;!channel&gt; &amp;lt;!channel&amp;gt;",
    "\u202egnp.exe\u2066 \u200b *a*\u200b",
]
WORDS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=60),
    st.sampled_from(["a", "Ж", "é", "\U0001f469\u200d\U0001f680", "\u0301\u0489", "שלום", "&", "<", '"', "\\"]).flatmap(
        lambda one: st.integers(1, 4000).map(lambda times: one * times)
    ),
).map(inert)
URLS = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "https://example.org/a_(b)|c>?x=1&y=*z*",
            "http://example.org/" + "я" * 900,
            "https://example.org/" + "a" * 10_000,
        ]
    ).map(inert_url),
    st.sampled_from(["javascript:alert(1)", "slack://open"]),
)
RUNS = st.builds(Run, WORDS, st.booleans(), st.booleans(), st.booleans(), URLS)
LINES = st.lists(RUNS, max_size=4).map(tuple)
BLOCKS = st.one_of(
    st.builds(Heading, LINES, st.integers(1, 3)),
    st.builds(Text, st.lists(LINES, max_size=4).map(tuple), st.booleans()),
    st.builds(Picture, st.integers(0, 9)),
    st.builds(Divider),
    st.builds(
        Buttons,
        st.lists(
            st.builds(Button, st.sampled_from(Action), WORDS, st.just(IDENT), st.integers(0, 60)), max_size=12
        ).map(tuple),
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(BLOCKS, max_size=12))
def test_whatever_is_shown_is_shown_whole_within_every_limit_and_means_nothing_to_slack(blocks: list[Block]) -> None:
    shown = messages(blocks)
    for message in shown:
        images = {number: image() for _, number in message.pictures}
        assert problems(message.illustrated(images)) == []
        for one in SdkBlock.parse_all(message.illustrated(images)):
            one.to_dict()
        assert 0 < len(message.text.encode()) <= 4000
        assert squeezed(html.unescape(message.text)) == (squeezed(said(message)) or "Dateline")
        means_nothing(message.text)
        for block in message.blocks:
            for element in block["elements"] if block["type"] == "context" else ():
                if element["type"] == "mrkdwn":
                    assert element["verbatim"]
                    means_nothing(LINK.sub(r"\2", element["text"]))
    assert squeezed("".join(map(said, shown))) == squeezed("".join(text_in(blocks)))
    drawn = [number for message in shown for _, number in message.pictures]
    assert set(drawn) <= {block.briefing for block in blocks if isinstance(block, Picture)}
    pressed = [parse(one) for one in pressable(buttons_of(shown))]
    meant = [button for block in blocks if isinstance(block, Buttons) for button in block.buttons]
    assert [(p.action, p.briefing) for p in pressed] == [(button.action, button.briefing) for button in meant]


def means_nothing(text: str) -> None:
    assert not set("*_~`|<>") & set(text)
    assert not re.search(r":[\w'+-]+:", text)
    assert not re.search(r"&(?!(amp|lt);)", text)


def text_in(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        match block:
            case Heading(line):
                yield from (run.text for run in line)
            case Text(lines):
                yield from (run.text for line in lines for run in line)
            case Buttons(buttons):
                yield from (button.label for button in buttons if limits.units(button.label) > limits.LABEL)
            case _:
                pass


def squeezed(text: str) -> str:
    return "".join(folded(text).split())


def pressable(elements: Sequence[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for element in elements:
        assert ACTION_ID.fullmatch(element["action_id"])
        yield from [{"selected_option": option} for option in element["options"]] if "options" in element else [element]


def image() -> dict[str, Any]:
    return {"type": "image", "slack_file": {"id": "F0123456789"}, "alt_text": "я" * limits.ALT}


def test_words_of_an_article_are_rich_text_which_slack_takes_as_it_is() -> None:
    message = written(Text(tuple((Run(text),) for text in HOSTILE)))
    (block,) = message.blocks
    (section,) = block["elements"]
    assert section["elements"] == [{"type": "text", "text": "\n".join(HOSTILE)}]


def test_a_point_keeps_its_looks_and_leads_to_its_articles() -> None:
    line = (
        Run("1. Nine boats sank off "),
        Run("Kos", bold=True),
        Run(" "),
        Run("[1]", url="https://example.org/a_(b)?c=d&e=f"),
    )
    spans = written(Text((line,))).blocks[0]["elements"][0]["elements"]
    assert spans[1] == {"type": "text", "text": "Kos", "style": {"bold": True}}
    assert spans[3] == {"type": "link", "text": "[1]", "url": "https://example.org/a_(b)?c=d&e=f"}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://example.org/" + "a" * 10_000])
def test_where_slack_cannot_lead_the_words_stand_without_a_link(url: str) -> None:
    spans = written(Text(((Run("[1]", url=url),),))).blocks[0]["elements"][0]["elements"]
    assert spans == [{"type": "text", "text": "[1]"}]


def test_small_print_is_small_and_its_links_survive_odd_titles() -> None:
    odd = Run("A *star* | <b> & :tada: under_score", url="https://example.org/?a=1&b=|")
    small = written(Text(((Run("[1] "), odd),), quiet=True)).blocks[0]
    assert small["type"] == "context"
    assert small["elements"][0]["text"] == (
        "[1] <https://example.org/?a=1&amp;b=%7C|A ∗star∗ ∣ &lt;b› &amp; ꞉tada: underˍscore>"
    )
    plain = written(Text(((Run("3 articles *by* 2 outlets"),),), quiet=True)).blocks[0]
    assert plain["elements"] == [{"type": "plain_text", "text": "3 articles *by* 2 outlets", "emoji": False}]


def test_a_notification_says_what_the_news_is_and_a_screen_reader_all_of_it() -> None:
    message = written(
        Heading((Run("Morning <!here>"),), 1),
        Heading((Run("Boats sink", url="https://example.org"),)),
        Text(((Run("Nine"),),)),
    )
    assert message.text == "Morning &lt;!here›\nBoats sink\nNine"
    assert written(Text(((Run("Paused."),),))).text == "Paused."


def test_few_choices_are_buttons_and_many_are_a_menu() -> None:
    few = Buttons(tuple(Button(Action.CHOOSE, f"place {number}", IDENT) for number in range(5)))
    assert [one["type"] for one in buttons_of(messages([few]))] == ["button"] * 5
    many = Buttons(tuple(Button(Action.CHOOSE, f"place {number}", IDENT) for number in range(300)))
    menus = buttons_of(messages([many]))
    assert {one["type"] for one in menus} == {"static_select"}
    assert sum(len(one["options"]) for one in menus) == 300


def test_a_label_too_long_for_a_button_is_said_in_full_above_it() -> None:
    label = "the place of that name in the north of the country " * 3
    message = written(Buttons((Button(Action.CHOOSE, label, IDENT),)))
    assert squeezed(label) in squeezed(said(message))
    assert buttons_of([message])[0]["text"]["text"].endswith("…")


def story(number: int, size: int) -> list[Block]:
    points = tuple((Run(f"{number} word " * size),) for _ in range(4))
    press = Buttons((Button(Action.WHY, "Why?", IDENT, number),))
    return [Divider(), Heading((Run(f"Story {number}"),)), Text(points), Picture(number), press]


def test_a_story_is_not_torn_apart_where_a_message_can_hold_it() -> None:
    shown = messages([block for number in range(8) for block in story(number, 50)])
    assert 3 <= len(shown) <= 6
    for number in range(8):
        (home,) = (one for one in shown if f"Story {number}" in said(one))
        assert said(home).count(f"{number} word") == 200
        assert number in {briefing for _, briefing in home.pictures}
    assert all(one.blocks[0]["type"] != "divider" and one.blocks[-1]["type"] != "divider" for one in shown)


def test_a_heading_never_stands_alone_at_the_end() -> None:
    shown = messages([Text(((Run("x" * 3000),),)), Heading((Run("Next"),)), Text(((Run("z" * 3000),),))])
    assert squeezed(said(shown[-1])) == "Next" + "z" * 3000


def test_a_picture_goes_where_it_was_left_out() -> None:
    message = written(*story(0, 1))
    with_map = message.illustrated({0: image(), 5: image()})
    assert [block["type"] for block in with_map] == ["rich_text", "rich_text", "image", "actions"]
    assert message.illustrated({}) == list(message.blocks)
    assert "image" not in json.dumps(message.blocks)


def test_nothing_to_show_is_no_message() -> None:
    assert messages([]) == messages([Divider(), Text(())]) == ()
