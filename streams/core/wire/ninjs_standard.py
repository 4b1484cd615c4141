"""ninjs held to IPTC's standard, word for word: what the schemas forbid is refused, with its place.

`ninjs` beside it takes what vendors make of the standard; this is for those who want to know. Every
name at every level must be one of the version's, and what it has of its type. Which version?

* The one that the item declares: `$standard` in 1.3 and later of 1.x, `standard` in 2.x and 3.x, by
  its `version`, else by the address of its `schema`. It is held to all of that version. A version
  that is not published is refused.
* Of an item that declares none, the newest of the family (1.x, 2.x, 3.x) that knows most of the
  names at its top; where two know as many, either will do. Versions before 1.3 cannot be declared,
  so an item cannot be refused for what a later one added. URIs and date-times may then be any
  texts: in JSON Schema their form is a remark, and IPTC's cases of old have others.

What is not asked at all: whether languages, media types, durations and controlled values are such,
as the schemas do not ask it either. What a story needs besides, `ninjs` asks. A million values take
about two seconds, for each family that an item is held against.
"""

import re
from collections.abc import Mapping
from typing import Any

from schemas.dead_letters import Reason
from streams.core.wire import ninjs
from streams.core.wire.item import Draft, RefusedError
from streams.core.wire.ninjs_names import FAMILIES, STANDARDS, Standard
from streams.core.wire.shapes import Fault, first_fault, shape_of

_DECLARED = ("$standard", "standard")
_VERSION = re.compile(r"([0-9]+\.[0-9]+)(?:\.[0-9]+)?")
_SCHEMA = re.compile(r"ninjs-schema_([0-9]+\.[0-9]+)")
_STEP = re.compile(r"[.\[]")


def read(data: bytes) -> Draft:
    """What `ninjs.read` says of it, if it is ninjs as published. Raises `RefusedError`."""
    require(ninjs.document(data))
    return ninjs.read(data)


def require(item: Mapping[str, Any]) -> None:
    """Raises `RefusedError` with place, fault and version where this is no ninjs as published.

    The reason is `missing_field` where a name must be there and is not, else `bad_value`.
    """
    faults: list[tuple[Fault, Standard]] = []
    declared = _declared(item)
    for standard in [declared] if declared else _newest(item):
        fault = fault_of(item, standard, forms=declared is not None and standard.forms)
        if fault is None:
            return
        faults.append((fault, standard))
    fault, standard = max(faults, key=_agreement)
    reason: Reason = "missing_field" if fault.kind == "missing" else "bad_value"
    where = f"{fault.path}: " if fault.path else ""
    raise RefusedError(reason, f"{where}{fault.says} (ninjs {standard.version})")


def fault_of(item: Mapping[str, Any], standard: Standard, *, forms: bool) -> Fault | None:
    """The first fault against this version, with or without the forms of URIs and date-times."""
    return first_fault(item, standard.item, standard.named, forms=forms)


def _agreement(found: tuple[Fault, Standard]) -> tuple[int, bool]:
    """How far an item agrees with a version: how deep the fault is, and that its name is known."""
    fault, _ = found
    return len(_STEP.findall(fault.path)), fault.kind != "unknown"


def _declared(item: Mapping[str, Any]) -> Standard | None:
    for name in _DECLARED:
        said = item.get(name)
        if not isinstance(said, dict):
            continue
        version, schema = said.get("version"), said.get("schema")
        if isinstance(version, str):
            written = _VERSION.fullmatch(version.strip())
            found = STANDARDS.get(written[1]) if written else None
            if found is None:
                raise RefusedError(
                    "bad_value",
                    f"{name}.version: {version[:60]!r} is none of {', '.join(STANDARDS)}",
                )
            return found
        address = _SCHEMA.search(schema) if isinstance(schema, str) else None
        if address and address[1] in STANDARDS:
            return STANDARDS[address[1]]
    return None


def _newest(item: Mapping[str, Any]) -> list[Standard]:
    """The newest version of each family that knows most of the item's names."""
    newest = [family[-1] for family in FAMILIES]
    known = [sum(shape_of(name, standard.item) is not None for name in item) for standard in newest]
    return [standard for standard, count in zip(newest, known, strict=True) if count == max(known)]
