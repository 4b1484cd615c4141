"""Records to bytes and back: UTF-8 JSON, keys in the order of declaration, no white space.

The version of a record is in the topic's name and in the header `dragoman-version` of each message,
so that a message of another version is told apart from one that is broken.
"""

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from schemas.base import Record
from schemas.topics import TopicDeclaration

VERSION_HEADER = "dragoman-version"
TRACE_HEADER = "traceparent"
"""The trail of a story: https://www.w3.org/TR/trace-context/#traceparent-header"""
STORY_HEADER = "story"
"""Id of the story that a message comes of."""

R = TypeVar("R", bound=Record)


class UndecodableError(ValueError):
    """Bytes on one of our topics that are no record of it; the text says what was found."""


class UnknownVersionError(ValueError):
    """A message of a version this software does not know; the text names both."""


def encode(record: Record) -> bytes:
    """Canonical bytes of a record: equal records, equal bytes."""
    return record.model_dump_json().encode()


def version_headers(topic: TopicDeclaration) -> dict[str, bytes]:
    """Headers that go with each message of a topic."""
    return {VERSION_HEADER: str(topic.version).encode()}


def decode(
    topic: TopicDeclaration, value: bytes, headers: dict[str, bytes] | None = None
) -> Record:
    """The record in these bytes.

    Raises `UnknownVersionError` where the header names another version than the topic, and
    `UndecodableError` where the bytes are no record of the topic. A message without the header is
    taken at its word.
    """
    if topic.record is None:
        raise TypeError(f"{topic.name} carries raw bytes")
    said = (headers or {}).get(VERSION_HEADER)
    if said is not None and said != str(topic.version).encode():
        raise UnknownVersionError(
            f"{topic.name} holds version {topic.version}, the message says "
            f"{said.decode('utf-8', 'replace')[:20]}"
        )
    return decode_as(topic.record, value)


def decode_as(adapter: TypeAdapter[R], value: bytes) -> R:
    """Like `decode`, for a known type. Raises `UndecodableError`."""
    try:
        return adapter.validate_json(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "the whole message"
        raise UndecodableError(f"{where}: {first['msg']} ({error.error_count()} in all)") from error
