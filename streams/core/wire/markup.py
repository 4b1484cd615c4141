"""The paragraphs of a body in HTML, XHTML or NITF, as plain text.

The markup of a wire body is simple: blocks, line breaks, emphasis, links. Python's own
`html.parser` reads it too, but in time that grows with the square of the input on unclosed comments
and tags (six minutes for 180 kB of `<a ` on 3.11), and raises on some declarations. This scanner is
linear, knows no error, and understands no more than where paragraphs end.
"""

import re
from html import unescape

# Possessive throughout: nothing is tried twice, and a tag that is none is given up at once.
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9:.-]{0,40}+)"
    r"(?P<rest>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
)
_TAG_LENGTH = 4_000
_HUGE_REFERENCE = re.compile(r"&#[0-9]{8,};?")
_SPACES = re.compile(r"\s+")

_BLOCKS = frozenset(
    [
        *("address", "article", "blockquote", "body", "caption", "dd", "div", "dl", "dt"),
        *("fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head"),
        *("header", "hl1", "hl2", "hr", "html", "li", "main", "nav", "ol", "p", "pre"),
        *("section", "table", "tbody", "tfoot", "thead", "tr", "ul"),
        *("block", "bq", "byttl", "fn"),
    ]
)
_CELLS = frozenset(("td", "th"))
_NOT_COPY = frozenset(
    [
        *("aside", "button", "figure", "footer", "form", "head", "iframe", "nav", "noscript"),
        *("object", "select", "svg", "template", "textarea"),
        *("media", "note"),
    ]
)
"""What stands inside is not the story's own text: captions, menus, what a page has around it."""
_NOT_TEXT = frozenset(("script", "style"))
_LOOKS_LIKE = re.compile(
    r"</?(?:p|div|br|section|article|h[1-6]|span|b|i|em|strong|a|ul|li)\b[^<>]{0,200}>",
    re.IGNORECASE,
)


def looks_like_markup(text: str) -> bool:
    """Whether a text that says nothing of its type holds tags that people use in bodies."""
    return _LOOKS_LIKE.search(text[:20_000]) is not None


def paragraphs(markup: str) -> str:
    """Plain text, one paragraph a block, blank lines between; `<br>` is a line break.

    Captions, menus and scripts are left out. Broken markup gives whatever text can be told from it.
    """
    scan = _Scan(markup)
    scan.run()
    return scan.text()


class _Scan:
    """One pass over one text; not to be used twice."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._lower = markup.lower() if len(markup.lower()) == len(markup) else markup
        self._out: list[str] = []
        self._marks: list[tuple[str, int]] = []
        self._absent: set[str] = set()

    def run(self) -> None:
        at = 0
        while (opening := self._markup.find("<", at)) >= 0:
            self._say(self._markup[at:opening])
            at = self._after_markup(opening)
        self._say(self._markup[at:])

    def text(self) -> str:
        blocks = "".join(self._out).split("\n\n")
        lines = (
            "\n".join(_SPACES.sub(" ", line).strip() for line in block.split("\n")).strip()
            for block in blocks
        )
        return "\n\n".join(block for block in lines if block)

    def _say(self, raw: str) -> None:
        if raw:
            # int() refuses thousands of digits, and no character has so high a number.
            self._out.append(_SPACES.sub(" ", unescape(_HUGE_REFERENCE.sub("\ufffd", raw))))

    def _after_markup(self, at: int) -> int:
        """Where the text goes on behind what opens here; a lone `<` is text."""
        if self._markup.startswith("<!--", at):
            return self._skip_to("-->", at + 4)
        if self._markup.startswith("<![CDATA[", at):
            end = self._find("]]>", at)
            if end < 0:
                return at + 9
            self._out.append(_SPACES.sub(" ", self._markup[at + 9 : end]))
            return end + 3
        if self._markup.startswith(("<!", "<?"), at):
            return self._skip_to(">", at + 2)
        tag = _TAG.match(self._markup, at, at + _TAG_LENGTH)
        if tag is None:
            self._out.append("<")
            return at + 1
        name = tag["name"].lower().rsplit(":", 1)[-1]
        if name in _NOT_TEXT and not tag["end"] and not tag["rest"].endswith("/"):
            return self._skip_to(">", self._skip_to(f"</{name}", tag.end()))
        self._tag(name, closing=bool(tag["end"]), empty=tag["rest"].endswith("/"))
        return tag.end()

    def _tag(self, name: str, *, closing: bool, empty: bool) -> None:
        if name == "br":
            self._out.append("\n")
        elif name in _CELLS:
            self._out.append(" ")
        elif name in _BLOCKS:
            self._out.append("\n\n")
        if name in _NOT_COPY and not empty:
            if closing:
                self._drop(name)
            else:
                self._marks.append((name, len(self._out)))

    def _drop(self, name: str) -> None:
        """Takes back what stood since this element opened; one never closed keeps its text."""
        for index in range(len(self._marks) - 1, max(len(self._marks) - 50, 0) - 1, -1):
            if self._marks[index][0] == name:
                del self._out[self._marks[index][1] :]
                del self._marks[index:]
                return

    def _skip_to(self, end: str, at: int) -> int:
        found = self._find(end, at)
        return at if found < 0 else found + len(end)

    def _find(self, what: str, at: int) -> int:
        # What was not found once is not there further on either: each is looked for in vain once.
        if what in self._absent:
            return -1
        found = self._lower.find(what.lower(), at)
        if found < 0:
            self._absent.add(what)
        return found
