"""Text from outside, made harmless for any screen."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

# Characters that turn the direction of what follows: https://www.unicode.org/reports/tr9/, 2.
_BIDI: Final = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_REMOVED: Final = re.compile(f"[{_BIDI}\ufeff\u00ad]")
_NOT_IN_URLS: Final = ' <>"\\^`{|}'


def inert(text: str) -> str:
    """The text on one line, without control characters (terminal escapes, say) and without changes of direction."""
    visible = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in {"Cc", "Cs", "Co"})
    return " ".join(_REMOVED.sub("", visible).split())


def inert_url(url: str) -> str:
    """The address with what may not stand in one percent-encoded (RFC 3987, 2.2): control characters, spaces, '<'."""
    return "".join(c if c.isprintable() and c not in _NOT_IN_URLS else quote(c, errors="replace") for c in url)
