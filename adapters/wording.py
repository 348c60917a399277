"""How the parts of an answer are put in words, the same on every platform."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale

from adapters.inert import inert
from bot.briefing.compose import EXTRACTIVE
from bot.types import ArticleRef, Briefing, BriefingPlace, BriefingSource, Importance, Place, Said, SourceKind

MOST_PLACES = 8  # of a briefing, that are shown with what they lie in
MOST_SOURCES = 6  # likewise, with what they are

_COUNTRIES = Locale("en").territories
_UP_TO_COUNTRY = {"PCLI", "PCLD", "PCLF", "PCLS", "PCLIX", "PCL", "TERR"}
_INDICATOR_A = 0x1F1E6  # two regional indicators make a flag: https://www.unicode.org/reports/tr51/#Flags
_QUOTES = "“”\"'‘’«»„ "
_BARS = "▁▂▃▄▅▆▇█"
_KINDS = {
    SourceKind.PERSON: "person",
    SourceKind.ORGANISATION: "organisation",
    SourceKind.OUTLET: "outlet",
    SourceKind.DOCUMENT: "document",
    SourceKind.UNNAMED: "unnamed",
}


def setting(place: Place) -> str:
    """What the place lies in: 'Donetsk Oblast, Ukraine'; empty for a country or a sea."""
    country = _COUNTRIES.get(place.country_code or "", "") if not _is_country(place) else ""
    subdivision = place.admin1 if place.admin1 != place.name else None
    return ", ".join(part for part in (subdivision, country) if part)


def flagged(place: Place) -> str:
    """What the place lies in, its country as a flag: '🇺🇦 Donetsk Oblast', '🇺🇦' for the oblast; empty for a sea."""
    subdivision = place.admin1 if place.admin1 != place.name and not _is_country(place) else None
    return " ".join(part for part in (flag(place.country_code), inert(subdivision or "")) if part)


def flag(country_code: str | None) -> str:
    """The country's flag as an emoji; empty where there is no such country."""
    if country_code is None or len(country_code) != 2 or country_code not in _COUNTRIES:
        return ""
    return "".join(chr(_INDICATOR_A + ord(letter) - ord("A")) for letter in country_code)


def _is_country(place: Place) -> bool:
    return place.feature_code in _UP_TO_COUNTRY


def coordinates(place: Place) -> str:
    """Degrees with their hemispheres: '48.99 N, 37.81 E'."""
    north, east = "N" if place.lat >= 0 else "S", "E" if place.lon >= 0 else "W"
    return f"{abs(place.lat):.2f} {north}, {abs(place.lon):.2f} {east}"


def located(place: BriefingPlace) -> str:
    """Where the place is, or that it isn't located and near what."""
    if place.place is not None:
        return setting(place.place)
    return f"not located (near {inert(place.near)})" if place.near else "not located"


def described(source: BriefingSource) -> str:
    """The source's role, or else its kind, and what it does with its words: 'Kremlin spokesperson; says, denies'."""
    return f"{inert(source.source.role or _KINDS[source.source.kind])}; {stances(source)}"


def stances(source: BriefingSource) -> str:
    """What the source does with its words, three things at most: 'says, denies'."""
    found = dict.fromkeys(statement.stance.value for statement in source.statements)
    return ", ".join(list(found)[:3]) or "is cited"


def shown_places(briefing: Briefing) -> tuple[list[BriefingPlace], list[BriefingPlace]]:
    """The key places, as many as are read, and all others."""
    key = [place for place in briefing.places if place.importance is Importance.KEY][:MOST_PLACES]
    return key, [place for place in briefing.places if place not in key]


def shown_sources(
    briefing: Briefing, *, only_speaking: bool = False
) -> tuple[list[BriefingSource], list[BriefingSource]]:
    """The named sources, as many as are read, those who speak in the points or disagree first; and the rest.

    With ``only_speaking`` no others are shown, unless nobody speaks.
    """
    voices = _voices(briefing) | {claim.source for one in briefing.disagreements for claim in one.claims}
    named = [source for source in briefing.sources if source.source.kind is not SourceKind.UNNAMED]
    first = [source for source in named if source.source.name in voices]
    others = [] if only_speaking and first else [source for source in named if source not in first]
    shown = [*first, *others][:MOST_SOURCES]
    return shown, [source for source in named if source not in shown]


def unnamed_sources(briefing: Briefing) -> tuple[list[str], list[str]]:
    """What the sources without a name are called that speak in the points ('a diplomat'), and all others."""
    voices = _voices(briefing)
    unnamed = [source.source.name for source in briefing.sources if source.source.kind is SourceKind.UNNAMED]
    return [name for name in unnamed if name in voices], [name for name in unnamed if name not in voices]


def _voices(briefing: Briefing) -> set[str | None]:
    return {name for point in briefing.points for name in point.sources}


def words_of(said: Said) -> str:
    """What was said, in quotation marks only if these are the very words."""
    words = inert(said.text)
    return f"“{words.strip(_QUOTES).rstrip(',')}”" if said.statement.direct else words


def quoted(text: str) -> str:
    """The text in quotation marks, single ones where it has double ones itself."""
    words = inert(text)
    return f"‘{words}’" if any(mark in words for mark in '“”"') else f"“{words}”"


def citation(numbers: Sequence[int]) -> str:
    """'[1][3]' for evidence in the first and the third article."""
    return "".join(f"[{number}]" for number in numbers)


def numbers_of(briefing: Briefing) -> dict[str, int]:
    """The number that each article is cited by."""
    return {article.id: number for number, article in enumerate(briefing.articles, 1)}


def article_line(article: ArticleRef, zone: ZoneInfo) -> str:
    """Outlet, title and time, as far as they are known; its first words where it has neither outlet nor title."""
    first = [article.outlet, article.title] if article.outlet or article.title else [_opening(article)]
    parts = [*first, stamp(article.published, zone) if article.published else None]
    return inert(" · ".join(part for part in parts if part))


def origin(article: ArticleRef, zone: ZoneInfo) -> str:
    """Where words stand, in short: outlet, else title, else first words, and day: 'The Harbour Times, 18 Nov 2026'."""
    name = article.outlet or article.title or _opening(article)
    return inert(
        ", ".join(part for part in (name, day(article.published, zone) if article.published else None) if part)
    )


def _opening(article: ArticleRef) -> str:
    """'“Two bridges were closed on…”'; the id of one kept from before these were."""
    return f"“{article.opening.strip(_QUOTES)}”" if article.opening else f"article {article.id}"


def stamp(moment: datetime, zone: ZoneInfo) -> str:
    """The local date and time."""
    return f"{moment.astimezone(zone):%d %b %Y %H:%M}"


def day(moment: datetime, zone: ZoneInfo) -> str:
    """The local date."""
    return f"{moment.astimezone(zone):%d %b %Y}"


def sparkline(counts: Sequence[int]) -> str:
    """One bar for each count, as high as it is beside the largest: '▁▃█'; the lowest for none."""
    most = max(counts, default=0) or 1
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] for count in counts)


def standing(briefing: Briefing) -> str:
    """What the reader should know about what the briefing rests on."""
    outlets = {article.outlet or article.id for article in briefing.articles}
    count = len(briefing.articles)
    articles = f"{count} article{'s' * (count != 1)}, {len(outlets)} outlet{'s' * (len(outlets) != 1)}"
    return "; ".join(part for part in (articles, _attributed(briefing), written(briefing)) if part)


def _attributed(briefing: Briefing) -> str:
    """How many points nobody but the articles stands for."""
    points = len(briefing.points)
    own = sum(not point.sources for point in briefing.points)
    if not own:
        return "every point is attributed" if points else ""
    return f"{own} of {points} points are the articles' own statements, attributed to nobody"


def written(briefing: Briefing) -> str:
    """Which language model worded the points and how much of it didn't hold up, or why none did; empty where none was
    to: 'written with MODEL; 1 of 6 sentences dropped'.
    """
    if briefing.note:
        return f"not written by the language model: {inert(briefing.note)}"
    if briefing.method == EXTRACTIVE:
        return ""
    sentences = len(briefing.points) + briefing.dropped
    dropped = f"; {briefing.dropped} of {sentences} sentences dropped" if briefing.dropped else ""
    return f"written with {inert(briefing.method)}{dropped}"
