"""The map: what it shows, how its names are placed, and that no place on Earth breaks it."""

import math
from io import BytesIO
from itertools import combinations
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.errors import NotFound
from bot.maps import SIZE, alt_text, render, view
from bot.maps.frame import frame_for
from bot.maps.labels import LETTERING, Box, Label, Role, Wish, layout
from bot.maps.outlines import outlines
from bot.maps.projection import Azimuthal, Cylindrical
from bot.maps.scene import Scene, compose
from bot.maps.world import DISPUTED, load
from bot.types import BriefingPlace, Importance, Place

KEY, MINOR = Importance.KEY, Importance.MINOR


def record(
    name: str, lat: float, lon: float, code: str = "PPL", country: str | None = None, population: int = 0
) -> Place:
    number = crc32(repr((name, lat, lon, code)).encode()) + 1
    return Place(number, name, code, country, None, lat, lon, population=population)


def at(
    name: str, lat: float, lon: float, importance: Importance = KEY, *, code: str = "PPL", country: str | None = None
) -> BriefingPlace:
    return BriefingPlace(name, (name,), importance, record(name, lat, lon, code, country))


FRONT = (
    at("Lyman", 48.99, 37.80, country="UA"),
    at("Kupiansk", 49.71, 37.62, country="UA"),
    at("Petropavlivka", 49.71, 37.72, country="UA"),
    at("Lysychansk", 48.90, 38.44, country="UA"),
    at("Kherson", 46.64, 32.62, country="UA"),
    at("Zaporizhzhia", 47.82, 35.19, country="UA"),
    at("Luhansk Oblast", 48.9, 39.0, code="ADM1", country="UA"),
    at("Dnipro", 48.47, 35.04, MINOR, country="UA"),
)
RUSSIA = at("Russia", 60, 100, code="PCLI", country="RU")
FIJI = at("Fiji", -18, 178, code="PCLI", country="FJ")


def scene(places: tuple[BriefingPlace, ...], context: tuple[Place, ...] = ()) -> Scene:
    frame = frame_for(places, SIZE)
    return compose(places, context, frame, load(), outlines(load(), frame))


def label(found: Scene, text: str) -> Label | None:
    return next((label for label in found.labels if label.text == text), None)


def pixel(png: bytes, spot: tuple[float, float]) -> tuple[int, int, int]:
    red, green, blue = Image.open(BytesIO(png)).convert("RGB").getpixel((round(spot[0]), round(spot[1])))  # type: ignore[misc]  # RGB gives three
    return red, green, blue


# --- the picture


@pytest.mark.parametrize("size", [SIZE, (480, 320), (120, 90)])
def test_it_is_a_png_of_the_size_asked_for(size: tuple[int, int]) -> None:
    with Image.open(BytesIO(render(FRONT, size=size))) as picture:
        assert (picture.format, picture.size) == ("PNG", size)


def test_the_same_places_give_the_same_bytes() -> None:
    assert render(FRONT) == render(FRONT)


def test_a_key_place_is_marked_where_it_lies_and_a_minor_one_in_another_colour() -> None:
    picture, frame = render(FRONT), frame_for(FRONT, SIZE)
    lyman, dnipro = FRONT[0].place, FRONT[-1].place
    assert lyman
    assert dnipro
    assert pixel(picture, frame.pixel(lyman)) == (0xD5, 0x5E, 0x00)
    assert pixel(picture, frame.pixel(dnipro)) == (0x00, 0x72, 0xB2)


def test_places_that_are_not_located_are_left_out_and_nothing_else_is_no_map() -> None:
    unknown = BriefingPlace("Zahorukivka", ("Zahorukivka",), KEY, None)
    assert label(scene((*FRONT, unknown)), "Zahorukivka") is None
    for draw in (render, view, alt_text):
        with pytest.raises(NotFound, match="none of the places is located"):
            draw((unknown,))


def test_in_words() -> None:
    places = (*FRONT[:2], at("Kyiv", 50.45, 30.52, MINOR, country="UA"), RUSSIA)
    assert alt_text(places[:2]) == "Map: Lyman (Ukraine) and Kupiansk (Ukraine)."
    assert alt_text(places) == "Map: Lyman (Ukraine), Kupiansk (Ukraine) and Russia."
    assert alt_text((FRONT[0], FIJI)) == "Map: Lyman (Ukraine)."


# --- what it shows


def test_one_town_stands_in_about_three_hundred_km() -> None:
    frame = frame_for(FRONT[:1], SIZE)
    assert 250 < frame.km_per_pixel * SIZE[0] < 350


def test_a_country_is_shown_whole_also_over_the_date_line() -> None:
    russia, fiji = frame_for([RUSSIA], SIZE), frame_for([FIJI], SIZE)
    assert all(russia.holds(record("", lat, lon)) for lat, lon in ((54.7, 20.5), (66.1, -169.8), (43.1, 131.9)))
    assert all(fiji.holds(record("", lat, lon)) for lat, lon in ((-17.8, 177.4), (-18.0, -178.8)))
    assert fiji.km_per_pixel < 3
    _, west, _, east = view([FIJI])
    assert west > 160 > -160 > east


def test_far_minor_places_do_not_shrink_the_map() -> None:
    far = at("Canberra", -35.3, 149.1, MINOR, country="AU")
    assert view((*FRONT, far)) == view(FRONT)
    assert "Canberra" not in alt_text((*FRONT, far))


def test_countries_do_not_shrink_a_map_of_towns() -> None:
    assert view((*FRONT, RUSSIA)) == view(FRONT)
    assert label(scene((*FRONT, RUSSIA)), "RUSSIA")


@pytest.mark.parametrize(
    "places",
    [
        (at("Kyiv", 50.45, 30.52), at("Washington", 38.9, -77.04)),
        (at("London", 51.5, -0.1), at("Sydney", -33.9, 151.2), at("New York", 40.7, -74.0)),
        (at("Anadyr", 64.7, 177.5), at("Nome", 64.5, -165.4)),
        (at("Longyearbyen", 78.2, 15.6), at("Alert", 82.5, -62.3)),
        (at("South Pole", -90, 0), at("McMurdo", -77.8, 166.7)),
    ],
    ids=["two continents", "the world", "date line", "polar", "pole"],
)
def test_every_key_place_is_in_the_picture_with_its_name(places: tuple[BriefingPlace, ...]) -> None:
    found = scene(places)
    assert {item.name for item in places} <= {label.text for label in found.labels}
    assert render(places)


def test_towns_and_countries_around_are_named_faintly_and_only_if_there_is_room() -> None:
    here = FRONT[0].place
    assert here
    towns = (record("Kharkiv", 49.99, 36.23, population=1_430_000), record("Lima", -12, -77, population=10**7), here)
    found = scene(FRONT, towns)
    kharkiv = label(found, "Kharkiv")
    assert kharkiv
    assert kharkiv.role is Role.TOWN
    assert {label.text for label in found.labels if label.role is Role.COUNTRY} >= {"UKRAINE", "RUSSIA"}
    assert label(found, "Lima") is None
    assert [label.role for label in found.labels if label.text == "Lyman"] == [Role.KEY]


def test_a_name_in_letters_that_the_typeface_lacks_gives_way_to_the_gazetteers() -> None:
    kyoto = BriefingPlace("京都", ("京都",), KEY, record("Kyoto", 35.0, 135.8, country="JP"))
    assert label(scene((kyoto,)), "Kyoto")


def test_the_scale_bar_has_a_round_length() -> None:
    bar, frame = scene(FRONT).scale, frame_for(FRONT, SIZE)
    assert bar.text == "100 km"
    assert bar.length * frame.km_per_pixel == pytest.approx(100)


def test_crimea_is_drawn_with_ukraine_and_its_line_is_dashed() -> None:
    frame = frame_for([at("Armiansk", 46.1, 33.7)], SIZE)
    ground = outlines(load(), frame)
    assert {load().codes[land.country] for land in ground.land} == {"UA"}
    assert any(line.kind == DISPUTED for line in ground.lines)


# --- names


def overlapping(labels: tuple[Label, ...]) -> list[tuple[str, str]]:
    return [(a.text, b.text) for a, b in combinations(labels, 2) if a.box.overlaps(b.box)]


def test_twelve_towns_close_together_all_get_their_names_without_overlap() -> None:
    places = tuple(at(f"Close town {n}", 50.4 + 0.01 * (n % 4), 30.5 + 0.012 * (n // 4)) for n in range(12))
    far = at("Far town", 50.8, 31.5)
    found = scene((*places, far))
    assert sum(label.role is Role.KEY for label in found.labels) == 13
    assert any(label.leader for label in found.labels)
    assert overlapping(found.labels) == []


SPOTS = st.tuples(st.floats(0, SIZE[0]), st.floats(0, SIZE[1]))
WISHES = st.lists(
    st.builds(Wish, st.text("abcdeé ", min_size=1, max_size=40), st.sampled_from(Role), SPOTS), max_size=25
)


@given(WISHES)
@settings(deadline=None, max_examples=40)
def test_no_name_covers_another_a_mark_or_what_is_taken(wishes: list[Wish]) -> None:
    taken = Box(0, 500, 200, 600)
    labels = layout(wishes, SIZE, [taken])
    assert overlapping(labels) == []
    marks = [
        Box.around(wish.spot, 2 * radius, 2 * radius) for wish in wishes if (radius := LETTERING[wish.role].radius)
    ]
    assert not any(label.box.overlaps(box) for label in labels for box in (*marks, taken))
    assert all(label.box.inside(*SIZE) for label in labels)


# --- anywhere on Earth

CODES = st.sampled_from(["PPL", "PPLC", "ADM1", "RGN", "SEA", "PCLI", "CONT", "STM", "MT"])
COUNTRIES = st.sampled_from([None, *load().codes])


@st.composite
def briefing_places(draw: st.DrawFn) -> BriefingPlace:
    lat, lon = draw(st.floats(-90, 90)), draw(st.floats(-180, 180))
    place = record(draw(st.text(min_size=1, max_size=12)), lat, lon, draw(CODES), draw(COUNTRIES))
    return BriefingPlace(place.name, (place.name,), draw(st.sampled_from(Importance)), place)


@given(st.lists(briefing_places(), min_size=1, max_size=8))
@settings(deadline=None, max_examples=40)
def test_any_places_can_be_drawn_and_towns_that_matter_are_in_view(places: list[BriefingPlace]) -> None:
    assert render(places, [item.place for item in places if item.place], size=(300, 200))
    south, west, north, east = view(places)
    assert -90 <= south < north <= 90
    towns = [
        item.place for item in places if item.place and item.place.feature_code == "PPL" and item.importance is KEY
    ]
    for town in towns:
        assert south - 1e-6 <= town.lat <= north + 1e-6
        assert (town.lon - west) % 360 <= (east - west) % 360 + 1e-6 or east - west == 360


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 1.9), st.floats(0, math.tau))
@settings(deadline=None)
def test_projections_lead_there_and_back(lon: float, lat: float, far: float, turn: float) -> None:
    plane = far * np.array([[math.sin(turn), math.cos(turn)]])
    for projection in (Azimuthal(lon, lat), Cylindrical(lon)):
        there_and_back = projection.forward(projection.inverse(plane))
        assert there_and_back == pytest.approx(plane, abs=1e-4)
