import asyncio

import pytest

from bot import maps
from bot.desk.drawing import MapDrawer
from bot.reading.gazetteer import Gazetteer
from tests.adapters.build import briefing


async def test_a_map_is_drawn_once_for_all_that_show_the_story(
    gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[object] = []

    def render(places: object, _towns: object) -> bytes:
        drawn.append(places)
        return b"PNG"

    monkeypatch.setattr(maps, "render", render)
    drawer, places = MapDrawer(gazetteer), briefing().places
    assert await asyncio.gather(*(drawer.draw(places) for _ in range(5))) == [b"PNG"] * 5
    assert await drawer.draw(places[1:]) is None, "none of these is located"
    assert len(drawn) == 1


async def test_a_map_that_could_not_be_drawn_is_tried_again(
    gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[object] = []

    def render(places: object, _towns: object) -> bytes:
        tries.append(places)
        if len(tries) == 1:
            raise MemoryError
        return b"PNG"

    monkeypatch.setattr(maps, "render", render)
    drawer = MapDrawer(gazetteer)
    with pytest.raises(MemoryError):
        await drawer.draw(briefing().places)
    assert await drawer.draw(briefing().places) == b"PNG"
