"""From the bytes of a wire to stories: a table of formats, and how to tell them apart.

Any bytes give a `Story` or a `Refusal`, never an exception, and the same bytes give the same
answer. A format is one module with `read` and `split`, and one line in `FORMATS`. What a story
means is not known here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from schemas.stories import Story
from schemas.topics import MAX_RAW_BYTES
from streams.core.wire import (
    html,
    iptc7901,
    newsml_12,
    newsml_g2,
    ninjs,
    ninjs_standard,
    nitf,
    rss,
    text,
)
from streams.core.wire.item import Arrival, Draft, Refusal, RefusedError, story

__all__ = ["AUTO", "FORMATS", "Arrival", "Format", "Refusal", "parse", "recognise", "split"]

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Format:
    """One wire format. `read` raises `RefusedError` and nothing else; `split` never raises.

    `begins` says whether bytes begin like it: it is given the first 4,096 bytes without byte order
    mark and leading blanks, and never raises.
    """

    name: str
    about: str
    read: Callable[[bytes], Draft]
    split: Callable[[bytes], tuple[bytes, ...]]
    begins: Callable[[bytes], bool]


FORMATS: dict[str, Format] = {
    format_.name: format_
    for format_ in (
        Format(
            "ninjs", "News in JSON 1.x, 2.x and 3.x (IPTC)", ninjs.read, ninjs.split, ninjs.begins
        ),
        Format(
            "ninjs-strict",
            "ninjs held to IPTC's standard, word for word; never told from the bytes",
            ninjs_standard.read,
            ninjs.split,
            lambda _: False,
        ),
        Format(
            "iptc7901",
            "IPTC 7901 and ANPA 1312, text between control characters",
            iptc7901.read,
            iptc7901.split,
            iptc7901.begins,
        ),
        Format(
            "newsml-g2",
            "NewsML-G2 (IPTC): newsItem and newsMessage",
            newsml_g2.read,
            newsml_g2.split,
            newsml_g2.begins,
        ),
        Format(
            "newsml-1.2",
            "NewsML 1.x (IPTC), as AFP sends it",
            newsml_12.read,
            newsml_12.split,
            newsml_12.begins,
        ),
        Format(
            "nitf", "NITF 3.x (IPTC), as AP, EFE and PA send it", nitf.read, nitf.split, nitf.begins
        ),
        Format(
            "rss",
            "RSS 0.9x, 1.0 and 2.0, and Atom 1.0 with its tombstones (RFC 6721)",
            rss.read,
            rss.split,
            rss.begins,
        ),
        Format("html", "a web page with one article", html.read, html.split, html.begins),
        Format("text", "plain text, with an optional header", text.read, text.split, text.begins),
    )
}
"""In the order in which they are asked whether bytes begin like them; text takes what is left."""

_HEAD = 4_096
_MARKUP = re.compile(rb"<(?:\?xml|!doctype|!--|[a-z])", re.IGNORECASE)
_SIGNATURES: dict[bytes, str] = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "gzip",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"{\\rtf": "RTF",
}


def split(data: bytes, format: str = AUTO) -> tuple[bytes, ...]:  # noqa: A002 - the domain's word
    """The items in a file: elements of an array, objects on lines, items of a message; else it all.

    Never raises. What is no item stays one and is refused by `parse`.
    """
    name = recognise(data) if format == AUTO else format
    known = FORMATS.get(name) if isinstance(name, str) else None
    return known.split(data) if known else (data,)


def parse(item: bytes, arrival: Arrival) -> Story | Refusal:
    """One item, one story; never raises."""
    if len(item) > MAX_RAW_BYTES:
        return Refusal("too_large", f"{len(item)} bytes; an item has {MAX_RAW_BYTES} at most")
    name = recognise(item) if arrival.format == AUTO else arrival.format
    if isinstance(name, Refusal):
        return name
    known = FORMATS.get(name)
    if known is None:
        return Refusal("unknown_format", f"{name[:60]!r} is none of {', '.join((AUTO, *FORMATS))}")
    try:
        return story(known.read(item), arrival, name)
    except RefusedError as refused:
        return refused.refusal


def recognise(data: bytes) -> str | Refusal:
    """The name of the format that these bytes begin like."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    plain = head.lstrip()
    for signature, what in _SIGNATURES.items():
        if plain.startswith(signature):
            return Refusal("not_a_story", f"{what}, not a story")
    if not plain and not data.strip():
        return Refusal("not_a_story", "empty")
    for known in FORMATS.values():
        if known.begins(plain):
            return known.name
    if _MARKUP.match(plain):
        return Refusal(
            "unknown_format",
            "it begins like XML or a part of a page, and like none of the formats that are read",
        )
    return "text"
