"""The names of ninjs and the shapes of what they have, at all levels, in every published version.

Told again in our own words from ninjs-schema_1.0.json to _1.8.json, _2.0.json to _2.4.json and
_3.0.json to _3.3.json at https://iptc.org/std/ninjs/, as they were in 2025: a name, its type, its
closed list, its bounds, since when. Names stand here as 3.x spells them. Less plain than the rest:

* A name of 1.x may begin with `body_` and a letter; what comes behind is free, as the expressions
  are not anchored at their end.
* Rights of 1.x and 2.x may have names of their own beside the three.
* 2.0 takes anything of an association that has a name. Here its names must be known, as IPTC's own
  case 2.0/002 has it, and it must have one; what they have is free.
* Dates on which an event comes again (`recurrenceDates`) are to be a list and a text at once, so
  nothing is right there.
* Events and planning stood in drafts of 2.2, and came with 3.0; they are not in 2.2.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from streams.core.wire.geojson import GEOJSON
from streams.core.wire.shapes import Anything, Named, Nothing, Number, Record, Several, Shape, Text

Shapes: TypeAlias = "dict[str, Shape]"
Of: TypeAlias = Callable[[Shape, str], Shapes]
"""The same shape for all names in a text, spelt as the version spells them."""

_TEXT = Text()
_URI = Text("uri")
_TIME = Text("time")
_ABOUT = Text("about")
_NUMBER = Number()
_WHOLE = Number(whole=True)
_GRADE = Number(whole=True, low=0, high=100)
_URGENCY = Number(whole=True, low=1, high=9)
_ANY = Anything()
_STATUS = Text(among=("usable", "withheld", "canceled"))
_KINDS = ("text", "audio", "video", "picture", "graphic", "composite", "component")
_FREQUENCIES = ("secondly", "minutely", "hourly", "daily", "weekly", "monthly", "yearly")
_ITEM = "item"
_ASSOCIATION = "association"


@dataclass(frozen=True, slots=True)
class Standard:
    """One version: the shape of an item, what that refers to, and whether forms are asked for.

    `format` in JSON Schema is a remark unless a validator is told otherwise. IPTC's own cases up to
    1.4, and for 2.0, have ids that are no URIs and times that are none, and are to pass.
    """

    version: str
    item: Record
    named: Mapping[str, Shape]
    forms: bool


def _first(minor: int) -> Standard:
    """1.x: names in lower case, most of them single, and objects by name."""
    of = _of(str.lower)
    names = (
        of(_TEXT, "mimetype profile version byline headline located language")
        | of(_TEXT, "copyrightHolder copyrightNotice")
        | of(_URI, "uri")
        | of(_TIME, "versionCreated embargoed")
        | of(_STATUS, "pubStatus")
        | of(Text(among=_KINDS if minor >= 2 else _KINDS[:-1]), "type")
        | of(Text(among=("complete", "incomplete")), "representationType")
        | _first_concepts(of, minor)
        | _first_parts(of, minor)
        | _since(1, minor, of(_TEXT, "usageTerms"))
        | _since(1, minor, of(_URGENCY if minor >= 5 else _NUMBER, "urgency"))
        | _since(2, minor, of(_TIME, "firstCreated") | of(_NUMBER, "charCount wordCount"))
        | _since(2, minor, of(_TEXT, "edNote title slugline"))
        | _since(3, minor, of(Record(others=_ANY), "altIds") | of(_standard(of), "$standard"))
        | _since(4, minor, of(_TIME, "contentCreated expires"))
        | _since(4, minor, of(_rights(of, others=_ANY), "rightsInfo"))
        | _since(6, minor, of(_origin(of), "digitalSourceType"))
        | _since(8, minor, of(_TIME, "contentDigitised"))
    )
    texts = ("description_", "body_", "headline_")[: 3 if minor >= 3 else 2]
    begins = tuple((re.compile(f"{text}[A-Za-z0-9_]"), _TEXT) for text in texts)
    item = Record(names, required=("uri",), begins=begins)
    return Standard(f"1.{minor}", item, {_ITEM: item}, forms=minor >= 5)


def _first_concepts(of: Of, minor: int) -> Shapes:
    code = of(_TEXT, "name rel code") | of(_URI, "scheme")
    party = code | _since(5, minor, _contacts(of))
    symbols = of(_TEXT, "ticker exchange") | _since(5, minor, _symbol(of))
    geometry = ((re.compile("geometry_[A-Za-z0-9_]"), Record(others=_ANY)),)
    term = of(_TEXT, "name code") | of(_URI, "scheme")
    trust = of(_TEXT, "code title") | of(_URI, "scheme href")
    return (
        of(_several(party), "person")
        | of(_several(party | of(_several(symbols), "symbols")), "organisation")
        | of(Several(Record(party, begins=geometry if minor >= 1 else ())), "place")
        | of(_several(code | _since(5, minor, _graded(of))), "subject")
        | of(_several(code), "event object")
        | _since(2, minor, of(_several(party), "infoSource"))
        | _since(3, minor, of(_several(term), "genre") | of(_several(trust), "trustIndicator"))
    )


def _first_parts(of: Of, minor: int) -> Shapes:
    named = re.compile("[A-Za-z0-9_]" if minor >= 3 else "[A-Za-z0-9]")
    rendition = (
        of(_TEXT, "mimetype title")
        | of(_URI, "href")
        | of(_NUMBER, "width height sizeInBytes")
        | _since(2, minor, of(_NUMBER, "duration") | of(_TEXT, "format"))
        | _since(7, minor, _film(of) | _resources(of))
        | _since(8, minor, of(Record(others=_TEXT), "extensions"))
    )
    return of(Record(begins=((named, Record(rendition)),)), "renditions") | of(
        Record(begins=((named, Named(_ITEM)),)), "associations"
    )


def _second(minor: int) -> Standard:
    """2.x: lists of objects, names in lower case."""
    of = _of(str.lower)
    contacts = _since(1, minor, _contacts(of))
    symbols = of(_TEXT, "ticker exchange") | _since(1, minor, _symbol(of))
    firm = _concept(of) | contacts | of(_several(symbols), "symbols")
    rendition = (
        _rendition(of, _NUMBER)
        | _since(3, minor, _film(of) | _resources(of))
        | _since(4, minor, of(Record(others=_TEXT), "extensions"))
    )
    names = (
        _alike(of, contacts, _NUMBER)
        | of(Text(among=_KINDS), "type")
        | of(_TIME, "embargoed")
        | of(_URGENCY if minor >= 1 else _NUMBER, "urgency")
        | of(_several(firm), "organisations")
        | of(_several(_concept(of) | _since(1, minor, _graded(of))), "subjects")
        | of(_several(_concept(of)), "events")
        | of(Several(_named(of, rendition)), "renditions")
        | of(_rights(of, others=_ANY), "rightsInfo")
        | _since(1, minor, of(_TIME, "expires"))
        | _since(2, minor, of(_origin(of), "digitalSourceType"))
        | _since(4, minor, of(_TIME, "contentDigitised"))
    )
    return _with_associations(f"2.{minor}", names, of(_TEXT, "name"), forms=minor >= 1)


def _third(minor: int) -> Standard:
    """3.x: lists of objects, names in camel case, events and what is planned."""
    of = _of(str)
    symbols = of(_TEXT, "exchange") | _symbol(of)
    firm = _concept(of) | _contacts(of) | of(_several(symbols), "symbols")
    rendition = (
        _rendition(of, _WHOLE)
        | _film(of)
        | _since(2, minor, _resources(of))
        | _since(3, minor, of(Record(others=_TEXT), "extensions"))
    )
    names = (
        _alike(of, _contacts(of), _WHOLE)
        | of(Text(among=(*_KINDS, "event", "planning")), "type")
        | of(_TIME, "embargoedUntil expires")
        | of(_URGENCY, "urgency")
        | of(_several(firm), "organisations")
        | of(_several(_concept(of) | _graded(of)), "subjects")
        | of(_several(_concept(of) | of(_TEXT, "id")), "events")
        | of(Several(_named(of, rendition)), "renditions")
        | of(_rights(of, others=None), "rightsInfo")
        | of(_event(of, firm), "eventDetails")
        | of(_several(_planned(of, rendition)), "plannedCoverage")
        | _since(1, minor, of(_origin(of), "digitalSourceType"))
        | _since(3, minor, of(_TIME, "contentDigitised"))
    )
    return _with_associations(f"3.{minor}", names, of(_TEXT, "name rel"), forms=True)


def _with_associations(version: str, names: Shapes, more: Shapes, *, forms: bool) -> Standard:
    names = names | {"associations": Several(Named(_ASSOCIATION))}
    association = Record(names | more, required=("name", "uri"))
    if version == "2.0":
        association = Record(dict.fromkeys(names, _ANY) | more, required=("name",))
    item = Record(names, required=("uri",))
    return Standard(version, item, {_ASSOCIATION: association}, forms)


def _alike(of: Of, contacts: Shapes, count: Number) -> Shapes:
    """What 2.x and 3.x have alike; words and characters are counted in numbers of this kind."""
    part = of(_TEXT, "role contentType value")
    body = part | of(count, "charCount wordCount")
    source = of(_TEXT, "name role literal") | of(_URI, "uri") | contacts
    return (
        of(_TEXT, "profile version title by slugline located language")
        | of(_TEXT, "copyrightHolder copyrightNotice usageTerms edNote")
        | of(_URI, "uri")
        | of(_TIME, "firstCreated versionCreated contentCreated")
        | of(_STATUS, "pubStatus")
        | of(Text(among=("full", "partial")), "representationType")
        | of(Several(Record(part, required=("value",))), "headlines descriptions")
        | of(Several(Record(body, required=("value",))), "bodies")
        | of(_several(_concept(of) | contacts), "people")
        | of(_several(_concept(of) | contacts | of(GEOJSON, "geoJSON")), "places")
        | of(_several(_concept(of)), "objects")
        | of(_several(source), "infoSources")
        | of(_several(of(_TEXT, "role value")), "altIds")
        | of(_several(of(_TEXT, "title") | of(_URI, "role href")), "trustIndicators")
        | of(_several(of(_TEXT, "name uri literal")), "genres")
        | of(_standard(of), "standard")
    )


def _concept(of: Of) -> Shapes:
    return of(_TEXT, "name rel literal") | of(_URI, "uri")


def _graded(of: Of) -> Shapes:
    return of(_TEXT, "creator") | of(_GRADE, "relevance confidence")


def _symbol(of: Of) -> Shapes:
    return of(_URI, "symbolType") | of(_TEXT, "symbol")


def _contacts(of: Of) -> Shapes:
    address = of(_TEXT, "locality area postalCode country") | of(Several(_TEXT), "lines")
    contact = of(_TEXT, "type role lang name value") | of(Record(address), "address")
    return of(Several(Record(contact, one_of=(("value", "address"),))), "contactInfo")


def _standard(of: Of) -> Record:
    return Record(of(_TEXT, "name version") | of(_URI, "schema"))


def _origin(of: Of) -> Record:
    return Record(of(_TEXT, "name literal") | of(_URI, "uri"))


def _rights(of: Of, others: Shape | None) -> Record:
    either = tuple(of(_URI, "linkedRights") | of(_TEXT, "encodedRights"))
    names = of(_URI, "langId linkedRights") | of(_TEXT, "encodedRights")
    return Record(names, others=others, one_of=(either,))


def _rendition(of: Of, size: Number) -> Shapes:
    return (
        of(_TEXT, "contentType title format")
        | of(_URI, "href")
        | of(size, "width height sizeInBytes")
        | of(_NUMBER, "duration")
    )


def _named(of: Of, names: Shapes) -> Record:
    return Record(names | of(_TEXT, "name"), required=("name",))


def _film(of: Of) -> Shapes:
    return (
        of(_TEXT, "aspectRatio videoCodec transportProtocol bitrate")
        | of(_NUMBER, "frameRate")
        | of(Text(among=("progressive", "interlaced")), "scanType")
        | of(Record(of(_WHOLE, "x y")), "poi")
    )


def _resources(of: Of) -> Shapes:
    return of(_several(of(_TEXT, "role title language contentType")), "resources")


def _event(of: Of, firm: Shapes) -> Record:
    return Record(
        of(_URI, "eventStatus plannedCoverageStatus")
        | of(_dates(of), "dates")
        | of(Record(firm), "organiser")
    )


def _dates(of: Of) -> Record:
    rule = (
        of(Text(among=_FREQUENCIES), "frequency")
        | of(_WHOLE, "interval count")
        | of(_TIME, "until")
    )
    never = Nothing("the standard asks for a list and a text at once; no value is both")
    again = of(_several(rule), "recurrenceRules") | of(never, "recurrenceDates")
    return Record(
        of(_TIME, "startDate endDate")
        | of(_ABOUT, "expectedStartDate expectedEndDate")
        | of(_TEXT, "expectedDuration")
        | of(Record(again), "recurrence"),
        one_of=(("startDate", "expectedStartDate"), ("endDate", "expectedEndDate")),
    )


def _planned(of: Of, rendition: Shapes) -> Shapes:
    order = of(_several(of(_TEXT, "name value")), "references") | of(_TEXT, "by") | of(_TIME, "on")
    return (
        # `uri` is to be one, too, but in IPTC's own case 3.0/014 it is not.
        of(_TEXT, "uri title edNote language")
        | of(_STATUS, "pubStatus")
        | of(Text(among=(*_KINDS, "event", "planning")), "type")
        | of(Record(order), "commissioned")
        | of(_dates(of), "dates")
        | of(_several(of(_TEXT, "audience") | of(_WHOLE, "significance")), "audiences")
        | of(Several(_TEXT), "exclAudience")
        | of(_URGENCY, "urgency")
        | of(Record(of(_WHOLE, "rangeFrom rangeTo")), "itemCount")
        | of(_WHOLE, "wordCount")
        | of(Several(_named(of, rendition)), "renditions")
    )


def _of(spell: Callable[[str], str]) -> Of:
    return lambda shape, names: {spell(name): shape for name in names.split()}


def _since(first: int, minor: int, shapes: Shapes) -> Shapes:
    return shapes if minor >= first else {}


def _several(names: Shapes) -> Several:
    return Several(Record(names))


FAMILIES: tuple[tuple[Standard, ...], ...] = (
    tuple(_first(minor) for minor in range(9)),
    tuple(_second(minor) for minor in range(5)),
    tuple(_third(minor) for minor in range(4)),
)
"""1.x, 2.x and 3.x, oldest first."""
STANDARDS: dict[str, Standard] = {
    standard.version: standard for family in FAMILIES for standard in family
}
