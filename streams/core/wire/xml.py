"""XML from outside, bounded: no entities of its own, no network, no DTD, limited depth and size.

What every XML format needs and no format's names: a document from bytes, and text from elements.
"""

import re
from html.entities import html5
from typing import TypeAlias

from lxml import etree

from streams.core.wire.encodings import decoded
from streams.core.wire.item import RefusedError

__all__ = [
    "LANG",
    "Element",
    "attribute",
    "document",
    "elements",
    "flat_text",
    "local_name",
    "recovered",
    "root_name",
]

Element: TypeAlias = etree._Element

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
"""The attribute `xml:lang`."""
MAX_DEPTH = 100
_MAX_ELEMENTS = 200_000
_DECLARATION = re.compile(r"\s*+<\?xml\b[^>]{0,300}?\?>")
_ENCODING = re.compile(rb"<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_INNER_SUBSET = re.compile(r"<!DOCTYPE\b[^>\[]{0,1000}\[")
_HEAD = 4_000
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")
_BEFORE_ROOT = re.compile(
    r"\s*+(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE\b[^>\[]*+(?:\[.*?\]\s*+)?>)", re.DOTALL
)
_ROOT = re.compile(r"\s*+<(?:[\w.-]{1,100}:)?([\w.-]{1,100})(?=[\s/>])")


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
    declaration = _DECLARATION.match(text)
    plain = _numbered(text[declaration.end() if declaration else 0 :].lstrip())
    try:
        root = etree.fromstring(plain, _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RefusedError("not_a_story", f"no well-formed XML: {str(error)[:200]}") from None
    _require_bounds(root)
    return root, remarks


def recovered(text: str) -> Element | None:
    """What can be told of a text that is no well-formed XML; without its XML declaration."""
    try:
        root = etree.fromstring(_numbered(text), _parser(recover=True))
        if root is not None:
            _require_bounds(root)
    except (etree.XMLSyntaxError, ValueError, RefusedError):
        return None
    return root


def root_name(head: bytes) -> str:
    """The local name of the first element in the first bytes of a file; empty where there is none.

    Declaration, comments and document type before it are passed over. Whether the rest is XML is
    not looked at.
    """
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head.decode("utf-16" if wide else "utf-8", "replace").removeprefix("\ufeff")
    at = 0
    while before := _BEFORE_ROOT.match(text, at):
        at = before.end()
    root = _ROOT.match(text, at)
    return root.group(1) if root else ""


def elements(parent: Element, *path: str) -> list[Element]:
    """The elements that a path of local names leads to, in document order, whatever namespace."""
    found = [parent]
    for name in path:
        found = [child for each in found for child in each.iterchildren(f"{{*}}{name}")]
    return found


def attribute(parent: Element, name: str, *path: str) -> str | None:
    """The first value of an attribute that is not blank, among the elements a path leads to."""
    values = (element.get(name) for element in elements(parent, *path))
    return next((value.strip() for value in values if value and value.strip()), None)


def local_name(element: Element) -> str:
    """The element's name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def flat_text(element: Element) -> str:
    """All text inside, in order."""
    return "".join(_texts(element))


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )


def _numbered(text: str) -> str:
    """With the characters that HTML has names for as numbers, so that they need no declaration."""
    return _NAMED.sub(_as_number, text)


def _as_number(named: re.Match[str]) -> str:
    """A character that HTML has a name for by its number: XML knows only five of the names.

    Where a document type outside would declare them, the parser leaves them out of attributes.
    """
    characters = html5.get(named.group(1))
    if characters is None:
        return named.group()
    return "".join(f"&#{ord(character)};" for character in characters)


def _texts(element: Element) -> list[str]:
    # An entity that is still there is none of HTML's, and stands for nothing that is known.
    found: list[str] = [] if element.tag is etree.Entity else [element.text or ""]
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
