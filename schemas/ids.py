"""Ids made from content: the same content has the same id, whoever makes it and whenever.

An id is the first 128 bits of a SHA-256 over the length-prefixed parts, in hexadecimal, behind a
short prefix that says what it names. Length prefixes keep ("ab", "c") and ("a", "bc") apart.
"""

from hashlib import sha256

_HEX_DIGITS = 32


def content_id(kind: str, *parts: str | bytes | None) -> str:
    """`kind:` and 32 hexadecimal digits. `None` and the empty string are different parts."""
    digest = sha256()
    for part in parts:
        if part is None:
            digest.update(b"-;")
            continue
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return f"{kind}:{digest.hexdigest()[:_HEX_DIGITS]}"
