"""What a person is, in the article's own words: 'Kremlin spokesperson', 'leader of the region'."""

import re
from collections.abc import Sequence

from bot.reading import stance
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
_TITLES, _PARTS = _ROLES | _RANKS, _ROLES | _MODIFIERS
_ROLE = re.compile(rf"\b(?:{pattern(_TITLES)})\b", re.IGNORECASE)
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
_RANK_AFTER = re.compile(rf",\s*(?:(?:{pattern(words('sources', 'ranks'))})\.?\s*)+$", re.IGNORECASE)
_APPOSITION = re.compile(r"(?:an?|the|his|her|its|their|our|one of the|one of its)\s+(?:[A-Z]\w+[-\s])?[a-z]")
# A standing occupation told by a clause: 'who leads the talks', 'who lived next door'; not a deed: 'who arrived late'.
_CLAUSE_AFTER = re.compile(
    r",\s+(?:(?:aged\s+)?\d{1,3},\s+)?(?P<role>who\s+(?!(?:is|was|has|says|does|wants|hopes|believes|thinks|denies|adds|claims|insists|warns)\b)"
    r"(?:[a-z]+s|led|ran|headed|lived|worked|served|taught|owned|founded|survived|chaired|commanded|represented)\s"
    r"[^,.;:()“”\"\n–—]{3,120})"
)
_OF = re.compile(
    rf",?\s+(?P<role>(?:of|from|at)\s+[^,.;:()“”\"\n–—]{{2,80}}?)(?=[,.;:“”\"\n]|$|\s+(?:who|{stance.SAYING_VERB})\b)"
)
_BEFORE_COMMA = re.compile(
    r"(?:\b(?:[Tt]he|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Aa]n?)|[^\W\d_]['’]s?)\s+(?P<role>(?:[\w’'-]+\s+){0,5}?[\w’'-]+"
    r"(?:\s(?:of|for|in|at)\s[^,.;:“”\"\n]{2,40})?),\s+$"
)
_BODY_BEFORE = re.compile(
    r"(?:\b(?:[Tt]he|[Ii]ts|[Aa]n?)|[^\W\d_]['’]s?)\s+(?P<role>(?:[\w’'-]+\s+){0,3}[a-z][\w-]+),?\s+(?:the\s+)?$"
)
_BODY_AFTER = re.compile(
    r"(?:\s*\([^()]{1,40}\))?,\s+(?:an?|the|its|one of the)\s+(?P<role>[a-z][^,.;:()“”\"\n–—]{3,80})"
)
_BODY_NOUN = re.compile(
    rf"\b(?:{pattern((*words('sources', 'bodies'), *words('sources', 'outlets'), *words('sources', 'trades')))})\b"
)
_JOINED = re.compile(rf"^(?:[A-Z][\w’'.-]*\s)*[A-Z][\w’'-]*\sand\s(?=(?:the\s)?(?:{pattern(_RANKS)})\b)", re.IGNORECASE)
_BEFORE_PREPOSITION = re.compile(r"\s(?:of|for|in|at|on|from|to|with|by|based|representing|run)\s")
_OPENS = re.compile(r"(?:an?|the|his|her|their|its|one of)\s|[A-Z]")
_TIME = re.compile(
    r"\b(?:minutes?|hours?|days?|nights?|mornings?|evenings?|weeks?|months?|years?|times?|moments?|decades?|bit|lot|few)\b"
)
_CLAUSE = re.compile(
    r",?\s+(?:said|says|told|was|were|is|are|has|had|have|will|would|who|whom|whose|which|that)\b.*$", re.DOTALL
)


def role_of(text: str, figure: Figure, sources: Sequence[Span]) -> str | None:
    """The first role or rank that the text gives a person beside the name; of an institution, what kind it is.

    ``sources`` are the words that name sources: where one holds the person's name, what it says before is the role.
    """
    if not figure.is_person:
        return next(filter(None, (_of_body(text, mention) for mention in figure.mentions)), figure.label)
    rank, of = None, None
    for mention in figure.mentions:
        found = (_in_source(text, mention, sources), _before(text, mention), _before_comma(text, mention))
        before = max(filter(None, found), key=len, default=None)  # the source's words may have been cut short
        if before and not _is_rank(before):
            return before
        after = _after(text, mention) or _clause_after(text, mention)
        if after:
            return after
        rank = rank or before
        of = of or (_OF.match(text, mention.end, mention.end + REACH) if " " in mention.of(text) else None)
    return rank or (" ".join(of["role"].split()) if of else None)


def _is_rank(role: str) -> bool:
    """Whether a role is no more than a rank: 'Major', 'Lt. Gen.'."""
    return all(word.lower().strip(".") in _RANKS for word in role.split())


def _in_source(text: str, mention: Span, sources: Sequence[Span]) -> str | None:
    """What a source's words say before the name, or before a comma and the name."""
    for source in sources:
        if source.holds(mention) and source.start < mention.start:
            before = _JOINED.sub("", _CLAUSE.sub("", text[source.start : mention.start]))
            if role := _shaped(before.rstrip(" ,")):
                return role
            parted = before.rstrip().endswith(",") or _RANK_AFTER.search(before.rstrip())
            apposed = parted and _APPOSITION.match(before.lower())
            plain = _RANK_AFTER.sub("", _LEAD.sub("", before).rstrip(" ,"))
            return plain if apposed and 0 < len(plain.split()) <= LONGEST_PLAIN else None
    return None


def _before(text: str, mention: Span) -> str | None:
    """The words before the name, back to the first that can't belong to a role; the last must be one."""
    reach = text[max(0, mention.start - REACH) : mention.start]
    beside = _TOKEN.findall(reach.rsplit(maxsplit=1)[-1]) if reach.strip() else []
    if not beside or not _ends_role(beside[-1]):
        return None
    opening = [m.end() for m in _SENTENCE_START.finditer(reach)]
    tokens = list(_TOKEN.finditer(reach, opening[-1] if opening else 0))
    if not tokens:
        return None
    first = tokens.pop()
    while tokens and _may_be_role(tokens[-1][0]):
        first = tokens.pop()
    return _shaped(reach[first.start() :].strip())


def _before_comma(text: str, mention: Span) -> str | None:
    """A description that the name is apposed to: 'its rival, Ann Roe'."""
    reach = max(0, mention.start - REACH)
    apposed = text[reach : mention.start].rstrip().endswith(",")
    found = _BEFORE_COMMA.search(text, reach, mention.start) if apposed else None
    return _shaped(found["role"]) if found else None


def _clause_after(text: str, mention: Span) -> str | None:
    """What a clause after the name tells: 'who leads the talks'."""
    found = _CLAUSE_AFTER.match(text, mention.end, mention.end + REACH)
    return " ".join(found["role"].split()) if found and len(found["role"].split()) <= LONGEST_ROLE else None


def _of_body(text: str, mention: Span) -> str | None:
    """What kind of body it is, by the noun before its name or in an apposition after it."""
    before = _BODY_BEFORE.search(text, max(0, mention.start - REACH), mention.start)
    after = _BODY_AFTER.match(text, mention.end, mention.end + REACH)
    told = (_CLAUSE.sub("", found["role"]) for found in (before, after) if found)
    return next((" ".join(role.split()) for role in told if _BODY_NOUN.fullmatch(_head(role))), None)


def _head(phrase: str) -> str:
    """The noun that the words turn on: the last before a preposition."""
    return _BEFORE_PREPOSITION.split(phrase)[0].split()[-1]


def _ends_role(token: str) -> bool:
    plain = token.lower().strip(".")
    rather_none = plain in _OPENINGS or plain in _COURTESIES
    return not rather_none and not _TITLES.isdisjoint((plain, plain.split("-")[-1]))


def _may_be_role(token: str) -> bool:
    plain = token.lower().strip(".")
    if plain in _OPENINGS or not any(c.isalpha() for c in token):
        return False
    return token[0].isupper() or token[0] == "(" or plain in _PARTS or "-" in token


def _after(text: str, mention: Span) -> str | None:
    """An apposition after the name and a comma."""
    found = _AFTER.match(text[mention.end : mention.end + REACH])
    if not found or _VERBAL.match(found["role"]):
        return None
    role = _CLAUSE.sub("", found["role"])
    if _APPOSITION.match(role) and len(role.split()) <= LONGEST_PLAIN and not _TIME.search(role):
        return _LEAD.sub("", " ".join(role.split()))
    opens = _OPENS.match(role)
    return _shaped(role) if opens or role.split()[0].lower() in _PARTS else None


def _shaped(phrase: str) -> str | None:
    """The role without what leads up to it; None where it names no role."""
    role = _LEAD.sub("", " ".join(phrase.split()).strip(" ,"))
    role = _RANK_AFTER.sub("", role)
    return role if role and len(role.split()) <= LONGEST_ROLE and _ROLE.search(role) else None
