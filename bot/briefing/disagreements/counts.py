"""Different numbers for one quantity."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Final

from bot.briefing import words
from bot.briefing.disagreements.assertions import Assertion, one_event, two_voices
from bot.types import Disagreement


def find(said: Sequence[Assertion]) -> Iterator[Disagreement]:
    """Counts of one loss, of one thing under two names, of one thing done, and strengths of one earthquake."""
    yield from _losses(said)
    yield from _other_counts(said)
    yield from _same_things(said)
    yield from _magnitudes(said)


# --- how many were killed, hurt, missing, held, displaced

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
_BEGINNINGS = {kind: tuple(re.findall(r"(?:^|\|)(\w{4})", verbs)) for kind, verbs in _LOSS.items()}  # quick to find
_PART_OF = re.compile(
    r"(?i)\b(?:including|among (?:them|those|the)|of (?:them|whom|those)|another|a further|more|others?|each|"
    r"since|so far this year|last (?:year|month|week)|"
    r"in (?:19|20)\d\d|earlier (?:this|in)|previous|up from|down from|rose from|first|second|third|wave|"
    r"separate|elsewhere|nearby|over the past)\b"
)


def _losses(said: Sequence[Assertion]) -> Iterator[Disagreement]:
    for kind in _LOSS:
        counted = [(one, count) for one in said if (count := _count(kind, one)) is not None]
        for (one, few), (other, many) in combinations(counted, 2):
            (number, whom), (another, others) = few, many
            same = number != another and whom == others  # two officers died, among 23 people
            if same and one_event(one, other) and two_voices(one, other):
                yield Disagreement(f"number {kind}", (one.claim(), other.claim()))


def _count(kind: str, said: Assertion) -> tuple[float, frozenset[str]] | None:
    """The one number of that loss in the sentence, with what group of people it counts; None where there are several,
    or it counts a part or a sum over time.
    """
    low = said.text.lower()
    spoken_of = any(beginning in low for beginning in _BEGINNINGS[kind])
    found = list(_LOSS_PATTERNS[kind].finditer(said.text)) if spoken_of else []
    if len(found) != 1 or _PART_OF.search(said.text):
        return None
    which = "before" if found[0]["before"] else "after"
    counted = words.tokens(said.text[found[0].end(which) :])[:2]
    return words.quantities(found[0][which])[0][0], frozenset(_GROUPS.intersection(token.lower() for token in counted))


_GROUPS: Final = {
    *("soldiers", "troops", "passengers", "workers", "villagers", "children", "women", "men", "protesters", "police"),
    *("officers", "sailors", "fighters", "rebels", "militants", "pilots", "journalists", "students", "doctors"),
}


# --- 'put the number at'

_OTHER_COUNT = re.compile(
    rf"(?i)\b(?:puts?|gives?|gave) (?:the|a|its) (?:number|figure|total|toll|count|tally) (?:(?:at|as) |"
    rf"of (?!\w+ (?:at|as)\b))(?:[a-z]+ ){{0,3}}(?P<number>{_NUMBER}){_NO_UNIT}|"
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
            or words.quantities(other.text[: again.start()])  # 'one was killed, said A; B speaks of two'
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


# --- two voices on how many did one thing: '3,000 people marched', '12,000 people marched'

_SHARED: Final = 2  # words that both must have beside the number and what is counted


def _same_things(said: Sequence[Assertion]) -> Iterator[Disagreement]:
    counted = [(one, *found) for one in said if one.source and (found := _one_count(one))]
    for (one, few, noun), (other, many, same) in combinations(counted, 2):
        differ = few != many and noun == same and _alike(one, other, noun)
        if differ and one_event(one, other) and two_voices(one, other):
            yield Disagreement(f"number of {noun}", (one.claim(), other.claim()))


def _alike(one: Assertion, other: Assertion, noun: str) -> bool:
    """Whether the two say the same of what they count: no word more, names left out; 'at night' makes another count."""
    first, second = (_said_of_it(each.content, noun) for each in (one, other))
    plain, again = (_said_of_it(_NAME.sub("", each.content), noun) for each in (one, other))
    return len(first & second) >= _SHARED and plain == again


_NAME: Final = re.compile(r"\b[A-Z][\w’'-]*")


def _said_of_it(content: str, noun: str) -> set[str]:
    return {term for term in words.terms(content) if not term[0].isdigit()} - set(words.terms(noun))


def _one_count(said: Assertion) -> tuple[float, str] | None:
    """The one number in what is said, with what it counts; None where there are several, or it counts a part."""
    found = list(_COUNTED.finditer(said.content))
    if len(found) != 1 or len(words.quantities(said.content)) != 1 or _PART_OF.search(said.content):
        return None
    return words.quantities(found[0]["number"])[0][0], found[0]["noun"].split()[-1].lower()


# --- how strong an earthquake was

_MAGNITUDE: Final = re.compile(r"(?i)\bmagnitude (?:of |at |was |as )?(\d(?:\.\d)?)\b|\b(\d\.\d)[- ]magnitude\b")
_ANOTHER: Final = re.compile(
    r"(?i)\b(?:aftershock|foreshock|second|another|earlier|stronger than|up from|revised)\w*\b"
)


def _magnitudes(said: Sequence[Assertion]) -> Iterator[Disagreement]:
    given = [(one, found) for one in said if one.source and (found := _MAGNITUDE.findall(one.text))]
    single = [
        (one, float("".join(found[0]))) for one, found in given if len(found) == 1 and not _ANOTHER.search(one.text)
    ]
    for (one, first), (other, second) in combinations(single, 2):
        if first != second and one_event(one, other) and two_voices(one, other):
            yield Disagreement("magnitude", (one.claim(), other.claim()))
