"""How the parts of an answer are put in words, the same on every platform."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale

from adapters.inert import inert
from bot.briefing.compose import EXTRACTIVE
from bot.types import ArticleRef, Briefing, BriefingPlace, BriefingSource, Place, SourceKind

_COUNTRIES = Locale("en").territories
_UP_TO_COUNTRY = {"PCLI", "PCLD", "PCLF", "PCLS", "PCLIX", "PCL", "TERR"}
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
    country = _COUNTRIES.get(place.country_code or "", "") if place.feature_code not in _UP_TO_COUNTRY else ""
    subdivision = place.admin1 if place.admin1 != place.name else None
    return ", ".join(part for part in (subdivision, country) if part)


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
    stances = list(dict.fromkeys(statement.stance.value for statement in source.statements))
    return f"{inert(source.source.role or _KINDS[source.source.kind])}; {', '.join(stances[:3]) or 'is cited'}"


def citation(numbers: Sequence[int]) -> str:
    """'[1][3]' for evidence in the first and the third article."""
    return "".join(f"[{number}]" for number in numbers)


def numbers_of(briefing: Briefing) -> dict[str, int]:
    """The number that each article is cited by."""
    return {article.id: number for number, article in enumerate(briefing.articles, 1)}


def article_line(article: ArticleRef, zone: ZoneInfo) -> str:
    """Outlet, title and time, as far as they are known."""
    parts = [article.outlet, article.title, stamp(article.published, zone) if article.published else None]
    return inert(" · ".join(part for part in parts if part)) or f"article {article.id}"


def stamp(moment: datetime, zone: ZoneInfo) -> str:
    """The local date and time."""
    return f"{moment.astimezone(zone):%d %b %Y %H:%M}"


def sparkline(counts: Sequence[int]) -> str:
    """One bar for each count, as high as it is beside the largest: '▁▃█'; the lowest for none."""
    most = max(counts, default=0) or 1
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] for count in counts)


def standing(briefing: Briefing) -> str:
    """What the reader should know about what the briefing rests on."""
    outlets = {article.outlet or article.id for article in briefing.articles}
    count = len(briefing.articles)
    own = sum(not point.sources for point in briefing.points)
    articles = f"{count} article{'s' * (count != 1)}, {len(outlets)} outlet{'s' * (len(outlets) != 1)}"
    stated = f"{own} of {len(briefing.points)} points are the articles' own statements, attributed to nobody"
    return "; ".join(part for part in (articles, stated, written(briefing)) if part)


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
