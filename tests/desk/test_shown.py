from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot.answers import Notice, Question, Why
from bot.app import App
from bot.commands import choose, press
from bot.desk.fragments import passage_link
from bot.desk.intake import Configured
from bot.errors import NotAllowed, NotFound
from bot.news import files
from bot.types import Article, Channel, Digest, Length
from tests.fakes import HandClock

CHANNEL = Channel("discord", "77", "5")
TEXT = (
    "Two bridges near Lyman were closed on Tuesday after the river rose, the governor's office said. "
    "“Nobody has been hurt,” said Olena Hrytsenko, spokeswoman for the rescue service in Kharkiv. "
    "Buses are going round by Sloviansk until Friday, the operator said."
)


async def taken(app: App, text: str = TEXT) -> Digest:
    """The briefing of one article that the channel's workspace follows."""
    made = files.from_text(text, origin="test")
    report = Article("0123456789ab", text, "https://news.example/floods", "The Example", None, language=made.language)
    await app.store.follow(CHANNEL.tenant, "feed")
    await app.store.add_article(report, "feed")
    await app.desk.intake.read()
    return await app.desk.answers.brief(CHANNEL.tenant)


async def test_why_gives_the_very_words_also_when_the_article_has_changed_since(app: App) -> None:
    shown = await taken(app)
    ident = await app.desk.shown.keep(CHANNEL, shown)
    await taken(app, TEXT.replace("Two bridges", "Three bridges"))
    why = await press(app.desk, "why", ident, 0, CHANNEL, manager=False)
    assert isinstance(why, Why)
    assert [support.point for support in why.supports] == [point.text for point in shown.briefings[0].points]
    for support in why.supports:
        assert support.quotes
        for quote in support.quotes:
            assert quote.text in TEXT
            assert quote.link
            start = unquote(quote.link.partition(":~:text=")[2]).partition(",")[0]
            assert quote.text.startswith(start)


async def test_the_buttons_of_all_parts_of_a_post_are_the_same_ones(app: App) -> None:
    shown = await taken(app)
    ident = await app.desk.shown.keep(CHANNEL, shown)
    assert await app.desk.shown.keep(CHANNEL, replace(shown, part=1, parts=2)) == ident
    assert len(ident) == 16


async def test_more_is_the_story_at_length(app: App) -> None:
    shown = await app.desk.answers.given(
        [article.id for article in (await taken(app)).briefings[0].articles], CHANNEL.tenant, Length.SHORT
    )
    ident = await app.desk.shown.keep(CHANNEL, shown)
    more = await press(app.desk, "more", ident, 0, CHANNEL, manager=False)
    assert isinstance(more, Digest)
    assert {a.id for a in more.briefings[0].articles} == {a.id for a in shown.briefings[0].articles}
    assert len(more.briefings[0].points) >= len(shown.briefings[0].points)


async def test_a_story_offers_its_places_and_sources_to_be_followed(app: App) -> None:
    ident = await app.desk.shown.keep(CHANNEL, await taken(app))
    offered = await press(app.desk, "follow", ident, 0, CHANNEL, manager=True)
    assert isinstance(offered, Question)
    labels = [choice.label for choice in offered.choices]
    assert "Lyman" in labels
    assert "Olena Hrytsenko" in labels
    for choice in offered.choices:
        assert choice.id
        assert isinstance(await choose(app.desk, choice.id, CHANNEL, "p", manager=True), Notice)
    assert len(await app.desk.watches.of(CHANNEL)) == len(labels)


async def test_following_is_for_those_who_may_manage(app: App) -> None:
    ident = await app.desk.shown.keep(CHANNEL, await taken(app))
    with pytest.raises(NotAllowed, match="people who may manage"):
        await press(app.desk, "follow", ident, 0, CHANNEL, manager=False)


async def test_a_button_of_another_workspace_or_of_long_ago_gives_nothing(app: App, clock: HandClock) -> None:
    ident = await app.desk.shown.keep(CHANNEL, await taken(app))
    stranger = Channel("discord", "78", "5")
    for where, number in ((stranger, 0), (CHANNEL, 1), (CHANNEL, -1)):
        with pytest.raises(NotFound, match="ask again"):
            await press(app.desk, "why", ident, number, where, manager=True)
    clock.advance(days=400)
    await app.store.forget_before(clock.now)
    with pytest.raises(NotFound, match="too old"):
        await press(app.desk, "more", ident, 0, CHANNEL, manager=True)


@pytest.mark.parametrize(
    ("url", "words", "link"),
    [
        ("https://a.example/x", "Trains run.", "https://a.example/x#:~:text=Trains%20run."),
        ("https://a.example/x#part", "ten-year, old", "https://a.example/x#part:~:text=ten%2Dyear%2C%20old"),
        (
            "https://a.example/x",
            "a b c d e f g h i j k l m",
            "https://a.example/x#:~:text=a%20b%20c%20d%20e%20f,h%20i%20j%20k%20l%20m",
        ),
    ],
)
def test_a_link_opens_the_article_at_the_words(url: str, words: str, link: str) -> None:
    assert passage_link(url, words) == link


async def test_a_workspace_follows_what_the_configuration_shares_and_only_that(app: App, tmp_path: Path) -> None:
    mine = "https://mine.example/feed"
    await app.desk.intake.follow_unseen(CHANNEL.tenant, mine, person="p")
    first = Configured(("https://a.example/feed", "https://b.example/feed"), (tmp_path,))
    await app.desk.intake.follow_configured(CHANNEL.tenant, first)
    assert await app.store.origins(CHANNEL.tenant) == sorted([str(tmp_path), *first.feeds, mine])
    with pytest.raises(NotAllowed, match="configuration file"):
        await app.desk.intake.unfollow(CHANNEL.tenant, "https://a.example/feed")
    await app.desk.intake.follow_configured(CHANNEL.tenant, Configured(("https://b.example/feed",)))
    assert await app.store.origins(CHANNEL.tenant) == ["https://b.example/feed", mine]
