"""Alerts as an Atom feed (RFC 4287), with tombstones for what was taken back (RFC 6721).

Pure: the same alerts, the same bytes. Written with lxml: the libraries for feeds that are kept
(feedgen) know no tombstones, and are a layer over lxml themselves. Characters that XML cannot hold
are left out.
"""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from lxml import etree

from schemas.alerts import AlertEvent
from schemas.base import Instant
from streams.core import wording

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOTHING_YET = "1970-01-01T00:00:00Z"


def feed(events: Sequence[AlertEvent], address: str, names: wording.CountryNames) -> bytes:
    """The feed of these alerts, given the newest first, at this address.

    An alert whose subject was taken back after it is a tombstone, also where only what took it back
    is among them.
    """
    made = etree.Element(_in(_ATOM, "feed"), nsmap={None: _ATOM, "at": _TOMBSTONES})
    _put(made, "title", "Dragoman: trips and invitations of political leaders")
    _put(made, "id", "urn:dragoman:alerts")
    _put(made, "updated", max((_time(each.time) for each in events), default=_NOTHING_YET))
    etree.SubElement(made, _in(_ATOM, "link"), rel="self", type=MEDIA_TYPE, href=address)
    etree.SubElement(_put(made, "author"), _in(_ATOM, "name")).text = "Dragoman"
    for entry, taken_back in _apart(events):
        if taken_back is not None:
            _tombstone(made, entry if isinstance(entry, str) else entry.id, taken_back)
        elif isinstance(entry, AlertEvent):
            _entry(made, entry, names)
    return bytes(etree.tostring(made, xml_declaration=True, encoding="utf-8"))


def urn(alert: str) -> str:
    """The id of an alert as an IRI."""
    return f"urn:dragoman:{quote(alert, safe=':')}"


def _apart(
    events: Iterable[AlertEvent],
) -> Iterable[tuple[AlertEvent | str, AlertEvent | None]]:
    """Each alert with what took it back, if anything did; what takes back is no entry itself."""
    back: dict[str, AlertEvent] = {}
    awaited: dict[str, AlertEvent] = {}
    for event in events:
        subject = event.data.subject
        if event.data.kind == "retracted":
            back[subject] = event
            if event.data.replaces is not None:
                awaited[event.data.replaces] = event
        else:
            awaited.pop(event.id, None)
            yield event, back.get(subject)
    for alert, event in awaited.items():
        yield alert, event


def _entry(made: etree._Element, event: AlertEvent, names: wording.CountryNames) -> None:
    alert = event.data
    entry = _put(made, "entry")
    heading = wording.HEADINGS[alert.kind].capitalize()
    _put(entry, "title", f"{heading}: {wording.alert(alert, names)}")
    _put(entry, "id", urn(event.id))
    _put(entry, "updated", _time(event.time))
    _put(entry, "published", _time(event.time))
    for term in (alert.kind, *alert.topics):
        etree.SubElement(entry, _in(_ATOM, "category"), term=_clean(term))
    for link in dict.fromkeys(link for each in alert.evidence for link in each.links):
        if link.startswith(("http://", "https://")):
            etree.SubElement(entry, _in(_ATOM, "link"), rel="related", href=_clean(link))
    said = [f"“{' '.join(each.text.split())}” ({each.source})" for each in alert.evidence]
    _put(entry, "summary", " ".join(said) or wording.sources(alert.told_by))


def _tombstone(made: etree._Element, alert: str, back: AlertEvent) -> None:
    gone = etree.SubElement(
        made, _in(_TOMBSTONES, "deleted-entry"), ref=urn(alert), when=_time(back.time)
    )
    said = f"taken back ({back.data.reason.replace('_', ' ')})"
    etree.SubElement(gone, _in(_TOMBSTONES, "comment")).text = _clean(said)


def _put(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    made = etree.SubElement(parent, _in(_ATOM, name))
    made.text = None if text is None else _clean(text)
    return made


def _in(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"


def _clean(text: str) -> str:
    return _NO_XML.sub("", text)


def _time(at: Instant) -> str:
    return at.isoformat().replace("+00:00", "Z")
