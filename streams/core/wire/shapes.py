"""What a JSON value has to be like, told as values, and the first place where one is not.

As much of JSON Schema as the standards of news in JSON make use of, with faults in words for a
person. No format's names may come in here. Values are walked with a stack and not by recursion: an
item may be nested a thousand deep, and a list may have a million members.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

Form: TypeAlias = Literal["", "uri", "time", "about"]
"""Of a text: any; a URI with its scheme (RFC 3986); a date-time (RFC 3339); a year, a month, a day
or a date-time, as XML Schema writes them."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, of this form, and where `among` has any, one of these."""

    form: Form = ""
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """A number within these bounds; `2.0` is whole, as in JSON Schema."""

    whole: bool = False
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Several:
    """A list of these, of `least` at least."""

    of: "Shape"
    least: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """An object with these names; `required` must be there, and any other name is a fault.

    `begins` are shapes by how a name begins, as an expression; `others` is the shape of what has
    any other name, where there may be such. Of one of the groups in `one_of`, at least, exactly one
    name must be there.
    """

    names: Mapping[str, "Shape"] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    begins: tuple[tuple[re.Pattern[str], "Shape"], ...] = ()
    others: "Shape | None" = None
    one_of: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """An object of which `type` says what shape it has."""

    shapes: Mapping[str, "Shape"]


@dataclass(frozen=True, slots=True)
class Either:
    """A value that one of these fits; none of them may have parts."""

    of: tuple[Text | Number, ...]


@dataclass(frozen=True, slots=True)
class Nullable:
    """`null`, or this."""

    of: "Shape"


@dataclass(frozen=True, slots=True)
class Named:
    """The shape of this name, told elsewhere: how a shape has itself among its parts."""

    name: str


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No value, and why."""

    why: str


Shape: TypeAlias = (
    Text | Number | Several | Record | Typed | Either | Nullable | Named | Anything | Nothing
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a value is not of its shape, and how: `renditions[0].width`, `not a whole number`."""

    path: str
    says: str
    kind: Literal["value", "missing", "unknown"] = "value"
    """Whether what is there is wrong, is not there, or has a name that nothing should have."""


_Step: TypeAlias = "tuple[str, Any, Shape]"

_LONG = 200
_CUT = 60
_PLAIN = re.compile(r"[$\w:-]{1,60}")
_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
)
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_HOUR = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_ABOUT = re.compile(
    r"-?(?:[1-9][0-9]*)?[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])"
    rf"(?:T{_HOUR}:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-]{_HOUR})?)?)?)?"
)


def first_fault(
    value: object, shape: Shape, named: Mapping[str, Shape], *, forms: bool = True
) -> Fault | None:
    """The first fault, names in the order of the alphabet; `None` where there is none.

    Without `forms`, URIs and date-times may be any texts. `named` has what `Named` refers to. Never
    raises for anything that JSON can say.
    """
    steps: list[Iterator[_Step]] = [iter((("", value, shape),))]
    while steps:
        step = next(steps[-1], None)
        if step is None:
            steps.pop()
            continue
        path, there, told = step
        meant = _meant(there, told, named)
        if meant is None:
            continue
        fault = _fault(path, there, meant, forms)
        if fault is not None:
            return fault
        if isinstance(there, dict | list):
            steps.append(_parts(path, there, meant))
    return None


def _meant(value: object, shape: Shape, named: Mapping[str, Shape]) -> Shape | None:
    """The shape itself, behind names and types; `None` where any value will do."""
    if isinstance(shape, Named):
        shape = named[shape.name]
    if isinstance(shape, Nullable):
        return None if value is None else _meant(value, shape.of, named)
    if isinstance(shape, Typed) and isinstance(value, dict):
        kind = value.get("type")
        return shape.shapes.get(kind, shape) if isinstance(kind, str) else shape
    return None if isinstance(shape, Anything) else shape


def _fault(path: str, value: object, shape: Shape, forms: bool) -> Fault | None:
    """What is wrong with the value itself, whatever its parts."""
    says: str | None = None
    match shape:
        case Text():
            says = _not_text(value, shape, forms)
        case Number():
            says = _not_number(value, shape)
        case Either(of=shapes):
            ways = [_fault(path, value, each, forms) for each in shapes]
            says = None if None in ways else "neither a text nor a number"
        case Several(least=least):
            says = _not_list(value, least)
        case Record():
            return _not_record(path, value, shape)
        case Typed(shapes=kinds):
            if isinstance(value, dict):
                return Fault(_below(path, "type"), f"none of {', '.join(kinds)}")
            says = "not an object"
        case Nothing(why=why):
            says = why
        case _:  # the others are gone, see `_meant`
            says = None
    return None if says is None else Fault(path, says)


def _not_text(value: object, shape: Text, forms: bool) -> str | None:
    if not isinstance(value, str):
        return "not a text"
    if shape.among and value not in shape.among:
        return f"{value[:_CUT]!r} is none of {', '.join(shape.among)}"
    if shape.form == "about" and not _ABOUT.fullmatch(value):
        return f"{value[:_CUT]!r} is no year, month, day or date-time"
    if forms and shape.form == "uri" and not _URI.fullmatch(value):
        return f"{value[:_CUT]!r} is no URI"
    if forms and shape.form == "time" and not _is_time(value):
        return f"{value[:_CUT]!r} is no date-time in RFC 3339"
    return None


def _is_time(value: str) -> bool:
    try:
        return bool(_TIME.fullmatch(value) and datetime.fromisoformat(value))
    except ValueError:
        return False


def _not_number(value: object, shape: Number) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "not a whole number" if shape.whole else "not a number"
    if shape.whole and isinstance(value, float) and not value.is_integer():
        return "not a whole number"
    low, high = shape.low, shape.high
    if (low is not None and value < low) or (high is not None and value > high):
        return f"{value} is not within {low} and {high}"
    return None


def _not_list(value: object, least: int) -> str | None:
    if not isinstance(value, list):
        return "not a list"
    return f"{len(value)} in a list of {least} at least" if len(value) < least else None


def _not_record(path: str, value: object, shape: Record) -> Fault | None:
    if not isinstance(value, dict):
        return Fault(path, "not an object")
    for name in shape.required:
        if name not in value:
            return Fault(_below(path, name), "must be there", "missing")
    groups = [[name for name in group if name in value] for group in shape.one_of]
    if groups and not any(len(there) == 1 for there in groups):
        says = "; or of ".join(" and ".join(group) for group in shape.one_of)
        return Fault(path, f"of {says} exactly one must be there")
    for name in sorted(value):
        if shape_of(name, shape) is None:
            return Fault(_below(path, name), "there is no such name", "unknown")
    return None


def shape_of(name: str, shape: Record) -> Shape | None:
    """The shape of what has this name; `None` where there is no such name."""
    if name in shape.names:
        return shape.names[name]
    for begins, meant in shape.begins:
        if begins.match(name):
            return meant
    return shape.others


def _parts(path: str, value: dict[str, Any] | list[Any], shape: Shape) -> Iterator[_Step]:
    if isinstance(shape, Several) and isinstance(value, list):
        for number, part in enumerate(value):
            yield _at(path, number), part, shape.of
    elif isinstance(shape, Record) and isinstance(value, dict):
        for name in sorted(value):
            meant = shape_of(name, shape)
            if meant is not None:
                yield _below(path, name), value[name], meant


def _below(path: str, name: str) -> str:
    said = name if _PLAIN.fullmatch(name) else repr(name[:_CUT])
    return _short(path, f".{said}" if path else said)


def _at(path: str, number: int) -> str:
    return _short(path, f"[{number}]")


def _short(path: str, more: str) -> str:
    # What is nested deep would make long paths longer with every level.
    return path if path.endswith("…") else (path + more if len(path) < _LONG else f"{path}…")
