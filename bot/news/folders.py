"""Watched folders: which of their files have come, changed or gone since they were last read."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import DatelineError, UnreadableInput
from bot.news.files import MAX_BYTES, is_article_file, load
from bot.news.identity import article_id
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
    unless it names another address or another file holds what it held; if it can't be read any more, the article stays
    as it was. Hidden files and READMEs are no articles; neither are files of other kinds than ``files.load`` names.

    Raises:
        UnreadableInput: there is no such folder.
    """
    if not folder.is_dir():
        raise UnreadableInput(f"{folder}: there is no such folder; make it, or name another")
    stamps = dict(_stamps(folder))
    same = {one.article: path for path, one in known.items() if one.article and stamps.get(path) == one.stamp}
    names = _Names(folder, same, limit)
    articles, seen, failures = [], [], []
    for path, stamp in stamps.items():
        before = known.get(path)
        if before and before.stamp == stamp:
            continue
        try:
            article = names.named(_loaded(folder, path, limit), path, before)
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
        yield _written(inside), f"{state.st_mtime_ns}:{state.st_size}"


def _written(path: Path) -> str:
    """The path as text that can be kept and shown: file names are bytes, which needn't be UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _loaded(folder: Path, path: str, limit: int) -> Article:
    if not (folder / path).exists():
        raise UnreadableInput(f"{folder / path}: its name is no UTF-8, or it has just gone; rename it")
    return load(folder / path, limit=limit)


class _Names:
    """Sees to it that files of one folder with different texts are different articles."""

    def __init__(self, folder: Path, unchanged: Mapping[str, str], limit: int) -> None:
        self._folder = folder
        self._unchanged = unchanged  # files that need not be read, by the article
        self._limit = limit
        self._texts: dict[str, str | None] = {}  # by article; None: it can't be read any more

    def named(self, article: Article, path: str, before: Seen | None) -> Article:
        """The article under its id: the one that the file's article had, for without an address ids are of texts."""
        if article.url is not None:
            return article
        last = article_id(f"{path}\n{article.text}")
        wished = [before.article] if before and before.article else []
        ident = next((one for one in [*wished, article.id] if self._text(one, article.text) == article.text), last)
        self._texts[ident] = article.text
        return replace(article, id=ident)

    def _text(self, ident: str, default: str) -> str | None:
        """The text that another file has under the id, else ``default``."""
        if ident not in self._texts and ident in self._unchanged:
            try:
                self._texts[ident] = load(self._folder / self._unchanged[ident], limit=self._limit).text
            except UnreadableInput:
                self._texts[ident] = None
        return self._texts.get(ident, default)
