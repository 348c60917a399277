"""Which of the records that bear a name the text means: a ranker over few named features, all names of a text together.

A first look ranks each name alone; then each name is ranked again in the light of what the others were taken for. The
weights are learnt by ``training/ranker.py`` and lie, readable, in ``data/ranker.json``.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.reading.gazetteer import Gazetteer, Level, Match, Rows

Array = NDArray[Any]

WEIGHTS = Path(__file__).parent / "data" / "ranker.json"
MOST = 40  # candidates per name: the rest are hamlets
ROUNDS = 2  # times that the names are ranked in the light of each other
NEAR = 150.0  # km over which the company of another place fades to a third
CLOSE = 50.0  # km at which two places hardly count as close any more
EARTH = 6371.0
SAME_SPOT = 50.0  # km: whether the town or its district is meant leaves no doubt about where it is

ALONE = (
    "people", "people of an area", "fame", "district", "state", "country", "region", "extent", "plain", "alias",
    "abbreviation", "demonym", "metonym", "variant", "acronym", "seat within", "hinted", "kind fits",
    "kind differs",
    "outlet's country", "outlet's plain domain",
    "might meet",
)  # fmt: skip
TOGETHER = (
    "country's share", "state's share", "district's share", "country named", "state named", "company",
    "dateline's country", "dateline's state", "dateline's company", "holds others",
)  # fmt: skip


SURE = (
    "always", "odds", "people", "people of an area", "fame", "country", "region", "plain", "alias", "variant", "hinted",
    "country's share", "state's share", "company", "holds others", "extent",
)  # fmt: skip


_SPEAKING = [(ALONE + TOGETHER).index(name) for name in SURE[2:]]


@dataclass(frozen=True, slots=True)
class Group:
    """All mentions of one name in a text, to be taken for one record."""

    rows: Rows  # of the candidates
    matches: Rows  # how each bears the name
    mentions: int = 1
    hints: frozenset[int] = frozenset()  # rows that the text puts the place into: 'X, Ga.'
    levels: frozenset[Level] = frozenset()  # what the text says it is: 'X County', 'the city of X'
    acronym: bool = False  # written like one: 'EU'


@dataclass(frozen=True, slots=True)
class Outlet:
    """What the address of a report's publisher tells: rows of countries."""

    countries: frozenset[int] = frozenset()  # by top-level domain
    plain: frozenset[int] = frozenset()  # the United States, for a domain of no country


@dataclass(frozen=True, slots=True)
class Ranking:
    """One group's candidates, likeliest first, with shares that add up to 1, and the calibrated confidence in it."""

    rows: tuple[int, ...]
    shares: tuple[float, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What training learnt."""

    alone: Array  # for ALONE
    together: Array  # for ALONE and TOGETHER
    sure: Array  # for SURE


@cache
def load_weights(path: Path = WEIGHTS) -> Weights:
    """The weights in a file.

    Raises:
        ModelError: it isn't there, or its features aren't those of this program.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        alone = np.array([data["alone"][name] for name in ALONE])
        together = np.array([data["together"][name] for name in ALONE + TOGETHER])
        return Weights(alone, together, np.array([data["confidence"][name] for name in SURE]))
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"the place ranker's weights in {path} can't be used ({error!r}); train them again") from error


class Scene:
    """The candidates of all groups of one text, side by side, and their features."""

    def __init__(self, groups: Sequence[Group], gazetteer: Gazetteer, outlet: Outlet | None = None) -> None:
        kept = [_foremost(g, gazetteer) for g in groups]
        self.groups = groups  # the candidates of group n are the rows from starts[n] up to starts[n + 1]
        self.sizes = np.array([len(k) for k in kept])
        self.starts = np.concatenate([[0], np.cumsum(self.sizes)])
        self.group = np.repeat(np.arange(len(groups)), self.sizes)
        self.rows: Rows = np.concatenate([g.rows[k] for g, k in zip(groups, kept, strict=True)])
        self.matches = np.concatenate([g.matches[k] for g, k in zip(groups, kept, strict=True)])
        self._mentions = np.array([g.mentions for g in groups], dtype=float)
        record = gazetteer.records[self.rows]
        self._level, self._people = record["level"].astype(int), record["population"].astype(float)
        self._country, self._admin1, self._admin2 = (record[f].astype(int) for f in ("country", "admin1", "admin2"))
        self._own_areas()
        self._areas = [self._numbered(area) for area in (self._country, self._admin1, self._admin2)]
        self._records, self._number = np.unique(self.rows, return_inverse=True)
        self._points = _unit(record["lat"], record["lon"])
        self.alone = self._alone(record, outlet or Outlet())

    def _own_areas(self) -> None:
        """A country lies in itself, and so does a state: their mentions speak for what they hold."""
        self._country = np.where(self._level == Level.COUNTRY, self.rows, self._country)
        self._admin1 = np.where(self._level == Level.ADMIN1, self.rows, self._admin1)
        self._admin2 = np.where(self._level == Level.ADMIN2, self.rows, self._admin2)

    def _alone(self, record: Any, outlet: Outlet) -> Array:
        level, match, people = self._level, self.matches, self._people
        area = np.where(level == Level.REGION, np.log10(1 + record["extent"]) / 3, 0)
        hinted, fits, differs = self._said_here()
        size = np.log10(1 + people) / 6
        columns = [
            np.where(level == Level.TOWN, size, 0), np.where(level == Level.TOWN, 0, size),
            np.log10(1 + record["fame"]),
            level == Level.ADMIN2, level == Level.ADMIN1, level == Level.COUNTRY,
            level == Level.REGION, area, match == Match.PLAIN, (match == Match.ALIAS) | (match == Match.FORMER),
            match == Match.ABBREVIATION, match == Match.DEMONYM, match == Match.METONYM, match == Match.VARIANT,
            self._acronym(), self._seat_within(), hinted, fits, differs,
            np.isin(self._country, list(outlet.countries)),
            np.isin(self._country, list(outlet.plain)), self._might_meet(),
        ]  # fmt: skip
        return np.stack([np.asarray(c, dtype=float) for c in columns], axis=1)

    def _might_meet(self) -> Array:
        """How many other names have some candidate, however small, close by; a name with few candidates counts more."""
        small = self._level <= Level.ADMIN2
        beyond = 2 * (EARTH / CLOSE) ** 2 * (1 - np.clip(self._points @ self._points.T, -1, 1))
        close = np.exp(-beyond) * np.outer(small, small)
        best = np.maximum.reduceat(close, self.starts[:-1], axis=1) / self.sizes**0.5
        best[np.arange(len(self.rows)), self.group] = 0
        return np.asarray(np.log1p(best.sum(axis=1)))

    def _acronym(self) -> Array:
        acronyms = np.array([g.acronym for g in self.groups])[self.group]
        return np.asarray(acronyms & (self.matches == Match.ABBREVIATION))

    def _numbered(self, area: Array) -> tuple[Array, Array, Array]:
        """The areas and pairs of group and area, each as consecutive numbers, and whether there is an area."""
        known, number = np.unique(area, return_inverse=True)
        pair = np.unique(self.group * len(known) + number, return_inverse=True)[1]
        return number, pair, area >= 0

    def _seat_within(self) -> Array:
        """A state or district of which a town bears the same name."""
        towns = self._level == Level.TOWN
        own = self.group * (1 << 32)
        seats = np.concatenate([(own + self._admin1)[towns], (own + self._admin2)[towns]])
        return np.asarray(np.isin(own + self.rows, seats) & ~towns)

    def _said_here(self) -> tuple[Array, Array, Array]:
        """What the words beside the name say: lies where they say; is of the kind they say; is of another."""
        hinted, fits, differs = (np.zeros(len(self.rows)) for _ in range(3))
        for number, group in enumerate(self.groups):
            part = slice(self.starts[number], self.starts[number + 1])
            if group.hints:
                areas = np.stack([self._country[part], self._admin1[part], self._admin2[part]])
                inside = np.isin(areas, list(group.hints)).any(axis=0) & ~np.isin(self.rows[part], list(group.hints))
                hinted[part] = inside
            if group.levels:
                fits[part] = np.isin(self._level[part], list(group.levels))
                differs[part] = 1 - fits[part]
        return hinted, fits, differs

    def together(self, shares: Array) -> Array:
        """Features that speak of the other names, given how likely each candidate is so far; rows as in ``alone``."""
        weight = self._mentions[self.group] ** 0.5 * shares
        others = np.array([(self._mentions**0.5).sum()]) - self._mentions[self.group] ** 0.5
        others = np.maximum(others, 1.0)
        columns = [
            *(self._share(area, weight) / others for area in self._areas),
            self._named(self._country, shares), self._named(self._admin1, shares), self._company(weight) / others**0.5,
            *self._dateline(shares), self._holds(weight) / others,
        ]  # fmt: skip
        return np.stack(columns, axis=1)

    def _share(self, area: tuple[Array, Array, Array], weight: Array) -> Array:
        """Weight of other groups' candidates in the same area; 0 for a candidate that lies in none."""
        number, pair, lies = area
        total, own = np.bincount(number, weight)[number], np.bincount(pair, weight)[pair]
        return np.where(lies, total - own, 0.0)

    def _named(self, area: Array, shares: Array) -> Array:
        """How surely another group is the area itself: the country or state by name."""
        belief = np.zeros(len(self._records))
        np.maximum.at(belief, self._number, shares)
        at = np.minimum(np.searchsorted(self._records, area), len(belief) - 1)
        return np.where((self._records[at] == area) & (area != self.rows), belief[at], 0.0)

    def _company(self, weight: Array) -> Array:
        """How many other places lie near, each counted less the farther away it is."""
        likely = np.flatnonzero((weight > 0.15) & (self._level <= Level.ADMIN2))
        near = self._nearness(likely) * weight[likely] * (self.group[:, None] != self.group[likely])
        return np.asarray(near.sum(axis=1))

    def _nearness(self, to: Array) -> Array:
        away = EARTH * np.arccos(np.clip(self._points @ self._points[to].T, -1, 1))
        return np.asarray(np.exp(-away / NEAR))

    def _dateline(self, shares: Array) -> tuple[Array, Array, Array]:
        """Same country and state as, and nearness to, the text's first name; 0 for the first name itself."""
        first = np.flatnonzero(self.group == 0)
        beyond = self.group != 0
        same = [
            ((area[:, None] == area[first]) & (area[:, None] >= 0)) @ shares[first] * beyond
            for area in (self._country, self._admin1)
        ]
        return same[0], same[1], (self._nearness(first) @ shares[first]) * beyond

    def _holds(self, weight: Array) -> Array:
        """For a country, state or district: the weight of other groups' candidates inside; for the rest 0."""
        held = np.zeros(len(self.rows))
        for level, area in zip((Level.COUNTRY, Level.ADMIN1, Level.ADMIN2), self._areas, strict=True):
            here = self._level == level
            if here.any():
                held[here] = self._share(area, weight * ~here)[here]
        return held

    def softmax(self, scores: Array) -> Array:
        """Shares within each group."""
        top = np.maximum.reduceat(scores, self.starts[:-1])
        raised = np.exp(scores - top[self.group])
        return np.asarray(raised / np.add.reduceat(raised, self.starts[:-1])[self.group])

    def share_at(self, shares: Array, part: slice, first: int) -> float:
        """The share of a group's candidates that lie where its candidate ``first`` does; ``part`` are the group's."""
        points = self._points[part]
        there = points @ points[first] >= math.cos(SAME_SPOT / EARTH)
        return min(1.0, float(shares[part][there].sum()))


def look(scene: Scene, alone: Array, together: Array) -> tuple[Array, Array]:
    """How likely each candidate is after all rounds, and the features of the last one."""
    shares = scene.softmax(scene.alone @ alone)
    features = scene.alone
    for _ in range(ROUNDS):
        features = np.hstack([scene.alone, scene.together(shares)])
        shares = scene.softmax(features @ together)
    return shares, features


def rank(groups: Sequence[Group], gazetteer: Gazetteer, outlet: Outlet | None = None) -> list[Ranking]:
    """One ranking per group, in the same order. Every group has a candidate; the first is the text's first name."""
    if not groups:
        return []
    weights, scene = load_weights(), Scene(groups, gazetteer, outlet)
    shares, features = look(scene, weights.alone, weights.together)
    return [_ranking(scene, shares, features, number, weights) for number in range(len(groups))]


def _ranking(scene: Scene, shares: Array, features: Array, number: int, weights: Weights) -> Ranking:
    part = slice(scene.starts[number], scene.starts[number + 1])
    order = np.argsort(-shares[part], kind="stable")
    best = shares[part][order]
    signs = sure_signs(scene.share_at(shares, part, int(order[0])), features[part][order[0]])
    confidence = float(1 / (1 + np.exp(-float(signs @ weights.sure))))
    return Ranking(tuple(scene.rows[part][order].tolist()), tuple(best.tolist()), confidence)


def sure_signs(share: float, features: Array) -> Array:
    """What tells how far a first candidate is to be trusted, as in SURE: its place's share, and what speaks for it.

    The share alone can't tell that a name's only record is the wrong one, as of a village that the index lacks.
    """
    odds = np.log(max(share, 1e-9)) - np.log(max(1 - share, 1e-4))
    return np.array([1.0, odds, *features[_SPEAKING]])


def _foremost(group: Group, gazetteer: Gazetteer) -> Array:
    """Positions of the candidates worth ranking."""
    if len(group.rows) <= MOST:
        return np.arange(len(group.rows))
    people = gazetteer.records["population"][group.rows] + (group.matches == Match.NAME)
    return np.argsort(-people, kind="stable")[:MOST]


def _unit(lats: Array, lons: Array) -> Array:
    """Points on the unit sphere: rows of x, y, z."""
    a, b = np.radians(lats.astype(float)), np.radians(lons.astype(float))
    return np.stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)], axis=1)
