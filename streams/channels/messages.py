"""Alerts as messages that people read: plain text, HTML and Markdown, of one alert or of many.

What is said is decided here and in `streams.core.wording`; how it looks, in the templates beside
this module. All text from stories is on one line, without what cannot be seen, and is escaped by
the template's format: it never becomes markup, a mention or an address. Links are made of our own
address, and of what a story gives as links where that is http or https.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from schemas.alerts import Alert, AlertEvidence
from streams.channels import Parcel
from streams.channels.ways import Ways
from streams.core import wording
from streams.core.rounds import Item

MOST_IN_TITLE = 200
_MOST_OF_A_NAME = 120
_MOST_OF_A_SENTENCE = 700
_MOST_OF_A_SENTENCE_IN_A_LIST = 200
_MOST_LINKS = 3
_LONGEST_LINK = 1000


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a story, and where it stands."""

    text: str
    language: str
    where: str
    """Source and time."""
    headline: str | None
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One alert as it is told."""

    heading: str
    what: str
    """Who, where, when and how it stands, in one line."""
    leader: str
    is_taken_back: bool
    why: str | None
    """What has happened, where it is not simply new."""
    changes: tuple[tuple[str, str, str], ...]
    """What it is about, what was told before, and what is now."""
    before: str | None
    """What was told last, in one line, where this takes it back and says it otherwise."""
    sure: str
    topics: str
    quotes: tuple[Quote, ...]
    dossier: str | None
    """Address of the page."""


class Ready(str):
    """Text that a format needs no more escaped: an address."""

    __slots__ = ()


def title(parcel: Parcel, ways: Ways) -> str:
    """The parcel in one line, without line ends and what cannot be seen."""
    told = [_told(item, ways, is_listed=True) for item in parcel.items]
    if len(told) == 1:
        text = f"{told[0].heading}: {told[0].what}"
    else:
        text = f"{len(told)} alerts: {', '.join(dict.fromkeys(each.leader for each in told))}"
    return wording.shorten(text, MOST_IN_TITLE)


def as_text(parcel: Parcel, ways: Ways) -> str:
    """Plain text, a line as long as what it says."""
    return _render("message.txt", parcel, ways)


def as_html(parcel: Parcel, ways: Ways) -> str:
    """A page for mail: no script, no picture, nothing from elsewhere."""
    return _render("message.html", parcel, ways)


def as_markdown(parcel: Parcel, ways: Ways) -> str:
    """CommonMark as chat services take it: no raw HTML, and nobody is called by a mention."""
    return _render("message.md", parcel, ways)


def _render(template: str, parcel: Parcel, ways: Ways) -> str:
    is_listed = len(parcel.items) > 1
    return _template(template)(
        told=[_told(item, ways, is_listed=is_listed) for item in parcel.items],
        owner=_line(parcel.subscription.owner, _MOST_OF_A_NAME),
        subscription=parcel.subscription.id,
        title=title(parcel, ways),
    )


@lru_cache(maxsize=3)
def _template(name: str) -> Callable[..., str]:
    environment = Environment(
        loader=PackageLoader("streams.channels"),
        autoescape=name.endswith(".html"),
        finalize=_in_markdown if name.endswith(".md") else None,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    return environment.get_template(name).render


def _told(item: Item, ways: Ways, *, is_listed: bool) -> Told:
    alert, before = item.event.data, item.before.data if item.before else None
    is_taken_back = alert.kind == "retracted"
    what, last = _what(alert, ways), _what(before, ways) if before else None
    most = 1 if is_listed else len(alert.evidence)
    return Told(
        heading=wording.HEADINGS[alert.kind].capitalize(),
        what=what,
        leader=_line(alert.leader.name, _MOST_OF_A_NAME),
        is_taken_back=is_taken_back,
        why=None if alert.reason == "first_report" else wording.reason(alert.reason),
        changes=_changes(before, alert, ways) if before and not is_taken_back else (),
        before=last if last != what and is_taken_back else None,
        sure=_sure(alert),
        topics=_line(", ".join(ways.topics.get(each, each) for each in alert.topics), 300),
        quotes=tuple(_quote(each, is_listed=is_listed) for each in alert.evidence[:most]),
        dossier=dossier(alert.leader.id, ways),
    )


def dossier(leader: str, ways: Ways) -> str | None:
    """Address of the page on a leader; `None` where it is not known how people reach the pages."""
    return Ready(f"{ways.pages}/leaders/{quote(leader, safe='')}") if ways.pages else None


def _what(alert: Alert, ways: Ways) -> str:
    return _line(wording.alert(alert, ways.countries), 3 * _MOST_OF_A_NAME)


def _changes(was: Alert, now: Alert, ways: Ways) -> tuple[tuple[str, str, str], ...]:
    rows = wording.changes(was, now, ways.countries)
    return tuple((a, _line(b, _MOST_OF_A_NAME), _line(c, _MOST_OF_A_NAME)) for a, b, c in rows)


def _sure(alert: Alert) -> str:
    count = alert.independent_sources
    said = wording.sources(alert.told_by or ((each,) for each in alert.sources))
    if not alert.told_by:
        # Outlets alone do not tell which of them reprint one another.
        said = f"{count} independent source{'' if count == 1 else 's'}"
        said += f": {', '.join(alert.sources)}" if alert.sources else ""
    return _line(said, 3 * _MOST_OF_A_NAME)


def _quote(evidence: AlertEvidence, *, is_listed: bool) -> Quote:
    most = _MOST_OF_A_SENTENCE_IN_A_LIST if is_listed else _MOST_OF_A_SENTENCE
    headline = evidence.headline
    return Quote(
        text=_line(evidence.text, most),
        language=evidence.language,
        where=_line(f"{evidence.source}, {wording.moment(evidence.published_at)}", 200),
        headline=_line(headline, _MOST_OF_A_SENTENCE_IN_A_LIST) if headline else None,
        links=tuple(filter(None, map(link, evidence.links)))[:_MOST_LINKS],
    )


def _line(text: str, most: int) -> str:
    return wording.seen(wording.shorten(text, most))


_LINK = re.compile(r"https?://[^\s/?#@\\<>\"'`(){}|^\[\]]+(?:[/?#][\x21-\x7e]*)?", re.IGNORECASE)
_UNSAFE = re.compile(r"[\\<>\"'`(){}|^\[\]*_~]")


def link(address: str) -> str | None:
    """An address that a story gives, fit to stand in any of the formats; `None` where it is none.

    What could end a link or begin markup is percent-encoded, as RFC 3986 has it outside a host.
    """
    if len(address) > _LONGEST_LINK or not _LINK.fullmatch(address):
        return None
    host = urlsplit(address).netloc
    head, _, tail = address.partition(host)
    return Ready(head + host + _UNSAFE.sub(lambda sign: f"%{ord(sign[0]):02X}", tail))


_MARKUP = re.compile(r"[\\`*_\[\]]")
_CALL = re.compile(r"@(?=\w)|~(?=~)|(?<=\w)://")
"""Calls people, strikes out, and makes a link of what is none."""
_UNJOINED = "\N{ZERO WIDTH SPACE}"
_LIKE = str.maketrans({"<": "‹", ">": "›"})


def markdown_title(parcel: Parcel, ways: Ways) -> str:
    """The title for a service that may take it for Markdown or not: nothing in it is markup."""
    return _MARKUP.sub("", _calm(title(parcel, ways)))


def _in_markdown(value: object) -> object:
    """What a template prints, so that no service takes any of it for markup."""
    return _MARKUP.sub(r"\\\g<0>", _calm(value)) if type(value) is str else value


def _calm(text: str) -> str:
    """Services differ in what they unescape, so what opens HTML, a mention or a link of Slack gets
    a sign that looks like it, and a mention by `@` is broken by a sign that is not seen."""
    return _CALL.sub(lambda sign: sign[0] + _UNJOINED, text.translate(_LIKE))
