"""Bodies as they arrive -> bytes, unpacked within a limit however small they came in."""

import zlib

from bot.errors import FetchError

_GZIP = zlib.MAX_WBITS | 16
_GZIP_MAGIC = b"\x1f\x8b"  # a gzip body may have several members (RFC 1952, 2.2)
_PIECE = 65_536  # bytes unpacked at a time
_PACKED = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}
_ZLIB_METHOD = 8  # the low half of a zlib stream's first byte (RFC 1950, 2.2)


class Unpacker:
    """Collects a body and takes off its Content-Encoding (gzip or deflate: what the fetcher asks for)."""

    def __init__(self, encoding: str, limit: int, name: str) -> None:
        self._coding = encoding.strip().lower()
        self._limit = limit
        self._name = name
        self._body = bytearray()
        self._zlib: zlib._Decompress | None = None
        if self._coding not in {"", "identity", *_PACKED}:
            raise FetchError(f"{name}: packed as {self._coding[:40]!r}, which was not asked for")

    def feed(self, piece: bytes) -> None:
        """Take in the next piece as it came over the wire.

        Raises:
            FetchError: over the limit, or not packed as declared.
        """
        if self._coding not in _PACKED:
            self._take(piece)
        elif piece:
            self._unpack(piece)

    def close(self) -> bytes:
        """The whole body.

        Raises:
            FetchError: the packed stream has no end.
        """
        if self._zlib is not None and not self._zlib.eof:
            self._take(self._zlib.flush())
        if self._zlib is not None and not self._zlib.eof:
            raise FetchError(f"{self._name}: the packed answer broke off")
        return bytes(self._body)

    def _unpack(self, piece: bytes) -> None:
        while piece:
            if self._zlib is None or (self._zlib.eof and piece.startswith(_GZIP_MAGIC)):
                self._zlib = zlib.decompressobj(self._window(piece))
            if self._zlib.eof:
                return  # what servers append after the end (padding) is no part of the body
            try:
                self._take(self._zlib.decompress(piece, _PIECE))
            except zlib.error as error:
                raise FetchError(f"{self._name}: the answer is not packed as it says ({self._coding})") from error
            piece = self._zlib.unconsumed_tail or self._zlib.unused_data

    def _window(self, piece: bytes) -> int:
        """zlib's parameter; 'deflate' means a zlib stream, but some servers send it bare."""
        bare = self._coding == "deflate" and piece[0] & 0x0F != _ZLIB_METHOD
        return -zlib.MAX_WBITS if bare else _PACKED[self._coding]

    def _take(self, piece: bytes) -> None:
        if len(self._body) + len(piece) > self._limit:
            raise FetchError(f"{self._name}: larger than {self._limit:,} bytes")
        self._body += piece
