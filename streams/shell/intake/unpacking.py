"""A body that was packed for its way, unpacked piece by piece and never far beyond a limit.

A few bytes can stand for gigabytes, so what comes out is counted while it does.
"""

import zlib
from collections.abc import Mapping

_GZIP = 16 + zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"
CODINGS: Mapping[str, tuple[int, ...]] = {
    "": (),
    "identity": (),
    "gzip": (_GZIP,),
    "x-gzip": (_GZIP,),
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),
}
"""What may be told in Content-Encoding, and the windows that zlib opens it with, in turn: what is
called deflate comes with the frame of zlib, or without."""


class PackedError(Exception):
    """The bytes are not packed as they say."""


class Unpacking:
    """One body in one of `CODINGS`, with a limit in bytes for what comes in and what comes out."""

    def __init__(self, coding: str, limit: int) -> None:
        self._windows = list(CODINGS[coding])
        self._limit = limit
        self._taken = 0
        self._body = bytearray()
        self._engine = zlib.decompressobj(self._windows.pop(0)) if self._windows else None
        self._left = b""

    @property
    def is_too_large(self) -> bool:
        """Whether it is beyond its limit; nothing more is unpacked then."""
        return len(self._body) > self._limit or self._taken > self._limit

    @property
    def is_unfinished(self) -> bool:
        """Whether its own frame says that there is more."""
        return self._engine is not None and not self._engine.eof

    def add(self, piece: bytes) -> None:
        """The next bytes, as they came. Raises `PackedError`."""
        self._taken += len(piece)
        if self._engine is None:
            self._body += piece
            return
        piece, self._left = self._left + piece, b""
        while piece and not self.is_too_large:
            if self._engine.eof:
                # gzip may have several parts (RFC 1952, section 2.2), and zeros behind them.
                if len(piece) < len(_GZIP_MAGIC):
                    self._left = piece
                    return
                if not piece.startswith(_GZIP_MAGIC):
                    return
                self._engine = zlib.decompressobj(_GZIP)
            piece = self._unpack(self._engine, piece)

    def body(self) -> bytes:
        """What has been unpacked so far."""
        return bytes(self._body)

    def _unpack(self, engine: "zlib._Decompress", piece: bytes) -> bytes:
        """What is left of the piece."""
        try:
            self._body += engine.decompress(piece, self._limit + 1 - len(self._body))
        except zlib.error as error:
            if self._body or not self._windows:
                raise PackedError(str(error)) from None
            self._engine = zlib.decompressobj(self._windows.pop(0))
            return piece
        return engine.unused_data or engine.unconsumed_tail
