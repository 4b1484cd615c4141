"""What IPTC's schemas of ninjs 1.6, 2.2 and 3.1 ask of the names at the top of an item.

Told again in our own words from the published ninjs-schema_1.6.json, _2.2.json and _3.1.json: all
names, their types and closed lists. What lies deeper (renditions, rights, associations, places) is
told to be an object or an array and no more, as none of it is read here.
"""

from typing import Any

from jsonschema import Draft202012Validator

Shape = dict[str, Any]

TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "number"}
OBJECT: Shape = {"type": "object"}
ARRAY: Shape = {"type": "array", "items": OBJECT}
URGENCY: Shape = {"type": "integer", "minimum": 1, "maximum": 9}
STATUS: Shape = {"enum": ["usable", "withheld", "canceled"]}
KINDS = ["text", "audio", "video", "picture", "graphic", "composite", "component"]
PARTS: Shape = {
    "type": "array",
    "items": {"type": "object", "required": ["value"], "properties": {"value": TEXT}},
}


def validator(shapes: dict[str, Shape], patterns: dict[str, Shape]) -> Draft202012Validator:
    return Draft202012Validator(
        {
            "type": "object",
            "required": ["uri"],
            "properties": shapes,
            "patternProperties": patterns,
            "additionalProperties": False,
        }
    )


def _of(shape: Shape, names: str) -> dict[str, Shape]:
    return dict.fromkeys(names.split(), shape)


_V1 = {
    **_of(TEXT, "uri mimetype profile version title byline headline slugline located language"),
    **_of(TEXT, "firstcreated versioncreated contentcreated embargoed expires"),
    **_of(TEXT, "copyrightholder copyrightnotice usageterms ednote"),
    **_of(NUMBER, "charcount wordcount"),
    **_of(ARRAY, "person organisation place subject event object infosource trustindicator genre"),
    **_of(OBJECT, "renditions associations altids $standard rightsinfo digitalsourcetype"),
    "type": {"enum": KINDS},
    "representationtype": {"enum": ["complete", "incomplete"]},
    "pubstatus": STATUS,
    "urgency": URGENCY,
}
_V2 = {
    **_of(TEXT, "uri profile version title by slugline located language"),
    **_of(TEXT, "firstcreated versioncreated contentcreated embargoed expires"),
    **_of(TEXT, "copyrightholder copyrightnotice usageterms ednote"),
    **_of(PARTS, "headlines bodies descriptions"),
    **_of(ARRAY, "people organisations places subjects events objects infosources renditions"),
    **_of(ARRAY, "associations altids trustindicators genres plannedcoverage"),
    **_of(OBJECT, "standard rightsinfo digitalsourcetype eventdetails"),
    "type": {"enum": [*KINDS, "event", "planning"]},
    "representationtype": {"enum": ["full", "partial"]},
    "pubstatus": STATUS,
    "urgency": NUMBER,
}
_CAPITALS = (
    *("representationType", "firstCreated", "versionCreated", "contentCreated", "embargoedUntil"),
    *("pubStatus", "copyrightHolder", "copyrightNotice", "usageTerms", "edNote", "infoSources"),
    *("altIds", "trustIndicators", "rightsInfo", "digitalSourceType", "eventDetails"),
    "plannedCoverage",
)
_V3 = {
    {name.lower(): name for name in _CAPITALS}.get(name, name): shape
    for name, shape in {**_V2, "embargoeduntil": TEXT, "urgency": URGENCY}.items()
    if name != "embargoed"
}

SCHEMAS = {
    "1.6": validator(
        _V1, {f"^{name}_[a-zA-Z0-9_]+": TEXT for name in ("description", "body", "headline")}
    ),
    "2.2": validator(_V2, {}),
    "3.1": validator(_V3, {}),
}
