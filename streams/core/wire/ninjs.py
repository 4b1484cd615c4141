"""News in JSON, the IPTC's ninjs: versions 1.x, 2.x and 3.x side by side, told by their names.

1.x has single properties in lower case (`headline`, `body_html`, `versioncreated`), 2.x arrays
(`headlines`, `bodies`), 3.x arrays in camel case (`versionCreated`, `contentType`). Vendors mix
them, so every name is looked up without regard to case, and the three are one table. Only `uri` is
required. An update is the same `uri` with a newer `versioncreated`; `pubstatus` other than `usable`
withdraws. Associations (pictures, other stories) are no part of the story and are ignored.

Source: ninjs-schema_1.6.json, _2.2.json and _3.1.json at https://iptc.org/std/ninjs/.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

import orjson

from schemas.stories import Signal
from streams.core.wire import signals
from streams.core.wire.item import (
    Draft,
    RefusedError,
    decode_utf8,
    instant,
    is_later,
    language_code,
    one_line,
)
from streams.core.wire.markup import looks_like_markup, paragraphs

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Fields: TypeAlias = Mapping[str, Json]

_PUBLISHABLE = frozenset(("", "usable"))
_WITHDRAWN = frozenset(("withheld", "canceled", "cancelled", "killed", "recalled"))
_MEDIA_TOPIC = "http://cv.iptc.org/newscodes/mediatopic/"
_URGENCIES = range(1, 10)
_TEXTS = (
    *("pubstatus", "ednote", "headline", "title", "slugline", "byline", "by", "located"),
    *("body", "body_text", "body_html", "body_xhtml"),
    *("description", "description_text", "description_html", "description_xhtml"),
)
_LISTS_OF_PARTS = ("headlines", "bodies", "descriptions")
_SEVERAL = 2


def read(data: bytes) -> Draft:
    """What one ninjs object says; an array of one object counts as the object.

    Raises `RefusedError`.
    """
    fields = _object(data)
    _require_types(fields)
    version = _version(fields)
    headline = _headline(fields)
    note = _text(fields, "ednote")
    return Draft(
        id=_uri(fields),
        version=version,
        signal=_signal(fields, version, headline, note),
        published_at=_published(fields, version),
        first_published_at=instant(fields.get("firstcreated"), "firstcreated"),
        embargoed_until=instant(
            _first(fields, "embargoeduntil", "embargoed"), "embargoed or embargoedUntil"
        ),
        source=_source(fields),
        language=language_code(fields.get("language")),
        headline=headline,
        slugline=_text(fields, "slugline"),
        byline=_text(fields, "byline", "by"),
        dateline=_text(fields, "located"),
        body=_body(fields),
        urgency=_urgency(fields.get("urgency")),
        subjects=_subjects(fields),
        links=_links(fields),
        note=note,
    )


def begins(head: bytes) -> bool:
    """Whether it begins like a JSON object or an array of them."""
    # A text may well begin with a bracket: '[Updated] The president …'. An array of objects, or
    # one with nothing in it, does not read on like that.
    return head.startswith(b"{") or bool(re.match(rb"\[\s*(?:\{|\]\s*$)", head))


def split(data: bytes) -> tuple[bytes, ...]:
    """The objects of an array, or of a file with one object a line; else the data as one item.

    Lines stay as they are, so that a broken one is refused by itself. Never raises.
    """
    plain = data.removeprefix(b"\xef\xbb\xbf").strip()
    if plain.startswith(b"["):
        return _elements(plain) or (data,)
    lines = tuple(line.strip() for line in plain.split(b"\n") if line.strip())
    if len(lines) >= _SEVERAL and any(_is_object(line) for line in lines):
        return lines
    return (data,)


def _elements(array: bytes) -> tuple[bytes, ...]:
    try:
        parsed = orjson.loads(array)
        return tuple(orjson.dumps(element) for element in parsed)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return ()


def _is_object(line: bytes) -> bool:
    # An object that is a line of an indented document is indented, or followed by a comma.
    if not (line.startswith(b"{") and line.endswith(b"}") and len(line) > len(b"{}")):
        return False
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _object(data: bytes) -> Fields:
    text = decode_utf8(data)
    try:
        parsed: Json = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RefusedError("not_a_story", f"no JSON: {error}") from None
    if isinstance(parsed, list) and len(parsed) == 1:
        parsed = parsed[0]
    if isinstance(parsed, list):
        raise RefusedError(
            "not_a_story", f"an array of {len(parsed)} items; one message carries one item"
        )
    if not isinstance(parsed, dict):
        raise RefusedError("not_a_story", "JSON, but no object")
    # Sorted, so that an item with one name in two spellings is read alike in any order.
    return {name.lower(): parsed[name] for name in sorted(parsed)}


def _require_types(fields: Fields) -> None:
    """Raises `RefusedError` where what is read is of another type than in all of the schemas.

    To pass over it would be to publish a story without its body, or to miss the kill in its note.
    What differs among vendors anyway, such as subjects and links, is passed over.
    """
    for name in _TEXTS:
        if not isinstance(fields.get(name), str | None):
            raise RefusedError("bad_value", f"{name}: not a text")
    for name in _LISTS_OF_PARTS:
        parts = fields.get(name)
        # One that can be used is enough.
        usable = isinstance(parts, list) and (not parts or any(map(_is_part, parts)))
        if parts is not None and not usable:
            raise RefusedError("bad_value", f"{name}: not a list of objects with a text as value")
    version = fields.get("version")
    # A whole number is common, though the schemas want a text.
    if isinstance(version, bool) or not isinstance(version, str | int | None):
        raise RefusedError("bad_value", "version: neither a text nor a whole number")
    _require_urgency(fields.get("urgency"))


def _is_part(part: Json) -> bool:
    if not isinstance(part, dict):
        return False
    named = {name.lower(): said for name, said in part.items()}
    return isinstance(named.get("value"), str | None)


def _require_urgency(value: Json) -> None:
    # Texts and 0 are common. What is above 9 means something of the vendor's own, and is left out.
    whole = isinstance(value, float) and value.is_integer()
    numeral = isinstance(value, str) and (not value.strip() or value.strip().isdecimal())
    is_number = isinstance(value, int | None) and not isinstance(value, bool)
    if not (whole or numeral or is_number):
        raise RefusedError("bad_value", "urgency: no whole number")


def _uri(fields: Fields) -> str:
    # Superdesk writes `guid` where the standard has `uri`.
    value = _first(fields, "uri", "guid")
    if value is None or (isinstance(value, str) and one_line(value) is None):
        raise RefusedError("missing_field", "uri: an item in ninjs must have one")
    if not isinstance(value, str):
        raise RefusedError("bad_value", "uri: not a text")
    return value


def _version(fields: Fields) -> str | None:
    value = fields.get("version")
    if isinstance(value, str):
        return one_line(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _published(fields: Fields, version: str | None) -> datetime | None:
    versioned, first, content = (
        instant(fields.get(name), name)
        for name in ("versioncreated", "firstcreated", "contentcreated")
    )
    if versioned is not None or is_later(version):
        return versioned
    # The first version's time is also when the item was first created.
    return first or content


def _signal(fields: Fields, version: str | None, headline: str | None, note: str | None) -> Signal:
    status = (_text(fields, "pubstatus") or "").lower().rsplit(":", 1)[-1]
    if status in _WITHDRAWN:
        # Withheld is not for publication either: what was out is taken back.
        return "kill"
    if status not in _PUBLISHABLE:
        raise RefusedError("bad_value", f"pubstatus: {status[:60]!r}; usable, withheld or canceled")
    said = signals.strongest(
        *(signals.from_code(code) for code in _codes(fields.get("signal"))),
        signals.from_note(note),
        signals.from_headline(headline),
    )
    return "update" if said == "none" and is_later(version) else said


def _codes(value: Json) -> list[str]:
    """The words in a vendor's `signal`: a text, an object with a code, or a list of either."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [code for part in value if not isinstance(part, list) for code in _codes(part)]
    if isinstance(value, dict):
        return [
            part
            for key in ("qcode", "code", "literal", "uri", "name")
            for part in [value.get(key)]
            if isinstance(part, str)
        ]
    return []


def _source(fields: Fields) -> str | None:
    for name in ("provider", "source", "copyrightholder", "infosource", "infosources"):
        value = fields.get(name)
        first = value[0] if isinstance(value, list) and value else value
        said = first.get("name") if isinstance(first, dict) else first
        if isinstance(said, str) and one_line(said):
            return said
    return None


def _headline(fields: Fields) -> str | None:
    # 1.x may have `headline_main` and others beside the headline, or in its place.
    several = _parts(fields.get("headlines")) + [
        (kind, "", text) for _, kind, text in _singles(fields, "headline") if kind
    ]
    main = [part for part in several if part[0] == "main"] or several
    text = _text(fields, "headline") or (main[0][2] if main else _text(fields, "title"))
    if text is None:
        return None
    return one_line(paragraphs(text) if looks_like_markup(text) else text)


def _body(fields: Fields) -> str:
    """The whole text: the body, and a description only where there is no body.

    Where an item has its body both plain and marked up, the plain one is taken if it has line
    breaks, else the marked up one: the reader needs to know where paragraphs end.
    """
    for single, several in (("body", "bodies"), ("description", "descriptions")):
        plain, marked = _renditions(fields, single, several)
        if any("\n" in text.strip() for text in plain) or not marked:
            best = max(plain, key=lambda text: "\n" in text.strip(), default="")
        else:
            best = paragraphs(marked[0])
        if best.strip():
            return best
    return ""


def _renditions(fields: Fields, single: str, several: str) -> tuple[list[str], list[str]]:
    plain: list[str] = []
    marked: list[str] = []
    for _, kind, text in _parts(fields.get(several)) + _singles(fields, single):
        is_marked = any(word in kind for word in ("html", "xml")) or (
            "plain" not in kind and kind != "text" and looks_like_markup(text)
        )
        (marked if is_marked else plain).append(text)
    # HTML before other markup, such as a NITF beside it.
    return plain, sorted(marked, key=lambda text: text.lstrip().startswith("<?xml"))


def _singles(fields: Fields, name: str) -> list[tuple[str, str, str]]:
    """`body_text`, `body_html` and so on, and a bare `body`, as parts; `text` and `html` first."""
    found = [
        ("", key.removeprefix(name).strip("_"), value)
        for key, value in fields.items()
        if (key == name or key.startswith(f"{name}_")) and isinstance(value, str) and value.strip()
    ]
    order = ("text", "html", "xhtml", "")
    return sorted(found, key=lambda part: order.index(part[1]) if part[1] in order else len(order))


def _parts(value: Json) -> list[tuple[str, str, str]]:
    """Role, kind and text of each object in an array of headlines, bodies or descriptions.

    The kind is the media type, or else the role, which in practice often says `html` or `text`.
    """
    found: list[tuple[str, str, str]] = []
    for part in value if isinstance(value, list) else []:
        if not isinstance(part, dict):
            continue
        named = {name.lower(): said for name, said in part.items()}
        text, role, kind = named.get("value"), named.get("role"), named.get("contenttype")
        role = role.lower() if isinstance(role, str) else ""
        kind = kind.lower() if isinstance(kind, str) else role
        if isinstance(text, str) and text.strip():
            found.append((role, kind, text))
    return found


def _urgency(value: Json) -> int | None:
    if isinstance(value, str) and value.strip() in set("123456789"):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value not in _URGENCIES:
        return None
    return int(value)


def _subjects(fields: Fields) -> tuple[str, ...]:
    """Codes as given, Media Topics as `medtop:` and number, names where there is no code."""
    found: list[str] = []
    for name in ("subject", "subjects"):
        value = fields.get(name)
        for part in value if isinstance(value, list) else []:
            code = part if isinstance(part, str) else _subject(part)
            if code and code not in found:
                found.append(code)
    return tuple(found)


def _subject(part: Json) -> str | None:
    if not isinstance(part, dict):
        return None
    texts = {name.lower(): said for name, said in part.items() if isinstance(said, str)}
    code = texts.get("uri") or texts.get("code") or texts.get("literal") or texts.get("qcode")
    if code is None:
        return texts.get("name")
    in_scheme = "mediatopic" in texts.get("scheme", "") and code.isdigit()
    return f"medtop:{code}" if in_scheme else code.replace(_MEDIA_TOPIC, "medtop:", 1)


def _links(fields: Fields) -> tuple[str, ...]:
    """Addresses of the item itself or of what it links to, which some vendors add."""
    found: list[str] = []
    for name in ("url", "link", "links"):
        value = fields.get(name)
        for part in value if isinstance(value, list) else [value]:
            address = part.get("href") if isinstance(part, dict) else part
            if isinstance(address, str) and address.startswith(("http://", "https://")):
                found.append(address)
    return tuple(dict.fromkeys(found))


def _first(fields: Fields, *names: str) -> Json:
    return next((fields[name] for name in names if fields.get(name) is not None), None)


def _text(fields: Fields, *names: str) -> str | None:
    value = _first(fields, *names)
    return value if isinstance(value, str) and value.strip() else None
