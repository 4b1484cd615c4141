"""IPTC's cases of ninjs, each told again by one of ours with that one fault or that one point.

The ids are those of IPTC's test suite (`validation/test_suite` of iptc/newsinjson) by version and
number; where two files have one number, a word tells them apart. An item declares its version where
that can be declared: from 1.3 on. Ids without a number are what the suite has no case for.
"""

from typing import Any

import pytest

HEADLINE = "Premier to visit Lima"
UNDECLARABLE = ("1.0", "1.1", "1.2")

Fields = dict[str, Any]


def item(version: str, fields: Fields) -> Fields:
    """A story of this version, declared where that can be, with these fields."""
    headline: Fields = {"headlines": [{"role": "main", "value": HEADLINE}]}
    name = "standard"
    if version.startswith("1"):
        headline, name = {"headline": HEADLINE}, "$standard"
    declared: Fields = {name: {"name": "ninjs", "version": version}}
    if version in UNDECLARABLE:
        declared = {}
    said = {"uri": "urn:desk:1", **declared, **headline, **fields}
    return {name: value for name, value in said.items() if value is not ...}


NO_NAME = "there is no such name"
KINDS_OF_OLD = "text, audio, video, picture, graphic, composite"
KINDS = f"{KINDS_OF_OLD}, component"
BOTH_RIGHTS = {"linkedrights": "https://x.example/r", "encodedrights": "{}"}
ONE_RIGHT = "of linkedrights and encodedrights exactly one must be there"
ONE_DATE = (
    "of startDate and expectedStartDate; or of endDate and expectedEndDate "
    "exactly one must be there"
)
SOUND = [{"role": "commentary", "contenttype": "audio/aac"}]
MIRROR = {"mirror:eu": "https://eu.example/a.jpg", "cdn:ttl": 3600}
PICTURE = {"name": "logo", "uri": "urn:desk:2", "type": "picture"}
TWO_STARTS = {"startDate": "2026-03-09T09:00:00Z", "expectedStartDate": "2026-03-10"}


def refused(id: str, fields: Fields, path: str, says: str) -> Any:  # noqa: A002
    return pytest.param(id[:3], fields, path, says, id=id)


REFUSED = [
    refused("1.0/002", {"type": "invalid"}, "type", f"'invalid' is none of {KINDS_OF_OLD}"),
    refused("1.0/003", {"mime_type": "text/plain"}, "mime_type", NO_NAME),
    refused(
        "1.0/004",
        {"representationtype": "partly"},
        "representationtype",
        "'partly' is none of complete, incomplete",
    ),
    refused("1.0/005", {"profile": 7}, "profile", "not a text"),
    refused("1.0/006", {"version": 1.2}, "version", "not a text"),
    refused("1.0/013", {"person": "Ana Prado"}, "person", "not a list"),
    refused(
        "1.0/015",
        {"pubstatus": "commissioned"},
        "pubstatus",
        "'commissioned' is none of usable, withheld, canceled",
    ),
    refused("1.1/003", {"description_*&": "x"}, "'description_*&'", NO_NAME),
    refused("1.2/001", {"title": 42}, "title", "not a text"),
    refused("1.2/002", {"firstcreated": 2019}, "firstcreated", "not a text"),
    refused("1.2/003", {"ednote": {"text": "Kill it."}}, "ednote", "not a text"),
    refused(
        "1.2/004",
        {"infosource": [{"name": "Ana Prado", "scheme": {"uri": "urn:x"}}]},
        "infosource[0].scheme",
        "not a text",
    ),
    refused(
        "1.2/006",
        {"pubstatus": "commissioned"},
        "pubstatus",
        "'commissioned' is none of usable, withheld, canceled",
    ),
    refused("1.3/001", {"$standard": "https://x.example"}, "$standard", "not an object"),
    refused("1.3/002", {"headline_ééé": "x"}, "headline_ééé", NO_NAME),
    refused("1.3/003", {"headline_": "x"}, "headline_", NO_NAME),
    refused("1.3/005", {"altids": "7c"}, "altids", "not an object"),
    refused("1.3/007", {"genre": "Fact Check"}, "genre", "not a list"),
    refused("1.4/001", {"contentcreated": {"start": "2022"}}, "contentcreated", "not a text"),
    refused("1.4/002", {"contentcreated": []}, "contentcreated", "not a text"),
    refused("1.4/003", {"expires": {}}, "expires", "not a text"),
    refused("1.4/004", {"expires": []}, "expires", "not a text"),
    refused("1.4/005", {"linkedrights": "https://x.example/r"}, "linkedrights", NO_NAME),
    refused("1.4/006", {"rightsinfo": BOTH_RIGHTS}, "rightsinfo", ONE_RIGHT),
    refused("1.5/001", {"bad": "property"}, "bad", NO_NAME),
    refused(
        "1.5/002",
        {"associations": {"first": {"uri": "urn:desk:2", "wrong": "x"}}},
        "associations.first.wrong",
        NO_NAME,
    ),
    refused("1.5/003", {"urgency": "high"}, "urgency", "not a whole number"),
    refused("1.5/004", {"urgency": 9.5}, "urgency", "not a whole number"),
    refused("1.6/002", {"urgency": 0.1}, "urgency", "not a whole number"),
    refused(
        "1.6/003",
        {"renditions": {"srt": {"href": "srt://127.0.0.1:9000", "resources": SOUND}}},
        "renditions.srt.resources",
        NO_NAME,
    ),
    refused("1.7/001", {"contentdigitised": {"start": "2022"}}, "contentdigitised", NO_NAME),
    refused("1.8/002", {"contentdigitised": []}, "contentdigitised", "not a text"),
    refused(
        "1.8/003",
        {"renditions": {"main": {"extensions": MIRROR}}},
        "renditions.main.extensions.cdn:ttl",
        "not a text",
    ),
    refused(
        "2.0/001",
        {"places": [{"geojson": {"type": "Foo", "coordinates": [1, 2]}}]},
        "places[0].geojson.type",
        "none of Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon, "
        "GeometryCollection, Feature, FeatureCollection",
    ),
    refused(
        "2.0/002",
        {"associations": [{**PICTURE, "anything": "x"}]},
        "associations[0].anything",
        NO_NAME,
    ),
    refused(
        "2.1/001",
        {"associations": [{**PICTURE, "anything": "x"}]},
        "associations[0].anything",
        NO_NAME,
    ),
    refused(
        "2.1/002", {"associations": [{"uri": "urn:a"}]}, "associations[0].name", "must be there"
    ),
    refused(
        "2.1/003", {"associations": [{"name": "logo"}]}, "associations[0].uri", "must be there"
    ),
    refused(
        "2.1/004",
        {"associations": [{**PICTURE, "rightsinfo": BOTH_RIGHTS}]},
        "associations[0].rightsinfo",
        ONE_RIGHT,
    ),
    refused("2.2/001", {"digitalsourcetype": "scan"}, "digitalsourcetype", "not an object"),
    refused("2.2/002 event", {"type": "event"}, "type", f"'event' is none of {KINDS}"),
    refused("2.2/003 event", {"eventdetails": {"dates": {}}}, "eventdetails", NO_NAME),
    refused(
        "2.2/003 rendition",
        {"renditions": [{"name": "srt", "resources": SOUND}]},
        "renditions[0].resources",
        NO_NAME,
    ),
    refused("2.2/004 event", {"eventdetails": {}, "renditions": []}, "eventdetails", NO_NAME),
    refused("2.2/004 date", {"eventdetails": {"dates": "May"}}, "eventdetails", NO_NAME),
    refused("2.2/005 coverage", {"plannedcoverage": []}, "plannedcoverage", NO_NAME),
    refused("2.2/005 planning", {"type": "planning"}, "type", f"'planning' is none of {KINDS}"),
    refused("2.2/006", {"eventdetails": {}, "plannedcoverage": []}, "eventdetails", NO_NAME),
    refused("2.2/007", {"plannedcoverage": [{}]}, "plannedcoverage", NO_NAME),
    refused("2.3/002", {"contentdigitised": []}, "contentdigitised", NO_NAME),
    refused("2.4/001", {"contentdigitised": {"start": "2022"}}, "contentdigitised", "not a text"),
    refused(
        "2.4/003",
        {"renditions": [{"name": "main", "extensions": MIRROR}]},
        "renditions[0].extensions.cdn:ttl",
        "not a text",
    ),
    refused("3.0/001", {"random": "x"}, "random", NO_NAME),
    refused(
        "3.0/002",
        {"associations": [{**PICTURE, "anything": "x"}]},
        "associations[0].anything",
        NO_NAME,
    ),
    refused("3.0/003", {"eventDetails": {"dates": TWO_STARTS}}, "eventDetails.dates", ONE_DATE),
    refused(
        "3.0/004 renditions",
        {"type": "event", "eventDetails": {"dates": TWO_STARTS}, "renditions": []},
        "eventDetails.dates",
        ONE_DATE,
    ),
    refused(
        "3.0/004 date",
        {"eventDetails": {"dates": {"expectedStartDate": "29 May 2026"}}},
        "eventDetails.dates.expectedStartDate",
        "'29 May 2026' is no year, month, day or date-time",
    ),
    refused(
        "3.0/005",
        {"plannedCoverage": [{"urgency": 11}]},
        "plannedCoverage[0].urgency",
        "11 is not within 1 and 9",
    ),
    refused("3.0/006", {"urgency": 0.1}, "urgency", "not a whole number"),
    refused("3.0/007", {"uri": ...}, "uri", "must be there"),
    refused(
        "3.0/008",
        {"associations": [{"name": "coverage", "type": "planning"}]},
        "associations[0].uri",
        "must be there",
    ),
    refused("3.1/001", {"digitalSourceType": "scan"}, "digitalSourceType", "not an object"),
    refused(
        "3.1/002",
        {"renditions": [{"name": "srt", "resources": []}]},
        "renditions[0].resources",
        NO_NAME,
    ),
    refused("3.2/001", {"contentDigitised": {"start": "2022"}}, "contentDigitised", NO_NAME),
    refused("3.2/002", {"contentDigitised": []}, "contentDigitised", NO_NAME),
    refused(
        "3.3/003",
        {"renditions": [{"name": "main", "extensions": MIRROR}]},
        "renditions[0].extensions.cdn:ttl",
        "not a text",
    ),
    # What the suite has no case for.
    refused(
        "2.4 width",
        {"renditions": [{"name": "a", "width": "9"}]},
        "renditions[0].width",
        "not a number",
    ),
    refused(
        "3.0 width",
        {"renditions": [{"name": "a", "width": 9.5}]},
        "renditions[0].width",
        "not a whole number",
    ),
    refused("2.4 yes for a number", {"urgency": True}, "urgency", "not a whole number"),
    refused(
        "3.3 spelt as in 2.x", {"versioncreated": "2026-03-01T09:00:00Z"}, "versioncreated", NO_NAME
    ),
    refused(
        "2.4 spelt as in 3.x", {"versionCreated": "2026-03-01T09:00:00Z"}, "versionCreated", NO_NAME
    ),
    refused("2.4 no value", {"bodies": [{"role": "main"}]}, "bodies[0].value", "must be there"),
    refused("1.8 null", {"byline": None}, "byline", "not a text"),
    refused(
        "1.8 grade",
        {"subject": [{"relevance": 101}]},
        "subject[0].relevance",
        "101 is not within 0 and 100",
    ),
    refused(
        "1.5 contact",
        {"person": [{"contactinfo": [{"type": "web"}]}]},
        "person[0].contactinfo[0]",
        "of value and address exactly one must be there",
    ),
    refused(
        "3.3 rights",
        {"rightsInfo": {"linkedRights": "urn:r", "more": ""}},
        "rightsInfo.more",
        NO_NAME,
    ),
    refused(
        "3.0 dates again",
        {
            "eventDetails": {
                "dates": {
                    "startDate": "2026-03-09T09:00:00Z",
                    "recurrence": {"recurrenceDates": ["2027"]},
                }
            }
        },
        "eventDetails.dates.recurrence.recurrenceDates",
        "the standard asks for a list and a text at once; no value is both",
    ),
    refused(
        "2.4 line of one",
        {"places": [{"geojson": {"type": "LineString", "coordinates": [[1, 2]]}}]},
        "places[0].geojson.coordinates",
        "1 in a list of 2 at least",
    ),
    refused(
        "2.4 place without numbers",
        {"places": [{"geojson": {"type": "Point", "coordinates": ["a", "b"]}}]},
        "places[0].geojson.coordinates[0]",
        "not a number",
    ),
    refused(
        "2.4 feature",
        {"places": [{"geojson": {"type": "Feature", "geometry": None}}]},
        "places[0].geojson.properties",
        "must be there",
    ),
    refused(
        "2.4 feature's id",
        {
            "places": [
                {"geojson": {"type": "Feature", "geometry": None, "properties": None, "id": []}}
            ]
        },
        "places[0].geojson.id",
        "neither a text nor a number",
    ),
    refused(
        "2.4 place a text", {"places": [{"geojson": "Lima"}]}, "places[0].geojson", "not an object"
    ),
    refused("1.5 uri", {"uri": "desk 1"}, "uri", "'desk 1' is no URI"),
    refused(
        "2.1 time", {"expires": "2026-03-01"}, "expires", "'2026-03-01' is no date-time in RFC 3339"
    ),
    refused(
        "3.0 no such day",
        {"expires": "2026-02-30T00:00:00Z"},
        "expires",
        "'2026-02-30T00:00:00Z' is no date-time in RFC 3339",
    ),
]


UNKNOWN_VERSION = "an item of 1.0 to 1.2 cannot say which it is of, and a later one has it"
FREE_END = "the expression is not anchored, so the schema lets it pass; 1.3/008 is to pass as well"
NOT_REFUSED = [
    pytest.param("1.0", {"type": "component"}, UNKNOWN_VERSION, id="1.0/014"),
    pytest.param("1.0", {"infosource": [{"name": "Ana"}]}, UNKNOWN_VERSION, id="1.0/016"),
    pytest.param("1.0", {"description_a*&": "x"}, FREE_END, id="1.0/018"),
    pytest.param("1.1", {"type": "component"}, UNKNOWN_VERSION, id="1.1/001"),
    pytest.param("1.1", {"infosource": [{"name": "Ana"}]}, UNKNOWN_VERSION, id="1.1/002"),
    pytest.param("1.3", {"headline_a-dash": "x"}, FREE_END, id="1.3/004"),
]


def taken(id: str, fields: Fields) -> Any:  # noqa: A002
    return pytest.param(id[:3], fields, id=id)


CODE = {"name": "Lima", "rel": "about", "scheme": "urn:cv", "code": "l"}
TERM = {"name": "Lima", "rel": "about", "uri": "urn:cv:l", "literal": "l"}
WEB = {"type": "web", "value": "https://x.example"}
SHOT = {"href": "https://x.example/a.jpg", "mimetype": "image/jpeg", "title": "A", "width": 70}
SHOT_2 = {"name": "small", "href": "https://x.example/a.jpg", "contenttype": "image/jpeg"}
HOUSE = [
    {
        "name": "Palace",
        "contactInfo": [{"type": "physical", "address": {"locality": "Lima", "lines": ["1, A"]}}],
    }
]
PLAN = {"uri": "urn:p", "type": "video", "itemCount": {"rangeFrom": 1, "rangeTo": 3}}
STREAM = {
    "name": "srt",
    "transportProtocol": "srtcaller",
    "frameRate": 60,
    "scanType": "interlaced",
}

START, END = "2026-03-09T09:00:00-05:00", "2026-03-09T17:00:00Z"
RICH_1 = {"person": [{"contactinfo": [WEB]}]}
RICH_2 = {"people": [{"contactinfo": [WEB]}]}
SYMBOL = [{"symbols": [{"symbol": "L", "symboltype": "urn:t"}]}]
SINCE = [
    ("1.1", {"usageterms": "x"}),
    ("1.1", {"urgency": 5}),
    ("1.1", {"place": [{"geometry_point": {}}]}),
    ("1.2", {"firstcreated": END}),
    ("1.2", {"charcount": 9.0, "wordcount": 1}),
    ("1.2", {"title": "x"}),
    ("1.2", {"infosource": []}),
    ("1.2", {"renditions": {"a": {"duration": 9.5}}}),
    ("1.2", {"type": "component"}),
    ("1.3", {"altids": {}}),
    ("1.3", {"$standard": {}}),
    ("1.3", {"genre": []}),
    ("1.3", {"trustindicator": []}),
    ("1.3", {"headline_main": "x"}),
    ("1.3", {"renditions": {"_a": {}}}),
    ("1.4", {"contentcreated": END}),
    ("1.4", {"rightsinfo": {"encodedrights": "{}"}}),
    ("1.5", RICH_1),
    ("1.5", {"organisation": SYMBOL}),
    ("1.5", {"subject": [{"creator": "desk"}]}),
    ("1.6", {"digitalsourcetype": {}}),
    ("1.7", {"renditions": {"a": {"poi": {"x": 1, "y": 1}}}}),
    ("1.8", {"contentdigitised": END}),
    ("1.8", {"renditions": {"a": {"extensions": {}}}}),
    ("2.1", {"expires": END}),
    ("2.1", RICH_2),
    ("2.1", {"organisations": SYMBOL}),
    ("2.1", {"subjects": [{"creator": "desk"}]}),
    ("2.2", {"digitalsourcetype": {}}),
    ("2.3", {"renditions": [{"name": "a", "poi": {"x": 1, "y": 1}}]}),
    ("2.4", {"contentdigitised": END}),
    ("2.4", {"renditions": [{"name": "a", "extensions": {}}]}),
    ("3.1", {"digitalSourceType": {}}),
    ("3.2", {"renditions": [{"name": "a", "resources": []}]}),
    ("3.3", {"contentDigitised": END}),
    ("3.3", {"renditions": [{"name": "a", "extensions": {}}]}),
]
"""The version that brought a name, and the least that has it."""
UNTIL = [
    ("1.5", {"urgency": 9.5}),
    ("1.5", {"uri": "desk 1"}),
    ("2.1", {"urgency": 12}),
    ("2.1", {"uri": "desk 1"}),
    ("2.1", {"associations": [{"name": "a"}]}),
]
"""The version that is stricter than those before it, and what it no longer takes."""


def event(**dates: Any) -> Fields:
    return {"type": "event", "eventDetails": {"dates": dates}, "places": HOUSE}


TAKEN = [
    taken("1.0/003", {"type": "audio"}),
    taken("1.0/004", {"type": "video"}),
    taken("1.0/007", {"type": "composite"}),
    taken("1.0/008", {"mimetype": "text/plain"}),
    taken("1.0/010", {"representationtype": "incomplete"}),
    taken("1.0/011", {"profile": "text-photo"}),
    taken("1.0/013", {"version": "2"}),
    taken("1.0/014", {"version": "fifth, final"}),
    taken("1.0/015", {"versioncreated": "2026-03-01T09:00:00Z"}),
    taken("1.0/018", {"embargoed": "2026-03-02T09:00:00Z"}),
    taken("1.0/020", {"embargoed": "2026-03-02"}),
    taken("1.0/021", {"pubstatus": "usable"}),
    taken("1.0/023", {"pubstatus": "canceled"}),
    taken("1.0/026", {"language": "es-PE"}),
    taken("1.0/027", {"copyrightholder": "Agencia Sur"}),
    taken("1.0/028", {"copyrightnotice": "(c) Agencia Sur"}),
    taken("1.0/030", {}),
    taken("1.0/032", {"body_text": "Plain."}),
    taken("1.0/033", {"body_html": "<p>Marked.</p>"}),
    taken("1.0/035", {"body_new": "Of a kind of one's own."}),
    taken("1.0/036", {"description_text": "Plain."}),
    taken("1.0/038", {"description_text": "Plain.", "description_html": "<p>Marked.</p>"}),
    taken("1.0/039", {"description_new": "Of a kind of one's own."}),
    taken(
        "1.0/045", {"organisation": [{**CODE, "symbols": [{"ticker": "LIM", "exchange": "BVL"}]}]}
    ),
    taken("1.0/046", {"organisation": [CODE, CODE]}),
    taken("1.0/048", {"place": [CODE]}),
    taken("1.0/049", {"place": [CODE, CODE]}),
    taken("1.0/050", {"subject": []}),
    taken("1.0/051", {"subject": [CODE]}),
    taken("1.0/052", {"subject": [CODE, CODE]}),
    taken("1.0/053", {"event": [{}]}),
    taken("1.0/054", {"event": [CODE]}),
    taken("1.0/055", {"event": [CODE, CODE]}),
    taken("1.0/056", {"object": []}),
    taken("1.0/057", {"object": [CODE]}),
    taken("1.0/058", {"object": [CODE, CODE]}),
    taken("1.0/059", {"renditions": {}}),
    taken("1.0/061", {"renditions": {"small": SHOT, "large": SHOT}}),
    taken("1.0/062", {"associations": {}}),
    taken("1.0/063", {"associations": {"logo": {"uri": "urn:desk:2"}}}),
    taken(
        "1.0/064",
        {"associations": {"logo": {"uri": "urn:2"}, "photo": {"uri": "urn:3", "type": "picture"}}},
    ),
    taken("1.1/001", {"urgency": 5}),
    taken("1.1/002", {"urgency": 9}),
    taken("1.1/003", {"usageterms": "For editors only."}),
    taken("1.1/004", {"place": [{**CODE, "geometry_point": {"coordinates": [1, 2]}}]}),
    taken("1.2/001", {"title": "Lima"}),
    taken("1.2/002", {"title": "Lima " * 400}),
    taken("1.2/003", {"type": "component"}),
    taken("1.2/004", {"firstcreated": "2026-03-01T08:00:00Z"}),
    taken("1.2/008", {"ednote": "Adds a place."}),
    taken("1.2/009", {"infosource": [{"name": "Ana"}]}),
    taken("1.2/010", {"infosource": [CODE]}),
    taken("1.2/011", {"infosource": [CODE, CODE]}),
    taken("1.3/001", {"headline_test_text": "x", "altids": {"etag": "7c"}}),
    taken("1.3/002", {"$standard": {"name": "ninjs", "version": "1.3", "schema": "urn:s"}}),
    taken("1.3/003", {"$standard": {"schema": "http://x.example/ninjs-schema_1.3.json"}}),
    taken("1.3/004", {"headline_short": "Lima visit"}),
    taken("1.3/005", {"altids": {"etag": "7c", "more": [1, {}]}}),
    taken("1.3/006", {"genre": [{"name": "Current", "scheme": "urn:g", "code": "Current"}]}),
    taken("1.3/007", {"trustindicator": [{"title": "Standards", "href": "https://x.example"}]}),
    taken(
        "1.3/008",
        {
            "headline_bad-#$^-é": "x",
            "body_bad-#$^-é": "x",
            "place": [{"geometry_bad-é": {}}],
            "renditions": {"a#$^": {}},
            "associations": {"_#$^-é": {"uri": "b"}},
        },
    ),
    taken("1.4/001", {"contentcreated": "2022-04-21T12:00:00+00:00", "expires": END}),
    taken("1.4/002", {"contentcreated": "2022-04-21T12:00:00+00:00"}),
    taken("1.4/003", {"rightsinfo": {"linkedrights": "https://x.example/r", "more": 1}}),
    taken("1.4/004", {"rightsinfo": {"langid": "urn:odrl", "encodedrights": "{}"}}),
    taken("1.5/001", {"person": [{"name": "Ana", "contactinfo": [WEB]}]}),
    taken("1.5/002", {"subject": [{"name": "trade", "relevance": 80, "confidence": 100}]}),
    taken("1.5/003", {"organisation": [{"symbols": [{"symboltype": "urn:t", "symbol": "L"}]}]}),
    taken("1.6/002", {"urgency": 1}),
    taken("1.7/001", {"renditions": {"srt": {**SHOT, "resources": SOUND, "poi": {"x": 1}}}}),
    taken("1.8/002", {"contentdigitised": "2022-04-21T12:00:00Z"}),
    taken("1.8/003", {"renditions": {"main": {**SHOT, "extensions": {"mirror:eu": "b"}}}}),
    taken("2.0/001", {"descriptions": [{"role": "caption", "value": "x"}]}),
    taken("2.0/002", {"standard": {"name": "ninjs", "version": "2.0", "schema": "urn:s"}}),
    taken("2.0/003", {"standard": {"schema": "http://x.example/ninjs-schema_2.0.json"}}),
    taken("2.0/004", {"headlines": [{"value": HEADLINE}, {"role": "short", "value": "Lima"}]}),
    taken("2.0/005", {"altids": [{"role": "etag", "value": "7c"}]}),
    taken("2.0/006", {"genres": [{"name": "Current", "uri": "urn:g", "literal": "Current"}]}),
    taken("2.0/007", {"trustindicators": [{"role": "urn:t", "title": "Standards"}]}),
    taken("2.0/008", {"renditions": [{"name": "a#$^-é"}]}),
    taken("2.0/009", {"rightsinfo": {"linkedrights": "urn:r"}}),
    taken("2.0/011", {"associations": [{**PICTURE, "renditions": [{"mimetype": "image/png"}]}]}),
    taken("2.1/001", {"bodies": [{"contenttype": "text/plain", "value": "x", "wordcount": 1}]}),
    taken("2.1/002", {"standard": {"name": "ninjs", "version": "2.1.1", "schema": "urn:s"}}),
    taken("2.1/003", {"standard": {"schema": "http://x.example/ninjs-schema_2.1.json#"}}),
    taken("2.1/004", {"headlines": [{"value": HEADLINE}, {"role": "short", "value": "Lima"}]}),
    taken("2.1/005", {"altids": [{"role": "etag", "value": "7c"}]}),
    taken("2.1/007", {"trustindicators": [{"role": "urn:t", "title": "Standards"}]}),
    taken("2.1/009", {"associations": [{**PICTURE, "rightsinfo": {"encodedrights": "{}"}}]}),
    taken("2.1/011", {"people": [{**TERM, "contactinfo": [WEB]}]}),
    taken("2.1/012", {"subjects": [{**TERM, "creator": "desk", "relevance": 0}]}),
    taken("2.1/013", {"organisations": [{"symbols": [{"symboltype": "urn:t", "symbol": "L"}]}]}),
    taken("2.1/014", {"expires": END}),
    taken("2.2/001 source", {"digitalsourcetype": {"literal": "scan"}}),
    taken("2.2/001 example", {"infosources": [{"name": "Ana", "role": "witness"}]}),
    taken("2.2/002 urgency", {"urgency": 9}),
    taken("2.3/001", {"renditions": [{**SHOT_2, "resources": SOUND, "framerate": 29.97}]}),
    taken("2.4/002", {"contentdigitised": "2022-04-21T12:00:00Z"}),
    taken("2.4/003", {"renditions": [{**SHOT_2, "extensions": {"mirror:eu": "b"}}]}),
    taken("3.0/001", {"trustIndicators": [{"role": "urn:t", "href": "https://x.example"}]}),
    taken("3.0/002 schema", {"standard": {"name": "ninjs", "version": "3.0", "schema": "urn:s"}}),
    taken("3.0/002 event", event(startDate=START, endDate=END)),
    taken(
        "3.0/003 organiser",
        {"eventDetails": {"organiser": TERM, "eventStatus": "urn:x:post-event"}},
    ),
    taken("3.0/003 schema", {"standard": {"schema": "http://x.example/ninjs-schema_3.0.json"}}),
    taken("3.0/004", {"headlines": [{"contentType": "text/html", "value": f"<b>{HEADLINE}</b>"}]}),
    taken("3.0/005 ids", {"altIds": [{"role": "etag", "value": "7c"}]}),
    taken("3.0/005 coverage", {"type": "planning", "plannedCoverage": [PLAN]}),
    taken("3.0/006 genre", {"genres": [{"name": "Current"}]}),
    taken("3.0/006 rendition", {"plannedCoverage": [{**PLAN, "renditions": [STREAM]}]}),
    taken("3.0/007 rendition", {"plannedCoverage": [{"dates": {"expectedStartDate": START}}]}),
    taken("3.0/007 trust", {"trustIndicators": [{"title": "Standards"}]}),
    taken("3.0/008", {"plannedCoverage": [{"renditions": [STREAM, STREAM]}]}),
    taken(
        "3.0/009 order",
        {"plannedCoverage": [{"commissioned": {"by": "Ana", "on": END, "references": [{}]}}]},
    ),
    taken("3.0/009 rights", {"rightsInfo": {"langId": "urn:odrl", "encodedRights": "{}"}}),
    taken("3.0/010 date", event(expectedStartDate="2026-03")),
    taken("3.0/010 place", {"places": [{"geoJSON": {"type": "Point", "coordinates": [9, 48.7]}}]}),
    taken("3.0/010 item", {"associations": [{**PICTURE, "rel": "coverage", "type": "planning"}]}),
    taken("3.0/011", event(expectedStartDate="2026", expectedEndDate="2027-01-01")),
    taken(
        "3.0/012",
        event(startDate=START, recurrence={"recurrenceRules": [{"frequency": "yearly"}]}),
    ),
    taken("3.0/013", {"plannedCoverage": [{"audiences": [{"audience": "a", "significance": 8}]}]}),
    taken("3.0/014", {"plannedCoverage": [{"uri": "no-uri", "wordCount": 300, "urgency": 1}]}),
    taken(
        "3.0/015",
        event(
            startDate=START, recurrence={"recurrenceRules": [{"frequency": "daily", "count": 3}]}
        ),
    ),
    taken(
        "3.0/016",
        event(startDate=START, recurrence={"recurrenceRules": [{"interval": 2, "until": END}]}),
    ),
    taken("3.0/017", event(startDate=START, expectedDuration="PT2H")),
    taken("3.0/018", event(expectedStartDate="2026-03-09T09:00:00", expectedDuration="P1D")),
    taken("3.0/019", {"urgency": 1}),
    taken("3.1/001", {"digitalSourceType": {"name": "scan", "uri": "urn:x:scan"}}),
    taken("3.3/002", {"contentDigitised": "2022-04-21T12:00:00Z"}),
    taken("3.3/003", {"renditions": [{"name": "a", "extensions": {"mirror:eu": "b"}}]}),
    # What the suite has no case for.
    taken("2.4 whole, as JSON Schema has it", {"urgency": 2.0}),
    taken(
        "2.4 all that GeoJSON has",
        {
            "places": [
                {
                    "geojson": {
                        "type": "FeatureCollection",
                        "features": [
                            {
                                "type": "Feature",
                                "id": 7,
                                "properties": {"a": 1},
                                "geometry": {
                                    "type": "GeometryCollection",
                                    "geometries": [
                                        {
                                            "type": "Polygon",
                                            "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]],
                                        },
                                        {
                                            "type": "MultiPoint",
                                            "coordinates": [],
                                            "bbox": [0, 0, 1, 1],
                                        },
                                    ],
                                },
                            },
                        ],
                    }
                }
            ]
        },
    ),
]
