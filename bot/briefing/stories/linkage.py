"""Likenesses of pairs joined into groups: average linkage that keeps look-alikes apart."""

import heapq
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

ALIKE: Final = 0.2  # mean likeness of two groups from which on they are one story
BRIDGE: Final = 0.5  # likeness by which an article that isn't asked for can join two that are
CONTRAST: Final = 0.55  # share of the looser group's own mean likeness that the mean between the two must reach
SETTLED: Final = 3  # members from which on a group has a likeness of its own to speak of

Pair = tuple[int, int]


def joined(size: int, likeness: Mapping[Pair, float]) -> list[list[int]]:
    """The numbers below ``size`` in groups, each in ascending order, groups by their first.

    Pairs that aren't given have a likeness of 0. The likest two groups are joined first, while their mean likeness
    reaches ``ALIKE``; but two groups that both hold together much better than they do with each other are two events
    of one kind: reports of two earthquakes share their vocabulary, not their villages. What comes out depends on the
    likenesses alone, not on the order in which articles came.
    """
    work = _Joining(size)
    for (one, other), value in sorted(likeness.items()):
        work.tie(one, other, value)
    work.run()
    return sorted(sorted(members) for members in work.groups.values())


class _Joining:
    """Groups with the sums of the likenesses within and between them, and a queue of the likest two."""

    def __init__(self, size: int) -> None:
        self.groups = {one: [one] for one in range(size)}
        self._within: dict[int, float] = dict.fromkeys(range(size), 0.0)
        self._between: dict[int, dict[int, float]] = defaultdict(dict)
        self._queue: list[tuple[float, int, int]] = []

    def tie(self, one: int, other: int, value: float) -> None:
        self._between[one][other] = self._between[other][one] = value
        self._offer(one, other)

    def run(self) -> None:
        while self._queue:
            value, one, other = heapq.heappop(self._queue)
            if self._current(one, other) == -value and self._belong(one, other, -value):
                self._join(one, other)

    def _current(self, one: int, other: int) -> float | None:
        """The mean likeness of two groups; None when one of them is part of another by now."""
        if one not in self.groups or other not in self.groups:
            return None
        return self._between[one][other] / (len(self.groups[one]) * len(self.groups[other]))

    def _belong(self, one: int, other: int, value: float) -> bool:
        if min(len(self.groups[one]), len(self.groups[other])) < SETTLED:
            return True
        return value >= CONTRAST * min(self._cohesion(one), self._cohesion(other))

    def _cohesion(self, one: int) -> float:
        size = len(self.groups[one])
        return self._within[one] / (size * (size - 1) / 2)

    def _join(self, one: int, other: int) -> None:
        """Makes the two one, under the first's number; what was offered of them before is out of date."""
        gone = self._between.pop(other)
        mine = self._between[one]
        self._within[one] += self._within.pop(other) + gone.pop(one)
        del mine[other]
        self.groups[one] += self.groups.pop(other)
        for third, value in gone.items():
            del self._between[third][other]
            mine[third] = self._between[third][one] = mine.get(third, 0.0) + value
        for third in mine:
            self._offer(one, third)

    def _offer(self, one: int, other: int) -> None:
        value = self._current(one, other)
        if value is not None and value >= ALIKE:
            heapq.heappush(self._queue, (-value, min(one, other), max(one, other)))
