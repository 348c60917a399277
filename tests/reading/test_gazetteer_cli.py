"""``dateline gazetteer`` with dumps, run as a process in a cache folder of its own."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
LINE = "{0}\t{1}\t{1}\t\t49.7\t37.62\tP\tPPL\tUA\t\t07\t6305\t\t\t300\t\t100\tEurope/Kyiv\t2024-01-01\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("DATELINE_")}
    return clean | {"DATELINE_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str]) -> Run:
    def dateline(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "bot", "gazetteer", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=60)

    return dateline


def test_what_cannot_be_taken_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "UA.txt").write_text(LINE.format(1, "Qwarnivka") + "2,Zelvatka\n", encoding="utf-8")
    ended = run("import", "UA.txt")
    assert ended.returncode == 1
    assert "UA.txt, line 2" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_import_that_is_broken_off_leaves_nothing(run: Run, tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "UA.txt").write_text(LINE.format(1, "Qwarnivka") * 300_000, encoding="utf-8")  # some seconds of reading
    kept = tmp_path / "cache" / "geonames"
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "gazetteer", "import", "UA.txt"],
        env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
    )  # fmt: skip
    while process.poll() is None and not list(kept.glob("*")):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.02)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Traceback" not in told
    assert not list(kept.glob("*"))
    assert "nothing has been imported" in run("list").stdout
