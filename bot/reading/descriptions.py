"""Whom words without a name mean: 'the ministry', 'the official', 'a resident', 'a court filing'."""

import re
from functools import lru_cache

from bot.reading import institutions
from bot.reading.figures import Figure
from bot.reading.hearing import Hearing, Speaker, speaker_of
from bot.reading.lexicon import words
from bot.reading.shapes import PEOPLES, core_of, is_firm, singular
from bot.types import SourceKind, Span

_VAGUE = frozenset(words("sources", "vague"))
_DOCUMENTS = frozenset(words("sources", "documents"))
_FIRMS = frozenset(words("sources", "company_nouns"))
_OUTLETS = frozenset(word for noun in words("sources", "outlets") for word in (noun, noun.split()[-1]))
_ROLES = frozenset(words("sources", "roles"))
_GROUPS = frozenset(words("sources", "groups"))
_BODIES = frozenset((*words("sources", "bodies"), "police", "military"))
_OPENINGS = frozenset(words("openings", "words"))
_OFFICES = re.compile(
    r"\b(?:Ministry|Department|Agency|Committee|Council|Commission|University|Union|Court|Police|Government|Office|Authority)\b"
)
_SPEAKERS = _GROUPS | _BODIES
_COMMON = _SPEAKERS | _DOCUMENTS
_NO_NAMES, _OPENING_ONLY = _OPENINGS | _VAGUE, _OPENINGS - _VAGUE
_DEFINITE = re.compile(r"^(?:the|this|that|these|those)\s+", re.IGNORECASE)
_DANGLING = re.compile(r"(?:\s(?:for|of|to|with|from|in|at|by|on|near|inside|about|and|or|who|familiar|each|alike))+$")
_TRAILING = re.compile(
    r"['’]s?$|\s(?:No\.\s*)?\d+$|\s(?:responsible|concerned|involved|there|here|itself|himself|herself|each|alike)$"
)
_BEFORE_PREPOSITION = re.compile(r"\s(?:for|of|to|with|from|in|at|by|on|near|inside|about)(?:\s|$)")
# What ends in a verb or an adverb, or opens with a preposition or 'each', is a scrap of a sentence and names nobody.
_NOBODY = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|could|did|does|do)(?:n[’']t)?\b|\s(?!family|ally|assembly|daily|weekly)(?-i:[a-z]{3,}ly)$"
    r"|^(?:from|of|in|on|at|by|for|to|with|into|after|before|under|over|about|than|as|because|each|every|no|whose)\s"
    r"|^(?:the\s)?\w+\s(?!united|armed|combined|injured|wounded|accused|bereaved|displaced|detained|evicted)\w+ed$",
    re.IGNORECASE,
)
_THINGS = frozenset(words("sources", "things")) | frozenset(words("abbreviations", "short"))
_SPOKES = re.compile(r"spokes(?:man|woman|person|people)", re.IGNORECASE)
_ABBREVIATED = dict(pair.split(">") for pair in words("sources", "short_roles"))
_IN_LETTERS = frozenset(word.upper() for word in _ABBREVIATED)
_CALLINGS = _ROLES | _ABBREVIATED.keys()
_WORD = re.compile(r"\w+")
_HEAD_WORD = re.compile(r"[\w-]+")
_CAPITALISED = re.compile(r"\b[A-Z]\w+")
_PARTED = re.compile(r"[.,;:!?\n]|\b(?:said|told|and|by|with|to)\b")
_PLURAL_BODIES = frozenset({"police", "authorities"})
_ONE = re.compile(r"(?:an?|one|another)\s", re.IGNORECASE)  # 'a border guard' is somebody, 'the coast guard' a body
_COMPOUND = re.compile(r"\b[\w’']+-[a-z]+\s")  # 'the Linz-based company'
_POINTING = frozenset({"same", "latter", "former", "other", "two", "three", "both"})  # describe nobody
_INTRODUCING = re.compile(r"\b[Aa]n?\s([^.;]+)")
_SOON = 3  # sentences
_APPOSED = re.compile(r",\s+([^,.;:\n]{0,80})")


def described(hearing: Hearing, source: Span) -> Speaker | None:
    """A speaker for words without a name in them: one heard or named before, else an unnamed one.

    None for words that describe nobody, such as a bare 'the'.
    """
    text = hearing.page.text
    core = core_of(text, source)
    phrase, head = core.of(text).strip(), head_of(text, core)
    if (
        not head
        or _NOBODY.search(phrase)
        or head in _THINGS
        or (head in _OPENING_ONLY and singular(head) not in _SPEAKERS)
    ):
        return None
    if _DEFINITE.match(phrase) and (known := _known_by(hearing, phrase, head, source)):
        return known
    name, kind = lowered(text, core), _kind(hearing, core, phrase, head)
    body = _body_called(hearing, name) if kind is SourceKind.ORGANISATION else None
    return speaker_of(body) if body else Speaker(name, kind)


def last_group(hearing: Hearing, at: Span) -> Speaker | None:
    """The unnamed group heard last in the same paragraph: whom 'others' and 'some' go on from."""
    here = hearing.page.sentence_at(at.start).paragraph
    for heard in reversed(hearing.heard):
        if heard.speaker.kind is SourceKind.UNNAMED and hearing.page.sentence_at(heard.at.start).paragraph == here:
            return heard.speaker
    return None


def is_document(text: str, core: Span) -> bool:
    """Whether the words turn on a noun for documents."""
    head = head_of(text, core)
    return bool({head, singular(head)} & _DOCUMENTS)


def can_speak(text: str, core: Span) -> bool:
    """Whether the words, which name nobody beside, turn on a noun for people or a body: 'the police'."""
    head = head_of(text, core)
    plural = head != singular(head) and singular(head) in _GROUPS
    definite = head in _BODIES and _DEFINITE.match(core.of(text)) is not None
    return plural or (definite and _BEFORE_PREPOSITION.search(core.of(text)) is None)


def head_of(text: str, core: Span) -> str:
    """The noun that a core turns on: the last word before a preposition."""
    return _head(core.of(text))


@lru_cache(maxsize=8192)
def _head(phrase: str) -> str:
    phrase = _BEFORE_PREPOSITION.split(phrase, maxsplit=1)[0]
    found: list[str] = [word.lower() for word in _HEAD_WORD.findall(_TRAILING.sub("", phrase.strip()))]
    if len(found) > 1 and found[-1].endswith("ed") and singular(found[-2]) in _DOCUMENTS:  # 'a report tendered'
        return found[-2]
    return found[-1] if found else ""


def head_at(text: str, source: Span) -> str:
    """The noun that a source's words turn on."""
    return head_of(text, core_of(text, source))


def lowered(text: str, core: Span) -> str:
    """The words as they stand, but for a capital that they only have because they open a sentence."""
    return _lowered(core.of(text))


@lru_cache(maxsize=8192)
def _lowered(phrase: str) -> str:
    if PEOPLES.match(phrase):
        return phrase
    phrase = " ".join(phrase.split()).strip(" \"“”‘’',.;:")
    phrase = _DANGLING.sub("", phrase)
    first = phrase.split(" ")[0]
    common = first.lower() in _NO_NAMES or singular(first.lower()) in _COMMON
    is_acronym = first.isupper() and len(first) > 1
    return phrase[:1].lower() + phrase[1:] if common and not is_acronym else phrase


def _body_called(hearing: Hearing, phrase: str) -> Figure | None:
    """The one body that these words name without capitals, a people before them apart: 'the Roman water board'."""
    key = institutions.key_of(phrase)
    keys = {key, key.partition(" ")[2] if PEOPLES.match(key.partition(" ")[0].title()) else key}
    bodies = (f for f in hearing.figures if not f.is_person and " " in f.name)
    found = [f for f in bodies if institutions.key_of(f.name) in keys]
    return found[0] if len(found) == 1 else None


def _kind(hearing: Hearing, core: Span, phrase: str, head: str) -> SourceKind:
    single = singular(head)
    if {head, single} & _DOCUMENTS:
        return SourceKind.DOCUMENT
    if (single in _GROUPS and single not in _BODIES and head not in _PLURAL_BODIES) or PEOPLES.match(phrase):
        return SourceKind.UNNAMED
    is_place = any(
        place.overlaps(core) and place.start - core.start < 5 and place.end >= core.end - 2 for place in hearing.places
    )
    is_body = single in _BODIES and (head == single or head in _PLURAL_BODIES)
    if head == "guard" and _ONE.match(phrase):
        return SourceKind.UNNAMED
    return SourceKind.ORGANISATION if is_place or is_body else SourceKind.UNNAMED


def _known_by(hearing: Hearing, phrase: str, head: str, source: Span) -> Speaker | None:
    """Who was introduced before under this noun: somebody unnamed, a person by role, a body by its name or kind."""
    text = hearing.page.text
    for heard in reversed(hearing.heard):
        alike = not hearing.is_figure(heard.speaker) and head_at(text, heard.at) == head
        if alike and _is_said_of(phrase, head, heard.at.of(text)):
            return heard.speaker
    told = {*_CAPITALISED.findall(_COMPOUND.sub("", _DEFINITE.sub("", phrase)))} - _IN_LETTERS
    for mention, figure in hearing.before(source):
        if (
            mention.end <= source.start
            and _answers(hearing, mention, figure, head, phrase)
            and told <= {*_WORD.findall(_around(text, mention))}
        ):
            return speaker_of(figure)
    return _named_later(hearing, head, source)


def _is_said_of(phrase: str, head: str, earlier: str) -> bool:
    """Whether the earlier words have all that the phrase says before its noun: 'the oil ministry' isn't any."""
    told = _WORD.findall(_DEFINITE.sub("", phrase).lower().partition(head)[0])
    return {*told} - _POINTING <= {*_WORD.findall(earlier.lower())}


def _named_later(hearing: Hearing, head: str, source: Span) -> Speaker | None:
    """The one person of the text with that role, whose name comes soon: 'the governor said. ... Governor Ann Roe'."""
    if head not in _CALLINGS:
        return None
    text = hearing.page.text
    having = {
        figure: mention
        for mention, figure in reversed(hearing.mentions)
        if figure.is_person and _has_role(_around(text, mention), head)
    }
    if len(having) != 1:
        return None
    [(figure, mention)] = having.items()
    return speaker_of(figure) if 0 <= hearing.gap(source, mention) <= _SOON else None


def _answers(hearing: Hearing, mention: Span, figure: Figure, head: str, phrase: str) -> bool:
    """Whether the noun can mean this figure: a role beside the name, a word of a body's name or its kind."""
    if figure.is_person:
        return head in _CALLINGS and _has_role(_around(hearing.page.text, mention), head)
    label = figure.label or ""
    kinds = {label, label.split()[-1]} - {"government"} if label else set()
    if head in _OUTLETS and figure.kind is SourceKind.OUTLET:
        return True
    if head in _FIRMS and label in {"", "company"} and not _OFFICES.search(figure.name):
        heard = any(heard.speaker.name == figure.name for heard in hearing.heard)
        return heard or is_firm(figure.name) or (not label and _is_only_firm(hearing, figure))
    named = head in figure.name.lower().split() or _DEFINITE.sub("", phrase.lower()) in kinds
    return named or (head in _BODIES and _is_introduced(_around(hearing.page.text, mention), head))


def _is_introduced(beside: str, head: str) -> bool:
    """Whether the words beside a name say that it is one of those: 'a government agency for mines, SAEMAPE'."""
    return head in beside and any(head in found[1].split()[:4] for found in _INTRODUCING.finditer(beside))


def _has_role(beside: str, head: str) -> bool:
    """Whether the words beside a name hold the role, in full or in its letters: 'member of parliament' for 'MP'."""
    wanted = {_SPOKES.sub("spokes", head), _ABBREVIATED.get(head, head)}
    lower = beside.lower()
    return any(word in lower and re.search(rf"\b{re.escape(word)}", lower) for word in wanted)


def _is_only_firm(hearing: Hearing, figure: Figure) -> bool:
    """Whether no other body that the table doesn't know is named, so that 'the company' can mean no other."""
    unknown = [f for f in hearing.figures if not f.is_person and not f.label and not _OFFICES.search(f.name)]
    return unknown == [figure]


def _around(text: str, mention: Span) -> str:
    """What stands right before a name, a comma before it apart, and in an apposition right after it."""
    before = _PARTED.split(text[max(0, mention.start - 60) : mention.start].rstrip(" ,"))[-1]
    after = _APPOSED.match(text, mention.end, mention.end + 90)
    return before + " " + (after[1] if after else "")
