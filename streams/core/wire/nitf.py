"""NITF 3.x, the News Industry Text Format, with the habits of AP, EFE and PA.

One document is one edition: `docdata` says which and how it stands, `body.content` is the copy. A
document may speak of another one: `management-doc-idref` names it, `management-idref-status` (or,
where that is missing, `management-status`) says how that one stands now, `correction` names what it
corrects. It is then read as an edition of the document it names, so that a kill or a correction
meets its story by its id; docs/decisions/0013-a-document-that-cancels-another.md has the rules.

How the texts of NewsML 1.2 look inside is known here too, as they are NITF. `date.expire` is not
read: a story that is no longer for publication was still true when it was sent. A document without
`id-string` is refused; AP's programming interface sends such ones and has the id beside them.

Source: NITF 3.6, https://iptc.org/std/NITF/3.6/documentation/nitf-3-6.html.
"""

import re
from datetime import datetime

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
from streams.core.wire.xml import (
    LANG,
    Element,
    attribute,
    document,
    elements,
    flat_text,
    local_name,
    root_name,
)

_WITHDRAWN = frozenset(("withheld", "canceled", "cancelled"))
_STATUSES = frozenset(("usable", "embargoed")) | _WITHDRAWN
_SALUTATION = re.compile(r"^\W*(?:eds|editors)\b[\s.:,-]*", re.IGNORECASE)
_WRITETHRU = re.compile(
    r"\b(?:[0-9]{1,2}(?:st|nd|rd|th) Ld|Ld[- ]Writethru|Writethru)\b", re.IGNORECASE
)
_END_MARKS = frozenset(("mf", "ends", "end", "more follows"))
"""Last lines by which PA says that more follows, or that this was all."""


def read(data: bytes) -> Draft:
    """What a NITF document says. Raises `RefusedError`."""
    root, remarks = document(data)
    if local_name(root) != "nitf":
        raise RefusedError("not_a_story", f"the root is {local_name(root)[:60]!r}, not nitf")
    text = body(root)
    notes = _notes(root)
    title = headline(root)
    identity, status_says = _identity(root, text, notes)
    name, version = (None, None) if identity is None else without_revision(identity)
    signal = _strongest(root, status_says, title, notes)
    issued = _issued(root)
    return Draft(
        id=name,
        version=attribute(root, "version", "head", "docdata", "du-key") or version,
        signal=signal,
        published_at=issued,
        embargoed_until=_embargo(root, issued, signal),
        source=_source(root),
        language=_language(root),
        headline=title,
        slugline=_slugline(root, title),
        byline=line(root, "body", "body.head", "byline")
        or line(root, "body", "body.end", "tagline"),
        dateline=_dateline(root) or place_in(text),
        body=text,
        urgency=urgency(attribute(root, "ed-urg", "head", "docdata", "urgency")),
        subjects=_subjects(root),
        note=" ".join(notes) or None,
        remarks=remarks,
    )


def begins(head: bytes) -> bool:
    """Whether the first element is `nitf`."""
    return root_name(head) == "nitf"


def split(data: bytes) -> tuple[bytes, ...]:
    """A document is one item."""
    return (data,)


def body(nitf: Element) -> str:
    """The paragraphs of the copy; those of the abstract only where there is no copy.

    Captions and notes are left out, as are the marks by which an agency ends its copy.
    """
    for path in (("body", "body.content"), ("body", "body.head", "abstract")):
        whole = "\n\n".join(filter(None, map(plain, elements(nitf, *path))))
        text, _, last = whole.rpartition("\n\n")
        found = text if last.lower().strip(" ().") in _END_MARKS else whole
        if found:
            return found
    return ""


def headline(nitf: Element) -> str | None:
    """The first of `hl1`, `hl2` and `title` that says something."""
    hedline = ("body", "body.head", "hedline")
    return line(nitf, *hedline, "hl1") or line(nitf, *hedline, "hl2") or line(nitf, "head", "title")


def _identity(root: Element, text: str, notes: tuple[str, ...]) -> tuple[str | None, Signal]:
    """Whose edition the document is, and what its status says of the editions before."""
    own = _status(root, "management-status")
    corrects = bool(elements(root, "head", "docdata", "correction"))
    referenced = attribute(root, "management-doc-idref", "head", "docdata")
    if referenced is None:
        corrected = attribute(root, "id-string", "head", "docdata", "correction")
        name = _named(root, corrected) if corrected else _own_id(root)
        return name, "kill" if own in _WITHDRAWN else "correction" if corrects else "none"
    theirs = _status(root, "management-idref-status") or own
    if own in _WITHDRAWN or (theirs in _WITHDRAWN and not _is_copy(text, notes)):
        return _named(root, referenced), "kill"
    if not text:
        raise RefusedError(
            "not_a_story", f"it has no text and says only that {referenced[:200]!r} is {theirs!r}"
        )
    name = _named(root, referenced)
    return name, "correction" if corrects or theirs in _WITHDRAWN else "update"


def _status(root: Element, name: str) -> str:
    status = (attribute(root, name, "head", "docdata") or "").lower()
    if status and status not in _STATUSES:
        raise RefusedError(
            "bad_value", f"{name}: {status[:60]!r}; usable, embargoed, withheld or canceled"
        )
    return status


def _own_id(root: Element) -> str | None:
    """`None` where an agency gives none, as AP does in files of its own make."""
    own = attribute(root, "id-string", "head", "docdata", "doc-id")
    return None if own is None else _named(root, own)


def _named(root: Element, identity: str) -> str:
    """The id with who gave it: a bare number is one agency's own, and another has it too."""
    registrar = attribute(root, "regsrc", "head", "docdata", "doc-id")
    return identity if registrar is None or ":" in identity else f"{registrar}:{identity}"


def _is_copy(text: str, notes: tuple[str, ...]) -> bool:
    """Whether a text that comes with a withdrawal replaces what is withdrawn, or just says so."""
    return bool(text) and signals.strongest(*map(signals.from_note, (text, *notes))) != "kill"


def _strongest(root: Element, signal: Signal, title: str | None, notes: tuple[str, ...]) -> Signal:
    slugs = [title, line(root, "head", "title")]
    slugs += [element.get("content") for element in elements(root, "head", "meta")]
    history = [element.get("comment") for element in elements(root, "head", "revision-history")]
    version = attribute(root, "version", "head", "docdata", "du-key")
    is_newer = is_later(version) or any(_WRITETHRU.search(slug or "") for slug in (*slugs, *notes))
    return signals.strongest(
        signal,
        *(signals.from_note(_SALUTATION.sub("", note)) for note in notes),
        *(signals.from_headline(slug) for slug in slugs),
        signals.from_note(history[-1] if history else None),
        "update" if is_newer else "none",
    )


def _notes(root: Element) -> tuple[str, ...]:
    """What is said to editors: messages, the reason for a correction, notes beside the copy."""
    docdata = ("head", "docdata")
    said = [element.get("info") for element in elements(root, *docdata, "ed-msg")]
    said += [element.get("info") for element in elements(root, *docdata, "correction")]
    for part in elements(root, "body"):
        said += [flat_text(element) for element in part.iter() if local_name(element) == "note"]
    return tuple(text for note in said if (text := one_line(note)))


def _issued(root: Element) -> datetime | None:
    """The time of this version: when it was issued, or revised if that was later."""
    issue = attribute(root, "norm", "head", "docdata", "date.issue")
    issued = instant(issue, "date.issue") or instant(
        attribute(root, "date.publication", "head", "pubdata"), "pubdata/date.publication"
    )
    times = [issued] if issued else []
    for revision in elements(root, "head", "revision-history"):
        try:
            revised = instant(revision.get("norm"), "revision-history")
        except RefusedError:
            # A trail for audits, often in the words of an editor's system; no story hangs on it.
            continue
        times += [revised] if revised else []
    return max(times, default=None)


def _embargo(root: Element, issued: datetime | None, signal: Signal) -> datetime | None:
    """When the document may be published: its release, where that comes after its issue."""
    release = instant(attribute(root, "norm", "head", "docdata", "date.release"), "date.release")
    if _status(root, "management-status") == "embargoed":
        if release is None and signal != "kill":
            raise RefusedError(
                "missing_field",
                "management-status is embargoed, and no date.release says till when",
            )
        return release
    return release if release and (issued is None or release > issued) else None


def _source(root: Element) -> str | None:
    docdata = ("head", "docdata")
    return (
        attribute(root, "regsrc", *docdata, "doc-id")
        or line(root, "body", "body.head", "distributor")
        or attribute(root, "holder", *docdata, "doc.copyright")
        or line(root, "body", "body.head", "rights", "rights.owner")
        or attribute(root, "src-name", *docdata, "del-list", "from-src")
    )


def _language(root: Element) -> str | None:
    tags = (root.get(LANG), root.get("baselang"), attribute(root, LANG, "body"))
    return next((code for tag in tags if (code := language_code(tag))), None)


def _slugline(root: Element, title: str | None) -> str | None:
    """The slug, where each agency has it: AP in a `meta`, PA in `title`, EFE in the keywords."""
    for meta in elements(root, "head", "meta"):
        name, content = meta.get("name") or "", meta.get("content") or ""
        if name.lower() in ("anpa-keyword", "slugline") and content:
            return str(content)
    slug = line(root, "head", "title")
    docdata = ("head", "docdata")
    keywords = [word.get("key") or "" for word in elements(root, *docdata, "key-list", "keyword")]
    return (
        (slug if slug != title else None)
        or "-".join(filter(None, keywords))
        or attribute(root, "series.name", *docdata, "series")
        or attribute(root, "key", *docdata, "du-key")
    )


def _dateline(root: Element) -> str | None:
    """The city that the copy was filed from; its country and the date are left out."""
    dateline = ("body", "body.head", "dateline")
    for path in (("location", "city"), ("location",)):
        if place := line(root, *dateline, *path):
            return place.split(",", 1)[0]
    for element in elements(root, *dateline):
        parts = [element.text, *(child.tail for child in element)]
        if place := one_line(" ".join(filter(None, parts))):
            return place
    return None


def _subjects(root: Element) -> tuple[str, ...]:
    found: list[str] = []
    for element in elements(root, "head", "tobject", "tobject.subject"):
        code = (element.get("tobject.subject.refnum") or "").strip()
        scheme = element.get("tobject.subject.ipr") or "IPTC"
        names = (element.get(f"tobject.subject.{level}") for level in ("detail", "matter", "type"))
        if code:
            found.append(subject(code) if scheme.upper() == "IPTC" else f"{scheme}:{code}")
        else:
            found += [name for name in names if name][:1]
    for element in elements(root, "head", "docdata", "identified-content", "classifier"):
        kind, code = element.get("type") or "", (element.get("value") or "").strip()
        coded = subject(code)
        found += [coded if coded != code else f"{kind}:{code}"] if code and kind else []
    return tuple(dict.fromkeys(found))
