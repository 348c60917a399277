"""Sentences made fit to stand alone, by taking words away; and the sentences that can't be.

Nothing here adds or changes a word, but for the capital of the first. What carries meaning stays: negation, modality,
numbers, who says it. Words that only dress ('finally', 'of course'), that only tie to what stood before
('Meanwhile,') or that only say where the report was filed ('PARIS (AP) -') go. The words are in
``data/phrases.toml``.
"""

import re

from bot.briefing.phrases import any_of, word

SHORTEST, LONGEST = 6, 60  # words

# '17:20 - ', '8.15pm: ': when an entry of a live page was written
_CLOCK = re.compile(r"^\d{1,2}[.:]\d\d ?(?:[ap]\.?m\.?)?\s*(?:[-–—]|:)\s+(?=\D)", re.IGNORECASE)
# 'KYIV, Ukraine (Reuters) — ', 'OSLO, Nov 18 - ', '(CNN) -- ': a few words, closed by a dash or standing in brackets
_DATELINE = re.compile(
    r"^(?:(?:[A-Z][A-Z.'’\-]+(?:[ ,/]+(?:[A-Z][\w.'’]*|\d{1,2}))*\s*)?\([A-Z][\w .,/&]{1,30}\)|"
    r"(?:[A-Z][A-Z.'’]{2,}|[A-Z]{2} [A-Z]{3,})(?:[ ,/]+[A-Z][\w.'’]*){0,5}(?:,? \d{1,2})?)\s*(?:[-–—:]{1,2}|\|)\s+|"
    r"^\([A-Z][A-Za-z ]{1,20}\)\s+(?=[A-Z])|"
    r"^[A-Z][\w.'’]+(?:[ ,]+[A-Z][\w.'’]*){0,4} \([A-Z]{2,5}\)\s*(?=[A-Z])"  # 'Lima, Peru (XYZ)The'
)
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
_FILED_HERE = re.compile(r"(?<=\bsaid) here(?=(?: on \w+day)?\.$)")  # where the report was filed
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
    text = _DATELINE.sub("", _CLOCK.sub("", " ".join(sentence.split()), count=1), count=1)
    for _ in range(3):  # 'But then, of course, ...'
        text = _LEADING_ALSO.sub("", _JOINER.sub("", _CONNECTIVE.sub("", text, count=1), count=1), count=1)
    return capital(_outside_quotes(text))


def capital(text: str) -> str:
    """The text with its first letter in upper case, unless its first word has capitals of its own ('iPhone')."""
    first = text.split(" ", 1)[0]
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


def stands_alone(text: str, *, own: str | None = None) -> bool:
    """Whether a trimmed sentence can be a point: it can be read without what stood before it, and tells rather than
    muses.

    ``own``: the part of it that nobody but the author says, if not all; in the rest a speaker may guess, urge and
    hope.
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
        whole and not leans and not unbound(plain) and not _OPINION.search(QUOTED.sub("", text if own is None else own))
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


def balanced(text: str) -> bool:
    """Whether every quotation mark and bracket that opens also closes."""
    pairs = (("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"))
    if text.count('"') % 2 or any(text.count(left) != text.count(right) for left, right in pairs):
        return False
    return not _OPEN_SINGLE.search(text)


# --- words that point at something outside the sentence

_HE = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_THEY = re.compile(r"\b(?:they|them|their|theirs)\b", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|its)\b", re.IGNORECASE)
PERSON = re.compile(rf"\b(?!{any_of('openers')}\b)[A-Z][\w’'-]+|\b{any_of('persons')}\b")
_PLURAL = re.compile(
    rf"\b(?!(?:was|has|his|its|this|is|as|us|does|says|yes|always|perhaps)\b)\w{{2,}}[^s'’\W]s\b(?!['’])|\b(?i:{any_of('groups')})\b"
)
_NOUN = re.compile(
    r"\b(?!(?:that|when|while|after|before|since|because|once|until|with|from|now|then|despite)\b)[^\W\d_]{4,}",
    re.IGNORECASE,
)
_AFTER_ASIDE = re.compile(  # 'In an interview with the paper, they said'
    r"^(?:in|on|at|by|with|for|to|of|from|according)\b[^,]{2,90}, (?:he|she|they|it|this|that|these|those)\b|"
    r"^(?:in|at|near|around) (?:[^\s,]+ ){1,3}(?:he|she|they|it) (?:had|has|have|was|were|is|are)\b",
    re.IGNORECASE,
)
_THERE = re.compile(  # 'killed there', but not 'there was' at the head of a clause
    r"(?i)(?<!^)(?<!, )(?<!that )(?<!and )(?<!but )(?<!because )(?<!where )(?<!if )(?<!when )(?<!while "
    r")(?<!as )(?<!said )(?<!says )\bthere\b(?!['’]s\b)"
)
_OBJECT = re.compile(  # 'Reuters measured it', 'Moreno called that "a fantasy"'
    r"^(?:The |A )?[\w'’-]+(?: [A-Z][\w'’-]+)* [a-z]+(?:ed|s|d|id|ave) (?:(?:it|them|him)\b|(?:that|"
    r"this)(?=[,.;:]| [\"“]))"
    r"(?! (?:[a-z]+ )?(?:was|is|were|are|had|has|have|would|will|could|can|did|does)\b)"
)
_HE_SAID = re.compile(  # a speaker whose name wasn't found
    r"(?i)[,”\"’],? (?:he|she|they|it) (?:said|says|added|told|wrote|explained|claimed)\b|[,”\"’],? (?:said|"
    r"says|added) (?:he|she)(?=[.,;:]|$)"
)
_BARE_COUNT = re.compile(
    r"(?i)\b(?:puts?|gives?|gave) (?:the|a|its) (?:number|figure|total|toll|count|tally) (?:at|as|of)\b|"
    r"\b(?:real|true|actual) (?:number|figure|toll)\b|\bputs? it at\b|\bspeaks? of \d[\d,]*(?=[.;,])"
)


_ELLIPSIS = re.compile(  # 'that it was not.', 'More than 140 have been counted.'
    r"\b(?:it|they|he|she) (?:is|was|are|were|did|does|has|had|would|will|could)(?: not)?[.]$|"
    r"^(?i:(?:more than|some|about|at least|nearly|almost|over) )?\d[\d,]* (?:has|have|had|is|are|was|were)\b|"
    r"\bnone\b(?! (?:of|other)\b)|"
    r"\b(?:to|for|from|in|with|by) (?:\w+ )?(?:one|two|three|four|five|six|some|many|most) of them\b"
)
_FAR_FROM = re.compile(  # 'Kuryk, 70 km to the south': of what?
    r"(?i)\b(?:km|kilomet(?:er|re)s|miles|metres|meters|minutes|hours)"
    r"(?: (?:to the )?(?:(?:north|south)(?:[- ]?(?:east|west))?|east|west)"
    r"(?:wards?)?| away| upstream| downstream)\b(?! (?:of|from)\b)"
)
_LEANING_NOUN = word("leaning_nouns")
_SPOT = re.compile(r"\b(?:in|at|near|of|off|to|from|on|over|around|across) (?:[a-z]+ ){0,3}[A-Z]")


_OUTSIDE = (_AFTER_ASIDE, _OBJECT, _HE_SAID, _BARE_COUNT, _ELLIPSIS, _FAR_FROM, _LEANING_NOUN)


def unbound(text: str) -> bool:
    """Whether a pronoun, 'there' or 'the number' has nothing before it in the sentence that it could stand for."""
    if any(pattern.search(text) for pattern in _OUTSIDE):
        return True
    bound = ((_THERE, _SPOT), (_HE, PERSON), (_THEY, _PLURAL), (_IT, _NOUN))
    return any((found := pronoun.search(text)) and not noun.search(text[: found.start()]) for pronoun, noun in bound)
