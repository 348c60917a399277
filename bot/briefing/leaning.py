"""Words that point at something outside their sentence: 'he' before whom nobody is named, 'the number' of nobody knows
what.
"""

import re
from collections.abc import Collection

from bot.briefing.phrases import any_of, word

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
    r"(?! (?:[a-z]+ )?(?:was|is|were|are|had|has|have|would|will|could|can|did|does)\b)|"
    # the same after an aside on who acts: 'The agency, Zimstat, denied this'
    r"^(?:(?! (?:and|but|when|after|because|while|which|as|if) ).)*?"
    rf"\b{any_of('acts_on')} (?:(?:it|them|these|those)\b|(?:that|this)(?=[,.;:]| (?:[\"“]|in|on|as|at)))"
    r"(?! (?:[a-z]+ )?(?:was|is|were|are|had|has|have|would|will|could|can|did|does)\b)"
)
_HE_SAID = re.compile(  # a speaker whose name wasn't found
    r"(?i)[,”\"’],? (?:he|she|they|it) (?:said|says|added|told|wrote|explained|claimed)\b|[,”\"’],? (?:said|"
    r"says|added) (?:he|she)(?=[.,;:]|$)"
)
_BARE_COUNT = re.compile(
    r"(?i)\b(?:puts?|gives?|gave) (?:the|a|its) (?:number|figure|total|toll|count|tally) (?:at|as)\b|"
    r"\b(?:real|true|actual) (?:number|figure|toll)\b|\bputs? it at\b|\bspeaks? of \d[\d,]*(?=[.;,])|"
    r"\b(?:measured|counted|recorded|registered|logged) (?:(?:only|just|about|some|at least) )?\d[\d,.]*"
    r"(?=[.;,]| (?:last|this|on|in|by|at|yesterday|today)\b)"
)


_ELLIPSIS = re.compile(  # 'that it was not.', 'More than 140 have been counted.'
    r"\b(?:it|they|he|she) (?:is|was|are|were|did|does|has|had|would|will|could)(?: not)?[.]$|"
    r"^(?i:(?:more than|some|about|at least|nearly|almost|over) )?\d[\d,]* (?:has|have|had|is|are|was|were)\b|"
    r"\b(?:to|for|from|in|with|by) (?:\w+ )?(?:one|two|three|four|five|six|some|many|most) of them\b|"
    r"\b[Tt]he (?:two|three|four|five|six|seven|eight|nine|ten|other|others|latter|former|same) "
    r"(?:had|has|have|was|were|is|are|will|would|who)\b|"
    r"\bone of the (?:two|three|four|five)[,.]|"
    r"^[^,“\"]{3,80} told (?:the )?[A-Z][\w.]+(?: [A-Z][\w.]+)*\.$"
)
_SOME = re.compile(  # 'explained that three had been lent'
    r"\b[Nn]one\b(?! (?:of|other)\b)|(?:\b(?:that|said|says|and|but|denied)|,) (?:another )?"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|some|many|most|any|all|both|several|others) "
    r"(?:had|has|have|was|were|is|are|would|will|could|can|did|do)\b"
)
_COUNTED = re.compile(
    rf"(?i)\b(?:\d[\d,.]*|{any_of('units', 'tens')}|several|many|all|dozens|hundreds|thousands) (?:[\w-]+ ){{0,2}}"
    rf"(?:\w+s|{any_of('groups')})\b"
)
_FAR_FROM = re.compile(  # 'Kuryk, 70 km to the south': of what?
    r"(?i)\b(?:km|kilomet(?:er|re)s|miles|metres|meters|minutes|hours)"
    r"(?: (?:to the )?(?:(?:north|south)(?:[- ]?(?:east|west))?|east|west)"
    r"(?:wards?)?| away| upstream| downstream)\b(?! (?:of|from)\b)"
)
_LEANING_NOUN = word("leaning_nouns")
_SPOT = re.compile(r"\b(?:in|at|near|of|off|to|from|on|over|around|across) (?:[a-z]+ ){0,3}[A-Z]")


_CATAPHOR = re.compile(  # 'On the eve of his visit, President Lund opened'
    r"^(?:In|On|At|After|Before|During|Following|Since|With|Despite|Ahead)\b[^,]*\b(?:his|her)\b[^,]*, (?:the )?[A-Z]"
)


_WHICH_OF_THEM = re.compile(  # 'The Leeds-based firm advised', 'The New Zealander, who lived in Perth'
    rf"^The (?:[A-Z][\w.’']*,? ){{0,3}}[A-Z][\w.’']*-(?:based|born|listed|registered|flagged) (?:[a-z-]+ ){{0,2}}?"
    rf"{any_of('kind_nouns', 'bodies', 'persons')}\b(?!,? [A-Z])|"
    rf"^The (?:[A-Z]\w+ ){{0,2}}(?:company|firm|maker|retailer|carrier|lender|giant|native)"
    rf"(?= (?:{any_of('finite', 'says')}|[a-z]{{3,}}s)\b)|"
    r"^The (?:former )?(?:\d+-year-old|(?!Guardian|Vatican)(?:[A-Z]\w+ )?(?:[A-Z]\w*(?:ian|ican|exan|lander|[cs]hman|"
    r"[cs]hwoman|ese|aeli|raqi|stani)|Briton|German|Swede|Dane|Pole|Turk|Finn|Scot|Spaniard|Serb|Croat|Greek|Democrat))"
    rf"(?=,? (?:who|{any_of('finite', 'says')})\b)"
)
_OUTSIDE = (_WHICH_OF_THEM, _AFTER_ASIDE, _OBJECT, _HE_SAID, _BARE_COUNT, _ELLIPSIS, _FAR_FROM, _LEANING_NOUN)


def unbound(text: str, nobody: Collection[str] = ()) -> bool:
    """Whether a pronoun, 'there' or 'the number' has nothing before it in the sentence that it could stand for.

    ``nobody``: words with a capital for which 'he' and 'she' can't stand, such as the names of places.
    """
    if any(pattern.search(text) for pattern in _OUTSIDE):
        return True
    bound = ((_THERE, _SPOT), (_THEY, _PLURAL), (_IT, _NOUN), (_SOME, _COUNTED))
    if any((found := pronoun.search(text)) and not noun.search(text[: found.start()]) for pronoun, noun in bound):
        return True
    he = None if _CATAPHOR.search(text) else _HE.search(text)
    return he is not None and not somebody(text[: he.start()], nobody)


def somebody(text: str, nobody: Collection[str] = ()) -> bool:
    """Whether the text names a person, as far as words without their context can tell."""
    named = (one for one in PERSON.finditer(text) if not _MANY.match(text, one.start()) or one.start())
    return any(_POSSESSIVE.sub("", one.group()) not in nobody and not _BODY.match(one.group()) for one in named)


_POSSESSIVE = re.compile(r"['’]s?$")
_MANY = re.compile(r"[A-Z][a-z]+[^s]s [a-z]")  # a sentence that opens with 'Doctors say'
_BODY = re.compile(rf"(?i:{any_of('bodies', 'months')})(?:['’]s)?$")


_TELLS = re.compile(rf"\b(?:{any_of('finite')}|(?!according)(?:{any_of('says')})|[a-z]{{3,}}s)\b")
FEW = 12  # words: in more of them, one is taken for a verb that isn't in the tables


def fragment(text: str) -> bool:
    """Whether a short English sentence has no verb: 'At noon in the port, according to the mayor.'"""
    return len(text.split()) <= FEW and not _TELLS.search(text)
