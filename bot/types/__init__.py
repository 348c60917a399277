"""The nouns of Dateline: frozen values that one stage hands to the next. No I/O lives here.

Offsets are characters into an article's text, half-open. Datetimes are aware and in UTC. ``None`` means unknown.
Coordinates are degrees, WGS 84. ``docs/glossary.md`` says what each word means.
"""

from bot.types.briefing import (
    ArticleRef,
    Briefing,
    BriefingPlace,
    BriefingSource,
    Claim,
    Digest,
    Disagreement,
    Evidence,
    Importance,
    Length,
    Point,
    Statement,
    Story,
)
from bot.types.desk import Channel, Delivery, DeliveryState, Quiet, Said, Subscription, Watch, WatchKind
from bot.types.news import Article, Feed, FeedEntry, Span
from bot.types.reading import (
    Attribution,
    Furniture,
    MentionKind,
    Place,
    Reading,
    Sentence,
    Source,
    SourceKind,
    Stance,
    Toponym,
)
from bot.types.writing import Prompt, Reply

__all__ = [
    "Article",
    "ArticleRef",
    "Attribution",
    "Briefing",
    "BriefingPlace",
    "BriefingSource",
    "Channel",
    "Claim",
    "Delivery",
    "DeliveryState",
    "Digest",
    "Disagreement",
    "Evidence",
    "Feed",
    "FeedEntry",
    "Furniture",
    "Importance",
    "Length",
    "MentionKind",
    "Place",
    "Point",
    "Prompt",
    "Quiet",
    "Reading",
    "Reply",
    "Said",
    "Sentence",
    "Source",
    "SourceKind",
    "Span",
    "Stance",
    "Statement",
    "Story",
    "Subscription",
    "Toponym",
    "Watch",
    "WatchKind",
]
