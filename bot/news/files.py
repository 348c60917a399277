"""Files and pasted text -> articles.

Offsets into an article point into its text, so a file's text is taken as it stands: decoded, without a byte-order mark,
with line ends as Python's universal newlines read them (CR LF and CR become LF), and nothing else changed.
"""

import io
import stat
from collections.abc import Callable
from dataclasses import replace
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parseaddr
from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from bot.errors import UnreadableInput
from bot.news import dates, pages
from bot.news.encoding import decode, mended_json
from bot.news.identity import article_id, canonical_url
from bot.news.markup import absolute, text_of
from bot.news.metadata import language_code
from bot.types import Article

MAX_BYTES = 5_000_000
_FENCE = "---"
_KEYS = frozenset({"title", "outlet", "url", "dateline", "author", "published", "language"})


def load(path: Path, *, limit: int = MAX_BYTES) -> Article:
    """The article in the file: .md and .txt with or without front matter, .html, .eml, .json; any other name is text.

    Front matter stands between two '---' lines at the start, one 'key: value' a line: title, outlet, url, dateline,
    author, published (ISO 8601), language. The text begins behind it and the empty lines that follow it.
    The article's id comes from its URL if the file names one, else from its text.

    Raises:
        UnreadableInput: no such file, a folder, over ``limit`` bytes, empty, binary, or not what its name says.
    """
    data, name = _read(path, limit), str(path)
    reader = _READERS.get(path.suffix.lower(), _from_text_file)
    return reader(data, name)


def is_article_file(path: Path) -> bool:
    """Whether the file, by its name, is one that ``load`` reads as an article; READMEs aren't meant."""
    return path.suffix.lower() in _READERS and path.stem.upper() != "README" and path.is_file()


def text_of_file(path: Path, *, limit: int = MAX_BYTES) -> str:
    """The whole text of the file, decoded, whatever its name. Raises UnreadableInput."""
    return decode(_read(path, limit), str(path))


def from_text(text: str, *, origin: str) -> Article:
    """The article that ``text`` is, unchanged; ``origin`` says in messages where it came from ('a pasted text').

    Raises:
        UnreadableInput: there isn't a letter in it.
    """
    if not any(character.isalpha() for character in text):
        raise UnreadableInput(f"{origin}: there is no text in it; give an article of a sentence or more")
    return Article(id=article_id(text), text=text)


def from_bytes(data: bytes, *, origin: str, limit: int = MAX_BYTES) -> Article:
    """The article that ``data`` are, as if they stood in a text file; ``origin`` is 'standard input', say.

    Raises:
        UnreadableInput: over ``limit`` bytes, empty, binary, in no known encoding.
    """
    return _from_text_file(_checked(data, origin, limit), origin)


def _read(path: Path, limit: int) -> bytes:
    try:
        if path.is_dir():
            raise UnreadableInput(f"{path}: this is a folder; name a file in it")
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableInput(f"{path}: this is not an ordinary file")
        with path.open("rb") as file:
            return _checked(file.read(limit + 1), str(path), limit)
    except FileNotFoundError as error:
        raise UnreadableInput(f"{path}: there is no such file; check the name") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise UnreadableInput(f"{path}: the file can't be read ({reason})") from error


def _checked(data: bytes, name: str, limit: int) -> bytes:
    if len(data) > limit:
        raise UnreadableInput(f"{name}: larger than {limit:,} bytes; give one article at a time")
    if not data.strip():
        raise UnreadableInput(f"{name}: it is empty; give an article's text")
    return data


# --- text and Markdown


class _Said(BaseModel):
    """What front matter or a JSON file says about its article."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    title: str | None = None
    outlet: str | None = Field(None, validation_alias=AliasChoices("outlet", "source_domain"))
    url: str | None = None
    dateline: str | None = None
    author: str | None = None
    published: str | None = Field(None, validation_alias=AliasChoices("published", "date_publish"))
    language: str | None = None


def _from_text_file(data: bytes, name: str) -> Article:
    text = _newlines(decode(data, name))
    said, body = _front_matter(text)
    return _article(body, said, name)


def _newlines(text: str) -> str:
    return io.IncrementalNewlineDecoder(None, translate=True).decode(text, final=True)


def _front_matter(text: str) -> tuple[_Said, str]:
    """What the front matter says, and the text behind it; without front matter, the whole text.

    Two '---' lines are front matter only if one of its keys stands between them: they may be an ornament.
    """
    head, closing, body = text.removeprefix(_FENCE + "\n").partition(f"\n{_FENCE}\n")
    if not text.startswith(_FENCE + "\n") or not closing:
        return _Said(), text
    pairs = (line.partition(":") for line in head.splitlines())
    said = {key.strip().lower(): value.strip().strip("\"'") for key, _, value in pairs if value.strip()}
    return (_Said.model_validate(said), body.lstrip("\n")) if _KEYS & said.keys() else (_Said(), text)


def _article(text: str, said: _Said, name: str) -> Article:
    bare = from_text(text, origin=name)
    url = absolute("", said.url)
    if said.url and url is None:
        raise UnreadableInput(f"{name}: its url {said.url[:80]!r} is no http or https address; correct or remove it")
    published = dates.parse(said.published)
    if said.published and published is None:
        raise UnreadableInput(
            f"{name}: its publication date {said.published[:40]!r} can't be read; write it as 2026-11-20T08:30:00Z"
        )
    return Article(
        id=article_id(url) if url else bare.id,
        text=text,
        url=canonical_url(url) if url else None,
        outlet=said.outlet,
        title=said.title,
        dateline=said.dateline,
        author=said.author,
        published=published,
        language=language_code(said.language),
    )


# --- JSON


class _JsonArticle(_Said):
    """Our own form (the fields of Article) or news-please's (https://github.com/fhamborg/news-please)."""

    text: str = Field(validation_alias=AliasChoices("text", "maintext"))
    authors: list[str] | None = None


def _from_json(data: bytes, name: str) -> Article:
    try:
        said = _JsonArticle.model_validate_json(mended_json(decode(data, name)))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UnreadableInput(f"{name}: no article in this JSON ({where or 'syntax'}: {first['msg']})") from error
    author = said.author or ", ".join(said.authors or ()) or None
    return _article(said.text, said.model_copy(update={"author": author}), name)


# --- HTML and e-mail


def _from_html(data: bytes, name: str) -> Article:
    try:
        return pages.extract(decode(data, name), None)
    except UnreadableInput as error:
        raise UnreadableInput(f"{name}: {str(error).partition(': ')[2]}") from error


def _from_email(data: bytes, name: str) -> Article:
    """A newsletter or forwarded report: its plain text, else its HTML's; the sender is the outlet."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    try:
        part = message.get_body(preferencelist=("plain", "html"))
        title, sender, date = (_header(message, field) for field in ("subject", "from", "date"))
    except (AttributeError, LookupError, TypeError, ValueError) as error:  # the email package's, for malformed fields
        raise UnreadableInput(f"{name}: the e-mail's header is malformed; save its text in a .txt file") from error
    if part is None:
        raise UnreadableInput(f"{name}: the e-mail has no text")
    outlet = next(filter(None, parseaddr(sender or "")), None)
    article = _article(_body(part, name), _Said(title=title, outlet=outlet), name)
    return replace(article, published=dates.parse(date))


def _body(part: MIMEPart, name: str) -> str:
    content = part.get_payload(decode=True)
    text = _newlines(decode(content if isinstance(content, bytes) else b"", name, declared=part.get_content_charset()))
    return text_of(text) if part.get_content_subtype() == "html" else text


def _header(message: EmailMessage, field: str) -> str | None:
    return " ".join(str(message[field] or "").split()) or None


_READERS: dict[str, Callable[[bytes, str], Article]] = {
    ".txt": _from_text_file,
    ".md": _from_text_file,
    ".markdown": _from_text_file,
    ".html": _from_html,
    ".htm": _from_html,
    ".xhtml": _from_html,
    ".eml": _from_email,
    ".json": _from_json,
}
