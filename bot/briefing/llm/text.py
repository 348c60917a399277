"""Words that may have been written to deceive: what can't be seen is taken away, what isn't prose is recognised."""

import re
import unicodedata
from typing import Final

from bot.briefing import words

# Formats (direction, joiners, tags: https://www.unicode.org/reports/tr9/, /tr36/), controls, private use, surrogates.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_DRESSING: Final = re.compile(r"\*\*|__|`+|^(?:[-*•#>]+|\d+[.)])\s+|\s*\[\d+(?:\s*,\s*\d+)*\](?=[\s.,;]|$)")
_FOREIGN: Final = re.compile(
    r"(?i)https?:|www\.|\bmailto:|\]\(|[<>{}|\\`*_#~^]|(?<!\w)[@!/][a-z]|@(?:everyone|here)\b|\w@\w|"
    r"\[/?[A-Z]|:[a-z_]{3,}:|[A-Za-z0-9+/=]{40,}"  # [INST], :emoji:, encoded text
)


def plain(text: str) -> str:
    """The text on one line in composed characters, without what can't be seen."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(c for c in composed if c.isspace() or unicodedata.category(c) not in _UNSEEN).split())


def undressed(text: str) -> str:
    """The text without bold, bullets and citation marks, which models add unasked."""
    return plain(_DRESSING.sub("", plain(text)))


FEWEST_COMMON: Final = 0.12  # of a sentence's words; English news has a third, other languages chance likenesses


def english(text: str) -> bool:
    """Whether the text is English, as far as its commonest words tell."""
    found = [token.lower() for token in words.tokens(text)]
    return sum(token in words.STOP for token in found) >= FEWEST_COMMON * len(found)


def foreign(text: str) -> bool:
    """Whether the text holds what has no place in a sentence of news: links, markup, mentions, commands, code."""
    return bool(_FOREIGN.search(text)) or any(unicodedata.category(c) in _UNSEEN for c in text if not c.isspace())
