from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotFound
from bot.store import Store, by_hand
from bot.store.articles import match_expression
from bot.types import Article, Place
from tests.fakes import HandClock
from tests.store.build import KOVAL, KYIV, LYMAN, NOON, article, reading

FEED = "https://news.example/feed"


async def keep(store: Store, of: Article, origin: str = FEED, places: tuple[Place, ...] = ()) -> None:
    await store.add_article(of, origin)
    assert await store.add_reading(of, reading(of, places=places))


async def titles(store: Store, **wanted: object) -> list[str | None]:
    found = await store.articles("team", **wanted)  # type: ignore[arg-type] # whatever the test asks for
    return [article.title for article, _ in found]


async def test_an_article_and_its_reading_come_back_as_they_went_in(store: Store) -> None:
    await store.follow("team", FEED)
    report = replace(
        article("a", 'Trains reached Lyman. “We are late,” said Koval.\n\nNo 🚂 more…', hours=-1),
        dateline="KYIV", author="A. Writer", language="en",
    )  # fmt: skip
    found = reading(
        report, places=(replace(LYMAN, alternatives=(KYIV,)),), speaker=KOVAL, said="We are late", direct=True
    )
    assert await store.add_article(report, FEED) == "new"
    assert await store.unread() == [report]
    assert await store.add_reading(report, found)
    assert await store.articles("team") == [(report, found)]
    assert await store.reading(report) == found
    assert await store.unread() == []


async def test_the_same_item_with_another_date_or_link_is_known(store: Store) -> None:
    """Feeds that rewrite dates or links made other bots post an item two or three times."""
    await store.add_article(article("a", hours=-5), FEED)
    again = replace(article("a", hours=3), url="https://news.example/a?from=feed")
    assert await store.add_article(again, FEED) == "known"
    assert (await store.article(None, article("a").id)).published == NOON - timedelta(hours=5)


async def test_new_words_are_a_change_and_what_was_read_in_the_old_ones_is_gone(store: Store) -> None:
    await store.follow("team", FEED)
    old, new = article("a", "Nine boats sank off Lyman."), article("a", "Five boats sank off Lyman.")
    await keep(store, old, places=(LYMAN,))
    assert await store.add_article(new, FEED) == "changed"
    assert await store.articles("team") == []
    assert await store.mentioned_places("team") == []
    assert await store.search("team", "nine") == []
    assert not await store.add_reading(old, reading(old)), "a reading of words that are no longer there fits nothing"
    assert await store.unread() == [new]
    assert await store.add_reading(new, reading(new, places=(LYMAN,)))
    assert [a.text for a, _ in await store.search("team", "five boats")] == [new.text]
    assert await store.add_article(replace(new, title="Boats: a correction"), FEED) == "changed"


async def test_what_another_version_of_the_reader_has_read_is_read_again(store: Store) -> None:
    await keep(store, article("old"))
    await store.add_article(article("unheard of", hours=-9), FEED)
    newer = await Store.open(store._path, reader="newer")
    assert [a.title for a in await newer.unread()] == ["unheard of", "old"]
    assert len(await newer.articles(None)) == 1, "until then the old reading serves"
    await newer.add_reading(article("old"), reading(article("old")))
    assert [a.title for a in await newer.unread()] == ["unheard of"]
    await newer.close()


async def test_what_cannot_be_read_is_not_tried_again(store: Store) -> None:
    await store.add_article(article("a"), FEED)
    assert await store.cannot_read(article("a"), "it is in Volapük")
    assert await store.unread() == []
    assert await store.reading(article("a")) is None
    assert await store.articles(None) == []


async def test_lists_are_newest_first_and_bounded_in_time(store: Store, clock: HandClock) -> None:
    await store.follow("team", FEED)
    for name, hours in {"old": -30.0, "early": -2.0, "late": -1.0, "undated": None, "from the future": 90.0}.items():
        await keep(store, article(name, hours=hours))
        clock.advance(seconds=1)
    assert await titles(store) == ["from the future", "undated", "late", "early", "old"]
    assert await titles(store, since=NOON - timedelta(hours=2), until=NOON - timedelta(hours=1)) == ["early"]
    assert await titles(store, limit=1) == ["from the future"]


async def test_articles_are_found_by_place_and_by_words(store: Store) -> None:
    await store.follow("team", FEED)
    await keep(store, article("rail", "The line to Lyman reopened."), places=(LYMAN,))
    await keep(store, article("vote", "In Kyiv they voted on the railway."), places=(KYIV,))
    assert await titles(store, places={LYMAN.geonameid}) == ["rail"]
    assert await titles(store, places=range(800_000)) == ["vote", "rail"]
    assert await titles(store, places=()) == []
    assert await titles(store, text="railway") == ["vote"]
    assert await titles(store, text="rail") == ["vote", "rail"]
    assert await titles(store, text='"line to"') == ["rail"]


async def test_search_ranks_titles_first_and_ignores_case_and_accents(store: Store) -> None:
    await store.follow("team", FEED)
    await keep(store, article("Weather", "A café in the harbour closed. " + "Rain fell on all the quays. " * 5))
    await keep(store, article("Harbour closed", "Ships wait in the roads. " + "Rain fell on all the quays. " * 5))
    found = [a.title for a, _ in await store.search("team", "HARBOUR clos")]
    assert await store.search("team", "harbour cl") == [], "the beginning of a word has three letters at least"
    assert found == ["Harbour closed", "Weather"]
    assert len(await store.search("team", "cafe harbour")) == 1
    assert await store.search("team", "harbour", since=NOON + timedelta(hours=1)) == []
    assert await store.search("team", "  ") == []


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40) | st.text(alphabet='ab"*()^-:+ NOTRAEnd')
)
def test_no_words_are_taken_for_operators(words: str) -> None:
    expression = match_expression(words)
    assert expression.count('"') % 2 == 0
    outside = "".join(expression.split('"')[::2])
    assert set(outside) <= {" ", "*"}, "everything but the open end stands in quotes"


@pytest.mark.parametrize(
    "words", ['"', 'AND "', "a OR", "NEAR(a b)", "title:x", "-a", "*", "a* b", "'; DROP TABLE articles", "\0"]
)
async def test_hostile_words_search_like_any_other(store: Store, words: str) -> None:
    assert await store.search(None, words) == []


async def test_an_article_is_found_by_the_beginning_of_its_id(store: Store) -> None:
    first, second = replace(article("a"), id="abcdef012345"), replace(article("b"), id="abcd00000000")
    for report in (first, second):
        await store.add_article(report, FEED)
    assert await store.article(None, "ABCDE") == first
    with pytest.raises(NotFound, match="several") as several:
        await store.article(None, "abcd")
    assert several.value.suggestions == (second.id, first.id)
    for wrong in ("ffff", "", "%", "abcdef0123456789"):
        with pytest.raises(NotFound):
            await store.article(None, wrong)


async def test_an_article_of_two_followed_feeds_is_seen_once_in_its_fullest_words(store: Store) -> None:
    teaser, full = article("a", "Rain came."), article("a", "Rain came, and with it wind.")
    for origin in ("teasers", "full"):
        await store.follow("team", origin)
    await keep(store, teaser, "teasers")
    await store.add_article(full, "full")
    assert [a for a, _ in await store.articles("team")] == [teaser], "until the fuller one has been read"
    await store.add_reading(full, reading(full))
    assert [a for a, _ in await store.articles("team")] == [full]
    assert await store.add_article(teaser, "teasers") == "known", "two feeds don't overwrite each other in turn"


async def test_the_reading_of_one_origin_serves_the_same_words_of_another(store: Store) -> None:
    await keep(store, article("a"))
    await store.add_article(article("a"), "mirror")
    assert await store.unread() == []
    await store.follow("other", "mirror")
    assert len(await store.articles("other")) == 1


async def test_arrivals_repeat_nothing_and_miss_nothing(store: Store, clock: HandClock) -> None:
    await store.follow("team", FEED)
    await keep(store, article("a"))
    first, mark = await store.arrivals("team", 0)
    clock.advance(hours=-3)
    await keep(store, article("b", hours=-50))
    await store.add_article(article("a", "Corrected."), FEED)
    await store.add_reading(article("a", "Corrected."), reading(article("a", "Corrected.")))
    await keep(store, article("elsewhere"), "another feed")
    second, end = await store.arrivals("team", mark)
    assert [a.title for a, _ in first] == ["a"]
    assert [a.title for a, _ in second] == ["b"], "late, but not lost; and the correction has arrived before"
    assert await store.arrivals("team", end) == ([], end)
    assert (await store.arrivals("team", 0, limit=1))[1] < mark + 1


async def test_an_article_that_a_second_feed_brings_later_does_not_arrive_again(store: Store) -> None:
    for origin in ("teasers", "full"):
        await store.follow("team", origin)
    await keep(store, article("a", "Rain."), "teasers")
    _, mark = await store.arrivals("team", 0)
    await keep(store, article("a", "Rain, and wind."), "full")
    assert (await store.arrivals("team", mark))[0] == []


def test_by_hand_is_an_origin_of_one_workspace() -> None:
    assert by_hand("slack:T1") != by_hand("discord:T1")
