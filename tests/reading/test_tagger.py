"""The reader's tagger: what it finds in texts of our own, and that no text breaks it."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.decoding import HEADS, Settings, Window, decode
from bot.reading.tagger import NameKind, StatementTag, Tagger, Tags
from bot.reading.tokens import DATA, ROOM, Encoder, NameTable, name_key, normalised, windows
from bot.types import Span

REPORT = """\
ZAPORIZHZHIA, Ukraine — Two people were hurt when a warehouse burned in the port of Odesa on Sunday, officials said.

“The fire is out, and no ship was damaged,” said Maria Koval, a spokeswoman for the regional administration. She \
added that 40 firefighters had worked through the night.

According to the International Committee of the Red Cross, the grain was bound for Egypt.
"""


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger()


def names(text: str, tags: Tags, kind: NameKind) -> list[str]:
    return [t.span.of(text) for t in tags.names if t.kind == kind]


def said_by(text: str, tags: Tags, source: str) -> StatementTag:
    return next(s for s in tags.statements if s.source and source in s.source.of(text))


def test_a_reports_places_and_people_are_found(tagger: Tagger) -> None:
    tags = tagger.tag(REPORT)
    assert {"Ukraine", "Odesa", "Egypt"} <= set(names(REPORT, tags, NameKind.PLACE))
    assert "Maria Koval" in names(REPORT, tags, NameKind.PERSON)
    assert any("International Committee of the Red Cross" in n for n in names(REPORT, tags, NameKind.ORGANISATION))


def test_statements_tell_who_said_what_with_which_words(tagger: Tagger) -> None:
    tags = tagger.tag(REPORT)
    koval = said_by(REPORT, tags, "Maria Koval")
    assert koval.cue.of(REPORT) == "said"
    assert "no ship was damaged" in koval.content[0].of(REPORT)
    assert "40 firefighters" in said_by(REPORT, tags, "She").content[0].of(REPORT)
    cross = said_by(REPORT, tags, "Red Cross")
    assert cross.cue.of(REPORT) == "According to"
    assert "bound for Egypt" in cross.content[0].of(REPORT)


def test_quotation_marks_of_any_style_give_the_same(tagger: Tagger) -> None:
    straight = REPORT.replace("“", '"').replace("”", '"')
    assert tagger.tag(straight) == tagger.tag(REPORT)
    assert tagger.tag(REPORT.replace("“", "«").replace("”", "»")) == tagger.tag(REPORT)


def test_a_long_article_is_read_to_its_end(tagger: Tagger) -> None:
    filler = "The committee met for the third time this week without a decision on the budget. " * 60
    text = filler + "\n\n" + REPORT
    assert "Egypt" in names(text, tagger.tag(text), NameKind.PLACE)
    assert said_by(text, tagger.tag(text), "Maria Koval")


def test_what_a_window_gives_depends_on_nothing_outside_it(tagger: Tagger) -> None:
    start = "The committee met for the third time this week without a decision on the budget. " * 30
    one, other = (tagger.scores(start + end)[1] for end in (REPORT, "Nothing else was said. " * 90))
    assert len(one) < len(other)
    assert np.array_equal(one[0].labels, other[0].labels)
    assert np.array_equal(one[0].vectors, other[0].vectors)


def test_the_number_of_threads_changes_nothing(tagger: Tagger) -> None:
    assert Tagger(threads=2).tag(REPORT) == tagger.tag(REPORT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "👍🏽",
        "\ud800 torn",
        "x" * 3000,
        "Ж" * 700,
        '"' * 600,
        "北京发生地震。" * 200,
        "A\r\n\r\nB\u2028C",
    ],
)
def test_no_text_breaks_it(tagger: Tagger, text: str) -> None:
    assert all(0 <= t.span.start < t.span.end <= len(text) for t in tagger.tag(text).names)


@settings(deadline=None, max_examples=25)
@given(st.text(alphabet=st.sampled_from("Paris said “”'\"«»,.\n éß👍Київ()-"), max_size=400))
def test_spans_lie_in_the_text_in_order_and_tidy(text: str) -> None:
    tags = _shared().tag(text)
    spans = [t.span for t in tags.names]
    assert spans == sorted(spans)
    assert all(s.of(text) == s.of(text).strip(" \n\"'“”«»") != "" for s in spans)
    assert all(list(s.content) == sorted(s.content) and s.content[-1].end <= len(text) for s in tags.statements)


def _shared(kept: list[Tagger] = []) -> Tagger:  # noqa: B006 -- the default is the cache: hypothesis takes no module fixture
    if not kept:
        kept.append(Tagger())
    return kept[0]


def test_normalising_keeps_every_offset() -> None:
    text = "‘Yes’\u00a0— “no”\r\n«да»\u2011x"
    assert len(normalised(text)) == len(text)
    assert normalised(text) == '\'Yes\' — "no"\n\n"да"-x'


def test_windows_cover_every_piece_and_overlap() -> None:
    for size in (1, ROOM, ROOM + 1, 3000):
        ranges = list(windows(np.arange(0, size, 30), size, 48))
        assert ranges[0][0] == 0
        assert ranges[-1][1] == size
        assert all(0 < high - low <= ROOM for low, high in ranges)
        assert all(24 <= a[1] - b[0] <= 72 for a, b in pairwise(ranges))


def test_windows_without_breaks_still_end() -> None:
    assert list(windows(np.array([0]), 600, 48))[-1][1] == 600


def test_the_name_table_knows_what_was_put_in() -> None:
    table = NameTable.of({name_key("Saint-Étienne"), name_key("Lyman")}, 1 << 10)
    assert "saint etienne" in NameTable(table.to_bytes())
    assert "lyman" in table
    assert "warehouse" not in table


def test_places_that_packages_know_are_marked_as_features() -> None:
    coded = Encoder().encode("They left New Orleans for Lyman.")
    words = "They left New Orleans for Lyman."
    row = {words[s:e]: k for k, (s, e) in enumerate(zip(coded.starts, coded.ends, strict=True))}
    assert coded.given[row["New"], 6] == coded.given[row["Orleans"], 6] == 1
    assert coded.given[row["They"], 6] == 0


def test_pieces_that_point_to_one_cue_become_one_statement() -> None:
    text = '"We won," said Ana Horn, "and we are tired."'
    tags = _decoded(text, {"cue": ["said"], "source": ["Ana Horn"], "content": ['"We won,"', '"and we are tired."']})
    (only,) = tags.statements
    assert [c.of(text) for c in only.content] == ['"We won,"', '"and we are tired."']
    assert only.source is not None
    assert only.source.of(text) == "Ana Horn"


def test_a_splinter_is_no_statement() -> None:
    assert _decoded("She said so.", {"cue": ["said"], "source": ["She"], "content": ["so"]}).statements == ()


def test_a_content_that_points_nowhere_is_no_statement() -> None:
    text = "Ana Horn said that the bridge had been closed."
    tags = _decoded(text, {"source": ["Ana Horn"], "content": ["that the bridge had been closed"]})
    assert tags.statements == ()


def _decoded(text: str, marked: dict[str, list[str]]) -> Tags:
    """What is decoded from a model that is sure of these words, and links everything to the only cue and source."""
    coded = Encoder().encode(text)
    labels = np.zeros((len(coded), len(HEADS), 3), dtype=np.float32)
    labels[:, :, 0] = 5
    vectors = np.zeros((len(coded) + 2, 4, 8), dtype=np.float32)
    for head, parts in marked.items():
        for part in parts:
            start = text.index(part)
            inside = np.flatnonzero((coded.starts >= start) & (coded.ends <= start + len(part)))
            labels[inside, HEADS.index(head), 2] = 10
            labels[inside[0], HEADS.index(head), 1] = 15
            vectors[inside[0] + 1, {"content": [0], "cue": [1, 2], "source": [3]}[head]] = 3
    return decode(text, coded, [Window(0, len(coded), labels, vectors)], Settings())


def test_the_model_in_the_package_is_small() -> None:
    assert (DATA / "reader.onnx").stat().st_size < 30_000_000


def test_tagging_is_the_same_with_the_model_named(tagger: Tagger) -> None:
    named = Tagger(Path(DATA / "reader.onnx"))
    assert named.tag(REPORT) == tagger.tag(REPORT)


def test_a_span_is_of_the_shared_type(tagger: Tagger) -> None:
    assert isinstance(tagger.tag(REPORT).names[0].span, Span)
