"""Two evidenced statements about one thing that cannot both hold.

Precision first: a false alarm is worse than a miss. So only three kinds are looked for, each with narrow conditions:
different counts of one kind of loss in one event, who holds a place, and a denial of what another source says. Every
side is quoted as it stands.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations, pairwise

from bot.briefing import words
from bot.briefing.places import is_country
from bot.types import Article, Attribution, Claim, Disagreement, MentionKind, Reading, Sentence, Span, Stance

SAME_WORDS = 0.6  # share of the shorter sentence's words from which on two sentences are about one thing
LEAST_DENIED, SAME_DENIED = (
    3,
    0.75,
)  # words that a denial must hold, and the share of them that the other side must state
MOSTLY = 0.4
UPDATE = timedelta(hours=12)  # articles further apart may both be right: the later one knows more


@dataclass(frozen=True, slots=True)
class Assertion:
    """One sentence of the report with what its comparison needs."""

    article: Article
    sentence: Sentence
    text: str
    source: str | None
    places: frozenset[str]  # located or not, smaller than a country, as folded names
    terms: tuple[str, ...]
    denied: tuple[str, ...]  # the words of what it denies; empty: it denies nothing
    place: int  # its number in the article
    subject: str | None  # the source that gives a number in it, though no statement is marked
    sides: tuple[tuple[int, str], ...]  # countries that it names or that its names belong to, with where in the text

    def claim(self) -> Claim:
        """The assertion as one side of a disagreement."""
        return Claim(" ".join(self.text.split()), self.article.id, self.sentence.span, self.voice)

    @property
    def voice(self) -> str | None:
        """Who says it."""
        return self.source or self.subject


def find(articles: Sequence[Article], readings: Sequence[Reading]) -> tuple[Disagreement, ...]:
    """The disagreements within and between the articles of one story, losses first; empty if there are none that
    are sure.
    """
    said = [one for article, reading in zip(articles, readings, strict=True) for one in assertions(article, reading)]
    found = (*_losses(said), *_other_counts(said), *_control(said), *_denials(said))
    used: set[tuple[str, Span]] = set()
    kept = []
    for disagreement in found:
        where = {(claim.article, claim.span) for claim in disagreement.claims}
        if not where & used:
            kept.append(disagreement)
            used |= where
    return tuple(kept)


def assertions(article: Article, reading: Reading) -> Iterator[Assertion]:
    """The sentences of the report in order, without furniture and questions."""
    for number, sentence in enumerate(one for one in reading.sentences if one.furniture is None):
        text = sentence.span.of(article.text)
        if text.rstrip().endswith("?"):
            continue
        spoken = [one for one in reading.attributions if any(piece.overlaps(sentence.span) for piece in one.content)]
        terms, places, sides = tuple(words.terms(text)), _places(article, reading, sentence), _sides(reading, sentence)
        yield Assertion(
            article,
            sentence,
            text,
            _speaker(spoken),
            places,
            terms,
            _denied(article, spoken),
            number,
            _subject(text, reading),
            sides,
        )


def _sides(reading: Reading, sentence: Sentence) -> tuple[tuple[int, str], ...]:
    return tuple(
        (one.span.start - sentence.span.start, one.place.country_code)
        for one in reading.toponyms
        if sentence.span.holds(one.span)
        and one.place
        and one.place.country_code
        and (is_country(one.place) or one.kind is not MentionKind.LITERAL)
    )


def _speaker(spoken: Sequence[Attribution]) -> str | None:
    return next((one.source for one in spoken if one.source), None)


def _subject(text: str, reading: Reading) -> str | None:
    """The one source that is named before the verb by which a sentence gives a number."""
    verb = _GIVES.search(text)
    head = text[: verb.start()] if verb else ""
    named = [one.name for one in reading.sources if any(name in head for name in (one.name, *one.aliases))]
    return named[0] if len(named) == 1 else None


_GIVES = re.compile(r"\b(?:puts?|gives?|gave)\b")


def _denied(article: Article, spoken: Sequence[Attribution]) -> tuple[str, ...]:
    pieces = [piece for one in spoken if one.stance is Stance.DENIES for piece in one.content]
    return tuple(words.terms(" ".join(piece.of(article.text) for piece in pieces)))


def _places(article: Article, reading: Reading, sentence: Sentence) -> frozenset[str]:
    found = (
        one
        for one in reading.toponyms
        if sentence.span.holds(one.span) and one.kind is MentionKind.LITERAL and not is_country(one.place)
    )
    return frozenset(one.span.of(article.text).casefold() for one in found)


# --- counts: how many were killed, hurt, missing, held, displaced; and 'put the number at'

_LOSS = {
    "killed": "kill(?:ed|s|ing)|dead|died|deaths?|fatalities|bodies|lives|death toll",
    "injured": "injur(?:ed|ies)|wounded|hurt",
    "missing": "missing|unaccounted for",
    "arrested": "arrest(?:ed|s)|detained|detentions|taken into custody",
    "displaced": "displaced|evacuated|homeless|fled their homes",
}
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_NO_UNIT = (
    r"(?!\w|[.:]\d|-year|\s*(?:%|per ?cent|percent|years?|km|kilomet|met(?:er|re)s|miles?|hours?|days?|weeks?|"
    r"months?|minutes?|am\b|pm\b|[ap]\.m|"
    r"million|billion|dollars|euros))"
)
_WHO = (
    r"(?:\s+(?:people|persons|civilians|residents|soldiers|troops|passengers|workers|villagers|children|women|men|protesters|police|officers|"
    r"bodies|were|have|had|been|are|feared|reported|confirmed|is|was)){0,4}"
)
_LOSS_PATTERNS = {
    kind: re.compile(
        rf"(?i)(?<![\w.,$€£#])(?P<before>{_NUMBER}){_NO_UNIT}{_WHO}\s+(?:{verbs})\b|"
        rf"\b(?:{verbs})\s+(?:of |at |to |at least |about |some |rose |stands |stood )*(?P<after>{_NUMBER}){_NO_UNIT}"
    )
    for kind, verbs in _LOSS.items()
}
_PART_OF = re.compile(
    r"(?i)\b(?:including|among (?:them|those|the)|of (?:them|whom|those)|another|a further|more|others?|each|"
    r"since|so far this year|last (?:year|month|week)|"
    r"in (?:19|20)\d\d|earlier (?:this|in)|previous|up from|down from|rose from|first|second|third|wave|"
    r"separate|elsewhere|nearby|over the past)\b"
)
# sentences: so close in one article, two counts of a loss are of one event unless places or days speak against it
_NEARBY = 3


def _losses(said: Sequence[Assertion]) -> Iterator[Disagreement]:
    for kind in _LOSS:
        counted = [(one, count) for one in said if (count := _count(kind, one)) is not None]
        for (one, few), (other, many) in combinations(counted, 2):
            if few != many and _one_event(one, other) and _two_voices(one, other):
                yield Disagreement(f"number {kind}", (one.claim(), other.claim()))


def _count(kind: str, said: Assertion) -> float | None:
    """The one number of that loss in the sentence; None where there are several, or it counts a part or a sum over
    time.
    """
    found = list(_LOSS_PATTERNS[kind].finditer(said.text))
    if len(found) != 1 or _PART_OF.search(said.text):
        return None
    return words.quantities(found[0]["before"] or found[0]["after"])[0][0]


def _one_event(one: Assertion, other: Assertion) -> bool:
    """Whether two sentences speak of one event: no place or day speaks against it, and they share a place or stand
    together.
    """
    if not _same_days(one, other) or (one.places and other.places and not one.places & other.places):
        return False
    near = one.article.id == other.article.id and abs(one.place - other.place) < _NEARBY
    return bool(one.places & other.places) or near or words.overlap(one.terms, other.terms) >= SAME_WORDS


def _same_days(one: Assertion, other: Assertion) -> bool:
    """Whether the weekdays and months that the two name, if both name any, have one in common."""
    calendar = {words.stem(name) for name in (*words.WEEKDAYS, *words.MONTHS)}
    first, second = calendar & set(one.terms), calendar & set(other.terms)
    return not (first and second) or bool(first & second)


def _two_voices(one: Assertion, other: Assertion) -> bool:
    """Whether different people, or articles not half a day apart, say the two: an update isn't a disagreement."""
    if one.voice is not None and one.voice == other.voice:
        return False
    if one.article.id == other.article.id:
        return one.voice is not None and other.voice is not None
    first, second = one.article.published, other.article.published
    return first is None or second is None or abs(first - second) < UPDATE


_OTHER_COUNT = re.compile(
    rf"(?i)\b(?:puts?|gives?|gave) (?:the|a|its) (?:number|figure|total|toll|count|tally) (?:at|as|"
    rf"of) (?:[a-z]+ ){{0,3}}(?P<number>{_NUMBER}){_NO_UNIT}|"
    rf"\b(?:real|true|actual) (?:number|figure|total|toll|count) (?:is|"
    rf"was) (?:[a-z]+ ){{0,3}}(?P<real>{_NUMBER}){_NO_UNIT}|"
    rf"\b(?:sa(?:ys|id) (?:that )?the (?:number|figure|total|toll|count) (?:is|was)|speaks? of) "
    rf"(?P<told>{_NUMBER})(?=[.;])"
)
_COUNTED = re.compile(
    rf"(?i)(?<![\w.,$€£#])(?P<number>{_NUMBER}){_NO_UNIT} (?P<noun>(?:[a-z]+ )?[a-z]+s|people|crew|men|women|"
    rf"children)\b"
)


def _other_counts(said: Sequence[Assertion]) -> Iterator[Disagreement]:
    """'74 ships wait, said A. B put the number at 46': the second follows the first and has a speaker of its own."""
    for one, other in pairwise(said):
        counted, again = list(_COUNTED.finditer(one.text)), _OTHER_COUNT.search(other.text)
        if (
            len(counted) != 1
            or not again
            or one.article.id != other.article.id
            or one.voice == other.voice
            or _BY_PRONOUN.search(other.text)
        ):
            continue
        first, second = (
            words.quantities(number)[0][0]
            for number in (counted[0]["number"], again["number"] or again["real"] or again["told"])
        )
        if first != second:
            yield Disagreement(f"number of {counted[0]['noun']}", (one.claim(), other.claim()))


_BY_PRONOUN = re.compile(r"^(?:It|He|She|They)\b")


# --- control: who holds a place

_HOLDS = re.compile(
    r"(?i)\b(?:retook|retaken|recaptured|captured|seized|took (?:full )?control of|in (?:full )?control of|"
    r"controls?|controlled|liberated|"
    r"still holds?|now (?:held|holds?)|(?:continued|continues) to hold|holds?|taken control of|had taken)\b"
)
_REVERSED = re.compile(
    r"(?i)\b(?:not|never|no longer|n['’]t|denied|denies|false|rejected|part of|parts of|had been|was|were|is|"
    r"are) (?:\w+ ){0,2}$"
)
_REACH = 60  # characters from the verb to the place that is held


def _control(said: Sequence[Assertion]) -> Iterator[Disagreement]:
    """Two countries are each said, by different sources, to hold one place."""
    holding = [(one, held, side) for one in said for held, side in _held(one)]
    for (one, place, side), (other, same, rival) in combinations(holding, 2):
        if (
            place == same
            and side != rival
            and one.source
            and other.source
            and one.source != other.source
            and _same_days(one, other)
        ):
            yield Disagreement(f"control of {_as_written(place, one.text)}", (one.claim(), other.claim()))


def _held(said: Assertion) -> Iterator[tuple[str, str]]:
    """Places that the sentence says are held, and the one country that it names before the verb."""
    verb = _HOLDS.search(said.text)
    if not verb or _REVERSED.search(said.text[: verb.start()]):
        return
    sides = {country for at, country in said.sides if at < verb.start()}
    reach = said.text[verb.end() : verb.end() + _REACH].casefold()
    if len(sides) == 1:
        yield from ((place, next(iter(sides))) for place in sorted(said.places) if place in reach)


def _as_written(folded: str, text: str) -> str:
    at = text.casefold().find(folded)
    return text[at : at + len(folded)] if at >= 0 else folded.title()


# --- denials


def _denials(said: Sequence[Assertion]) -> Iterator[Disagreement]:
    """A source denies what another, or the article itself, states in nearly the same words."""
    for denial in (one for one in said if one.source and len(set(one.denied)) >= LEAST_DENIED):
        others = [
            one for one in said if not _NEGATED.search(one.text) and _others(one, denial) and _same_days(denial, one)
        ]
        alike = [
            (words.share(denial.denied, one.terms), one)
            for one in others
            if words.share(one.terms, denial.terms) >= MOSTLY  # else it is about more than what was denied
        ]
        likeness, other = max(alike, key=lambda pair: pair[0], default=(0.0, denial))
        if likeness >= SAME_DENIED:
            yield Disagreement(_topic(denial, other), (other.claim(), denial.claim()))


def _others(one: Assertion, denial: Assertion) -> bool:
    """Whether somebody else says it: two sources that end in one name may be one person, named in two ways."""
    return bool(one.source and denial.source) and str(one.source).split()[-1] != str(denial.source).split()[-1]


_NEGATED = re.compile(  # the other side must state it, not deny or doubt it, too
    r"(?i)\b(?:not|never|no|deny|denying|denie[sd]|denial|rejected|n['’]t|rumou?r\w*|suspect\w*|suspicio\w*|discount\w*|speculat\w*|possible)\b"
)


def _topic(one: Assertion, other: Assertion) -> str:
    shared = sorted(one.places & other.places)
    return f"what happened in {_as_written(shared[0], one.text)}" if shared else "whether it happened"


# --- sense: a sentence that says the reverse of the rest

_TAKES_FROM = re.compile(
    r"(?i)\b(?:liberat|recaptur|retak|reclaim|free)\w*\s+(?:[\w’'-]+\s+){1,5}?from (?:the )?(?P<loser>[A-Z]\w{3,})"
)


def muddled(text: str, report: Sequence[str]) -> bool:
    """Whether the sentence has a side win something back from those who, in the rest of the report, are winning it
    back.
    """
    found = _TAKES_FROM.search(text)
    if not found or not found["loser"][0].isupper():
        return False
    stem = re.escape(words.stem(found["loser"])[:5])
    winner = re.compile(
        rf"(?i)\b{stem}\w*\b[^.]{{0,120}}\b(?:liberat|recaptur|retak|retook|reclaim|counteroffensive|counter-offensive)\w*"
    )
    return any(winner.search(one) for one in report if one != text)
