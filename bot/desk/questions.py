"""What a plain question asks: about whom, where, since when. Nothing is looked up here."""

import re
from dataclasses import dataclass
from typing import Final

_URL: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_DAYS: Final = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_SINCE: Final = re.compile(
    rf"(?:^|\s+)((?:since|from)\s+(?:last\s+)?(?:{_DAYS}|yesterday|today|\d{{4}}-\d\d-\d\d)"
    rf"|(?:in\s+)?the\s+(?:last|past)\s+(?:\d+\s+)?(?:hours?|days?|weeks?)|this\s+(?:week|month)|last\s+week"
    rf"|today|yesterday)\s*[?.!]*$",
    re.IGNORECASE,
)
_SAID: Final = re.compile(
    r"\bwhat (?:has|have|did|does|do) (?P<name>.+?) (?:been saying|said|say|says|told|tell)\b"
    r"(?:.*?\babout (?P<about>.+))?",
    re.IGNORECASE,
)
_WHO: Final = re.compile(r"\bwho (?:said|says|has said|is saying) .*?\b(?:about|on) (?P<about>.+)", re.IGNORECASE)
_WHERE: Final = re.compile(r"\b(?:where is|in|at|near|around|about)\s+(?P<name>[^?.!]+)", re.IGNORECASE)
_CAPITALS: Final = re.compile(r"[^\W\d_a-z][\w'’-]*(?:\s+(?:of\s+|the\s+|for\s+)*[^\W\d_a-z][\w'’-]*)*")
_STOP: Final = frozenset((
    "a", "an", "and", "any", "are", "about", "as", "at", "be", "been", "by", "did", "do", "does", "for", "from", "had",
    "happened", "happening", "has", "have", "how", "in", "is", "it", "latest", "me", "news", "of", "on", "or",
    "say", "said", "says", "tell", "that", "the", "there", "this", "to", "today", "was", "week", "were", "what",
    "when", "where", "which", "who", "will", "with", "you",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about; at most one of ``url``, ``speaker`` and ``voices`` is there."""

    url: str | None  # a page
    speaker: str | None  # 'what has Peskov said'
    voices: str | None  # 'who said what about the grain deal'
    about: str | None  # what a speaker is to have spoken about
    names: tuple[str, ...]  # what may be a place or a source, likeliest first
    words: tuple[str, ...]  # what it is about, whatever it is
    since: str | None  # 'this week'


def understand(text: str) -> Asked:
    """What the question asks, by its wording alone."""
    url = _URL.search(text)
    since = _SINCE.search(text)
    rest = (text[: since.start()] if since else text).strip(" ?!.")
    said, who = _SAID.search(rest), _WHO.search(rest)
    return Asked(
        url.group() if url else None,
        _bare(said["name"]) if said else None,
        _bare(who["about"]) if who else None,
        _bare(said["about"]) if said and said["about"] else None,
        tuple(_names(rest)),
        tuple(words(rest)),
        since[1] if since else None,
    )


def words(text: str) -> list[str]:
    """The words of a question that say what it is about."""
    return [word for word in re.findall(r"\w[\w'’.-]*\w|\w", text) if word.casefold() not in _STOP]


def _names(text: str) -> list[str]:
    """What follows 'in' or 'about', capitalised words, and short text as a whole."""
    found = [_bare(match["name"]) for match in _WHERE.finditer(text)] + _CAPITALS.findall(text)
    if 0 < len(text.split()) <= 4:
        found.insert(0, text)
    return [name for name in dict.fromkeys(found) if name.casefold() not in _STOP]


def _bare(name: str) -> str:
    """The name without an article before it or a sign after it."""
    return re.sub(r"^(?:the|a|an)\s+", "", name.strip(" ?!.,"), flags=re.IGNORECASE)
