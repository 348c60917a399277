"""Names to places: which gazetteer record each place name of an article means, and how sure that is."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

import numpy as np

from bot.reading.gazetteer import Gazetteer, Level
from bot.reading.geography import km, place_words
from bot.reading.place_judge import judge
from bot.reading.place_mentions import Mention, mentions
from bot.reading.place_ranker import Group, Outlet, Ranking, rank
from bot.reading.tagger import NameTag
from bot.types import MentionKind, Place, Sentence, Toponym

LOCATED = 0.45  # confidence under which a name is shown as not located
_ALTERNATIVES = 5
_KINDS = place_words("subdivision") | place_words("common")
_COMPACT = 100.0  # km: places of one sentence that lie within this are one neighbourhood
_NEAR_WORDS = re.compile(
    r"\b(?:near|outside|beside|around|close to|next to|(?:(?:north|south)(?:east|west)?|east|west) of"
    r"|(?:kilomet(?:er|re)s?|km|miles?) (?:from|away from))\s+(?:the\s+)?(?:(?:city|town|village|settlement)\s+of\s+)?$"
)
_LOCAL = 0.6  # the share of a report's towns that lie together when the report is a local one
_SPOTS = frozenset({"PPL", "PPLC", "PPLX", "ADM2"})
_BESIDE = re.compile(r"\s*(?:,|and|or|,\s*and|-|–|/)\s*(?:the\s+)?$")
# Country-code domains that are sold to the whole world.
_WORLDWIDE = frozenset({"io", "ai", "co", "me", "tv", "fm", "cc", "ws", "to", "ly", "gg", "sh", "vc"})


def resolve(
    text: str,
    sentences: Sequence[Sentence],
    names: Sequence[NameTag],
    gazetteer: Gazetteer,
    *,
    outlet_url: str | None = None,
) -> tuple[Toponym, ...]:
    """The place names of a text, in its order, each with the record that it means where that is likely enough.

    All mentions of one name, however spelt, mean one record, unless the words beside them say otherwise. ``names`` are
    the tagger's. A name that isn't located says what it is near, where the text lets one know.
    """
    found = mentions(text, names, gazetteer)
    places = located(found, gazetteer, outlet_of(outlet_url, gazetteer))
    kept = judge(text, found, places, names, gazetteer)
    toponyms = [
        Toponym(m.span, m.name, m.kind, place)
        for m, place, keep in zip(found, places, kept, strict=True)
        if keep and (place or not _describes(text, m))
    ]
    return tuple(_with_neighbours(text, sentences, toponyms))


def _describes(text: str, mention: Mention) -> bool:
    """Whether a name only says what kind of place the name after it is: 'the Southern Republic of Chechnya'."""
    kind = mention.name.casefold().split()[-1] in _KINDS
    return kind and bool(re.match(r"\s+of\s+(?:the\s+)?[A-Z]", text[mention.span.end : mention.span.end + 12]))


def located(found: Sequence[Mention], gazetteer: Gazetteer, outlet: Outlet | None) -> list[Place | None]:
    """The record that each mention means, or None where no record is likely enough."""
    groups = groups_of(found)
    rankings = rank([group_of(found, members) for members in groups], gazetteer, outlet)
    places: list[Place | None] = [None] * len(found)
    for members, ranking in zip(groups, rankings, strict=True):
        place = _place(ranking, gazetteer)
        for number in members:
            places[number] = place
    return places


def groups_of(found: Sequence[Mention]) -> list[list[int]]:
    """Numbers of the mentions with candidates, those to be taken for one record together, in order of first mention."""
    by_name: dict[tuple[str, frozenset[Level]], list[list[int]]] = defaultdict(list)
    for number, mention in enumerate(found):
        if not len(mention.rows):
            continue
        same = by_name[mention.key, mention.levels]
        home = next((g for g in same if _agree(mention.hints, [found[i].hints for i in g])), None)
        if home is None:
            same.append([number])
        else:
            home.append(number)
    return sorted((g for same in by_name.values() for g in same), key=lambda g: g[0])


def _agree(hints: frozenset[int], others: Iterable[frozenset[int]]) -> bool:
    return not hints or all(not other or hints & other for other in others)


def group_of(found: Sequence[Mention], members: list[int]) -> Group:
    """What the ranker is told of the mentions of these numbers."""
    first = found[members[0]]
    hints = frozenset[int]().union(*(found[i].hints for i in members))
    levels = first.levels or (frozenset({Level.TOWN}) if any(found[i].dateline for i in members) else first.levels)
    return Group(first.rows, first.matches, len(members), hints, levels, first.name.isupper() and len(first.name) <= 5)


def _place(ranking: Ranking, gazetteer: Gazetteer) -> Place | None:
    if ranking.confidence < LOCATED:
        return None
    rest = zip(ranking.rows[1 : _ALTERNATIVES + 1], ranking.shares[1:], strict=False)
    others = tuple(
        gazetteer.place_at(row, round(share * (1 - ranking.confidence), 3)) for row, share in rest if share > 0.001
    )
    return gazetteer.place_at(ranking.rows[0], round(ranking.confidence, 3), others)


def outlet_of(url: str | None, gazetteer: Gazetteer) -> Outlet | None:
    """What the address of a report tells about its publisher's home."""
    host = urlsplit(url or "").hostname
    if not host:
        return None
    country = gazetteer.countries.get(_iso(host.lower().rpartition(".")[2]))
    return Outlet(plain=frozenset({gazetteer.countries["US"]})) if country is None else Outlet(frozenset({country}))


def _iso(top_level: str) -> str:
    return {"uk": "GB"}.get(top_level, "" if top_level in _WORLDWIDE else top_level.upper())


def _with_neighbours(text: str, sentences: Sequence[Sentence], toponyms: list[Toponym]) -> list[Toponym]:
    """The toponyms, those not located with a place that they are near to, where the article lets one say so."""
    if all(t.place for t in toponyms):
        return toponyms
    focus = _focus(toponyms)

    def near(lone: Toponym) -> Place | None:
        company = _company(sentences, lone, toponyms)
        return _within_name(lone, toponyms) or _beside(text, lone, company) or _neighbourhood(company) or focus

    return [t if t.place else replace(t, near=near(t)) for t in toponyms]


def _within_name(lone: Toponym, toponyms: Iterable[Toponym]) -> Place | None:
    """The place whose name the unknown one begins with: Delhi for 'Delhi High Court', if the article has Delhi too."""
    known = (t for t in toponyms if t.place and len(t.name) > 3 and lone.name.startswith(t.name + " "))
    return next((t.place for t in known), None)


def _company(sentences: Sequence[Sentence], lone: Toponym, toponyms: Iterable[Toponym]) -> list[Toponym]:
    """Located places smaller than a state in the same sentence, the nearest in the text first."""
    here = next((s.span for s in sentences if s.span.holds(lone.span)), None)
    beside = [t for t in toponyms if here and here.holds(t.span) and _is_spot(t)]
    return sorted(beside, key=lambda t: abs(t.span.start - lone.span.start))


def _is_spot(toponym: Toponym) -> bool:
    place = toponym.place
    return place is not None and place.feature_code in _SPOTS and toponym.kind == MentionKind.LITERAL


def _beside(text: str, lone: Toponym, company: Sequence[Toponym]) -> Place | None:
    """The place that the text names in the same breath: 'Lyman and X', 'X, north of Lyman'."""
    for other in company:
        first, second = sorted([lone.span, other.span])
        between = text[first.end : second.start]
        if _BESIDE.fullmatch(between) or (other.span == second and len(between) < 60 and _NEAR_WORDS.search(between)):
            return other.place
    return None


def _neighbourhood(company: Sequence[Toponym]) -> Place | None:
    """The nearest of a sentence's places in the text when there are several, all close together on the map."""
    places = [t.place for t in company if t.place]
    compact = len({p.geonameid for p in places}) > 1 and all(_away(places[0], p) <= _COMPACT for p in places[1:])
    return places[0] if compact else None


def _focus(toponyms: Iterable[Toponym]) -> Place | None:
    """The place that a local report is about: most of the places it names lie around it; None for other reports."""
    spots = [t.place for t in toponyms if t.place and _is_spot(t)]
    if not spots:
        return None
    counts = Counter(p.geonameid for p in spots)
    places = [next(p for p in spots if p.geonameid == number) for number in counts]
    lats, lons = np.array([(p.lat, p.lon) for p in places]).T
    crowd = (km(lats[:, None], lons[:, None], lats, lons) <= _COMPACT) @ np.array([counts[p.geonameid] for p in places])
    if crowd.max() < max(2, _LOCAL * len(spots)):
        return None
    best = max(range(len(places)), key=lambda i: (int(crowd[i]), counts[places[i].geonameid]))
    return places[best]


def _away(one: Place, other: Place) -> float:
    return km(one.lat, one.lon, other.lat, other.lon)
