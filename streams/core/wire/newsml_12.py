"""NewsML 1.x, as AFP and the agencies of its school send it: an envelope with items in it.

A `NewsItem` is one revision of one story; its `NewsComponent`s are a tree of texts, pictures and
their captions, in one or several languages. Here the item's own text is chosen from them, and the
lines and codes nearest to it. An item of pictures, or of references to other items, is no story.

Times without an offset are taken as UTC. The id is the URN without its revision, so that all
revisions of an item are one story.

Source: NewsML 1.2 functional specification, https://iptc.org/std/NewsML/1.2/specification/.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime

from lxml import etree

from schemas.stories import Signal
from streams.core.wire import signals
from streams.core.wire.iptc import line, place_in, plain, subject, urgency, without_revision
from streams.core.wire.item import (
    Draft,
    RefusedError,
    instant,
    is_later,
    language_code,
    one_line,
)
from streams.core.wire.newsml_12_content import (
    headline_inside,
    language_of,
    own_text,
    require_flash,
    texts,
    with_lead,
)
from streams.core.wire.xml import (
    LANG,
    Element,
    attribute,
    document,
    elements,
    local_name,
    root_name,
)

_WITHDRAWN = frozenset(("withheld", "canceled", "cancelled"))
_HELD = frozenset(("embargoed", "withheld"))
_STATUSES = frozenset(("", "usable")) | _WITHDRAWN | _HELD
_LINES_TO_EDITORS = ("advisoryline", "productline", "productnameline")
_NO_PLACE = re.compile(r"[,(\d–—]| - ")
_MAX_ENVELOPES = 64 * 1024 * 1024


def read(data: bytes) -> Draft:
    """What the one `NewsItem` of a document says. Raises `RefusedError`."""
    root, remarks = document(data)
    item = _only_item(root)
    inside = list(texts(item))
    own = own_text(inside, language_of(item, root, *elements(item, "NewsComponent")))
    around = own.components if own else tuple(_components(item))
    language = language_of(*around, item, root)
    headline = _line(around, "HeadLine", language) or (headline_inside(own) if own else None)
    name, revision = _identity(item)
    notes = _notes(around)
    standing, embargo = _standing(item)
    signal = _signal(item, standing, revision, headline, notes)
    if own is None and signal != "kill":
        require_flash(item, inside)
    body = with_lead(own, inside) if own else ""
    created = _instant(item, "FirstCreated")
    return Draft(
        id=name,
        version=revision,
        signal=signal,
        published_at=_instant(item, "ThisRevisionCreated")
        or (None if is_later(revision) else created),
        first_published_at=created,
        embargoed_until=embargo,
        source=_source(root, item, around),
        language=language,
        headline=headline,
        slugline=_slugline(item, around, language),
        byline=_line(around, "ByLine", language),
        dateline=_dateline(around, language) or place_in(body),
        body=body,
        urgency=_urgency(root, item),
        subjects=_subjects(around),
        note=" ".join(notes) or None,
        remarks=remarks,
    )


def begins(head: bytes) -> bool:
    """Whether the first element is `NewsML`; NewsML-G2 begins with other names."""
    return root_name(head) == "NewsML"


def split(data: bytes) -> tuple[bytes, ...]:
    """A document for each `NewsItem`, in the same envelope, in UTF-8; else the data as one item.

    Never raises. An envelope so large that its copies would be more than 64 MB is left out.
    """
    try:
        root, _ = document(data)
    except RefusedError:
        return (data,)
    items = elements(root, "NewsItem") if local_name(root) == "NewsML" else []
    if len(items) <= 1:
        return (data,)
    envelopes = elements(root, "NewsEnvelope")[:1]
    size = sum(len(etree.tostring(envelope)) for envelope in envelopes)
    kept = envelopes if size * len(items) <= _MAX_ENVELOPES else []
    return tuple(_alone(root, kept, item) for item in items)


def _alone(root: Element, envelopes: list[Element], item: Element) -> bytes:
    document_ = etree.Element(root.tag, dict(root.attrib), nsmap=root.nsmap)
    document_.extend(deepcopy(part) for part in (*envelopes, item))
    written: bytes = etree.tostring(document_, encoding="utf-8", xml_declaration=True)
    return written


def _only_item(root: Element) -> Element:
    if local_name(root) != "NewsML":
        raise RefusedError("not_a_story", f"the root is {local_name(root)[:60]!r}, not NewsML")
    items = elements(root, "NewsItem")
    if len(items) != 1:
        raise RefusedError("not_a_story", f"{len(items)} NewsItems; one message carries one item")
    return items[0]


def _identity(item: Element) -> tuple[str, str | None]:
    """The id that all revisions share, and the revision.

    A `PublicIdentifier` that is no whole URN (one agency has its own name there, in every item) is
    made up for from the parts that the standard makes it of.
    """
    of = ("Identification", "NewsIdentifier")
    revision = line(item, *of, "RevisionId")
    public = line(item, *of, "PublicIdentifier")
    parts = [line(item, *of, part) for part in ("ProviderId", "DateId", "NewsItemId")]
    if public and public.lower().startswith("urn:newsml:") and public.count(":") >= 4:
        name, from_urn = without_revision(public)
        return name, revision or from_urn
    if parts[0] and parts[2]:
        return ":".join(("urn", "newsml", *filter(None, parts))), revision
    if public and not public.lower().startswith("urn:newsml:"):
        return public.removesuffix(f":{revision}"), revision
    raise RefusedError(
        "missing_field",
        "NewsIdentifier: neither a whole PublicIdentifier nor a ProviderId with a NewsItemId",
    )


def _standing(item: Element) -> tuple[Signal, datetime | None]:
    """Whether the item is withdrawn, and until when it is held back."""
    status = (attribute(item, "FormalName", "NewsManagement", "Status") or "").lower()
    if status not in _STATUSES:
        raise RefusedError(
            "bad_value", f"Status: {status[:60]!r}; Usable, Embargoed, Withheld or Canceled"
        )
    until = min(_lifted(item), default=None)
    if status in _HELD and until is not None:
        return "none", until
    if status == "embargoed":
        raise RefusedError(
            "missing_field", "Status is Embargoed, and no StatusWillChange says till when"
        )
    return "kill" if status in _WITHDRAWN else "none", None


def _lifted(item: Element) -> list[datetime]:
    times: list[datetime] = []
    for change in elements(item, "NewsManagement", "StatusWillChange"):
        future = attribute(change, "FormalName", "FutureStatus") or ""
        moment = instant(line(change, "DateAndTime"), "StatusWillChange/DateAndTime")
        times += [moment] if moment and future.lower() == "usable" else []
    return times


def _signal(
    item: Element,
    standing: Signal,
    revision: str | None,
    headline: str | None,
    notes: tuple[str, ...],
) -> Signal:
    return signals.strongest(
        standing,
        *_instructed(item),
        *(signals.from_note(note) for note in notes),
        signals.from_headline(headline),
        "update" if is_later(revision) else "none",
    )


def _instructed(item: Element) -> Iterator[Signal]:
    """What the item is called, and what it tells its recipients to do."""
    for name in ("Instruction", "RevisionHistory", "NewsItemType"):
        for each in elements(item, "NewsManagement", name):
            before = elements(each, "RevisionStatus", "Status")
            if any((status.get("FormalName") or "").lower() in _WITHDRAWN for status in before):
                # What is withdrawn are the revisions before; this one stands in their place.
                yield "correction"
            else:
                yield signals.from_code(each.get("FormalName") or "")


def _components(parent: Element) -> Iterator[Element]:
    return (each for each in parent.iter() if local_name(each) == "NewsComponent")


def _line(around: tuple[Element, ...], name: str, language: str | None) -> str | None:
    """The nearest line of this name, in this language where there are several."""
    for component in around:
        found = elements(component, "NewsLines", name)
        found.sort(key=lambda each: language_code(each.get(LANG)) not in (language, None))
        for element in found:
            if said := one_line(plain(element)):
                return said
    return None


def _notes(around: tuple[Element, ...]) -> tuple[str, ...]:
    """Lines that are meant for editors, such as an advisory or what comes with the story."""
    found: list[str] = []
    for component in around:
        for each in elements(component, "NewsLines", "NewsLine"):
            kind = (attribute(each, "FormalName", "NewsLineType") or "").lower()
            said = line(each, "NewsLineText") if kind in _LINES_TO_EDITORS else None
            found += [said] if said else []
    return tuple(dict.fromkeys(found))


def _slugline(item: Element, around: tuple[Element, ...], language: str | None) -> str | None:
    keywords = [
        one_line(plain(each))
        for component in around
        for each in elements(component, "NewsLines", "KeywordLine")
    ]
    return (
        _line(around, "SlugLine", language)
        or line(item, "Identification", "NameLabel")
        or "-".join(filter(None, keywords))
    )


def _dateline(around: tuple[Element, ...], language: str | None) -> str | None:
    """The place alone, of `Paris, 21 jan 2026 (AFP) -`; else the origin that the codes tell."""
    said = _line(around, "DateLine", language)
    if said and (place := _NO_PLACE.split(said, maxsplit=1)[0].strip(" -")):
        return place
    for component in around:
        for where in elements(component, "DescriptiveMetadata", "Location"):
            if where.get("HowPresent") == "Origin":
                for part in elements(where, "Property"):
                    if part.get("FormalName") == "City" and part.get("Value"):
                        return str(part.get("Value"))
    return None


def _source(root: Element, item: Element, around: tuple[Element, ...]) -> str | None:
    """Who provides the text, else whose it is, else who sends it."""
    for role in ("Provider", "Source"):
        for component in around:
            party = attribute(component, "FormalName", "AdministrativeMetadata", role, "Party")
            if party:
                return party
    return (
        _line(around, "CreditLine", None)
        or attribute(root, "FormalName", "NewsEnvelope", "SentFrom", "Party")
        or line(item, "Identification", "NewsIdentifier", "ProviderId")
    )


def _urgency(root: Element, item: Element) -> int | None:
    said = (
        attribute(item, "FormalName", "NewsManagement", "Urgency"),
        line(item, "NewsManagement", "Urgency"),
        attribute(root, "FormalName", "NewsEnvelope", "Priority"),
    )
    return next((number for each in said if (number := urgency(each))), None)


def _subjects(around: tuple[Element, ...]) -> tuple[str, ...]:
    codes = (
        each.get("FormalName", "").strip()
        for component in around
        for code in elements(component, "DescriptiveMetadata", "SubjectCode")
        for each in code
    )
    return tuple(dict.fromkeys(subject(code) for code in codes if code))


def _instant(item: Element, name: str) -> datetime | None:
    return instant(line(item, "NewsManagement", name), name)
