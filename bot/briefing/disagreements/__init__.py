"""Two evidenced statements about one thing that cannot both hold.

Precision first: a false alarm is worse than a miss. So only a few kinds are looked for, each with narrow conditions:
different counts of one thing in one event, who holds a place, whether something happened, and who did it. Every side is
quoted as it stands.
"""

from collections.abc import Sequence

from bot.briefing.disagreements import control, counts, denials
from bot.briefing.disagreements.assertions import Assertion, assertions
from bot.briefing.disagreements.control import muddled
from bot.types import Article, Disagreement, Reading, Span

__all__ = ["Assertion", "assertions", "find", "muddled"]


def find(articles: Sequence[Article], readings: Sequence[Reading]) -> tuple[Disagreement, ...]:
    """The disagreements within and between the articles of one story, losses first; empty if there are none that
    are sure.
    """
    said = [one for article, reading in zip(articles, readings, strict=True) for one in assertions(article, reading)]
    found = (*counts.find(said), *control.find(said), *denials.find(said))
    used: set[tuple[str, Span]] = set()
    kept = []
    for disagreement in found:
        where = {(claim.article, claim.span) for claim in disagreement.claims}
        if not where & used:
            kept.append(disagreement)
            used |= where
    return tuple(kept)
