"""What is taken of a text: as going through all spans would tell."""

from hypothesis import given
from hypothesis import strategies as st

from bot.reading.cover import Cover
from bot.types import Span

SPANS = st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


@given(st.lists(SPANS, max_size=8), SPANS)
def test_a_span_touches_what_overlaps_it(spans: list[Span], asked: Span) -> None:
    assert Cover(spans).touches(asked) == any(asked.overlaps(span) for span in spans)


@given(st.lists(SPANS, max_size=8), SPANS)
def test_a_span_is_held_where_all_its_characters_are_taken(spans: list[Span], asked: Span) -> None:
    taken = {at for span in spans for at in range(*span)}
    alone = all(span.end != other.start for span in spans for other in spans)  # neighbours stay two
    assert not alone or Cover(spans).holds(asked) == taken.issuperset(range(*asked))


@given(st.lists(SPANS, max_size=8), SPANS)
def test_what_is_added_is_taken(spans: list[Span], asked: Span) -> None:
    cover = Cover(())
    for span in spans:
        if not cover.touches(span):
            cover.add(span)
    assert cover.touches(asked) == any(asked.overlaps(run) for run in spans if cover.holds(run))
