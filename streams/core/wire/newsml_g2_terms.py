"""How NewsML-G2 says a thing: by code or address, by role, by name in several languages.

No property of an item by its name may come in here.
"""

import re

from streams.core.wire.item import language_code, one_line
from streams.core.wire.newsml_g2_content import prose
from streams.core.wire.xml import LANG, Element, elements

_MAIN_ROLES = frozenset(("", "headline", "main", "title"))
_MEDIA_TOPIC = re.compile(
    r"^(?:https?://cv\.iptc\.org/newscodes/mediatopic/|medtop:|mediatopic:)(\d{8})$"
)
_RANK = re.compile(r"[0-9]{1,5}")
_SEPARATORS = re.compile(r"[:/#]")


def code_of(thing: Element) -> str | None:
    """As it stands, a `qcode` before a `uri`."""
    return one_line(thing.get("qcode")) or one_line(thing.get("uri"))


def topic(code: str) -> str | None:
    """`medtop:` and number of a Media Topic; `None` for other codes."""
    match = _MEDIA_TOPIC.match(code)
    return f"medtop:{match.group(1)}" if match else None


def code_parts(code: str) -> list[str]:
    """Scheme and code, or the steps of an address."""
    return _SEPARATORS.split(code.strip())


def bare(code: str) -> str:
    """The code without scheme, in small letters."""
    return code_parts(code)[-1].lower()


def role_of(thing: Element) -> str:
    """Without its scheme, in small letters; empty for none."""
    return bare(thing.get("role") or thing.get("roleuri") or "")


def labels(things: list[Element], language: str | None) -> list[str]:
    """Their texts: none in another language before others, the main role before others, by rank."""

    def order(label: Element) -> tuple[bool, bool, int]:
        spoken = language_code(label.get(LANG))
        rank = label.get("rank", "")
        return (
            spoken is not None and spoken != language,
            role_of(label) not in _MAIN_ROLES,
            int(rank) if _RANK.fullmatch(rank) else 1,
        )

    texts = (one_line(prose(label)) for label in sorted(things, key=order))
    return [text for text in texts if text]


def words_for(thing: Element, language: str | None) -> str | None:
    """The name of a party, place or subject, else its literal."""
    names = labels(elements(thing, "name"), language)
    return next(iter(names), None) or one_line(thing.get("literal"))


def name_of(thing: Element, language: str | None) -> str | None:
    """As `words_for`, else the code without its scheme."""
    code = code_of(thing)
    return words_for(thing, language) or (code_parts(code)[-1] if code else None)
