"""What a person is, in the article's own words: 'Kremlin spokesperson', 'leader of the region'."""

import re
from collections.abc import Sequence

from bot.reading.figures import Figure
from bot.reading.lexicon import pattern, words
from bot.types import Span

LONGEST_ROLE = 18  # words
LONGEST_PLAIN = 12  # words of an apposition whose noun isn't in the table: 'a baker'
REACH = 160  # characters before and after a name that are looked at

_ROLES = frozenset(words("sources", "roles"))
_MODIFIERS = frozenset(words("sources", "modifiers"))
_OPENINGS = frozenset(words("openings", "words"))
_TOKEN = re.compile(r"\([A-Z][\w.&-]*\)|[\w][\w’'.&/-]*|[^\s]")
_COURTESIES = frozenset({"mr", "mrs", "ms", "mx", "miss", "former", "ex"})
_RANKS = frozenset(words("sources", "ranks")) - _COURTESIES
_ROLE = re.compile(rf"\b(?:{pattern(_ROLES | _RANKS)})\b", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?:[.!?…][\"”’)]*\s|\n)")
_LEAD = re.compile(
    r"^(?:(?:and|but|even|also|though|although|then|meanwhile|while|as|when|that|yet|so|both|the|an?|his|her|their|its"
    r"|one(?! of)|another)\s+)+",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:['’]s)?\s*(?:\([^()]{1,40}\)\s*)?,\s+(?:(?:aged\s+)?\d{1,3},\s+)?"
    r"(?:who\s+(?:is|was|serves? as|served as)\s+)?(?P<role>[^,.;:()“”\"\n–—]{3,150})"
)
_VERBAL = re.compile(
    r"^(?:who|which|and|but|or|said|says|saying|speaking|adding|[a-z]+ing|[a-z]+ed|when|while|as|in|on|at|for|from|with|after|before|where|that|if|because|though|although|to|by|it|he|she|they)\b"
)
_RANK_AFTER = re.compile(rf",\s*(?:(?:{pattern(_RANKS)})\.?\s*)+$", re.IGNORECASE)
_APPOSITION = re.compile(r"an?\s+[a-z]")
_TIME = re.compile(
    r"\b(?:minutes?|hours?|days?|nights?|mornings?|evenings?|weeks?|months?|years?|times?|moments?|decades?|bit|lot|few)\b"
)
_CLAUSE = re.compile(
    r"\s+(?:said|says|told|was|were|is|are|has|had|have|will|would|who|whom|whose|which|that)\b.*$", re.DOTALL
)


def role_of(text: str, figure: Figure, sources: Sequence[Span]) -> str | None:
    """The first role or rank that the text gives a person beside the name; of an institution, what kind it is.

    ``sources`` are the words that name sources: where one holds the person's name, what it says before is the role.
    """
    if not figure.is_person:
        return figure.label
    rank = None
    for mention in figure.mentions:
        found = (_in_source(text, mention, sources), _before(text, mention))
        before = max(filter(None, found), key=len, default=None)  # the source's words may have been cut short
        if before and not _is_rank(before):
            return before
        after = _after(text, mention)
        if after:
            return after
        rank = rank or before
    return rank


def _is_rank(role: str) -> bool:
    """Whether a role is no more than a rank: 'Major', 'Lt. Gen.'."""
    return all(word.lower().strip(".") in _RANKS for word in role.split())


def _in_source(text: str, mention: Span, sources: Sequence[Span]) -> str | None:
    """What a source's words say before the name, or before a comma and the name."""
    for source in sources:
        if source.holds(mention) and source.start < mention.start:
            return _shaped(text[source.start : mention.start].rstrip(" ,"))
    return None


def _before(text: str, mention: Span) -> str | None:
    """The words before the name, back to the first that can't belong to a role; the last must be one."""
    reach = text[max(0, mention.start - REACH) : mention.start]
    opening = [m.end() for m in _SENTENCE_START.finditer(reach)]
    tokens = list(_TOKEN.finditer(reach, opening[-1] if opening else 0))
    first = None
    for token in reversed(tokens):
        if not _may_be_role(token[0], last=first is None):
            break
        first = token
    return _shaped(reach[first.start() :].strip()) if first else None


def _may_be_role(token: str, *, last: bool) -> bool:
    plain = token.lower().strip(".")
    if plain in _OPENINGS or not any(c.isalpha() for c in token):
        return False
    if last:
        return plain not in _COURTESIES and ({plain, plain.split("-")[-1]} & (_ROLES | _RANKS)) != set()
    return token[0].isupper() or token[0] == "(" or plain in _ROLES or plain in _MODIFIERS or "-" in token


def _after(text: str, mention: Span) -> str | None:
    """An apposition after the name and a comma."""
    found = _AFTER.match(text[mention.end : mention.end + REACH])
    if not found or _VERBAL.match(found["role"]):
        return None
    role = _CLAUSE.sub("", found["role"])
    if _APPOSITION.match(role) and len(role.split()) <= LONGEST_PLAIN and not _TIME.search(role):
        return _LEAD.sub("", " ".join(role.split()))
    opens = re.match(r"(?:an?|the|his|her|their|its|one of)\s|[A-Z]", role)
    return _shaped(role) if opens or role.split()[0].lower() in _ROLES | _MODIFIERS else None


def _shaped(phrase: str) -> str | None:
    """The role without what leads up to it; None where it names no role."""
    role = _LEAD.sub("", " ".join(phrase.split()).strip(" ,"))
    role = _RANK_AFTER.sub("", role)
    return role if role and len(role.split()) <= LONGEST_ROLE and _ROLE.search(role) else None
