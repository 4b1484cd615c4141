"""ninjs as IPTC has it: what its schemas allow is read, and what they forbid is refused or not.

The cases are those of IPTC's own test suite (`validation/test_suite` of iptc/newsinjson, by version
and number), each with a headline and its one fault, so that it is the fault that is refused and not
the lack of a text. Where we take what the schemas forbid, the reason stands beside it.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.stories import Story
from streams.core.wire import Arrival, Refusal, parse
from tests.core.wire.ninjs_standard import SCHEMAS

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "streams" / "data" / "sample" / "wire.jsonl"
ARRIVAL = Arrival("desk", datetime(2026, 3, 1, tzinfo=UTC), "ninjs")
HEADLINES: dict[str, dict[str, Any]] = {
    "1.6": {"headline": "Premier to visit Lima"},
    "2.2": {"headlines": [{"role": "main", "value": "Premier to visit Lima"}]},
    "3.1": {"headlines": [{"value": "Premier to visit Lima"}]},
}

Fields = dict[str, Any]


def item(version: str, fields: Fields) -> Fields:
    return {"uri": "urn:desk:1", **HEADLINES[version], **fields}


def read(fields: Fields) -> Story | Refusal:
    return parse(json.dumps(fields).encode(), ARRIVAL)


def test_the_sample_wire_is_ninjs_as_published() -> None:
    lines = SAMPLE.read_text("utf-8").splitlines()

    assert [
        (json.loads(line)["uri"], error.message)
        for line in lines
        for error in SCHEMAS["1.6"].iter_errors(json.loads(line))
    ] == []


ALLOWED = [
    pytest.param("1.6", {"type": "audio", "mimetype": "audio/mpeg"}, id="1.0/003, 008 audio"),
    pytest.param("1.6", {"version": "fifth, final"}, id="1.0/014 any text for a version"),
    pytest.param("1.6", {"embargoed": "2019-10-01"}, id="1.0/020 an embargo to a day"),
    pytest.param("1.6", {"pubstatus": "canceled"}, id="1.0/023 canceled"),
    pytest.param("1.6", {"body_text": "Plain.", "body_new": "<p/>"}, id="1.0/032, 035 bodies"),
    pytest.param("1.6", {"description_text": "Plain."}, id="1.0/036 a description"),
    pytest.param("1.6", {"subject": [], "event": [{}]}, id="1.0/050, 053 nothing said of it"),
    pytest.param(
        "1.6", {"place": [{"geometry_point": {}}], "object": [{"rel": "x"}]}, id="1.1/004 geometry"
    ),
    pytest.param("1.6", {"urgency": 9, "title": "A title"}, id="1.1/002, 1.2/001 urgency, title"),
    pytest.param("1.6", {"headline_short": "Lima visit"}, id="1.3 another headline"),
    pytest.param("1.6", {"altids": {"etag": "7c"}, "$standard": {}}, id="1.3 other ids"),
    pytest.param("1.6", {"contentcreated": "2022-04-21T12:00:00+00:00"}, id="1.4/002"),
    pytest.param("1.6", {"rightsinfo": {"linkedrights": "https://x.example"}}, id="1.4/003 rights"),
    pytest.param("1.6", {"subject": [{"name": "trade", "relevance": 80}]}, id="1.5/002 relevance"),
    pytest.param("1.6", {"digitalsourcetype": {"name": "scan"}}, id="1.6 origin"),
    pytest.param(
        "2.2",
        {"bodies": [{"contenttype": "text/html", "value": "<p>On Monday.</p>"}]},
        id="2.0 a body in HTML",
    ),
    pytest.param("2.2", {"associations": [{"name": "a", "uri": "urn:a"}]}, id="2.0/011"),
    pytest.param("2.2", {"altids": [{"role": "etag", "value": "7c"}]}, id="2.1/005 other ids"),
    pytest.param("2.2", {"expires": "2026-12-31T23:59:59Z"}, id="2.1/014 expires"),
    pytest.param("2.2", {"type": "event", "eventdetails": {}}, id="2.2/002 an event"),
    pytest.param("2.2", {"type": "planning", "plannedcoverage": [{}]}, id="2.2/005 planning"),
    pytest.param(
        "3.1",
        {
            "headlines": [
                {
                    "role": "richtext",
                    "contentType": "text/html",
                    "value": "<b>Lima</b>, <i>May</i>",
                },
                {"role": "main", "value": "Premier to visit Lima"},
            ]
        },
        id="3.0/004 several headlines",
    ),
    pytest.param("3.1", {"versionCreated": "2026-03-01T09:00:00Z", "urgency": 1}, id="3.0/019"),
    pytest.param("3.1", {"digitalSourceType": {"literal": "scan"}}, id="3.1/001 origin"),
]


@pytest.mark.parametrize(("version", "fields"), ALLOWED)
def test_what_the_schemas_allow_is_read(version: str, fields: Fields) -> None:
    given = item(version, fields)

    assert [error.message for error in SCHEMAS[version].iter_errors(given)] == []
    story = read(given)
    assert isinstance(story, Story), story
    assert story.headline == "Premier to visit Lima"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param({"uri": "urn:desk:1"}, "missing_field", id="1.0 a uri alone: nothing to read"),
        pytest.param(
            {**item("1.6", {}), "versioncreated": "Last Tuesday"},
            "bad_value",
            id="1.0/016 a time that is none: the order of editions hangs on it",
        ),
        pytest.param(
            {**item("1.6", {}), "embargoed": "Next Monday"},
            "bad_value",
            id="1.0/019 an embargo without an end: it must not be told too early",
        ),
    ],
)
def test_what_the_schemas_allow_and_no_newsroom_can_use_is_refused(
    fields: Fields, reason: str
) -> None:
    assert list(SCHEMAS["1.6"].iter_errors(fields)) == []
    refusal = read(fields)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason


FORBIDDEN = [
    pytest.param("1.6", {"version": 1.2}, "version", id="1.0/006 a number for a version"),
    pytest.param("1.6", {"pubstatus": "commissioned"}, "pubstatus", id="1.0/015, 1.2/006"),
    pytest.param("1.6", {"title": 42}, "title", id="1.2/001 a number for a title"),
    pytest.param("1.6", {"firstcreated": 2019}, "firstcreated", id="1.2/002 a number for a time"),
    pytest.param("1.6", {"ednote": {"text": "Kill it."}}, "ednote", id="1.2/003 a note with parts"),
    pytest.param("1.6", {"contentcreated": {}}, "contentcreated", id="1.4/001 an object"),
    pytest.param("1.6", {"contentcreated": []}, "contentcreated", id="1.4/002 a list"),
    pytest.param("1.6", {"urgency": "high"}, "urgency", id="1.5/003 a word for an urgency"),
    pytest.param("1.6", {"urgency": 9.5}, "urgency", id="1.5/004 no whole urgency"),
    pytest.param("1.6", {"urgency": 0.1}, "urgency", id="1.6/002, 3.0/006 no whole urgency"),
    pytest.param("3.1", {"uri": None}, "uri", id="3.0/007 no uri"),
    # What the suite has no case for, and would lose a text or a kill.
    pytest.param("1.6", {"headline": ["x"]}, "headline", id="a list for a headline"),
    pytest.param("1.6", {"pubstatus": {"qcode": "stat:canceled"}}, "pubstatus", id="a code"),
    pytest.param("1.6", {"body_text": {"en": "x"}}, "body_text", id="a body by language"),
    pytest.param("2.2", {"bodies": "A text."}, "bodies", id="a text for bodies"),
    pytest.param("2.2", {"bodies": ["A text."]}, "bodies", id="a text for a body"),
    pytest.param("3.1", {"bodies": [{"value": 7}]}, "bodies", id="a number for a body's text"),
    pytest.param("1.6", {"version": True}, "version", id="yes for a version"),
    pytest.param("1.6", {"byline": {}}, "byline", id="an object for a byline"),
]


@pytest.mark.parametrize(("version", "fields", "name"), FORBIDDEN)
def test_what_the_schemas_forbid_of_what_is_read_is_refused_with_its_name(
    version: str, fields: Fields, name: str
) -> None:
    given = item(version, fields)

    assert not SCHEMAS[version].is_valid(given)
    refusal = read(given)
    assert isinstance(refusal, Refusal)
    assert name in refusal.detail


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b'{"uri": "u", "headline": "x",\n "body_text": "a\nb"}', id="1.0/009"),
        pytest.param(b'{"uri": "u", "headline": "x", "location": [{},]}', id="1.0/012"),
        pytest.param(b'{"uri": "u", "headline": "x", "genre": [{"uri": x"}]}', id="1.3/006"),
    ],
)
def test_what_is_no_json_is_refused(data: bytes) -> None:
    refusal = parse(data, ARRIVAL)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "not_a_story"


VENDORS = "agencies add names of their own, and mix those of 1.x, 2.x and 3.x"
LATER = "a name of a later version: one table for all versions"
NOT_READ = "it is not read: no story is lost for what nobody looks at"
NAME_ONLY = "only the name of a source is read"
TAKEN = [
    pytest.param("1.6", {"mime_type": "text/plain"}, VENDORS, id="1.0/003"),
    pytest.param("1.6", {"description_*&^%": "x"}, VENDORS, id="1.0/018, 1.1/003"),
    pytest.param("1.6", {"$standard": "https://x.example"}, NOT_READ, id="1.3/001"),
    pytest.param("1.6", {"headline_ééé": "x"}, VENDORS, id="1.3/002"),
    pytest.param("1.6", {"headline_": "x"}, VENDORS, id="1.3/003"),
    pytest.param("1.6", {"linkedrights": "https://x.example"}, VENDORS, id="1.4/005"),
    pytest.param("1.6", {"bad": "property"}, VENDORS, id="1.5/001"),
    pytest.param("3.1", {"random": "x"}, VENDORS, id="3.0/001"),
    pytest.param("1.6", {"type": "invalid"}, NOT_READ, id="1.0/002"),
    pytest.param("1.6", {"representationtype": "invalid"}, NOT_READ, id="1.0/004"),
    pytest.param("1.6", {"profile": 7}, NOT_READ, id="1.0/005"),
    pytest.param("1.6", {"person": "Ana Prado"}, NOT_READ, id="1.0/013"),
    pytest.param("1.6", {"altids": "x"}, NOT_READ, id="1.3/005"),
    pytest.param("1.6", {"genre": "Fact Check"}, NOT_READ, id="1.3/007"),
    pytest.param("1.6", {"expires": {}}, NOT_READ, id="1.4/003, 004"),
    pytest.param("2.2", {"digitalsourcetype": "bad"}, NOT_READ, id="2.2/001"),
    pytest.param("3.1", {"digitalSourceType": "bad"}, NOT_READ, id="3.1/001"),
]
"""Those of which the top of the item says what is forbidden."""
BOTH_LINKED_AND_ENCODED = {"linkedrights": "https://x.example", "encodedrights": "{}"}
TAKEN_DEEPER = [
    pytest.param("1.6", {"type": "component"}, LATER, id="1.0/014, 1.1/001"),
    pytest.param("1.6", {"infosource": [{"name": "Ana Prado"}]}, LATER, id="1.0/016, 1.1/002"),
    pytest.param(
        "1.6", {"infosource": [{"name": "Ana Prado", "scheme": {}}]}, NAME_ONLY, id="1.2/004"
    ),
    # A dash behind what the pattern matches: it is not anchored, so the schema lets it pass.
    pytest.param("1.6", {"headline_test-with-dash": "x"}, VENDORS, id="1.3/004"),
    pytest.param("1.6", {"rightsinfo": BOTH_LINKED_AND_ENCODED}, NOT_READ, id="1.4/006"),
    pytest.param("1.6", {"associations": {"a": {"bad": "x"}}}, NOT_READ, id="1.5/002"),
    pytest.param("1.6", {"renditions": {"a": {"resources": []}}}, NOT_READ, id="1.6/003"),
    pytest.param("2.2", {"places": [{"geojson": {"type": "Foo"}}]}, NOT_READ, id="2.0/001"),
    pytest.param(
        "2.2", {"associations": [{"bad": "x"}]}, NOT_READ, id="2.0/002, 2.1/001, 002, 003"
    ),
    pytest.param("2.2", {"rightsinfo": BOTH_LINKED_AND_ENCODED}, NOT_READ, id="2.1/004"),
    pytest.param("2.2", {"type": "event"}, NOT_READ, id="2.2/002"),
    pytest.param(
        "2.2",
        {"type": "event", "eventdetails": {"dates": {"startdate": "a", "expectedstartdate": "b"}}},
        NOT_READ,
        id="2.2/003, 004 dates",
    ),
    pytest.param("2.2", {"renditions": [{"resources": []}]}, NOT_READ, id="2.2/003 renditions"),
    pytest.param("2.2", {"type": "event", "renditions": []}, NOT_READ, id="2.2/004 renditions"),
    pytest.param("2.2", {"plannedcoverage": [{"urgency": 11}]}, NOT_READ, id="2.2/005 urgency"),
    pytest.param("2.2", {"type": "planning", "renditions": []}, NOT_READ, id="2.2/005 renditions"),
    pytest.param("2.2", {"type": "planning", "eventdetails": {}}, NOT_READ, id="2.2/006"),
    pytest.param("2.2", {"type": "event", "plannedcoverage": []}, NOT_READ, id="2.2/007"),
    pytest.param("3.1", {"associations": [{"bad": "x"}]}, NOT_READ, id="3.0/002, 008"),
    pytest.param("3.1", {"eventDetails": {"dates": {}}}, NOT_READ, id="3.0/003, 004 dates"),
    pytest.param("3.1", {"type": "event", "renditions": []}, NOT_READ, id="3.0/004 renditions"),
    pytest.param("3.1", {"plannedCoverage": [{"urgency": 11}]}, NOT_READ, id="3.0/005"),
    pytest.param("3.1", {"renditions": [{"resources": []}]}, NOT_READ, id="3.1/002"),
]
"""Those where it is forbidden deeper down, or by an earlier version only."""


@pytest.mark.parametrize(("version", "fields", "why"), [*TAKEN, *TAKEN_DEEPER])
def test_what_the_schemas_forbid_and_is_taken_is_taken_for_a_reason(
    version: str, fields: Fields, why: str
) -> None:
    story = read(item(version, fields))

    assert isinstance(story, Story), (story, why)
    assert story.headline == "Premier to visit Lima"


@pytest.mark.parametrize(("version", "fields", "why"), TAKEN)
def test_the_schemas_forbid_it_indeed(version: str, fields: Fields, why: str) -> None:
    assert not SCHEMAS[version].is_valid(item(version, fields)), why
