import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.killed import CHANNELS, PARTS, accepted

ROOT = Path(__file__).parents[2]
POINTS = random.Random(7).sample(range(2, 130), 20)  # noqa: S311 (the same points each time, nothing secret)


def run(folder: Path, step: int) -> int:
    command = [sys.executable, "-m", "tests.killed", str(folder), str(step)]
    return subprocess.run(command, cwd=ROOT, timeout=120, check=False).returncode


@pytest.mark.parametrize("points", [POINTS[group::5] for group in range(5)], ids=str)
def test_killed_and_started_again_every_part_is_posted_once_in_order(
    blank: Path, tmp_path: Path, points: list[int]
) -> None:
    shutil.copy(blank, tmp_path / "store.db")
    assert [run(tmp_path, step) for step in points] == [-9] * len(points), "each kill comes while there is work"
    assert run(tmp_path, 0) == 0
    posts = accepted(tmp_path / "posts")
    for channel in CHANNELS:
        posted = [key for where, key, _ in posts if where == channel.key]
        assert posted == [f"{channel.id}/{part}" for part in range(PARTS)]
