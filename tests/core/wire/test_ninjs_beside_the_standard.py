"""The tolerant `ninjs` beside IPTC's standard: what it takes of the forbidden, and what not.

Agencies add names of their own and mix those of 1.x, 2.x and 3.x, so one table reads all versions.
What is not read is not looked at: no story is lost for it. What is read must be of its type: to
pass over it would be to publish a story without its body, or to miss the kill in its note.
"""

import json
from datetime import UTC, datetime

import pytest

from schemas.stories import Story
from streams.core.wire import Arrival, Refusal, parse
from streams.core.wire.ninjs_names import STANDARDS
from streams.core.wire.ninjs_standard import fault_of
from tests.core.wire.ninjs_cases import HEADLINE, REFUSED, Fields, item

ARRIVAL = Arrival("desk", datetime(2026, 3, 1, tzinfo=UTC), "ninjs")
READ = ("version", "pubstatus", "title", "firstcreated", "ednote", "contentcreated", "urgency")


def read(fields: Fields) -> Story | Refusal:
    return parse(json.dumps(fields).encode(), ARRIVAL)


@pytest.mark.parametrize(
    ("version", "fields", "path"),
    [
        *(
            pytest.param(*case.values[:3], id=case.id)
            for case in REFUSED
            if case.values[2] in READ or "must be there" in case.values[3:]
            if "." not in str(case.values[2])
        ),
        # What IPTC's suite has no case for, and would lose a text or a kill.
        pytest.param("1.6", {"headline": ["x"]}, "headline", id="a list for a headline"),
        pytest.param("1.6", {"pubstatus": {"qcode": "stat:canceled"}}, "pubstatus", id="a code"),
        pytest.param("1.6", {"body_text": {"en": "x"}}, "body_text", id="a body by language"),
        pytest.param("2.2", {"bodies": "A text."}, "bodies", id="a text for bodies"),
        pytest.param("2.2", {"bodies": ["A text."]}, "bodies", id="a text for a body"),
        pytest.param("3.1", {"bodies": [{"value": 7}]}, "bodies", id="a number for a body's text"),
        pytest.param("1.6", {"version": True}, "version", id="yes for a version"),
        pytest.param("1.6", {"byline": {}}, "byline", id="an object for a byline"),
    ],
)
def test_what_is_read_is_refused_with_its_name_where_it_is_not_of_its_type(
    version: str, fields: Fields, path: str
) -> None:
    sent = item(version, fields)

    assert fault_of(sent, STANDARDS[version], forms=False) is not None
    refusal = read(sent)
    assert isinstance(refusal, Refusal)
    assert path in refusal.detail


@pytest.mark.parametrize(
    ("version", "fields"),
    [
        pytest.param(*case.values[:2], id=case.id)
        for case in REFUSED
        if case.values[2] not in (*READ, "uri") or case.id == "1.5 uri"
    ],
)
def test_what_is_not_read_is_not_looked_at(version: str, fields: Fields) -> None:
    story = read(item(version, fields))

    assert isinstance(story, Story), story
    assert story.headline == HEADLINE
