"""From a message of somebody else's topic to an item: what is in it, and what is said of it.

By the mapping of the source: some things are in headers, some in fields of a JSON envelope, and
the item is the value itself or a field of it. What cannot be mapped keeps its bytes and gets a
format that does not exist, so that it is refused further on with all of them. Pure.
"""

from base64 import b64decode
from binascii import Error as NotBase64Error
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from streams.core.wire.item import language_code
from streams.shell.intake.media_types import format_meant
from streams.shell.intake.sources import ENCODING, HEADERS, ITEM, Source


@dataclass(frozen=True, slots=True)
class Mapped:
    """An item as it is brought to the door; `None` is what the source says of all its items."""

    data: bytes
    format: str | None
    received_at: datetime
    """As their message says, else when their log took it: both stay the same in a repeat."""
    outlet: str | None = None
    language: str | None = None


class _UnmappedError(Exception):
    """The value is not as the mapping says."""


def mapped(
    source: Source, value: bytes, headers: Mapping[str, bytes], logged_at: datetime
) -> Mapped:
    """The item in a message. Never raises: what cannot be mapped is the whole value.

    What headers say goes before what the envelope says. A format, a time or a language that is
    none counts as not said.
    """
    try:
        envelope = _envelope(source, value)
        data = value if envelope is None else _item(source, envelope)
    except _UnmappedError as error:
        # `parse` refuses what names a format that it does not have, and tells the name.
        return Mapped(value, f"unmapped: {error}", logged_at)
    said = {name: _said(source, name, headers, envelope) for name in HEADERS}
    return Mapped(
        data,
        format_meant(said["format"]),
        _moment(said["received_at"]) or logged_at,
        said["source"],
        language_code(said["language"]),
    )


def _envelope(source: Source, value: bytes) -> Any | None:
    if not source.envelope:
        return None
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        raise _UnmappedError("the envelope is no JSON") from None


def _item(source: Source, envelope: Any) -> bytes:
    place = source.envelope[ITEM]
    found = _field(envelope, place)
    if isinstance(found, dict | list):
        if source.envelope.get(ENCODING) != "base64":
            return orjson.dumps(found)
    elif isinstance(found, str):
        return _decoded(source, place, found)
    raise _UnmappedError(f"no item at {place}")


def _decoded(source: Source, place: str, text: str) -> bytes:
    if source.envelope.get(ENCODING) != "base64":
        # JSON can name half a character; such a one has no bytes.
        return text.encode("utf-8", "replace")
    try:
        return b64decode("".join(text.split()), validate=True)
    except (NotBase64Error, ValueError):
        raise _UnmappedError(f"no base64 at {place}") from None


def _field(envelope: Any, place: str) -> Any:
    found = envelope
    for name in place.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _said(source: Source, name: str, headers: Mapping[str, bytes], envelope: Any) -> str | None:
    if name in source.headers and (header := headers.get(source.headers[name])):
        return header.decode("utf-8", "replace").strip() or None
    place = source.envelope.get(name)
    found = None if place is None else _field(envelope, place)
    return found.strip() or None if isinstance(found, str) else None


def _moment(said: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
