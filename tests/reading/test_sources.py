"""Who says so: entries of sources with their roles, and what holds whatever the tagger gives."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading import sentences, sources
from bot.reading.tagger import NameKind, NameTag, StatementTag, Tags
from bot.types import SourceKind, Span, Stance
from tests.reading.marked import read


def test_a_person_has_one_entry_with_role_and_other_names() -> None:
    _, found, said = read(
        "Harbour Authority spokeswoman [p:Ruth S. Adeyemi] said the port would stay shut until Friday. "
        "[p:Adeyemi] denied that fuel had leaked. “It is sealed,” she said.",
        ("Harbour Authority spokeswoman Ruth S. Adeyemi", "said", "the port would stay shut until Friday"),
        ("Adeyemi", "denied", "that fuel had leaked"),
        ("she", "said", "“It is sealed,”"),
        published=datetime(2022, 10, 3, tzinfo=UTC),
    )
    source = found["Ruth Adeyemi"]
    assert len(found) == 1
    assert (source.kind, source.role) == (SourceKind.PERSON, "Harbour Authority spokeswoman")
    assert source.aliases == ("Ruth S. Adeyemi", "Adeyemi")
    assert source.role_as_of == datetime(2022, 10, 3, tzinfo=UTC)
    assert [a.source for a in said] == ["Ruth Adeyemi"] * 3
    assert [a.stance for a in said] == [Stance.SAYS, Stance.DENIES, Stance.SAYS]
    assert [a.direct for a in said] == [False, False, True]


@pytest.mark.parametrize(
    ("opening", "role"),
    [
        (
            "[p:Oleh Bondar], the governor of [l:Kharkiv] and a former judge, said",
            "governor of Kharkiv and a former judge",
        ),
        ("Even Kharkiv governor [p:Oleh Bondar] said", "Kharkiv governor"),
        ("President [p:Oleh Bondar] said", "President"),
        ("Mr. [p:Oleh Bondar] said", None),
    ],
)
def test_a_role_is_given_in_the_articles_words(opening: str, role: str | None) -> None:
    _, found, _ = read(f"{opening} the bridge was closed on Monday.", ("Oleh Bondar", "said", "the bridge was closed"))
    assert found["Oleh Bondar"].role == role


@pytest.mark.parametrize(
    ("marked", "source", "name", "role"),
    [
        ("[p:Neo Lund], who leads the talks, said", "Neo Lund", "Neo Lund", "who leads the talks"),
        ("[p:Neo Lund] of the [o:Rye Trust] said", "Neo Lund", "Neo Lund", "of the Rye Trust"),
        ("Its rival, [p:Neo Lund], said", "Its rival", "Neo Lund", "rival"),
        (
            "Superintendent of Police [p:Neo Lund] said",
            "Superintendent of Police Neo Lund",
            "Neo Lund",
            "Superintendent of Police",
        ),
        (
            "The research group [o:Delta Monitor] said",
            "The research group Delta Monitor",
            "Delta Monitor",
            "research group",
        ),
        ("A nurse who gave her name only as [l:Awa] said", "A nurse", "Awa", "nurse"),
    ],
)
def test_titles_and_descriptions_are_parted_from_names(marked: str, source: str, name: str, role: str) -> None:
    _, found, _ = read(f"{marked} the bridge was closed on Monday.", (source, "said", "the bridge was closed"))
    assert {s.name: s.role for s in found.values()} == {name: role}


def test_people_who_are_only_talked_about_are_no_sources() -> None:
    _, found, _ = read(
        "[p:Peter Lang] met [p:Maria Koval]. [p:Lang] said it went well.", ("Lang", "said", "it went well")
    )
    assert list(found) == ["Peter Lang"]


def _spans(limit: int) -> st.SearchStrategy[Span]:
    bounds = st.tuples(st.integers(0, limit - 1), st.integers(1, 40))
    return bounds.map(lambda b: Span(b[0], min(limit, b[0] + b[1])))


@given(st.data())
def test_whatever_the_tags_every_source_is_listed_and_every_span_lies_in_the_text(data: st.DataObject) -> None:
    words = [
        "Ann",
        "Roe",
        "said",
        "“",
        "”",
        "the",
        "spokesman",
        ".",
        "\n\n",
        ",",
        "he",
        "ISW",
        "according to",
        "(",
        "of",
        "’s",
    ]
    text = " ".join(data.draw(st.lists(st.sampled_from(words), min_size=3, max_size=60)))
    spans = _spans(len(text))
    names = st.builds(NameTag, spans, st.sampled_from(NameKind), st.floats(0, 1))
    content = st.lists(spans, min_size=1, max_size=3).map(lambda pieces: tuple(sorted(pieces)))
    statements = st.builds(StatementTag, st.none() | spans, spans, content, st.floats(0, 1))
    tags = Tags(tuple(data.draw(st.lists(names, max_size=8))), tuple(data.draw(st.lists(statements, max_size=6))))
    found, said = sources.attribute(text, sentences.split(text), tags)
    assert {a.source for a in said} - {None} <= {s.name for s in found}
    assert all(0 <= p.start < p.end <= len(text) for a in said for p in a.content)
    assert all(s.name.strip() for s in found)


def test_no_tags_no_sources() -> None:
    assert sources.attribute("", (), Tags((), ())) == ((), ())


def test_a_real_article(shared: Path) -> None:
    text = next((shared / "seeds").glob("000_*.txt")).read_text(encoding="utf-8")
    found, _ = sources.attribute(text, sentences.split(text), Tags((), ()))
    assert {"Institute for the Study of War", "The New York Times"} <= {s.name for s in found}
    assert "Wikimedia" not in " ".join(s.name for s in found)
