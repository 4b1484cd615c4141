"""ninjs word for word: what IPTC's schemas forbid is refused for that reason, the rest is taken."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.stories import Story
from streams.core.wire import Arrival, Refusal, parse, recognise, split
from streams.core.wire.ninjs_names import STANDARDS, Standard
from streams.core.wire.ninjs_standard import fault_of
from streams.core.wire.shapes import (
    Anything,
    Either,
    Named,
    Nothing,
    Nullable,
    Number,
    Record,
    Several,
    Shape,
    Text,
    Typed,
)
from tests.core.wire.ninjs_cases import (
    FREE_END,
    HEADLINE,
    NOT_REFUSED,
    REFUSED,
    SINCE,
    TAKEN,
    UNDECLARABLE,
    UNTIL,
    Fields,
    item,
)

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "streams" / "data" / "sample" / "wire.jsonl"
STRICT = Arrival("desk", datetime(2026, 3, 1, tzinfo=UTC), "ninjs-strict")
TOLERANT = replace(STRICT, format="ninjs")


def strict(fields: Fields) -> Story | Refusal:
    return parse(json.dumps(fields).encode(), STRICT)


def tolerant(fields: Fields) -> Story | Refusal:
    return parse(json.dumps(fields).encode(), TOLERANT)


def in_ninjs(story: Story | Refusal) -> Story:
    assert isinstance(story, Story), story
    return story.model_copy(update={"format": "ninjs"})


def said(refusal: Story | Refusal) -> str:
    assert isinstance(refusal, Refusal), refusal
    return refusal.detail


@pytest.mark.parametrize(("version", "fields", "path", "says"), REFUSED)
def test_what_the_standard_forbids_is_refused_for_that_very_reason(
    version: str, fields: Fields, path: str, says: str
) -> None:
    sent = item(version, fields)
    # Of an item that does not say its version, the newest that knows its names is told.
    declared = any(isinstance(sent.get(name), dict) for name in ("$standard", "standard"))

    fault = fault_of(sent, STANDARDS[version], forms=STANDARDS[version].forms)

    assert fault is not None
    assert (fault.path, fault.says) == (path, says)
    refusal = strict(sent)
    assert said(refusal).startswith(f"{path}: {says}")
    assert said(refusal).endswith(f" (ninjs {version if declared else '1.8'})")
    assert isinstance(refusal, Refusal)
    assert refusal.reason == ("missing_field" if says == "must be there" else "bad_value")
    assert isinstance(strict(item(version, {})), Story)


@pytest.mark.parametrize(("version", "fields", "why"), NOT_REFUSED)
def test_what_cannot_be_refused_is_taken_for_a_reason(
    version: str, fields: Fields, why: str
) -> None:
    sent = item(version, fields)

    assert (fault_of(sent, STANDARDS[version], forms=False) is None) == (why == FREE_END)
    assert isinstance(strict(sent), Story)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b'{"uri": "u", "headline": "x",\n "body_text": "a\nb"}', id="1.0/009"),
        pytest.param(b'{"uri": "u", "headline": "x", "location": [{},]}', id="1.0/012"),
        pytest.param(b'{"uri": "u", "headline": "x", "genre": [{"uri": x"}]}', id="1.3/006"),
    ],
)
def test_what_is_no_json_is_no_story(data: bytes) -> None:
    refusal = parse(data, STRICT)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "not_a_story"


@pytest.mark.parametrize(("version", "fields"), TAKEN)
def test_what_the_standard_allows_is_taken_as_the_same_story(version: str, fields: Fields) -> None:
    sent = item(version, fields)

    assert fault_of(sent, STANDARDS[version], forms=STANDARDS[version].forms) is None
    story = in_ninjs(strict(sent))
    assert story.headline == HEADLINE
    assert story == tolerant(sent)


@pytest.mark.parametrize(("first", "fields"), SINCE, ids=str)
def test_a_name_is_there_from_its_version_on(first: str, fields: Fields) -> None:
    assert verdicts(first, fields) == [
        (version, version >= first) for version in STANDARDS if version[0] == first[0]
    ]


@pytest.mark.parametrize(("first", "fields"), UNTIL, ids=str)
def test_what_a_version_no_longer_takes_was_taken_before(first: str, fields: Fields) -> None:
    found = verdicts(first, fields)

    assert [version for version, taken in found if not taken] == [
        version for version in STANDARDS if version[0] == first[0] and version >= first
    ]


def verdicts(of: str, fields: Fields) -> list[tuple[str, bool]]:
    """Whether each version of the family takes an item with these fields alone.

    But for 1.0 where it is about a change of the urgency, which it does not have.
    """
    least = {"uri": "urn:desk:1", **fields}
    family = [standard for standard in STANDARDS.values() if standard.version[0] == of[0]]
    return [
        (each.version, fault_of(least, each, forms=each.forms) is None)
        for each in family
        if "urgency" not in fields or each.version != "1.0" or of == "1.1"
    ]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        pytest.param({"versioncreated": "Last Tuesday"}, "the order of editions", id="1.0/016"),
        pytest.param({"embargoed": "Next Monday"}, "an embargo without an end", id="1.0/019"),
        pytest.param({"firstcreated": "In May"}, "a time that is none", id="1.2/005"),
        pytest.param({"headline": ...}, "there is nothing to read", id="1.0 an id alone"),
    ],
)
def test_what_the_standard_allows_and_no_newsroom_can_use_is_refused_as_in_ninjs(
    fields: Fields, why: str
) -> None:
    sent = item("1.2", fields)

    assert fault_of(sent, STANDARDS["1.2"], forms=False) is None, why
    assert strict(sent) == tolerant(sent)


@pytest.mark.parametrize(
    ("version", "fields"),
    [
        pytest.param("1.2", {"pubstatus": "replaced"}, id="1.2/006"),
        *(
            pytest.param("2.2", {"type": "event", "eventdetails": {}}, id=f"2.2/{number} events")
            for number in ("002", "003", "004", "010", "011")
        ),
        *(
            pytest.param("2.2", {"plannedcoverage": [{"title": "x"}]}, id=f"2.2/{number} planning")
            for number in ("005", "006", "007", "008", "009")
        ),
    ],
)
def test_what_only_a_draft_allowed_is_refused(version: str, fields: Fields) -> None:
    # Cases that are to pass, of which the version as published took back what they are about.
    assert fault_of(item(version, fields), STANDARDS[version], forms=False) is not None
    assert isinstance(strict(item(version, fields)), Refusal)


def test_the_sample_wire_keeps_to_the_standard() -> None:
    items = split(SAMPLE.read_bytes(), "ninjs-strict")

    assert len(items) > 1
    for data in items:
        assert in_ninjs(parse(data, STRICT)) == parse(data, TOLERANT)


@pytest.mark.parametrize(
    ("declared", "detail"),
    [
        pytest.param(
            {"standard": {"version": "9.0"}},
            f"standard.version: '9.0' is none of {', '.join(STANDARDS)}",
            id="not published",
        ),
        pytest.param(
            {"$standard": {"version": "1.3"}, "contentcreated": "2026-03-01T09:00:00Z"},
            "contentcreated: there is no such name (ninjs 1.3)",
            id="its version has it not yet",
        ),
        pytest.param(
            {"standard": {"version": "1.3"}},
            "standard: there is no such name (ninjs 1.3)",
            id="declared as in another version",
        ),
        pytest.param(
            {"$standard": {"schema": "https://x.example/ninjs-schema_1.4.json", "version": 1.4}},
            "$standard.version: not a text (ninjs 1.4)",
            id="by its schema",
        ),
    ],
)
def test_an_item_is_held_against_the_version_it_declares(declared: Fields, detail: str) -> None:
    assert said(strict({"uri": "urn:desk:1", "headline": HEADLINE, **declared})) == detail


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        pytest.param(
            {"headline_main": "x", "by": "x"}, "by: there is no such name (ninjs 1.8)", id="1.x"
        ),
        pytest.param(
            {"headlines": [{"value": "x"}], "versioncreated": "x", "edNote": "x"},
            "edNote: there is no such name (ninjs 2.4)",
            id="2.x",
        ),
        pytest.param(
            {"headlines": [{"value": "x"}], "versionCreated": "x", "byline": "x"},
            "byline: there is no such name (ninjs 3.3)",
            id="3.x",
        ),
        pytest.param(
            {"title": "x", "renditions": [{"name": "a", "contenttype": 1}]},
            "renditions[0].contenttype: not a text (ninjs 2.4)",
            id="2.x by what lies deeper",
        ),
        pytest.param(
            {"title": "x", "renditions": [{"name": "a", "contentType": 1}]},
            "renditions[0].contentType: not a text (ninjs 3.3)",
            id="3.x by what lies deeper",
        ),
    ],
)
def test_the_names_of_an_item_that_declares_nothing_tell_its_family(
    fields: Fields, detail: str
) -> None:
    assert said(strict({"uri": "u", **fields})) == detail


def test_ids_and_times_may_be_any_texts_where_no_version_is_declared() -> None:
    fields = {"uri": "desk 1", "headline": HEADLINE, "expires": "in May"}

    assert isinstance(strict(fields), Story)
    assert said(strict({**fields, "$standard": {"version": "1.8"}})) == (
        "expires: 'in May' is no date-time in RFC 3339 (ninjs 1.8)"
    )


def test_bytes_are_never_taken_for_strict_ninjs_unasked() -> None:
    assert recognise(json.dumps(item("2.4", {})).encode()) == "ninjs"


@pytest.mark.parametrize("standard", STANDARDS.values(), ids=STANDARDS)
def test_every_name_of_every_version_asks_something(standard: Standard) -> None:
    required = {"uri": "urn:desk:1"}

    for name in standard.item.names:
        fault = fault_of({**required, name: True}, standard, forms=False)
        assert fault is not None
        assert fault.path == name


def test_a_thousand_levels_are_looked_through_without_an_error() -> None:
    deep: Fields = {"uri": "u", "bad": 1}
    for _ in range(400):
        deep = {"uri": "u", "associations": {"a": deep}}

    detail = said(strict({"headline": HEADLINE, **deep}))

    assert detail.endswith("…: there is no such name (ninjs 1.8)")
    assert len(detail) < 300


LEAVES = {
    "": st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=9),
    "uri": st.sampled_from(["urn:a:1", "https://x.example/a?b=%20#c"]),
    "time": st.sampled_from(["2026-03-01T09:00:00Z", "2026-03-01T09:00:00.25-05:00"]),
    "about": st.sampled_from(["2026", "2026-03", "2026-03-01", "2026-03-01T09:00:00"]),
}


def values(shape: Shape, named: dict[str, Shape], depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of a shape; what a shape has of itself ends after one level."""
    match shape:
        case Text(form=form, among=among):
            return st.sampled_from(among) if among else LEAVES[form]
        case Number(whole=whole, low=low, high=high):
            low, high = (0 if low is None else low), (999 if high is None else high)
            return st.integers(low, high) if whole else st.floats(low, high)
        case Either(of=shapes):
            return st.one_of([values(each, named, depth) for each in shapes])
        case Several(of=Named()) if depth:
            return st.just([])
        case Several(of=of, least=least):
            return st.lists(values(of, named, depth + 1), min_size=least, max_size=least + 1)
        case Nullable(of=of):
            return st.none() | values(of, named, depth)
        case Named(name=name):
            return values(named[name], named, depth + 1)
        case Typed(shapes=kinds):
            return st.sampled_from(sorted(kinds)).flatmap(
                lambda kind: values(kinds[kind], named, depth).map(lambda it: {**it, "type": kind})
            )
        case Record():
            return records(shape, named, depth)
        case Anything():
            return st.sampled_from([None, True, 1, "x", [{}], {"a": []}])
        case Nothing():
            return st.nothing()


@st.composite
def records(draw: st.DrawFn, shape: Record, named: dict[str, Shape], depth: int) -> Fields:
    groups = [group for group in shape.one_of if draw(st.booleans())] or shape.one_of[:1]
    chosen = {draw(st.sampled_from(group)) for group in groups}
    closed = {name for group in shape.one_of for name in group}
    open_names = sorted(
        name
        for name, of in shape.names.items()
        if name not in closed and not isinstance(of, Nothing)
    )
    some = draw(st.lists(st.sampled_from(open_names), max_size=4)) if open_names else []
    names = sorted({*shape.required, *chosen, *some})
    made = {name: draw(values(shape.names[name], named, depth + 1)) for name in names}
    for begins, of in shape.begins:
        if draw(st.booleans()) and not (depth and isinstance(of, Named)):
            name = begins.pattern.split("[")[0] + "x"
            made[name] = draw(values(of, named, depth + 1))
    return made


@given(data=st.data(), standard=st.sampled_from(list(STANDARDS.values())))
def test_what_is_made_after_the_standard_is_taken_by_both_as_the_same_story(
    data: st.DataObject, standard: Standard
) -> None:
    made = data.draw(records(standard.item, dict(standard.named), 0))
    undeclared = {name: of for name, of in made.items() if not name.endswith("standard")}
    sent = item(standard.version, undeclared)

    assert fault_of(made, standard, forms=True) is None
    answer = strict(sent)
    if isinstance(answer, Story):
        assert in_ninjs(answer) == tolerant(sent)
    elif standard.version not in UNDECLARABLE:
        assert answer == tolerant(sent)
