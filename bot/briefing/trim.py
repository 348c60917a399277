"""Sentences made fit to stand alone, by taking words away; and the sentences that can't be.

Nothing here adds or changes a word, but for the capital of the first. What carries meaning stays: negation, modality,
numbers, who says it. Words that only dress ('finally', 'of course'), that only tie to what stood before
('Meanwhile,') or that only say where the report was filed ('PARIS (AP) -') go. The words are in
``data/phrases.toml``.
"""

import re
from collections.abc import Collection

from bot.briefing.leaning import unbound
from bot.briefing.phrases import any_of, phrases, word

SHORTEST, LONGEST = 5, 60  # words

# '17:20 - ', '8.15pm: ': when an entry of a live page was written
_CLOCK = re.compile(r"^\d{1,2}[.:]\d\d ?(?:[ap]\.?m\.?)?(?:\s*(?:[-–—]|:)\s+(?=\D)|\s+(?-i:(?=[A-Z])))", re.IGNORECASE)
# 'KYIV, Ukraine (Reuters) — ', 'OSLO, Nov 18 - ', '(CNN) -- ': a few words, closed by a dash or standing in brackets
_DATELINE = re.compile(
    r"^(?:(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’\-]+(?:[ ,/]+(?:[A-ZÀ-Þ][\w.'’]*|\d{1,2}))*\s*)?\([A-ZÀ-Þ][\w .,/&]{1,30}\)|"
    r"(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’]{2,}|[A-ZÀ-Þ]{2} [A-ZÀ-Þ]{3,})(?:[ ,/]+[A-ZÀ-Þ][\w.'’]*){0,5}"
    r"(?:,? \d{1,2}(?: [A-Z][a-z]+)?)?(?: \([\w][\w .,/&-]{1,30}\))?)\s*(?:[-–—―:]{1,2}|\|)\s+|"
    r"^\([A-ZÀ-Þ][A-ZÀ-Þa-z ]{1,20}\)\s+(?=[A-ZÀ-Þ])|"
    r"^[A-ZÀ-Þ][\w.'’]+(?:[ ,]+[A-ZÀ-Þ][\w.'’]*){0,4} \([A-ZÀ-Þ]{2,5}\)\s*(?=[A-ZÀ-Þ])"  # 'Lima, Peru (XYZ)The'
)
# what is left of a dateline whose place was taken for a sentence: a date of its own stays
_DATE = re.compile(r"^[-–—] *\d{1,2} [A-Z][a-z]+,? \d{4} ?(?:[-–—]|:) (?=[A-Z])|^[-–—]{1,2} (?=[A-Z])")
_FILED_BY = re.compile(r"^By:? [A-Z][^.“\"]{3,80}? \([A-Z][A-Za-z ]{1,20}\)\s*[-–—]{1,2}\s+")
_CONNECTIVE = re.compile(rf"^{any_of('connectives')},\s+", re.IGNORECASE)
_JOINER = re.compile(
    r"^(?:(?:''|[”»’])\s+|(?:and|but|so(?! (?:far|many|much|few|long|called)\b)|yet(?! (?:to|another|again|"
    r"more)\b))\s+)",
    re.IGNORECASE,
)
_LEADING_ALSO = re.compile(
    r"^(?:also|still|meanwhile|then),?\s+(?=(?:on|in|at|the|a|an|last|earlier)\b)|^meanwhile (?=\w)", re.IGNORECASE
)
_DRESSING = any_of("dressing")
_BETWEEN = re.compile(rf"(?<=[\w”’]), {any_of('connectives')},(?= )")
_OF_COURSE = re.compile(r",? of course,(?= )|,? of course(?=\.)")
_AFTER_COMMA = re.compile(rf"(?<=, ){_DRESSING} (?=[a-z])")
_ADVERB = re.compile(rf"(?<=[\w’'])(?:, {_DRESSING},(?= )|,? {_DRESSING}(?= [a-z]))")
_LAST = re.compile(rf",? (?:{_DRESSING}|however|though|meanwhile|as well)(?=[.!]$)")
_FILED_HERE = re.compile(  # where the report was filed
    r"(?<=\bsaid) here(?=(?: on \w+day)?\.$)|(?<=\w) here(?= (?:on |late |early |last )*(?:\w+day\b|today|yesterday))"
)
_ALSO = re.compile(r"(?<=[\w’']) also(?= [a-z])(?! (?:not|known|called|named|in|at|on|for|by|as|a|an|the)\b)")
QUOTED = re.compile(
    # an open one to the end
    r"“[^”]*”?|\"[^\"]*\"?|«[^»]*»?|(?<!\w)‘[^’]*(?:’(?!\w)|$)|(?<!\w)'(?=\w)[^']*(?:'(?!\w)|"
    r"$)"
)


def trim(sentence: str) -> str:
    """The sentence without what dangles: dateline, leading connectives, 'also', dressing adverbs; on one line, capital
    first.

    Words inside quotation marks stay as they are. The result's words are the sentence's, in order.
    """
    text = " ".join(sentence.split())
    for heading in (_CLOCK, _FILED_BY, _DATELINE, _DATE):
        text = heading.sub("", text, count=1)
    for _ in range(3):  # 'But then, of course, ...'
        text = _LEADING_ALSO.sub("", _JOINER.sub("", _CONNECTIVE.sub("", text, count=1), count=1), count=1)
    return capital(_outside_quotes(text))


_SMALL_WORDS = frozenset(phrases("stop")) - {"a", "i", "s", "t", "us"}


def capital(text: str) -> str:
    """The text with its first letter in upper case, unless its first word has capitals of its own ('iPhone'); 'THE'
    that opens it is 'The'.
    """
    first = text.split(" ", 1)[0]
    shouted = len(text) > len(first) + 2 and text[len(first) + 2].isupper()
    if first.isupper() and first.lower() in _SMALL_WORDS and not shouted:
        return first.capitalize() + text[len(first) :]
    return text if first != first.lower() else text[:1].upper() + text[1:]


def _outside_quotes(text: str) -> str:
    pieces, at = [], 0
    for quoted in QUOTED.finditer(text):
        pieces += [_undress(text[at : quoted.start()]), quoted.group()]
        at = quoted.end()
    return "".join([*pieces, _undress(text[at:])])


def _undress(text: str) -> str:
    for pattern in (_BETWEEN, _OF_COURSE, _AFTER_COMMA, _ADVERB, _LAST, _ALSO, _FILED_HERE):
        text = pattern.sub("", text)
    return text


_NOT_ALONE = re.compile(rf"^[\"“‘'«]?{any_of('leaning_starts')}\b", re.IGNORECASE)
_INVITATION = word("invitations")
_OPINION = word("opinion")
_VOICE = re.compile(r"\bI\b|\bus\b|\b(?i:me|my|we|our|ours|you|your|yours|let['’]s)\b")
_GLUED = re.compile(
    r"[a-z]{3,}[.!?](?:[A-Z][a-z]+|\d+) [A-Za-z]"
)  # two sentences without a space: 'was heard.The court'
_ENDS = re.compile(r"[.!…][\"”’'»)\]]*$")


def stands_alone(text: str, *, own: str | None = None, nobody: Collection[str] = ()) -> bool:
    """Whether a trimmed sentence can be a point: it can be read without what stood before it, and tells rather than
    muses.

    ``own``: the part of it that nobody but the author says, if not all; in the rest a speaker may guess, urge and
    hope. ``nobody``: words with a capital that name no person.
    """
    plain = QUOTED.sub("", text)
    whole = (
        SHORTEST <= len(text.split()) <= LONGEST
        and bool(_ENDS.search(text))
        and balanced(text)
        and not _GLUED.search(text)
        and text[:1].isalnum() | (text[:1] in "“\"‘'«")
    )
    leans = _NOT_ALONE.search(text) or _INVITATION.search(text) or _VOICE.search(plain) or len(plain.split()) < 2
    return (
        whole
        and not leans
        and not unbound(plain, nobody)
        and not _OPINION.search(QUOTED.sub("", text if own is None else own))
    )


_OPEN_SINGLE = re.compile(
    r"(?:(?<=\s)|^)(?:'(?=[A-Z])|‘(?=\w))(?!.*\w?[\w.,!?…]['’](?!\w))"
)  # an apostrophe closes nothing


_SAYS_SO = re.compile(
    r"^(?:Or so|So) (?:says?|said|claims?|claimed|argues?|argued|believes?|believed)\b|"
    r"^(?:That|This)(?:['’]s| is| was) according to\b"
)


def said_of_the_last(text: str) -> bool:
    """Whether the sentence names the speaker of the one before it: 'Or so says the mayor.'"""
    return bool(_SAYS_SO.search(text))


_CLOSES, _OPENS = re.compile(r"(?<=[\w][,.!?])['’](?=\s|$)"), re.compile(r"(?:^|[\s(“\"])['‘](?=\w)")


def balanced(text: str) -> bool:
    """Whether every quotation mark and bracket that opens also closes."""
    pairs = (("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"))
    if text.count('"') % 2 or any(text.count(left) != text.count(right) for left, right in pairs):
        return False
    closed = _CLOSES.search(text)
    return not _OPEN_SINGLE.search(text) and not (closed and not _OPENS.search(text, 0, closed.start()))
