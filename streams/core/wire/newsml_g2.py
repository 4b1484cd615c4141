"""NewsML-G2, the IPTC's XML of items: one `newsItem`, bare or in a `newsMessage`, is one story.

Names are looked up without their namespace: agencies leave it out, prefix it or declare their own.
What is no story is refused by what it is: packages, concepts, planning, pictures. Catalogs are not
resolved; codes are taken as they stand, as `qcode` or `uri`. `newsml_g2_content` reads what stands
inside, `newsml_g2_terms` how things are named.

Source: the schemas and guidelines at https://iptc.org/std/NewsML-G2/, and what Reuters, dpa, ANSA,
STT and AFP send.
"""

import re
from datetime import datetime

from lxml import etree

from schemas.stories import Signal
from streams.core.wire import signals
from streams.core.wire.item import (
    Draft,
    RefusedError,
    instant,
    is_later,
    language_code,
    one_line,
)
from streams.core.wire.newsml_g2_content import Content, best_content, prose
from streams.core.wire.newsml_g2_terms import (
    bare,
    code_of,
    code_parts,
    labels,
    name_of,
    role_of,
    topic,
    words_for,
)
from streams.core.wire.xml import (
    LANG,
    Element,
    document,
    elements,
    flat_text,
    local_name,
    root_name,
)

_OTHER_ITEMS = {
    "packageItem": "a package of other items",
    "conceptItem": "a concept of a vocabulary",
    "knowledgeItem": "a vocabulary",
    "planningItem": "the planning of coverage",
    "catalogItem": "a catalog of vocabularies",
}
_MESSAGE = "newsMessage"
_ROOTS = frozenset((_MESSAGE, "newsItem", *_OTHER_ITEMS))
_NO_TEXT = frozenset(("animation", "audio", "composite", "graphic", "picture", "still", "video"))
"""Of itemClass: what has no text inside is then no story, whatever its headline."""

_EDITORIAL_STATUS: dict[str, Signal] = {"c": "correction", "d": "kill", "u": "update"}
"""Reuters says it by `edStat` signals; N is a new story."""
_SLUG_SIGNAL = re.compile(r"\(([A-Z]+)(?: \d+)?\)\W*$")
"""Reuters adds it to the slugline: `PERU-POLITICS/ (CORRECTED)`, `(UPDATE 2)`."""
_URGENCY = re.compile(r"[1-9]")
_ASIDES = (
    *("closingline", "contacts", "localities", "picture", "regionrelevance", "servicemetadata"),
)
"""Ends of the roles of notes that say nothing of the story: dpa's initials, telephone numbers."""
_NOTEPAD = "notepad"
_WRITERS = frozenset(("source", "origprov"))
"""Reuters's roles of an infoSource that wrote the story, and did not just pass it on. The IPTC's
own `contentSource` is a party that was asked."""
_CREDIT = re.compile(r"\s*\([^()]{1,60}\)\s*[-–—]*\s*$|\s*[-–—]+\s*$")
"""What follows the place in a dateline: `Kiel (dpa) - `."""


def read(data: bytes) -> Draft:
    """What one newsItem says; a newsMessage of one item counts as the item.

    Raises `RefusedError`.
    """
    root, remarks = document(data)
    item = _news_item(root)
    guid = _guid(item)
    content = best_content(elements(item, "contentSet"), _languages(item))
    language = content.language or _language(item, root)
    headline = _headline(item, language) or content.headline
    version = one_line(item.get("version"))
    notes = _notes(item)
    signal = _signal(item, version, headline, (*notes, *content.notes))
    if signal != "kill":
        _require_text(item, content)
    first_created = _time(item, "itemMeta", "firstCreated")
    return Draft(
        id=guid,
        version=version,
        signal=signal,
        published_at=_published(item, version, first_created),
        first_published_at=first_created or _content_created(item),
        embargoed_until=None if signal == "kill" else _embargo(item),
        source=_source(item, language),
        language=language,
        headline=headline,
        slugline=_text(item, "contentMeta", "slugline"),
        byline=_text(item, "contentMeta", "by") or content.byline,
        dateline=_dateline(item, language, content),
        body=content.body_without(headline),
        urgency=_urgency(item),
        subjects=_subjects(item),
        links=_links(item),
        note=" ".join(notes or content.notes) or None,
        remarks=remarks,
    )


def begins(head: bytes) -> bool:
    """Whether its root is an item or a message of NewsML-G2. NewsML 1.2 has a root of its own."""
    return root_name(head) in _ROOTS


def split(data: bytes) -> tuple[bytes, ...]:
    """The items of a message with several, each a document of its own; else the data as it is.

    Packages and other items that are no stories are items too. Never raises.
    """
    try:
        root, _ = document(data)
    except RefusedError:
        return (data,)
    items = _items(root)
    if len(items) <= 1:
        return (data,)
    return tuple(_alone(item, root) for item in items)


def _alone(item: Element, root: Element) -> bytes:
    language = item.get(LANG) or root.get(LANG)
    if language:
        item.set(LANG, language)
    # The document type is what lets named entities stand that nobody declared.
    document_type = root.getroottree().docinfo.doctype or None
    return bytes(
        etree.tostring(
            item, encoding="utf-8", xml_declaration=True, doctype=document_type, with_tail=False
        )
    )


def _items(root: Element) -> list[Element]:
    if local_name(root) != _MESSAGE:
        return [root]
    sets = elements(root, "itemSet")
    inside = [child for item_set in sets for child in item_set if local_name(child)]
    return inside + [child for child in root if local_name(child) in _ROOTS]


def _news_item(root: Element) -> Element:
    items = _items(root)
    if not items:
        raise RefusedError("not_a_story", "a newsMessage without an item")
    if len(items) > 1:
        raise RefusedError(
            "not_a_story", f"a newsMessage of {len(items)} items; one message carries one item"
        )
    name = local_name(items[0])
    if name != "newsItem":
        what = _OTHER_ITEMS.get(name, "no item of NewsML-G2")
        raise RefusedError("not_a_story", f"{name[:60]}: {what}")
    return items[0]


def _guid(item: Element) -> str:
    guid = one_line(item.get("guid"))
    if guid is None:
        raise RefusedError("missing_field", "guid: a newsItem must have one")
    return guid


def _require_text(item: Element, content: Content) -> None:
    kind = next((_kind(each) for each in elements(item, "itemMeta")), "")
    if kind in _NO_TEXT and not content.body:
        raise RefusedError("not_a_story", f"a newsItem of class {kind}, and no text inside")


def _published(item: Element, version: str | None, first: datetime | None) -> datetime | None:
    versioned = _time(item, "itemMeta", "versionCreated")
    if versioned is not None or is_later(version):
        return versioned
    # The first version's time is also when the item was first created.
    return first or _content_created(item)


def _time(item: Element, *path: str) -> datetime | None:
    return instant(_text(item, *path), path[-1])


def _content_created(item: Element) -> datetime | None:
    # It may be cut to a month or a year, which is no moment.
    try:
        return _time(item, "contentMeta", "contentCreated")
    except RefusedError:
        return None


def _embargo(item: Element) -> datetime | None:
    """Raises `RefusedError` for an embargo without a time, which the schema allows.

    It ends when the agency says so in a later version; until then nothing may be told of it.
    """
    until = [one_line(flat_text(each)) for each in elements(item, "itemMeta", "embargoed")]
    if None in until:
        raise RefusedError(
            "bad_value", "embargoed: no time, which is an embargo until the agency lifts it"
        )
    ends = [instant(each, "embargoed") for each in until]
    return max((end for end in ends if end), default=None)


def _signal(
    item: Element, version: str | None, headline: str | None, notes: tuple[str, ...]
) -> Signal:
    status = next((code_of(each) for each in elements(item, "itemMeta", "pubStatus")), None)
    told = signals.from_code(status) if status else "none"
    if status and told == "none" and bare(status) != "usable":
        raise RefusedError("bad_value", f"pubStatus: {status[:60]!r}; usable, withheld or canceled")
    codes = [code_of(each) or "" for each in elements(item, "itemMeta", "signal")]
    roles = [role_of(each) for each in elements(item, "itemMeta", "edNote")]
    slug = _SLUG_SIGNAL.search(_text(item, "contentMeta", "slugline") or "")
    said = signals.strongest(
        told,
        *(signals.from_code(code) for code in codes),
        *(_EDITORIAL_STATUS.get(bare(code), "none") for code in codes if _is_editorial(code)),
        *(signals.from_note(note) for note in notes),
        # dpa's `correctionshort` is a correction in short.
        *(signals.from_code(role.removesuffix("short")) for role in roles),
        signals.from_headline(headline),
        signals.from_code(slug.group(1)) if slug else "none",
    )
    return "update" if said == "none" and is_later(version) else said


def _is_editorial(code: str) -> bool:
    return "edstat" in code_parts(code.lower())


def _notes(item: Element) -> tuple[str, ...]:
    """Notes to editors, as they stand; dpa's notepad repeats the others, and is taken without them.

    Not what is for the agency's own people, such as telephone numbers.
    """
    found: dict[str, str] = {}
    for note in elements(item, "itemMeta", "edNote"):
        role = role_of(note)
        if not role.endswith(_ASIDES) and (said := one_line(prose(note), 4_000)):
            found.setdefault(said, role)
    plain = tuple(said for said, role in found.items() if role != _NOTEPAD)
    return plain or tuple(found)


def _languages(item: Element) -> tuple[str, ...]:
    """Those that the item says its content has, in its order."""
    tags = (each.get("tag") for each in elements(item, "contentMeta", "language"))
    return tuple(code for tag in tags if (code := language_code(tag)))


def _language(item: Element, root: Element) -> str | None:
    said = _languages(item)
    # Else that of the metadata: an agency writes them in the language of the story.
    return said[0] if said else language_code(item.get(LANG) or root.get(LANG))


def _headline(item: Element, language: str | None) -> str | None:
    """The main one in the story's language; the item's title where there is none."""
    headlines = labels(elements(item, "contentMeta", "headline"), language)
    titles = labels(elements(item, "itemMeta", "title"), language)
    return next(iter((*headlines, *titles)), None)


def _source(item: Element, language: str | None) -> str | None:
    """Who wrote it, or else who provides it, or else whom it is credited to."""
    sources = elements(item, "contentMeta", "infoSource")
    parties = [
        *(each for each in sources if role_of(each) in _WRITERS),
        *elements(item, "itemMeta", "provider"),
    ]
    names = (name_of(party, language) for party in parties)
    return next((name for name in names if name), _text(item, "contentMeta", "creditline"))


def _dateline(item: Element, language: str | None, content: Content) -> str | None:
    """The place it was filed from, by name; else the line as written, where it is no mere time."""
    for place in elements(item, "contentMeta", "located"):
        if name := words_for(place, language):
            return name
    line = _text(item, "contentMeta", "dateline") or content.dateline
    return None if line is None or line[0].isdigit() else _CREDIT.sub("", line) or None


def _urgency(item: Element) -> int | None:
    said = _text(item, "contentMeta", "urgency") or ""
    return int(said) if _URGENCY.fullmatch(said) else None


def _subjects(item: Element) -> tuple[str, ...]:
    """Codes as given, Media Topics as `medtop:` and number, also where they say 'same as'."""
    found: list[str] = []
    for subject in elements(item, "contentMeta", "subject"):
        code = code_of(subject)
        found.append(topic(code) or code if code else words_for(subject, None) or "")
        same = (topic(code_of(each) or "") for each in elements(subject, "sameAs"))
        found += [also for also in same if also]
    return tuple(dict.fromkeys(code for code in found if code))


def _links(item: Element) -> tuple[str, ...]:
    """Addresses of the item itself and of what it refers to, pictures aside."""
    addresses = [
        *(flat_text(each).strip() for each in elements(item, "itemMeta", "altRep")),
        *(
            each.get("href", "")
            for each in elements(item, "itemMeta", "link")
            if _kind(each) not in _NO_TEXT
        ),
    ]
    web = (each for each in addresses if each.startswith(("http://", "https://")))
    return tuple(dict.fromkeys(web))


def _text(item: Element, *path: str) -> str | None:
    """The first text that stands there."""
    texts = (one_line(flat_text(each)) for each in elements(item, *path))
    return next((text for text in texts if text), None)


def _kind(thing: Element) -> str:
    """The class of the item, or of what a link leads to; empty where it is not said."""
    return next((bare(code_of(each) or "") for each in elements(thing, "itemClass")), "")
