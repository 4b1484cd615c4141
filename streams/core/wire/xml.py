"""XML from outside, bounded: no entities of its own, no network, no DTD, limited depth and size.

What every XML format needs and no format's names: a document from bytes, and text from elements.
"""

import re
from html.entities import html5
from typing import TypeAlias

from lxml import etree

from streams.core.wire.encodings import decoded
from streams.core.wire.item import RefusedError

__all__ = ["Element", "document", "flat_text", "local_name"]

Element: TypeAlias = etree._Element

MAX_DEPTH = 100
_MAX_ELEMENTS = 200_000
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,300}?\?>")
_ENCODING = re.compile(rb"<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_INNER_SUBSET = re.compile(r"<!DOCTYPE\b[^>\[]{0,1000}\[")
_HEAD = 4_000


def document(data: bytes) -> tuple[Element, tuple[str, ...]]:
    """The root element, and what was put right to read it.

    Raises `RefusedError` for what is no well-formed XML, declares entities, or is nested deeper
    than 100 or has more than 200,000 elements.
    """
    declared = _ENCODING.search(data[:_HEAD])
    text, remarks = decoded(data, declared.group(1).decode("ascii") if declared else None)
    if _INNER_SUBSET.search(text[:_HEAD]):
        raise RefusedError("bad_value", "XML with a document type that declares things of its own")
    # The text has no encoding left to declare.
    plain = text.lstrip()
    declaration = _DECLARATION.match(plain)
    plain = plain[declaration.end() :].lstrip() if declaration else plain
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(plain, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RefusedError("not_a_story", f"no well-formed XML: {str(error)[:200]}") from None
    _require_bounds(root)
    return root, remarks


def local_name(element: Element) -> str:
    """The element's name without its namespace; empty for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def flat_text(element: Element) -> str:
    """All text inside, in order, with the named entities of HTML that a DTD would have had."""
    return "".join(_texts(element))


def _texts(element: Element) -> list[str]:
    found: list[str] = []
    if element.tag is etree.Entity:
        found.append(html5.get(f"{element.name};", ""))
    else:
        found.append(element.text or "")
    for child in element:
        found += _texts(child)
        found.append(child.tail or "")
    return found


def _require_bounds(root: Element) -> None:
    count, level = 0, [root]
    for _ in range(MAX_DEPTH):
        count += len(level)
        if count > _MAX_ELEMENTS:
            raise RefusedError("too_large", f"more than {_MAX_ELEMENTS} elements")
        level = [child for element in level for child in element]
        if not level:
            return
    raise RefusedError("bad_value", f"nested deeper than {MAX_DEPTH}")
