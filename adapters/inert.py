"""Text from outside, made harmless for any screen."""

import unicodedata
from typing import Final
from urllib.parse import quote, urlsplit

import regex

# Letters of these scripts change their shape, or their meaning, by a joiner or non-joiner that stands between them; in
# other scripts it only hides something (https://www.rfc-editor.org/rfc/rfc5892, appendix A.1 and A.2).
_JOINING: Final = "".join(
    rf"\p{{{script}}}"
    for script in (
        "Arabic", "Bengali", "Devanagari", "Gujarati", "Gurmukhi", "Kannada", "Khmer", "Malayalam", "Mongolian",
        "Myanmar", "Nko", "Oriya", "Sinhala", "Syriac", "Tamil", "Telugu", "Tibetan",
    )
)  # fmt: skip
_TAGGED: Final = "".join(
    f"|{''.join(chr(0xE0000 + ord(letter)) for letter in name)}" for name in ("gbeng", "gbsct", "gbwls")
)[1:]
# Characters that nobody sees (https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point): they turn what
# follows around, hide words, or make two names differ that look alike. Each may stay in the one place it is made for.
_UNSEEN: Final = regex.compile(
    rf"""
      (?P<kept> \U0001F3F4(?:{_TAGGED})\U000E007F                     # the flags of England, Scotland and Wales
      | (?<=[{_JOINING}])[\u200c\u200d]
      | (?<=\p{{Extended_Pictographic}}[\ufe0f\p{{EMod}}]?)\u200d(?=\p{{Extended_Pictographic}})  # an emoji of several
      | (?<=\p{{Emoji}})[\ufe0e\ufe0f]                                # a sign as text, or as a picture
      | (?<=\p{{Han}})[\ufe00-\ufe02\U000E0100-\U000E01EF]            # the form that a name's character has
      | (?<=\p{{Mongolian}})[\u180b-\u180f] )
      | [\p{{Default_Ignorable_Code_Point}}\ufff9-\ufffb]
    """,
    regex.VERBOSE,
)
_ANY_UNSEEN: Final = regex.compile(r"[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]")  # quick: most texts have none
_NOT_IN_URLS: Final = ' <>"\\^`{|}'


def inert(text: str) -> str:
    """The text on one line, without control characters (terminal escapes, say), without changes of direction, and
    without characters that can't be seen, but for those that a script or an emoji needs.
    """
    visible = text if text.isprintable() else "".join(filter(_may_stay, text))
    hiding = not visible.isascii() and _ANY_UNSEEN.search(visible)
    shown = _UNSEEN.sub(lambda match: match["kept"] or "", visible) if hiding else visible
    return " ".join(shown.split())


def _may_stay(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in {"Cc", "Cs", "Co"}


def inert_url(url: str) -> str:
    """The address with what may not stand in one percent-encoded (RFC 3987, 2.2): control characters, spaces, '<'."""
    return "".join(c if c.isprintable() and c not in _NOT_IN_URLS else quote(c, errors="replace") for c in url)


def web_url(url: str | None) -> str | None:
    """The address, harmless, if it may be a link in a chat: of the web, and without a name or password in it."""
    address = (url or "").strip()
    try:
        parts = urlsplit(address)
    except ValueError:  # an IPv6 address that is none
        return None
    leads = parts.scheme in {"http", "https"} and parts.hostname and parts.username is None
    return inert_url(address) if leads else None
