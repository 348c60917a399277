import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.killed import accepted, channels, parts

ROOT = Path(__file__).parents[2]
CHANNELS = 5
POINTS = random.Random(7).sample(range(2, 130), 20)  # noqa: S311 (the same points each time, nothing secret)


def run(folder: Path, step: int, count: int = CHANNELS, turn: int = 0) -> int:
    command = [sys.executable, "-m", "tests.killed", *map(str, (folder, step, count, turn))]
    return subprocess.run(command, cwd=ROOT, timeout=300, check=False).returncode


def check(folder: Path, count: int, turns: int) -> int:
    """How many posts there are; fails unless every channel has every part once, in order, and in its thread."""
    posts = accepted(folder / "posts")
    for channel in channels(count):
        wanted = [part for turn in range(turns) for part in parts(channel, turn)]
        assert [post[1:] for post in posts if post[0] == channel.key] == [[p.key, p.key, p.root] for p in wanted]
    return len(posts)


@pytest.mark.parametrize("points", [POINTS[group::5] for group in range(5)], ids=str)
def test_killed_and_started_again_every_part_is_posted_once_in_order(
    blank: Path, tmp_path: Path, points: list[int]
) -> None:
    shutil.copy(blank, tmp_path / "store.db")
    assert [run(tmp_path, step) for step in points] == [-9] * len(points), "each kill comes while there is work"
    assert run(tmp_path, 0) == 0
    check(tmp_path, CHANNELS, 1)
