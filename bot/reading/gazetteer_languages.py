"""Names that the packages' data lack: of countries in the languages that are read besides English; of Ukrainian towns
as Ukraine writes them in Latin letters.
"""

import re
from functools import cache
from typing import Final

from babel import Locale

from bot.reading.tongues import OTHERS

# The official table: https://zakon.rada.gov.ua/laws/show/55-2010-п
_LATIN: Final = dict(  # noqa: C408 - a literal would be twice as long
    зг="zgh", а="a", б="b", в="v", г="h", ґ="g", д="d", е="e", є="ie", ж="zh", з="z", и="y", і="i", ї="i", й="i",
    к="k", л="l", м="m", н="n", о="o", п="p", р="r", с="s", т="t", у="u", ф="f", х="kh", ц="ts", ч="ch", ш="sh",
    щ="shch", ю="iu", я="ia",
)  # fmt: skip
_AT_START: Final = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_UKRAINIAN: Final = re.compile(r"[абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'’ʼ -]+", re.IGNORECASE)
_LETTERS: Final = re.compile(r"(?P<first>\b(?<!['’ʼ])[єїйюя])|зг|.")


def country_names(iso: str) -> tuple[str, ...]:
    """What the country of an ISO 3166-1 alpha-2 code is called in those languages (Unicode CLDR); none for unknown."""
    return tuple(names[iso] for language in OTHERS if iso in (names := _territories(language)))


@cache
def _territories(language: str) -> dict[str, str]:
    return dict(Locale(language).territories)


def in_latin(name: str) -> str | None:
    """A Ukrainian name by Ukraine's official table, 'Авдіївка' as 'Avdiivka'; None where a letter isn't Ukrainian."""
    return _LETTERS.sub(_letter, name.lower()).title() if _UKRAINIAN.fullmatch(name) else None


def _letter(match: re.Match[str]) -> str:
    return _AT_START[match[0]] if match["first"] else _LATIN.get(match[0], match[0] if match[0] in " -" else "")
