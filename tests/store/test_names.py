from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store import Store
from bot.types import ArticleRef, Said, Source, SourceKind, Stance, Statement
from tests.store.build import KOVAL, KYIV, LYMAN, NOON, article, reading, span

OFFICE = Source("Office for Coasts", SourceKind.ORGANISATION, aliases=("OfC",))


@pytest.fixture(autouse=True)
async def news(store: Store) -> None:
    await store.follow("team", "feed")
    spoken = {
        "first": ("Maria Koval said the quay is shut. Kyiv agreed.", KOVAL, "the quay is shut", -3.0, (KYIV,)),
        "second": ("Koval in Lyman: Ships must wait.", replace(KOVAL, role=None), "Ships must wait", -2.0, (LYMAN,)),
        "third": ("The OfC in Lyman denied a leak.", OFFICE, "a leak", -1.0, (LYMAN,)),
    }
    for name, (text, speaker, said, hours, places) in spoken.items():
        report = article(name, text, hours=hours)
        await store.add_article(report, "feed")
        await store.add_reading(report, reading(report, places=places, speaker=speaker, said=said))


@pytest.mark.parametrize("asked", ["Maria Koval", "koval", "KOVAL", "Kóval", "mar", "maria kov", "Koval, Maria"])
async def test_a_source_is_found_by_any_of_its_names(store: Store, asked: str) -> None:
    assert [source.name for source in await store.sources("team", asked)] == ["Maria Koval"]


async def test_a_source_has_its_latest_role_and_all_its_aliases(store: Store) -> None:
    assert await store.sources("team", "koval") == [replace(KOVAL, role_as_of=NOON - timedelta(hours=3))]
    assert await store.sources("team", "OFC") == [OFFICE]
    assert await store.sources("team", "Nobody") == []
    assert await store.sources("team", "") == []


async def test_names_that_are_nearly_right_are_suggested(store: Store) -> None:
    assert await store.close_sources("team", "Marya Kowal") == ["Maria Koval"]
    assert await store.close_sources("team", "xyzzy") == []


async def test_what_a_source_said_comes_newest_first_with_where_it_stands(store: Store) -> None:
    newest, oldest = await store.said("team", "maria koval")
    report = article("second", "Koval in Lyman: Ships must wait.", hours=-2)
    place = Statement(report.id, span(report, "Ships must wait"), direct=False, stance=Stance.WARNS)
    cited = ArticleRef(report.id, report.url, report.outlet, report.title, report.published)
    assert newest == Said("Ships must wait", place, cited)
    assert oldest.text == "the quay is shut"
    assert len(await store.said("team", "Maria Koval", since=NOON - timedelta(hours=2))) == 1
    assert await store.said("team", "Koval") == [], "it takes the canonical name; sources() gives that"


async def test_names_are_completed_by_any_of_their_words_most_used_first(store: Store) -> None:
    assert await store.complete_sources("team", "") == ["Maria Koval", "Office for Coasts"]
    assert await store.complete_sources("team", "o") == ["Office for Coasts"]
    assert await store.complete_sources("team", "coa") == ["Office for Coasts"]
    assert [place.name for place in await store.mentioned_places("team")] == ["Kyiv", "Lyman"], "all, largest first"
    assert [place.name for place in await store.mentioned_places("team", "ky")] == ["Kyiv"]
    (lyman,) = await store.mentioned_places("team", "lym")
    assert lyman == replace(LYMAN, confidence=1.0)


async def test_spellings_of_one_source_are_one_entry_and_two_people_stay_two(store: Store) -> None:
    spoken = {
        "Vynogradov": Source("Dmytro Vynogradov", SourceKind.PERSON, "harbour pilot"),
        "Vynohradov": Source("Dmytro Vynohradov", SourceKind.PERSON),
        "Olena": Source("Olena Vynogradova", SourceKind.PERSON),
    }
    for number, (name, speaker) in enumerate(spoken.items()):
        report = article(name, f"{speaker.name} said the strait is open.", hours=number)
        await store.add_article(report, "feed")
        await store.add_reading(report, reading(report, speaker=speaker, said="the strait is open"))
    (found,) = await store.sources("team", "Dmytro Vynohradov")
    assert (found.role, {found.name, *found.aliases}) == ("harbour pilot", {"Dmytro Vynogradov", "Dmytro Vynohradov"})
    assert len(await store.said("team", found.name)) == 2
    assert len(await store.said("team", "Olena Vynogradova")) == 1
    assert len(await store.complete_sources("team", "dmy")) == 1
