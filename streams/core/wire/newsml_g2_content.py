"""What stands in the contentSet of a NewsML-G2 item: of several renditions the best, as paragraphs.

A rendition is XHTML, NITF, or text; some agencies escape their markup, put it into CDATA, call it
plain, or set one paragraph in lines as on a typewriter. No metadata of an item may come in here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from lxml import etree

from streams.core.wire.item import language_code, one_line, text_block
from streams.core.wire.markup import looks_like_markup, paragraphs
from streams.core.wire.xml import LANG, Element, flat_text, local_name

_MARKUP_ROOTS = frozenset(
    [
        *("article", "block", "body", "body.content", "div", "html", "main", "nitf", "p", "pre"),
        *("section", "span", "ul", "ol", "table"),
    ]
)
_TEXT_TYPES = re.compile(
    r"(?!image|video|audio|model|font)(?:$|text\b|.*(?:html|xml|nitf))", re.IGNORECASE
)
_NOT_COPY = frozenset(("header", "media", "note", "body.head", "body.end", "hedline"))
"""What a body's copy is not: dpa's header has slugs and time, NITF's media have captions."""
_ASIDE_CLASSES = re.compile(r"\b(?:closingline|notepad|notizblock)\b", re.IGNORECASE)
_CLOSING = "closingline"
"""dpa's last line: who wrote and who edited, in initials."""
_TITLES = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "p"))
_NOTEPAD_TITLE = re.compile(r"\W*(?:dpa-)?Notizblock\W*", re.IGNORECASE)
_BLOCK_TAG = re.compile(
    r"<(?:[\w.-]{1,40}:)?(?:p|br|div|li|tr|h[1-6]|section|article)(?=[\s/>])", re.IGNORECASE
)
_ESCAPED_TWICE = re.compile(r"&(?:#\d{2,5}|#x[0-9a-f]{2,4}|amp|apos|gt|lt|nbsp|quot);")
_FULL = 0.8
"""Of the longest text: a shorter one is a summary."""
_INDENT = 2


@dataclass(frozen=True, slots=True)
class Content:
    """A rendition as text, and what its own head says where the item's metadata do not."""

    body: str = ""
    language: str | None = None
    """Where the rendition itself says one."""
    headline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    notes: tuple[str, ...] = ()
    """What stands inside and is for editors."""
    kind: int = 9
    """XHTML is 0, NITF 1, text 2, what is not known 3: the lower, the better told apart."""

    def body_without(self, headline: str | None) -> str:
        """The body without the headline, where it begins with it."""
        first, _, rest = self.body.partition("\n\n")
        return rest if headline and rest and one_line(first) == headline else self.body


def best_content(content_sets: Iterable[Element], languages: tuple[str, ...]) -> Content:
    """The fullest text in the first of these languages that a rendition has; empty for none."""
    found = [
        content
        for content_set in content_sets
        for rendition in content_set
        if (content := _content(rendition)) and (content.body or content.notes or content.headline)
    ]
    for language in languages[:1]:
        found = [each for each in found if each.language in (None, language)] or found
    longest = max((len(each.body) for each in found), default=0)
    full = [each for each in found if len(each.body) >= longest * _FULL]
    return min(full, key=lambda each: each.kind, default=Content())


def prose(element: Element) -> str:
    """The text in an element as paragraphs, whether it has markup, or markup escaped as text."""
    text = paragraphs(_source(element))
    return _unescaped(paragraphs(text) if looks_like_markup(text) else text)


def _content(rendition: Element) -> Content | None:
    name, kind = local_name(rendition), rendition.get("contenttype", "")
    if name not in ("inlineXML", "inlineData") or not _TEXT_TYPES.match(kind):
        return None
    if rendition.get("encoding") or rendition.get("encodinguri"):
        return None
    inside = [child for child in rendition if local_name(child)]
    language = _own_language([rendition, *inside[:1]])
    if not inside:
        is_html = "html" in kind.lower()
        return Content(_from_text(flat_text(rendition), is_html), language, kind=2)
    return _from_elements(rendition, inside, language)


def _own_language(elements: list[Element]) -> str | None:
    tags = (each.get(LANG) or each.get("lang") for each in elements)
    return next((code for tag in tags if (code := language_code(tag))), None)


def _from_elements(rendition: Element, inside: list[Element], language: str | None) -> Content:
    names = {local_name(child) for child in inside}
    is_nitf = bool(names & {"nitf", "body.content", "block"})
    headline = _first(rendition, "hl1") or _first(rendition, "title")
    byline, dateline = _first(rendition, "byline"), _place(rendition)
    container = _container(rendition)
    notes = tuple(_take_notes(container))
    kind = 1 if is_nitf else 0 if names & _MARKUP_ROOTS else 3
    return Content(_copy(container), language, headline, byline, dateline, notes, kind)


def _container(rendition: Element) -> Element:
    """The body; in NITF its content, which notes before it have one of too."""
    bodies = [each for each in rendition.iter() if local_name(each) in ("body", "body.content")]
    copies = [
        each
        for each in bodies
        if local_name(each) == "body.content" and local_name(each.getparent()) != "note"
    ]
    return next(iter((*copies, *bodies)), rendition)


def _copy(container: Element) -> str:
    everything = _source(container)
    for part in [each for each in container.iter() if local_name(each) in _NOT_COPY]:
        _blank(part)
    text = _from_markup(_source(container)) or _from_markup(everything)
    return _unescaped(paragraphs(text) if looks_like_markup(text) else text)


def _take_notes(container: Element) -> Iterator[str]:
    """Takes out what dpa has for editors behind a story, and says what it was."""
    gone: set[Element] = set()
    for part in list(container.iterdescendants()):
        if part in gone or not local_name(part):
            continue
        if _ASIDE_CLASSES.search(part.get("class", "")):
            notes = [part]
        elif local_name(part) in _TITLES and _NOTEPAD_TITLE.fullmatch(flat_text(part)):
            notes = [part, *part.itersiblings("*")]
        else:
            continue
        for note in notes:
            gone.update(note.iter())
            said = "" if note.get("class") == _CLOSING else prose(note)
            _blank(note)
            if said:
                yield said


def _blank(part: Element) -> None:
    """A break in its place: what stands before and behind are two paragraphs."""
    part.clear(keep_tail=True)
    part.tag = "hr"


def _first(rendition: Element, name: str) -> str | None:
    found = (one_line(flat_text(each)) for each in rendition.iter() if local_name(each) == name)
    return next((text for text in found if text), None)


def _place(rendition: Element) -> str | None:
    lines = [each for each in rendition.iter() if local_name(each) == "dateline"]
    places = (_first(line, "location") or one_line(flat_text(line)) for line in lines)
    return next((place for place in places if place), None)


def _from_text(text: str, is_html: bool) -> str:
    if is_html or looks_like_markup(text):
        return _unescaped(_from_markup(text))
    return _unescaped(_typewritten(text))


def _from_markup(markup: str) -> str:
    """Paragraphs by tags; where there is one block at most, by the lines inside."""
    if len(_BLOCK_TAG.findall(markup)) > 1:
        return paragraphs(markup)
    parts = _typewritten(markup).split("\n\n")
    return "\n\n".join(text for part in parts if (text := paragraphs(part)))


def _typewritten(text: str) -> str:
    """Paragraphs of a text in lines: where some lines are indented, each of them begins one.

    Otherwise lines stay, and blank ones part paragraphs. A line that begins with a tag counts as
    not indented: that is how the file is set, not the copy.
    """
    lines = text_block(text).expandtabs(4).split("\n")
    depths = [len(line) - len(line.lstrip()) for line in lines]
    told = [
        depth
        for line, depth in zip(lines[1:], depths[1:], strict=True)
        if line and line[depth] != "<"
    ]
    least = min(told, default=0)
    if not any(depth >= least + _INDENT for depth in told):
        return "\n".join(line.strip() for line in lines)
    out: list[str] = []
    for line, depth in zip(lines, depths, strict=True):
        begins = not line or (line[depth] != "<" and depth >= least + _INDENT)
        out.append(("\n\n" if begins else " ") + line.strip())
    return text_block("".join(out))


def _unescaped(text: str) -> str:
    # Text of machines is at times escaped once more than it is read: '4 o&#39;clock'.
    return _ESCAPED_TWICE.sub(lambda match: unescape(match.group()), text)


def _source(element: Element) -> str:
    return str(etree.tostring(element, encoding="unicode", with_tail=False))
