from dataclasses import replace

from adapters.wording import standing, written
from tests.adapters.build import briefing


def test_a_briefing_says_who_wrote_it() -> None:
    made = replace(briefing(), method="tiny:8b", dropped=1)
    sentences = len(made.points) + 1
    assert written(made) == f"written with tiny:8b; 1 of {sentences} sentences dropped"
    assert standing(made).endswith(written(made))
    assert written(replace(made, dropped=0)) == "written with tiny:8b"
    assert written(briefing()) == ""


def test_a_briefing_says_why_no_model_wrote_it() -> None:
    slow = replace(briefing(), note="it took too\x07 long")
    assert standing(slow).endswith("not written by the language model: it took too long")
