"""The headline of a briefing: the article's own, else the most of the top point that fits."""

import re
from collections.abc import Iterable, Sequence

from bot.briefing import words
from bot.briefing.given import needs
from bot.briefing.phrases import any_of
from bot.briefing.trim import balanced, capital
from bot.types import Article, Furniture, Point, Reading

LONGEST = 89  # characters: under 90
SHORTEST = 20
LONGEST_CREDIT = 45  # characters of a speaker's name before the colon
WORDS = 4  # of a title, at least
ASIDE_COMMAS = 2
TOP = 3  # points that may give the headline

_UNFINISHED = re.compile(  # 'and driven 90,000', 'some are known'
    r"[a-z] \d[\d,.]*$|"
    r"\b(?:is|are|was|were|been) (?:known|said|believed|thought|reported|expected|feared|due|set|likely)$|"
    r"\b(?:it|they|he|she) (?:is|are|was|were|has|had|have) \w+$|"
    r"\b(?:opportunity|chance|ability|right|power|need|plans?|hopes?|wants?|likes?|efforts?)$"
)
_ABBREVIATED = re.compile(r", [A-Z][a-z]{1,4}$")  # 'in Superior, Wis': the state's full stop is no end
_LEFT_OPEN = re.compile(r"\b(?:is|are|was|were|been|being) [a-z]+(?:ed|en|ght|ut|de|nt)$")  # 'the men were sealed'
_SAYS = any_of("says")
_CREDIT = re.compile(rf"^[^:]{{2,{LONGEST_CREDIT}}}: ")
_VOICED = re.compile(rf"\b{any_of('says')}\b|: ")
_CREDITED = re.compile(r"(?<=\w)(?:, [^,]{2,40}){1,2},? sa(?:id|ys)$")  # '..., its leader, Ida Lund, said'
_JOINED = re.compile(
    r"(?:\b(?:and|but|while|as|where)|;|(?:wh\w+|that),? according to) (?:the )?$", re.IGNORECASE
)  # '... and the ministry said so'
_LONG_AGO = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_NAMED_ACTS = re.compile(r"^(?:The )?(?:[A-Z][\w’'-]+ ){1,4}[a-z]{3,}s\b")  # 'The Halden Trust expects'
_SERIES = re.compile(  # the name of a letter or column instead of what happened
    r"(?i)^(?:(?!.*\b(?:is|are|was|were|has|have|says?|wins?)\b)"
    r".*\b(?:edition|newsletter|letter from|press review|round-?up|"
    r"(?:daily|morning) briefing|bulletin)\b|from the papers\b)"
)
_LIVE = re.compile(r"(?i)^(?:live(?: updates?| blog)?|as it happened|breaking(?: news)?|watch|video|explainer): ")
_OUTLET = re.compile(r"\s+[|•·–—-]\s+[^|•·–—]{2,40}$")
_OPENING_TIME = re.compile(
    r"^(?:(?:on|in|at|over|by|late|early|earlier|during|with|since|last|this|as of) )?"
    r"(?:(?:on|the|past|last|this|each|every|early|late|a|few) )*"
    r"(?:(?:\w+ )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|hours?|days?|weeks?|months?|years?|weekend|"
    r"morning|evening|afternoon|night|\d{4})|yesterday|today)"
    r"(?: (?:morning|night|evening|afternoon))?,\s+",
    re.IGNORECASE,
)
_SAID = re.compile(rf"^.*?\b(?:{any_of('says')}|reveal(?:s|ed)|found(?= that\b)|believes?|shows?)\b(?: that\b)?")
_ACCORDING = re.compile(r"^According to [^,]+, ")
_ANNOUNCED = re.compile(r"\b(?:announced|confirmed|admitted) (?=(?:an?|the|its|plans)\b)")  # itself what happened
_SUBORDINATE = re.compile(
    r"^(?:With|In|On|At(?! least)|After|Before|As|When|While|Following|Despite|"
    r"Although|Though|Since|Because|If|By|For|From|Under)\b[^,]*$"
)
_OPEN_RELATIVE = re.compile(r" (?:that|which|who)(?: (?:has|have|had|is|are|was|were))? [a-z]+$")
_VERB = re.compile(rf"\b{any_of('finite')}\b")
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_ASIDE = re.compile(
    r", (?:an?|the|which|who|whose|where|one of|its|his|her|their|home to|known as|now|"
    r"formerly)\b[^,]*(?:,(?= )|(?=[.!?]?$))"
)
_RELATIVE = re.compile(r"\b(?:that|which|who)(?: (?:has|have|had|is|are|was|were))? [a-z]+\b")
_OPEN_ASIDE = re.compile(
    r", (?:an?|the|which|who|whose|where|one of|its|his|her|their|home to|known as|now|formerly)\b[^,]*$"
)
_FIRST_OF_TWO = re.compile(
    r"(?<= )(?:[a-z]+ed|made|took|held|won|led) [^,]{3,40}? and (?=(?:[a-z]+ed|made|took|held|won|led|lost|"
    r"cut|set|hit)\b)"
)
_JOINT = re.compile(rf" (?:--|[–—]) | and (?=[a-z]+(?:ed|en)\b)|(?:, | [–—-] |; | )(?={any_of('joints')}\b)|, |; ")
_DANGLING = re.compile(rf"(?:[\s,;:–—-]+{any_of('leads_on')})+$", re.IGNORECASE)


def headline(articles: Sequence[Article], readings: Sequence[Reading], points: Sequence[Point]) -> str:
    """A line of under 90 characters in the articles' own words: the first title there is, else from the top points.

    A heading that opens a pasted text is its title. Without title or point it is the beginning of the first article.
    Never cut inside a word, never ending in a word that leads on; '…' stands for what didn't fit.
    """
    if title := own(articles, readings):
        return shorten(capital(title))
    if not points:
        return shorten(" ".join(articles[0].text.split()))
    lines = [_of_point(point) for point in points[:TOP]]
    lesser = [line for line in lines[1:] if not (_LONG_AGO.search(line) or line.endswith("…") or needs(line, bool))]
    return next((line for line in (lines[0], *lesser) if _tells(_CREDIT.sub("", line))), lines[0])


def _of_point(point: Point) -> str:
    """What of the point fits, its speaker before a colon where the sentence's own way of saying it doesn't fit."""
    line = shorten(point.text)
    who = next((one for one in point.sources if _speaks(one, point.text)), None)
    if who is None or len(who) > LONGEST_CREDIT or _known_as(who) in line or _VOICED.search(line):
        return line
    return f"{capital(who)}: {shorten(point.text, LONGEST - len(who) - 2)}"


def _speaks(source: str, text: str) -> bool:
    """Whether the source stands beside a word of saying, and says what opens the sentence."""
    if _JOINED.search(text[: max(0, text.casefold().find(source.casefold()))]):
        return False
    name = re.escape(_known_as(source))
    return bool(re.search(rf"{name}(?:,[^,]+,)? {_SAYS}\b|\b{_SAYS} (?:[\w.'’-]+ ){{0,6}}{name}\b", text))


def _known_as(source: str) -> str:
    return source.split()[-1]


def own(articles: Sequence[Article], readings: Sequence[Reading]) -> str | None:
    """The first title there is that says what happened, in full; None if there is none."""
    found = (title_of(article, reading) for article, reading in zip(articles, readings, strict=True))
    return next((_LIVE.sub("", title) for title in found if title and not _SERIES.search(title)), None)


def title_of(article: Article, reading: Reading) -> str | None:
    """The article's title without its outlet's name, else the heading that opens its text."""
    first = reading.sentences[0] if reading.sentences else None
    opening = first.span.of(article.text) if first and first.furniture is Furniture.HEADING else ""
    title = " ".join((article.title or opening).split())
    return (_OUTLET.sub("", title) or title) if len(title.split()) >= WORDS else None


def _tells(line: str) -> bool:
    """Whether the line says what happened: it has a verb, and a verb after that when the first only says that
    somebody said.
    """
    told = _CREDITED.sub("", _ACCORDING.sub("", line))
    plain = _RELATIVE.sub("", _SAID.sub("", _ANNOUNCED.sub("made ", _ASIDE.sub("", told)), count=1))
    return (
        bool(_VERB.search(plain) or _NAMED_ACTS.search(plain))
        and not _SUBORDINATE.search(line)
        and len(plain.split()) >= WORDS
    )


def shorten(text: str, room: int = LONGEST) -> str:
    """The text without its full stop, or the part of it that says most in ``room`` characters."""
    whole = text.strip().rstrip(".,;: ")
    if len(whole) <= room:
        return whole
    shorter = (_ABBREVIATED.sub("", _tidy(one)) for one in _shorter(whole))
    fitting = [one for one in shorter if SHORTEST <= len(one) <= room and _closed(one)]
    best = max(fitting, key=lambda one: (_tells(one), not _LEFT_OPEN.search(one), *_weight(one)), default="")
    cut = _tidy(whole[: whole.rfind(" ", 0, room)])
    return best if best and (_tells(best) or (len(best.split()) > WORDS and not _tells(cut))) else f"{cut}…"


def _shorter(text: str) -> Iterable[str]:
    """Versions of the sentence with parts taken out, and each cut at a joint."""
    core = _OPENING_TIME.sub("", text)
    core = core[:1].upper() + core[1:]
    bare = _BRACKETS.sub("", core)
    plainer = (
        _ASIDE.sub("", bare) if bare.count(",") <= ASIDE_COMMAS else bare
    )  # with more, where an aside ends is a guess
    for plain in dict.fromkeys((core, plainer)):
        for version in dict.fromkeys((plain, _FIRST_OF_TWO.sub("", plain, count=1))):
            yield version
            yield from (_OPEN_ASIDE.sub("", version[: joint.start()]) for joint in _JOINT.finditer(version))


def _weight(text: str) -> tuple[float, int]:
    """How much the version says: names count double; the longer breaks a tie."""
    return sum(
        words.rarity(words.stem(word)) * (1 + word[0].isupper())
        for word in words.tokens(text)
        if words.stem(word) not in words.STOP
    ), len(text)


def _closed(text: str) -> bool:
    return balanced(text) and not _UNFINISHED.search(text)


def _tidy(text: str) -> str:
    plain = _OPEN_RELATIVE.sub("", text.strip().rstrip(".,;: "))
    whole = plain if _CREDITED.search(plain) else _DANGLING.sub("", plain)
    return whole.rstrip(" ,;:–—-")
