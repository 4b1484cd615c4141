"""A feed taken apart: one document an entry, which keeps of its feed what the entry needs.

A feed is a window that moves, and every poll sees most entries again. So an entry's document has
nothing in it that changes while the entry does not: neither the other entries nor the feed's own
times, and no counters of comments. It is canonical XML: the same entry gives the same bytes.

A feed that is no well-formed XML is cut where its entries begin and end. Those that are well-formed
by themselves come out as they would have from a sound feed, the others as they stand. What an entry
says is not known here.
"""

import copy
import re
from dataclasses import dataclass
from typing import TypeVar

from lxml import etree

from streams.core.wire import xml
from streams.core.wire.encodings import decoded
from streams.core.wire.item import RefusedError

ENTRIES = ("item", "entry", "deleted-entry")
_ROOTS = ("rss", "RDF", "feed")
_READABLE = _ROOTS + ENTRIES
_KEPT = ("title", "link", "language", "publisher")
"""Of a feed: `language` and `publisher` also from Dublin Core."""
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}"
_INHERITED = (f"{_XML_SPACE}base", f"{_XML_SPACE}lang", "version")
_COUNTED = ("http://purl.org/rss/1.0/modules/slash/", "http://purl.org/syndication/thread/1.0")
"""Namespaces of what is counted about an entry while it stays the same."""
_HEAD = 4_000
_MOST_ENTRIES = 25_000
"""A feed has some dozens; each entry takes the time of a document."""
_KEPT_LENGTH = 2_000

_OPENING = re.compile(r"<(?:[\w.-]+:)?(?:rss|RDF|feed)(?=[\s>])[^<>]{0,8000}>")
_CHANNEL = re.compile(r"<(?:[\w.-]+:)?channel(?=[\s>])[^<>]{0,4000}>")
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^<>\[]{0,1000}>")
_PUT_RIGHT = re.compile(r"<\?put-right ([^<>?]{1,200})\?>\n")
_MARK = re.compile(
    r"<!\[CDATA\[|<!--|<(?P<end>/?)(?P<name>(?:[\w.-]{1,40}:)?(?:item|entry|deleted-entry))"
    r"(?=[\s/>])"
)
_TAG_END = re.compile(r"[^<>]*>")

_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Alone:
    """A document of one entry."""

    document: bytes
    remarks: tuple[str, ...] = ()
    tombstone: xml.Element | None = None
    """The `at:deleted-entry` of RFC 6721, where the entry is one."""
    fault: str | None = None
    """Why it is no well-formed XML; `None` where it is."""


@dataclass(frozen=True, slots=True)
class _Slice:
    """Where an entry stands in the text of a broken feed."""

    start: int
    end: int
    name: str
    ended: bool
    """It has its end tag, or another entry has begun since."""
    closed: bool


@dataclass(frozen=True, slots=True)
class _Shell:
    """A feed without entries."""

    top: xml.Element
    holder: xml.Element
    """Where the title stands."""
    place: xml.Element
    """Where entries stand."""


def documents(data: bytes) -> tuple[bytes, ...]:
    """One document an entry, in the order of the feed; none for a feed without entries.

    What is no feed at all stays one and is refused when it is read, as is a feed of more than
    25,000 entries. Never raises.
    """
    try:
        root, remarks = _root(data)
    except RefusedError as refused:
        return _salvaged(data) or (data,) if _is_broken(refused) else (data,)
    if xml.local_name(root) not in _READABLE:
        return (data,)
    shell, found = _shell(root), _entries(root)
    if len(found) > _MOST_ENTRIES:
        return (data,)
    return tuple(_document(shell, entry, remarks) for entry in found)


def complete(data: bytes) -> tuple[bytes, ...]:
    """The documents of those entries that stand whole in a feed that was cut short."""
    try:
        text, _ = decoded(data)
    except RefusedError:
        return ()
    whole = [part for part in _slices(text) if part.closed]
    return documents(text[: whole[-1].end].encode()) if whole else ()


def alone(data: bytes) -> Alone:
    """The one entry in these bytes. Raises `RefusedError`."""
    try:
        root, remarks = _root(data)
    except RefusedError as refused:
        if _is_broken(refused):
            return _alone_in_broken(data, refused)
        raise
    if xml.local_name(root) not in _READABLE:
        raise RefusedError("not_a_story", f"XML, but no feed: {xml.local_name(root)[:60]!r}")
    entry = _only(_entries(root))
    is_tombstone = xml.local_name(entry) == "deleted-entry"
    return Alone(_document(_shell(root), entry, ()), remarks, entry if is_tombstone else None)


def _alone_in_broken(data: bytes, refused: RefusedError) -> Alone:
    text, remarks = decoded(data)
    parts = _slices(text)
    if not parts:
        raise refused
    if not _only(parts).ended:
        raise RefusedError("not_a_story", "a feed that ends in the middle of its entry")
    salvaged = _salvaged(data)
    if not salvaged:
        raise refused
    (made,) = salvaged
    try:
        _root(made)
    except RefusedError as still:
        said = (*_put_right(text), *remarks)
        return Alone(made, tuple(dict.fromkeys(said)), fault=still.refusal.detail)
    return alone(made)


def _only(entries: list[_Entry]) -> _Entry:
    if len(entries) != 1:
        count = f"{len(entries)} entries" if entries else "no entry"
        raise RefusedError("not_a_story", f"a feed with {count}; one message carries one")
    return entries[0]


def _is_broken(refused: RefusedError) -> bool:
    return refused.refusal.reason == "not_a_story"


def _root(data: bytes) -> tuple[xml.Element, tuple[str, ...]]:
    root, remarks = xml.document(data)
    said = _put_right(data[:_HEAD].decode("utf-8", "replace"))
    _drop_entities(root)
    return root, tuple(dict.fromkeys((*said, *remarks)))


def _put_right(text: str) -> list[str]:
    """What had to be put right in the feed that this document was taken from."""
    found, at = [], 0
    while match := _PUT_RIGHT.match(text, at):
        found.append(match[1])
        at = match.end()
    return found


def _entries(root: xml.Element) -> list[xml.Element]:
    if xml.local_name(root) in ENTRIES:
        return [root]
    channels = [child for child in root if xml.local_name(child) == "channel"]
    return [
        child
        for parent in (*channels, root)
        for child in parent
        if xml.local_name(child) in ENTRIES
    ]


def _document(shell: _Shell | None, entry: xml.Element, remarks: tuple[str, ...]) -> bytes:
    """The entry in a feed of its own; by itself where it came so."""
    own = copy.deepcopy(entry)
    own.tail = None
    _drop_counters(own)
    lines = "".join(f"<?put-right {remark}?>\n" for remark in remarks).encode()
    if shell is None:
        return lines + _canonical(own)
    shell.place.append(own)
    made = lines + _canonical(shell.top)
    shell.place.remove(own)
    return made


def _shell(feed: xml.Element) -> _Shell | None:
    """A feed with what entries need of it."""
    if xml.local_name(feed) not in _ROOTS:
        return None
    top = _bare(feed)
    given = next((child for child in feed if xml.local_name(child) == "channel"), None)
    holder, source = top, feed
    if given is not None:
        holder, source = _bare(given), given
        top.append(holder)
    for name in _KEPT:
        for child in source:
            if xml.local_name(child) == name and _is_kept(child):
                kept = copy.deepcopy(child)
                kept.tail = None
                holder.append(kept)
    return _Shell(top, holder, top if xml.local_name(feed) == "RDF" else holder)


def _is_kept(child: xml.Element) -> bool:
    # Links to hubs, other pages and licences have nothing to do with an entry.
    relation = child.get("rel", "alternate")
    return relation in ("self", "alternate") and len(_canonical(child)) <= _KEPT_LENGTH


def _bare(element: xml.Element) -> xml.Element:
    try:
        made = etree.Element(element.tag, nsmap=element.nsmap)
    except ValueError:
        # A namespace that is no URI: it can be parsed, and not be written again.
        made = etree.Element(xml.local_name(element))
    for name in _INHERITED:
        if (value := element.get(name)) is not None:
            made.set(name, value)
    return made


def _drop_counters(entry: xml.Element) -> None:
    for element in list(entry.iter("*")):
        if etree.QName(element).namespace in _COUNTED:
            parent = element.getparent()
            if parent is not None:
                _drop(parent, element)
        for name in list(element.attrib):
            if etree.QName(name).namespace in _COUNTED:
                del element.attrib[name]


def _canonical(element: xml.Element) -> bytes:
    try:
        made: bytes = etree.tostring(element, method="c14n", exclusive=True, with_tail=False)
    except etree.C14NError:
        # A namespace that is no absolute address has no canonical form.
        made = etree.tostring(element, encoding="utf-8", with_tail=False)
    return made


def _drop_entities(root: xml.Element) -> None:
    """Drops entities that nobody declared; those of HTML are characters already."""
    for entity in list(root.iter(etree.Entity)):
        parent = entity.getparent()
        if parent is not None:
            _drop(parent, entity)


def _drop(parent: xml.Element, child: xml.Element) -> None:
    """Takes the child out and leaves the text behind it."""
    before = child.getprevious()
    if child.tail and before is not None:
        before.tail = (before.tail or "") + child.tail
    elif child.tail:
        parent.text = (parent.text or "") + child.tail
    parent.remove(child)


def _salvaged(data: bytes) -> tuple[bytes, ...]:
    """The entries of a feed that is no well-formed XML; empty where none is to be seen."""
    try:
        text, remarks = decoded(data)
    except RefusedError:
        return ()
    parts = _slices(text)
    if len(parts) > _MOST_ENTRIES:
        return ()
    opening = _OPENING.search(text[: parts[0].start]) if parts else None
    if opening is None:
        return ()
    head, tail = text[: parts[0].start], text[parts[-1].end :]
    doctype = _DOCTYPE.search(head)
    channel = None if "RDF" in opening[0].split()[0] else _CHANNEL.search(head)
    shell = _shell_of((doctype[0] if doctype else "") + head[opening.start() :] + tail)
    before = "".join(match[0] for match in (doctype, opening, channel) if match)
    after = "".join(_end_of(match[0]) for match in (channel, opening) if match)
    said = tuple(dict.fromkeys((*_put_right(text), *remarks)))
    return tuple(_salvage(text, part, shell, (before, after), said) for part in parts)


def _salvage(
    text: str,
    part: _Slice,
    shell: _Shell | None,
    around: tuple[str, str],
    remarks: tuple[str, ...],
) -> bytes:
    before, after = around
    piece = text[part.start : part.end] + (
        "" if part.closed or not part.ended else f"</{part.name}>"
    )
    try:
        root, _ = _root(f"{before}{piece}{after}".encode())
        (entry,) = _entries(root)
        return _document(shell or _shell(root), entry, remarks)
    except (RefusedError, ValueError):
        kept = "" if shell is None else _kept_text(shell)
        lines = "".join(f"<?put-right {remark}?>\n" for remark in remarks)
        return f"{lines}{before}{kept}{piece}{after if part.ended else ''}".encode()


def _kept_text(shell: _Shell) -> str:
    kept = [child for child in shell.holder if xml.local_name(child) != "channel"]
    return b"".join(_canonical(child) for child in kept).decode()


def _shell_of(text: str) -> _Shell | None:
    """What can be told of a broken feed, from its text without the entries."""
    feed = xml.recovered(text)
    if feed is None or xml.local_name(feed) not in _ROOTS:
        return None
    _drop_entities(feed)
    return _shell(feed)


def _end_of(tag: str) -> str:
    return f"</{tag[1:-1].split(maxsplit=1)[0]}>"


def _slices(text: str) -> list[_Slice]:
    """Where entries stand, in linear time; what is said in CDATA and comments is none."""
    found: list[_Slice] = []
    begun: tuple[int, str] | None = None
    at, unseen = 0, set[str]()
    while mark := _MARK.search(text, at):
        at = mark.end()
        if mark["name"] is None:
            end = "]]>" if mark[0].startswith("<![") else "-->"
            close = -1 if end in unseen else text.find(end, at)
            if close < 0:
                unseen.add(end)
            else:
                at = close + len(end)
        elif mark["end"]:
            tag_end = _TAG_END.match(text, at)
            at = tag_end.end() if tag_end else at
            if begun and tag_end:
                found.append(_Slice(begun[0], at, begun[1], ended=True, closed=True))
                begun = None
        else:
            if begun:
                found.append(_Slice(begun[0], mark.start(), begun[1], ended=True, closed=False))
            begun = (mark.start(), mark["name"])
            tag_end = _TAG_END.match(text, at)
            if tag_end and tag_end[0].endswith("/>"):
                found.append(_Slice(begun[0], tag_end.end(), begun[1], ended=True, closed=True))
                begun = None
    if begun:
        found.append(_Slice(begun[0], len(text), begun[1], ended=False, closed=False))
    return found
