"""What names look like: where one begins and ends in a text, and whether it is a person's or a body's."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.reading import institutions, names
from bot.reading.lexicon import holds, pattern, words
from bot.reading.tagger import NameKind
from bot.types import Span

_BODY = re.compile(rf"\b(?:{pattern(words('sources', 'bodies'))})s?\b", re.IGNORECASE)
_ABBREVIATIONS = frozenset(words("abbreviations", "titles"))
_SHORT = "|".join(sorted(word.title() for word in _ABBREVIATIONS if word.isascii()))
_PLAIN = re.compile(r"[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)*")  # a name as most are
_CAPITAL = (
    rf"(?:(?:[A-Z]|{_SHORT}|Reps|Sens|Del)\.(?!\w)"
    r"|(?:(?:al|el|an|as|ash|ad|ar|at|ul)-)?[^\W\d_a-zß-ÿа-я](?:[\w’'&/-]|\.(?=\w))*)"
)
CAPITALISED = re.compile(
    # What no name opens with is passed over first, for speed alone.
    rf"\b(?![b-df-tv-z\W\d_]){_CAPITAL}(?:\s+(?:(?:of|for|and(?!\s+the\b)|&|the|de|del|der|van|von|al|bin|la|da|dos|du|des|di|do|sans|et|für|on)\s+){{0,3}}{_CAPITAL})*"
)
_OFFICE_OF = re.compile(r"((?:[A-Z]\w+\s+)+)of\s+(?:the\s+)?[A-Z]\w+\s+(?=[A-Z][\w.]*\s+[A-Z])")
_JOINT = re.compile(r"\s+and\s+(?=[A-Z])")
GIVEN_AS = re.compile(
    r"\b(?:(?:gave|giving) (?:his|her|their) (?:first |full |own )?names? (?:only |just |simply )?as"
    r"|identified (?:him|her|them)sel(?:f|ves) (?:only |just )?as"
    r"|(?:wanted|asked|agreed) to be (?:identified|named) (?:only )?as)\s+"
    r"(?P<name>[A-Z][\w’'-]*[^\W_](?:\s[A-Z][\w’'-]*[^\W_])?)"
)
_CALLED = re.compile(r"\b(?P<role>[a-z]+)\s(?:called|named)\s(?P<name>[A-Z][\w’'-]*[^\W_](?:\s[A-Z][\w’'-]*[^\W_])?)")
# Each match of the one and the other has one of these: a text without them isn't searched.
_GIVING, _CALLING = ("gave h", "gave t", "giving h", "giving t", "identified", "to be named"), ("called", "named")
SEEN_BY = re.compile(r"\b(?:seen|obtained|reviewed|checked|read|verified|leaked)\s+(?:by|to)\s+(?:[Tt]he\s+)?$")
_FIRM_NAMES = frozenset(form for word in words("sources", "firms") for form in (word.title(), word.upper()))
_BODY_NAMES = _FIRM_NAMES | frozenset(word.title() for word in words("sources", "outlet_names"))
_SHORT_ROLES = frozenset(pair.split(">")[0] for pair in words("sources", "short_roles"))
_COMMON = frozenset(
    word for table in ("groups", "bodies", "documents", "vague", "roles") for word in words("sources", table)
)
PEOPLES = re.compile(r"[A-Z]\w+(?:ians?|ans|crats|icans|ists|ese|ish|ites|elis|aqis|mis|tch|nch)$")
_NO_NAMES = frozenset(
    (
        *words("openings", "words"),
        *words("calendar", "names"),
        *(w for p in ("he", "she", "it", "they", "who", "we") for w in words("pronouns", p)),
    )
)
_CORE_END = re.compile(
    r",(?!\d)|;|\(|–|—|\s(?:who|whom|which|that|where|when|while|whose|speaking|citing|quoted|briefed|familiar|close|released|published|conducted|issued|posted|obtained|compiled|submitted|commissioned|drafted|lodged|tabled|presented|sent|read|shared|delivered|based|produced|made|checked|seen|reviewed|prepared|written|dated|signed|circulated|leaked|filed)\b|\s-\s"
)
_STOP = re.compile(r"(\w{3,})\.\s")
_BY = re.compile(
    r"(?<!seen)(?<!checked)(?<!reviewed)(?<!obtained)(?<!verified)(?<!leaked)(?<!read)\s(?:by|from)\s+(?:the\s+)?"
)
_PREPOSITION = re.compile(r"\b(?:of|for|at|with|from|in)\s+(?:the\s+)?$")
_OWNER = re.compile(r"[A-Z][\w-]+[’']s\s+(?=[A-Z][\w-]+$)")  # 'Sweden’s Aftonkurir'
_OUTLET_LAST = re.compile(
    r"\s(?:news\s|state\s)?(?:agency|newspaper|channel|website|magazine)\b"
)  # 'the Linpress agency'
_REST = re.compile(r"\s(?:in|at|from)\s")
_NUMBER = re.compile(r"[\s\u00a0'’s\"”]*|\s+(?:No\.\s*)?\d+")
_MORE_NAME = re.compile(r"(?: [A-ZÀ-ÞА-Я][\w’'-]*[^\W\d_])+(?=[,.;:]?(?:\s+[a-z(“\"]|$))")
_ACRONYM = re.compile(r"\b(?!III\b)[A-Z]{3,}\b")
_OPENED = re.compile(r"([A-Z]\w*)\s+(?=[^\W\d_a-zß-ÿа-я])")
_SMALL_WORD = re.compile(
    r"^.*\s(?!(?:of|for|and|the|de|del|della|der|van|von|al|el|bin|ibn|la|le|da|di|dos|du|ter|den|on|in|to|at|y|e)\s)[a-zß-ÿа-я][\w-]*\s+(?=[^\W\d_a-zß-ÿа-я])"
)
_CROWD = re.compile(
    rf"(?:{pattern(word.title() for word in words('sources', 'groups'))})s\s+(?:at|of|in|from|with|for)\s+(?=\S)"
)
_DAY = rf"(?:{pattern(word.title() for word in words('calendar', 'names'))})"
_DATED = re.compile(rf"(?:\s+(?:on|in|by|last|late|early|since))*\s+{_DAY}\b.*$", re.DOTALL)
_NAME_GOES_ON = re.compile(
    rf"\s(?P<small>on|for|of the)\s(?P<rest>{_CAPITAL}(?:\s(?:(?:of|for|and|the)\s)?{_CAPITAL}){{0,4}})"
)
# What says whose a body is: 'Houthi-run Al Masirah TV'
_COMPOUND = re.compile(
    r"[\w’']+-(?:run|owned|backed|based|controlled|led|linked|affiliated|funded|listed|aligned|appointed|supported|allied"
    r"|installed|registered)\s+(?=[A-Z])"
)
_TRADE = re.compile(rf"(?:{pattern(word.title() for word in words('sources', 'trade_openings'))})\s+(?=[A-Z])")
_AFTER_DATELINE = re.compile(r"\s[–—-]\s+$")
_LEADS_UP = re.compile(r"(?:[-\w’']*[-’'(\s\"“”‘\[])*?(?=[^\W\d_a-zß-ÿа-я])")
_OPENS_CUT = re.compile(r"(?:of|for)\s")
_CLOSING = re.compile(r"(?:['’]s?)?[\s\"“”‘’',;:()\[\]]*$")
_ACRONYM_AFTER = re.compile(r"\s\(([A-Z][\w-]+)\)")
_INTRODUCED = re.compile(r",\s(?:an?|which)\s")
_OFFICE = re.compile(r"((?:[A-Z]\w+\s+)+)of\s+(?:the\s+)?[A-Z]\w+\s+")
_NAMED_BESIDE = re.compile(r"\s(?:and|of|for|from|in|at)\s")
_OF_BODY = re.compile(r"\s(?:of|for|on|in|to|at)\s")
_FIRM_SIGN = re.compile(r"\d$|\s&\s")
_JOINS_BODY = re.compile(r"\b(?:of|for|des|sans|et|für)\b")
_ARTICLE = re.compile(r"\b[Tt]he\s$")
_DASH = re.compile(r"\s[–—-]\s")
_BEFORE_OF = re.compile(r"(?:[^\W\d_a-zß-ÿа-я][\w’'&-]*\s+)+$")


def tidy(text: str, span: Span) -> Span:
    """The span from its first capitalised word to its last, without possessive ending and marks.

    A name that was cut before a small word ('of the Study of War') gets the capitalised words before it.
    """
    surface = span.of(text)
    if _PLAIN.fullmatch(surface) and _NO_NAMES.isdisjoint(surface.lower().split()):
        return _without_trade(text, span)
    start, end = span
    compound = _COMPOUND.match(text, start, end)
    start = compound.end() if compound else start
    crowd = _CROWD.match(text, start, end)
    start = crowd.end() if crowd else start
    opening = _LEADS_UP.match(text[start:end])
    if _OPENS_CUT.match(text, start, end) and (before := _BEFORE_OF.search(text[max(0, start - 60) : start])):
        start -= len(before[0])
    else:
        start += opening.end() if opening else 0
    while (
        (opened := _OPENED.match(text, start, end))
        and opened[1].lower() in _NO_NAMES
        and not _has_article(text[start:end])
    ):
        start = opened.end()
    last_small = _SMALL_WORD.search(text[start:end])
    if last_small:  # 'Republican nominee Jane Roe'
        start += last_small.end()
    end = _before_stop(text, start, end)
    dash = _DASH.search(text, start, end)
    end = dash.start() if dash else end
    dated = _DATED.search(text[start:end])
    end = start + dated.start() if dated else end
    owner = _OWNER.match(text, start, end)
    start = owner.end() if owner else start
    closing = _CLOSING.search(text[start:end])
    end = start + closing.start() if closing and closing.start() else end
    return Span(start, end)


def _without_trade(text: str, name: Span) -> Span:
    """The name without a trade before it whose capital is only that of a sentence: 'Shipbuilder Roe Marine'."""
    trade = _TRADE.match(text, name.start, name.end)
    whole = name.of(text)
    opens = _opens_sentence(text, name.start) or _AFTER_DATELINE.search(text, max(0, name.start - 4), name.start)
    if not trade or not opens or text.count(whole) > 1:
        return name
    return Span(trade.end(), name.end)


def goes_on(text: str, body: Span) -> Span | None:
    """A body's name with what it goes on with over 'on', 'for' or 'of the': 'Committee on Trade'; None without it.

    Over 'of the' only where the acronym of the whole stands behind it in brackets.
    """
    more = _NAME_GOES_ON.match(text, body.end)
    if not more or not is_body(body.of(text)) or more["rest"].split()[0].lower() in _NO_NAMES:
        return None
    whole = Span(body.start, more.end("rest"))
    acronym = _ACRONYM_AFTER.match(text, whole.end, whole.end + 14)
    explained = acronym is not None and acronym[1].upper() in institutions.acronym_of(whole.of(text))
    return whole if explained or more["small"] != "of the" else None


def _before_stop(text: str, start: int, end: int) -> int:
    """Where a sentence ends inside a name that runs on into the next: 'Roe. She'; else ``end``."""
    if "." not in text[start:end]:
        return end
    stops = (m for m in _STOP.finditer(text, start, end) if m[1].lower() not in _ABBREVIATIONS)
    return next((m.end(1) for m in stops), end)


def _has_article(surface: str) -> bool:
    known = institutions.known(surface)
    return known is not None and known.name.startswith("The ")


def whole_name(text: str, source: Span) -> Span | None:
    """The run of capitalised words that a source's words come down to, a role before it and a place after it apart.

    None without one: 'Kharkiv governor Oleh Bondar' ends in a name, and so does 'its chair, Ann Roe'; 'Pentagon
    officials' and 'Analysts' don't.
    """
    surface = source.of(text).rstrip(".,;: ")
    if surface.isascii() and surface.islower():
        return None
    source = Span(source.start, source.start + len(surface))
    core = core_of(text, source)
    found = _name_at_end(text, core)
    by = _BY.search(text, core.start, source.end)
    placed = found is not None and _PREPOSITION.search(text, core.start, found.start) is not None
    apposed = _apposed_name(text, core, source) if not found or placed else None
    if apposed and placed:
        return apposed
    if found or (by and (named := _name_at_end(text, core_of(text, Span(by.end(), source.end))))):
        return found or named
    return apposed


def _apposed_name(text: str, core: Span, source: Span) -> Span | None:
    """A name in full, or an acronym, after the core and a comma: 'its chair, Ann Roe', 'the agency, UNHCR'."""
    if text[core.end : core.end + 1] != "," or core.end + 1 >= source.end:
        return None
    named = _name_at_end(text, core_of(text, Span(core.end + 1, source.end)))
    return named if named and (" " in named.of(text) or _ACRONYM.fullmatch(named.of(text))) else None


def _name_at_end(text: str, core: Span) -> Span | None:
    """A name that the words end in, but for a number and 'in Tbilisi'."""
    place = _REST.search(text, core.start, core.end)
    limit = place.start() if place else core.end
    outlet = _OUTLET_LAST.search(text, core.start, limit)
    limit = outlet.start() if outlet and outlet.end() == limit else limit
    runs = [Span(*m.span()) for m in CAPITALISED.finditer(text, core.start, limit)]
    if not runs or not _NUMBER.fullmatch(text[runs[-1].end : limit]):
        return None
    numbered = any(map(str.isdigit, text[runs[-1].end : limit]))
    name = Span(runs[-1].start, limit) if numbered else tidy(text, runs[-1])
    surface = name.of(text)
    introduced = _INTRODUCED.match(text, name.end) is not None
    opens = " " not in surface and name.start == core.start and _opens_sentence(text, name.start) and not introduced
    is_name = (
        can_name(surface) and bool(names.parts(surface)) and (not opens or institutions.known(surface) is not None)
    )
    return name if is_name else None


def _opens_sentence(text: str, at: int) -> bool:
    """Whether a capital at this place may be due to the place alone."""
    before = text[max(0, at - 3) : at].rstrip(" \u00a0")
    return not before or before[-1] in '.!?…:\n"“‘•'


def core_of(text: str, source: Span) -> Span:
    """A source's words up to a comma, a bracket or a relative clause."""
    return Span(source.start, source.start + _core_length(source.of(text)))


@lru_cache(maxsize=8192)
def _core_length(phrase: str) -> int:
    cut = _CORE_END.search(phrase, 1)
    return cut.start() if cut else len(phrase)


def is_office(before: str) -> bool:
    """Whether the words before a name are an office of a body: 'Chief Superintendent of Police'."""
    found = _OFFICE.fullmatch(before) if "of" in before else None
    return found is not None and any(map(names.is_title, found[1].split()))


def proper(text: str, span: Span) -> Span:
    """A person's name without ranks before it and without whoever is named beside: 'Gov. Ann Roe and Joe Bloggs'."""
    surface = span.of(text)
    if not _PLAIN.fullmatch(surface):
        office = _OFFICE_OF.match(text, span.start, span.end)
        if office and is_office(office[0]):
            span = Span(office.end(), span.end)
        surface = _NAMED_BESIDE.split(span.of(text))[0]
    if more := _MORE_NAME.match(text, span.start + len(surface)):  # 'Rosa Mamani' of 'Rosa Mamani Apaza'
        surface += more[0]
    bare = names.without_titles(surface)
    return Span(span.start + len(surface) - len(bare), span.start + len(surface))


def kind_of(surface: str, *, is_place: bool) -> NameKind | None:
    """What a name is by its shape: a known institution or a body, else a person; None for a mere place."""
    if institutions.known(surface) or is_body(surface) or (surface.isupper() and " " not in surface):
        return NameKind.ORGANISATION
    if is_place:
        return None
    joined = _JOINS_BODY.search(surface) and names.rank_of(surface) is None
    return NameKind.ORGANISATION if joined or _FIRM_SIGN.search(surface) else NameKind.PERSON


def each(text: str, span: Span) -> Iterator[Span]:
    """The names in a person's tag that holds several: 'Ann Roe and Joe Bloggs'."""
    if "and" not in span.of(text):
        yield span
        return
    start = span.start
    for joint in _JOINT.finditer(text, span.start, span.end):
        yield Span(start, joint.start())
        start = joint.end()
    yield Span(start, span.end)


def each_body(text: str, span: Span) -> tuple[Span, ...]:
    """The names in a body's tag that holds two of which each stands for itself: 'KFOR and EULEX'."""
    surface = span.of(text)
    halves = surface.split(" and ")
    if len(halves) != 2 or institutions.known(surface):
        return (span,)
    has_article = _ARTICLE.search(text[max(0, span.start - 5) : span.start]) is not None
    two_firms = not has_article and " " not in halves[0] and " " in halves[1] and is_body(halves[1])
    if not two_firms and not all(map(_stands_alone, halves)):
        return (span,)
    return Span(span.start, span.start + len(halves[0])), Span(span.end - len(halves[1]), span.end)


def _stands_alone(surface: str) -> bool:
    return (surface.isupper() and " " not in surface and len(surface) > 1) or institutions.known(surface) is not None


def given_as(text: str) -> Iterator[Span]:
    """Names that people are said to have given as their own, or to go by: 'who gave her name only as Furaha'."""
    if holds(text, _GIVING):
        yield from (Span(*m.span("name")) for m in GIVEN_AS.finditer(text))
    if holds(text, _CALLING):
        yield from (Span(*m.span("name")) for m in _CALLED.finditer(text) if names.is_title(m["role"]))


@lru_cache(maxsize=8192)
def can_name(surface: str) -> bool:
    """Whether the words can be a name: not a pronoun, a common noun or a people."""
    if not surface[:1].isupper() or len(surface) < 2 or surface.split()[-1].islower():
        return False
    if " " in surface or institutions.known(surface):
        return True
    lower = surface.lower()
    return not (PEOPLES.match(surface) or lower in _NO_NAMES or lower in _SHORT_ROLES or is_common_noun(surface))


@lru_cache(maxsize=8192)
def is_body(surface: str) -> bool:
    """Whether the words show a body rather than a person: an acronym, or a noun for bodies at their head."""
    if _ACRONYM.search(surface) and (" " not in surface or not surface.isupper()):
        return True  # 'AFAD', 'FNV Havens', but not 'JANE ROE'
    phrase = _OF_BODY.split(surface)[0]
    heads = {part.split()[-1] for part in (phrase, phrase.split(" and ")[0]) if part.split()}
    is_firm = " " in surface and not heads.isdisjoint(_BODY_NAMES) and names.pronoun_of(surface) is None
    return is_firm or any(_BODY.fullmatch(head) for head in heads)


def is_firm(surface: str) -> bool:
    """Whether a name ends in what companies are called: 'Roe Foods Inc.'."""
    return " " in surface and surface.split()[-1].strip(".") in _FIRM_NAMES


def is_common_noun(word: str) -> bool:
    """Whether the word, whatever its capital, is a noun for people, bodies or documents: 'Analysts', 'Police'."""
    return word.lower() in _COMMON or singular(word.lower()) in _COMMON


def singular(noun: str) -> str:
    """The noun without its plural ending."""
    if noun in {"men", "women"}:
        return noun.replace("men", "man")
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us")) else noun
