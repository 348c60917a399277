"""The command line, run as a process."""

import asyncio
import json
import os
import pty
import signal
import sqlite3
import subprocess
import sys
import termios
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app import alone
from bot.store.upgrade import upgrade

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environment(tmp_path: Path, index_folder: Path) -> dict[str, str]:
    """Variables that give ``dateline`` a store of its own."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("DATELINE_")}
    return clean | {
        "DATELINE_STORE": str(tmp_path / "store.sqlite3"),
        "DATELINE_CACHE": str(index_folder),
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
    }


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str]) -> Run:
    """Runs ``dateline`` far from any configuration file but the test's own."""

    def dateline(*arguments: str, given: bytes | None = None) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "bot", *arguments]
        ended = subprocess.run(
            command, input=given or b"", capture_output=True, env=environment, cwd=tmp_path, timeout=300
        )
        return subprocess.CompletedProcess(command, ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return dateline


def test_a_file_becomes_a_briefing_whose_offsets_hold(run: Run) -> None:
    seed = SEEDS / "kupiansk-crossing.txt"
    ended = run("brief", str(seed), "--format", "json", "--length", "short")
    assert ended.returncode == 0, ended.stderr
    briefing = json.loads(ended.stdout)
    assert 1 <= len(briefing["points"]) <= 3
    ident = briefing["articles"][0]["id"]
    shown = json.loads(run("show", ident, "--format", "json").stdout)
    assert shown["text"] == seed.read_text(encoding="utf-8")
    for point in briefing["points"]:
        for evidence in point["evidence"]:
            words = shown["text"][evidence["start"] : evidence["end"]]
            assert set(point["text"].lower().split()) & set(words.lower().split())


def test_what_was_briefed_can_be_asked_about(run: Run) -> None:
    assert run("brief", str(SEEDS / "red-sea-tanker.json"), str(SEEDS / "aegean-quake.txt")).returncode == 0
    place = run("where", "Izmir")
    assert place.returncode == 0, place.stderr
    assert "Izmir" in place.stdout
    said = run("said", "AFAD")
    assert said.returncode == 0, said.stderr
    nobody = run("said", "Nobody Atall")
    assert nobody.returncode == 1
    assert nobody.stderr.startswith("dateline: Nobody called 'Nobody Atall'")


def test_standard_input_and_markdown(run: Run) -> None:
    ended = run("brief", "-", "--format", "markdown", given=(SEEDS / "sindh-cyclone.txt").read_bytes())
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("## ")
    assert "**Places**" in ended.stdout


def _bad_inputs(folder: Path) -> dict[str, tuple[str, str]]:
    """What is given, and what must be said about it."""
    files = {
        "empty.txt": b"",
        "binary.txt": bytes(range(256)) * 40,
        "long.txt": b"The mayor said on Monday that the bridge over the river was closed. " * 4_000,
        "huge.txt": b"A sentence of an article. " * 2_000_000,
        "no-sentence.txt": b"Menu\nHome\nSport\n",
        "finnish.txt": (
            "Hallitus kertoi perjantaina, että uusi silta avataan liikenteelle ensi viikolla. Kaupunginjohtaja "
            "Matti Virtanen sanoi, että työt ovat sujuneet hyvin ja että kustannukset ovat pysyneet arviossa."
        ).encode(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return {
        "empty": (str(folder / "empty.txt"), "it is empty"),
        "binary": (str(folder / "binary.txt"), "binary file"),
        "huge": (str(folder / "huge.txt"), "larger than 5,000,000 bytes"),
        "long": (str(folder / "long.txt"), "over 250,000 characters"),
        "no sentence": (str(folder / "no-sentence.txt"), "no sentence"),
        "language": (str(folder / "finnish.txt"), "in Finnish, which can't be read yet"),
        "folder": (str(folder), "this is a folder"),
        "missing": (str(folder / "missing.txt"), "there is no such file"),
        "unreachable": ("http://127.0.0.1:9/article", "not a public address"),
        "scheme": ("ftp://example.org/article", "there is no such file"),
    }


@pytest.mark.parametrize(
    "case", ["empty", "binary", "huge", "long", "no sentence", "language", "folder", "missing", "unreachable", "scheme"]
)
def test_bad_input_is_one_line_and_leaves_the_store_as_it_was(run: Run, tmp_path: Path, case: str) -> None:
    store = tmp_path / "store.sqlite3"
    upgrade(store)
    before = store.read_bytes()
    given, complaint = _bad_inputs(tmp_path)[case]
    ended = run("brief", given)
    assert ended.returncode == 1
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert line.startswith("dateline: ")
    assert complaint in line
    assert "Traceback" not in ended.stderr
    assert store.read_bytes() == before


def test_bad_input_does_not_stop_the_good_beside_it(run: Run, tmp_path: Path) -> None:
    ended = run("brief", str(tmp_path / "missing.txt"), str(SEEDS / "aegean-quake.txt"), "--format", "json")
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["points"]
    (line,) = ended.stderr.splitlines()
    assert "missing.txt: there is no such file" in line


def test_a_broken_configuration_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('zone = "Mars/Olympus"\nstor = 1\n')
    ended = run("where", "Lyman")
    assert ended.returncode == 1
    assert [line.split(": ")[2] for line in ended.stderr.splitlines()] == ["zone", "stor"]


def test_a_store_of_a_newer_version_stays_as_it_was(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite3"
    upgrade(store)
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = store.read_bytes()
    ended = run("where", "Lyman")
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert "newer" in line
    assert store.read_bytes() == before


def test_a_file_that_is_no_store_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "store.sqlite3").write_text("not a database, " * 500)
    ended = run("where", "Lyman")
    assert ended.returncode == 1
    assert "store.sqlite3" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_index_explains_a_name(run: Run) -> None:
    ended = run("gazetteer", "find", "Kupyansk")
    assert ended.returncode == 0, ended.stderr
    assert "Kupiansk" in ended.stdout or "Kupyansk" in ended.stdout


def test_the_demo_posts_a_digest_and_ends_without_a_terminal(run: Run) -> None:
    ended = run("demo")
    assert ended.returncode == 0, ended.stderr
    assert "Digest of the sample articles" in ended.stdout
    assert ".png" in ended.stdout
    assert "Traceback" not in ended.stderr


async def test_the_service_reads_a_folder_and_stops_when_told(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text(f'folders = ["{SEEDS}"]\n[reading]\nworkers = 1\n[log]\nform = "json"\n')
    service = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", stdin=DEVNULL, stderr=PIPE, env=environment, cwd=tmp_path
    )
    try:
        async with asyncio.timeout(120):
            assert await _logs(service, "taken in")
            service.send_signal(signal.SIGTERM)
            await service.communicate()
    finally:
        if service.returncode is None:
            service.kill()
    assert service.returncode == 0
    assert run("where", "Lyman").returncode == 0


async def _logs(service: asyncio.subprocess.Process, event: str) -> bool:
    """Whether the service logs the event; reads on until it does, or ends."""
    assert service.stderr is not None
    async for line in service.stderr:
        if line.startswith(b"{") and json.loads(line)["event"] == event:
            return True
    return False


def test_a_reader_that_has_gone_ends_the_command_quietly(tmp_path: Path, environment: dict[str, str]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    command = [sys.executable, "-m", "bot", "brief", str(SEEDS / "ports-strike.txt")]
    ended = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, env=environment, cwd=tmp_path, timeout=300)
    os.close(theirs)
    assert (ended.returncode, ended.stderr) == (1, b"")


def test_a_shown_article_keeps_every_character(run: Run, tmp_path: Path) -> None:
    text = "The bridge \x1b[2Jat Quito is closed, the mayor said.\n"
    (tmp_path / "escape.txt").write_text(text, encoding="utf-8")
    assert run("show", "escape.txt").stdout == text


def test_a_closed_standard_input_is_named(tmp_path: Path, environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "brief", "-"],
        preexec_fn=lambda: os.close(0),  # as '<&-' does in a shell
        capture_output=True,
        env=environment,
        cwd=tmp_path,
        timeout=300,
    )
    assert ended.returncode == 1
    assert ended.stderr.decode() == "dateline: standard input: it is closed; give it an article's text\n"


async def test_the_service_stops_at_once_though_its_prompt_waits(tmp_path: Path, environment: dict[str, str]) -> None:
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    service = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", stdin=theirs, stdout=theirs, stderr=PIPE, env=environment, cwd=tmp_path
    )
    try:
        async with asyncio.timeout(120):
            await _shown(ours, b"dateline>")
            service.send_signal(signal.SIGTERM)
            assert await service.wait() == 0
    finally:
        if service.returncode is None:
            service.kill()
    assert termios.tcgetattr(theirs) == before
    os.close(ours)
    os.close(theirs)


async def _shown(terminal: int, words: bytes) -> None:
    """Returns once the terminal has shown the words; waiting for them can be given up."""
    loop, screen, there = asyncio.get_running_loop(), bytearray(), asyncio.Event()

    def read() -> None:
        screen.extend(os.read(terminal, 4096))
        if words in screen:
            there.set()

    loop.add_reader(terminal, read)
    try:
        await there.wait()
    finally:
        loop.remove_reader(terminal)


def test_a_second_service_on_a_store_is_refused(run: Run, tmp_path: Path) -> None:
    with alone(tmp_path / "store.sqlite3"):
        ended = run("run")
    assert ended.returncode == 1
    (line,) = [line for line in ended.stderr.splitlines() if line.startswith("dateline: ")]
    assert "another `dateline run` is at work on it" in line


def test_the_store_is_copied_taken_out_and_put_back(run: Run, tmp_path: Path) -> None:
    seed = SEEDS / "ports-strike.txt"
    assert run("brief", str(seed)).returncode == 0
    copied = run("backup", "saved.db")
    assert copied.returncode == 0, copied.stderr
    ended = run("export", "-")
    (line,) = ended.stdout.splitlines()
    exported = json.loads(line)
    assert exported["article"]["text"] == seed.read_text(encoding="utf-8")
    start, end = exported["reading"]["sentences"][0]["span"]
    assert exported["article"]["text"][start:end].strip()
    (tmp_path / "store.sqlite3").unlink()
    with alone(tmp_path / "store.sqlite3"):
        refused = run("restore", "saved.db")
    assert refused.returncode == 1
    assert "another `dateline run` is at work on it" in refused.stderr
    assert run("restore", "saved.db").returncode == 0
    assert run("export", "-").stdout == ended.stdout
