"""Which lines of a pasted page are not the report itself: captions, credits, teasers, bylines, headings, promotion.

The rules look at the shape of a line, where it stands and whether it is said again.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.lexicon import hints, holds, pattern, words
from bot.types import Furniture

LONGEST_HEADING = 16  # words of a line without a final stop that may still be a heading in the text
LONGEST_TITLE = 30  # words of a first line without a final stop
LONGEST_CAPTION = 60  # words of a line that ends in a picture's credit
SHORTEST_CAPTION = 3  # words before a credit: with less, 'STAFF PHOTO BY', it is nothing but a credit
LONGEST_NUMBERED = 6  # words of a heading that has a number: '1. The fire'
LONGEST_QUESTION = 9  # words of a heading that asks
LONGEST_NOTICE = 30  # words of a line of promotion or of a teaser

STOPS = tuple(".!?…؟。！？।۔")
CLOSERS = "\"'”’»›)]"
QUOTES = '"“«„'
OPENERS = "\"'“‘«‹„([¿¡"

_AGENCY = pattern(words("furniture", "agencies"))
_PICTURE = pattern(words("furniture", "pictures"))
_CREDIT = re.compile(
    rf"(?:\((?:[^()]*\b)?(?:{_PICTURE})s?\b\s*(?::|by|from|of|/|via|courtesy)[^()]*\)"  # (Source: ...)
    rf"|\((?:[^()]{{0,40}}[/|, ])?(?:{_AGENCY})(?:[/|, ][^()]{{0,40}})?\)"  # (Name/Agency)
    rf"|\b(?:{_PICTURE})s?(?: credit| courtesy)?\s*(?::|by\b|courtesy of\b)(?:[^.]|(?<=\b[A-Z])\.){{2,60}}"
    r"|\((?-i:[A-Z][\w’' -]{2,40}:\s[A-Z][\w’'.-]*(?:\s[A-Z][\w’'-]+){1,3})\)"  # (Linden Courier: Ann Roe)
    rf"|\b(?-i:REUTERS|AFP|AP Photo|EPA|TASS|Getty Images)\s*[/|]\s*[^.]{{2,60}}"
    rf"|[/|]\s*(?:{_AGENCY})|\bHandout)\s*[.*_]*$",
    re.IGNORECASE,
)
_CREDITED = ("(", "/", "|", "handout", *hints(words("furniture", "pictures")))  # each credit has one of them
_PICTURED = re.compile(
    rf"(?:{pattern(words('furniture', 'pictured'))})\b"
    r"|\W*(?:photo|image|picture|video|map|graphic)s?\s*:|!\[.*\]\(.*\)$",
    re.IGNORECASE,
)
_TEASER = re.compile(
    rf"\W*(?:{pattern(words('furniture', 'teasers'))})(?!\w)\s*(?P<colon>[:>»→|–—-]*)\s*(?P<rest>.*)$", re.IGNORECASE
)
_NAME = r"[^\W\d_a-zà-ÿа-я][\w'’.-]*"
_PERSON = rf"{_NAME}(?:\s+(?:(?:de|del|der|van|von|al|bin|la|le|da|dos|ter)\s+)?{_NAME}){{0,4}}"
_BYLINE = re.compile(
    rf"(?i:{pattern(words('furniture', 'bylines'))})[:\s]\s*(?!(?i:the)\s){_PERSON}"
    rf"(?:(?:,|\s+(?:and|&|et|y|und)|\s*[|/•·;-])\s*{_PERSON})*(?:\s+in\s+{_PERSON})?"
    r"(?:\s*[,|/•·–—-]\s*[^.]{0,60})?\.?$"
)
_MADE_BY = re.compile(
    rf"(?:An?\s(?:[a-z]+\s)?[a-z]+|[A-Z][a-z]+(?:ed|en)(?:\s(?:and|or)\s[a-z]+ed)?)\sby\s{_PERSON}"
    rf"(?:(?:,|\sand)\s[a-z]+(?:ed|en)\sby\s{_PERSON})*\.?$"
)
_CONTRIBUTED = re.compile(
    rf"(?:\(?|.{{3,160}}\b)(?:{pattern(words('furniture', 'contributed'))})\b.{{0,160}}$", re.IGNORECASE
)
_CONTRIBUTORS = hints(words("furniture", "contributed"))
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?)"
_DATE_LINE = re.compile(
    r"(?:(?:first |last )?(?:published|updated|posted|modified|issued|date)\b(?: on| at)?:?.{0,20}\d.{0,50}"
    rf"|(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|satur|sun)(?:day)?,?\s+)?{_DAY},?\s+\d{{4}}.{{0,40}}"
    r"|\d{4}-\d{2}-\d{2}.{0,30}|\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?(?:\s+[A-Z]{2,4})?"
    rf"|[^.|•·]{{2,40}}\s[|•·]\s(?:{_DAY}).{{0,30}}"
    r"|\d{1,3}\s*(?:-\s*)?min(?:ute)?s?(?:\s+read)?|\d+ (?:minutes?|hours?|days?|weeks?) ago)$",
    re.IGNORECASE,
)
_PROMOTION = re.compile(rf"\W*(?:{pattern(words('furniture', 'promotions'))})(?!\w)", re.IGNORECASE)
_RIGHTS = re.compile(rf"\b(?:{pattern(words('furniture', 'rights'))})\b", re.IGNORECASE)
_CLAIMING = hints(words("furniture", "rights"))
# What asks something of the reader: 'Text STORM to 444 for updates', 'Support local journalism. Subscribe.'
_ASKS_READER = re.compile(
    r"(?:get|text|take|tell|send|support|turn on|help|try|vote|call|explore|discover|browse|download|join|follow)\b"
    r"[^.“”\"]{0,60}\b(?:our|us|your|newsletter|letter|briefing|app|quiz|updates|alerts|podcast|journalism|channel)\b"
    r"|(?:you (?:get|receive|are receiving)|was this|did (?:you|somebody|someone)|were you|have you|are you|do you)\b"
    r"[^.]{0,60}\b(?:this|forward\w*|us|letter|e?-?mail|newsletter|affected)\b",
    re.IGNORECASE,
)
_THEN_ASKS = re.compile(
    r"[.?!]\s(?:subscribe|sign up|turn on notifications|join us|follow us|send us|tell us|donate)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"(?<!\S)[^\s@]+@\S+\.\w{2,}\.?$")  # 'Write to tips@paper.example'
_LETTERS = re.compile(r"[^\W\d_]+")
_BUTTONS = frozenset(words("furniture", "buttons"))
_NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s+[A-Z]")
_ITEM = re.compile(r"^(?:[-–—•*·▪●◦‣>]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page, trimmed."""

    words: str
    gap: bool  # whether a blank line, or nothing, stands before it


def kinds(lines: Sequence[Line]) -> tuple[Furniture | None, ...]:
    """What each line is, None for the report itself; as many as lines, in the same order."""
    found = [_by_words(line.words) for line in lines]
    _mark_teased(lines, found)
    _mark_captions(lines, found)
    _mark_headings(lines, found)
    return tuple(found)


def is_closed(line: str) -> bool:
    """Whether the line ends as a sentence does, in a stop and perhaps closing marks."""
    return line.rstrip(CLOSERS + " ").endswith(STOPS)


def _by_words(line: str) -> Furniture | None:
    """What the line's own words show."""
    size, lower = len(line.split()), line.lower()
    credit = _CREDIT.search(line) if size <= LONGEST_CAPTION and holds(lower, _CREDITED) else None
    if credit or (size <= LONGEST_CAPTION and _PICTURED.match(line) and not _is_prose(line)):
        alone = credit is not None and len(line[: credit.start()].split()) < SHORTEST_CAPTION
        return Furniture.CREDIT if alone else Furniture.CAPTION
    if size <= LONGEST_CAPTION and _is_byline(line, lower):
        return Furniture.BYLINE
    if size <= LONGEST_NOTICE and _is_teaser(line):
        return Furniture.READ_NEXT
    return Furniture.PROMOTION if _is_promotion(line, lower, size) else None


def _is_byline(line: str, lower: str) -> bool:
    contributed = holds(lower, _CONTRIBUTORS) and _CONTRIBUTED.match(line)
    return bool(contributed or _BYLINE.match(line) or _MADE_BY.match(line) or _DATE_LINE.match(line))


def _is_prose(line: str) -> bool:
    """Whether a line ends in a stop and isn't bracketed."""
    return is_closed(line) and line[0] not in "[("


def _is_teaser(line: str) -> bool:
    """'Read Next' and its like: alone, or before a colon."""
    found = _TEASER.match(line)
    return found is not None and (not found["rest"] or bool(found["colon"]))


def _is_promotion(line: str, lower: str, size: int) -> bool:
    if (size <= 12 and all(word[0] in _BUTTONS for word in _LETTERS.finditer(lower))) or line.count(" | ") > 1:
        return not is_closed(line)
    if size > LONGEST_NOTICE:
        return False
    if "@" in line and _ADDRESS.search(line):
        return True
    if line[0] in QUOTES and size > 3:
        return False
    claims = holds(lower, _CLAIMING) and _RIGHTS.search(line)
    return bool(claims or _PROMOTION.match(line) or _ASKS_READER.match(line) or _THEN_ASKS.search(line))


def _mark_teased(lines: Sequence[Line], found: list[Furniture | None]) -> None:
    """The lines right after a bare 'Read Next', and any line that a teaser says again."""
    if Furniture.READ_NEXT not in found:
        return
    teasers = [
        _TEASER.match(line.words) if kind is Furniture.READ_NEXT else None
        for line, kind in zip(lines, found, strict=True)
    ]
    teased = {_key(teaser["rest"]) for teaser in teasers if teaser}
    items: set[int] = set()
    for at, line in enumerate(lines):
        before = teasers[at - 1] if at else None
        listed = bool(at) and at - 1 in items and not line.gap
        after = (before is not None and not before["rest"]) or listed
        teaser = (
            after and not line.words.endswith((".", "!", "…", "”", ":")) and len(line.words.split()) <= LONGEST_HEADING
        )
        if found[at] is None and len(line.words.split()) > 2 and (teaser or _key(line.words) in teased):
            found[at] = Furniture.READ_NEXT
            items.add(at)


def _mark_captions(lines: Sequence[Line], found: list[Furniture | None]) -> None:
    """Lines without a stop right on top of a caption or credit: the picture's title, the name of who is on it."""
    for at in range(len(lines) - 2, -1, -1):
        below = found[at + 1] in {Furniture.CAPTION, Furniture.CREDIT} and not lines[at + 1].gap
        if found[at] is None and below and _is_short(lines[at].words, LONGEST_HEADING):
            found[at] = Furniture.CAPTION


def _mark_headings(lines: Sequence[Line], found: list[Furniture | None]) -> None:
    """Short lines without a stop, in a text whose sentences have theirs; and lines without one that are said twice."""
    if not any(kind is None and is_closed(line.words) for line, kind in zip(lines, found, strict=True)):
        return
    said = Counter(line.words for line in lines)
    for at, line in enumerate(lines):
        is_open = not is_closed(line.words)
        if (
            found[at] is None
            and (is_open or line.words.endswith("?"))
            and (
                _is_heading(line.words, first=at == 0)
                or _is_numbered_or_asks(lines, at)
                or (is_open and said[line.words] > 1)
            )
        ):
            found[at] = Furniture.HEADING


def _is_heading(line: str, *, first: bool) -> bool:
    if not _is_short(line, LONGEST_TITLE if first else LONGEST_HEADING) or line[-1] in ":,;-–—":
        return False
    if line[0].islower() or _ITEM.match(line) or not any(c.isalpha() for c in line):
        return False
    return first or line[0] not in QUOTES


def _is_numbered_or_asks(lines: Sequence[Line], at: int) -> bool:
    """'1. The fire', or a question that stands alone: with a blank line on both sides, and text to follow."""
    line = lines[at].words
    alone = lines[at].gap and at + 1 < len(lines) and lines[at + 1].gap and at > 0
    size = len(line.split())
    asks = line.endswith("?") and line[0].isupper() and size <= LONGEST_QUESTION
    numbered = _NUMBERED.match(line) is not None and not is_closed(line) and size <= LONGEST_NUMBERED
    return alone and (asks or numbered)


def _is_short(line: str, longest: int) -> bool:
    return not is_closed(line) and len(line.split()) <= longest


def _key(line: str) -> str:
    return " ".join(re.findall(r"\w+", line.lower()))
