"""Bytes from outside -> text, whatever encoding they claim to be in."""

import codecs
import re

from charset_normalizer import from_bytes

from bot.errors import UnreadableInput

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9._:-]{2,40})""")
_DECLARATION_WITHIN = 4096  # bytes; HTML asks for the declaration in the first 1,024, XML on the first line
_BINARY_WITHIN = 65536  # bytes
# What text has besides printable characters: tab, line feed, form feed, carriage return, escape (ISO-2022 encodings).
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})
_SAMPLE = 200_000  # bytes that are enough to tell an encoding by
# HTML asks that these be read as the Windows encodings that they nearly always are: https://encoding.spec.whatwg.org
_MEANT = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}


_HALF = re.compile("[\ud800-\udfff]")  # of a pair that stands for one character; alone it is no text
_ESCAPE = re.compile(
    r"(\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|\\(?!ud[89a-f])[\s\S])|\\ud[89a-f][0-9a-f]{2}", re.IGNORECASE
)


def is_binary(data: bytes) -> bool:
    """Whether ``data`` is no text in any encoding: it has no byte-order mark and holds NUL or many control bytes."""
    if any(data.startswith(mark) for mark, _ in _MARKS):
        return False
    start = data[:_BINARY_WITHIN]
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return 0 in start or controls * 50 > len(start)


def decode(data: bytes, name: str, *, declared: str | None = None) -> str:
    """The text of ``data``, line ends as they are, without a byte-order mark.

    Tried in this order: the byte-order mark; UTF-8, which other encodings' bytes hardly ever happen to be; the encoding
    ``declared`` outside (the charset of an HTTP header), then the one declared in the first bytes; the likeliest one.

    Raises:
        UnreadableInput: binary, or in no encoding that can be told; the message starts with ``name``.
    """
    if is_binary(data):
        raise UnreadableInput(f"{name}: this is a binary file, not text; give a text, HTML, e-mail or JSON file")
    for encoding in _candidates(data, declared):
        try:
            text = data.decode(encoding)
        except (ValueError, LookupError):  # not this encoding, or a declared one that Python doesn't know
            continue
        if not _HALF.search(text):  # a declared encoding of Python's own, such as 'unicode_escape', may give some
            return text
    return _guess(data, name)


def mended_json(text: str) -> str:
    """The JSON with U+FFFD for escaped halves of a character: programs that cut a text in its middle write those."""
    return _ESCAPE.sub(lambda escape: escape[1] or r"\ufffd", text) if "\\ud" in text.lower() else text


def charset_of(content_type: str | None) -> str | None:
    """The charset that a Content-Type header declares, or None."""
    found = _DECLARED.search((content_type or "").encode("ascii", "ignore"))
    return found[1].decode("ascii") if found else None


def _candidates(data: bytes, declared: str | None) -> list[str]:
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)][:1]
    inside = _DECLARED.search(data[:_DECLARATION_WITHIN])
    named = [declared, inside[1].decode("ascii") if inside else None]
    return [*marked, "utf-8", *(_MEANT.get(name.lower(), name) for name in named if name)]


def _guess(data: bytes, name: str) -> str:
    # Where several encodings explain the bytes equally well, the web's commonest does it best.
    matches = sorted(
        from_bytes(data[:_SAMPLE]), key=lambda match: (match.chaos, -match.coherence, match.encoding != "cp1252")
    )
    if not matches:
        raise UnreadableInput(f"{name}: the encoding of the text can't be told; save it as UTF-8")
    encoding = matches[0].encoding
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"{name}: the text isn't {encoding} throughout; save it as UTF-8") from error
