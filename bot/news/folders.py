"""Watched folders: which of their files have come, changed or gone since they were last read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import DatelineError, UnreadableInput
from bot.news.files import MAX_BYTES, is_article_file, load
from bot.types import Article


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was when it was last read."""

    path: str  # from the folder
    stamp: str  # time of change and size
    article: str | None  # the id of its article; None: it could not be read


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed in a folder."""

    articles: tuple[Article, ...] = ()  # of the files that have come or changed, in the order of their paths
    seen: tuple[Seen, ...] = ()  # those files, and what could not be read
    gone: tuple[str, ...] = ()  # paths, from the folder
    failures: tuple[tuple[Path, DatelineError], ...] = ()


def changes(folder: Path, known: Mapping[str, Seen], *, limit: int = MAX_BYTES) -> Changes:
    """What has changed in the folder, and all below it, since its files were as in ``known`` (by path from the folder).

    A file is read when its time of change or its size is another one. What it holds then is the same article as before,
    unless it names another address; if it can't be read any more, the article stays as it was. Hidden files and READMEs
    are no articles; neither are files of other kinds than ``files.load`` names.

    Raises:
        UnreadableInput: there is no such folder.
    """
    if not folder.is_dir():
        raise UnreadableInput(f"{folder}: there is no such folder; make it, or name another")
    stamps = dict(_stamps(folder))
    articles, seen, failures = [], [], []
    for path, stamp in stamps.items():
        before = known.get(path)
        if before and before.stamp == stamp:
            continue
        try:
            article = _kept(load(folder / path, limit=limit), before)
        except UnreadableInput as error:
            failures.append((folder / path, error))
            seen.append(Seen(path, stamp, before.article if before else None))
        else:
            articles.append(article)
            seen.append(Seen(path, stamp, article.id))
    gone = tuple(path for path in known if path not in stamps)
    return Changes(tuple(articles), tuple(seen), gone, tuple(failures))


def _stamps(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if any(part.startswith(".") for part in inside.parts) or not is_article_file(path):
            continue
        try:
            state = path.stat()
        except OSError:
            continue  # gone since it was listed
        yield str(inside), f"{state.st_mtime_ns}:{state.st_size}"


def _kept(article: Article, before: Seen | None) -> Article:
    """The article under the id that the file's article has: without an address an id is of the text, which changed."""
    return replace(article, id=before.article) if before and before.article and article.url is None else article
