"""What a log line gives away, and what it can do to the terminal that shows it."""

import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from bot import logs

FORMS: tuple[Literal["human", "json"], ...] = ("human", "json")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def fail() -> None:
    password = " ".join(("correct", "horse"))
    raise ValueError(f"{len(password)} characters went wrong")


@pytest.mark.parametrize("form", FORMS)
def test_a_traceback_shows_no_local_variables(
    capsys: pytest.CaptureFixture[str], form: Literal["human", "json"]
) -> None:
    logs.set_up("info", form)
    try:
        fail()
    except ValueError as error:
        structlog.get_logger().error("ours", exc_info=error)
        logging.getLogger("library").exception("theirs")
    written = capsys.readouterr().err
    assert written.count("13 characters went wrong") >= 2
    assert "correct horse" not in written


@pytest.mark.parametrize("form", FORMS)
def test_what_comes_from_outside_can_not_steer_the_terminal(
    capsys: pytest.CaptureFixture[str], form: Literal["human", "json"]
) -> None:
    logs.set_up("info", form)
    structlog.get_logger().warning("feed failed", error="\x1b]0;title\x07 Київ")
    written = capsys.readouterr().err
    assert "\x1b]0;" not in written
    assert "\x07" not in written
    assert "title" in written
