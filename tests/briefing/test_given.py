import pytest

from bot.briefing.given import introduced, needs, root


@pytest.mark.parametrize(
    ("sentence", "earlier", "taken"),
    [
        ("The depot burned until noon.", "A depot near Halden was hit on Friday.", {"depot"}),
        ("Lund said the increases were small.", "Prices rose, an increase of a tenth.", {"increas"}),
        ("Lund told the council that it was late.", "A council of nine met in Halden.", {"council"}),
        ("The council's answer came on Friday.", "A council of nine met in Halden.", {"council"}),
        ("The owner, Fjord Lines, paid for the repairs of 2019.", "A ferry sank.", {"owner"}),
        ("Boats struck the bridge on Friday.", "Halden spent a day in fog.", {"bridg"}),
        ("The company will close in May.", "Fjord Lines has two ferries.", {"company"}),
    ],
)
def test_a_thing_that_was_told_before_is_needed(sentence: str, earlier: str, taken: set[str]) -> None:
    assert needs(sentence, introduced(earlier).__contains__) == taken


@pytest.mark.parametrize(
    "sentence",
    [
        "The depot of Halden burned until noon.",
        "The depot that was hit on Friday burned until noon.",
        "The depot in Halden burned until noon.",
        "A depot burned, and firemen left the depot at noon.",
        "The depot, Fjord Stores, burned until noon.",
        "The largest depot burned until noon.",
        "The government met on the day after the vote.",
        "Fjord Lines will close its harbour office, the company said.",
    ],
)
def test_what_says_itself_which_one_it_is_needs_nothing(sentence: str) -> None:
    assert not needs(sentence, lambda stem: stem in {"depot", "government", "company"})


def test_a_thing_that_was_never_brought_in_is_known_to_all() -> None:
    earlier = "The tide was high in Halden."
    assert needs("The tide fell at noon.", introduced(earlier).__contains__) == frozenset()
    assert root("tide") not in introduced(earlier)
