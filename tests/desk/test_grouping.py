from collections.abc import Sequence
from datetime import timedelta

from bot.briefing import stories
from bot.desk.grouping import StoryDesk
from bot.store import Store
from bot.types import Article
from tests.briefing import build
from tests.fakes import HandClock
from tests.store.build import NOON

BRIDGE = [
    "A dam burst above Lusk on Monday and flooded Main Street; the mayor, Ada Quill, told people to leave for Orrin.",
    (
        "Ada Quill, mayor of Lusk, asked for tents in Orrin, where 900 people from Main Street sleep since Monday's "
        "flood. The dam had burst above Lusk."
    ),
    "Tents for 900 people went up in Orrin, said Bo Tarn of the county relief office.",
]
OTHERS = [
    "The port of Piraeus lost two warehouses in a fire on Tuesday, said the Greek fire service.",
    "Two warehouses burned down in the port of Piraeus on Tuesday; nobody was hurt, the Greek fire service said.",
    "A theatre in Graz opened its season with a play by Nestroy and a speech by the director, Ulla Maier.",
]


def articles(texts: Sequence[str]) -> list[Article]:
    return [
        build.article(text, f"{number:012x}", published=NOON - timedelta(hours=len(texts) - number))
        for number, text in enumerate(texts)
    ]


async def taken_in(store: Store, found: Sequence[Article], origin: str = "feed", workspace: str = "w") -> list[str]:
    await store.follow(workspace, origin)
    for one in found:
        await store.add_article(one, origin)
        await store.add_reading(one, build.reading(one))
    return [one.id for one in found]


async def test_the_store_tells_the_same_stories_as_the_articles_do_by_themselves(
    store: Store, clock: HandClock
) -> None:
    found = articles([*BRIDGE, *OTHERS])
    ids = await taken_in(store, found)
    desk = StoryDesk(store, clock)
    assert await desk.keep_up() == len(ids)
    loose = stories.group(found, [build.reading(one) for one in found])
    assert await desk.told("w", ids) == loose
    assert [len(story.articles) for story in loose] == [3, 2, 1]
    assert await desk.keep_up() == 0


async def test_the_order_of_coming_makes_no_difference(store: Store, clock: HandClock) -> None:
    found = articles([*BRIDGE, *OTHERS])
    desk = StoryDesk(store, clock)
    for one in (found[4], found[2], found[0], found[5], found[1], found[3]):
        await taken_in(store, [one])
        await desk.keep_up()
    loose = stories.group(found, [build.reading(one) for one in found])
    assert await desk.told("w", [one.id for one in found]) == loose


async def test_a_story_keeps_its_name_while_it_grows(store: Store, clock: HandClock) -> None:
    first, *more = articles(BRIDGE)
    desk = StoryDesk(store, clock)
    await taken_in(store, [first])
    (before,) = await desk.told("w", [first.id])
    await taken_in(store, more)
    (after,) = await desk.told("w", [one.id for one in (first, *more)])
    assert after.id == before.id
    assert len(after.articles) == 3


async def test_only_articles_that_are_asked_for_are_in_the_answer(store: Store, clock: HandClock) -> None:
    found = articles(BRIDGE)
    await taken_in(store, found)
    (story,) = await StoryDesk(store, clock).told("w", [found[2].id, found[1].id])
    assert story.articles == (found[1].id, found[2].id)


async def test_a_private_article_joins_nothing_for_those_who_do_not_see_it(store: Store, clock: HandClock) -> None:
    first, bridge, last = articles(BRIDGE)
    await taken_in(store, [first, last], "public", "team")
    await taken_in(store, [first, last], "public", "insiders")
    await taken_in(store, [bridge], "private", "insiders")
    desk = StoryDesk(store, clock)
    await desk.keep_up()
    asked = [first.id, last.id]
    alone = stories.group([first, last], [build.reading(first), build.reading(last)])
    assert await desk.told("team", asked) == alone
    assert len(alone) == 2
    assert [story.articles for story in await desk.told("insiders", asked)] == [tuple(asked)]


async def test_old_articles_are_compared_when_they_are_asked_for(store: Store, clock: HandClock) -> None:
    found = articles(OTHERS[:2])
    ids = await taken_in(store, found)
    clock.advance(days=30)
    desk = StoryDesk(store, clock)
    assert await desk.keep_up() == 0
    assert [story.articles for story in await desk.told("w", ids)] == [tuple(ids)]


async def test_an_article_of_nobody_else_is_a_story_by_itself(store: Store, clock: HandClock) -> None:
    assert [story.articles for story in await StoryDesk(store, clock).told("w", ["unknown"])] == [("unknown",)]
    assert await StoryDesk(store, clock).told("w", []) == ()
