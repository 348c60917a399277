"""Whether two articles mean one source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading import identity

ONE_SOURCE = [
    ("Valerii Zaluzhnyi", "Valeriy Zaluzhny", "Valery Zaluzhnyy"),
    ("Dmytro Vynogradov", "Dmytro Vynohradov"),
    ("Sergey Volkov", "Sergei Volkov", "Serhiy Volkov"),
    (
        "Russian Defence Ministry",
        "Russian Defense Ministry",
        "Russia’s Defence Ministry",
        "Ministry of Defence of Russia",
    ),
    ("Ukrainian Navy", "Navy of Ukraine"),
    ("Institute for the Study of War", "Institute of the Study of War", "ISW", "the ISW"),
    ("The New York Times", "NY Times", "New York Times"),
]
SEVERAL = [
    ("Ivan Petrov", "Irina Petrova", "Igor Petrov", "Petrov"),
    ("Ann Roe", "Anna Roe", "Dan Roe"),
    ("University of Linden", "Linden University"),
    ("Russian Defence Ministry", "Ukrainian Defence Ministry", "Defence Ministry", "Russian Foreign Ministry"),
    ("Harry Gore", "Garry Gore"),
    ("a senior official", "a junior official"),
]


@pytest.mark.parametrize("spellings", ONE_SOURCE)
def test_spellings_of_one_source_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({identity.key_of(name) for name in spellings}) == 1


@pytest.mark.parametrize("people", SEVERAL)
def test_different_sources_keep_apart(people: tuple[str, ...]) -> None:
    assert len({identity.key_of(name) for name in people}) == len(people)


@given(st.text(min_size=1, max_size=60).filter(lambda name: any(c.isalnum() and c.isascii() for c in name)))
def test_every_name_has_a_key(name: str) -> None:
    assert identity.key_of(name)
