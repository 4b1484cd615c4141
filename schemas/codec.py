"""Records to bytes and back: UTF-8 JSON, keys in the order of declaration, no white space.

The version of a record is in the topic's name and in the header `dragoman-version` of each message,
so that a message of another version is told apart from one that is broken. What Dragoman itself has
written says in `dragoman-additions` how often fields had been added since: it may have fields that
an older version does not know, which reads the rest and passes them on
(docs/decisions/0027-versions-side-by-side.md). Other programs leave that header out.
"""

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from schemas.base import Record
from schemas.topics import TopicDeclaration

VERSION_HEADER = "dragoman-version"
ADDITIONS_HEADER = "dragoman-additions"
"""How often fields had been added to the record, in the version of Dragoman that wrote it."""
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
    return {
        VERSION_HEADER: str(topic.version).encode(),
        ADDITIONS_HEADER: str(topic.additions).encode(),
    }


def decode(
    topic: TopicDeclaration, value: bytes, headers: dict[str, bytes] | None = None
) -> Record:
    """The record in these bytes.

    Raises `UnknownVersionError` where the header names another version than the topic, or where
    more was changed in it than fields added; and `UndecodableError` where the bytes are no record
    of the topic. A message without the headers is taken at its word: there an unknown field is
    misspelt, and refused. Where Dragoman has written it, also an older version that passed it on,
    unknown fields are kept.
    """
    if topic.record is None:
        raise TypeError(f"{topic.name} carries raw bytes")
    given = headers or {}
    said = given.get(VERSION_HEADER)
    if said is not None and said != str(topic.version).encode():
        raise UnknownVersionError(
            f"{topic.name} holds version {topic.version}, the message says "
            f"{said.decode('utf-8', 'replace')[:20]}"
        )
    additions = given.get(ADDITIONS_HEADER)
    try:
        return decode_as(topic.record, value, may_be_newer=additions is not None)
    except UndecodableError as error:
        if not _is_more(additions, topic.additions):
            raise
        raise UnknownVersionError(
            f"version {topic.version} of {topic.name} has other additions than the "
            f"{topic.additions} that are known: {error}"
        ) from error


def _is_more(said: bytes | None, known: int) -> bool:
    return said is not None and said.isdigit() and len(said) <= _MOST_DIGITS and int(said) > known


_MOST_DIGITS = 6


def decode_as(adapter: TypeAdapter[R], value: bytes, *, may_be_newer: bool = False) -> R:
    """Like `decode`, for a known type. Raises `UndecodableError`.

    What `may_be_newer` may have fields that this version does not know, and they are kept.
    """
    try:
        return adapter.validate_json(value, extra="allow" if may_be_newer else None)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "the whole message"
        raise UndecodableError(f"{where}: {first['msg']} ({error.error_count()} in all)") from error
