"""What may change in a record while its topic keeps its version, told from two JSON Schemas of it.

Compares shapes only: titles and descriptions may change as they like.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

_WORDS = ("title", "description")
_CHOICES = ("enum", "anyOf", "oneOf")
_APART = ("$defs", "properties", "required", *_CHOICES)


@dataclass(frozen=True)
class Break:
    """A change that is more than a field added. `what` names the place."""

    what: str
    stops: bool = False
    """Today's software reads what was written before, but not the other way round: workers have to
    be stopped. Else neither is sure, and the record needs another topic, or table."""


def shape(record: TypeAdapter[Any]) -> dict[str, Any]:
    """The JSON Schema of a record without what is only for people."""
    bare: dict[str, Any] = _bare(record.json_schema(mode="validation"))
    return bare


def _bare(schema: Any, *, names: bool = False) -> Any:
    """`names`: the keys are names that somebody chose, and not words of JSON Schema."""
    if isinstance(schema, dict):
        return {
            key: _bare(value, names=not names and key in ("properties", "$defs"))
            for key, value in schema.items()
            if names or key not in _WORDS
        }
    return [_bare(part) for part in schema] if isinstance(schema, list) else schema


def breaks(before: dict[str, Any], after: dict[str, Any]) -> list[Break]:
    """All that has changed, but for added fields that may be absent."""
    found = list(_breaks("", before, after))
    was, now = before.get("$defs", {}), after.get("$defs", {})
    for name in sorted(was.keys() & now.keys()):
        found += _breaks(name, was[name], now[name])
    return found


def _breaks(where: str, before: Any, after: Any) -> Iterator[Break]:
    if not isinstance(before, dict) or not isinstance(after, dict):
        if before != after:
            yield Break(f"{where}: {before} has become {after}")
        return
    had, has = before.get("properties", {}), after.get("properties", {})
    for name in sorted(had.keys() - has.keys()):
        yield Break(f"{where}.{name} is gone")
    for name in sorted(set(after.get("required", ())) - set(before.get("required", ()))):
        yield Break(f"{where}.{name} must be there now")
    for name in sorted(had.keys() & has.keys()):
        yield from _breaks(f"{where}.{name}", had[name], has[name])
    for key in _CHOICES:
        yield from _choices(f"{where} {key}", before.get(key, []), after.get(key, []))
    for key in sorted((before.keys() | after.keys()) - set(_APART)):
        yield from _breaks(f"{where} {key}", before.get(key), after.get(key))


def _choices(where: str, before: list[Any], after: list[Any]) -> Iterator[Break]:
    for choice in before:
        if choice not in after:
            yield Break(f"{where}: {choice} is gone")
    for choice in after:
        if choice not in before:
            yield Break(f"{where}: {choice} is new", stops=bool(before))
