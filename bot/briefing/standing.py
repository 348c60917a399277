"""The sentences of a report that can stand alone: with their speaker, trimmed, borne out by the report's own words."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.briefing import foreign, headline, support, words
from bot.briefing.disagreements import muddled
from bot.briefing.foreign import is_foreign
from bot.briefing.given import introduced, needs
from bot.briefing.leaning import fragment
from bot.briefing.speakers import Voiced, voiced
from bot.briefing.trim import QUOTED, said_of_the_last, stands_alone, trim
from bot.types import Article, Reading, Sentence, SourceKind, Span

ENGLISH = "en"
FILED_WITHIN = 2  # sentences of a report in which it says where it was filed


@dataclass(frozen=True, slots=True)
class Report:
    """An article with its sentences on one line each, and what must be known to judge any of them."""

    article: Article
    reading: Reading
    sentences: Sequence[Sentence]  # without furniture
    texts: Sequence[str]
    title: str
    first: Mapping[str, int]  # for each stem the sentence that brings it in; -1 for the title
    nobody: frozenset[str]  # words with a capital that name no person

    @classmethod
    def of(cls, article: Article, reading: Reading) -> "Report":
        """The report of that article."""
        sentences = [one for one in reading.sentences if one.furniture is None]
        texts = [" ".join(one.span.of(article.text).split()) for one in sentences]
        title = headline.title_of(article, reading) or ""
        return cls(article, reading, sentences, texts, title, _first_use((title, *texts)), _nobody(reading))

    def told_before(self, place: int) -> Callable[[str], bool]:
        """Whether the report has brought in a stem before that sentence."""
        return lambda stem: self.first.get(stem, place) < place


@dataclass(frozen=True, slots=True)
class Standing:
    """A sentence that can be read without what stood before it, but for what it ``needs``."""

    place: int  # among the report's sentences, from 0
    text: str
    spans: tuple[Span, ...]  # its own, and of the sentences that a name was taken from
    sources: tuple[str, ...]
    needs: frozenset[str]  # stems of nouns that must have been told before


def standing(report: Report) -> Iterator[Standing]:
    """The sentences that can stand alone, in text order, each supported by its own evidence."""
    for place, sentence in enumerate(report.sentences):
        said = None if _beside_the_point(report, place) else voiced(report.article.text, sentence, report.reading)
        if said is None:
            continue
        rest = said.text[_label_of(report, place) :]
        text = " ".join(rest.split()) if is_foreign(report.reading.language) else trim(rest)
        spans = (sentence.span, *said.named_in)
        if _stands(report, place, text, said) and _supported(report, text, spans):
            wanting = needs(QUOTED.sub(" ", text), report.told_before(place))
            told = tuple(one for one in said.sources if one in text or one not in report.texts[place])  # no dateline's
            yield Standing(place, text, spans, told, wanting)


def _beside_the_point(report: Report, place: int) -> bool:
    """Whether the sentence is a caption, the title once more, a byline that ran into it, no sentence, or one whose
    speaker the next one names.
    """
    text = report.texts[place]
    return (
        any(said_of_the_last(following) for following in report.texts[place + 1 : place + 2])
        or _captioned(report.article.text, report.sentences[place], report.reading)
        or _repeats_title(text, report.title)
        or bool(_BYLINE.match(text))
        or (report.reading.language == ENGLISH and fragment(text))
    )


def _stands(report: Report, place: int, text: str, said: Voiced) -> bool:
    if is_foreign(report.reading.language):
        return foreign.stands_alone(text, report.reading.language)
    alone = stands_alone(text, own=said.own, nobody=report.nobody)
    return alone and not muddled(report.texts[place], report.texts)


def _supported(report: Report, text: str, spans: Sequence[Span]) -> bool:
    shown = [span.of(report.article.text) for span in spans]
    return text == " ".join(shown[0].split()) or support.check(text, shown).supported  # itself: nothing to compare


def _first_use(texts: Iterable[str]) -> dict[str, int]:
    """For each stem the number of the first of the texts that brings it in; the first text, the title, is -1."""
    first: dict[str, int] = {}
    for place, text in enumerate(texts, start=-1):
        for term in introduced(text):
            first.setdefault(term, place)
    return first


def _nobody(reading: Reading) -> frozenset[str]:
    """The words of the report's names for places and bodies that are no person's."""
    people = {word for one in reading.sources if one.kind is SourceKind.PERSON for word in one.name.split()}
    bodies = [(one.name, *one.aliases) for one in reading.sources if one.kind is not SourceKind.PERSON]
    names = [*(name for known in bodies for name in known), *(one.name for one in reading.toponyms)]
    return frozenset(word for name in names for word in name.split()) - people


def _repeats_title(text: str, title: str) -> bool:
    """Whether the sentence says nothing but what the title says, word for word."""
    said, shown = (" ".join(words.tokens(one)).casefold() for one in (text, title))
    return bool(said) and said in shown


_BYLINE = re.compile(  # 'By Ida Lund, Staff Writer On Monday', 'By Wire Desk Chile's trade has grown'
    r"By:? (?!\w+day\b)[A-Z]\w+ [A-Z]\w+, [A-Z](?!.*\([A-Z]{2,}\) [-–—])|"
    rf"By:? (?!(?:\w+day|{'|'.join(month.title() for month in words.MONTHS)}|Christmas|Easter)\b)[A-Z]\w+ [A-Z][\w’']+ "
    r"[^,]{0,60}\b(?:has|have|had|is|was|were|are|said|says|will)\b"
)
_NUMBERED = re.compile(r"\d{1,2}[.)] (?=[A-Z])")
_FILED = re.compile(r"(?:(?:, |/)[A-Z][\w.'’]*){0,2}(?: ?[-–—]{1,2} |: )(?=[A-Z“\"])")


def _label_of(report: Report, place: int) -> int:
    """How many characters of the sentence only number it or say where the report was filed: 'Mexico City - '; 0 for
    most.
    """
    start = report.sentences[place].span.start
    numbered = _NUMBERED.match(report.article.text, start)
    if numbered and report.reading.language == ENGLISH:  # in German, '3. Oktober' is a date
        return numbered.end() - start
    end = next((one.span.end for one in report.reading.toponyms if one.span.start == start), None)
    filed = None if end is None or place >= FILED_WITHIN else _FILED.match(report.article.text, end)
    return filed.end() - start if filed else 0


_LABEL = re.compile(r"^[A-Z][a-z]+(?: [a-z]+){0,2}:\s+(?=[A-Z])")


def _captioned(text: str, sentence: Sentence, reading: Reading) -> bool:
    """Whether the sentence opens like the caption of a picture: a label and a colon, and the label names no place."""
    label = _LABEL.match(sentence.span.of(text))
    if label is None:
        return False
    where = Span(sentence.span.start, sentence.span.start + label.end())
    return not any(where.holds(one.span) for one in reading.toponyms)
