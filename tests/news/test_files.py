"""Files of every kind as articles, and every kind of file that is none."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UnreadableInput
from bot.news import files
from bot.news.identity import article_id

TEXT = "Trams stopped at noon.\n\nThe operator gave no reason.\n"


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_text_file_is_taken_as_it_stands(tmp_path: Path) -> None:
    odd = "\n  Trams\tstopped — at noon. \n---\nRead Next: x\n"
    article = files.load(write(tmp_path, "a.txt", odd))
    assert (article.text, article.id, article.title, article.url) == (odd, article_id(odd), None, None)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_are_those_that_python_reads(tmp_path: Path, newline: str) -> None:
    path = write(tmp_path, "a.txt", TEXT.replace("\n", newline))
    assert files.load(path).text == path.read_text() == TEXT


@pytest.mark.parametrize(("encoding", "text"), [
    ("utf-8-sig", "Łódź trams stopped."),
    ("utf-16", "Łódź trams stopped."),
    ("cp1252", "“We’re out of café chairs,” the café’s owner said — and the mayor agreed, naïve as it was."),
    ("cp1251", "Мэр города сообщил в понедельник, что мост через реку закрыт до конца недели из-за ремонта."),
])  # fmt: skip
def test_encodings_are_told_apart(tmp_path: Path, encoding: str, text: str) -> None:
    assert files.load(write(tmp_path, "a.txt", text.encode(encoding))).text == text


def test_front_matter(tmp_path: Path) -> None:
    article = files.load(
        write(
            tmp_path,
            "a.md",
            '---\ntitle: "Trams: the stop"\noutlet: City Post\nurl: https://post.example/trams?utm_source=x\n'
            "author: Jo Lund\npublished: 2026-11-20T08:30:00+02:00\nlanguage: en-GB\nmood: bad\n---\n\n" + TEXT,
        )
    )
    assert (article.title, article.outlet, article.author) == ("Trams: the stop", "City Post", "Jo Lund")
    assert (article.url, article.language) == ("https://post.example/trams", "en")
    assert article.published == datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
    assert (article.text, article.id) == (TEXT, article_id("https://post.example/trams"))


@pytest.mark.parametrize("text", [f"---\nA poem\n---\n{TEXT}", f"---\ntitle: x\n{TEXT}", f"{TEXT}---\ntitle: x\n---\n"])
def test_lines_of_dashes_are_not_always_front_matter(tmp_path: Path, text: str) -> None:
    assert files.load(write(tmp_path, "a.txt", text)).text == text


def test_json_of_our_own_and_of_news_please(tmp_path: Path) -> None:
    ours = {"id": "x", "title": "Trams", "text": TEXT, "published": "2026-11-20T08:30:00Z", "url": None}
    theirs = {"maintext": TEXT, "source_domain": "post.example", "authors": ["Jo Lund", "An Li"], "title": "Trams",
              "date_publish": "2026-11-20 08:30:00", "url": "https://post.example/trams", "filename": "x"}  # fmt: skip
    one, two = (files.load(write(tmp_path, "a.json", json.dumps(form))) for form in (ours, theirs))
    assert one.text == two.text == TEXT
    assert one.published == two.published == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert (one.id, two.id) == (article_id(TEXT), article_id("https://post.example/trams"))
    assert (two.outlet, two.author) == ("post.example", "Jo Lund, An Li")


def test_an_email(data: Path) -> None:
    article = files.load(data / "newsletter.eml")
    assert article.text.startswith('A pair of storks has nested on the café\'s roof.\n\n"They came back,"')
    assert (article.title, article.outlet) == ("Stork: the first “nest”", "The Marsh Letter")
    assert article.published == datetime(2026, 11, 19, 6, 0, tzinfo=UTC)


def test_a_saved_page_knows_its_address(data: Path) -> None:
    assert files.load(data / "page.html").url == "https://www.advertiser.example/news/flood-cuts-off-villages"


@pytest.mark.parametrize(("name", "content", "why"), [
    ("a.txt", b"", "is empty"),
    ("a.txt", b" \n\t\n", "is empty"),
    ("a.txt", b"12 / 34 --- ...", "no text in it"),
    ("a.txt", b"\x7fELF\x02\x01\x01\x00\x00", "binary"),
    ("a.txt", b"x" * 5_000_001, "larger than 5,000,000 bytes"),
    ("a.html", b"<html></html>", "empty|no article"),
    ("a.json", b"[1, 2", "no article in this JSON"),
    ("a.json", b'{"title": "x"}', "no article in this JSON"),
    ("a.eml", b"Subject: x\nContent-Type: image/png\n\nx", "no text"),
    ("a.md", b"---\nurl: javascript:x\n---\nWords.", "no http or https address"),
    ("a.md", b"---\npublished: soon\n---\nWords.", "write it as 2026-11-20T08:30:00Z"),
])  # fmt: skip
def test_what_is_no_article_is_named_with_the_reason(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    path = write(tmp_path, name, content)
    with pytest.raises(UnreadableInput, match=why) as caught:
        files.load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_folders_pipes_and_missing_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for name, why in {
        "": "a folder",
        "pipe.txt": "not an ordinary file",
        "none.txt": "no such file",
        "\0": "read",
    }.items():
        with pytest.raises(UnreadableInput, match=why):
            files.load(tmp_path / name)


def test_pasted_text_has_the_id_of_the_same_text_in_a_file(tmp_path: Path) -> None:
    article = files.load(write(tmp_path, "a.txt", TEXT))
    assert files.from_text(TEXT, origin="a message") == article
    assert files.from_bytes(TEXT.encode("utf-16"), origin="standard input") == article
    with pytest.raises(UnreadableInput, match=r"^standard input: "):
        files.from_bytes(b" \n", origin="standard input")
    with pytest.raises(UnreadableInput, match=r"^a message: there is no text"):
        files.from_text(" \n", origin="a message")


@given(content=st.binary(max_size=400), suffix=st.sampled_from([".txt", ".md", ".html", ".eml", ".json"]))
def test_any_bytes_give_an_article_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    path = write(tmp_path_factory.getbasetemp(), f"any{suffix}", content)
    try:
        said = f"{path}: {files.load(path).text}"
    except UnreadableInput as error:
        said = str(error)
    assert said.startswith(f"{path}: ")
    assert len(said) > len(f"{path}: ")
