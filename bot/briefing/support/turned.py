"""What a statement turned round that otherwise says the same as its evidence."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import combinations, pairwise
from typing import Final

from bot.briefing import words
from bot.briefing.phrases import any_of, phrases, word
from bot.briefing.support.aligned import Pair, sentences
from bot.reading import stance

_NOT: Final = re.compile(rf"\b{any_of('not')}\b|n['’]t\b", re.IGNORECASE)
_MAY: Final = word("may")
_TELLS: Final = re.compile(rf"(?i)\b(?:{any_of('says')}|{stance.SAYING_VERB})\b")
_LESS: Final = re.compile(rf"\b(?P<less>{any_of('less_than')})[ -](?P<what>\w+)", re.IGNORECASE)
_CUE: Final = rf"\b{any_of('says')}\b"
_SPEAKER_BEFORE: Final = re.compile(
    rf"(?i)(?:\baccording to [^,]{{2,80}},|{_CUE}(?: \w+)?[,:]?|{_CUE}(?: \w+){{0,5}} that)\s*[“\"‘']?$"
)
_SPEAKER_AFTER: Final = re.compile(rf"(?i)^[”\"’']?,?[”\"’']?\s+(?:according to\b|(?:[\w.’'-]+ ){{0,6}}?{_CUE})")
_LONGEST_DROP: Final = 5  # words: what was cut from the middle of a clause, not a clause of its own
FEWEST: Final = 3  # words of meaning in common, for a sentence to be taken from another

DENIED, DENIES = "it states what the evidence denies", "it denies what the evidence states"
SURER, UNSAID = "it is surer than the evidence", "it leaves out who says so"


def tells(text: str) -> bool:
    """Whether the text holds a word of saying, such as 'said', 'explained' or 'according to'."""
    return bool(_TELLS.search(text))


def turned(pair: Pair) -> Iterator[str]:
    """What was turned in the words that the statement dropped or put in, for a pair that is aligned."""
    said, shown = _spans(pair.said), _spans(pair.shown)
    blocks = SequenceMatcher(
        None, [w.lower() for w, _, _ in said], [w.lower() for w, _, _ in shown], autojunk=False
    ).get_matching_blocks()[:-1]
    for left, right in pairwise(blocks):
        dropped = _between(pair.shown, shown, left.b + left.size, right.b)
        added = _between(pair.said, said, left.a + left.size, right.a)
        yield from _inside(dropped, added)
    yield from _outside(pair, shown, blocks)
    yield from _bare(pair.said, pair.shown)


def _inside(dropped: str, added: str) -> Iterable[str]:
    short = len(dropped.split()) <= _LONGEST_DROP
    if short and _NOT.search(dropped) and not _NOT.search(added):
        yield DENIED
    if _NOT.search(added) and not _NOT.search(dropped):
        yield DENIES
    if short and _MAY.search(dropped) and not _MAY.search(added):
        yield SURER


def _outside(pair: Pair, shown: Sequence[tuple[str, int, int]], blocks: Sequence[Match]) -> Iterable[str]:
    """Whether the words before the first that it took, or after the last, say who says so."""
    long = [block for block in blocks if block.size >= 3]
    if long and not tells(pair.said):
        before = pair.shown[: shown[long[0].b][1]].rstrip()
        after = pair.shown[shown[long[-1].b + long[-1].size - 1][2] :]
        if _SPEAKER_BEFORE.search(before) or _SPEAKER_AFTER.search(after):
            yield UNSAID


def _spans(text: str) -> list[tuple[str, int, int]]:
    return [(found.group(), *found.span()) for found in re.finditer(r"[^\W_]+(?:['’][^\W_]+)*", text)]


def _between(text: str, found: Sequence[tuple[str, int, int]], start: int, end: int) -> str:
    return text[found[start][1] : found[end - 1][2]] if start < end else ""


def reworded(said: str, evidence: Sequence[str]) -> Iterator[str]:
    """What was turned in a sentence that is worded anew: negations, doubts and reservations among the words that it
    took from a sentence of the evidence must stand in it, too, and it may deny only what is denied there.
    """
    taken = [part for text in evidence for one in sentences(text) if (part := _taken(said, one))]
    for pattern, fault in ((_NOT, DENIED), (_MAY, SURER)):
        if any(map(pattern.search, taken)) and not pattern.search(said):
            yield fault
    for text in taken:
        yield from _bare(said, text)
    if _NOT.search(said) and not any(map(_NOT.search, taken)):
        yield DENIES


def _bare(said: str, shown: str) -> Iterator[str]:
    """What is named without the reservation that stands before it in the evidence: 'the director', a former one."""
    tokens = {token.lower() for token in words.tokens(said)}
    for found in _LESS.finditer(shown):
        whole = re.compile(rf"\b{found['less']}\b", re.IGNORECASE)
        if found["what"].lower() in tokens and not whole.search(said):
            yield f"it leaves out '{found['less'].lower()}'"


def _taken(said: str, shown: str) -> str:
    """The sentence from the first word that the statement took to the last, two more before and one after; empty where
    it took too few to say what they are about.
    """
    found, terms = _spans(shown), set(words.terms(said))
    common = [place for place, (token, _, _) in enumerate(found) if words.stem(token) in terms]
    if len(common) < FEWEST:
        return ""
    return _between(shown, found, max(0, common[0] - 2), min(len(found), common[-1] + 2))


# --- what can't both be true of one thing


def _opposites() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in phrases("opposites"):
        left, right = (side.split() for side in line.split(" : "))
        for one, other in ((one, other) for one in left for other in right):
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return found


_OPPOSITES: Final = _opposites()


def reversed_words(pair: Pair) -> Iterator[str]:
    """Words of the statement that the evidence doesn't hold, while it holds their opposite: 'fell' for 'rose'."""
    said, shown = ({token.lower() for token in words.tokens(text)} for text in (pair.said, pair.shown))
    for one in sorted(said - shown):
        if (against := _OPPOSITES.get(one, set()) & shown) and not against & said:
            yield f"it says {one}, the opposite of {min(against)}"


# --- who did it to whom, and what a number counts

_NAMED: Final = re.compile(r"\b[A-Z][\w’'-]*\w")
_BY: Final = re.compile(r"\bby\b")


def exchanged(pair: Pair) -> Iterator[str]:
    """Two names that change places about one verb: 'A sued B' and 'B sued A', or 'A was sued by B' and 'A sued B'."""
    names = [
        name for name in dict.fromkeys(_NAMED.findall(pair.said)) if re.search(rf"\b{re.escape(name)}\b", pair.shown)
    ]
    for one, other in combinations(names, 2):
        for verb in _verbs_between(pair.said, one, other):
            doer, doer_shown = _doer(pair.said, one, other, verb), _doer(pair.shown, one, other, verb)
            if doer and doer_shown and doer != doer_shown:
                yield f"it exchanges {one} and {other}"
                return


_VERB: Final = re.compile(
    r"\b[a-z]{2,}(?:[tsnkwd]|ing)\b"
)  # by its ending, as far as one tells: 'sued', 'beat', 'told'


def _verbs_between(text: str, one: str, other: str) -> list[str]:
    """Words in lower case between the two names that may be verbs, as they are written."""
    first, last = sorted((text.find(one), text.find(other)))
    return [token for token in _VERB.findall(text[first:last]) if token not in words.STOP]


def _doer(text: str, one: str, other: str, verb: str) -> str | None:
    """Which of the names does what the verb says; None if they don't stand on either side of it, near."""
    found = re.search(rf"\b{verb}\b", text)
    if found is None:
        return None
    left, right = text[: found.start()], text[found.end() :]
    before = [name for name in (one, other) if name in left]
    after = [name for name in (one, other) if name in right and name not in before]
    if len(before) != 1 or len(after) != 1:
        return None
    passive = _BY.search(right[: right.find(after[0])])
    return after[0] if passive else before[0]


def misplaced(pair: Pair) -> Iterator[str]:
    """Numbers that count another thing than in the evidence, where the evidence's sentence has several."""
    shown = words.quantities(pair.shown)
    if len(shown) < 2:
        return
    for number in words.quantities(pair.said):
        twins = [one for one in shown if one[0] == number[0]]
        if twins and not any(_alike(_around(pair.said, number), _around(pair.shown, one)) for one in twins):
            yield f"the number {number[0]:g} stands for something else in the evidence"


Around = tuple[set[str], set[str]]


def _around(text: str, number: tuple[float, int, int]) -> Around:
    """The two words of meaning before the number and the three after it, no further than the next one or a comma."""
    others = words.quantities(text)
    start = max((end for _, _, end in others if end <= number[1]), default=0)
    end = min((begin for _, begin, _ in others if begin >= number[2]), default=len(text))
    before = re.split(r"[,;:]|\band\b", text[start : number[1]])[-1]
    after = re.split(r"[,;:]|\band\b", text[number[2] : end])[0]
    return set(words.terms(before)[-2:]), set(words.terms(after)[:3])


def _alike(one: Around, other: Around) -> bool:
    """Whether they share a word on a side, or one has before the number what the other has after it."""
    (before, after), (shown_before, shown_after) = one, other
    bare = not (before or after) or not (shown_before or shown_after)
    return bare or bool(before & shown_before or after & shown_after or before & shown_after or after & shown_before)
