"""Which articles are worth comparing: those that share rare terms, found without going through all of them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

SHARED: Final = 0.05  # summed products of the weights of shared keys from which on two articles are compared
MOST: Final = 100  # articles that one is compared with: the likest


class Index:
    """An inverted index over the articles' keys; ``bot/store/stories.py`` asks the same of its tables."""

    def __init__(self) -> None:
        self._articles: dict[str, list[tuple[int, float]]] = defaultdict(list)

    def add(self, number: int, keys: Mapping[str, float]) -> None:
        """Has the article of that number found by its keys from now on."""
        for term, weight in keys.items():
            self._articles[term].append((number, weight))

    def similar(self, keys: Mapping[str, float]) -> list[int]:
        """The articles that share enough of the keys, at most ``MOST``, likest first."""
        shared: dict[int, float] = defaultdict(float)
        for term, weight in keys.items():
            for number, other in self._articles.get(term, ()):
                shared[number] += weight * other
        enough = [number for number, value in shared.items() if value >= SHARED]
        return sorted(enough, key=lambda number: (-shared[number], number))[:MOST]
