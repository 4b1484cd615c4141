"""What a web page says of the story on it, in JSON-LD, OpenGraph and its head; nothing guessed.

JSON-LD of schema.org (NewsArticle and its kin) comes first, as publishers write it for machines,
then `meta`, then what is marked up in the page. A time is taken only where one of these gives it:
never from an address or from the text. What is the story's text among all that is on the page is
not decided here.
"""

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import TypeAlias

import orjson
from lxml import etree

from streams.core.wire.item import RefusedError, instant, language_code, one_line

Element: TypeAlias = etree._Element
Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Fields: TypeAlias = "dict[str, Json]"

_ARTICLES = frozenset(
    (
        *("Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle"),
        *("BackgroundNewsArticle", "OpinionNewsArticle", "ReviewNewsArticle", "LiveBlogPosting"),
        *("BlogPosting", "AskPublicNewsArticle", "SatiricalArticle", "Report"),
    )
)
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage")
_MOST_NODES = 2_000
_MOST_SUBJECTS = 20
_MOST_ARTICLES = 3
"""Elements of that name; an article's own page has one, and a few for what is read next."""
_PUBLISHED = (
    *("article:published_time", "og:published_time", "datepublished", "dc.date.issued"),
    *("dcterms.issued", "dcterms.created", "dc.date", "date", "pubdate", "publishdate"),
    *("publish-date", "publication_date", "parsely-pub-date", "sailthru.date"),
)
_MODIFIED = (
    *("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified"),
    *("dc.date.modified", "last-modified", "lastmod"),
)
_NAMED_ID = re.compile(r"(?:urn|tag):\S+", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^/\s]+/\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the page says. Fields as in `Draft`; `None` where it says nothing."""

    id: str | None
    headline: str | None
    body: str | None
    """The whole text as JSON-LD gives it; it may be one line, or cut short."""
    published_at: datetime | None
    first_published_at: datetime | None
    language: str | None
    source: str | None
    byline: str | None
    subjects: tuple[str, ...]
    links: tuple[str, ...]
    note: str | None
    status: str | None
    """`creativeWorkStatus`: a withdrawn article may say so there."""
    is_article: bool
    """Whether it calls itself one, in JSON-LD or OpenGraph."""
    is_list: bool
    """Whether it lists articles and calls itself none: a front page, or a section's."""
    remarks: tuple[str, ...]


@dataclass(slots=True)
class _Page:
    tree: Element
    article: Fields
    meta: dict[str, str]
    canonical: str | None
    remarks: list[str] = field(default_factory=list)


def facts_of(tree: Element) -> Facts:
    """What a parsed page says of its story. Raises no error."""
    meta = _meta(tree)
    canonical = _canonical(tree, meta)
    remarks: list[str] = []
    article = _article(tree, canonical, remarks)
    page = _Page(tree, article, meta, canonical, remarks)
    first, published = _times(page)
    kind = meta.get("og:type", "").lower()
    correction = _text(article.get("correction"))
    return Facts(
        id=_id(page),
        headline=_headline(page),
        body=_text(article.get("articleBody")),
        published_at=published,
        first_published_at=first,
        language=_language(page),
        source=_text(article.get("publisher")) or meta.get("og:site_name"),
        byline=_byline(page),
        subjects=_subjects(page),
        links=(canonical,) if canonical else (),
        note=correction,
        status=_text(article.get("creativeWorkStatus")),
        is_article=bool(article) or kind == "article",
        is_list=not article
        and kind != "article"
        and (
            len(list(tree.iter("article"))) > _MOST_ARTICLES
            or (kind == "website" and not canonical)
        ),
        remarks=tuple(page.remarks),
    )


def _meta(tree: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = one_line(element.get("content"))
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _canonical(tree: Element, meta: dict[str, str]) -> str | None:
    """The page's own address. That of a whole site is taken for a fault of its template."""
    given = [
        link.get("href")
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    for address in [*given, meta.get("og:url")]:
        plain = (address or "").strip().partition("#")[0]
        if _ADDRESS.fullmatch(plain):
            return plain
    return None


def _article(tree: Element, canonical: str | None, remarks: list[str]) -> Fields:
    """The one article that the JSON-LD is about; of several, the one with the page's address."""
    found: list[Fields] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            document = _json(script.text)
            if document is None:
                remarks.append("JSON-LD that is no JSON")
            found += _articles(document)
    if len(found) > 1:
        found = [article for article in found if canonical and canonical in _addresses(article)][:1]
    return found[0] if found else {}


def _json(text: str) -> Json:
    plain = text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    try:
        parsed: Json = orjson.loads(plain)
    except orjson.JSONDecodeError:
        try:
            # Line breaks inside texts, which many pages have, and halves of characters, which no
            # text may have and which are written again as question marks.
            loose = json.dumps(json.loads(plain, strict=False), ensure_ascii=False)
            parsed = orjson.loads(loose.encode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return None
    return parsed


def _articles(document: Json) -> Iterator[Fields]:
    nodes: deque[Json] = deque((document,))
    for _ in range(_MOST_NODES):
        if not nodes:
            return
        node = nodes.popleft()
        if isinstance(node, list):
            nodes += node[:_MOST_NODES]
        elif isinstance(node, dict):
            types = node.get("@type")
            named = types if isinstance(types, list) else [types]
            if any(isinstance(name, str) and name.split("/")[-1] in _ARTICLES for name in named):
                yield node
            else:
                nodes += [node[name] for name in _WITHIN if name in node]


def _addresses(article: Fields) -> set[str]:
    page = article.get("mainEntityOfPage")
    own = page.get("@id") if isinstance(page, dict) else page
    values = (article.get("url"), article.get("@id"), own)
    return {value.partition("#")[0] for value in values if isinstance(value, str)}


def _id(page: _Page) -> str | None:
    """An agency's own name for it, else the page's address. A bare number is no name."""
    given = page.article.get("identifier")
    for value in given if isinstance(given, list) else [given]:
        name = value.get("value") if isinstance(value, dict) else value
        if isinstance(name, str) and _NAMED_ID.fullmatch(name.strip()):
            return name.strip()
    if page.canonical:
        return page.canonical
    found = sorted(address for address in _addresses(page.article) if _ADDRESS.fullmatch(address))
    return found[0] if found else None


def _headline(page: _Page) -> str | None:
    given = _text(page.article.get("headline")) or page.meta.get("og:title")
    if given is None:
        headings = [" ".join("".join(h.itertext()).split()) for h in page.tree.iter("h1")]
        given = headings[0] if len(headings) == 1 else None
    if not given:
        title = next(page.tree.iter("title"), None)
        given = title.text if title is not None else None
    plain = one_line(unescape(given)) if given else None
    site = page.meta.get("og:site_name")
    if plain and site and plain.lower().endswith(site.lower()):
        # 'Kast in Quito | The Example'
        cut = re.sub(r"\s+[|–—-]$", "", plain[: -len(site)].rstrip())
        return cut if cut and cut != plain[: -len(site)].rstrip() else plain
    return plain


def _times(page: _Page) -> tuple[datetime | None, datetime | None]:
    """First published, and this version; the same where no change is told."""
    article, meta = page.article, page.meta
    first = _time(page, "datePublished", article.get("datePublished"))
    first = first or _time(page, *_first(meta, _PUBLISHED)) or _marked(page, "datepublished")
    changed = _time(page, "dateModified", article.get("dateModified"))
    changed = changed or _time(page, *_first(meta, _MODIFIED)) or _marked(page, "datemodified")
    if first is None and changed is None:
        first = _only_time(page)
    if first and changed and changed < first:
        changed = first
    return first, changed or first


def _time(page: _Page, name: str, value: Json) -> datetime | None:
    text = _text(value)
    try:
        return instant(text, name)
    except RefusedError as fault:
        page.remarks.append(fault.refusal.detail)
        return None


def _first(meta: dict[str, str], names: tuple[str, ...]) -> tuple[str, str | None]:
    return next(((name, meta[name]) for name in names if name in meta), ("", None))


def _marked(page: _Page, name: str) -> datetime | None:
    for element in page.tree.iter("time"):
        if (element.get("itemprop") or "").lower() == name or (
            name == "datepublished" and element.get("pubdate") is not None
        ):
            return _time(page, name, element.get("datetime"))
    return None


def _only_time(page: _Page) -> datetime | None:
    """The one time in the article; where there are several, none says which is which."""
    articles = list(page.tree.iter("article"))
    inside = articles[0] if len(articles) == 1 else page.tree
    given = {element.get("datetime") for element in inside.iter("time")} - {None, ""}
    return _time(page, "time", given.pop()) if len(given) == 1 else None


def _language(page: _Page) -> str | None:
    root = page.tree.get("lang") or page.tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    declared = page.article.get("inLanguage")
    if isinstance(declared, dict):
        declared = declared.get("alternateName") or declared.get("name")
    for tag in (declared, root, page.meta.get("og:locale"), page.meta.get("content-language")):
        language = language_code(tag)
        if language:
            return language
    return None


def _byline(page: _Page) -> str | None:
    given = page.article.get("author")
    names = [_text(name) for name in (given if isinstance(given, list) else [given])]
    told = [name for name in names if name and "://" not in name]
    if told:
        return ", ".join(dict.fromkeys(told))
    named = page.meta.get("author") or page.meta.get("article:author")
    return named if named and "://" not in named else None


def _subjects(page: _Page) -> tuple[str, ...]:
    found: list[str] = []
    for name in ("articleSection", "keywords"):
        value = page.article.get(name)
        parts = value if isinstance(value, list) else str(value or "").split(",")
        found += [text for part in parts if (text := _text(part))]
    if not found:
        found = (page.meta.get("news_keywords") or "").split(",")
    return tuple(dict.fromkeys(text.strip() for text in found if text.strip()))[:_MOST_SUBJECTS]


def _text(value: Json) -> str | None:
    """The text of a value, the name of a thing, or of the first of several."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("text") or value.get("@value")
    return value.strip() or None if isinstance(value, str) else None
