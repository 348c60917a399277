"""The dictionary forms that an inflected word may have, by tables of endings. The caller knows which are names."""

from collections.abc import Iterator, Sequence
from itertools import islice, product

Endings = Sequence[tuple[str, str]]

SHORTEST_STEM = 2  # letters that must be left of a word
MOST_PER_WORD = 6
MOST = 36  # forms of a name of several words


def forms(name: str, endings: Endings) -> Iterator[str]:
    """Forms of a name, as it stands first; each word may have another ending."""
    words = name.split()
    each = [list(islice(word_forms(word, endings), MOST_PER_WORD * (2 if len(words) == 1 else 1))) for word in words]
    return (" ".join(words) for words in islice(product(*each), MOST))


def word_forms(word: str, endings: Endings) -> Iterator[str]:
    """The word, then its dictionary forms, the longest ending first; of 'A-b-C' the first or the last part bends."""
    yield word
    fitting = [(e, p) for e, p in endings if word.endswith(e) and len(word) - len(e) >= SHORTEST_STEM and e]
    for ending, plain in sorted(fitting, key=lambda pair: -len(pair[0])):
        stem = word[: len(word) - len(ending)]
        if stem + plain != word:
            yield stem + plain
    head, dash, tail = word.partition("-")
    if dash and head and tail:
        yield from (f"{one}-{tail}" for one in islice(word_forms(head, endings), 1, MOST_PER_WORD))
