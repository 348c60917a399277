"""Other ways to summarise a report, measured beside ours in the same run: whole sentences, best first.

TextRank: Mihalcea and Tarau 2004, https://aclanthology.org/W04-3252/: sentences vote for those that share words with
them. LexRank: Erkan and Radev 2004, https://doi.org/10.1613/jair.1523: the same with the cosine of TF-IDF vectors, cut
at a threshold. Lede: the report's first sentence. Lead: its first words, which is hard to beat on news.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.briefing import words
from bot.reading import sentences

Weights = NDArray[np.float64]
WORDS = 60
DAMPING = 0.85  # of both papers
ROUNDS = 100
ALIKE = 0.1  # LexRank's threshold


def textrank(texts: Sequence[str]) -> Weights:
    """What each sentence is worth: votes weigh the words shared over the logarithms of both lengths."""
    bags = [Counter(words.terms(text)) for text in texts]
    votes = np.array([[_shared(one, other) for other in bags] for one in bags])
    return _stationary(votes)


def lexrank(texts: Sequence[str]) -> Weights:
    """What each sentence is worth: one vote for each other whose cosine passes the threshold."""
    bags = [Counter(words.terms(text)) for text in texts]
    reach = Counter(term for bag in bags for term in bag)
    terms = sorted(reach)
    weighed = np.array([[bag[term] * math.log(len(bags) / reach[term]) for term in terms] for bag in bags])
    lengths = np.linalg.norm(weighed, axis=1, keepdims=True)
    vectors = np.divide(weighed, lengths, out=np.zeros_like(weighed), where=lengths > 0)
    return _stationary(np.where(vectors @ vectors.T > ALIKE, 1.0, 0.0))


def _shared(one: Counter[str], other: Counter[str]) -> float:
    lengths = math.log(max(1, one.total())) + math.log(max(1, other.total()))
    return (one & other).total() / lengths if lengths else 0.0


def _stationary(votes: Weights) -> Weights:
    """Where a reader who follows the votes ends up: PageRank by power iteration, no vote for oneself."""
    votes = votes - np.diag(np.diag(votes))
    given = votes.sum(axis=1, keepdims=True)
    moves = np.divide(votes, given, out=np.full_like(votes, 1 / len(votes)), where=given > 0)
    rank = np.full(len(votes), 1 / len(votes))
    for _ in range(ROUNDS):
        rank = (1 - DAMPING) / len(votes) + DAMPING * rank @ moves
    return rank


def _ranked(worth: Callable[[Sequence[str]], Weights]) -> Callable[[str], str]:
    def summary(text: str) -> str:
        """The best sentences until ``WORDS`` are reached."""
        texts = _sentences(text)
        taken: list[str] = []
        for place in np.argsort(-worth(texts), kind="stable"):
            if sum(len(one.split()) for one in taken) < WORDS:
                taken.append(texts[int(place)])
        return " ".join(taken)

    return summary


def _lede(text: str) -> str:
    return _sentences(text)[0]


def _lead(text: str) -> str:
    return " ".join(text.split()[:WORDS])


def _sentences(text: str) -> list[str]:
    return [one.span.of(text) for one in sentences.split(text) if one.furniture is None]


SUMMARISERS: Mapping[str, Callable[[str], str]] = {
    "TextRank": _ranked(textrank),
    "LexRank": _ranked(lexrank),
    "lede": _lede,
    "lead": _lead,
}
