"""The sample articles are good pastes, and the labels of all marked articles fit them."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.news.folders import changes
from bot.types import Attribution, MentionKind, Place, Reading, Sentence, Span, Toponym
from tests import agreement
from tests.agreement import Score
from tests.labelled import FOLDER, PROJECT, LabelError, Labelled, LabelledPlace, every, load

SEEDS = PROJECT / "seeds"
MEASURES = (
    agreement.score_places,
    agreement.score_kinds,
    agreement.score_sources,
    agreement.score_roles,
    agreement.score_statements,
    agreement.score_stances,
    agreement.score_furniture,
)


@pytest.fixture(scope="module")
def labelled() -> tuple[Labelled, ...]:
    return every()


def perfect(label: Labelled) -> Reading:
    """The reading that agrees with every label."""
    return Reading(
        article=label.article.id,
        language="en",
        sentences=tuple(Sentence(span, 0, kind) for span, kind in label.furniture),
        toponyms=tuple(_toponym(span, place) for place in label.places for span in place.spans),
        sources=tuple(source.source for source in label.sources),
        attributions=tuple(Attribution(s.source, None, None, s.content, s.direct, s.stance) for s in label.statements),
    )


def _toponym(span: Span, label: LabelledPlace) -> Toponym:
    place = Place(1, label.name, "PPL", None, None, *label.at) if label.at else None
    return Toponym(span, label.name, label.kind, place)


def test_seeds_are_all_read_and_of_an_articles_length() -> None:
    found = changes(SEEDS, {})
    assert found.failures == ()
    assert len(found.articles) == 8
    assert all(350 <= len(article.text.split()) <= 800 for article in found.articles)


def test_seeds_that_say_where_they_are_from_say_it_whole() -> None:
    articles = [article for article in changes(SEEDS, {}).articles if article.url]
    week = datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)
    assert len(articles) == 4
    assert len({article.outlet for article in articles}) == 4
    for article in articles:
        assert article.title
        assert article.author
        assert ".example/" in (article.url or "")
        assert article.published
        assert week[0] <= article.published < week[1]


def test_every_seed_is_labelled_and_as_many_articles_besides(labelled: tuple[Labelled, ...]) -> None:
    seeds = {path.stem for path in SEEDS.iterdir() if path.stem != "README"}
    names = {label.name for label in labelled}
    assert seeds <= names
    assert len(names - seeds) >= 8


def test_the_reading_that_agrees_with_every_label_scores_full(labelled: tuple[Labelled, ...]) -> None:
    for measure in MEASURES:
        score = sum((measure(label, perfect(label)) for label in labelled), Score())
        assert score.labelled > 0
        assert (score.recall, score.accuracy, score.precision) == (1, 1, 1), measure.__name__


def test_the_empty_reading_finds_nothing(labelled: tuple[Labelled, ...]) -> None:
    for label in labelled:
        empty = Reading(label.article.id, "en", (), (), (), ())
        assert agreement.score_statements(label, empty).recall == 0
        assert agreement.score_places(label, empty).recall == 0
        assert agreement.score_sources(label, empty).recall == 0


def test_a_place_put_elsewhere_is_found_but_not_right(labelled: tuple[Labelled, ...]) -> None:
    label = _named(labelled, "georgia-vote")
    elsewhere = Place(2, "Georgia", "ADM1", "US", "Georgia", 32.75, -83.5)
    moved = tuple(replace(t, place=elsewhere) if t.name == "Batumi" else t for t in perfect(label).toponyms)
    score = agreement.score_places(label, replace(perfect(label), toponyms=moved))
    assert score.recall == 1
    assert score.labelled - score.right == 3


def test_a_word_taken_for_a_place_counts_against_a_reading(labelled: tuple[Labelled, ...]) -> None:
    label = _named(labelled, "ports-strike")
    start = label.article.text.index("Mobile cranes")
    mobile = Toponym(Span(start, start + 6), "Mobile", MentionKind.LITERAL, None)
    score = agreement.score_places(label, replace(perfect(label), toponyms=(*perfect(label).toponyms, mobile)))
    assert score.predicted - score.sound == 1


def test_a_statement_given_to_another_is_found_but_not_right(labelled: tuple[Labelled, ...]) -> None:
    label = _named(labelled, "sindh-cyclone")
    swapped = tuple(
        replace(a, source="Imran Baloch") if a.source == "Farida Junejo" else a for a in perfect(label).attributions
    )
    score = agreement.score_statements(label, replace(perfect(label), attributions=swapped))
    assert score.recall == 1
    assert score.accuracy < 1


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("Goma = 3", "Goma = 4", "'Goma' stands in the body 3 times, not 4"),
        ("Sake is quiet and in our hands", "Sake is lost", "'Sake is lost' stands in the text 0 times"),
        ('source = "Willy Kasongo"', 'source = "Nobody"', "'Nobody' is no source"),
        ('role = "a spokesman for the rebels"', 'role = "a poet"', "'a poet' is not in the text"),
        ("direct = true", "direkt = true", "direkt"),
    ],
)
def test_a_label_that_does_not_fit_is_refused_by_name(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    good = (FOLDER / "conflict-goma.toml").read_text(encoding="utf-8")
    head, labels = good.split("[furniture]")
    bad = tmp_path / "bad.toml"
    bad.write_text(f"{head}[furniture]{labels.replace(old, new, 1)}", encoding="utf-8")
    with pytest.raises(LabelError, match=rf"bad\.toml: (.|\n)*{complaint}"):
        load(bad)


def _named(labelled: tuple[Labelled, ...], name: str) -> Labelled:
    return next(label for label in labelled if label.name == name)
