"""Decompression within bounds, whatever the bytes are."""

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams.shell.intake.body import BodyError, inflated

LIMIT = 1_000


@given(st.binary(max_size=300))
@example(b"\x1f\x8b")
@example(b"x\x9c")
@example(gzip.compress(b"x" * LIMIT))
@example(gzip.compress(b"x" * LIMIT) + gzip.compress(b"y"))
@example(zlib.compress(bytes(10_000_000)))
def test_any_bytes_give_what_they_hold_or_a_reason(sent: bytes) -> None:
    found: bytes | BodyError
    try:
        found = inflated(sent, LIMIT)
    except BodyError as error:
        found = error
    if isinstance(found, BodyError):
        assert found.status in (400, 413)
    else:
        assert len(found) <= LIMIT


def test_a_body_may_fill_the_limit() -> None:
    assert inflated(gzip.compress(b"x" * LIMIT), LIMIT) == b"x" * LIMIT


def test_a_body_of_a_thousand_parts_is_not_followed_to_its_end() -> None:
    with pytest.raises(BodyError, match="more than 64 parts"):
        inflated(gzip.compress(b"") * 1_000, LIMIT)


def test_a_bomb_is_not_unpacked_before_it_is_refused() -> None:
    bomb = gzip.compress(bytes(20_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(BodyError, match="more than 1,000 bytes"):
            inflated(bomb, LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
