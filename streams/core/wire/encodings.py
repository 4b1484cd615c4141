"""From bytes to text when what they declare of their encoding may be wrong.

Files lie: one agency declares Latin-1 and sends UTF-8, another the other way round. Bytes that are
UTF-8 beyond ASCII are so by design and never by chance, so they are taken for it whatever they
declare; then the declaration is believed where it can be true; then the likeliest encoding is.
"""

import codecs

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
_WESTERN = ("cp1252", "cp850")
"""Of Windows and of DOS; Latin-1 is within the first, the letters of cp437 within the second."""
_ELSEWHERE = [
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "iso8859_2", "koi8_r"),
    *("big5", "euc_jp", "euc_kr", "gb18030", "iso2022_jp", "shift_jis", "utf_16_be", "utf_16_le"),
]
"""What wires are written in where letters are not western; the detector knows ninety more."""
_ACCENTED = frozenset("áàâãäåæçéèêëíìîïñóòôõöøœúùûüß")
_TYPOGRAPHIC = frozenset("¡¿«»‘’‚“”„–—…•°·€£§ªº½¼²\xa0")
_MOST_ACCENTS = 0.3
"""Of all letters of a text in Latin script; French has 0.05."""
_FEW = 3


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
    for name in (*_likeliest(data[:_SAMPLE]), "cp1252"):
        text = None if name is None else _strictly(data, name)
        if text is not None:
            said = f"declares {declared}" if declared else "declares no encoding"
            return text, (f"{said}; read as {name}",)
    raise RefusedError("not_utf8", "no encoding fits these bytes")


def _likeliest(sample: bytes) -> tuple[str, ...]:
    """The encodings to try.

    The detector takes most stories of a few hundred bytes that have French or Portuguese accents
    for Polish ones, so it is asked only where a text is in no Latin script.
    """
    high = sum(1 for byte in sample if byte >= 0x80)
    low = sum(1 for byte in sample if chr(byte).isalpha() and byte < 0x80)
    oddities = {name: _oddities(sample.decode(name, "replace")) for name in _WESTERN}
    western = min(_WESTERN, key=lambda name: oddities[name])
    latin = b"\0" not in sample and high <= max(_FEW, _MOST_ACCENTS * low)
    if latin and (high <= _FEW or oddities[western] * 2 <= high):
        return (western,)
    # Here, as it is seldom needed and half of what it takes to import all formats.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    best = from_bytes(sample, cp_isolation=_ELSEWHERE).best()
    return () if best is None or "cp1252" in best.could_be_from_charset else (best.encoding,)


def _oddities(text: str) -> int:
    """Characters beyond ASCII that no western story has, or not in such a place."""
    odd = 0
    for before, here, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if here < "\x80" or here in _ACCENTED or (here == "’" and before.isalpha()):
            continue
        inside = before.islower() and (after.islower() or here in "‚„")
        capital = here.lower() in _ACCENTED and not before.islower()
        odd += not (capital or (here in _TYPOGRAPHIC and not inside))
    return odd


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
