"""The tables of ``data/phrases.toml`` as parts of regular expressions."""

import re
import tomllib
from functools import cache
from importlib.resources import files


def any_of(*tables: str) -> str:
    """A group that matches any one phrase of the tables, the longest first."""
    found = sorted((phrase for table in tables for phrase in phrases(table)), key=len, reverse=True)
    return f"(?:{'|'.join(found)})"


def word(*tables: str) -> re.Pattern[str]:
    """A pattern for any one phrase of the tables as whole words, without regard to case."""
    return re.compile(rf"\b{any_of(*tables)}\b", re.IGNORECASE)


def phrases(table: str) -> list[str]:
    """The phrases of one table as written."""
    return _tables()[table]


@cache
def _tables() -> dict[str, list[str]]:
    return tomllib.loads(files("bot.briefing").joinpath("data/phrases.toml").read_text(encoding="utf-8"))
