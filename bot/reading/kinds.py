"""Whether a name is a person's, a body's or an outlet's, by how the text uses it.

A person is named in full once and by surname later, has a title, an age or a trade; a body is 'it' and 'which', has
shares, spokesmen and workers, and goes by the first word of its name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.reading import names
from bot.reading.lexicon import pattern, words
from bot.reading.shapes import is_body
from bot.types import Span

_NOUN = rf"(?:{pattern((*words('sources', 'bodies'), *words('sources', 'company_nouns')))})"
_TITLED_NOUN = rf"(?:{pattern(word.title() for word in (*words('sources', 'bodies'), *words('sources', 'firms')))})"
_ROLE = rf"(?:{pattern(words('sources', 'roles'))})"
_OUTLET = pattern(words("sources", "outlets"))
_OUTLET_LAST = frozenset({"TV", *(word.title() for word in words("sources", "outlet_names"))})
_OUTLET_FIRST = frozenset({"Daily", "Radio", "Evening", "Weekly", "Sunday", "Channel"})
_OUTLET_BEFORE = re.compile(rf"\b(?:{_OUTLET})s?\s+(?:[Tt]he\s+)?$")
_OUTLET_NOUN = re.compile(r"\s(?:news\s|state\s)?(?:agency|newspaper|channel|website|magazine|news site|tabloid)\b")
_OUTLET_AFTER = re.compile(
    rf"(?:,\s(?:citing|quoting)\s[^.;\n]{{3,80}},)?\s(?:reports|reported)\b(?!\sto\b)|,\s(?:an?|the)\s(?:[\w-]+\s){{0,3}}(?:{_OUTLET})\b"
    rf"|[^\n]{{0,260}}?\.\sThe\s(?:{_OUTLET})\s(?:also|has|had|said|says|quote[sd]|cite[sd]|report|print|wrote)"
)
_HOLDINGS = "shares|workers|employees|subsidiary|shareholders|headquarters|customers|fighters|troops|members|offices"
_POSTS = "spokes(?:man|woman|person)|chief executive|chairman|chairwoman|board|boss|director|owners?|officials?"
_GOES_ON = re.compile(rf"\s{_TITLED_NOUN}\b")
_BODY_AFTER = re.compile(
    rf",\s+(?:which\b|(?:an?|the|its)\s+(?:[\w’'-]+\s+){{0,4}}{_NOUN}\b)"
    r"|\s+(?:said|says|has|is|was|will|wants|plans|had)\b[^.,;\n]{0,40}?\b(?:it|its)\b"
    rf"|(?:['’]s?)?\s(?:\w+\s)?(?:{_HOLDINGS}|{_POSTS})\b|\s(?:say|are|have|were|deny|claim|plan)\b"
)
_BODY_BEFORE = re.compile(
    rf"\b(?:{_NOUN}s?|[Ss]hares (?:in|of)|(?:stake|investors|factory) in|employees of|owned by|{_ROLE}s?\sat)\s+$"
)
_PERSON_AFTER = re.compile(
    rf",\s+(?:who\b|(?:aged\s)?\d{{1,2}}\b|(?:an?|the|his|her|its|their)\s(?:[\w’'-]+\s+){{0,3}}{_ROLE}\b)"
    r"|['’]s?\s(?:wife|husband|son|daughter|mother|father|brother|sister|lawyer|aides?|family|government)\b"
    r"|\s+(?:said|says|added|told)\b[^.,;\n]{0,12}?\b(?:he|she)\b"
)
ROLE_BEFORE = re.compile(rf"\b{_ROLE}(?:\sgeneral)?,\s$")
_JOINED = re.compile(r"\s+and\s+(?:the\s+)?")
_EDGE = re.compile(r"\b")
_ARTICLE = re.compile(r"\b[Tt]he\s$")


def is_outlet(text: str, span: Span) -> bool:
    """Whether a body is one that publishes news: by a word of its name, the noun before it, or what it does."""
    surface = span.of(text)
    if " " in surface and (surface.split()[-1] in _OUTLET_LAST or surface.split()[0] in _OUTLET_FIRST):
        return True
    reach = max(0, span.start - 40)
    lower = text[reach : span.start].rstrip()[-1:].islower()  # so ends a noun
    return (lower and _OUTLET_BEFORE.search(text, reach, span.start) is not None) or _OUTLET_NOUN.match(
        text, span.end
    ) is not None


def reports(text: str, span: Span) -> bool:
    """Whether the name does what outlets do: 'Kestrel reports that', or the next sentence calls it the paper."""
    return _OUTLET_AFTER.match(text, span.end, span.end + 320) is not None


def is_rather_body(text: str, group: Sequence[Span], full_name: str, bodies: Sequence[Span], *, in_doubt: bool) -> bool:
    """Whether the mentions that were taken for those of one person of that full name are a body's.

    ``bodies`` are the names that are known to be bodies'; ``in_doubt``: the tagger isn't sure of the person.
    """
    surfaces = {span.of(text) for span in group}
    if any(is_outlet(text, span) for span in group) or any(" " in s and is_body(s) for s in surfaces):
        return True
    name = max(surfaces, key=len)
    if _is_shown_person(text, group, surfaces) or (" " in full_name and " " not in name):
        return False
    if " and " in name:
        return False
    opens = any(body.of(text).startswith(f"{name} ") for body in bodies) or any(
        use.end - use.start > len(name) for use in uses(text, name)
    )
    joined = any(_JOINED.fullmatch(text, one.end, body.start) for one in group for body in bodies if one < body)
    doubted = (in_doubt or joined) and " " not in name
    return (
        doubted
        or opens
        or any(reports(text, use) for s in surfaces for use in each_use(text, s))
        or _is_used_as_body(text, surfaces)
    )


def uses(text: str, name: str) -> Iterator[Span]:
    """Where the text has a body's name, with a noun for bodies that it goes on with: 'Norvane Terminals'."""
    for at in each_use(text, name):
        more = _GOES_ON.match(text, at.end)
        yield Span(at.start, more.end() if more else at.end)


def is_titled(text: str, span: Span) -> bool:
    """Whether a title or role stands right before the name, or a first name shows whether it is a man's."""
    before = text[max(0, span.start - 20) : span.start]
    if names.pronoun_of(span.of(text), before) is not None:
        return True
    beside = before.split()[-1:]
    return bool(beside) and names.rank_of(f"{beside[0]} {span.of(text)}") is not None


def has_article(text: str, name: Span) -> bool:
    """Whether 'the' stands before a name that no title opens: 'the Linden Star', not 'the Rev. Ann Roe'."""
    opens = _ARTICLE.search(text[max(0, name.start - 5) : name.start]) is not None
    return opens and names.rank_of(name.of(text)) is None


def _is_shown_person(text: str, group: Sequence[Span], surfaces: set[str]) -> bool:
    """Whether a title, a first name, a surname alone, an age or a trade shows a person."""
    full = [surface for surface in surfaces if " " in surface]
    if any(whole.endswith(f" {short}") for whole in full for short in surfaces):
        return True
    return any(is_titled(text, span) or _PERSON_AFTER.match(text, span.end, span.end + 80) for span in group)


def _is_used_as_body(text: str, surfaces: Iterable[str]) -> bool:
    """Whether the text speaks of the name as of a body: 'Norvane, which', 'the firm Norvane'."""
    return any(
        _BODY_AFTER.match(text, at.end) or _BODY_BEFORE.search(text, max(0, at.start - 30), at.start)
        for name in surfaces
        for at in each_use(text, name)
    )


def each_use(text: str, name: str) -> Iterator[Span]:
    r"""Where the name stands as words of its own, in text order: what ``\b`` on both sides finds.

    Names are other ones in every article, and compiling a pattern for each takes longer than looking.
    """
    at = text.find(name)
    while name and at >= 0:
        end = at + len(name)
        alone = _EDGE.match(text, at) and _EDGE.match(text, end)
        if alone:
            yield Span(at, end)
        at = text.find(name, end if alone else at + 1)
