"""Whose words a sentence carries, and the sentence with its speaker under a name that stands without context."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.briefing.leaning import PERSON
from bot.briefing.phrases import any_of, word
from bot.briefing.trim import QUOTED
from bot.types import Attribution, Reading, Sentence, Source, SourceKind, Span

_PERSON = frozenset(["he", "she"])
_THING = frozenset(["it"])
_PRONOUNS = (
    _PERSON
    | _THING
    | frozenset(["i", "we", "they", "who", "which", "that", "his", "her", "their", "them", "him", "you", "one"])
)
_COMMON_HEAD = re.compile(
    r"(?i)\b(?:institute|ministry|agency|organi[sz]ation|office|department|bureau|committee|council|commission|cent(?:er|re)|"
    r"union|association|party|army|police|court|bank|fund|service|federation|nations|states|authority|administration|"
    r"university of|foundation|society)\b"
)
_ANAPHOR = re.compile(  # a speaker that only the sentences before it name: 'the paper'
    rf"(?i)^the (?:{any_of('told_speakers')}|[a-z]+(?: [a-z]+)? themselves)$"
)
OPENING_WORDS = 2  # before a speaker who opens a sentence
NEAR = 3  # sentences in which a pronoun's name must stand, its own counted
_TITLE = re.compile(
    r"^(?:Mr|Mrs|Ms|Miss|Dr|Sir|President|Minister|Governor|Mayor|Senator|Sen|Gen|General|Col|Colonel)\.?\s+"
)
_TITLED = re.compile(
    r"(?:[A-Z\d][\w’'-]*[ ,]+){3,}(?:(?:at|in|of|on|for|to|by|with|and|the|a) )?[\w’'-]+\.?$"
)  # 'Ida Lund Dies at 75'
_DAY = re.compile(r"(?<=\w) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$")  # 'President Ida Lund Monday said'
_ARTICLE = re.compile(r"^(?:the|The)\s+")


@dataclass(frozen=True, slots=True)
class Voiced:
    """A sentence as it may be quoted: its words, with named speakers, and who they are."""

    text: str
    sources: tuple[str, ...]  # canonical names, in order of the statements
    named_in: tuple[Span, ...]  # other sentences, where the names that were put in stand in full
    own: str  # what the author says in it: the words outside all statements


def voiced(text: str, sentence: Sentence, reading: Reading) -> Voiced | None:
    """The sentence with canonical names for its speakers' pronouns and short names; None when it can't say who speaks.

    That is: its statement's speaker stands in another sentence, or is named by a pronoun or a description that no name
    is known for. Nothing but the speaker's name is changed. ``text`` is the article's.
    """
    spoken = _spoken(text, sentence, reading)
    if any(_vague(text, one, sentence, reading) for one in spoken if not _spoke_before(one, spoken)):
        return None
    edits: list[tuple[Span, str]] = []
    for one in spoken:
        edit = _edit(text, one, sentence, reading)
        if edit is None:
            return None
        edits += edit
    edits = [(span, _DAY.sub("", name)) for span, name in edits]
    homes = {edit: _home(text, edit[1], sentence, reading) for edit in edits}
    if any(home is None and span.of(text).lower() in _PRONOUNS for (span, _), home in homes.items()):
        return None
    edits = [edit for edit in edits if homes[edit]]  # a short name whose full one stands nowhere stays as it is
    named_in = tuple(dict.fromkeys(home for home in homes.values() if home and home != sentence.span))
    sources = tuple(dict.fromkeys(_DAY.sub("", one.source) for one in spoken if one.source))
    contents = [(piece, "") for one in spoken for piece in one.content if sentence.span.holds(piece)]
    own = _apply(text, sentence.span, contents)
    return Voiced(_apply(text, sentence.span, edits), sources, named_in, own)


def _home(text: str, name: str, sentence: Sentence, reading: Reading) -> Span | None:
    """The sentence that holds every capitalised word of the name: its own, else the first; None if there is none."""
    parts = re.findall(r"\b[^\W\d_a-zß-ÿа-яёіїєґ][\w’'-]*", _ARTICLE.sub("", name))
    told = (one.span for one in reading.sentences if one.furniture is None and not _TITLED.match(one.span.of(text)))
    return next((span for span in (sentence.span, *told) if all(part in span.of(text) for part in parts)), None)


def _touches(one: Attribution, sentence: Sentence) -> bool:
    """Whether the statement is made in the sentence, or covers half of it: a splinter of another sentence's doesn't
    count.
    """
    pieces = [piece for piece in one.content if piece.overlaps(sentence.span)]
    if not pieces:
        return False
    here = any(mark and sentence.span.holds(mark) for mark in (one.source_span, one.cue))
    covered = sum(min(piece.end, sentence.span.end) - max(piece.start, sentence.span.start) for piece in pieces)
    return here or 2 * covered >= sentence.span.end - sentence.span.start


def _spoken(text: str, sentence: Sentence, reading: Reading) -> list[Attribution]:
    """The statements that the sentence makes, without those of a speaker who stands elsewhere if it names its own for
    the same words, and without a heading's ('..., say police') if it says by itself who says so.
    """
    touched = [one for one in reading.attributions if _touches(one, sentence)]
    own = [one for one in touched if one.source_span and sentence.span.holds(one.source_span)]
    if len(own) == len(touched):
        return touched
    headings = [one.span for one in reading.sentences if one.furniture]
    attributed = bool(own) or bool(_SAYS.search(QUOTED.sub("", sentence.span.of(text))))

    def is_anothers(one: Attribution) -> bool:
        if one in own or one.source_span is None:
            return False
        if any(piece.overlaps(mine) for piece in one.content for other in own for mine in other.content):
            return True
        return attributed and any(heading.holds(one.source_span) for heading in headings)

    return [one for one in touched if not is_anothers(one)]


_SAYS = re.compile(rf"\b(?:{any_of('says')}|found|finds|shows?|showed|estimates?d?|in the words of)\b", re.IGNORECASE)
_BODY = word("bodies")
_OWNER = re.compile(r"^.*['’]s? ")  # the junta's spokesman
_OPENS_ON = re.compile(  # what was said begins with a word for something that the sentence doesn't name
    r"[\s,:“\"‘']*(?:that )?(?P<word>it|they|this|that|these|those)"
    r"(?=['’]|[\s,]*[“\"‘]|[,.]|(?<=\bit) [a-z]|(?<=they) [a-z]| "
    r"(?:is|was|were|are|has|had|have|will|would|could|can|did|does|may|might|must|should)\b)"
    r"(?! (?:is|was|will be|would be|had been|has been) (?:\w+ )?\w+ (?:to|that|for|when|if)\b)",
    re.IGNORECASE,
)


def _vague(text: str, one: Attribution, sentence: Sentence, reading: Reading) -> bool:
    """Whether the statement opens on an 'it' or 'they' that isn't its speaker, who opens the sentence: 'The mayor said
    it is open', 'The embassy called that "a fantasy"'.
    """
    who, cue = one.source_span, one.cue
    if not who or not cue or not sentence.span.holds(who) or cue.start < who.start:
        return False
    said = text[cue.end : sentence.span.end]
    opening = _OPENS_ON.match(said)
    if opening is None or len(text[sentence.span.start : who.start].split()) > OPENING_WORDS:
        return False
    return bool(_CALLED.match(said)) or opening["word"].lower() not in _itself(who.of(text), one, reading)


def _spoke_before(one: Attribution, spoken: Sequence[Attribution]) -> bool:
    """Whether the speaker said another thing between the name and this cue: its nouns may be meant, too."""
    if not one.source_span or not one.cue or one.cue.start < one.source_span.end:
        return False
    between = Span(one.source_span.end, one.cue.start)
    return any(piece.overlaps(between) for other in spoken for piece in other.content)


_CALLED = re.compile(r"\s*(?:it|this|that|these|those|them)[\s,]*[“\"‘']")  # an object, so never the speaker


def _itself(surface: str, one: Attribution, reading: Reading) -> frozenset[str]:
    """The pronouns of things that can mean the speaker: none for a person; a document seldom speaks of itself."""
    kind = next((known.kind for known in reading.sources if known.name == one.source), SourceKind.UNNAMED)
    if kind in (SourceKind.PERSON, SourceKind.DOCUMENT):
        return frozenset()
    body = kind is not SourceKind.UNNAMED or _BODY.search(_OWNER.sub("", surface))
    return frozenset(["they", "it"] if body else ["they"])


def _edit(text: str, one: Attribution, sentence: Sentence, reading: Reading) -> list[tuple[Span, str]] | None:
    """The change of words that names the speaker: none needed (empty), one, or None where it can't be done."""
    span = one.source_span
    if span is None or not sentence.span.holds(span):
        return [] if one.source is None and one.cue and sentence.span.holds(one.cue) else None
    surface = span.of(text)
    source = next((known for known in reading.sources if known.name == one.source), None)
    named = source is not None and source.kind is not SourceKind.UNNAMED
    bound = PERSON.search(QUOTED.sub("", text[sentence.span.start : span.start]))  # the sentence itself may name it
    if surface.lower() in _PRONOUNS:
        if bound:
            here = source is not None and source.name.split()[-1] in text[sentence.span.start : span.start]
            return [] if here or not named else None  # it may stand for somebody else whom the sentence names
        sure = named and source and _agrees(surface, source.kind) and _last_named(text, span, reading) == source.name
        sure = (
            sure
            and source is not None
            and not _ANAPHOR.match(source.name)
            and not _other_gender(text, surface, source.name, reading)
        )
        return [(span, _fit(source.name, surface))] if sure and source else None
    if _ANAPHOR.match(surface):
        return [] if bound else None
    if not named or source is None or source.name[:1].islower() or surface.casefold().endswith(source.name.casefold()):
        return []
    return _named(span, surface, source)


_GENDERS = {
    "she": re.compile(r"\b(?:he|him|his)\b", re.IGNORECASE),
    "he": re.compile(r"\b(?:she|hers?)\b", re.IGNORECASE),
}


def _other_gender(text: str, pronoun: str, name: str, reading: Reading) -> bool:
    """Whether the report speaks of the person more as a man where the pronoun is a woman's, or the other way round.

    Counted in the sentences that hold the person's first name or full name, and in those that follow them.
    """
    low = pronoun.lower()
    if low not in _GENDERS:
        return False
    told = [one.span.of(text) for one in reading.sentences if one.furniture is None]
    first = re.compile(rf"\b{re.escape(name.split()[0])}\b")
    about = [one[found.end() :] for one in told if (found := first.search(one))]
    against = sum(bool(_GENDERS[low].search(one)) for one in about)
    other = "he" if low == "she" else "she"
    return against > sum(bool(_GENDERS[other].search(one)) for one in about)


_SOMEBODY = re.compile(  # the subject of a sentence, without a name: 'The frustrated prosecutor refused'
    r"^[“\"‘']?(?:(?:In|On|At|After|Before|By|During|With|Since|Last|Late|Early)\b[^,]{1,40}, )?"
    rf"(?:The|the|An?|an?) (?:[\w-]+ ){{0,2}}?{any_of('persons')}\b(?!,? [A-Z])"
)


def _last_named(text: str, pronoun: Span, reading: Reading) -> str | None:
    """Whom the pronoun can mean: the source that was last named before it, not far off and not in furniture.

    None when nobody was, when two were in one sentence of which only one can be meant, or when a sentence since then is
    about a person whom it doesn't name.
    """
    before, of_person = pronoun.start, pronoun.of(text).lower() in _PERSON
    told = [one for one in reading.sentences if one.furniture is None and one.span.start < before]
    for sentence in reversed(told[-NEAR:]):
        words = text[sentence.span.start : min(sentence.span.end, before)]
        if of_person and _SOMEBODY.search(words):
            return None
        here = [
            one.name for one in reading.sources if one.kind is not SourceKind.UNNAMED and one.name.split()[-1] in words
        ]
        if here:
            return here[0] if len(here) == 1 else None
    return None


def _agrees(pronoun: str, kind: SourceKind) -> bool:
    return pronoun.lower() in (_PERSON if kind is SourceKind.PERSON else _THING)


def _named(span: Span, surface: str, source: Source) -> list[tuple[Span, str]] | None:
    if source.name in surface:
        return []
    bare = _ARTICLE.sub("", surface)
    if source.kind is SourceKind.PERSON:
        short = _TITLE.sub("", bare)
        parts = source.name.split()
        if short == parts[-1] or (short == parts[0] and len(parts) == 2):  # not the firm in 'Halden Chief Ida Lund'
            return [(span, source.name)]
        nameless = surface[:1].islower() and not re.search(r"[A-Z]", bare)
        return None if nameless else []
    if bare in {_ARTICLE.sub("", alias) for alias in source.aliases} or set(bare.lower().split()) <= set(
        source.name.lower().split()
    ):
        return [(span, _with_article(source.name, surface))]
    return [] if re.search(r"[A-Z]", bare) else None


_OWNED = re.compile(r"[A-Z][\w.-]*(?: [A-Z][\w.-]*)*(?:['’]s|s['’]) ")  # 'Chile's ministry'


def _with_article(name: str, surface: str) -> str:
    """The name with the article that the text gave it, or that a name made of common nouns needs; neither twice."""
    if name.lower().startswith("the ") or _OWNED.match(name):
        return name
    article = "the " if _ARTICLE.match(surface) or _COMMON_HEAD.search(name) else ""
    return (article.title() if surface[:1].isupper() and _ARTICLE.match(surface) else article) + name


def _fit(name: str, surface: str) -> str:
    return _with_article(name, surface) if surface.lower() in _THING else name


def _apply(text: str, within: Span, edits: Sequence[tuple[Span, str]]) -> str:
    pieces, at = [], within.start
    for span, name in sorted(set(edits)):
        if span.start >= at:
            pieces += [text[at : span.start], name]
            at = span.end
    return "".join([*pieces, text[at : within.end]])
