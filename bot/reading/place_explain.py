"""Why a name is taken for one record rather than another: the ranker's features with what each adds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.gazetteer import Gazetteer, Match
from bot.reading.place_mentions import mentions
from bot.reading.place_ranker import ALONE, TOGETHER, Scene, load_weights, look, rank
from bot.reading.places import group_of, groups_of
from bot.reading.tagger import NameKind, NameTag
from bot.types import Place, Span

_SHOWN = 0.05  # a feature that adds less to a score isn't worth a word


@dataclass(frozen=True, slots=True)
class Reason:
    """A feature of the ranker and what it adds to a candidate's score; e to this power multiplies its chances."""

    feature: str
    adds: float


@dataclass(frozen=True, slots=True)
class Explained:
    """One record that bears a name."""

    place: Place
    match: Match
    share: float  # 0..1: of all candidates' chances
    reasons: tuple[Reason, ...]  # the weightiest first

    def ahead_of(self, other: "Explained") -> tuple[Reason, ...]:
        """In what the two differ, and how far that puts this one ahead, the weightiest first."""
        theirs = {r.feature: r.adds for r in other.reasons}
        mine = {r.feature: r.adds for r in self.reasons}
        return _weightiest({name: mine.get(name, 0.0) - theirs.get(name, 0.0) for name in mine | theirs})


@dataclass(frozen=True, slots=True)
class Explanation:
    """All candidates of a name, likeliest first, and how sure the first is (0..1)."""

    confidence: float
    candidates: tuple[Explained, ...]


def explain(name: str, gazetteer: Gazetteer, text: str = "", names: Sequence[NameTag] = ()) -> Explanation | None:
    """What may be meant by the name, standing alone or where it stands in the text; None if nothing is known by it.

    ``names`` are what the tagger finds in the text. Every occurrence of the name in it counts as a place's.
    """
    text = text if name in text else f"{text}\n{name}."
    own = [NameTag(Span(*m.span()), NameKind.PLACE, 1.0) for m in re.finditer(re.escape(name), text)]
    tags = [*own, *(n for n in names if not any(n.span.overlaps(o.span) for o in own))]
    found = mentions(text, sorted(tags, key=lambda t: t.span), gazetteer)
    members = groups_of(found)
    at = next((n for n, those in enumerate(members) if any(found[i].span.overlaps(own[0].span) for i in those)), None)
    if at is None:
        return None
    groups = [group_of(found, those) for those in members]
    scene, weights = Scene(groups, gazetteer), load_weights()
    shares, features = look(scene, weights.alone, weights.together)
    adds = features * weights.together
    candidates = [
        Explained(
            gazetteer.place_at(int(scene.rows[i])),
            Match(int(scene.matches[i])),
            float(shares[i]),
            _weightiest(dict(zip(ALONE + TOGETHER, adds[i].tolist(), strict=True))),
        )
        for i in range(int(scene.starts[at]), int(scene.starts[at + 1]))
    ]
    confidence = rank(groups, gazetteer)[at].confidence
    return Explanation(confidence, tuple(sorted(candidates, key=lambda c: -c.share)))


def _weightiest(adds: dict[str, float]) -> tuple[Reason, ...]:
    kept = (Reason(feature, added) for feature, added in adds.items() if abs(added) >= _SHOWN)
    return tuple(sorted(kept, key=lambda r: -abs(r.adds)))
