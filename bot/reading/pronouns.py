"""Whom a pronoun means that names a source: he, she, it, they, who."""

import re

from bot.reading import descriptions, names
from bot.reading.figures import Figure
from bot.reading.hearing import Hearing, Speaker, speaker_of
from bot.reading.lexicon import pattern, words
from bot.types import SourceKind, Span

REACH = 3  # sentences back to whom 'he' or 'she' may point
OWNS_OTHER = 1.5  # what a name loses that 'her' goes on from when 'he' is sought
EARLIER = 1.0  # what somebody without a name loses who was heard in an earlier paragraph

_PRONOUNS = {word: name for name in ("he", "she", "it", "they", "who", "we") for word in words("pronouns", name)}
_GROUP = re.compile(
    r"(?:(?:a (?:couple|number|group|handful) of|some|several|many|most|two|three|four|other|senior|local|[A-Z]\w+)"
    r"\s+)*"
    rf"(?:{pattern(words('sources', 'groups'))})s\b"
)
_NOUN_PHRASE = re.compile(
    r"(?<!\bof\s)(?<!\bby\s)\b(?P<phrase>(?:an?|the|its|their|[Aa] new)\s[^,.;:“”\"\n]{3,80}),\s$"
)
_LEADS_UP = re.compile(r"(?:(?:[Tt]he|[Aa]n?|[Ii]ts)\s(?:[\w’'-]+\s){0,4}(?:[\w’'-]+,\s)?)?")
_OWNERS = re.compile(r"\b(?:his|her)\b")
_BODIES = frozenset({SourceKind.ORGANISATION, SourceKind.OUTLET, SourceKind.DOCUMENT})
_SEVERAL = frozenset({SourceKind.UNNAMED, SourceKind.ORGANISATION})


def pronoun(surface: str) -> str | None:
    """Which pronoun the words are, in its plain form: 'he' for 'him'; None where they are no pronoun."""
    return _PRONOUNS.get(surface.lower())


def meant(hearing: Hearing, told: str, at: Span) -> Speaker | None:
    """Whom the pronoun (in its plain form) means at this place; None where it points to nobody."""
    if at.of(hearing.page.text).lower() == "which" and (document := _document_before(hearing, at)):
        return document
    match told:
        case "he" | "she":
            return _person(hearing, told, at)
        case "who":
            return _antecedent(hearing, at)
        case "they":
            return hearing.recent(at, _SEVERAL, sentences=1) or _group_before(hearing, at)
        case "it":
            return _body_opening(hearing, at) or hearing.recent(at, _BODIES, sentences=2) or _body_before(hearing, at)
    return None


def last_named(hearing: Hearing, at: Span) -> Speaker | None:
    """The person named last, whoever that is: 'the 51-year-old' tells no more; None where that is long ago."""
    person = next(((mention, figure) for mention, figure in hearing.before(at) if figure.is_person), None)
    return speaker_of(person[1]) if person and hearing.gap(person[0], at) <= REACH else None


def _person(hearing: Hearing, told: str, at: Span) -> Speaker | None:
    """Whom the pronoun most likely means: near, last to speak, first named in a sentence, of fitting name."""
    best: tuple[float, Speaker] | None = None
    page, here = hearing.page, hearing.page.sentence_at(at.start).paragraph
    for mention, figure in hearing.before(at):
        if not figure.is_person:
            continue
        gap = hearing.gap(mention, at)
        if gap > REACH:
            break
        score = _fitness(hearing, mention, figure, told, gap)
        if score is not None and page.sentence_at(mention.start).paragraph != here:
            score -= EARLIER
        if score is not None and (best is None or score > best[0]):
            best = (score, speaker_of(figure))
    unnamed = _last_unnamed(hearing, at)
    if unnamed and (best is None or unnamed[0] > best[0]):
        return unnamed[1]
    return best[1] if best else None


def _last_unnamed(hearing: Hearing, at: Span) -> tuple[float, Speaker] | None:
    """The last single person heard who has no name, with a fitness as that of names: 'a resident'."""
    for heard in reversed(hearing.heard):
        gap = hearing.gap(heard.at, at)
        if gap > REACH:
            return None
        alone = not descriptions.head_at(hearing.page.text, heard.at).endswith("s")
        if heard.speaker.kind is SourceKind.UNNAMED and alone and heard.at.start < at.start:
            parted = hearing.page.sentence_at(heard.at.start).paragraph != hearing.page.sentence_at(at.start).paragraph
            return 2.0 - gap - EARLIER * parted, heard.speaker
    return None


def _fitness(hearing: Hearing, mention: Span, figure: Figure, told: str, gap: int) -> float | None:
    """How well the pronoun fits a name that stands so many sentences before; None where it can't mean it."""
    page = hearing.page
    known = _gender(page.text, figure)
    if known not in {None, told} or not page.is_report(mention):
        return None
    spoke = any(heard.at.overlaps(mention) for heard in hearing.heard)
    owned = page.text[mention.end : mention.end + 2] in {"’s", "'s"}
    start = page.sentence_at(mention.start).span.start
    leads = not any(
        f.is_person and start <= m.start < mention.start for m, f in hearing.within(Span(start, mention.start + 1))
    )
    beside = _owns(hearing, mention) if known is None else None
    unlike = OWNS_OTHER * (beside not in {None, told})
    return (
        1.5 * spoke + 0.8 * leads - gap - 1.2 * owned - 1.5 * page.is_quoted(mention) - 0.4 * (known is None) - unlike
    )


def _gender(text: str, figure: Figure) -> str | None:
    """'he' or 'she' where one of the mentions, or the name, tells."""
    for mention in figure.mentions:
        told = names.pronoun_of(mention.of(text), text[max(0, mention.start - 20) : mention.start])
        if told:
            return told
    return names.pronoun_of(figure.name)


def _owns(hearing: Hearing, mention: Span) -> str | None:
    """'he' or 'she' by 'his' or 'her' after a person's name that opens the sentence alone: 'Roe, with her sister'."""
    end = hearing.page.sentence_at(mention.start).span.end
    following = next((m.start for m, f in hearing.within(Span(mention.end, end)) if f.is_person), end)
    start = hearing.page.sentence_at(mention.start).span.start
    alone = not any(f.is_person and m < mention for m, f in hearing.within(Span(start, mention.end)))
    owner = _OWNERS.search(hearing.page.text, mention.end, following) if alone and mention.end < following else None
    owner = None if owner and any(map(Span(*owner.span()).overlaps, hearing.page.quoted)) else owner
    return pronoun(owner[0]) if owner else None


def _document_before(hearing: Hearing, at: Span) -> Speaker | None:
    """A document that 'which' goes on from: 'a report by X, which found'."""
    text = hearing.page.text
    found = _NOUN_PHRASE.search(text, max(0, at.start - 100), at.start)
    words = Span(*found.span("phrase")) if found else None
    if words is None or not descriptions.is_document(text, words):
        return None
    return Speaker(descriptions.lowered(text, words), SourceKind.DOCUMENT)


def _antecedent(hearing: Hearing, at: Span) -> Speaker | None:
    """Whom 'who' follows."""
    for mention, figure in hearing.before(at):
        if mention.end <= at.start:
            near = at.start - 40 <= mention.end and "." not in hearing.page.text[mention.end : at.start]
            return speaker_of(figure) if near else None
    return None


def _group_before(hearing: Hearing, at: Span) -> Speaker | None:
    """A group that the sentence itself names before 'they'."""
    start = hearing.page.sentence_at(at.start).span.start
    found = list(_GROUP.finditer(hearing.page.text, start, at.start)) if start < at.start else []
    if not found:
        return None
    return Speaker(descriptions.lowered(hearing.page.text, Span(*found[-1].span())), SourceKind.UNNAMED)


def _body_opening(hearing: Hearing, at: Span) -> Speaker | None:
    """The body that the first clause of the sentence turns on, after a semicolon: 'Roe Bank disputes that; it said'."""
    page = hearing.page
    start = page.sentence_at(at.start).span.start
    parted = page.text.rfind("; ", start, at.start)
    clause = hearing.within(Span(start, parted)) if parted > start else []
    opens = clause and not clause[0][1].is_person and _LEADS_UP.fullmatch(page.text, start, clause[0][0].start)
    return speaker_of(clause[0][1]) if opens else None


def _body_before(hearing: Hearing, at: Span) -> Speaker | None:
    """The last body named in this sentence or the one before."""
    for mention, figure in hearing.before(at):
        if not figure.is_person and mention.end <= at.start:
            return speaker_of(figure) if hearing.gap(mention, at) <= 1 else None
    return None
