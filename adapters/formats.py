"""Briefings as JSON and Markdown. The JSON is documented in ``docs/json.md`` and stays as it is."""

import re
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from adapters.inert import inert, inert_url
from adapters.wording import article_line, citation, described, located, numbers_of, standing
from bot.types import Article, ArticleRef, Briefing, BriefingPlace, BriefingSource, Digest, Disagreement, Point, Reading

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#+!|~@&-])")

Json = dict[str, Any]


def digest_json(digest: Digest) -> Json:
    """A lone story's briefing as it is; several in one object, with "title", "since", "until" and "left_out"."""
    if len(digest.briefings) == 1 and not digest.left_out:
        return briefing_json(digest.briefings[0])
    return {
        "title": digest.title,
        "since": _time(digest.since),
        "until": _time(digest.until),
        "briefings": [briefing_json(briefing) for briefing in digest.briefings],
        "left_out": digest.left_out,
    }


def briefing_json(briefing: Briefing) -> Json:
    """The briefing as ``docs/json.md`` describes it."""
    return {
        "headline": briefing.headline,
        "points": [_point(point) for point in briefing.points],
        "places": [_place(place) for place in briefing.places],
        "sources": [_source(source) for source in briefing.sources],
        "disagreements": [_disagreement(disagreement) for disagreement in briefing.disagreements],
        "articles": [_reference(article) for article in briefing.articles],
        "method": briefing.method,
        "generated": _time(briefing.generated),
        "dropped": briefing.dropped,
        "note": briefing.note,
    }


def article_json(article: Article) -> Json:
    """The article whole; offsets everywhere are characters into its ``text``."""
    return asdict(article) | {"published": _time(article.published)}


def reading_json(reading: Reading) -> Json:
    """What was found in an article, with the names that ``bot.types`` has; spans as [start, end]."""
    return {key: value for key, value in asdict(reading).items() if key != "article"} | {
        "sources": [asdict(one) | {"role_as_of": _time(one.role_as_of)} for one in reading.sources]
    }


def digest_markdown(digest: Digest, zone: ZoneInfo) -> str:
    """The digest's briefings, one below the other."""
    parts = [briefing_markdown(briefing, zone) for briefing in digest.briefings]
    if digest.left_out:
        parts.append(f"*{digest.left_out} more {'story' if digest.left_out == 1 else 'stories'}.*\n")
    return "\n".join(parts)


def briefing_markdown(briefing: Briefing, zone: ZoneInfo) -> str:
    """The briefing as CommonMark; nothing in an article's words is taken for markup."""
    numbers = numbers_of(briefing)
    lines = [f"## {_plain(briefing.headline)}", ""]
    for number, point in enumerate(briefing.points, 1):
        lines.append(f"{number}. {_plain(point.text)} {_cited(point, numbers)}")
    lines += ["", *_places_markdown(briefing), *_sources_markdown(briefing), *_disagreements_markdown(briefing)]
    lines += [f"*{standing(briefing)}*", ""]
    for article in briefing.articles:
        line = _plain(article_line(article, zone))
        lines.append(
            f"[{numbers[article.id]}] " + (f"[{line}](<{inert_url(article.url)}>)" if article.url else line) + "  "
        )
    return "\n".join(lines) + "\n"


def _places_markdown(briefing: Briefing) -> list[str]:
    names = [f"{_plain(p.name)} ({_plain(located(p))})" if located(p) else _plain(p.name) for p in briefing.places]
    return [f"**Places** {' · '.join(names)}", ""] if names else []


def _sources_markdown(briefing: Briefing) -> list[str]:
    names = [f"{_plain(s.source.name)} ({_plain(described(s))})" for s in briefing.sources]
    return [f"**Sources** {' · '.join(names)}", ""] if names else []


def _disagreements_markdown(briefing: Briefing) -> list[str]:
    lines = []
    for disagreement in briefing.disagreements:
        lines += [f"**Disagreement** {_plain(disagreement.about)}", ""]
        lines += [f"- {_plain(c.source or 'the article itself')}: “{_plain(c.text)}”" for c in disagreement.claims]
        lines.append("")
    return lines


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", inert(text))


def _cited(point: Point, numbers: dict[str, int]) -> str:
    return _plain(citation(sorted({numbers[evidence.article] for evidence in point.evidence})))


def _point(point: Point) -> Json:
    return {
        "text": point.text,
        "evidence": [{"article": e.article, "start": e.span.start, "end": e.span.end} for e in point.evidence],
        "sources": list(point.sources),
        "places": list(point.places),
    }


def _place(entry: BriefingPlace) -> Json:
    place = entry.place
    return {
        "name": entry.name,
        "surface": list(entry.surface),
        "geonameid": place.geonameid if place and place.geonameid > 0 else None,
        "feature_code": place.feature_code if place else None,
        "country_code": place.country_code if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "located": place is not None,
        "confidence": round(place.confidence, 3) if place else 0.0,
        "importance": entry.importance.value,
    }


def _source(entry: BriefingSource) -> Json:
    return {
        "name": entry.source.name,
        "kind": entry.source.kind.value,
        "role": entry.source.role,
        "aliases": list(entry.source.aliases),
        "statements": [
            {"article": s.article, "start": s.span.start, "end": s.span.end, "direct": s.direct}
            for s in entry.statements
        ],
    }


def _disagreement(disagreement: Disagreement) -> Json:
    return {
        "about": disagreement.about,
        "claims": [
            {"text": c.text, "article": c.article, "start": c.span.start, "end": c.span.end, "source": c.source}
            for c in disagreement.claims
        ],
    }


def _reference(article: ArticleRef) -> Json:
    return {
        "id": article.id,
        "url": article.url,
        "outlet": article.outlet,
        "title": article.title,
        "published": _time(article.published),
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
