"""Who says so, in other languages than English: people by name beside a word of saying. Precise rather than complete.

A name is told by its shape: two words with capitals, or in Arabic a first name that the tables know. What has a speaker
that can't be told has no source, and a quotation without one no cue either, so that nothing takes it for plain fact.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.reading import quotations
from bot.reading.inflection import Endings
from bot.reading.tongues import Tongue, tongue
from bot.types import Attribution, Sentence, Source, SourceKind, Span

FEWEST_QUOTED = 3  # words: less in quotation marks is a name or a term
_UPPER = "A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐ"
_PART = rf"(?:[{_UPPER}][\w'’ʼ-]{{0,40}}\w|[{_UPPER}]\.)"
_NAME = rf"{_PART}(?:\s?(?<=[.\s])(?:(?:de|del|de\sla|van|von|al|bin|ben)\s)?{_PART}){{0,4}}"
_LOWER = rf"(?:(?![{_UPPER}])[^\W\d_][\w’'ʼ-]*\s)"
_ASIDE = r"(?:,(?:\s[^,;:«»“”„\"]{3,60},)?)?"
_AUXILIARY = r"(?:(?:a|ont|avait|hat|haben|ha|han)\s)?"
_ADVERB = rf"(?:{_LOWER}{{1,2}}?)?"
_ECHO = re.compile(r"-t-(?:il|elle|on)\b")  # 'a-t-il ajouté'
_PATRONYMIC = re.compile(r"(?:ович|евич|йович|івна|овна|евна|ївна|овича|евича|йовича|івни|овны|евны)$")
_ARTICLE = re.compile(r"\b(?:el|la|los|las|del|al|le|les|du|au|der|die|das|dem|den|des)\s+$|\b[lL]['’]$", re.IGNORECASE)
_INNER = ' \t\u00a0\u202f«»“”„‟"‘’,'


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement whose speaker is named, perhaps only by a surname."""

    who: Span
    name: str  # in the nominative as far as that can be told
    cue: Span
    content: tuple[Span, ...]
    direct: bool


def attribute(
    text: str, sentences: Sequence[Sentence], language: str
) -> tuple[tuple[Source, ...], tuple[Attribution, ...]]:
    """The sources of a text in one of ``tongues.OTHERS`` by first appearance, and its attributions in text order."""
    rules, quoted = _rules(language), quotations.find(text)
    told = [one.span for one in sentences if one.furniture is None]
    said = [one for span in told for one in rules.statements(text, span, quoted)]
    full = list(dict.fromkeys(one.name for one in said if _is_full(one.name)))
    named = [(one, _known(one.name, full)) for one in said]
    found = [_attribution(one, name) for one, name in named]
    taken = [piece for one in found for piece in one.content]
    unclaimed = list(_unclaimed(text, told, quoted, taken))
    found += [_nobodys(span, direct=True) for span in unclaimed]
    taken += unclaimed
    found += [_nobodys(span, direct=False) for span in told if rules.leans(text, span, taken)]
    sources: dict[str, list[str]] = {}
    for one, name in named:
        if name:
            sources.setdefault(name, []).append(one.who.of(text))
    return tuple(_source(name, words) for name, words in sources.items()), tuple(sorted(found, key=lambda a: a.content))


def _is_full(name: str) -> bool:
    return len([part for part in name.split() if part]) > 1


def _known(name: str, full: Sequence[str]) -> str | None:
    """The full name that a name means: itself, or the only one that ends so."""
    if _is_full(name):
        return name
    same = [one for one in full if one.split()[-1] == name]
    return same[0] if len(same) == 1 else None


def _source(name: str, words: Sequence[str]) -> Source:
    return Source(name, SourceKind.PERSON, None, tuple(dict.fromkeys(word for word in words if word != name)))


def _attribution(one: _Said, name: str | None) -> Attribution:
    return Attribution(name, one.who if name else None, one.cue, one.content, one.direct)


def _nobodys(content: Span, *, direct: bool) -> Attribution:
    """A statement of somebody whom the sentence doesn't name."""
    return Attribution(None, None, None, (content,), direct)


def _unclaimed(text: str, told: Sequence[Span], quoted: Sequence[Span], taken: Sequence[Span]) -> Iterator[Span]:
    """The quotations that nobody is known to have said."""
    for quote in quoted:
        inner = _trimmed(text, quote)
        long = inner is not None and len(inner.of(text).split()) >= FEWEST_QUOTED
        if long and inner and any(span.overlaps(quote) for span in told) and not any(map(inner.overlaps, taken)):
            yield inner


def _trimmed(text: str, span: Span) -> Span | None:
    """The span without quotation marks, commas and spaces at its ends; None without a word left."""
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip(_INNER))
    end = span.end - (len(words) - len(words.rstrip(_INNER)))
    return Span(start, end) if start < end else None


class _Rules:
    """The patterns of one language."""

    def __init__(self, language: Tongue) -> None:
        self._speech = speech = language.speech
        self._says = _any(speech.says)
        heads = _any((*speech.honorifics,))
        self._honorific = re.compile(rf"(?:{heads})\.?")
        arabic = language.code == "ar"
        who = rf"(?:{_LOWER}{{0,7}})(?P<who>(?:(?:{heads})\.?\s)*{_NAME})"
        cue, colon = rf"{_AUXILIARY}(?P<cue>{self._says})\b", r"[^«»“”„\":]{0,40}"
        if arabic:
            given = rf"(?P<who>(?:{_any(speech.given)})\s\w+)"
            who, cue = rf"(?:[\w.]+\s){{0,6}}?{given}", rf"(?<!\w)[وف]?(?P<cue>{self._says})"
        that = _any(speech.that)
        comma = r",?\s+" if language.code != "de" else r",\s+"
        self._after = re.compile(rf"[\s,،.!?…]*[—–-]?\s*{cue}\s+{who}")
        self._before = re.compile(rf"{cue}\s+{who}{colon}:\s*$")
        self._leading = re.compile(rf"{self._name_first(heads)}{_ASIDE}\s+{cue}{colon}:\s*$")
        joint = rf"(?:{that})(?:(?<=['’])|(?!\w))\s*" if language.code != "de" else rf"(?:(?:{that})\s)?"
        place = r"(?:\s(?!(?:dass)\b)[\w-]+){0,4}" if language.code != "ar" else ""
        self._indirect = [
            re.compile(
                rf"{self._name_first(heads)}{_ASIDE}\s+{_ADVERB}{cue}{place}{comma}{joint}(?P<content>.+)$", re.DOTALL
            ),
            re.compile(rf"{cue}\s+{who}{_ASIDE}{r'،?' if arabic else ''}{comma}{joint}(?P<content>.+)$", re.DOTALL),
        ]
        if arabic:
            self._indirect = self._indirect[1:]
        phrase = rf"(?P<cue>(?i:{_any(speech.according)}))" + (r"\s?\w*\s" if arabic else r"\s")
        self._according = re.compile(
            rf"(?<!\w){'[وف]?' if arabic else ''}{phrase}{who}(?P<aside>[,،]\s[^,;:]{{3,50}}(?=[,،]))?"
        )
        self._trailing = re.compile(rf",\s{cue}\s+{who}(?=[.,]?\s*$|,\s[^,]{{3,60}}$)")
        self._starts = re.compile(rf"[«“„\"\s]*[وف]?{_AUXILIARY}(?i:{self._says})(?!\w)(?!\s+\w+,\s)")
        if arabic:  # the verb opens a sentence there, its subject mostly follows
            self._starts = re.compile(rf"[وف]?(?:{self._says})\s+(?:{that})(?!\w)")
        self._arabic = arabic

    def _name_first(self, heads: str) -> str:
        return rf"(?<![\w.])(?P<who>(?:(?:{heads})\.?\s)*{_NAME})"

    def statements(self, text: str, span: Span, quoted: Sequence[Span]) -> list[_Said]:
        """Those of one sentence that have a named speaker."""
        found = list(self._quotes(text, span, [q for q in quoted if q.overlaps(span)]))
        if not found:
            found = list(self._reported(text, span, quoted)) or list(self._told(text, span, quoted))
        return found

    def leans(self, text: str, span: Span, taken: Iterable[Span]) -> bool:
        """Whether the sentence tells what somebody said who stands in another."""
        opens = bool(self._starts.match(text, span.start, span.end) or _ECHO.search(text, span.start, span.end))
        return opens and not any(map(span.overlaps, taken))

    def _quotes(self, text: str, span: Span, quotes: Sequence[Span]) -> Iterator[_Said]:
        for quote in quotes:
            inner = _trimmed(text, quote)
            if inner is None or len(inner.of(text).split()) < FEWEST_QUOTED - 1:
                continue
            after = self._after.match(text, quote.end, span.end)
            head = text[span.start : quote.start]
            before = (self._before.search(head) or self._leading.search(head)) if head.strip() else None
            found, base = (after, 0) if after else (before, span.start)
            said = found and self._said(text, found, base, (inner,), direct=True)
            if said:
                yield said

    def _reported(self, text: str, span: Span, quoted: Sequence[Span]) -> Iterator[_Said]:
        for pattern in self._indirect:
            for found in _scan(pattern, text, span):
                content = _trimmed(text, Span(found.start("content"), _without_stop(text, span).end))
                if content and not _inside(quoted, found.start("cue")):
                    said = self._said(
                        text, found, 0, (content,), direct=quotations.covers(tuple(quoted), text, content)
                    )
                    if said:
                        yield said
                        return

    def _told(self, text: str, span: Span, quoted: Sequence[Span]) -> Iterator[_Said]:
        """'According to X' wherever it stands, and '..., said X.': what stands around it."""
        according = self._according.search(text, span.start, span.end)
        found = according or self._trailing.search(text, span.start, span.end)
        if found is None or _inside(quoted, found.start()):
            return
        ends = (Span(span.start, found.start()), Span(found.end(), _without_stop(text, span).end if according else 0))
        pieces = tuple(piece for end in ends if end.start < end.end and (piece := _trimmed(text, end)))
        said = self._said(text, found, 0, pieces, direct=False) if pieces else None
        if said:
            yield said

    def _said(
        self, text: str, found: re.Match[str], base: int, content: tuple[Span, ...], *, direct: bool
    ) -> _Said | None:
        who = Span(base + found.start("who"), base + found.end("who"))
        name = self._name(who.of(text))
        if name == who.of(text) and _ARTICLE.search(text, max(0, who.start - 8), who.start):
            return None  # 'the Red Cross': a body, not a person
        cue = Span(base + found.start("cue"), base + found.end("cue"))
        if not name:
            return None
        start = who.end - len(name)
        if cue.of(text).lower() in self._speech.inflected:
            return _Said(Span(start, who.end), _nominative(name, self._speech.genitive), cue, content, direct)
        return _Said(Span(start, who.end), name, cue, content, direct)

    def _name(self, words: str) -> str:
        """The name without offices and titles before it; '' when nothing is left that can be one."""
        if self._arabic:
            return words
        parts = words.split(" ")
        while parts and self._is_title(parts[0]):
            parts = parts[1:]
        if _is_cyrillic(words) and len(parts) > 2 and not any(map(_PATRONYMIC.search, parts)) and "." not in words:
            parts = parts[-2:]  # what stands before belongs to the office: 'of the Centre of Asia Ann Roe'
        return " ".join(parts) if parts and not parts[-1].endswith(".") else ""

    def _is_title(self, part: str) -> bool:
        low = part.lower().rstrip(".")
        shouted = len(part) > 1 and part.isupper() and not part.endswith(".")
        office = bool(self._speech.offices) and low.endswith(self._speech.offices)
        return bool(self._honorific.fullmatch(part)) or low in self._speech.roles or shouted or office


@lru_cache(maxsize=8)
def _rules(language: str) -> _Rules:
    return _Rules(tongue(language))


def _any(words: Iterable[str]) -> str:
    """A pattern, not grouped, for any of the words, the longest first; one that matches nothing for none."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in ordered) or r"(?!)"


def _scan(pattern: re.Pattern[str], text: str, span: Span) -> Iterator[re.Match[str]]:
    """The matches, each looked for right after the name of the one before: what follows that may be a name, too."""
    found = pattern.search(text, span.start, span.end)
    while found:
        yield found
        found = pattern.search(text, found.end("who"), span.end)


def _without_stop(text: str, span: Span) -> Span:
    words = span.of(text)
    return Span(span.start, span.start + len(words.rstrip(".!?…؟ ")))


def _inside(quoted: Sequence[Span], at: int) -> bool:
    return any(quote.start < at < quote.end for quote in quoted)


def _is_cyrillic(words: str) -> bool:
    return "Ѐ" <= words[0] <= "ӿ"


def _nominative(name: str, endings: Endings) -> str:
    """The name with each part's genitive ending replaced, the longest that fits; others stay as they are."""
    return " ".join(_bare(part, endings) for part in name.split(" "))


def _bare(part: str, endings: Endings) -> str:
    fitting = [(e, p) for e, p in endings if part.endswith(e) and len(part) > len(e) + 1]
    if not fitting or part.endswith("."):
        return part
    ending, plain = max(fitting, key=lambda pair: len(pair[0]))
    return part[: len(part) - len(ending)] + plain
