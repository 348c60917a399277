import json
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from adapters import formats
from adapters.inert import inert, inert_url
from tests.adapters.build import briefing, digest

UTC = ZoneInfo("UTC")


def test_the_json_has_the_documented_fields() -> None:
    made = json.loads(json.dumps(formats.digest_json(digest(briefing()))))
    assert list(made) == [
        "headline",
        "points",
        "places",
        "sources",
        "disagreements",
        "articles",
        "method",
        "generated",
        "dropped",
        "note",
    ]
    assert made["points"][0] == {
        "text": "Lyman changed hands, Olena Hrytsenko said.",
        "evidence": [{"article": "a1", "start": 0, "end": 41}, {"article": "b2", "start": 5, "end": 46}],
        "sources": ["Olena Hrytsenko"],
        "places": ["Lyman"],
    }
    lyman, synkivka = made["places"]
    assert lyman == {
        "name": "Lyman",
        "surface": ["Lyman", "Liman"],
        "geonameid": 702320,
        "feature_code": "PPL",
        "country_code": "UA",
        "lat": 48.9896,
        "lon": 37.8117,
        "located": True,
        "confidence": 0.912,
        "importance": "key",
    }
    assert (synkivka["located"], synkivka["lat"], synkivka["geonameid"]) == (False, None, None)
    assert made["sources"][0]["statements"][1] == {"article": "b2", "start": 5, "end": 26, "direct": True}
    assert made["disagreements"][0]["claims"][1]["source"] is None
    assert made["articles"][0]["published"] == "2026-11-22T06:30:00+00:00"


def test_several_stories_come_in_one_object() -> None:
    made = formats.digest_json(digest(briefing(), briefing(), left_out=3))
    assert (len(made["briefings"]), made["left_out"]) == (2, 3)


def test_markdown_cites_the_articles_and_marks_what_is_not_located() -> None:
    made = formats.digest_markdown(digest(briefing()), UTC)
    assert "## Lyman changes hands" in made
    assert r"1. Lyman changed hands, Olena Hrytsenko said. \[1\]\[2\]" in made
    assert r"Synkivka (not located \(near Lyman\))" in made
    assert "Olena Hrytsenko (brigade spokeswoman; claims, denies)" in made
    assert "- the article itself: “Lyman did not fall”" in made
    assert "[1] [One · A town · 22 Nov 2026 06:30](<https://one.example/a>)" in made


def test_an_articles_markup_stays_text() -> None:
    hostile = "# Big\n[here](https://evil.example) <script>x</script> **bold** `code` &lt;b&gt; \x1b[31mred\u202e"
    made = formats.digest_markdown(digest(briefing(hostile, hostile)), UTC)
    assert "[here](" not in made
    assert "<script>" not in made.replace(r"\<", "")
    assert "&lt;" not in made.replace(r"\&", "")
    assert "\x1b" not in made
    assert "\u202e" not in made
    assert "\n# Big" not in made


@given(st.text())
def test_inert_text_has_one_line_and_no_control_characters(text: str) -> None:
    made = inert(text)
    assert "\n" not in made
    assert "\x1b" not in made
    assert inert(made) == made
    assert made.isprintable() or not made.isascii()


def test_an_address_can_not_leave_its_place() -> None:
    assert inert_url("https://a.example/\x1b[31m> é?q=1&r=%20#x") == "https://a.example/%1B[31m%3E%20é?q=1&r=%20#x"
