"""Article -> Reading: the one place where the parts of reading meet."""

from pathlib import Path

from bot.errors import UnreadableInput
from bot.reading import language, other_places, other_sources, places, sentences, sources
from bot.reading.gazetteer import Gazetteer, open_gazetteer
from bot.reading.tagger import Tagger
from bot.reading.tongues import OTHERS
from bot.types import Article, Reading

LONGEST = (
    250_000  # characters of an article, some 40,000 words: more is a book or a dump, and holds a worker for minutes
)
VERSION = "3"  # raised when reading the same text gives something else: what an older reader found is then read again


class ArticleReader:
    """Reads one article after another; one to a worker process."""

    def __init__(self, gazetteer: Gazetteer, tagger: Tagger | None = None) -> None:
        self._gazetteer = gazetteer
        self.tagger = tagger or Tagger()

    @classmethod
    def open(cls, cache: Path) -> "ArticleReader":
        """A reader on the place index in the folder ``cache``, which is built there if it isn't there yet."""
        return cls(open_gazetteer(cache))

    def read(self, article: Article) -> Reading:
        """What is found in the article.

        Raises:
            UnsupportedLanguage: it is in a language that isn't handled.
            UnreadableInput: there is no sentence in it, or it has over ``LONGEST`` characters.
        """
        if len(article.text) > LONGEST:
            raise UnreadableInput(f"The text has over {LONGEST:,} characters; give one article at a time.")
        return self.read_as(article, language.require_handled(article.text))

    def read_as(self, article: Article, tongue: str) -> Reading:
        """What is found in an article that is known to be in the language ``tongue`` (ISO 639-1)."""
        text = article.text
        parts = sentences.split(text, tongue)
        if tongue in OTHERS:
            toponyms = other_places.resolve(text, parts, tongue, self._gazetteer, outlet_url=article.url)
            who, said = other_sources.attribute(text, parts, tongue)
            return Reading(article.id, tongue, parts, toponyms, who, said)
        tags = self.tagger.tag(text)
        toponyms = places.resolve(text, parts, tags.names, self._gazetteer, outlet_url=article.url)
        who, said = sources.attribute(text, parts, tags, published=article.published)
        return Reading(article.id, tongue, parts, toponyms, who, said)
