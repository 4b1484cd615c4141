"""From bytes to text when what they declare of their encoding may be wrong.

Files lie: one agency declares Latin-1 and sends UTF-8, another the other way round. Bytes that are
UTF-8 beyond ASCII are so by design and never by chance, so they are taken for it whatever they
declare; then the declaration is believed where it can be true; then the likeliest encoding is.
"""

import codecs

from charset_normalizer import from_bytes

from streams.core.wire.item import RefusedError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "iso8859-9": "cp1254"}
"""What is written by those who declare the narrower one, as every browser knows."""
_SAMPLE = 64 * 1024
_ESCAPE = b"\x1b"


def decoded(data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text, and what had to be put right to read it, in words for people.

    Raises `RefusedError` where no encoding fits.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _as_marked(data[len(mark) :], name)
    encoding = _known(declared)
    if encoding in ("utf-16", "utf-16-le", "utf-16-be") and b"\0" in data[:64]:
        text = _strictly(data, encoding)
        if text is not None:
            return text, ()
    text = _strictly(data, "utf-8")
    if text is not None and _ESCAPE not in data:
        wrong = encoding not in (None, "utf-8") and not data.isascii()
        return text, (f"declares {declared} and is UTF-8",) if wrong else ()
    if encoding not in (None, "utf-8"):
        text = _strictly(data, _WIDER.get(encoding, encoding))
        if text is not None:
            return text, ()
    return _as_it_looks(data, declared)


def _as_marked(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    text = _strictly(data, name)
    if text is None:
        raise RefusedError("not_utf8", f"its byte order mark says {name}, and it is not")
    return text, ()


def _as_it_looks(data: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    best = from_bytes(data[:_SAMPLE]).best()
    likely = best is not None and "cp1252" not in best.could_be_from_charset
    for name in (best.encoding if best and likely else None, "cp1252"):
        text = None if name is None else _strictly(data, name)
        if text is not None:
            said = f"declares {declared}" if declared else "declares no encoding"
            return text, (f"{said}; read as {name}",)
    raise RefusedError("not_utf8", "no encoding fits these bytes")


def _known(declared: str | None) -> str | None:
    try:
        return None if declared is None else codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return None


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None
