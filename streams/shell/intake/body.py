"""The body of a push, read within bounds: of size, of time, and after decompression.

A body is read to its limit and no further, whatever its sender says of its length. What the bytes
are is not known here.
"""

import asyncio
import zlib

from aiohttp import web

_GZIP_OR_ZLIB = 47
"""Window bits by which zlib takes either header."""
_RAW_DEFLATE = -15
_MEMBERS = 64
"""A gzip file may have several parts one after the other; each costs a copy of what is left."""


class BodyError(Exception):
    """The body cannot be taken: the HTTP status to answer with, and why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


async def read_body(request: web.BaseRequest, *, limit: int, timeout_s: float) -> bytes:
    """The bytes that were sent, without their content encoding; at most `limit`.

    Raises `BodyError`: 413 too large before or after decompression, 415 an encoding that is not
    known, 400 broken or cut off, 408 not there within the time.
    """
    coding = request.headers.get("Content-Encoding", "identity").strip().lower() or "identity"
    if coding not in ("identity", "gzip", "x-gzip", "deflate"):
        raise BodyError(415, f"Content-Encoding {coding[:60]!r}: send gzip, deflate or none")
    if request.content_length is not None and request.content_length > limit:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(timeout_s):
            sent = await _read(request, limit)
    except TimeoutError:
        raise BodyError(408, f"the body was not there within {timeout_s:g} s") from None
    except (web.RequestPayloadError, ConnectionError) as error:
        raise BodyError(400, f"the body was cut off: {error}") from None
    return sent if coding == "identity" else inflated(sent, limit)


async def _read(request: web.BaseRequest, limit: int) -> bytes:
    sent = bytearray()
    while chunk := await request.content.readany():
        sent += chunk
        if len(sent) > limit:
            raise _too_large(limit)
    return bytes(sent)


def inflated(sent: bytes, limit: int) -> bytes:
    """What gzip, zlib or bare deflate holds; never makes more than `limit` and one byte of it.

    Raises `BodyError`: 413 where there is more, 400 where it is broken or cut off.
    """
    try:
        return _inflated(sent, limit, _GZIP_OR_ZLIB)
    except zlib.error as error:
        # 'deflate' means zlib's framing, yet some send it bare.
        if _looks_framed(sent):
            raise BodyError(400, f"the compressed body is broken: {error}") from None
    try:
        return _inflated(sent, limit, _RAW_DEFLATE)
    except zlib.error as error:
        raise BodyError(400, f"the compressed body is broken: {error}") from None


def _looks_framed(sent: bytes) -> bool:
    zlib_header = len(sent) > 1 and sent[0] & 0x0F == 8 and int.from_bytes(sent[:2]) % 31 == 0
    return zlib_header or sent.startswith(b"\x1f\x8b")


def _inflated(sent: bytes, limit: int, window_bits: int) -> bytes:
    found, left = bytearray(), sent
    for _ in range(_MEMBERS):
        part = zlib.decompressobj(window_bits)
        found += part.decompress(left, limit + 1 - len(found))
        if len(found) > limit:
            raise _too_large(limit)
        if not part.eof:
            raise BodyError(400, "the compressed body is cut off")
        left = part.unused_data
        if not left:
            return bytes(found)
    raise BodyError(400, f"a compressed body of more than {_MEMBERS} parts")


def _too_large(limit: int) -> BodyError:
    return BodyError(413, f"more than {limit:,} bytes; send fewer items at a time")
