"""The measured tasks: what Dateline predicts for one document of each, through its ordinary public functions."""

import gzip
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs

from bot.briefing import points, stories, support
from bot.errors import UnreadableInput
from bot.news import pages
from bot.reading import sentences
from bot.reading.gazetteer import open_gazetteer
from bot.reading.read import ArticleReader
from bot.types import Article, Reading

Row = dict[str, Any]


@cache
def reader() -> ArticleReader:
    """The reader with its ordinary settings, on the place index in the user's cache."""
    return ArticleReader(open_gazetteer(Path(platformdirs.user_cache_dir("dateline", appauthor=False))))


def _article(row: Row, text: str) -> Article:
    return Article(str(row["id"]), text, url=row.get("outlet_url"), title=row.get("title"))


def _read(row: Row, text: str) -> Reading:
    return reader().read_as(_article(row, text), "en")


def places(row: Row, _folder: Path) -> Row:
    """Every toponym, located or not."""
    found = []
    for toponym in _read(row, row["text"]).toponyms:
        place = toponym.place
        found.append(
            {
                "start": toponym.span.start,
                "end": toponym.span.end,
                "name": toponym.name,
                "lat": place.lat if place else None,
                "lon": place.lon if place else None,
                "geonameid": str(place.geonameid) if place else None,
            }
        )
    return {"id": row["id"], "places": found}


def attributions(row: Row, _folder: Path) -> Row:
    """Who said what."""
    reading = _read(row, row["text"])
    said = [
        {
            "source": list(a.source_span) if a.source_span else None,
            "content": list(a.span),
            "name": a.source,
        }
        for a in reading.attributions
    ]
    return {"id": row["id"], "attributions": said}


def names(row: Row, _folder: Path) -> Row:
    """Names of people, organisations and places; a place's name within an organisation's is part of that."""
    tags = reader().tagger.tag(row["text"]).names
    bodies = [tag.span for tag in tags if tag.kind == "organisation"]
    flat = [tag for tag in tags if tag.kind != "place" or not any(body.holds(tag.span) for body in bodies)]
    return {"id": row["id"], "names": [{"start": t.span.start, "end": t.span.end, "kind": str(t.kind)} for t in flat]}


def summaries(row: Row, _folder: Path) -> Row:
    """A summary of some 60 words."""
    text = row["documents"][0]
    return {"id": row["id"], "summary": points.summary(_article(row, text), _sentences_only(row, text))}


def page_text(row: Row, folder: Path) -> Row:
    """The text of a news page."""
    html = gzip.decompress((folder / row["html"]).read_bytes())
    try:
        return {"id": row["id"], "text": pages.extract(html, row["url"]).text}
    except UnreadableInput:
        return {"id": row["id"], "text": ""}


def facts(row: Row, _folder: Path) -> Row:
    """Whether a summary follows from its article."""
    return {"id": row["id"], "supported": support.check(row["summary"], [row["document"]]).supported}


def grouped(rows: list[Row], _folder: Path) -> Iterator[Row]:
    """Which story each article belongs to; the articles are read first, in the order given."""
    articles, readings = [], []
    for row in rows:
        articles.append(_article(row, row["text"]))
        readings.append(_read(row, row["text"]))
        yield {}  # one step of progress
    for story in stories.group(articles, readings):
        for ident in story.articles:
            yield {"id": ident, "story": story.id}


def _sentences_only(row: Row, text: str) -> Reading:
    return Reading(str(row["id"]), "en", sentences.split(text), (), (), ())


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the table: data, scorer, the figures to show with baseline and target."""

    data: str
    scorer: str
    figures: Mapping[str, tuple[str, str, str]]  # label -> (path in the scorer's answer, baseline, target)
    one: Callable[[Row, Path], Row] | None  # None: the task needs all rows at once


_PLACES = "score_places.py"


def _place_figures(found: tuple[str, str], ended: tuple[str, str]) -> dict[str, tuple[str, str, str]]:
    return {"recognition F1": ("recognition.f1", *found), "end-to-end F1": ("end_to_end.f1", *ended)}


TASKS: Mapping[str, Task] = {
    "places-lgl": Task("places-dev-lgl", _PLACES, _place_figures(("0.681", "0.86"), ("0.246", "0.70")), places),
    "places-geowebnews": Task(
        "places-dev-geowebnews", _PLACES, _place_figures(("0.699", "0.84"), ("0.248", "0.73")), places
    ),
    "places-geovirus": Task(
        "places-dev-geovirus", _PLACES, _place_figures(("0.912", "0.93"), ("0.385", "0.76")), places
    ),
    "attributions": Task(
        "attributions-dev",
        "score_attributions.py",
        {"who said what F1": ("who_said_what.f1", "0.681", "0.88"), "named recall": ("named_recall", "0.561", "0.90")},
        attributions,
    ),
    "names": Task("names-dev", "score_names.py", {"F1": ("f1", "0.498", "0.72")}, names),
    "summaries": Task(
        "summaries-cnndm",
        "score_summaries.py",
        {"ROUGE-1": ("summary.rouge1", "0.399", "0.41"), "ROUGE-2": ("summary.rouge2", "0.177", "0.185")},
        summaries,
    ),
    "pages": Task("pages", "score_pages.py", {"F1": ("f1", "0.948", "0.965")}, page_text),
    "stories": Task("stories-ecbplus", "score_stories.py", {"B-cubed F1": ("f1", "0.859", "0.93")}, None),
    "facts": Task(
        "facts-frank-valid", "score_facts.py", {"balanced accuracy": ("balanced_accuracy", "0.65", "0.70")}, facts
    ),
}

PREDICTORS: Mapping[str, Callable[[Row, Path], Row] | None] = {
    "places": places,
    "attributions": attributions,
    "names": names,
    "summaries": summaries,
    "pages": page_text,
    "stories": None,
    "facts": facts,
}
