"""Which sentences in other languages than English can stand alone. Nothing is trimmed there: they are taken whole."""

import re
from functools import cache

from bot.briefing.trim import LONGEST, QUOTED, SHORTEST
from bot.reading.tongues import OTHERS, tongue

_ENDS = re.compile(r"[.!…۔][\"”“’'»«›‹)\]\s]*$")  # a question tells nothing
_OPENING_MARKS = " \"“„‘'«»¡(—–-"
_GERMAN = re.compile(r"„[^“”]*[“”]?|»[^«]*«")
_ECHO = re.compile(r"-t-(?:il|elle|on)\b")
_WORD = re.compile(r"[^\W\d_]+")


def is_foreign(language: str) -> bool:
    """Whether this module judges the sentences of that language."""
    return language in OTHERS


def stands_alone(text: str, language: str) -> bool:
    """Whether a sentence on one line can be a point: whole, opening with nothing that leans on the one before, and
    not the author speaking of himself or to the reader.
    """
    plain = QUOTED.sub(" ", _GERMAN.sub(" ", text))
    whole = SHORTEST <= len(text.split()) <= LONGEST and bool(_ENDS.search(text)) and _balanced(text)
    opening = text.lstrip(_OPENING_MARKS)
    leans = _openers(language).match(opening) or _ECHO.search(plain) or len(plain.split()) < 2
    voice = tongue(language).voice & {word.lower() for word in _WORD.findall(plain)}
    return whole and opening[:1].isalnum() and not opening[0].islower() and not leans and not voice


def _balanced(text: str) -> bool:
    """Whether what opens also closes, by count: German closes with the mark with which English opens."""
    closed = text.count("“") + text.count("”") if "„" in text else 2 * text.count("“")
    opened = text.count("„") if "„" in text else text.count("“") + text.count("”")
    pairs = (("«", "»"), ("(", ")"), ("[", "]"))
    return closed == opened and text.count('"') % 2 == 0 and all(text.count(a) == text.count(b) for a, b in pairs)


@cache
def _openers(language: str) -> re.Pattern[str]:
    ordered = sorted(set(tongue(language).openers) - tongue(language).voice, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, ordered))})(?!\w)", re.IGNORECASE)
