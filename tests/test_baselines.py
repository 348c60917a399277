import pytest

from tests.bench.baselines import SUMMARISERS, lexrank, textrank

TEXTS = [
    "The ferry of Halden struck the old quay in thick fog.",
    "Thick fog lay over the old quay of Halden when the ferry struck.",
    "A baker in Oslo sells bread with seeds.",
]


@pytest.mark.parametrize("rank", [textrank, lexrank])
def test_sentences_that_share_words_are_worth_more(rank: object) -> None:
    assert callable(rank)
    worth = rank(TEXTS)
    assert worth.argmin() == 2
    assert worth.sum() == pytest.approx(1)


def test_every_summary_is_words_of_the_report() -> None:
    text = " ".join(TEXTS)
    for summarise in SUMMARISERS.values():
        assert set(summarise(text).split()) <= set(text.split())
    assert SUMMARISERS["lede"](text) == TEXTS[0]
