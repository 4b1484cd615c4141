"""The trail of a story: the same each time, and handed on from hop to hop."""

import asyncio
from contextvars import copy_context

import pytest

from schemas.codec import STORY_HEADER, TRACE_HEADER
from streams.shell import tracing
from streams.shell.tracing import Trace

PLACE = "stories.raw.v1[0] offset 7"
GIVEN = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def begin(
    headers: dict[str, bytes], hop: str = "parse", place: str = PLACE, key: bytes | None = b"k"
) -> Trace:
    return copy_context().run(tracing.begin, hop, place, key, headers)


def test_a_message_that_brings_no_trace_begins_one_the_same_each_time() -> None:
    first, again = begin({}), begin({})
    assert first == again
    assert (len(first.trace_id), len(first.span_id), first.parent_id) == (32, 16, None)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"place": "stories.raw.v1[0] offset 8"}, id="behind_it"),
        pytest.param({"key": b"l"}, id="at_its_place_on_topics_made_anew"),
    ],
)
def test_another_message_begins_another_trace(other: dict[str, object]) -> None:
    assert begin({}, **other).trace_id != begin({}).trace_id  # type: ignore[arg-type]


def test_a_trace_goes_on_from_hop_to_hop() -> None:
    parse = begin({TRACE_HEADER: GIVEN})
    read = begin(parse.headers(), "read", "stories.v1[1] offset 3")
    assert parse.trace_id == read.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert (parse.parent_id, read.parent_id) == ("00f067aa0ba902b7", parse.span_id)
    assert read.span_id != parse.span_id


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="no_text"),
        pytest.param(GIVEN.replace(b"00-4", b"ff-4"), id="forbidden_version"),
        pytest.param(b"00-" + b"0" * 32 + b"-00f067aa0ba902b7-01", id="no_trace"),
        pytest.param(b"00-" + b"4" * 32 + b"-" + b"0" * 16 + b"-01", id="no_span"),
        pytest.param(GIVEN + b"-more", id="too_long"),
    ],
)
def test_a_header_that_is_no_trace_counts_as_none(said: bytes) -> None:
    assert begin({TRACE_HEADER: said}) == begin({})


def test_what_is_sent_carries_trace_and_story_once_the_story_is_known() -> None:
    async def work() -> None:
        assert tracing.carried() == {}
        trace = tracing.begin("parse", PLACE, None, {})
        assert set(tracing.carried()) == {TRACE_HEADER}
        tracing.about("urn:ä:1")
        assert tracing.carried()[STORY_HEADER] == "urn:ä:1".encode()
        after = begin(dict(tracing.carried()), "read", "stories.v1[0] offset 0")
        assert (after.story, after.parent_id) == ("urn:ä:1", trace.span_id)

    asyncio.run(work())


def test_outside_of_any_work_a_story_is_not_noted() -> None:
    def outside() -> None:
        tracing.about("urn:1")
        assert tracing.current() is None

    copy_context().run(outside)
