"""Numbers, names and days of a statement that its evidence doesn't hold."""

import re
from collections.abc import Sequence
from typing import Final

from bot.briefing import words


def missing_numbers(statement: str, evidence: Sequence[str]) -> list[float]:
    """Numbers of the statement, in figures or words, that the evidence doesn't hold."""
    shown = {value for text in evidence for value, _, _ in words.quantities(text)}
    return [value for value, _, _ in words.quantities(statement) if value not in shown]


_NAME: Final = re.compile(r"(?<![.!?:“\"‘'(] )(?<!^)(?<![“\"‘'(])\b[A-Z][\w’'-]*[^\W_]")


def missing_names(statement: str, evidence: Sequence[str]) -> list[str]:
    """Capitalised words inside the statement's sentences whose stems the evidence doesn't hold."""
    shown = {words.stem(part) for text in evidence for part in re.findall(r"[^\W_]+", text)}
    return [name for name in _NAME.findall(statement) if any(words.stem(part) not in shown for part in _parts(name))]


def _parts(name: str) -> list[str]:
    return [part for part in re.findall(r"[^\W_]{2,}", name) if part.lower() not in words.STOP]


def missing_days(statement: str, evidence: Sequence[str]) -> list[str]:
    """Weekdays and months of the statement that the evidence doesn't hold, but for those that are also verbs."""
    shown = {word.lower() for text in evidence for word in words.tokens(text)}
    calendar = (*words.WEEKDAYS, *(month for month in words.MONTHS if month not in ("may", "march")))
    said = {word.lower() for word in words.tokens(statement)}
    return [day.title() for day in calendar if day in said - shown]
