"""Addresses that open an article at some of its words."""

from typing import Final
from urllib.parse import quote, urldefrag

ENDS: Final = 6  # words at either end of a longer passage that are enough to find it by


def passage_link(url: str, words: str) -> str:
    """The address with a text directive for the words: https://wicg.github.io/scroll-to-text-fragment/#syntax.

    A browser that knows no such directives opens the page at its top. A fragment that the address has already stays.
    """
    split = words.split()
    ends = [words] if len(split) <= 2 * ENDS else [" ".join(split[:ENDS]), " ".join(split[-ENDS:])]
    text = ",".join(quote(" ".join(end.split()), safe="").replace("-", "%2D") for end in ends)
    bare, fragment = urldefrag(url)
    return f"{bare}#{fragment.partition(':~:')[0]}:~:text={text}"
