"""The contract in words that other programs read: JSON Schema of each record, and AsyncAPI.

All of it is made from `schemas.topics`, the same each time, as names and bytes of files; who writes
them is no business of this package. `dragoman schemas export schemas/generated` does, and a test
compares what is committed.
"""

import json
from typing import Any

from pydantic import TypeAdapter

from schemas.codec import ADDITIONS_HEADER, STORY_HEADER, TRACE_HEADER, VERSION_HEADER
from schemas.topics import TOPICS, TopicDeclaration

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ASYNCAPI = "3.1.0"
_COMPONENTS = "#/components/schemas/{model}"
ASYNCAPI_FILE = "asyncapi.json"


def message_schema(topic: TopicDeclaration) -> dict[str, Any]:
    """JSON Schema (2020-12) of a topic's messages. Raises `TypeError` for one of raw bytes."""
    if topic.record is None:
        raise TypeError(f"{topic.name} carries raw bytes")
    # What a consumer reads: fields with defaults are always written, but only declared ones are
    # required, so that messages from before a field was added stay valid.
    schema: dict[str, Any] = _plain(topic.record.json_schema(mode="validation"))
    return {"$schema": _DIALECT, "$id": f"{topic.name}.schema.json"} | schema


def asyncapi() -> dict[str, Any]:
    """An AsyncAPI 3.1 document of all topics, complete in itself."""
    recorded = [(topic.name, topic.record) for topic in TOPICS if topic.record is not None]
    payloads, definitions = TypeAdapter.json_schemas(
        [(name, "validation", record) for name, record in recorded],
        ref_template=_COMPONENTS,
    )
    payload_of = {name: _draft_7(schema) for (name, _), schema in payloads.items()}
    return {
        "asyncapi": _ASYNCAPI,
        "info": {
            "title": "Dragoman",
            "version": "1.0.0",
            "description": "Wire stories in, alerts on political leaders' trips and invitations "
            "out. Every topic's version is in its name.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {_key(topic): _channel(topic) for topic in TOPICS},
        "operations": {
            _operation(topic): {
                "action": "receive" if _comes_in(topic) else "send",
                "channel": {"$ref": f"#/channels/{_key(topic)}"},
                "summary": topic.about,
            }
            for topic in TOPICS
        },
        "components": {
            "messages": {_key(topic): _message(topic, payload_of) for topic in TOPICS},
            "schemas": _draft_7(definitions.get("$defs", {})),
        },
    }


def documents() -> dict[str, bytes]:
    """File name to content: one JSON Schema a topic with records, and the AsyncAPI document."""
    files = {
        f"{topic.name}.schema.json": _file(message_schema(topic))
        for topic in TOPICS
        if topic.record is not None
    }
    return files | {ASYNCAPI_FILE: _file(asyncapi())}


def _file(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _plain(schema: Any) -> Any:
    """Without `discriminator`, which belongs to OpenAPI and means something else in AsyncAPI."""
    if isinstance(schema, dict):
        return {
            key: _plain(value)
            for key, value in schema.items()
            if not (key == "discriminator" and isinstance(value, dict) and "mapping" in value)
        }
    return [_plain(part) for part in schema] if isinstance(schema, list) else schema


def _draft_7(schema: Any) -> Any:
    """AsyncAPI's own schemas are a superset of draft 7, in which `items` may be a list."""
    if isinstance(schema, dict):
        named = {("items" if key == "prefixItems" else key): v for key, v in schema.items()}
        return {key: _draft_7(value) for key, value in _plain(named).items()}
    return [_draft_7(part) for part in schema] if isinstance(schema, list) else schema


def _key(topic: TopicDeclaration) -> str:
    return topic.name.replace(".", "-")


def _comes_in(topic: TopicDeclaration) -> bool:
    return topic.name.startswith(("stories.raw.", "leaders."))


def _operation(topic: TopicDeclaration) -> str:
    return ("receive-" if _comes_in(topic) else "send-") + _key(topic)


def _channel(topic: TopicDeclaration) -> dict[str, Any]:
    kafka: dict[str, Any] = {
        "topicConfiguration": {
            "cleanup.policy": [topic.cleanup],
            "retention.ms": topic.retention_ms,
            "max.message.bytes": topic.max_message_bytes,
        },
        "bindingVersion": "0.5.0",
    }
    if topic.partitions is not None:
        kafka["partitions"] = topic.partitions
    return {
        "address": topic.name,
        "description": topic.about,
        "messages": {_key(topic): {"$ref": f"#/components/messages/{_key(topic)}"}},
        "bindings": {"kafka": kafka},
    }


def _message(topic: TopicDeclaration, payload_of: dict[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = {
        "name": topic.name,
        "summary": topic.about,
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": topic.key},
                "bindingVersion": "0.5.0",
            }
        },
    }
    if topic.record is None:
        return message | {
            "contentType": "application/octet-stream",
            "headers": _raw_headers(),
        }
    return message | {
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "properties": {
                VERSION_HEADER: {"type": "string", "const": str(topic.version)},
                ADDITIONS_HEADER: {
                    "type": "string",
                    "pattern": r"^\d+$",
                    "description": "How often fields had been added to this version of the record. "
                    "Only Dragoman itself says so.",
                },
                **_trail_headers(),
            },
        },
        "payload": payload_of[topic.name],
    }


def _trail_headers() -> dict[str, Any]:
    return {
        TRACE_HEADER: {"type": "string", "description": "The trail of a story, as W3C writes it."},
        STORY_HEADER: {"type": "string", "description": "Id of the story it comes of."},
    }


def _raw_headers() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["feed", "received_at"],
        "properties": {
            "feed": {"type": "string", "description": "Name of the way in."},
            "format": {"type": "string", "description": "`auto`, or the name of a format."},
            "received_at": {"type": "string", "format": "date-time"},
            "source": {"type": "string", "description": "Outlet or agency behind the feed."},
            TRACE_HEADER: _trail_headers()[TRACE_HEADER],
        },
    }
