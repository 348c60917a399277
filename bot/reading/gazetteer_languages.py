"""Names of countries in the languages that are read besides English: the packages' data have English ones only."""

from functools import cache

from babel import Locale

from bot.reading.tongues import OTHERS


def country_names(iso: str) -> tuple[str, ...]:
    """What the country of an ISO 3166-1 alpha-2 code is called in those languages (Unicode CLDR); none for unknown."""
    return tuple(names[iso] for language in OTHERS if iso in (names := _territories(language)))


@cache
def _territories(language: str) -> dict[str, str]:
    return dict(Locale(language).territories)
