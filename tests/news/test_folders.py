"""Folders are watched: what came, changed or went."""

import os
from pathlib import Path

import pytest

from bot.errors import UnreadableInput
from bot.news.folders import Changes, Seen, changes


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def remembered(*rounds: Changes) -> dict[str, Seen]:
    """What the store remembers after the rounds."""
    known: dict[str, Seen] = {}
    for one in rounds:
        known = {path: seen for path, seen in known.items() if path not in one.gone}
        known |= {seen.path: seen for seen in one.seen}
    return known


def test_a_folder_gives_its_articles_and_its_failures(tmp_path: Path) -> None:
    for name in ("b.txt", "sub/a.md", "README.md", ".hidden.txt", ".git/x.txt", "picture.png"):
        write(tmp_path, name, f"Words of {name}.")
    empty = write(tmp_path, "c.txt", "")
    found = changes(tmp_path, {})
    assert [article.text for article in found.articles] == ["Words of b.txt.", "Words of sub/a.md."]
    assert [(path, str(error)) for path, error in found.failures] == [
        (empty, f"{empty}: it is empty; give an article's text")
    ]
    with pytest.raises(UnreadableInput, match="no such folder"):
        changes(tmp_path / "none", {})


def test_what_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", "Words.")
    write(tmp_path, "bad.txt", "")
    first = changes(tmp_path, {})
    path.chmod(0)  # it could not be read
    assert changes(tmp_path, remembered(first)) == Changes()


def test_a_changed_file_changes_its_article(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", "Ten were hurt.")
    first = changes(tmp_path, {})
    write(tmp_path, "a.txt", "Two were hurt.")
    os.utime(path, ns=(1, 1))  # whatever the clock's resolution
    second = changes(tmp_path, remembered(first))
    assert [article.text for article in second.articles] == ["Two were hurt."]
    assert second.articles[0].id == first.articles[0].id
    write(tmp_path, "a.txt", "")
    third = changes(tmp_path, remembered(first, second))
    assert (third.articles, third.gone) == ((), ())
    assert third.seen[0].article == first.articles[0].id  # it stays as it was


def test_a_deleted_file_is_gone(tmp_path: Path) -> None:
    path = write(tmp_path, "sub/a.txt", "Words.")
    first = changes(tmp_path, {})
    path.unlink()
    assert changes(tmp_path, remembered(first)).gone == ("sub/a.txt",)


def test_files_with_different_texts_are_different_articles(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "First words.")
    first = changes(tmp_path, {})
    write(tmp_path, "b.txt", "First words.")  # a copy is kept, and the original goes on
    write(tmp_path, "a.txt", "Second words, more of them.")
    second = changes(tmp_path, remembered(first))
    assert len({article.id for article in second.articles}) == 2
    write(tmp_path, "c.txt", "First words.")
    third = changes(tmp_path, remembered(first, second))
    held = {article.id: article.text for article in second.articles}
    assert all(held.get(article.id, "First words.") == "First words." for article in third.articles)


def test_one_of_two_files_that_held_the_same_leaves_the_other_its_article(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        write(tmp_path, name, "The same words.")
    first = changes(tmp_path, {})
    write(tmp_path, "a.txt", "Other words than before.")
    (other,) = changes(tmp_path, remembered(first)).articles
    assert other.id != first.articles[0].id == first.articles[1].id


def test_a_name_that_is_no_text_stops_no_other_file(tmp_path: Path) -> None:
    write(tmp_path, "good.txt", "Words.")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))).write_text("Words of the coffee house.")
    found = changes(tmp_path, {})
    assert [article.text for article in found.articles] == ["Words."]
    ((path, error),) = found.failures
    assert f"{path}\n{error}".encode()  # it can be logged and kept
    assert changes(tmp_path, remembered(found)) == Changes()
