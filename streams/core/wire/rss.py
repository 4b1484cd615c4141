"""RSS 0.9x, 1.0 (RDF) and 2.0, and Atom 0.3 and 1.0, with Atom's tombstones.

feedparser reads what an entry says, after its document has been bounded and put right here: it is
given bytes only, so that it opens nothing, and its dates are not used, as some of its parsers ask
for the clock and the time zone of the machine. It does not clean markup and does not resolve links
in it: a body becomes plain text.

RSS knows no kill: an entry that is missing has left the window, and says nothing. An entry says
nothing of its version either; a newer one has the same id and a later time.

Sources: the RSS 2.0 specification (rssboard.org), RSS 1.0 with Dublin Core and content modules
(web.resource.org/rss/1.0), RFC 4287 (Atom), RFC 6721 (tombstones).
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import feedparser
from feedparser.urls import make_safe_absolute_uri

from streams.core.wire import entries, signals, xml
from streams.core.wire.item import Draft, RefusedError, language_code, one_line
from streams.core.wire.markup import looks_like_markup, paragraphs
from streams.core.wire.moments import moment

MAX_BROKEN = 256 * 1024
"""Bytes of an entry that is no well-formed XML: reading it takes longer than its length says."""

_READ_ALL_THE_SAME = "no well-formed XML; read all the same"
_OTHER_ROOTS = ("RDF", "feed", "entry", "deleted-entry")
"""They are a feed's only with one of the namespaces below."""
_FEED_NAMESPACES = (
    b"http://purl.org/rss/1.0/",
    b"http://my.netscape.com/rdf/simple/0.9/",
    b"http://www.w3.org/2005/Atom",
    b"http://purl.org/atom/",
    b"http://purl.org/atompub/tombstones/1.0",
)
_MEDIA_TOPIC = "http://cv.iptc.org/newscodes/mediatopic/"
_MARKED_UP = ("text/html", "application/xhtml+xml")
_LINKED = ("alternate", "related", "via", "enclosure")
_ADDRESS = re.compile(r"[(<]?[^\s()<>@]{1,100}@[^\s()<>@]{1,200}[)>]?")
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#:@]{1,253})")
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What feedparser and the SGML parser below it raise on what they had not foreseen."""

# The same parser on every machine: else another one is looked for, a millisecond each time.
feedparser.api.PREFERRED_XML_PARSERS.clear()

Fields = Mapping[str, Any]


class _Given:
    """Bytes that are read like a file: anything else feedparser may take for a path or address."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self) -> bytes:
        return self._data


def read(data: bytes) -> Draft:
    """What the one entry in these bytes says. Raises `RefusedError`."""
    alone = entries.alone(data)
    if alone.fault is not None and len(alone.document) > MAX_BROKEN:
        raise RefusedError("not_a_story", f"{alone.fault}; too long to be read all the same")
    feed, entry = _parsed(alone.document)
    if alone.tombstone is not None:
        return _tombstone(alone, feed)
    if entry is None:
        raise RefusedError("not_a_story", alone.fault or "no entry can be told from it")
    remarks = (*alone.remarks, _READ_ALL_THE_SAME) if alone.fault else alone.remarks
    return _draft(feed, entry, remarks)


def split(data: bytes) -> tuple[bytes, ...]:
    """One document an entry: the same bytes as long as the entry says the same.

    None for a feed without entries. Never raises; what is no feed stays one item.
    """
    return entries.documents(data)


def complete(data: bytes) -> tuple[bytes, ...]:
    """As `split`, of a feed that was cut short: only those entries that stand whole in it."""
    return entries.complete(data)


def begins(head: bytes) -> bool:
    """Whether it begins with the root of a feed, or of an Atom entry by itself."""
    name = xml.root_name(head)
    if name not in _OTHER_ROOTS:
        return name == "rss"
    # In UTF-16 every second byte is zero. RDF may declare its namespaces further on than its root.
    return any(namespace in head.replace(b"\0", b"") for namespace in _FEED_NAMESPACES)


def _parsed(document: bytes) -> tuple[Fields, Fields | None]:
    try:
        parsed = feedparser.parse(
            _Given(document), sanitize_html=False, resolve_relative_uris=False, response_headers={}
        )
    except _FAULTS as fault:
        raise RefusedError("not_a_story", f"no feed: {str(fault)[:200]}") from None
    found = parsed.entries
    return _plain(parsed.feed), _plain(found[0]) if len(found) == 1 else None


def _plain(given: Any) -> Fields:
    """Without feedparser's aliases, which warn, and give one time for another."""
    return dict(given.items())


def _draft(feed: Fields, entry: Fields, remarks: tuple[str, ...]) -> Draft:
    base = _base(feed)
    headline = _headline(entry)
    body, body_language = _body(entry)
    published, first, of_times = _times(entry)
    return Draft(
        id=_identity(feed, entry) or _absolute(base, _text(entry, "link")),
        body=body,
        headline=headline,
        signal=signals.from_headline(headline),
        published_at=published,
        first_published_at=first,
        source=_source(feed, entry),
        language=_language(feed, entry, body_language),
        byline=_byline(entry),
        dateline=_text(entry, "dateline"),
        subjects=_subjects(entry),
        links=_links(base, entry),
        remarks=(*remarks, *of_times),
    )


def _tombstone(alone: entries.Alone, feed: Fields) -> Draft:
    element = alone.tombstone
    identity = None if element is None else _identity(feed, {"id": element.get("ref")})
    if element is None or identity is None:
        raise RefusedError("missing_field", "ref: a tombstone says which entry is deleted")
    when, remarks = moment(element.get("when"), "when")
    comments = [xml.flat_text(part) for part in element if xml.local_name(part) == "comment"]
    return Draft(
        id=identity,
        signal="kill",
        published_at=when,
        source=_source(feed, {}),
        note=comments[0] if comments else None,
        remarks=(*alone.remarks, *remarks),
    )


def _identity(feed: Fields, entry: Fields) -> str | None:
    """The guid or id; one that is no address or name of its own, with the site it is from.

    Sites that count from one would otherwise replace each other's stories.
    """
    said = one_line(_text(entry, "id"))
    if said is None or ":" in said:
        return said
    site = next((host for address in _addresses(feed) if (host := _HOST.match(address))), None)
    return said if site is None else f"{site[1].lower()}:{said}"


def _headline(entry: Fields) -> str | None:
    title = _text(entry, "title")
    if title is None:
        return None
    return one_line(_prose(title, _kind(entry.get("title_detail"))))


def _body(entry: Fields) -> tuple[str, str | None]:
    """The longest text of the entry, and its language: the whole text before a summary of it."""
    given = entry.get("content")
    parts = [*(given if isinstance(given, list) else []), entry.get("summary_detail")]
    found = [
        (_prose(part["value"], _kind(part)), _text(part, "language"))
        for part in parts
        if isinstance(part, dict) and isinstance(part.get("value"), str) and _is_text(_kind(part))
    ]
    if not found and (summary := _text(entry, "summary")):
        found = [(_prose(summary, "text/html"), None)]
    return max(found, key=lambda text: len(text[0]), default=("", None))


def _kind(detail: Any) -> str:
    kind = detail.get("type") if isinstance(detail, dict) else None
    return kind if isinstance(kind, str) else ""


def _is_text(kind: str) -> bool:
    return not kind or kind.startswith("text/") or kind in _MARKED_UP


def _prose(value: str, kind: str) -> str:
    """Plain text. What says that it is HTML often has nothing of it but entities."""
    if looks_like_markup(value) or kind == "application/xhtml+xml":
        return paragraphs(value)
    if kind in _MARKED_UP:
        return "\n".join(paragraphs(line) for line in value.split("\n"))
    return value


def _times(entry: Fields) -> tuple[datetime | None, datetime | None, tuple[str, ...]]:
    """The time of this version, the time of the first if another, and remarks."""
    updated, of_update = moment(_text(entry, "updated"), "updated")
    published, of_first = moment(_text(entry, "published"), "published")
    remarks = (*of_update, *of_first)
    if updated is None or published is None:
        return updated or published, None, remarks
    return updated, published if published < updated else None, remarks


def _source(feed: Fields, entry: Fields) -> str | None:
    origin = entry.get("source")
    said = (
        _text(entry, "publisher"),
        _text(origin, "title") if isinstance(origin, dict) else None,
        _text(feed, "publisher"),
        _text(feed, "title"),
    )
    found = next((name for name in said if name), None)
    return None if found is None else one_line(_prose(found, "text/html"))


def _language(feed: Fields, entry: Fields, of_body: str | None) -> str | None:
    of_title = entry.get("title_detail")
    said = (
        _text(entry, "language"),
        of_body,
        _text(of_title, "language") if isinstance(of_title, dict) else None,
        _text(feed, "language"),
    )
    return next((code for tag in said if (code := language_code(tag))), None)


def _byline(entry: Fields) -> str | None:
    given = entry.get("authors")
    people = [part for part in given if isinstance(part, dict)] if isinstance(given, list) else []
    names = dict.fromkeys(name for part in people if (name := _text(part, "name")))
    if len(names) > 1:
        return ", ".join(names)
    # From the text itself: feedparser tells name and address apart by domains of four letters.
    author = _text(entry, "author") or ""
    return _ADDRESS.sub("", author).strip(" ()<>") or author or None


def _subjects(entry: Fields) -> tuple[str, ...]:
    """Terms as given, Media Topics as `medtop:` and number."""
    found: list[str] = []
    given = entry.get("tags")
    for tag in given if isinstance(given, list) else []:
        term = _text(tag, "term") or _text(tag, "label")
        if term is None:
            continue
        in_scheme = "mediatopic" in (_text(tag, "scheme") or "") and term.isdigit()
        found.append(f"medtop:{term}" if in_scheme else term.replace(_MEDIA_TOPIC, "medtop:", 1))
    return tuple(dict.fromkeys(found))


def _links(base: str | None, entry: Fields) -> tuple[str, ...]:
    given = entry.get("links")
    parts = [part for part in given if isinstance(part, dict)] if isinstance(given, list) else []
    ranked = [
        (_LINKED.index(relation), _text(part, "href"))
        for part in parts
        if (relation := _text(part, "rel") or "alternate") in _LINKED
    ]
    said = [_text(entry, "link"), *(address for _, address in sorted(ranked, key=lambda x: x[0]))]
    found = [_absolute(base, address) for address in said]
    return tuple(dict.fromkeys(address for address in found if address))


def _base(feed: Fields) -> str | None:
    """The address that relative ones go out from: the feed's own, else of the page it is about.

    `xml:base` has come into them already.
    """
    return next(reversed(_addresses(feed)), None)


def _addresses(feed: Fields) -> list[str]:
    """Of the page that the feed is about, then its own."""
    given = feed.get("links")
    parts = [part for part in given if isinstance(part, dict)] if isinstance(given, list) else []
    own = [_text(part, "href") for part in parts if part.get("rel") == "self"]
    return [said for said in (_text(feed, "link"), *own[:1]) if said and _is_web(said)]


def _absolute(base: str | None, address: str | None) -> str | None:
    if address is None:
        return None
    if not _is_web(address) and base is not None:
        try:
            address = str(make_safe_absolute_uri(base, address))
        except ValueError:
            return None
    return address if _is_web(address) else None


def _is_web(address: str) -> bool:
    return address.startswith(("http://", "https://"))


def _text(fields: Fields, name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) and value.strip() else None
