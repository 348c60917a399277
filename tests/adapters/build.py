"""A briefing for the renderers, with text that tries what text from outside may try."""

from datetime import UTC, datetime

from bot.types import (
    ArticleRef,
    Briefing,
    BriefingPlace,
    BriefingSource,
    Claim,
    Digest,
    Disagreement,
    Evidence,
    Importance,
    Place,
    Point,
    Source,
    SourceKind,
    Span,
    Stance,
    Statement,
)

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
LYMAN = Place(702320, "Lyman", "PPL", "UA", "Donetsk Oblast", 48.9896, 37.8117, confidence=0.91234, population=20_469)


def briefing(
    point: str = "Lyman changed hands, Olena Hrytsenko said.", headline: str = "Lyman changes hands"
) -> Briefing:
    return Briefing(
        headline=headline,
        points=(
            Point(point, (Evidence("a1", Span(0, 41)), Evidence("b2", Span(5, 46))), ("Olena Hrytsenko",), ("Lyman",)),
            Point("Trains run again.", (Evidence("a1", Span(42, 59)),)),
        ),
        places=(
            BriefingPlace("Lyman", ("Lyman", "Liman"), Importance.KEY, LYMAN),
            BriefingPlace("Synkivka", ("Synkivka",), Importance.MINOR, None, near="Lyman"),
        ),
        sources=(
            BriefingSource(
                Source("Olena Hrytsenko", SourceKind.PERSON, "brigade spokeswoman", ("Hrytsenko",)),
                (
                    Statement("a1", Span(0, 21), direct=False, stance=Stance.CLAIMS),
                    Statement("b2", Span(5, 26), direct=True, stance=Stance.DENIES),
                ),
            ),
        ),
        disagreements=(
            Disagreement(
                "who holds Lyman",
                (
                    Claim("Lyman changed hands", "a1", Span(0, 19), "Olena Hrytsenko"),
                    Claim("Lyman did not fall", "b2", Span(5, 23), None),
                ),
            ),
        ),
        articles=(
            ArticleRef("a1", "https://one.example/a", "One", "A town", NOW),
            ArticleRef("b2", None, None, None, None),
        ),
        method="extractive",
        generated=NOW,
    )


def digest(*briefings: Briefing, left_out: int = 0) -> Digest:
    return Digest("Digest", None, NOW, briefings, left_out)
