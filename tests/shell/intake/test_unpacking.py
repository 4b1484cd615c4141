"""What comes out of a packed body, and how much at most."""

import gzip
import zlib

import pytest

from streams.shell.intake.unpacking import PackedError, Unpacking

LIMIT = 1_000


def test_one_piece_does_not_swell_beyond_the_limit() -> None:
    unpacking = Unpacking("gzip", 100 * LIMIT)

    unpacking.add(gzip.compress(b" " * 50_000_000))

    assert unpacking.is_too_large
    assert len(unpacking.body()) == 100 * LIMIT + 1


def test_parts_with_nothing_in_them_count_by_their_own_length() -> None:
    unpacking = Unpacking("gzip", LIMIT)

    for _ in range(LIMIT):
        unpacking.add(gzip.compress(b""))

    assert unpacking.is_too_large


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
def test_a_body_may_come_in_pieces_of_any_size(size: int) -> None:
    packed = gzip.compress(b"first ") + gzip.compress(b"second")
    unpacking = Unpacking("gzip", LIMIT)

    for start in range(0, len(packed), size):
        unpacking.add(packed[start : start + size])

    assert (unpacking.body(), unpacking.is_unfinished) == (b"first second", False)


def test_a_body_whose_sum_is_wrong_is_not_packed_as_it_says() -> None:
    packed = bytearray(zlib.compress(b"text"))
    packed[-1] ^= 1

    with pytest.raises(PackedError):
        Unpacking("deflate", LIMIT).add(bytes(packed))
