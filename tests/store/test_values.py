import pytest

from bot.store.values import fold, quote
from bot.types import Span


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Volodymyr  Zelenskyy", "volodymyr zelenskyy"),
        ("São Tomé", "sao tome"),
        ("Côte-d’Ivoire", "cote d ivoire"),
        ("O'Neill, J.", "o neill j"),
        ("СПІКЕР", "спікер"),
        ("…", ""),
    ],
)
def test_names_are_compared_without_case_accents_and_punctuation(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_words_in_pieces_show_where_something_is_left_out() -> None:
    text = "“The quay is\n shut,” she said, “until May.”"
    assert quote(text, (Span(1, 19), Span(32, 42))) == "The quay is shut, … until May."
