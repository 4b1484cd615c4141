"""A news page in HTML: the one article on it, without all that a page has around an article.

trafilatura finds the text, on the parsed page alone: no network, no dates of its own guessing.
What the page says of the article is read in `page_facts`. A page without an article, such as a
front page, is refused: a wire of pages is for stories.

Paragraphs in another language than the article's are dropped where they stand at its edges or are
no sentences: 'Read more' is said in English on pages in any language.
"""

import re
from functools import cache
from itertools import takewhile
from types import ModuleType

from lxml import etree
from lxml import html as lxml_html

from streams.core.language import UNDETERMINED, language_of
from streams.core.wire import signals
from streams.core.wire.encodings import decoded
from streams.core.wire.item import Draft, RefusedError
from streams.core.wire.markup import looks_like_markup, paragraphs
from streams.core.wire.page_facts import Facts, facts_of

_BEGINS = re.compile(
    rb"(?:<\?xml[^>]{0,200}>\s*|<!--(?:[^-]|-(?!->)){0,3000}-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE,
)
_CHARSET = re.compile(
    rb"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE
)
_HEAD = 4_096
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,300}?\?>")
_NO_TEXT = ("script", "style", "svg", "noscript", "template", "iframe", "object", "math")
_MOST_CHARACTERS = 4_000_000
_MOST_ELEMENTS = 20_000
"""The extractor takes seconds for more; pages with an article have some thousands."""
_PROSE = 80
"""Characters of a paragraph that is a sentence, and no menu or caption."""
_SHORT = 120
_FEW_WORDS = 4
_SAME_TEXT = 0.7
_LETTERS = re.compile(r"\W+")
_LOUDEST = 100
"""Above every level of logging."""
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    etree.LxmlError,
)
"""Of the extractor on pages it was not made for; a page that trips it has no article."""


def read(data: bytes) -> Draft:
    """The article of one page. Raises `RefusedError`; `not_a_story` for a page without one."""
    tree, remarks = _tree(data)
    facts = facts_of(tree)
    if facts.is_list:
        raise RefusedError("not_a_story", "a page that lists articles, and is none itself")
    body = _body(tree, facts)
    signal = signals.strongest(
        signals.from_headline(facts.headline),
        "correction" if facts.note else "none",
        signals.from_code(facts.status or ""),
    )
    return Draft(
        id=facts.id,
        signal=signal,
        headline=facts.headline,
        body=body,
        published_at=facts.published_at,
        first_published_at=facts.first_published_at,
        source=facts.source,
        language=facts.language,
        byline=facts.byline,
        subjects=facts.subjects,
        links=facts.links,
        note=facts.note,
        remarks=remarks + facts.remarks,
    )


def begins(head: bytes) -> bool:
    """Whether it begins like a page: with the document type or the element `html`."""
    return _BEGINS.match(head) is not None


def split(data: bytes) -> tuple[bytes, ...]:
    """A page is one item."""
    return (data,)


def _tree(data: bytes) -> tuple[lxml_html.HtmlElement, tuple[str, ...]]:
    declared = _CHARSET.search(data[:_HEAD])
    text, remarks = decoded(data, declared.group(1).decode("ascii") if declared else None)
    if len(text) > _MOST_CHARACTERS:
        raise RefusedError("too_large", f"a page of more than {_MOST_CHARACTERS} characters")
    stripped = text.lstrip().replace("\0", "")
    declaration = _DECLARATION.match(stripped)
    plain = stripped[declaration.end() :] if declaration else stripped
    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        tree = lxml_html.document_fromstring(plain.encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise RefusedError("not_a_story", f"no page: {str(error)[:100]}") from None
    return tree, remarks


def _body(tree: lxml_html.HtmlElement, facts: Facts) -> str:
    """The article's paragraphs. Raises `RefusedError` where there is none."""
    etree.strip_elements(tree, *_NO_TEXT, with_tail=False)
    if sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        raise RefusedError("too_large", f"a page of more than {_MOST_ELEMENTS} elements")
    headings = {facts.headline or "", *("".join(h.itertext()) for h in tree.iter("h1"))}
    found = _without_heading(_extracted(tree), {_bare(heading) for heading in headings})
    body = _told(found, facts.body) if facts.body else found
    body = _in_one_language(body)
    if not any(len(part) >= _PROSE for part in body) and not (facts.is_article and facts.body):
        raise RefusedError("not_a_story", "a page without an article: no paragraph of prose on it")
    return "\n\n".join(body)


def _told(found: list[str], told: str) -> list[str]:
    """The page's paragraphs where they are what JSON-LD has as the text, else that text.

    JSON-LD has nothing around the article, but often no paragraphs either; the page has both.
    """
    text = paragraphs(told) if looks_like_markup(told) else told
    whole = _bare(text)
    kept = [part for part in found if _bare(part) in whole]
    if sum(len(_bare(part)) for part in kept) >= _SAME_TEXT * len(whole):
        return kept
    if len(whole) * 2 < sum(map(len, found)):
        # No more than the begin of it.
        return found
    return [line.strip() for line in text.split("\n") if line.strip()]


def _without_heading(found: list[str], headings: set[str]) -> list[str]:
    return found[1:] if found and _bare(found[0]) in headings else found


def _bare(text: str) -> str:
    """Its letters and digits alone, to compare what is set in different ways."""
    return _LETTERS.sub("", text).lower()


def _in_one_language(body: list[str]) -> list[str]:
    language = language_of(" ".join(part for part in body if len(part) >= _PROSE) or " ".join(body))
    foreign = [_is_foreign(part, language) for part in body]
    first = len(list(takewhile(bool, foreign)))
    last = len(body) - len(list(takewhile(bool, reversed(foreign))))
    return [
        part
        for index, part in enumerate(body)
        if first <= index < last and not (foreign[index] and len(part) <= _SHORT)
    ]


def _is_foreign(part: str, language: str) -> bool:
    words = [word for word in part.split() if word[:1].islower()]
    if len(words) < _FEW_WORDS:
        return False
    return language_of(part) not in (language, UNDETERMINED)


def _extracted(tree: lxml_html.HtmlElement) -> list[str]:
    try:
        document = _trafilatura().bare_extraction(
            tree,
            favor_precision=True,
            include_comments=False,
            include_tables=False,
            include_images=False,
            include_links=False,
            include_formatting=False,
            deduplicate=False,
            with_metadata=False,
        )
    except _FAULTS:
        return []
    text = document.text if document is not None else None
    return [line.strip() for line in (text or "").split("\n") if line.strip()]


@cache
def _trafilatura() -> ModuleType:
    """Loaded at the first page: it takes 150 ms, which every start would pay."""
    import trafilatura  # noqa: PLC0415
    import trafilatura.core  # noqa: PLC0415

    # What it has to say of a page is in what it gives back; it would say it on standard error too.
    loggers = trafilatura.core.LOGGER.manager
    for name in ("trafilatura", "courlan", "htmldate", "justext"):
        loggers.getLogger(name).setLevel(_LOUDEST)
    return trafilatura
