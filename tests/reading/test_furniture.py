from pathlib import Path

import pytest

from bot.reading.sentences import split
from bot.types import Furniture

PAGE = """Flood reaches old town as dam holds

By Ruth Adeyemi and Ana Ruiz, Lowland Courier

Published 3 October 2022 10:40 GMT

The river rose again on Tuesday. “We are ready,” said the mayor.

Lower town, seen from the air
(Photo: Petro Shevchuk/Reuters)

No one was hurt.

What comes next

Read Next: Farmers count their losses after the storm

Officials will meet on Friday:

- pumps for the left bank
- a new wall

“Nobody sleeps here” — Olha, a resident

Farmers count their losses after the storm

Oleh Bondar
The governor visits a school in March (Source: Press Service of the Governor)

Why now? Because the snow melted.

Sign up for our newsletter

Share

Reporting by Ruth Adeyemi; editing by Ana Ruiz

© 2022 Lowland Courier. All rights reserved.
"""


def marks(text: str) -> dict[str, Furniture | None]:
    return {s.span.of(text): s.furniture for s in split(text)}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Flood reaches old town as dam holds", Furniture.HEADING),
        ("By Ruth Adeyemi and Ana Ruiz, Lowland Courier", Furniture.BYLINE),
        ("Published 3 October 2022 10:40 GMT", Furniture.BYLINE),
        ("Lower town, seen from the air", Furniture.CAPTION),
        ("(Photo: Petro Shevchuk/Reuters)", Furniture.CREDIT),
        ("What comes next", Furniture.HEADING),
        ("Read Next: Farmers count their losses after the storm", Furniture.READ_NEXT),
        ("Farmers count their losses after the storm", Furniture.READ_NEXT),
        ("Oleh Bondar", Furniture.CAPTION),
        ("The governor visits a school in March (Source: Press Service of the Governor)", Furniture.CAPTION),
        ("Sign up for our newsletter", Furniture.PROMOTION),
        ("Share", Furniture.PROMOTION),
        ("Reporting by Ruth Adeyemi; editing by Ana Ruiz", Furniture.BYLINE),
        ("© 2022 Lowland Courier. All rights reserved.", Furniture.PROMOTION),
    ],
)
def test_furniture_is_marked_and_stays_in_the_text(line: str, kind: Furniture) -> None:
    assert marks(PAGE)[line] is kind


@pytest.mark.parametrize(
    "line",
    [
        "The river rose again on Tuesday.",
        "“We are ready,” said the mayor.",
        "No one was hurt.",
        "Officials will meet on Friday:",
        "- pumps for the left bank",
        "“Nobody sleeps here” — Olha, a resident",
        "Why now?",
        "Because the snow melted.",
    ],
)
def test_short_lines_of_the_report_are_no_furniture(line: str) -> None:
    assert marks(PAGE)[line] is None


@pytest.mark.parametrize(
    "line",
    [
        "“Sign up or leave,” the commander told them.",
        "By Friday the water had reached the school.",
        "Share prices fell by a tenth on Monday after the bank’s warning to investors.",
        "Related deaths are counted apart.",
        "Photos by residents show smoke over the port, and officials confirmed a fire at the fuel depot there.",
    ],
)
def test_sentences_that_open_like_notices_are_no_furniture(line: str) -> None:
    page = f"The port burned.\n\n{line}\n\nNobody was hurt."
    assert not any(s.furniture for s in split(page))


def test_a_bare_post_is_not_all_heading() -> None:
    assert list(marks("Explosions heard in the port of Odesa").values()) == [None]


def test_a_real_article(shared: Path) -> None:
    text = next((shared / "seeds").glob("000_*.txt")).read_text(encoding="utf-8")
    furniture = [s for s in split(text) if s.furniture]
    assert len(furniture) == 6
    assert all(not s.span.of(text).endswith(".") for s in furniture)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Is the dam safe?", Furniture.HEADING),
        ("2. The pumps", Furniture.HEADING),
        ("By Ruth Adeyemi in Lower Linden", Furniture.BYLINE),
        ("Translated and shortened by R. Adeyemi", Furniture.BYLINE),
        ("An explainer by Ruth Adeyemi", Furniture.BYLINE),
        ("STAFF PHOTO BY RUTH ADEYEMI", Furniture.CREDIT),
        ("Volunteers on the left bank. Photo: R. Adeyemi", Furniture.CAPTION),
        ("Volunteers on the left bank (Lowland Courier: Ruth Adeyemi)", Furniture.CAPTION),
        ("Text FLOOD to 555 for updates", Furniture.PROMOTION),
        ("Was this forwarded to you? Subscribe.", Furniture.PROMOTION),
        ("BY THE WATER", Furniture.HEADING),
        ("Who is to pay? Nobody knows.", None),
    ],
)
def test_a_line_of_its_own_is_told_by_its_shape(line: str, kind: Furniture | None) -> None:
    text = f"The river rose again on Tuesday.\n\n{line}\n\nNo one was hurt, the mayor said."
    assert [s.furniture for s in split(text) if s.span.of(text) in line][:1] == [kind]
