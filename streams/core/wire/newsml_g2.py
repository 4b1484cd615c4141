"""NewsML-G2, the IPTC's XML of items: one `newsItem`, bare or in a `newsMessage`, is one story.

Names are looked up without their namespace: agencies leave it out, prefix it or declare their own.
What is no story is refused by what it is: packages, concepts, planning, pictures. Catalogs are not
resolved; codes are taken as they stand, as `qcode` or `uri`. What stands inside is read in
`newsml_g2_content`.

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
from streams.core.wire.xml import Element, document, elements, flat_text, local_name, root_name

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
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_EDITORIAL_STATUS: dict[str, Signal] = {"c": "correction", "d": "kill", "u": "update"}
"""Reuters says it by `edStat` signals; N is a new story."""
_SLUG_SIGNAL = re.compile(r"\(([A-Z]+)(?: \d+)?\)\W*$")
"""Reuters adds it to the slugline: `PERU-POLITICS/ (CORRECTED)`, `(UPDATE 2)`."""
_MEDIA_TOPIC = re.compile(
    r"^(?:https?://cv\.iptc\.org/newscodes/mediatopic/|medtop:|mediatopic:)(\d{8})$"
)
_CODE_PARTS = re.compile(r"[:/#]")
_URGENCY = re.compile(r"[1-9]")
_PRIVATE_NOTES = ("closingline", "contacts", "picture")
"""Ends of the roles of notes that say nothing of the story: dpa's initials, telephone numbers."""
_NOTEPAD = "notepad"
_OUR_SOURCE = ("source", "origprov")
"""Ends of the roles of an infoSource that wrote the story, not just passed it on."""


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
        dateline=_dateline(item, language) or content.dateline,
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
    language = item.get(_LANG) or root.get(_LANG)
    if language:
        item.set(_LANG, language)
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
    kind = next((_code(each) for each in elements(item, "itemMeta", "itemClass")), None)
    if kind and _bare(kind) in _NO_TEXT and not content.body:
        raise RefusedError("not_a_story", f"itemClass {kind[:60]}, and no text inside")


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
    status = next((_code(each) for each in elements(item, "itemMeta", "pubStatus")), None)
    told = signals.from_code(status) if status else "none"
    if status and told == "none" and _bare(status) != "usable":
        raise RefusedError("bad_value", f"pubStatus: {status[:60]!r}; usable, withheld or canceled")
    codes = [_code(each) or "" for each in elements(item, "itemMeta", "signal")]
    slug = _SLUG_SIGNAL.search(_text(item, "contentMeta", "slugline") or "")
    said = signals.strongest(
        told,
        *(signals.from_code(code) for code in codes),
        *(_EDITORIAL_STATUS.get(_bare(code), "none") for code in codes if _is_editorial(code)),
        *(signals.from_note(note) for note in notes),
        signals.from_headline(headline),
        signals.from_code(slug.group(1)) if slug else "none",
    )
    return "update" if said == "none" and is_later(version) else said


def _is_editorial(code: str) -> bool:
    return "edstat" in _CODE_PARTS.split(code.lower())


def _notes(item: Element) -> tuple[str, ...]:
    """Notes to editors, as they stand; dpa's notepad repeats the others, and is taken without them.

    Not what is for the agency's own people, such as telephone numbers.
    """
    found: dict[str, str] = {}
    for note in elements(item, "itemMeta", "edNote"):
        role = _bare(note.get("role") or note.get("roleuri") or "")
        if not role.endswith(_PRIVATE_NOTES) and (said := one_line(prose(note), 4_000)):
            found.setdefault(said, role)
    plain = tuple(said for said, role in found.items() if role != _NOTEPAD)
    return plain or tuple(found)


def _languages(item: Element) -> tuple[str, ...]:
    """Those that the item says its content has, in its order."""
    tags = (each.get("tag") for each in elements(item, "contentMeta", "language"))
    return tuple(code for tag in tags if (code := language_code(tag)))


def _language(item: Element, root: Element) -> str | None:
    said = _languages(item)
    # That of the metadata, which is the story's where nothing else is said.
    return said[0] if said else language_code(item.get(_LANG) or root.get(_LANG))


def _headline(item: Element, language: str | None) -> str | None:
    """The main one in the story's language; the item's title where there is none."""
    headlines = _labels(elements(item, "contentMeta", "headline"), language)
    titles = _labels(elements(item, "itemMeta", "title"), language)
    return next(iter((*headlines, *titles)), None)


def _labels(labels: list[Element], language: str | None) -> list[str]:
    """Their texts: in the story's language before others, without a role before with, by rank."""

    def order(label: Element) -> tuple[bool, bool, int]:
        spoken = language_code(label.get(_LANG))
        role, rank = _bare(label.get("role") or label.get("roleuri") or ""), label.get("rank", "1")
        other = spoken is not None and spoken != language
        return (
            other,
            role not in ("", "headline", "main"),
            int(rank) if rank.isascii() and rank.isdigit() and len(rank) < 6 else 1,
        )

    texts = (one_line(prose(label)) for label in sorted(labels, key=order))
    return [text for text in texts if text]


def _source(item: Element, language: str | None) -> str | None:
    """Who wrote it, or else who provides it, or else whom it is credited to."""
    sources = elements(item, "contentMeta", "infoSource")
    parties = [
        *(each for each in sources if _bare(_role(each)).endswith(_OUR_SOURCE)),
        *elements(item, "itemMeta", "provider"),
    ]
    names = (_name(party, language) for party in parties)
    return next((name for name in names if name), _text(item, "contentMeta", "creditline"))


def _name(thing: Element, language: str | None) -> str | None:
    """Of a party, place or subject: the name it has, or its literal, or the code without alias."""
    names = _labels(elements(thing, "name"), language)
    code = thing.get("qcode") or thing.get("uri")
    return next(iter(names), None) or one_line(thing.get("literal")) or (code and _last(code))


def _dateline(item: Element, language: str | None) -> str | None:
    """The place it was filed from, by name; else the line as written, where it is no mere time."""
    for place in elements(item, "contentMeta", "located"):
        names = _labels(elements(place, "name"), language)
        if name := next(iter(names), None) or one_line(place.get("literal")):
            return name
    line = _text(item, "contentMeta", "dateline")
    return None if line is None or line[0].isdigit() else line.rstrip(" -–—")


def _urgency(item: Element) -> int | None:
    said = _text(item, "contentMeta", "urgency") or ""
    return int(said) if _URGENCY.fullmatch(said) else None


def _subjects(item: Element) -> tuple[str, ...]:
    """Codes as given, Media Topics as `medtop:` and number, also where they say 'same as'."""
    found: list[str] = []
    for subject in elements(item, "contentMeta", "subject"):
        code = _code(subject)
        found.append(_topic(code) or code if code else _name(subject, None) or "")
        same = (_topic(_code(each) or "") for each in elements(subject, "sameAs"))
        found += [topic for topic in same if topic]
    return tuple(dict.fromkeys(code for code in found if code))


def _topic(code: str) -> str | None:
    match = _MEDIA_TOPIC.match(code)
    return f"medtop:{match.group(1)}" if match else None


def _links(item: Element) -> tuple[str, ...]:
    """Addresses of the item itself and of what it refers to."""
    addresses = [
        *((flat_text(each) or "").strip() for each in elements(item, "itemMeta", "altRep")),
        *(each.get("href", "") for each in elements(item, "itemMeta", "link")),
    ]
    web = (each for each in addresses if each.startswith(("http://", "https://")))
    return tuple(dict.fromkeys(web))


def _text(item: Element, *path: str) -> str | None:
    """The first text that stands there."""
    texts = (one_line(flat_text(each)) for each in elements(item, *path))
    return next((text for text in texts if text), None)


def _code(thing: Element) -> str | None:
    return one_line(thing.get("qcode")) or one_line(thing.get("uri"))


def _role(thing: Element) -> str:
    return thing.get("role") or thing.get("roleuri") or ""


def _last(code: str) -> str:
    return _CODE_PARTS.split(code.strip())[-1]


def _bare(code: str) -> str:
    """The code without scheme, in small letters."""
    return _last(code).lower()
