"""ninjs 1.x, 2.x and 3.x, and what vendors make of them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.stories import Story
from streams.core.wire import Arrival, Refusal, parse

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
ARRIVAL = Arrival(feed="desk", format="ninjs", received_at=NOON)
BODY = "Kast travelled to Quito.\n\nHe met Noboa."


def answer(**fields: Any) -> Story | Refusal:
    return parse(json.dumps({"uri": "urn:a:1"} | fields).encode(), ARRIVAL)


def story_of(**fields: Any) -> Story:
    story = answer(**fields)
    assert isinstance(story, Story), story
    return story


def test_version_1_names_are_read() -> None:
    story = story_of(
        type="text",
        version="3",
        firstcreated="2025-12-21T18:00:00Z",
        versioncreated="2025-12-21T20:00:00+01:00",
        embargoed="2025-12-22T00:00:00Z",
        pubstatus="usable",
        urgency=2,
        language="es-CL",
        copyrightholder="EFE",
        headline="Kast en <b>Quito</b>",
        slugline="chile-ecuador",
        byline="Ana Ruiz",
        located="Santiago",
        body_text=BODY,
        ednote="Con más detalles.",
        subject=[
            {
                "name": "summit",
                "scheme": "http://cv.iptc.org/newscodes/mediatopic/",
                "code": "20000640",
            },
            {"name": "Interior", "code": "INR"},
        ],
        associations={"main": {"uri": "b", "headline": "a picture"}},
    )

    assert story.published_at == datetime(2025, 12, 21, 19, tzinfo=UTC)
    assert story.first_published_at == datetime(2025, 12, 21, 18, tzinfo=UTC)
    assert story.embargoed_until == datetime(2025, 12, 22, tzinfo=UTC)
    assert (story.id, story.version, story.language, story.source) == ("urn:a:1", "3", "es", "EFE")
    assert (story.headline, story.body) == ("Kast en Quito", BODY)
    assert (story.byline, story.dateline, story.slugline) == (
        "Ana Ruiz",
        "Santiago",
        "chile-ecuador",
    )
    assert story.subjects == ("medtop:20000640", "INR")
    assert (story.urgency, story.signal, story.note) == (2, "update", "Con más detalles.")


def test_version_3_names_are_read() -> None:
    story = story_of(
        version="1",
        versionCreated="2025-12-21T20:00:00Z",
        embargoedUntil="2025-12-22T00:00:00Z",
        pubStatus="usable",
        copyrightHolder="dpa",
        edNote="Berichtigt wird der Name im 2. Absatz.",
        by="Von Christian Berg",
        headlines=[{"role": "short", "value": "Kurz"}, {"role": "main", "value": "Kast in Quito"}],
        bodies=[{"role": "html", "contentType": "text/html", "value": "<p>Kast.</p><p>Noboa.</p>"}],
        subjects=[{"uri": "http://cv.iptc.org/newscodes/mediatopic/20000640"}, {"literal": "INR"}],
    )

    assert story.published_at == datetime(2025, 12, 21, 20, tzinfo=UTC)
    assert story.embargoed_until == datetime(2025, 12, 22, tzinfo=UTC)
    assert (story.headline, story.body) == ("Kast in Quito", "Kast.\n\nNoboa.")
    assert (story.source, story.byline, story.signal) == ("dpa", "Von Christian Berg", "correction")
    assert story.subjects == ("medtop:20000640", "INR")


def test_version_2_arrays_have_lower_case_names() -> None:
    story = story_of(
        versioncreated="2019-08-09T09:46:53Z",
        headlines=[{"value": "Google"}],
        bodies=[{"contenttype": "text/plain", "value": BODY}],
    )

    assert (story.headline, story.body) == ("Google", BODY)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"body_text": BODY, "body_html": "<p>x"}, BODY, id="plain text with lines"),
        pytest.param(
            {"body_text": "One. Two.", "body_xhtml": "<p>One.</p><p>Two.</p>"},
            "One.\n\nTwo.",
            id="plain text in one line loses to markup",
        ),
        pytest.param({"body_html": "<p>a</p>"}, "a", id="html only"),
        pytest.param({"body": "<p>a</p><p>b</p>"}, "a\n\nb", id="a bare body in markup"),
        pytest.param({"body": "a < b"}, "a < b", id="a bare body in words"),
        pytest.param({"description_text": "d"}, "d", id="a description, for want of a body"),
        pytest.param({"description_text": "d", "body_text": "b"}, "b", id="a body before it"),
        pytest.param({"body_text": " ", "description_text": "d"}, "d", id="a blank body is none"),
        pytest.param({"descriptions": [{"value": "d"}]}, "d", id="descriptions"),
        pytest.param(
            {
                "bodies": [
                    {"role": "text", "value": "One line"},
                    {"role": "nitf", "contentType": "application/xml", "value": "<?xml?><p>n</p>"},
                    {"role": "html5", "contentType": "text/html", "value": "<p>h</p>"},
                ]
            },
            "h",
            id="html before other markup",
        ),
        pytest.param({"bodies": [1, None, {"value": 3}, {"value": "v"}]}, "v", id="odd parts"),
    ],
)
def test_the_body_is_the_rendition_that_shows_paragraphs(
    fields: dict[str, Any], expected: str
) -> None:
    assert story_of(headline="h", **fields).body == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, "none", id="nothing said"),
        pytest.param({"version": "1"}, "none", id="a first version"),
        pytest.param({"version": 2}, "update", id="a second version"),
        pytest.param({"version": "12"}, "update", id="numbers, not texts, are compared"),
        pytest.param({"version": "1755012345"}, "none", id="a version that is a time"),
        pytest.param({"version": "9f3c"}, "none", id="a version that is a hash"),
        pytest.param({"pubstatus": "canceled"}, "kill", id="canceled"),
        pytest.param({"pubStatus": "stat:canceled"}, "kill", id="canceled, as in G2"),
        pytest.param({"pubstatus": "withheld"}, "kill", id="not to be published"),
        pytest.param({"signal": "correction", "version": "2"}, "correction", id="a vendor's word"),
        pytest.param({"signal": [{"code": "sig:update"}]}, "update", id="a list of codes"),
        pytest.param({"signal": ["cst:x", "sig:correction"]}, "correction", id="one of several"),
        pytest.param({"signal": {"qcode": "kill"}}, "kill", id="an object"),
        pytest.param({"ednote": "REFILE to fix byline"}, "refile", id="a note"),
        pytest.param({"headline": "CORRECTED-Kast in Quito"}, "correction", id="a slug"),
        pytest.param({"headline": "Kill Bill premieres in Quito"}, "none", id="a film"),
        pytest.param({"ednote": "KILL KILL KILL", "signal": "update"}, "kill", id="the strongest"),
    ],
)
def test_the_signal_is_told_from_status_signal_note_and_version(
    fields: dict[str, Any], expected: str
) -> None:
    assert story_of(**({"headline": "h"} | fields)).signal == expected


def test_a_kill_may_be_empty() -> None:
    story = story_of(pubstatus="canceled", versioncreated="2026-01-14T11:00:00Z")

    assert (story.signal, story.body, story.headline) == ("kill", "", None)


@pytest.mark.parametrize(
    ("fields", "reason", "words"),
    [
        pytest.param({"uri": None}, "missing_field", "uri", id="null for a uri"),
        pytest.param({"uri": " \n"}, "missing_field", "uri", id="a blank uri"),
        pytest.param({"uri": 7}, "bad_value", "uri", id="a number for a uri"),
        pytest.param({"uri": "a" * 1001}, "bad_value", "1000", id="an endless uri"),
        pytest.param({"versioncreated": "yesterday"}, "bad_value", "versioncreated", id="no time"),
        pytest.param({"versioncreated": 1755012345}, "bad_value", "text", id="a number for a time"),
        pytest.param({"embargoed": "soon"}, "bad_value", "embargoed", id="no embargo"),
        pytest.param({"pubstatus": "maybe"}, "bad_value", "pubstatus", id="a status of its own"),
        pytest.param({"headline": None}, "missing_field", "headline", id="nothing to read"),
    ],
)
def test_a_fault_is_refused_with_its_field(fields: dict[str, Any], reason: str, words: str) -> None:
    refusal = answer(**({"headline": "h"} | fields))

    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason
    assert words in refusal.detail


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"versioncreated": "2026-01-14T10:00:00"}, 10, id="no offset is UTC"),
        pytest.param({"versioncreated": "2026-01-14T10:00:00+0200"}, 8, id="an offset"),
        pytest.param({"versioncreated": "2026-01-14"}, 0, id="a day is its midnight"),
        pytest.param({"firstcreated": "2026-01-14T09:00:00Z"}, 9, id="first version, first time"),
        pytest.param(
            {"firstcreated": "2026-01-14T09:00:00Z", "version": "2"}, None, id="not of a later one"
        ),
        pytest.param({"contentcreated": "2026-01-14T07:00:00Z"}, 7, id="time of the content"),
        pytest.param({"versioncreated": ""}, None, id="an empty time is none"),
    ],
)
def test_the_time_is_the_agencys_or_none(fields: dict[str, Any], expected: int | None) -> None:
    published = story_of(headline="h", **fields).published_at

    assert (published and published.hour) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("es-CL", "es"),
        ("pt_BR", "pt"),
        ("DEU", "de"),
        ("yo", "yo"),
        ("nb-NO", "nb"),
        ("english", None),
        ("", None),
        (7, None),
    ],
)
def test_a_language_tag_is_cut_to_its_language(tag: Any, expected: str | None) -> None:
    assert story_of(headline="h", language=tag).language == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"provider": "AP", "source": "x", "copyrightholder": "y"}, "AP"),
        ({"provider": {"name": "AP"}}, "AP"),
        ({"source": "Reuters", "copyrightholder": "y"}, "Reuters"),
        ({"infosource": [{"name": "AFP"}]}, "AFP"),
        ({"source": " "}, "desk"),
    ],
)
def test_the_source_is_the_first_name_given(fields: dict[str, Any], expected: str) -> None:
    assert story_of(headline="h", **fields).source == expected


def test_what_cannot_be_used_is_left_out_and_the_story_kept() -> None:
    story = story_of(headline="h", urgency=12, subject="x", links=[1], provider={})

    assert (story.urgency, story.subjects, story.links, story.source) == (None, (), (), "desk")


def test_a_headline_may_be_one_of_several() -> None:
    assert story_of(headline_short="Short", headline_main="Main").headline == "Main"
    assert story_of(headline_short="Short", headline_main="Main", headline="h").headline == "h"


def test_an_array_of_one_is_its_item_and_of_two_is_refused() -> None:
    one = parse(b'[{"uri": "a", "headline": "h"}]', ARRIVAL)
    two = parse(b'[{"uri": "a"}, {"uri": "b"}]', ARRIVAL)

    assert isinstance(one, Story)
    assert two == Refusal("not_a_story", "an array of 2 items; one message carries one item")


def test_long_lines_are_cut_and_bodies_are_not() -> None:
    story = story_of(headline="h" * 5_000, ednote="n " * 5_000, body_text="b" * 100_000)

    assert len(story.headline or "") == 1_000
    assert len(story.note or "") <= 4_000
    assert len(story.body) == 100_000
