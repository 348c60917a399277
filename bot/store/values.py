"""How values of ``bot.types`` become columns and come back."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Row

from bot.errors import StoreError
from bot.types import Article, ArticleRef, Attribution, Digest, Place, Reading, Said, Span, Statement

READING: Final = TypeAdapter(Reading)
DIGEST: Final = TypeAdapter(Digest)
NAMES: Final = TypeAdapter(tuple[str, ...])

LAST: Final = "\U0010ffff"  # sorts after every other character: what begins with p lies from p to p + LAST

T = TypeVar("T")
Stored = Literal["new", "changed", "known"]


def digest(article: Article) -> str:
    """A digest of the title and the text: what makes two versions of an article differ, and what a reading fits."""
    return hashlib.sha256(f"{article.title or ''}\0{article.text}".encode("utf-8", "surrogatepass")).hexdigest()


def fold(name: str) -> str:
    """The name as it is compared: no case, accents or punctuation; words parted by single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare))


def quote(text: str, pieces: Sequence[Span]) -> str:
    """The words of the pieces, in order, with an ellipsis where something stands between them."""
    return " … ".join(" ".join(span.of(text).split()) for span in pieces)


def article_of(row: Row[Any]) -> Article:
    """The article of a row that has its columns."""
    return Article(
        id=row.id,
        text=row.text,
        url=row.url,
        outlet=row.outlet,
        title=row.title,
        dateline=row.dateline,
        author=row.author,
        published=row.published,
        language=row.language,
    )


def reference_of(row: Row[Any]) -> ArticleRef:
    """The article of a row, as it is cited."""
    return _reference(article_of(row))


def said(article: Article, attribution: Attribution) -> Said:
    """The statement of an article's reading, as an answer cites it."""
    statement = Statement(article.id, attribution.span, attribution.direct, attribution.stance)
    cue = attribution.cue and attribution.cue.of(article.text)
    return Said(quote(article.text, attribution.content), statement, _reference(article), cue)


def _reference(article: Article) -> ArticleRef:
    opening = None if article.title else article.opening
    return ArticleRef(article.id, article.url, article.outlet, article.title, article.published, opening)


def reading_of(body: str, article: str) -> Reading:
    """The reading in the JSON. Raises StoreError where another version of the types wrote it."""
    return _value(READING, body, f"the reading of article {article}")


def digest_of(body: str, key: str) -> Digest:
    """The digest in the JSON. Raises StoreError where another version of the types wrote it."""
    return _value(DIGEST, body, f"the digest of delivery {key}")


def place_of(row: Row[Any]) -> Place:
    """The gazetteer record of a row of ``places``."""
    return Place(
        row.geonameid,
        row.name,
        row.feature_code,
        row.country_code,
        row.admin1,
        row.lat,
        row.lon,
        population=row.population,
    )


def _value(adapter: TypeAdapter[T], body: str, what: str) -> T:
    try:
        return adapter.validate_json(body)
    except ValidationError as error:
        raise StoreError(
            f"{what} can't be understood ({error.error_count()} faults): read the article again"
        ) from error
