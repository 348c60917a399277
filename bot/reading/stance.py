"""What a word of saying tells about its speaker: the stance, and whether it is saying at all."""

import re
from functools import lru_cache

from bot.reading.lexicon import forms, nouns, pattern, verbs, words
from bot.types import Stance

# Tried from the top: the first that a cue holds decides.
ORDER = (Stance.DENIES, Stance.CONFIRMS, Stance.WARNS, Stance.PROMISES, Stance.CRITICISES, Stance.CLAIMS, Stance.ASKS)
_WITH_NOUNS = (Stance.DENIES, Stance.CONFIRMS, Stance.CLAIMS)
_ALSO = {
    Stance.WARNS: r"wary",
    Stance.CLAIMS: r"alleged|allegedly|reportedly",
    Stance.ASKS: r"call(?:s|ed|ing)? (?:for|on|upon)",
}

SAYING_VERB = pattern(verbs("says", *ORDER))


def _stance_pattern(stance: Stance) -> re.Pattern[str]:
    known = (*verbs(stance), *(nouns(stance) if stance in _WITH_NOUNS else ()))
    also = f"|{_ALSO[stance]}" if stance in _ALSO else ""
    return re.compile(rf"\b(?:{pattern(known)}{also})\b", re.IGNORECASE)


_STANCES = tuple((stance, _stance_pattern(stance)) for stance in ORDER)
_SAYING = re.compile(rf"\b(?:{SAYING_VERB}|{pattern((*verbs('conveys'), *nouns('says')))})\b|:", re.IGNORECASE)
_WARY = re.compile(r"\bwary\b", re.IGNORECASE)
_ASSESSORS = re.compile(rf"\b(?:{pattern(words('assessors', 'who'))})s?\b", re.IGNORECASE)
_ASSESSING = re.compile(
    rf"\b(?:{pattern(form for how in words('assessors', 'how') for form in forms(how))})\b", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def of_cue(cue: str) -> Stance:
    """What a source that uses this cue does; plain saying where the cue shows nothing else."""
    if _WARY.search(cue):
        return Stance.WARNS
    return next((stance for stance, known in _STANCES if known.search(cue)), Stance.SAYS)


def is_saying(cue: str, source: str = "") -> bool:
    """Whether the cue reports words that somebody spoke or wrote, and not a deed, a wish, a belief or an intention.

    'Analysts are wary' is saying: judging is their trade, and is known because they said so.
    """
    return _says(cue) or bool(_ASSESSORS.search(source) and _ASSESSING.search(cue))


@lru_cache(maxsize=4096)
def _says(cue: str) -> bool:
    return _SAYING.search(cue) is not None or any(known.search(cue) for _, known in _STANCES)
