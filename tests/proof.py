"""Proof that posts arrive once: 200 kills at random steps while digests go to 50 channels of a bad platform.

Run as ``python -m tests.proof [KILLS]``, or ``make proof``; it takes minutes. ``tests/store/test_kill.py`` is its short
form.
"""

import random
import sys
import tempfile
from pathlib import Path

from bot.store.upgrade import upgrade
from tests.store.test_kill import check, run

KILLS = 200
CHANNELS = 50
LATEST = 1_200  # the last step at which it is killed: a start takes some 400 to find what it had intended


def main() -> None:
    """Kills and starts again until it was killed often enough, in as many rounds as that takes; counts the posts."""
    chance = random.Random()  # noqa: S311 (other points each time, nothing secret)
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    kills = turn = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        upgrade(folder / "store.db")
        while kills < wanted:
            ended = run(folder, chance.randrange(2, LATEST), CHANNELS, turn)
            kills += ended == -9
            turn += ended == 0  # all of the round was posted before the step came
            sys.stdout.write(f"\r{kills} kills, round {turn + 1} ")
            sys.stdout.flush()
        for step in (0, 0):
            assert run(folder, step, CHANNELS, turn) == 0
        posts = check(folder, CHANNELS, turn + 1)
    print(f"\n{kills} kills, {CHANNELS} channels, {posts} posts: each once, in order, in its thread")  # noqa: T201 (a measurement talks to its terminal)


if __name__ == "__main__":
    main()
