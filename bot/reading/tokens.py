"""From an article's text to what the reader's encoder takes: word pieces, the features given beside them, and windows.

Training and run time both come through here, so that they cannot differ.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.reading import lexicon

DATA = Path(__file__).parent / "data"
CLS, SEP = 101, 102  # BERT's marks for the start and the end of a window
WIDTH = 256  # word pieces in a window, its two marks included: what the base was trained on
ROOM = WIDTH - 2
FEATURES = 11  # columns of ``Encoded.given``
OPENS_LINE = 10  # the last of them
LONGEST_NAME = 4  # words of a place name that the name table is asked for
WORD = re.compile(r"[^\W_]+")

Array = NDArray[Any]

# One character for one character: offsets into the normalised text are offsets into the article's.
_SAME = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″〝〞＂", '"'),
        **dict.fromkeys("‘’‚‛′´`ʼ＇‹›", "'"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000\t\u200b\u00ad\ufeff", " "),
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd"),  # half a character: no tokeniser takes it
        **dict.fromkeys("\r\u2028\u2029\x0b\x0c\x85", "\n"),
    }
)


def normalised(text: str) -> str:
    """The text with one quotation mark, one apostrophe, one space, one hyphen; as long as it was."""
    return text.translate(_SAME)


def name_key(name: str) -> str:
    """A place name as the name table knows it: words in lower case without diacritics, single spaces between."""
    return " ".join(WORD.findall(lexicon.plain(name.lower())))


class NameTable:
    """A set of place names as a bit per hash: small, quick, and wrong on some twentieth of the words not in it."""

    def __init__(self, bits: bytes) -> None:
        self._bits = bits
        self._mask = len(bits) * 8 - 1

    def __contains__(self, key: str) -> bool:
        place = zlib.crc32(key.encode()) & self._mask
        return bool(self._bits[place >> 3] >> (place & 7) & 1)

    @classmethod
    def of(cls, keys: set[str], size: int) -> "NameTable":
        """A table of ``size`` bytes (a power of two) that holds the keys."""
        bits = bytearray(size)
        for key in keys:
            place = zlib.crc32(key.encode()) & (size * 8 - 1)
            bits[place >> 3] |= 1 << (place & 7)
        return cls(bytes(bits))

    def to_bytes(self) -> bytes:
        """What ``NameTable`` is made from again."""
        return self._bits


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text's word pieces. Rows of all arrays go together, one to a piece."""

    ids: Array  # int64
    starts: Array  # characters into the text
    ends: Array
    given: Array  # float32, rows of FEATURES
    tails: Array  # bool: continues the word of the piece before
    breaks: Array  # pieces that open a line or a sentence: where a window may begin

    def __len__(self) -> int:
        return len(self.ids)


class Encoder:
    """Splits texts into word pieces with their features."""

    def __init__(self, data: Path = DATA) -> None:
        self._tokenizer = Tokenizer.from_file(str(data / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._names = NameTable((data / "places.bits").read_bytes())
        self._large = NameTable((data / "places-large.bits").read_bytes())

    def encode(self, text: str) -> Encoded:
        """The pieces of the whole text, in order; none for a text without a printable character."""
        plain = normalised(text)
        coded = self._tokenizer.encode(plain, add_special_tokens=False)
        offsets = np.array(coded.offsets, dtype=np.int64).reshape(-1, 2)
        ids, starts, ends = np.array(coded.ids, dtype=np.int64), offsets[:, 0], offsets[:, 1]
        opens, quote, inside = _marks(plain, starts, ends)
        given = np.zeros((len(ids), FEATURES), dtype=np.float32)
        given[:, :8], tails = self._word_features(plain, starts)
        given[:, 8], given[:, 9], given[:, OPENS_LINE] = quote, inside, opens
        return Encoded(ids, starts, ends, given, tails, _breaks(plain, starts, ends, opens))

    def _word_features(self, text: str, starts: Array) -> tuple[Array, Array]:
        """Rows of eight for the word of each piece: casing (4), digits, known place names (3); and which are tails."""
        words = list(WORD.finditer(text))
        if not words:
            return np.zeros((len(starts), 8), dtype=np.float32), np.zeros(len(starts), dtype=bool)
        table = np.zeros((len(words) + 1, 8), dtype=np.float32)  # the last row stays zero: no word
        for row, found in enumerate(words):
            table[row, :5] = _casing(found[0])
        self._mark_names(text, words, table)
        begins, ends = np.array([w.span() for w in words]).T
        word = np.searchsorted(begins, starts, side="right") - 1
        outside = (word < 0) | (starts >= ends[word])
        return table[np.where(outside, len(words), word)], ~outside & (starts > begins[word])

    def _mark_names(self, text: str, words: list[re.Match[str]], table: Array) -> None:
        keys = [name_key(w[0]) for w in words]
        for k, key in enumerate(keys):
            table[k, 5], table[k, 7] = key in self._names, key in self._large
            for size in range(LONGEST_NAME, 1, -1) if table[k, 0] or table[k, 1] else ():
                last = k + size - 1
                if (
                    last < len(words)
                    and _one_name(text, words[k : last + 1])
                    and " ".join(keys[k : last + 1]) in self._names
                ):
                    table[k : last + 1, 6] = 1
                    break


def _casing(word: str) -> tuple[float, ...]:
    upper = len(word) > 1 and word.isupper()
    return (
        word[:1].isupper() and not upper,
        upper,
        word.islower(),
        word[1:] != word[1:].lower() and not upper,
        word.isdigit(),
    )


def _one_name(text: str, words: list[re.Match[str]]) -> bool:
    """Whether nothing but a space, a hyphen, an apostrophe or an abbreviation's stop parts the words."""
    return all(text[a.end() : b.start()] in {" ", "-", "'", ". "} for a, b in pairwise(words))


def _marks(text: str, starts: Array, ends: Array) -> tuple[Array, Array, Array]:
    """Per piece: does it open a line, is it a double quotation mark, does it stand inside such marks in its line?"""
    if not len(starts):
        return starts, starts, starts
    chars = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    marks, lines = np.cumsum(chars == ord('"')), np.cumsum(chars == ord("\n"))
    since = marks - np.maximum.accumulate(np.where(chars == ord("\n"), marks, 0))
    opens = np.concatenate([[True], lines[starts[1:]] > lines[ends[:-1] - 1]])
    quote = (chars[starts] == ord('"')) & (ends - starts == 1)
    return opens, quote, since[starts] % 2 == 1


def _breaks(text: str, starts: Array, ends: Array, opens: Array) -> Array:
    """Pieces that open a line, or follow a stop (and a closing mark) with a space between."""
    spaced = np.concatenate([[False], starts[1:] > ends[:-1]])
    before = ["", *(text[max(0, e - 2) : e] for e in ends[:-1].tolist())]
    stops = np.array([b[-1:] in {".", "!", "?"} or b in {'."', '!"', '?"'} for b in before[: len(starts)]], dtype=bool)
    return np.flatnonzero(opens | (spaced & stops))


def windows(breaks: Array, size: int, overlap: int, first: int = ROOM) -> Iterator[tuple[int, int]]:
    """Ranges of at most ROOM pieces (the first: at most ``first``) that cover ``size`` pieces, in order.

    With an overlap, each begins at a break about so many pieces before the last one's end, where there is one near;
    without, each ends at a break of its second half, where there is one, and the next begins there.
    """
    start, end = 0, min(size, first)
    while start < size:
        if end < size and not overlap:
            end = _last(breaks, (start + end) // 2, end) or end
        yield start, end
        if end == size:
            return
        start = _last(breaks, end - 3 * overlap // 2, end - overlap // 2) or end - overlap
        end = min(size, start + ROOM)


def _last(breaks: Array, low: int, high: int) -> int | None:
    """The last break in (low, high], if any."""
    at = int(np.searchsorted(breaks, high, side="right")) - 1
    return int(breaks[at]) if at >= 0 and breaks[at] > low else None
