"""The people and bodies that a text names, each under one name with every place where it is named."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.reading import institutions, kinds, names
from bot.reading.cover import Cover
from bot.reading.people import full_name, grouped
from bot.reading.shapes import (
    CAPITALISED,
    PEOPLES,
    can_name,
    each,
    each_body,
    given_as,
    goes_on,
    is_body,
    kind_of,
    proper,
    tidy,
    whole_name,
)
from bot.reading.tagger import NameKind, NameTag
from bot.types import SourceKind, Span

_BRACKETED = re.compile(r"\s*\(\s*(?:the\s+)?[\"“]?([A-Z][\w&.-]{1,14})[\"”]?\s*\)")
_FIRST_AND_LAST = re.compile(r"[^\W\d_a-zß-ÿ][\w’'-]+\s[^\W\d_a-zß-ÿ][\w’'-]+")
_OPENING_NAME = re.compile(r"[A-Z][\w-]{2,}(?=$|\sand\sthe\s[A-Z])")
_ALONE = re.compile(r"(?<![\w’'-])(?<![A-Z][a-z]\s)[^\W\d_a-z][^\W\d_]{3,}+(?![\w-]|\s[A-Z])")  # as a last name may
_NAME_BEFORE = re.compile(r"[A-Z]\w+ $")
_WORD_BEFORE = re.compile(r"\w+[A-ZÀ-Þ]?\w*\s$")
_AND_THE = re.compile(r"\s+and\s+(?=the\s+(?:\w+\s+)?[A-Z])")
_PLAIN_WORD = re.compile(r"\b[a-zß-ÿ]{3,}\b")
_OWNER = re.compile(r"(?P<owner>[A-Z][\w-]+)['’]s?\s+(?=[A-Z][\w-]+\s(?:and\s)?[A-Z])")


SURE = 0.7  # of the tagger's score: from here on a name in one word is a person's though nothing else shows it


@dataclass(frozen=True, slots=True)
class Figure:
    """Somebody or something that the text names."""

    name: str  # canonical
    kind: SourceKind  # PERSON, ORGANISATION or OUTLET
    mentions: tuple[Span, ...]  # in text order
    label: str | None = None  # what kind of institution, where it is a known one

    @property
    def is_person(self) -> bool:
        """Whether it is somebody rather than a body."""
        return self.kind is SourceKind.PERSON


def tidied(text: str, tags: Iterable[NameTag]) -> tuple[NameTag, ...]:
    """The tags with spans from the first capitalised word of the name to the last, in text order."""
    spans = ((tag, tidy(text, tag.span)) for tag in tags)
    tags = [tag if tag.span == span else replace(tag, span=span) for tag, span in spans]
    people = sorted(tag.span.start for tag in tags if tag.kind is NameKind.PERSON)
    return tuple(sorted((_extended(text, tag, people) for tag in tags), key=lambda tag: tag.span))


def _extended(text: str, tag: NameTag, people: Sequence[int]) -> NameTag:
    """The tag; of a body whose name goes on over a small word, with the rest: 'Committee' of 'Committee on Trade'."""
    if tag.kind is not NameKind.ORGANISATION:
        return tag
    rest = goes_on(text, tag.span)
    named = bisect_left(people, tag.span.end)
    is_free = rest is not None and not (named < len(people) and people[named] < rest.end)
    return replace(tag, span=rest) if rest and is_free else tag


def find(text: str, tags: Iterable[NameTag], sources: Iterable[Span] = ()) -> tuple[Figure, ...]:
    """The figures of a text, by first mention: people, organisations and outlets; places aren't any.

    The tags' spans are tidy (``tidied``). ``sources`` are the words that name sources: a name that is all of one counts
    even where no tag covers it.
    """
    tags = tuple(tags)
    last, doubted = _last_names(text, tags), _doubted(tags)
    named = _named(text, tags, tuple(sources), last)
    bodies = [one for span, kind in named.items() if kind is NameKind.ORGANISATION for one in each_body(text, span)]
    bodies = _owned(text, bodies)
    people = [proper(text, one) for span, kind in named.items() if kind is NameKind.PERSON for one in each(text, span)]
    people = [s for s in people if names.parts(s.of(text)) and (can_name(s.of(text)) or s.of(text) in last)]
    persons, others = list[Figure](), list[Span]()
    for group in grouped(text, people):
        name, in_doubt = full_name(text, group), 2 * len(doubted & {*group}) > len(group)
        if kinds.is_rather_body(text, group, name, bodies, in_doubt=in_doubt):
            others += group
        else:
            persons.append(Figure(name, SourceKind.PERSON, tuple(sorted(group))))
    bodies += sorted({span for one in others for span in kinds.uses(text, one.of(text))})
    found = [*persons, *_bodies(text, bodies + _acronyms(text, bodies))]
    return tuple(sorted(found, key=lambda figure: figure.mentions[0]))


def _named(text: str, tags: Sequence[NameTag], sources: Sequence[Span], last: Collection[str]) -> dict[Span, NameKind]:
    """The names of people and bodies: those that the rules see stand before what the tagger makes of the same words."""
    people_at = {tag.span.start for tag in tags if tag.kind is NameKind.PERSON}
    bodies_at = [tag.span for tag in tags if tag.kind is NameKind.ORGANISATION and tag.span.start not in people_at]
    named = dict.fromkeys(given_as(text), NameKind.PERSON)
    for name, kind in _seen(text, sources, tags, people_at):
        rather_body = (
            kind is NameKind.PERSON
            and " and " not in name.of(text)
            and any(body.start <= name.start < body.end for body in bodies_at)
            and not _follows_role(text, name)
        )
        named[name] = NameKind.ORGANISATION if rather_body and not names.pronoun_of(name.of(text)) else kind
    taken, places = Cover(named), _places(tags)
    for tag in tags:
        is_name = tag.kind is not NameKind.PLACE and _is_name(text, tag, places, last)
        if is_name and not taken.touches(tag.span):
            taken.add(tag.span)
            named[tag.span] = NameKind.ORGANISATION if _is_named_body(text, tag) else NameKind.PERSON
    named |= dict.fromkeys(_surnames(text, named), NameKind.PERSON)
    return named | dict.fromkeys(_untagged(text, last, sorted({*named, *(tag.span for tag in tags)})), NameKind.PERSON)


def _places(tags: Iterable[NameTag]) -> dict[Span, float]:
    """The names of places, with how sure the tagger is of each."""
    found: dict[Span, float] = {}
    for tag in tags:
        if tag.kind is NameKind.PLACE:
            found[tag.span] = max(tag.score, found.get(tag.span, 0.0))
    return found


def _last_names(text: str, tags: Iterable[NameTag]) -> frozenset[str]:
    """The last words of people's names, but for those that the text also has in lower case or for something else."""
    tags = tuple(tags)
    others = {tag.span.of(text) for tag in tags if tag.kind is not NameKind.PERSON}
    people = (one.of(text) for tag in tags if tag.kind is NameKind.PERSON for one in each(text, tag.span))
    last = {name.split()[-1] for name in people if name.split()} - others
    plain = _plain_words(text)
    return frozenset(w for w in last if len(w) > 3 and w.isalpha() and w[0].isupper() and w.lower() not in plain)


def _untagged(text: str, last: Collection[str], taken: Sequence[Span]) -> Iterator[Span]:
    """Where a person's last name stands alone and the tagger has nothing."""
    for span in sorted(use for name in last for use in kinds.each_use(text, name) if _is_alone(text, use)):
        k = bisect_left(taken, (span.end, 0))
        named = _WORD_BEFORE.search(text[max(0, span.start - 25) : span.start])
        beside = named is not None and named[0][:1].isupper() and names.rank_of(f"{named[0]}Roe") is None
        if not beside and not any(one.overlaps(span) for one in taken[max(0, k - 3) : k]):
            yield span


def _is_alone(text: str, name: Span) -> bool:
    alone = _ALONE.match(text, name.start)
    return alone is not None and alone.end() == name.end


def _surnames(text: str, named: Mapping[Span, NameKind]) -> list[Span]:
    """Names in one word that were taken for a body's and are the surname of somebody whom the text names in full."""
    people = (span.of(text) for span, kind in named.items() if kind is NameKind.PERSON)
    last = {surface.split()[-1] for surface in people if " " in surface}
    bodies = (span for span, kind in named.items() if kind is NameKind.ORGANISATION)
    return [s for s in bodies if s.of(text) in last and not is_body(s.of(text)) and not kinds.has_article(text, s)]


def _owned(text: str, bodies: Sequence[Span]) -> list[Span]:
    """The bodies, those of one country or town alone without it: 'Ukraine's General Staff' -> 'General Staff'."""
    found = {span: _OWNER.match(text, span.start, span.end) for span in bodies}
    owners: dict[str, set[str]] = {}
    for span, owner in found.items():
        rest = text[owner.end() if owner else span.start : span.end]
        owners.setdefault(rest, set()).update({owner["owner"][:4]} if owner else ())
    return [
        Span(owner.end(), span.end) if owner and len(owners[text[owner.end() : span.end]]) == 1 else span
        for span, owner in found.items()
    ]


def _doubted(tags: Sequence[NameTag]) -> frozenset[Span]:
    """Names that the tagger takes for a person's, but isn't sure of or also takes for something else."""
    others = {tag.span for tag in tags if tag.kind is not NameKind.PERSON}
    people = (tag for tag in tags if tag.kind is NameKind.PERSON)
    return frozenset(tag.span for tag in people if tag.score < SURE or tag.span in others)


def _is_named_body(text: str, tag: NameTag) -> bool:
    """Whether a tagged name is a body's: by its tag, by its words, or because 'the' stands before it."""
    surface = tag.span.of(text)
    shown = institutions.known(surface) is not None or is_body(surface)
    if tag.kind is NameKind.ORGANISATION and not shown and _follows_role(text, tag.span):
        return False
    return shown or tag.kind is NameKind.ORGANISATION or kinds.has_article(text, tag.span)


def _follows_role(text: str, name: Span) -> bool:
    """Whether a role and a comma stand before a name in full: 'its director general, Ann Roe'."""
    return " " in name.of(text) and kinds.ROLE_BEFORE.search(text, max(0, name.start - 40), name.start) is not None


def _seen(
    text: str, sources: Sequence[Span], tags: Sequence[NameTag], people_at: set[int]
) -> Iterator[tuple[Span, NameKind]]:
    """Names that show without a tag: institutions that are known by two words or more, and names that are a source."""
    tagged = Cover(tag.span for tag in tags)
    for run in CAPITALISED.finditer(text):
        span = Span(*run.span())
        if " " in run[0] and institutions.known(run[0]):
            yield tidy(text, span), NameKind.ORGANISATION
        elif _FIRST_AND_LAST.fullmatch(run[0]) and not tagged.touches(span) and _is_plain_person(text, run):
            yield span, NameKind.PERSON
    for source in sources:
        if (opening := _opening_name(text, source)) and not tagged.touches(opening):
            yield opening, NameKind.ORGANISATION
    places = Cover(tag.span for tag in tags if tag.kind is NameKind.PLACE)
    for source in (part for whole in sources for part in _halves(text, whole)):
        name = whole_name(text, source)
        kind = name and kind_of(name.of(text), is_place=places.holds(name))
        if name and kind:
            yield name, _kind_as_source(text, name, kind, is_person=name.start in people_at)


def _kind_as_source(text: str, name: Span, kind: NameKind, *, is_person: bool) -> NameKind:
    """What a name that is a source is, which by its shape is of this kind; ``is_person``: the tagger has a person."""
    surface = name.of(text)
    joined = is_person and " of " in surface and not is_body(surface)  # 'Ann Roe of Roe & Sons'
    if joined or names.pronoun_of(surface):
        return NameKind.PERSON
    has_article = kind is NameKind.PERSON and " " in surface and kinds.has_article(text, name)
    return NameKind.ORGANISATION if has_article else kind


def _is_plain_person(text: str, run: re.Match[str]) -> bool:
    """Whether a first name opens the words, or a role without a capital stands before them: 'the barber Bel Roe'."""
    before = text[max(0, run.start() - 30) : run.start()].split(" ")[-2:]
    has_role = len(before) == 2 and before[0].islower() and before[1] == "" and names.is_title(before[0])
    return (has_role or names.pronoun_of(run[0]) is not None) and not is_body(run[0])


def _opening_name(text: str, source: Span) -> Span | None:
    """A name in one word that is all of a source, or its first half, and shows to be a body's, not a word that opens
    a sentence: 'Kestrel reports that', 'Labor and the Greens'."""
    found = _OPENING_NAME.match(text, source.start, source.end)
    if not found or not can_name(found[0]) or found[0].lower() in _plain_words(text):
        return None
    name = Span(*found.span())
    joined = name.end < source.end and not found[0].endswith("s")
    return name if joined or (name.end == source.end and kinds.reports(text, name)) else None


def _halves(text: str, source: Span) -> tuple[Span, ...]:
    """The words that name a source; of two joined by 'and the', each."""
    joint = _AND_THE.search(text, *source) if "and" in source.of(text) else None
    return (Span(source.start, joint.start()), Span(joint.end(), source.end)) if joint else (source,)


def _is_name(text: str, tag: NameTag, places: Mapping[Span, float], last: Collection[str]) -> bool:
    """Whether a tag's words can name somebody, and not rather a place."""
    surface, place = tag.span.of(text), places.get(tag.span)
    rather_place = place is not None and (place > tag.score or tag.kind is NameKind.PERSON)
    common = " " not in surface and surface.lower() in _plain_words(text)
    if common or not (can_name(surface) or surface in last):
        return False
    return not rather_place or institutions.known(surface) is not None or _follows_name(text, surface)


def _follows_name(text: str, surface: str) -> bool:
    """Whether a capitalised word stands right before the words somewhere in the text."""
    return any(_NAME_BEFORE.search(text, max(0, use.start - 40), use.start) for use in kinds.each_use(text, surface))


@lru_cache(maxsize=8)
def _plain_words(text: str) -> frozenset[str]:
    """The words that the text also has in lower case."""
    return frozenset(_PLAIN_WORD.findall(text))


def _acronyms(text: str, bodies: Sequence[Span]) -> list[Span]:
    """Acronyms in brackets after bodies' names, and every later use of them."""
    given = {m[1] for span in bodies if (m := _BRACKETED.match(text, span.end)) and m[1].isupper()}
    found = [span for acronym in sorted(given) for span in kinds.each_use(text, acronym)]
    taken = Cover(bodies)
    return [span for span in found if not taken.touches(span)]


def _bodies(text: str, spans: Sequence[Span]) -> list[Figure]:
    """One figure per body: known institutions under their name; acronyms and spellings with the full name."""
    groups: dict[str, list[Span]] = {}
    acronyms = _given_acronyms(text, spans)
    for span in sorted(set(spans), key=lambda s: (-len(s.of(text)), s)):
        surface = span.of(text)
        known = None if surface in acronyms else institutions.known(surface)
        key = institutions.key_of(known.name if known else surface)
        key = key if known else acronyms.get(surface.replace(".", ""), key)
        groups.setdefault(key if key in groups else _with_people(key, groups), []).append(span)
        if " " in surface and not known:
            first = surface.split()[0]
            also = (first,) if len(first) > 3 or first.isupper() else ()  # 'FNV' after 'FNV Havens'
            acronyms.update((a, key) for a in (*institutions.acronym_of(surface), *also) if a not in acronyms)
    return [_body(text, sorted(group)) for group in groups.values()]


def _with_people(key: str, groups: Iterable[str]) -> str:
    """The one key among those that is this one after a people's name: 'russian defence ministry'; else the key."""
    longer = [
        k for k in groups if k.endswith(f" {key}") and " " in key and PEOPLES.match(k.removesuffix(f" {key}").title())
    ]
    return longer[0] if len(longer) == 1 else key


def _given_acronyms(text: str, spans: Sequence[Span]) -> dict[str, str]:
    """Acronyms that the text itself explains in brackets, with the key of what they stand for there."""
    found = {}
    for span in spans:
        if (m := _BRACKETED.match(text, span.end)) and m[1].isupper() and not span.of(text).isupper():
            known = institutions.known(span.of(text))
            found[m[1]] = institutions.key_of(known.name if known else span.of(text))
    return found


def _body(text: str, spans: list[Span]) -> Figure:
    longest = max((span.of(text) for span in spans), key=len)
    known = institutions.known(longest)
    if known:
        return Figure(known.name, known.kind, tuple(spans), known.label)
    kind = SourceKind.OUTLET if _publishes(text, spans) else SourceKind.ORGANISATION
    return Figure(longest, kind, tuple(spans))


def _publishes(text: str, spans: Sequence[Span]) -> bool:
    """Whether one of the mentions shows an outlet; a body of several words shows it by more than a report."""
    one_word = all(" " not in span.of(text) for span in spans)
    return any(kinds.is_outlet(text, s) or (one_word and kinds.reports(text, s)) for s in spans)
