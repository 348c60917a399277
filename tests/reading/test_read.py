"""The whole reader on the labelled articles: floors under what it finds, a little below what was measured."""

from collections.abc import Callable
from functools import reduce
from operator import add

import pytest

from bot.reading.gazetteer import Gazetteer
from bot.reading.read import ArticleReader
from bot.types import Reading
from tests import agreement
from tests.labelled import Labelled, every

Read = list[tuple[Labelled, Reading]]
Measure = Callable[[Labelled, Reading], agreement.Score]


@pytest.fixture(scope="module")
def read(gazetteer: Gazetteer) -> Read:
    reader = ArticleReader(gazetteer)
    return [(labelled, reader.read(labelled.article)) for labelled in every()]


@pytest.mark.parametrize(
    ("measure", "found", "right"),
    [
        (agreement.score_places, 0.95, 0.91),
        (agreement.score_kinds, 0.95, 0.92),
        (agreement.score_statements, 0.97, 0.91),
        (agreement.score_stances, 0.99, 0.95),
        (agreement.score_sources, 0.92, 0.90),
        (agreement.score_roles, 0.87, 0.85),
        (agreement.score_furniture, 0.97, 0.85),
    ],
)
def test_what_is_in_the_labelled_articles_is_found(read: Read, measure: Measure, found: float, right: float) -> None:
    score = reduce(add, (measure(labelled, reading) for labelled, reading in read))
    assert score.recall >= found
    assert score.accuracy >= right


def test_every_span_lies_in_its_article(read: Read) -> None:
    for labelled, reading in read:
        size = len(labelled.article.text)
        spans = [s.span for s in reading.sentences] + [t.span for t in reading.toponyms]
        spans += [piece for a in reading.attributions for piece in a.content]
        assert all(0 <= span.start < span.end <= size for span in spans)
        names = {source.name for source in reading.sources}
        assert all(a.source in names for a in reading.attributions if a.source)
