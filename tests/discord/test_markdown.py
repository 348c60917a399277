"""What is written as Markdown is seen as the words that it was made from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.blocks import Run
from adapters.discord.markdown import markdown
from adapters.inert import inert, inert_url
from tests.discord.reading import Seen, plain, read

TRAPS = [
    "**bold** *it* __under__ _it_ ~~gone~~ ||hidden|| `code` ```block```",
    "# heading", "## heading", "-# small", "> quoted", ">>> quoted",
    "- item", "* item", "+ item", "1. item", "12. item",
    "@everyone @here <@123456789012345678> <@!123456789012345678> <@&123456789012345678> <#123456789012345678>",
    "</brief:123456789012345678> <id:customize> <t:1618953630:R> <:name:1234567890123456> <a:name:1234567890123456>",
    "[harmless](https://evil.example) [a](<https://evil.example>) ![x](https://evil.example)",
    "https://evil.example/a http://evil.example <https://evil.example> steam://run/1",
    "discord.gg/abc DISCORDAPP.com/invite/a",
    ":smile: :a_b: 10:30:15 a::b",
    r"\*not bold\* \\ \[x](https://evil.example)",
    "]( [ ] [[ ]] )( ](https://evil.example)",
    "snake_case_name 5*3*2 a|b||c", "***", "___", "`", "``", "\\", "*a", "a*", "e\u0301\u0323* ", "👩‍👩‍👧 🇺🇦*",
]  # fmt: skip
WORDS = st.one_of(
    st.sampled_from(TRAPS), st.text("*_~|`<>[]()@#:-+.1 \\ahttps://e", max_size=30), st.text(max_size=20)
).map(inert)
URLS = st.one_of(
    st.sampled_from(["https://a.example/x(y)_z?q=[1]&b=*c*#:~:text=a%20b,-c", "http://ü.example/a b\"c'd)", "https://a.b/))(("]),
    st.text(max_size=30).map(lambda text: "https://a.example/" + text),
).map(inert_url)  # fmt: skip
RUNS = st.builds(
    Run, text=WORDS, bold=st.booleans(), italic=st.booleans(), code=st.booleans(), url=st.one_of(st.none(), URLS)
)


@given(st.lists(WORDS, min_size=1, max_size=3))
def test_words_without_a_look_are_seen_as_they_are_and_as_nothing_else(texts: list[str]) -> None:
    line = tuple(Run(text) for text in texts)
    assert [seen.looks for seen in read(markdown(line)) if seen.looks] == []
    assert plain(markdown(line)) == "".join(texts)


@given(st.lists(RUNS, min_size=1, max_size=4))
def test_no_look_but_those_asked_for_and_no_address_but_the_given_ones(runs: list[Run]) -> None:
    seen = read(markdown(tuple(runs)))
    assert {look for part in seen for look in part.looks} <= {"bold", "italic", "code", "link", "autolink"}
    wanted = {run.url.replace("(", "%28").replace(")", "%29") for run in runs if run.url}
    assert {part.url for part in seen if part.url} <= wanted
    said = "".join(run.text for run in runs)
    assert squeezed("".join(part.text for part in seen)) == squeezed(said)


@pytest.mark.parametrize("text", TRAPS)
@pytest.mark.parametrize("look", ["bold", "italic", "link"])
def test_each_trap_looks_as_it_is_told_to(text: str, look: str) -> None:
    url = "https://a.example/x" if look == "link" else None
    told = Run(inert(text), bold=look == "bold", italic=look == "italic", url=url)
    seen = [(part.text.strip(), *part.looks) for part in read(markdown((Run("Lyman "), told, Run(" fell"))))]
    whole = [("Lyman",), (inert(text), look), ("fell",)]
    beside = [(f"Lyman {inert(text)} (",), ("link", "link"), (") fell",)]
    assert seen == whole or (look == "link" and seen == beside)


@pytest.mark.parametrize(
    "text", ["A | B", "snake_case", "[Video] Lyman falls", "5 ~ 6", "[1]", "Kyiv: it's #1 - 2.5 > 2"]
)
def test_usual_titles_are_links_themselves(text: str) -> None:
    assert read(markdown((Run(text, url="https://a.example/x"),))) == [
        Seen(text, frozenset({"link"}), "https://a.example/x")
    ]


def test_formats_and_links() -> None:
    line = (
        Run("Lyman", bold=True),
        Run(" fell, "),
        Run("Olena Hrytsenko ", italic=True),
        Run("said. "),
        Run("[1]", url="https://one.example/a_(b)"),
        Run(" "),
        Run("/brief Lyman_1", code=True),
    )
    assert markdown(line) == (
        "**Lyman** fell, *Olena Hrytsenko* said. [[1]](https://one.example/a_%28b%29) `/brief Lyman_1`"
    )
    assert read(markdown(line))[0] == Seen("Lyman", frozenset({"bold"}))


def test_formats_that_touch_stay_apart() -> None:
    seen = read(markdown((Run("a", bold=True), Run("b", italic=True), Run("c", code=True), Run("d", code=True))))
    looks = [(part.text, *part.looks) for part in seen if part.looks]
    assert looks == [("a", "bold"), ("b", "italic"), ("c", "code"), ("d", "code")]


def test_words_that_look_like_an_address_never_hide_another() -> None:
    seen = read(markdown((Run("https://good.example/", url="https://evil.example/"),)))
    assert [(part.text, part.url) for part in seen if part.url] == [("link", "https://evil.example/")]
    assert read(markdown((Run("https://a.example/x", url="https://a.example/x"),)))[0].url == "https://a.example/x"


def test_items_of_the_layouts_own_lists_are_items_and_nothing_else_is() -> None:
    assert read(markdown((Run("1. "), Run("- **Trains** run.")))) == [
        Seen("", frozenset({"list"})),
        Seen("- **Trains** run."),
    ]
    assert read(markdown((Run("• "), Run("# Trains")))) == [Seen("", frozenset({"list"})), Seen("# Trains")]
    assert read(markdown((Run("1. Trains"), Run(" run.")))) == [Seen("1. Trains run.")]
    assert read(markdown((Run("1. "), Run("Trains")), item=False)) == [Seen("1. Trains")]


@pytest.mark.parametrize("run", [Run("](https://evil.example)"), Run("x](https://evil.example)", code=True)])
def test_a_link_ends_where_we_end_it(run: Run) -> None:
    seen = read(markdown((Run("A town", url="https://one.example/a"), Run(" fell "), run)))
    assert seen[0] == Seen("A town", frozenset({"link"}), "https://one.example/a")
    assert "".join(part.text for part in seen) == f"A town fell {run.text}"


def test_code_with_a_backtick_is_shown_as_words() -> None:
    assert plain(markdown((Run("/brief `x`", code=True),))) == "/brief `x`"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a.example/", "https://a.example/" + "x" * 3000])
def test_an_address_that_may_not_or_cannot_be_followed_is_none(url: str) -> None:
    assert markdown((Run("here", url=url),)) == "here"


def squeezed(text: str) -> str:
    """The text without spaces, and without the links that stand beside words which can't be links."""
    return "".join(text.replace("\u200b", "").split()).replace("(link)", "")
