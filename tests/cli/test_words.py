"""Names people type, bytes people look at, and alerts compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.cli.commands.dead_letters import printable
from streams.cli.comparing import compare
from streams.cli.failures import UnusableError
from streams.cli.naming import resolve
from streams.core.knowledge import Leader

PENA = Leader("santiago-pena", "Santiago Peña", "PY", (), aliases=("S. Peña",), surnames=("Peña",))
NIETO = Leader("enrique-pena-nieto", "Enrique Peña Nieto", "MX", (), surnames=("Peña Nieto",))
KNOWN = [PENA, NIETO]


@pytest.mark.parametrize(
    "said", ["santiago-pena", "Santiago Peña", "santiago pena", "S. PEÑA", "  Santiago  "]
)
def test_a_leader_is_found_by_id_and_by_any_spelling(said: str) -> None:
    assert resolve(said, KNOWN) is PENA


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Peña", ["may be", "santiago-pena", "enrique-pena-nieto"]),
        ("Santiago Pena Nieto", ["did you mean"]),
        ("Zzz", ["nobody is known as 'Zzz'."]),
        ("", ["nobody is known"]),
    ],
)
def test_several_or_none_are_told_as_candidates(said: str, words: list[str]) -> None:
    with pytest.raises(UnusableError) as raised:
        resolve(said, KNOWN)

    assert raised.value.exit_code == 2
    assert all(word in raised.value.message for word in words)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"words\r\nand more\t\n", "words\nand more\t\n"),
        (
            b"clear \x1b[2J screen, after a good many words",
            "clear \\x1b[2J screen, after a good many words",
        ),
        (b"a\xff", "00000000  61 ff                                            a."),
        (b"\x00\x01\x02", "00000000  00 01 02                                         ..."),
        (b"", ""),
    ],
)
def test_bytes_are_shown_as_text_or_in_hexadecimal(data: bytes, expected: str) -> None:
    assert printable(data) == expected


@given(st.binary(max_size=200))
def test_no_bytes_move_the_cursor(data: bytes) -> None:
    assert not any(sign < " " and sign not in "\n\t" for sign in printable(data))


def test_alerts_are_compared_by_their_ids() -> None:
    def event(id_: str, status: str = "planned") -> dict[str, object]:
        return {"id": id_, "subject": "a", "data": {"kind": "trip.new", "status": status}}

    comparison = compare(
        [event("1"), event("2"), event("3")], [event("4"), event("2"), event("3", "possible")]
    )

    assert [told.event["id"] for told in comparison.gained] == ["4"]
    assert [told.event["id"] for told in comparison.lost] == ["1"]
    assert [(change.after.event["id"], change.fields) for change in comparison.changed] == [
        ("3", ("status",))
    ]
    assert (comparison.same, comparison.is_same) == (1, False)
    assert compare([event("1")], [event("1")]).is_same
