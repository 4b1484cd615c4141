"""What NITF and NewsML 1.2 have in common: codes, ids with a revision, copy as plain text.

No format's structure may come in here, only what the values in it mean.

Source: Media Topics, and the subject codes before them, at https://iptc.org/standards/newscodes/;
ids of the form `urn:newsml:…` in RFC 3085.
"""

import re

from lxml import etree

from streams.core.wire.item import one_line
from streams.core.wire.markup import paragraphs
from streams.core.wire.xml import Element, elements

_MEDIA_TOPIC_ROOTS = range(1, 18)
"""The seventeen first levels of Media Topics have the numbers they had as subject codes."""
_VERSIONED = re.compile(r"(urn:newsml:(?:[^:]+:){2,}[^:]+):([0-9]{1,4})[NUA]?", re.IGNORECASE)
_PLACE = re.compile(
    r"(?P<place>[^\W\d_][^\d(,\n]{1,50}?)(?:,[^(\n]{1,40})? ?"
    r"\((?:[A-Z]{2,12}(?:[/-][A-Z]{2,12})?|dpa|Reuters)\) ?\.? ?[-–—_=]"
)
_PLACE_WORDS = 5


def urgency(value: str | None) -> int | None:
    """The number from 1, most urgent, to 9; `None` for anything else."""
    return int(value) if value is not None and value in set("123456789") else None


def subject(code: str) -> str:
    """An IPTC code with its scheme: `medtop:20000771`, `iptc-subject:11002000`; others as given.

    Both schemes have eight digits. Media Topics begin with 2, but for their first level, which kept
    the numbers of the subject codes.
    """
    if not re.fullmatch(r"[0-9]{8}", code):
        return code
    is_root = code.endswith("000000") and int(code[:2]) in _MEDIA_TOPIC_ROOTS
    return f"medtop:{code}" if code.startswith("2") or is_root else f"iptc-subject:{code}"


def without_revision(identity: str) -> tuple[str, str | None]:
    """A NewsML URN without the revision at its end, and the revision: editions share an id.

    Anything else comes back whole.
    """
    versioned = _VERSIONED.fullmatch(identity)
    return (versioned[1], versioned[2]) if versioned else (identity, None)


def place_in(text: str) -> str | None:
    """The place in a dateline at the start of the copy itself, as written.

    Like `Santiago de Chile, 14 dic (EFE).-` or `ROME (AP) —`.
    """
    found = _PLACE.match(text[:200])
    return found["place"] if found and len(found["place"].split()) <= _PLACE_WORDS else None


def plain(element: Element) -> str:
    """The paragraphs inside an element, without its tail."""
    return paragraphs(etree.tostring(element, encoding="unicode", with_tail=False))


def line(parent: Element, *path: str) -> str | None:
    """The first line of text that is not blank, among the elements a path leads to."""
    return next((said for each in elements(parent, *path) if (said := one_line(plain(each)))), None)
