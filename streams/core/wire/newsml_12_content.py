"""Which of the texts in a NewsML 1.x item is the story, and its words.

An item is a tree of components with roles and languages: the story, its lead, a sidebar, pictures
with captions, the same in another language. Who sent the item, and when, is not known here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from streams.core.wire import nitf
from streams.core.wire.iptc import plain
from streams.core.wire.item import RefusedError, language_code
from streams.core.wire.markup import looks_like_markup, paragraphs
from streams.core.wire.xml import LANG, Element, attribute, elements, local_name

_OWN_ROLES = ("main", "body", "text", "")
"""Roles of a text that is the story's own, the likeliest first; many texts have none."""
_LEAD = "lead"
_BESIDE = frozenset(
    [
        *("caption", "photo", "picture", "image", "graphic", "graphics", "video", "audio"),
        *("sidebar", "supporting", "title", "headline", _LEAD, "keywords", "thumbnail"),
    ]
)
"""Roles of what stands beside a story's text, or before it."""
_BLOCKS = re.compile(r"<(?:p|div|br)\b", re.IGNORECASE)
_NO_TEXT = ("photo", "picture", "image", "graphic", "video", "audio", "animation")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in an item."""

    body: str
    content: Element
    components: tuple[Element, ...]
    """What it stands in, the innermost first."""
    roles: tuple[str, ...]
    """Of the components, in small letters; empty where one has none."""
    language: str | None
    """That of the nearest component that names one."""


def texts(parent: Element) -> Iterator[Text]:
    """Every text that is not blank, in document order."""
    return _walk(parent, (), (), None)


def _walk(
    parent: Element,
    components: tuple[Element, ...],
    roles: tuple[str, ...],
    language: str | None,
) -> Iterator[Text]:
    # Role and language are looked up once a component, as one may hold many thousand texts.
    for child in parent:
        if local_name(child) == "NewsComponent":
            role = (attribute(child, "FormalName", "Role") or "").lower()
            named = language_of(child) or language
            yield from _walk(child, (child, *components), (role, *roles), named)
        elif local_name(child) == "ContentItem" and components and not _media(child):
            for content in elements(child, "DataContent"):
                if body := _body(content):
                    yield Text(body, content, components, roles, language)


def own_text(inside: list[Text], language: str | None) -> Text | None:
    """The story's own text: in the item's language if there is one, by its role, else the first."""

    def rank(text: Text) -> tuple[bool, int]:
        role = next(filter(None, text.roles), "")
        known = _OWN_ROLES.index(role) if role in _OWN_ROLES else len(_OWN_ROLES)
        return text.language not in (language, None), known

    own = [text for text in inside if _BESIDE.isdisjoint(text.roles)]
    return min(own, key=rank, default=None)


def with_lead(own: Text, inside: list[Text]) -> str:
    """The text with the lead before it, where an agency has it in a component of its own."""
    for text in inside:
        beside = text.components[1:] == own.components[1:]
        if beside and text.roles[0] == _LEAD and not own.body.startswith(text.body):
            return f"{text.body}\n\n{own.body}"
    return own.body


def _body(content: Element) -> str:
    documents = elements(content, "nitf")
    if documents:
        return "\n\n".join(filter(None, map(nitf.body, documents)))
    if len(content):
        return plain(content)
    text = "\n".join(each.strip() for each in (content.text or "").split("\n"))
    if not looks_like_markup(text) and "&#" not in text:
        return text.strip()
    # With emphasis at most, and no blocks, its lines are what divides it.
    return paragraphs(text if _BLOCKS.search(text) else text.replace("\n", "<br/>"))


def headline_inside(own: Text) -> str | None:
    """The headline of a NITF document that the text is in."""
    return next(filter(None, map(nitf.headline, elements(own.content, "nitf"))), None)


def require_flash(item: Element, inside: list[Text]) -> None:
    """Raises `RefusedError` where an item without a text is no headline sent ahead either."""
    parts = list(item.iter())
    media = sorted({kind for part in parts if (kind := _media(part))})
    names = {local_name(part) for part in parts}
    if media:
        raise RefusedError("not_a_story", f"no text of its own, only {', '.join(media)[:200]}")
    if "NewsItemRef" in names:
        raise RefusedError("not_a_story", "no text of its own, only references to other items")
    if "Update" in names:
        raise RefusedError("not_a_story", "only changes to an earlier revision, which is not kept")
    if inside:
        raise RefusedError("not_a_story", "no text of its own, only captions and the like")


def _media(part: Element) -> str:
    """The kind of media that is no text; empty for a text."""
    kind = (attribute(part, "FormalName", "MediaType") or "").lower()
    return kind if any(word in kind for word in _NO_TEXT) else ""


def language_of(*around: Element) -> str | None:
    """The language of the first element that names one."""
    for element in around:
        named = attribute(element, "FormalName", "DescriptiveMetadata", "Language")
        for tag in (named, element.get(LANG)):
            if code := language_code(tag):
                return code
    return None
