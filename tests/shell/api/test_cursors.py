"""Cursors and event ids come back as they went out, and nothing else is taken for one."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.shell.api.cursors import (
    CursorError,
    from_cursor,
    from_event_id,
    to_cursor,
    to_event_id,
)

PLACES = st.tuples(st.integers(0, 2**62), st.text(), st.text())


@given(PLACES)
def test_a_cursor_gives_back_its_place(place: tuple[int, str, str]) -> None:
    assert from_cursor("trips", (int, str, str), to_cursor("trips", place)) == place


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("", id="empty"),
        pytest.param("nonsense", id="no_base64_of_json"),
        pytest.param("ß", id="no_ascii"),
        pytest.param("A", id="cut"),
        pytest.param(to_cursor("alerts.v1", (1, "a", "b")), id="of_another_list"),
        pytest.param(to_cursor("trips", (1, "a")), id="a_part_is_missing"),
        pytest.param(to_cursor("trips", ("1", "a", "b")), id="a_part_of_another_kind"),
        pytest.param(base64.urlsafe_b64encode(b'{"trips": 1}').decode(), id="no_list"),
        pytest.param(base64.urlsafe_b64encode(b"[" * 5000).decode(), id="deep"),
        pytest.param(to_cursor("trips", (1, "a" * 5000, "b")), id="long"),
        pytest.param(to_cursor("trips", (True, "a", "b")), id="true_is_no_number"),
    ],
)
def test_what_is_no_cursor_of_the_list_is_refused(cursor: str) -> None:
    with pytest.raises(CursorError):
        from_cursor("trips", (int, str, str), cursor)


@given(st.text(max_size=60))
def test_any_text_is_a_cursor_or_is_refused(text: str) -> None:
    try:
        from_cursor("trips", (int, str, str), text)
    except CursorError:
        return
    raise AssertionError("hypothesis does not find cursors")


@given(st.lists(st.integers(0, 10**18 - 1), min_size=1, max_size=9))
def test_an_event_id_gives_back_its_positions(offsets: list[int]) -> None:
    positions = dict(enumerate(offsets))
    assert from_event_id(to_event_id(positions, len(offsets)), len(offsets)) == positions


def test_a_partition_without_messages_goes_on_at_its_begin() -> None:
    assert to_event_id({1: 7}, 3) == "v1:0,7,0"


@pytest.mark.parametrize(
    "text", ["", "12", "v2:1,2", "v1:", "v1:1", "v1:1,2,3", "v1:1,-2", "v1:1,2\nv1:1,2", "v1:1,x"]
)
def test_what_is_no_event_id_of_the_stream_is_refused(text: str) -> None:
    with pytest.raises(CursorError):
        from_event_id(text, 2)
