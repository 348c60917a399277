"""Text from outside, made harmless for any screen."""

import re
import unicodedata
from typing import Final

# Characters that turn the direction of what follows: https://www.unicode.org/reports/tr9/, 2.
_BIDI: Final = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_REMOVED: Final = re.compile(f"[{_BIDI}\ufeff\u00ad]")


def inert(text: str) -> str:
    """The text on one line, without control characters (terminal escapes, say) and without changes of direction."""
    visible = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in {"Cc", "Cs", "Co"})
    return " ".join(_REMOVED.sub("", visible).split())
