"""The places of a briefing: one entry for each record however it is spelt, key ones first."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.types import (
    Article,
    BriefingPlace,
    Evidence,
    Importance,
    MentionKind,
    Place,
    Point,
    Reading,
    SourceKind,
    Span,
    Toponym,
)

# what a mention weighs beside a literal one of a smaller place in the running text
COUNTRY, POINT, TITLE, METONYM = 0.25, 2.5, 2.0, 0.25
KEY_SHARE = 0.25  # of the weightiest place's weight, from which on a place is key
MOST_KEY = 8
CLOSE = 0.5  # degrees: a town and the district that bears its name


@dataclass(slots=True)
class _Entry:
    """What is gathered about one place while the articles are gone through."""

    place: Place | None
    name: str
    surface: list[str] = field(default_factory=list)
    near: Place | None = None
    weight: float = 0.0
    literal: int = 0
    touched: bool = False  # by a point


Key = int | str


def key(toponym: Toponym) -> Key:
    """What two mentions of one place share: the record, or the folded name where there is none."""
    return toponym.place.geonameid if toponym.place else toponym.name.casefold()


def label(toponym: Toponym) -> str:
    """The name under which a briefing lists the place."""
    return toponym.place.name if toponym.place else toponym.name


def is_country(place: Place | None) -> bool:
    """Whether the record is a country or larger."""
    return place is not None and (place.feature_code.startswith("PCL") or place.feature_code == "CONT")


def within(reading: Reading, span: Span) -> tuple[Toponym, ...]:
    """The place names inside the span that mean the place itself, one for each place, in text order."""
    found = {
        key(one): one for one in reversed(reading.toponyms) if span.holds(one.span) and one.kind is MentionKind.LITERAL
    }
    return tuple(sorted(found.values(), key=lambda one: one.span))


def key_places(
    articles: Sequence[Article], readings: Sequence[Reading], points: Sequence[Point]
) -> tuple[BriefingPlace, ...]:
    """Every place that the articles mention for itself, by what they say about it; those only spoken for or from are
    left out.

    Weight: literal mentions, more for one in the title or in a point's evidence (most in the first's), less for a
    country. Furniture doesn't count.
    """
    entries: dict[Key, _Entry] = {}
    evidence = [
        (piece, point.text, POINT * (1 + 1 / rank))
        for rank, point in enumerate(points, start=1)
        for piece in point.evidence
    ]
    for article, reading in zip(articles, readings, strict=True):
        people = {one.name.split()[-1] for one in reading.sources if one.kind is SourceKind.PERSON}
        titled = _titled(article.text)
        for toponym in _outside_furniture(reading):
            if _no_place(toponym, article.text, people, titled):
                continue
            _count(entries, toponym, article, evidence)
    kept = sorted((one for one in entries.values() if one.literal), key=lambda one: -one.weight)
    return tuple(_listed(kept))


def _outside_furniture(reading: Reading) -> Iterable[Toponym]:
    furniture = [one.span for one in reading.sentences if one.furniture]
    return (one for one in reading.toponyms if not any(span.overlaps(one.span) for span in furniture))


def _count(
    entries: dict[Key, _Entry], toponym: Toponym, article: Article, evidence: Sequence[tuple[Evidence, str, float]]
) -> None:
    if toponym.kind is MentionKind.ASSOCIATIVE:
        return
    entry = entries.setdefault(_known_as(toponym, entries), _Entry(toponym.place, label(toponym)))
    literal = toponym.kind is MentionKind.LITERAL and not _ACTS.match(article.text, toponym.span.end)
    here = (  # not for a place of filing, which is trimmed away
        weight
        for piece, text, weight in evidence
        if piece.article == article.id and piece.span.holds(toponym.span) and toponym.name in text
    )
    touched = next(here, 0.0) if literal else 0.0
    weight = (
        (1.0 if literal else METONYM) + touched * (not entry.touched) + TITLE * (toponym.name in (article.title or ""))
    )
    entry.weight += weight * (COUNTRY if is_country(toponym.place) else 1.0)
    entry.literal += literal
    entry.touched = entry.touched or touched > 0
    entry.near = entry.near or toponym.near
    if toponym.name not in entry.surface:
        entry.surface.append(toponym.name)


# 'Moscow and Brussels welcomed', 'Tokyo has not commented': those who rule there
_ACTS = re.compile(
    r"(?: and [A-Z]\w+)? (?:(?:has|have|had|would|will|did)(?: not| n[o']t)? )?"
    r"(?:sa(?:y|ys|id)|welcom\w+|condemn\w*|den(?:y|ies|ied)|claim\w*|reject\w*|accus\w+|warn\w*|insist\w*|demand\w*|comment\w*|"
    r"wish(?:es|ed)?|want(?:s|ed)?|like to|prefer\w*|promis\w+|pledg\w+|agreed|refus\w+|recogni[sz]\w+)\b"
)
_AT = re.compile(r"\b(?:in|at|near|from|to|of|towards?|around|outside|for|between|and)\s+$")
_DATELINED = re.compile(r"^[A-Z][\w.'’]+[^\n]{0,50}\($")  # before an agency's name in a dateline
_SHIP = re.compile(r"\b(?:Hospital|Hotel|Hospice|Stadion|INS|USS|HMS|HMAS|HMCS|MV|MT|SS|RMS) [“\"‘']?$")
_MORE_OF_IT = re.compile(  # a destroyer's class; a name cut in two: 'Jabal al-Nur'
    r"-class\b| (?:Room|Prize|Award|Act|Cup|Trophy)\b| (?:al|el|an|ar|as|ash|at|az|ez)-[A-Z]"
)
_TITLED = re.compile(
    r"\b(?:President|Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Senator|Governor|Minister|Mayor|Judge|Justice|Sir)\.? "
    r"(?:[A-Z]\w+ )?([A-Z]\w+)"
)
_WHERE = ("in", "at", "near", "from", "around", "outside", "to")
_IN_BRACKETS = re.compile(r"[A-Z]{3,}\)")


def _titled(text: str) -> frozenset[str]:
    """The surnames that stand after a title and never after a word for where: 'President Nixon'."""
    return frozenset(one for one in _TITLED.findall(text) if not any(f" {where} {one}" in text for where in _WHERE))


def _no_place(toponym: Toponym, text: str, people: Collection[str], titled: Collection[str]) -> bool:
    """Whether the name is somebody's or something's: a source's surname that no preposition makes a place, the agency
    of a dateline, the initials of an organisation, a ship or house; or only a part of a name.
    """
    start, end = toponym.span
    before = text[text.rfind("\n", 0, start) + 1 : start]
    somebody = toponym.name in titled or (toponym.name in people and not _AT.search(before))
    if somebody or _SHIP.search(before) or _MORE_OF_IT.match(text, end):
        return True
    agency = bool(_DATELINED.match(before)) and text[end : end + 1] == ")"
    initials = before.endswith("(") and bool(_IN_BRACKETS.match(text, start))
    return toponym.place is None and (agency or initials)


def _known_as(toponym: Toponym, entries: Mapping[Key, _Entry]) -> Key:
    """The key of an entry for the same place under the same name, a town and its district, else the toponym's own."""
    own = key(toponym)
    if own in entries or toponym.place is None:
        return own
    twins = (known for known, one in entries.items() if one.place and _one_on_the_map(one.place, toponym.place))
    return next(twins, own)


def _one_on_the_map(one: Place, other: Place) -> bool:
    close = max(abs(one.lat - other.lat), abs(one.lon - other.lon)) < CLOSE
    return one.name == other.name and one.country_code == other.country_code and close


def _listed(kept: Sequence[_Entry]) -> Iterable[BriefingPlace]:
    most = kept[0].weight if kept else 0.0
    small = [one for one in kept if not (is_country(one.place) and len(kept) > 2)]
    told = [one for one in small if one.touched] or [one for one in small if one.weight >= KEY_SHARE * most]
    keys = told[:MOST_KEY] or list(kept[:1])
    for importance, group in ((Importance.KEY, keys), (Importance.MINOR, [one for one in kept if one not in keys])):
        for one in group:
            near = one.near.name if one.near and one.place is None else None
            yield BriefingPlace(one.name, tuple(one.surface), importance, one.place, near)
